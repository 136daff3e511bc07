"""What a received .docx says: title, number, addressee, who signed, for whom, when, and under which headings.

A first look and no more: what is found helps the reviewer, what is not found may still be there. Runs in the child
process, on guarded XML. Where units write in a form, a label in one cell has its value in the next.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from duban.intake import wording as w
from duban.intake.guard import Parts
from duban.intake.page import Line, Page, seen

#: Characters of a preview; headings, attachments and numbers that are kept.
PREVIEW, MOST = 600, 60
FACTS = ("title", "reference", "addressee", "signer", "seal", "subject", "date", "mark", "attachments", "sections")
#: Of the file as such: Word's revisions and comments left in it, paper of another size than A4.
LEFT_OVERS = ("revised", "commented", "other_paper")
_A4 = 11906  # twentieths of a point
_CUT = "……（全文见文件）"
_BLANK = re.compile(r"\s+")


def read(parts: Parts) -> dict[str, Any]:
    """Return preview, facts, the words found and the sections; without parts (a scan, a .doc) every fact is None."""
    if not parts:
        names = (*FACTS, *w.SECTIONS, "substantiated", "unfinished", *LEFT_OVERS)
        return {"text_preview": "", "facts": dict.fromkeys(names), "found": {}, "sections": []}
    page = seen(parts)
    pairs = _pairs(page.body)
    date_at, date, above = _date(page.body, pairs)
    sections = _sections(page.body, pairs)
    text = "\n".join(line.text for line in page.body)
    said = "\n".join(line.text for line in page.body if not w.HINT.fullmatch(line.text))
    found: dict[str, list[str]] = {
        "title": _title(page.body, pairs),
        "reference": _references(page.everything),
        "addressee": _addressee(page.body, pairs),
        "signer": _signer(page.everything, pairs),
        "seal": [match[0] for line in page.body if (match := w.SEAL.search(line.text))][:1],
        "subject": _subject(page.body, pairs, date_at, above),
        "date": [date] if date else [],
        "mark": _mark(page),
        "attachments": _attachments(page.body),
        "sections": [heading for heading, _length in sections],
    }
    facts: dict[str, bool | None] = {name: bool(words) for name, words in found.items()}
    # A seal in a picture of the page, or stamped on paper, is not to be seen here: unknown, never "missing".
    facts["seal"] = facts["seal"] or None
    if not facts["signer"] and _signed_by_picture(page.body, pairs):
        facts["signer"] = None
    for name, words in w.SECTIONS.items():
        filled = any(length and any(word in heading for word in words) for heading, length in sections)
        # Spoken of without a heading: only a person can tell whether that is enough.
        facts[name] = True if filled else (None if any(word in said for word in words) else False)
    facts["substantiated"] = _substantiated(said)
    facts["unfinished"] = w.UNFINISHED.search(said) is not None
    facts |= {"revised": page.revised, "commented": page.commented}
    facts["other_paper"] = abs(page.width - _A4) > 60 if page.width else None
    return {
        "text_preview": text.strip() if len(text.strip()) <= PREVIEW else text.strip()[: PREVIEW - len(_CUT)] + _CUT,
        "facts": facts,
        "found": found,
        "sections": sections,
    }


def _squeezed(text: str) -> str:
    return _BLANK.sub("", text)


def _pairs(body: Sequence[Line]) -> list[tuple[str, str, bool]]:
    """Label and value of neighbouring cells: squeezed label, value, whether a picture stands in the value's cell."""
    rows: dict[int, dict[int, list[Line]]] = {}
    for line in body:
        if line.row:
            rows.setdefault(line.row, {}).setdefault(line.cell, []).append(line)
    found = []
    for cells in rows.values():
        for number, lines in cells.items():
            label = _squeezed("".join(line.text for line in lines))
            if 0 < len(label) <= 20:
                value = cells.get(number + 1, [])
                picture = any(line.picture for line in value)
                found.append((label, "\n".join(line.text for line in value).strip(), picture))
    return found


def _labelled(pairs: Iterable[tuple[str, str, bool]], label: re.Pattern[str]) -> str:
    return next((value for name, value, _picture in pairs if value and label.search(name)), "")


