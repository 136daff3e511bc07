"""What is wrong with a template, in the words of those who edit it."""

import difflib
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta, nodes
from lxml import etree

from duban.documents.fields import FIELDS, LISTS, PICTURES
from duban.documents.filling import ENVIRONMENT, FILLED, PARSER, tagged_xml

_BODY = "word/document.xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: Braces that a Chinese keyboard or an automatic correction made, and that would be printed as they stand.
_TORN = re.compile(r"[｛｝]|\{\s+[{%％]|[}%％]\s+\}|\{％|％\}")


def check_template(path: Path) -> list[str]:
    """What is wrong with a template, in Chinese, for the people who edit it; empty if nothing was found.

    Found are: a file that is no .docx, tracked changes, full-width or torn braces, a missing end tag, a mistyped tag,
    and names of fields and columns that do not exist.
    """
    try:
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist() if FILLED.fullmatch(name)}
            return [fault for name, data in parts.items() for fault in _faults(data, name == _BODY)]
    except (zipfile.BadZipFile, KeyError, OSError, etree.XMLSyntaxError):
        return ["打不开，可能已损坏或者不是 .docx 文件"]


def _faults(data: bytes, body: bool) -> Iterator[str]:
    root = etree.fromstring(data, PARSER)
    if next(root.iter(*(f"{{{_W}}}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo"))), None) is not None:
        yield "里面有没有处理的修订痕迹，请在“审阅”里接受或拒绝全部修订后保存"
    for paragraph in root.iter(f"{{{_W}}}p"):
        text = "".join(one.text or "" for one in paragraph.iter(f"{{{_W}}}t"))
        if torn := _TORN.search(text):
            yield f"“{text.strip()[:40]}”里的“{torn[0]}”应当用半角、中间不留空的 {{{{ }}}} 或 {{% %}}"
    # One line for each paragraph, so that the line of an error says which paragraph it is.
    source = re.sub(r"<w:p[ >]", r"\n\g<0>", tagged_xml(data))
    try:
        tree = ENVIRONMENT.parse(source)
        used = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        line = re.sub(r"<[^>]+>", "", source.splitlines()[error.lineno - 1]).strip()
        missing = re.search(r"innermost block that needs to be closed is '(\w+)'", str(error))
        what = f"“{missing[1]}”缺少结束标记 end{missing[1]}" if missing else "标记写法有误"
        yield f"“{line[:40]}”附近{what}"
        return
    lists = {name: set(columns.values()) for name, columns in LISTS.values()}
    fields = {*FIELDS.values(), *lists, *PICTURES.values()}
    for name in sorted(used - fields):
        yield f"没有“{name}”这个栏目{_near(name, fields)}"
    for name in sorted(used & set(PICTURES.values())) if not body else ():
        yield f"“{name}”是图，只能放在正文里，不能放在页眉、页脚"
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name) and loop.iter.name in lists:
            columns = lists[loop.iter.name]
            for part in loop.find_all(nodes.Getattr):
                if (
                    isinstance(part.node, nodes.Name)
                    and part.node.name == loop.target.name
                    and part.attr not in columns
                ):
                    yield f"“{loop.iter.name}”里没有“{part.attr}”这一列{_near(part.attr, columns)}"


def _near(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    return f"，是不是“{near[0]}”" if near else ""
