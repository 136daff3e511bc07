"""What a template cannot say beforehand, because it depends on the words: where a title breaks, how large an issuer's
name may be, where a signature stands over its date, which paragraph a signature may not leave (GB/T 9704-2012 7.2–7.4).

Everything hangs on the names of the styles below; a template without them is left as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from duban import included
from duban.documents import titles

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TITLE, ISSUER, SIGNATURE, DATE, ATTACHMENT = "文书标题", "发文机关标志", "署名日期", "成文日期", "附件说明"
#: Smaller than 小二 a name no longer looks like a head; then it may take two lines.
_LEAST = 36
#: The right edge of a date over which a seal is set: four characters in from 版心 (7.3.5.1).
_SEAL_CHARS = 4
_WORDS = "词语.txt"
Style = tuple[int, int]  # size in half points, space between characters in twips


@dataclass(frozen=True)
class Look:
    """What the layout has to know of a template: its styles by name, and the width of its text in twips."""

    ids: dict[str, str]
    sizes: dict[str, Style]
    text_width: int

    @property
    def plain(self) -> bool:
        """Whether the template has none of the styles, and nothing is to be done."""
        return not self.ids


def look(styles: bytes, document: bytes, parser: etree.XMLParser) -> Look:
    """Read the look of a template from its word/styles.xml and word/document.xml."""
    root = etree.fromstring(styles, parser)
    known = {style.get(f"{_W}styleId"): style for style in root.iter(f"{_W}style")}
    default = _number(root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}sz"), 20)
    ids, sizes = {}, {}
    for key, style in known.items():
        name = style.find(f"{_W}name")
        if name is not None and name.get(f"{_W}val") in (TITLE, ISSUER, SIGNATURE, DATE, ATTACHMENT):
            ids[str(name.get(f"{_W}val"))] = str(key)
            sizes[str(key)] = (_inherited(known, str(key), "sz", default), _inherited(known, str(key), "spacing", 0))
    section = next(etree.fromstring(document, parser).iter(f"{_W}sectPr"), None)
    size = section.find(f"{_W}pgSz") if section is not None else None
    margins = section.find(f"{_W}pgMar") if section is not None else None
    width = 0
    if size is not None and margins is not None:
        width = int(size.get(f"{_W}w", 0)) - sum(int(margins.get(f"{_W}{side}", 0)) for side in ("left", "right"))
    return Look(ids, sizes, width)


def _number(element: etree._Element | None, otherwise: int) -> int:
    return otherwise if element is None else int(element.get(f"{_W}val", otherwise))


def _inherited(known: dict[str | None, etree._Element], key: str, tag: str, otherwise: int) -> int:
    seen = set()
    while key in known and key not in seen:
        seen.add(key)
        found = known[key].find(f"{_W}rPr/{_W}{tag}")
        if found is not None:
            return _number(found, otherwise)
        base = known[key].find(f"{_W}basedOn")
        key = "" if base is None else str(base.get(f"{_W}val"))
    return otherwise


def fit(root: etree._Element, seen: Look, names: Iterable[str]) -> None:
    """Lay a filled document out; `names` are not broken in titles (the bureau's, the unit's)."""
    whole = (*names, *_kept_words())
    by_style = {style: name for name, style in seen.ids.items()}
    for paragraph in list(root.iter(f"{_W}p")):
        style = by_style.get(_style(paragraph))
        if style == TITLE:
            _break(paragraph, seen, whole)
        elif style == ISSUER:
            _shrink(paragraph, seen)
        elif style == SIGNATURE:
            _centre(paragraph, seen)
            _hold(paragraph, seen)


def _kept_words() -> tuple[str, ...]:
    path = included.path("templates", _WORDS)
    return _read_words(str(path), path.stat().st_mtime_ns) if path.is_file() else ()


@lru_cache(maxsize=4)
def _read_words(path: str, _changed: int) -> tuple[str, ...]:
    with open(path, encoding="utf-8-sig") as lines:
        return tuple(word for line in lines if (word := line.strip()) and not word.startswith("#"))


def _style(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if found is None else str(found.get(f"{_W}val"))


def _text(paragraph: etree._Element) -> str:
    return "".join(one.text or "" for one in paragraph.iter(f"{_W}t"))


def _space(paragraph: etree._Element, seen: Look) -> int:
    """The width that a paragraph has, in twips: that of its cell, or that of the page's text."""
    cell = next(paragraph.iterancestors(f"{_W}tc"), None)
    found = cell.find(f"{_W}tcPr/{_W}tcW") if cell is not None else None
    return int(found.get(f"{_W}w", 0)) if found is not None else seen.text_width


def _font(paragraph: etree._Element, seen: Look) -> Style:
    size, gap = seen.sizes[_style(paragraph)]
    return _number(paragraph.find(f"{_W}r/{_W}rPr/{_W}sz"), size), gap


