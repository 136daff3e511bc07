"""What a received .docx says, as far as a first look can tell. Runs in the child process, on guarded XML.

The walker sees what a reader of the page sees: tables, headers, text boxes, insertions and content controls, and
not deleted or hidden text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from duban.intake.guard import MAIN_PART

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_UNSEEN = {_W + tag for tag in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr")} | {_MC + "Fallback"}
_CHARACTERS = {_W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
PREVIEW = 600

_REFERENCE = re.compile(r"[\u4e00-\u9fff]{2,10}[〔\[［【（(](\d{4})[〕\]］】）)]第?0*(\d{1,5})号")
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_SIGNER = re.compile(
    r"(?:签发人?|审签人?|审核签字|签字人?|主要领导(?:[（(]?签字[）)]?)?|主要负责人(?:[（(]?签字[）)]?)?)[：:]\s*([^\s：:，。]{2,20})"
)
_SEAL = re.compile(r"[（(]\s*(?:印|章|公章|盖章|印章)\s*[）)]")
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、\s*([^。，；]{1,30})")
#: Parts that some matters must have; here only whether the report speaks of them under their name.
_REQUIRED = {"opinion": "处理意见", "rectification": "整改措施", "revisit": "回访"}


def read(parts: dict[str, etree._Element]) -> dict[str, Any]:
    """Return preview, facts and the words found; without parts (a scan, a .doc) every fact is None."""
    paragraphs = list(_paragraphs(parts[MAIN_PART])) if parts else []
    margins = [part for name, part in sorted(parts.items()) if re.fullmatch(r"word/(header|footer)\d*\.xml", name)]
    body = _lines(paragraphs)
    found = _found(body, _lines(text for part in margins for text in _paragraphs(part)))
    # A long title is broken by hand; the break is not part of it.
    whole = ["".join(_lines([text])) for text in paragraphs[:15]]
    found["title"] = [text for text in whole if _is_title(text)][:1]
    facts: dict[str, bool | None] = {name: bool(words) if parts else None for name, words in found.items()}
    if parts and not facts["seal"]:
        # A seal in a picture of the page, or stamped on paper, is not to be seen here: unknown, never "missing".
        facts["seal"] = True if any(_has_picture(part) for part in parts.values()) else None
    return {"text_preview": "\n".join(body)[:PREVIEW], "facts": facts, "found": found}


def _found(body: list[str], margins: list[str]) -> dict[str, list[str]]:
    everything = [*margins, *body]
    dates = [number for number, line in enumerate(body) if _DATE.match(line)]
    subject = _subject(body, dates[-1]) if dates else ""
    references = [f"{match[0]}" for line in everything for match in _REFERENCE.finditer(line.replace(" ", ""))]
    found = {
        "reference": sorted(set(references), key=references.index),
        "addressee": [line.rstrip("：:") for line in body[:20] if re.fullmatch(r"[^：:。]{2,40}[：:]", line)][:1],
        "signer": [match[1] for line in everything if (match := _SIGNER.search(line))][:1],
        "seal": [match[0] for line in body if (match := _SEAL.search(line))][:1],
        "subject": [subject] if subject else [],
        "date": [match[0] for number in dates[-1:] if (match := _DATE.match(body[number]))],
        "sections": [match[1].strip() for line in body if (match := _SECTION.match(line))],
    }
    return found | {name: [line[:60] for line in body if word in line][:3] for name, word in _REQUIRED.items()}


def _is_title(line: str) -> bool:
    """A line as titles are: 关于…的报告, no full stop, no number of a document."""
    shape = re.search(r"报告$|报告[（(].{1,10}[）)]$|^关于.*(情况|说明|反馈)$", line)
    return bool(shape) and len(line) <= 120 and "。" not in line and not _REFERENCE.search(line)


def _subject(body: list[str], date_line: int) -> str:
    """The 署名: what stands above the last date, without the mark of the seal."""
    for line in reversed(body[max(date_line - 3, 0) : date_line]):
        text = _SEAL.sub("", line).strip()
        if text and not _SIGNER.search(text):
            return text if len(text) <= 40 and "。" not in text else ""
    return ""


def _lines(paragraphs: Iterable[str]) -> list[str]:
    return [line.strip() for text in paragraphs for line in text.split("\n") if line.strip()]


def _paragraphs(root: etree._Element) -> Iterator[str]:
    """The visible paragraphs of a part in reading order."""
    pending: list[etree._Element] = [root]
    while pending:
        element = pending.pop()
        if element.tag == _W + "p":
            boxes: list[etree._Element] = []
            text = "".join(_text(element, boxes))
            if text.strip():
                yield text
            pending.extend(reversed(boxes))
        elif element.tag not in _UNSEEN:
            pending.extend(reversed(list(element)))


def _text(element: etree._Element, boxes: list[etree._Element]) -> Iterable[str]:
    """The visible text of a paragraph; the contents of its text boxes are put aside in `boxes`."""
    for child in element:
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag == _W + "txbxContent":
            boxes.append(child)
        elif child.tag == _V + "textpath":
            yield child.get("string", "")
        elif child.tag not in _UNSEEN and not _is_hidden(child):
            yield from _text(child, boxes)


def _is_hidden(run: etree._Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val") not in ("0", "false", "off")


def _has_picture(part: etree._Element) -> bool:
    return next(part.iter(_PIC + "pic", _V + "imagedata"), None) is not None
