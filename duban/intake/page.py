"""What a reader of the page sees of a received .docx, as lines of text in reading order. Runs in the child process.

Seen are tables, headers, text boxes, insertions and content controls; not seen are deleted and moved text, hidden text
(by the run, its style or its paragraph's style), field codes and the prompts of empty content controls.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from duban.intake.guard import MAIN_PART, Parts
from duban.text import clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXTS = {_W + "t", _A + "t", _M + "t"}
_PICTURES = (_PIC + "pic", _V + "imagedata")
_UNSEEN = {_W + tag for tag in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sdtPr", "rt", "trPr", "tcPr")}
_UNSEEN.add(_MC + "Fallback")
_CHARACTERS = {_W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_OFF = ("0", "false", "off")
_MARGIN = re.compile(r"word/(header|footer)\d*\.xml")
_NOTES = re.compile(r"word/(footnotes|endnotes)\.xml")
_REVISIONS = tuple(_W + tag for tag in ("ins", "del", "moveFrom", "moveTo"))


@dataclass(frozen=True)
class Line:
    """A line of text; in a table its row (from 1), its cell, of how many; whether it has a picture."""

    text: str
    row: int = 0
    cell: int = 0
    cells: int = 0
    picture: bool = False


@dataclass(frozen=True)
class Page:
    """The paragraphs of the text as lines, those of headers and footers, and what else can be told of the file."""

    body: tuple[Line, ...]
    margins: tuple[Line, ...]
    pictures: bool
    revised: bool
    commented: bool
    width: int  # of the paper, in twentieths of a point; 0 if not said

    @property
    def everything(self) -> tuple[Line, ...]:
        """Headers and footers first: numbers and marks stand there."""
        return (*self.margins, *self.body)


def seen(parts: Parts) -> Page:
    """The page that guarded XML parts make."""
    hidden = _hidden_styles(parts.get("word/styles.xml"))
    main = parts[MAIN_PART]
    margins = [part for name, part in sorted(parts.items()) if _MARGIN.fullmatch(name)]
    notes = [part for name, part in sorted(parts.items()) if _NOTES.fullmatch(name)]
    size = next(main.iter(_W + "pgSz"), None)
    width = str(size.get(_W + "w", "0")) if size is not None else "0"
    comments = parts.get("word/comments.xml")
    return Page(
        body=tuple(line for part in (main, *notes) for line in _lines(part, hidden)),
        margins=tuple(line for part in margins for line in _lines(part, hidden)),
        pictures=any(next(part.iter(*_PICTURES), None) is not None for part in (main, *margins)),
        revised=next(main.iter(*_REVISIONS), None) is not None,
        commented=comments is not None and len(comments) > 0,
        width=int(width) if re.fullmatch(r"[0-9]{1,6}", width) else 0,
    )


def _lines(root: etree._Element, hidden: frozenset[str]) -> Iterator[Line]:
    """The visible lines of a part in reading order; a text box comes after the paragraph that it hangs on."""
    pending: list[tuple[etree._Element, int, int, int]] = [(root, 0, 0, 0)]
    rows = 0
    while pending:
        element, row, cell, cells = pending.pop()
        if element.tag == _W + "p":
            boxes: list[etree._Element] = []
            text = clean("".join(_text(element, boxes, hidden, _styled(element, "pPr", "pStyle") in hidden)))
            picture = next(element.iter(*_PICTURES), None) is not None
            lines = [line.strip() for line in text.split("\n") if line.strip()]
            for line in lines or [""] * picture:
                yield Line(line, row, cell, cells, picture)
            pending.extend((box, row, cell, cells) for box in reversed(boxes))
        elif element.tag == _W + "tr":
            if element.find(f"{_W}trPr/{_W}del") is not None:
                continue
            rows += 1
            inside = list(_cells(element))
            pending.extend((one, rows, number, len(inside)) for number, one in reversed(list(enumerate(inside))))
        elif element.tag not in _UNSEEN and not _is_prompt(element):
            pending.extend((child, row, cell, cells) for child in reversed(element))


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row; a content control may lie around each."""
    for child in row:
        if child.tag == _W + "tc":
            yield child
        elif child.tag == _W + "sdt":
            yield from child.findall(f"{_W}sdtContent/{_W}tc")


def _text(element: etree._Element, boxes: list[etree._Element], hidden: frozenset[str], off: bool) -> Iterator[str]:
    """The visible text of a paragraph; the contents of its text boxes are put aside in `boxes`."""
    for child in element:
        tag = child.tag
        if tag in _TEXTS:
            if not off:
                yield child.text or ""
        elif tag == _W + "r":
            yield from _text(child, boxes, hidden, _is_hidden(child, hidden, off))
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag == _W + "txbxContent":
            boxes.append(child)
        elif tag == _V + "textpath":
            yield child.get("string", "")
        elif tag not in _UNSEEN and not _is_prompt(child):
            yield from _text(child, boxes, hidden, off)


def _is_hidden(run: etree._Element, hidden: frozenset[str], off: bool) -> bool:
    """Whether a run is hidden: by itself, else by its style, else as its paragraph is (`off`)."""
    mark = run.find(f"{_W}rPr/{_W}vanish")
    if mark is not None:
        return mark.get(_W + "val") not in _OFF
    return off or _styled(run, "rPr", "rStyle") in hidden


def _styled(element: etree._Element, properties: str, style: str) -> str | None:
    named = element.find(f"{_W}{properties}/{_W}{style}")
    return named.get(_W + "val") if named is not None else None


def _is_prompt(element: etree._Element) -> bool:
    """A content control that still shows “click here to enter text”: on the page, but nobody wrote it."""
    mark = element.find(f"{_W}sdtPr/{_W}showingPlcHdr") if element.tag == _W + "sdt" else None
    return mark is not None and mark.get(_W + "val") not in _OFF


def _hidden_styles(styles: etree._Element | None) -> frozenset[str]:
    """The ids of styles whose text is hidden, by themselves or by the style that they are based on."""
    if styles is None:
        return frozenset()
    own: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in styles.iter(_W + "style"):
        name = style.get(_W + "styleId", "")
        if (mark := style.find(f"{_W}rPr/{_W}vanish")) is not None:
            own[name] = mark.get(_W + "val") not in _OFF
        if (base := style.find(_W + "basedOn")) is not None:
            based[name] = base.get(_W + "val", "")
    return frozenset(name for name in {*own, *based} if _inherited(name, own, based))


def _inherited(name: str, own: dict[str, bool], based: dict[str, str]) -> bool:
    for _step in range(20):  # a ring of styles is possible
        if name in own:
            return own[name]
        if name not in based:
            return False
        name = based[name]
    return False