def _wide(text: str, font: Style) -> float:
    """The width of a text in twips."""
    size, gap = font
    return titles.width(text) * size * 10 + len(text) * gap


def _break(paragraph: etree._Element, seen: Look, whole: tuple[str, ...]) -> None:
    texts = list(paragraph.iter(f"{_W}t"))
    title = "".join(one.text or "" for one in texts)
    size, gap = _font(paragraph, seen)
    most = _space(paragraph, seen) / (size * 10 + gap)
    broken = titles.lines(title, most, whole)
    if len(broken) < 2 or paragraph.find(f".//{_W}br") is not None:
        return
    ends, at = set(), 0
    for line in broken[:-1]:
        at += len(line)
        ends.add(at)
    at = 0
    for one in texts:
        text = one.text or ""
        cuts = [end - at for end in sorted(ends) if at < end <= at + len(text)]
        at += len(text)
        after = one
        for start, stop in zip(cuts, [*cuts[1:], len(text)], strict=True):
            if start == cuts[0]:
                one.text = text[:start]
            line_end = etree.Element(f"{_W}br")
            after.addnext(line_end)
            after = etree.Element(f"{_W}t")
            after.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            after.text = text[start:stop]
            line_end.addnext(after)


def _shrink(paragraph: etree._Element, seen: Look) -> None:
    """An issuer's name is one line: a long one is set smaller, and closer, until it fits (7.2.4)."""
    text = _text(paragraph)
    size, gap = _font(paragraph, seen)
    space = _space(paragraph, seen)
    if not text or _wide(text, (size, gap)) <= space:
        return
    fitting = min(max(int(space / titles.width(text) / 10), _LEAST), size)
    spacing = paragraph.find(f"{_W}pPr/{_W}spacing")
    if spacing is not None and spacing.get(f"{_W}lineRule") == "exact":
        # A lower line, so that the characters still begin where they should.
        spacing.set(f"{_W}line", str(int(spacing.get(f"{_W}line", 0)) - (size - fitting) * 10))
    for run in paragraph.iter(f"{_W}r"):
        properties = run.find(f"{_W}rPr")
        if properties is None:
            properties = etree.Element(f"{_W}rPr")
            run.insert(0, properties)
        for tag, value in (("spacing", 0), ("sz", fitting), ("szCs", fitting)):
            element = properties.find(f"{_W}{tag}")
            if element is None:
                element = etree.Element(f"{_W}{tag}")
                later = properties.find(f"{_W}sz") if tag == "spacing" else None  # as the schema orders them
                properties.append(element) if later is None else later.addprevious(element)
            element.set(f"{_W}val", str(value))


def _centre(paragraph: etree._Element, seen: Look) -> None:
    """A signature stands centred over its date; the date's right edge is four characters in from 版心 (7.3.5.1)."""
    date = paragraph.getnext()
    if date is None or _style(date) != seen.ids.get(DATE):
        return
    font = _font(paragraph, seen)
    date_width = _wide(_text(date), seen.sizes[_style(date)])
    centre = seen.text_width - _SEAL_CHARS * font[0] * 10 - date_width / 2
    # A name so long that it would leave 版心 stays inside it.
    centre = min(centre, seen.text_width - _wide(_text(paragraph), font) / 2)
    _indent(paragraph, left=max(round(2 * centre - seen.text_width), 0))


def _indent(paragraph: etree._Element, left: int) -> None:
    properties = paragraph.find(f"{_W}pPr")
    assert properties is not None
    element = properties.find(f"{_W}ind")
    if element is None:
        element = etree.Element(f"{_W}ind")
        _insert(properties, element)
    element.attrib.clear()
    element.set(f"{_W}left", str(left))


#: What stands before an indent in the properties of a paragraph, as the schema orders them.
_BEFORE_INDENT = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers"),
    *("pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct"),
    *("autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing"),
)


def _insert(properties: etree._Element, element: etree._Element) -> None:
    place = 0
    for position, child in enumerate(properties, start=1):
        if etree.QName(child).localname in _BEFORE_INDENT:
            place = position
    properties.insert(place, element)


def _hold(paragraph: etree._Element, seen: Look) -> None:
    """The end of the text goes along with the signature: no page carries a signature alone (7.3.5)."""
    before = paragraph.getprevious()
    while before is not None and before.tag == f"{_W}p":
        properties = before.find(f"{_W}pPr")
        if properties is None:
            properties = etree.Element(f"{_W}pPr")
            before.insert(0, properties)
        if properties.find(f"{_W}keepNext") is None:
            element = etree.Element(f"{_W}keepNext")
            style = properties.find(f"{_W}pStyle")
            properties.insert(0 if style is None else 1, element)
        if _text(before).strip() and _style(before) != seen.ids.get(ATTACHMENT):
            return
        before = before.getprevious()