def _title(body: Sequence[Line], pairs: list[tuple[str, str, bool]]) -> list[str]:
    """A line as titles are (关于…的报告); what stands above it belongs to it when that is where 关于 stands."""
    if labelled := _labelled(pairs, w.TITLE_LABEL):
        return [_squeezed(labelled)[:120]]
    head = [re.sub(r"^(标题|题目)[：:]\s*", "", line.text) for line in body[:20]]
    plain = ""
    for number, line in enumerate(head):
        if not w.TITLE.search(_squeezed(line)) or "。" in line or w.NUMBERED.match(line) or w.REFERENCE.search(line):
            continue
        # A long title is broken by hand: the lines above up to 关于.
        for back in range(min(number, 3) + 1):
            text = "".join(head[number - back : number + 1])
            if "关于" in head[number - back] and "。" not in text and len(text) <= 120:
                return [_squeezed(text)]
        # The mark of who issues it may end with 报告 too, above the title.
        plain = plain or (_squeezed(line) if len(line) <= 120 else "")
    return [plain] if plain else []


def _references(lines: Iterable[Line]) -> list[str]:
    found = [match[0] for line in lines for match in w.REFERENCE.finditer(_squeezed(line.text))]
    return list(dict.fromkeys(found))[:MOST]


def _addressee(body: Sequence[Line], pairs: list[tuple[str, str, bool]]) -> list[str]:
    if labelled := _labelled(pairs, w.ADDRESSEE_LABEL):
        return [_squeezed(labelled).rstrip("：:")[:40]]
    for line in body[:25]:
        if match := re.fullmatch(r"(?:主送|主送机关|报送)[：:]\s*([^：:。]{2,40})[：:]?", line.text):
            return [_squeezed(match[1])]
        if re.fullmatch(r"[^：:。]{2,40}[：:]", line.text) and not (
            w.LABEL.search(line.text) or w.NUMBERED.match(line.text) or w.SIGN_PLACE.match(line.text)
        ):
            return [_squeezed(line.text).rstrip("：:")]
    return []


def _signer(lines: Sequence[Line], pairs: list[tuple[str, str, bool]]) -> list[str]:
    # From the end: a form's first pages may name other signatures (the office's own) than that under the report.
    for line in reversed(lines):
        if (match := w.SIGNER.search(line.text)) and not w.NO_NAME.fullmatch(name := _squeezed(match[1])):
            return [name]
    for label, value, _picture in reversed(pairs):
        if w.SIGN_PLACE.fullmatch(label) and value:
            first = re.split(r"\s{2,}|\n|(?=\d{4}年)", w.DATE.sub("", value).strip())[0]
            name = _squeezed(first)
            if 2 <= len(name) <= 20 and not w.NO_NAME.fullmatch(name):
                return [name]
    return []


def _signed_by_picture(body: Sequence[Line], pairs: list[tuple[str, str, bool]]) -> bool:
    """A signature that is a picture: there is one in the place for it, and who signed nobody but a person can see."""
    return any(line.picture and w.SIGN_PLACE.match(_squeezed(line.text)) for line in body) or any(
        picture and w.SIGN_PLACE.fullmatch(label) for label, _value, picture in pairs
    )


def _date(body: Sequence[Line], pairs: list[tuple[str, str, bool]]) -> tuple[int, str, str]:
    """The last line that ends with a date: its place (-1: none), the date, what stands before it on the line."""
    for number in range(len(body) - 1, -1, -1):
        text = _squeezed(w.SEAL.sub("", body[number].text))
        for match in reversed(list(w.DATE.finditer(text[-60:]))):
            before = text[: len(text) - len(text[-60:]) + match.start()]
            if match.end() == len(text[-60:]) and len(before) <= 40 and not re.search("[。，；]", before):
                return number, match[0], before
    labelled = w.DATE.search(_squeezed(_labelled(pairs, w.DATE_LABEL)))
    return -1, labelled[0] if labelled else "", ""


