"""What is wrong with a template, for the people who edit it: before it is put to use, not when a notice must go out."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes
from lxml import etree

from duban import documents, included
from duban.documents import FIELDS, LISTS, PICTURES, Kind, Picture
from duban.errors import Refusal
from duban.intake import container, guard
from duban.templates.fonts import wrong_fonts
from duban.templates.named import lacking

#: Values that no step of the procedure fills: their places are left blank, for writing by hand.
BY_HAND = frozenset({"account_due_on", "annotation"})
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
#: A picture of one dot, for trying a template out.
_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da63f80f00010101"
    "001cb08c990000000049454e44ae426082"
)
_TAG = re.compile(r"\{\{|\{%|\}\}|%\}")


@dataclass(frozen=True)
class Checked:
    """A template with its faults (it may not be used) and hints (it may, but look at this), each a Chinese sentence."""

    path: Path
    faults: tuple[str, ...]
    hints: tuple[str, ...]


def check_all(organization: str | None = None) -> list[Checked]:
    """Check every template of a bureau (default: of every bureau that has templates), and its catalogue.

    Raises Refusal for a bureau without a catalogue and for a catalogue that cannot be read.
    """
    folder = included.path("templates")
    names = [organization] if organization else sorted(path.parent.name for path in folder.glob("*/文书.yaml"))
    found = []
    for name in names:
        known = documents.kinds(name)
        files = {kind.path: kind for kind in known.values()}
        files |= dict.fromkeys(sorted((folder / name).glob("*.docx")), None) | files  # type: ignore[arg-type]
        found += [check(path, kind) for path, kind in files.items() if not path.name.startswith("~$")]
        if missing := tuple(lacking(name)):
            found.append(Checked(folder / name / documents.CATALOGUE, missing, ()))
    return found


def check(path: Path, kind: Kind | None = None) -> Checked:
    """Check one template; with its entry in the catalogue also whether what is required is printed.

    Without `kind` the entry is looked up beside the file; a file that lies elsewhere is checked by itself.
    """
    kind = kind or _entry(path)
    if not path.is_file():
        return Checked(path, (f"找不到文件，目录里有“{path.stem}”，请补上模板或者从 文书.yaml 里删去",), ())
    content = path.read_bytes()
    try:
        container.opened(path.name, content)
    except Refusal as refusal:
        return Checked(path, (_unsafe(path, refusal),), ())
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.endswith(".xml")}
    basic = documents.check_template(path)
    faults = [*basic, *_left_over(parts), *wrong_fonts(parts)]
    hints: list[str] = []
    if not basic:
        names = _named(parts)
        faults += _unprinted(names, kind)
        hints += _blank(names)
        faults += _unfillable(path, kind) if not faults else []
    if kind is None and _catalogue(path) is not None:
        hints.append("文书.yaml 里没有这种文书，系统不会用到它")
    return Checked(path, tuple(dict.fromkeys(faults)), tuple(hints))


def _catalogue(path: Path) -> Mapping[str, Kind] | None:
    """The catalogue that the file belongs to: that of the bureau in whose folder of templates it lies."""
    if path.resolve().parent.parent != included.path("templates").resolve():
        return None
    return documents.kinds(path.resolve().parent.name)


def _entry(path: Path) -> Kind | None:
    return (_catalogue(path) or {}).get(path.stem)


def _unsafe(path: Path, refusal: Refusal) -> str:
    """What the guard of received files says, without what it tells a unit to do."""
    said = str(refusal).replace(f"“{path.name}”", "").partition("，")[0].rstrip("。")
    return f"{said}，请在 Word 或 WPS 里改正后另存为普通的 .docx"


def _left_over(parts: Mapping[str, bytes]) -> Iterator[str]:
    comments = parts.get("word/comments.xml")
    if comments is not None and len(etree.fromstring(comments)):
        yield "里面有批注，请在“审阅”里删除全部批注后保存"
    for name, data in parts.items():
        if not _TEXT.fullmatch(name):
            continue
        for run in etree.fromstring(data).iter(_W + "r"):
            text = "".join(one.text or "" for one in run.iter(_W + "t"))
            if run.find(f"{_W}rPr/{_W}vanish") is not None and _TAG.search(text):
                yield f"“{text.strip()[:40]}”是隐藏文字，印出来看不见，请取消“隐藏”"


def _named(parts: Mapping[str, bytes]) -> tuple[set[str], set[str]]:
    """The names that are printed, and those that only decide whether something is."""
    printed: set[str] = set()
    asked: set[str] = set()
    for name, data in parts.items():
        if not _TEXT.fullmatch(name):
            continue
        try:
            tree = documents.ENVIRONMENT.parse(documents.tagged_xml(data))
        except TemplateSyntaxError:  # has been told
            continue
        for output in tree.find_all(nodes.Output):
            printed |= {one.name for part in output.nodes for one in _names(part)}
        for loop in tree.find_all(nodes.For):
            printed |= {one.name for one in _names(loop.iter)}
        for condition in tree.find_all(nodes.If):
            asked |= {one.name for one in _names(condition.test)}
    known = {*FIELDS.values(), *(name for name, _columns in LISTS.values())}
    return printed & known, (asked - printed) & known


def _names(node: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    yield from node.find_all(nodes.Name)


def _unprinted(names: tuple[set[str], set[str]], kind: Kind | None) -> Iterator[str]:
    if kind is None:
        return
    printed, _asked = names
    if missing := [name for name in kind.required if name not in printed]:
        yield f"必填的“{'、'.join(missing)}”没有印出来的地方，请在模板里加上，或者从 文书.yaml 的“必填”里删去"
    by_hand = {_chinese(field) for field in BY_HAND}
    if empty := [name for name in kind.required if name in by_hand]:
        yield f"“{'、'.join(empty)}”系统不填，不能列为必填，请从 文书.yaml 的“必填”里删去"


def _blank(names: tuple[set[str], set[str]]) -> Iterator[str]:
    printed, asked = names
    by_hand = {_chinese(field) for field in BY_HAND}
    if blank := sorted((printed | asked) & by_hand):
        yield f"“{'、'.join(blank)}”系统不填，印出来是空白，供手写"


def _chinese(field: str) -> str:
    return FIELDS[field] if field in FIELDS else LISTS[field][0]


def _unfillable(path: Path, kind: Kind | None) -> Iterator[str]:
    """Filled once with everything and once with only what is required: what breaks tells where a condition is wrong."""
    if kind is None or kind.path.resolve() != path.resolve():
        return
    organization = path.resolve().parent.name
    full: dict[str, object] = dict(FIELDS)
    full |= {name: [columns, columns] for name, (_chinese_name, columns) in LISTS.items()}
    full |= dict.fromkeys(PICTURES, Picture(_DOT, "图"))
    required = {
        name for name, said in full.items() if name not in PICTURES and _chinese(name) in kind.required and said
    }
    bare = {name: said for name, said in full.items() if name in required}
    for values, when in ((full, "所有栏目都有内容时"), (bare, "只有必填栏目时")):
        try:
            made = documents.render(kind.name, values, organization)
        except Refusal as refusal:
            yield f"{when}做不出文书：{refusal}"
            continue
        opened = guard.open_safely("试制.docx", made)
        texts = (one.text or "" for part in opened.parts.values() for one in part.iter(_W + "t"))
        if left := next((text for text in texts if _TAG.search(text)), ""):
            yield f"{when}“{left.strip()[:40]}”原样印了出来，请检查这一处的花括号"
