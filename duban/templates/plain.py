"""A template as text, for reading what changed: its words with their marks, line by line, then styles and page."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from duban.errors import Refusal

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = _W + "val"
_TEXT = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_PARTS = {
    "document": "正文",
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}
#: GB/T 9704 and standards on sizes: half points -> 号.
_SIZES = {
    84: "初号",
    72: "小初",
    52: "一号",
    44: "二号",
    36: "小二",
    32: "三号",
    30: "小三",
    28: "四号",
    24: "小四",
    21: "五号",
}
_JUSTIFIED = {"center": "居中", "right": "右对齐", "left": "左对齐", "both": "两端对齐", "distribute": "分散对齐"}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def text(path: Path) -> str:
    """Return the words of a .docx with their marks, one paragraph or row of a table a line.

    [style] before a paragraph, {look} before words that are formatted by hand, [+ +] and [- -] around revisions, and
    what is not text in square brackets. Raises Refusal for a file that is no .docx.
    """
    try:
        with zipfile.ZipFile(path) as package:
            names = sorted(package.namelist(), key=lambda name: (not name.endswith("document.xml"), name))
            parts = {name: package.read(name) for name in names}
        roots = {name: etree.fromstring(data, _PARSER) for name, data in parts.items() if name.endswith(".xml")}
    except (zipfile.BadZipFile, OSError, KeyError, etree.XMLSyntaxError):
        raise Refusal(f"“{path.name}”打不开，可能已损坏或者不是 .docx 文件，请检查后再试。") from None
    styles = roots.get("word/styles.xml")
    shown = _style_names(styles)
    lines: list[str] = []
    used: set[str] = set()
    for name, root in roots.items():
        if match := _TEXT.fullmatch(name):
            part = re.sub(r"\d+$", "", match[1])
            lines += ["", f"== {_PARTS[part]}{match[1].removeprefix(part)} =="]
            lines += _blocks(root[0] if part == "document" and len(root) else root, shown)
            used |= {str(one.get(_VAL)) for one in root.iter(_W + "pStyle", _W + "rStyle")}
            lines += [f"[页面 {_page(section)}]" for section in root.iter(_W + "sectPr")]
    lines += ["", "== 样式 ==", *_styles(styles, used)]
    media = {name: data for name, data in parts.items() if name.startswith("word/media/")}
    if media:
        lines += ["", "== 图片 =="]
        lines += [f"{name.rpartition('/')[2]} {hashlib.sha256(data).hexdigest()[:12]}" for name, data in media.items()]
    # A change of what is not shown above (widths of columns, settings) is at least to be seen as one.
    every = hashlib.sha256(b"".join(name.encode() + b"\0" + data for name, data in sorted(parts.items())))
    lines += ["", f"指纹 {every.hexdigest()[:16]}"]
    return "\n".join(lines).strip() + "\n"


def _style_names(styles: etree._Element | None) -> dict[str, str]:
    found = {}
    for style in styles.iter(_W + "style") if styles is not None else ():
        name = style.find(_W + "name")
        found[str(style.get(_W + "styleId"))] = str(name.get(_VAL)) if name is not None else ""
    return found


def _blocks(parent: etree._Element, shown: dict[str, str]) -> Iterator[str]:
    """Paragraphs and rows below an element, each a line; content controls are looked through."""
    for child in parent:
        if child.tag == _W + "p":
            yield from _paragraph(child, shown)
        elif child.tag == _W + "tbl":
            for row in child.iter(_W + "tr"):
                if next(row.iterancestors(_W + "tbl")) is child:
                    cells = [one for one in row.iter(_W + "tc") if next(one.iterancestors(_W + "tr")) is row]
                    yield "| " + " | ".join(" ⏎ ".join(_blocks(cell, shown)) for cell in cells) + " |"
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "comment", _W + "footnote", _W + "endnote"):
            yield from _blocks(child, shown)


def _paragraph(paragraph: etree._Element, shown: dict[str, str]) -> Iterator[str]:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    own = paragraph.find(f"{_W}pPr/{_W}jc")
    named = shown.get(str(style.get(_VAL)), str(style.get(_VAL))) if style is not None else ""
    marks = [mark for mark in (named, _JUSTIFIED.get(str(own.get(_VAL)), "") if own is not None else "") if mark]
    boxes: list[etree._Element] = []
    pieces: list[tuple[str, str]] = []
    for look, piece in _pieces(paragraph, boxes):
        if pieces and pieces[-1][0] == look:
            pieces[-1] = (look, pieces[-1][1] + piece)  # Word splits a word into several runs at will
        else:
            pieces.append((look, piece))
    words = "".join(f"{{{look}}}{piece}" if look else piece for look, piece in pieces)
    if words or boxes or "Normal" not in marks:
        yield (f"[{' '.join(marks)}] " if marks else "") + words
    for box in boxes:
        yield from (f"[文本框] {line}" for line in _blocks(box, shown))


def _pieces(element: etree._Element, boxes: list[etree._Element]) -> Iterator[tuple[str, str]]:
    for child in element:
        tag = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if tag == "r":
            look = _look(child.find(_W + "rPr"))
            yield from ((look, piece) for piece in _run(child, boxes))
        elif tag in ("ins", "moveTo", "del", "moveFrom"):
            sign = "+" if tag in ("ins", "moveTo") else "-"
            yield "", f"[{sign}{''.join(piece for _look_of, piece in _pieces(child, boxes))}{sign}]"
        elif tag == "fldSimple":
            yield "", f"[域 {str(child.get(_W + 'instr', '')).strip()}]"
        elif tag not in ("pPr", "sdtPr"):
            yield from _pieces(child, boxes)


def _run(run: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    for child in run:
        match etree.QName(child).localname if isinstance(child.tag, str) else "":
            case "t" | "delText":
                yield child.text or ""
            case "tab":
                yield "→"
            case "br" | "cr":
                yield "[分页]" if child.get(_W + "type") == "page" else "↵"
            case "instrText":
                yield f"[域 {(child.text or '').strip()}]"
            case "blip" | "imagedata":
                yield "[图片]"
            case "commentReference":
                yield "[批注]"
            case "txbxContent":
                boxes.append(child)
            case "rPr" | "Fallback":
                pass  # the fallback says the same once more, for old programs
            case _:
                yield from _run(child, boxes)


def _look(properties: etree._Element | None) -> str:
    """What was formatted by hand: font, size, bold …; nothing for words that look as their style says."""
    if properties is None:
        return ""
    found = []
    for child in properties:
        value = child.get(_VAL)
        match etree.QName(child).localname:
            case "rFonts":
                found.append(child.get(_W + "eastAsia") or child.get(_W + "ascii") or "")
            case "sz":
                found.append(_size(value))
            case "b" | "i" | "u" | "strike" | "vanish" | "highlight" as mark if value not in ("0", "false", "none"):
                words = {
                    "b": "粗",
                    "i": "斜",
                    "u": "下划线",
                    "strike": "删除线",
                    "vanish": "隐藏",
                    "highlight": "突出显示",
                }
                found.append(words[mark])
            case "color" if value not in (None, "auto", "000000"):
                found.append(f"#{value}")
    return " ".join(one for one in found if one)


def _size(value: str | None) -> str:
    half = int(value) if value and value.isdigit() else 0
    return _SIZES.get(half, f"{half / 2:g}磅")


def _styles(styles: etree._Element | None, used: set[str]) -> Iterator[str]:
    """How the styles in use look, one a line; those that they are based on too."""
    known = {str(one.get(_W + "styleId")): one for one in styles.iter(_W + "style")} if styles is not None else {}
    pending, lines = [*used], {}
    while pending:
        name = pending.pop()
        style = known.get(name)
        if style is None or name in lines:
            continue
        base, justified = style.find(_W + "basedOn"), style.find(f"{_W}pPr/{_W}jc")
        spacing, indent = style.find(f"{_W}pPr/{_W}spacing"), style.find(f"{_W}pPr/{_W}ind")
        parts = [_look(style.find(_W + "rPr"))]
        parts.append(_JUSTIFIED.get(str(justified.get(_VAL)), "") if justified is not None else "")
        parts += [_numbers(label, one) for label, one in (("间距", spacing), ("缩进", indent)) if one is not None]
        shown = style.find(_W + "name")
        lines[name] = f"{shown.get(_VAL) if shown is not None else name}：{'，'.join(one for one in parts if one)}"
        if base is not None:
            pending.append(str(base.get(_VAL)))
            lines[name] += f"（基于 {base.get(_VAL)}）"
    yield from sorted(lines.values())


def _numbers(label: str, element: etree._Element) -> str:
    said = " ".join(f"{etree.QName(key).localname}={element.get(key)}" for key in sorted(map(str, element.attrib)))
    return f"{label} {said}"


def _page(section: etree._Element) -> str:
    found = []
    for tag in ("pgSz", "pgMar", "docGrid"):
        element = section.find(_W + tag)
        if element is not None:
            found.append(_numbers(tag, element))
    return "；".join(found)
