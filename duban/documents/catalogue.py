"""The kinds of documents that a bureau issues, as the 文书.yaml beside its templates lists them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from duban import clerk_yaml, included
from duban.documents.fields import FIELDS, LISTS
from duban.errors import Refusal

CATALOGUE = "文书.yaml"
#: The key beside the kinds: papers of the regulation that need no template here -> why.
WITHOUT_TEMPLATE = "不用模板"
#: What a kind may be for where no regulation names the paper: the words of `用于`. An act asks for one of them.
USES = (
    *("问责登记", "书面说明", "向党委说明", "未办结", "延期审批", "改派", "协调", "回访", "检查"),
    *("周报", "考核通报", "考核异议", "汇总", "通报", "归档目录"),
)


@dataclass(frozen=True)
class Kind:
    """A kind of document of one bureau: its name, the clause it stands on, fields it needs (by their Chinese names)."""

    name: str
    clause: str
    purpose: str
    required: tuple[str, ...]
    path: Path
    uses: tuple[str, ...] = ()


def kinds(organization_id: str = "baicheng") -> Mapping[str, Kind]:
    """The kinds of documents a bureau issues, by name, as its 文书.yaml lists them. Refusal if that is faulty."""
    path = _path(organization_id)
    return _read(path, path.stat().st_mtime_ns)[0]


def without_template(organization_id: str) -> Mapping[str, str]:
    """Papers that the regulation names and that need no template here, each with the reason (不用模板)."""
    path = _path(organization_id)
    return _read(path, path.stat().st_mtime_ns)[1]


def _path(organization_id: str) -> Path:
    path = included.path("templates", organization_id, CATALOGUE)
    if not re.fullmatch(r"[\w-]+", organization_id) or not path.is_file():
        raise Refusal(f"没有机关“{organization_id}”的文书目录，请在模板文件夹下为它放置 {CATALOGUE} 和模板。")
    return path


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> tuple[Mapping[str, Kind], Mapping[str, str]]:
    marked = clerk_yaml.read(path.read_text(encoding="utf-8"))
    if marked.faults:
        raise Refusal(f"{path.name} {marked.faults[0]}")
    names = {*FIELDS.values(), *(name for name, _columns in LISTS.values())}
    result: dict[str, Kind] = {}
    data = dict(marked.data or {})
    without = data.pop(WITHOUT_TEMPLATE, None) or {}
    if not isinstance(without, dict) or not all(isinstance(why, str) for why in without.values()):
        line = marked.line([WITHOUT_TEMPLATE])
        raise Refusal(f"{path.name} 第{line}行：“{WITHOUT_TEMPLATE}”下面一行一种，写成“文书名称: 原因”。")
    for name, entry in data.items():
        known = isinstance(entry, dict) and set(entry) - {"用于"} == {"条款", "用途", "必填"}
        if not known or not isinstance(entry["必填"], list):
            raise Refusal(
                f"{path.name} 第{marked.line([name])}行：“{name}”下面应有 条款、用途、必填（列表）三项，另可写 用于。"
            )
        if unknown := [one for one in entry["必填"] if one not in names]:
            raise Refusal(f"{path.name} 第{marked.line([name, '必填'])}行：没有“{'、'.join(unknown)}”这个栏目。")
        said = entry.get("用于") or []
        uses = tuple(said if isinstance(said, list) else [said])
        if unknown := [str(one) for one in uses if one not in USES]:
            where = f"{path.name} 第{marked.line([name, '用于'])}行"
            raise Refusal(f"{where}：“用于”不能是“{'、'.join(unknown)}”，可以写：{'、'.join(USES)}。")
        if double := [one for one in uses if any(one in other.uses for other in result.values())]:
            where = f"{path.name} 第{marked.line([name, '用于'])}行"
            raise Refusal(f"{where}：“用于”“{double[0]}”的文书前面已有一种，请只留一种。")
        path_of = path.with_name(f"{name}.docx")
        result[name] = Kind(name, entry["条款"], entry["用途"], tuple(entry["必填"]), path_of, uses)
    return result, without
