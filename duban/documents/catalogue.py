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


@dataclass(frozen=True)
class Kind:
    """A kind of document of one bureau: its name, the clause it stands on, fields it needs (by their Chinese names)."""

    name: str
    clause: str
    purpose: str
    required: tuple[str, ...]
    path: Path


def kinds(organization_id: str = "baicheng") -> Mapping[str, Kind]:
    """The kinds of documents a bureau issues, by name, as its 文书.yaml lists them. Refusal if that is faulty."""
    path = included.path("templates", organization_id, CATALOGUE)
    if not re.fullmatch(r"[\w-]+", organization_id) or not path.is_file():
        raise Refusal(f"没有机关“{organization_id}”的文书目录，请在模板文件夹下为它放置 {CATALOGUE} 和模板。")
    return _kinds(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _kinds(path: Path, _changed: int) -> Mapping[str, Kind]:
    marked = clerk_yaml.read(path.read_text(encoding="utf-8"))
    if marked.faults:
        raise Refusal(f"{path.name} {marked.faults[0]}")
    names = {*FIELDS.values(), *(name for name, _columns in LISTS.values())}
    result = {}
    for name, entry in (marked.data or {}).items():
        if not isinstance(entry, dict) or set(entry) != {"条款", "用途", "必填"} or not isinstance(entry["必填"], list):
            raise Refusal(f"{path.name} 第{marked.line([name])}行：“{name}”下面应有 条款、用途、必填（列表）三项。")
        if unknown := [one for one in entry["必填"] if one not in names]:
            raise Refusal(f"{path.name} 第{marked.line([name, '必填'])}行：没有“{'、'.join(unknown)}”这个栏目。")
        result[name] = Kind(name, entry["条款"], entry["用途"], tuple(entry["必填"]), path.with_name(f"{name}.docx"))
    return result