def _subject(body: Sequence[Line], pairs: list[tuple[str, str, bool]], date_at: int, beside: str) -> list[str]:
    """The 署名: in a form beside its label, else what stands before the last date or above it."""
    if labelled := _labelled(pairs, w.SUBJECT_LABEL):
        return [_unit(w.DATE.sub("", labelled.split("\n")[0]))[:60]]
    if date_at < 0:
        return []
    candidates = [beside, *(line.text for line in reversed(body[max(date_at - 4, 0) : date_at]))]
    for line in candidates:
        text = _unit(line).rstrip("：:")
        text = re.sub(r"^(?:承办单位|报告单位|署名|落款|单位)[：:]", "", text)
        if not text or w.SIGN_PLACE.match(text) or w.CONTACT.search(text) or w.DATE_LABEL.match(text):
            continue
        return [text] if len(text) <= 60 and "。" not in text and not w.NUMBERED.match(text) else []
    return []


def _unit(text: str) -> str:
    """The name of a unit without a seal, a place for one, or its part in the matter."""
    return _squeezed(w.ROLE.sub("", w.SEAL_PLACE.sub("", w.SEAL.sub("", text))))


def _mark(page: Page) -> list[str]:
    """A mark of secrecy where one stands: alone on a line at the head of the page."""
    head = (*page.margins, *page.body[:10])
    return [match[1] for line in head if (match := w.MARK.fullmatch(_squeezed(line.text)))][:1]


def _attachments(body: Sequence[Line]) -> list[str]:
    found: list[str] = []
    listing = False
    for line in body:
        if match := w.ATTACHMENT.match(line.text):
            found, listing = [match[1].strip()], True
        elif listing and (match := w.ATTACHMENT_NEXT.match(line.text)):
            found.append(match[1].strip())
        else:
            listing = False
    return found[:MOST]


def _sections(body: Sequence[Line], pairs: list[tuple[str, str, bool]]) -> list[tuple[str, int]]:
    """Headings with the number of characters under each: numbered, with a colon, bare, or as labels of a form."""
    found: list[tuple[str, int]] = []
    levels: list[int] = []  # 1: 一、  2: any other
    signed = True  # what stands before the first heading and from the signature on belongs to none
    for line in body:
        if line.cells > 1 or w.HINT.fullmatch(line.text):
            continue  # a form: see below
        heading, rest = _heading(line.text)
        if heading:
            found.append((heading, rest))
            levels.append(1 if w.LEVEL_ONE.match(line.text) else 2)
            signed = False
        elif w.SIGN_PLACE.match(_squeezed(line.text)) or w.SEAL.search(line.text) or w.CONTACT.search(line.text[:8]):
            signed = True
        elif not signed:
            found[-1] = (found[-1][0], found[-1][1] + len(line.text))
    for number in range(len(found) - 2, -1, -1):
        # What is said under （一） is said under 一、 too.
        if levels[number] == 1 and levels[number + 1] == 2:
            inner = number + 1
            while inner < len(found) and levels[inner] == 2:
                found[number] = (found[number][0], found[number][1] + found[inner][1])
                inner += 1
    known = [word for words in w.SECTIONS.values() for word in words]
    for label, value, picture in pairs:
        if any(word in label for word in known) and (value or picture):
            found.append((label.rstrip("：:"), len(value)))
        elif any(word in label for word in known):
            found.append((label.rstrip("：:"), 0))
    return found[:MOST]


def _heading(text: str) -> tuple[str, int]:
    """The heading that a line begins with and how many characters follow it on the line; "" if it begins with none."""
    numbered = w.NUMBERED.match(text)
    rest = text[numbered.end() :] if numbered else text
    match = w.HEADING.match(rest)
    if match is None:
        return "", 0
    heading, after = match[0].strip(), rest[match.end() :]
    if numbered and (w.LEVEL_ONE.match(text) or after[:1] in ("", "。", "：", ":")):
        return heading, len(after.lstrip("。：: "))
    bare = len(heading) <= 12 and after[:1] in ("", "：", ":")
    known = any(word in heading for words in w.SECTIONS.values() for word in words)
    if (
        bare
        and known
        and not w.TITLE.search(heading)
        and not heading.startswith("关于")
        and not w.SIGN_PLACE.match(_squeezed(heading))
    ):
        return heading, len(after.lstrip("：: "))
    return "", 0


def _substantiated(text: str) -> bool | None:
    """Whether the report says that what was reported is true (属实); None if it says neither."""
    if w.SUBSTANTIATED.search(text):
        return True
    return False if w.NOT_SUBSTANTIATED.search(text) else None
