"""Documents of the office: values from the ledger + a template that staff edit in Word -> .docx.

The templates (`include/templates/<bureau>/*.docx`) are the source of wording and look; which kinds there are, the
clause each stands on and what it cannot go without is said beside them in `文书.yaml`. Here is only how a template
is filled: every value is text and stays text, and the same values give the same bytes, so that a step that runs
twice makes one document with one checksum.
"""

import logging
import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docxtpl import DocxTemplate
from jinja2 import DictLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from duban import rehearsal_mark
from duban.documents import layout, pictures
from duban.documents.catalogue import kinds
from duban.documents.fields import FIELDS, LISTS, PICTURES
from duban.errors import Refusal
from duban.text import clean

log = logging.getLogger(__name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What stands for the content of a state secret, which may not be on this system.
PAPER_ELSEWHERE = "（内容见纸质件）"
#: A page is for reading: what is longer is cut here, visibly, and kept in full in the ledger.
LONGEST = 6000
FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_CORE, _DOCUMENT = "docProps/core.xml", "word/document.xml"
#: zip has no time zone and no year before 1980; a document's bytes may not tell when it was made.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def render(kind: str, values: Mapping[str, Any], organization_id: str = "baicheng") -> bytes:
    """Return the .docx of a document; the same values and template give the same bytes.

    `values` are named as in FIELDS, LISTS and PICTURES (a Picture, or what draws it); what is absent stays blank.
    `rehearsal=True` puts 演练 on every page. Raises Refusal for a kind the bureau does not have, a required field
    without a value, a template that cannot be filled, and a chart without a font; TypeError for a value that no
    template can know (a mistake in code).
    """
    known = kinds(organization_id)
    if kind not in known:
        raise Refusal(f"没有“{kind}”这种文书，现有：{'、'.join(known)}。")
    path = known[kind].path
    if not path.is_file():
        raise Refusal(f"找不到《{kind}》的模板，请把 {path.name} 放到 templates/{organization_id} 下。")
    context = _context(values)
    places = {
        shown: pictures.Place(values[name], number)
        for number, (name, shown) in enumerate(PICTURES.items(), start=1)
        if values.get(name)
    }
    if missing := [name for name in known[kind].required if not context[name]]:
        raise Refusal(f"《{kind}》缺少“{'、'.join(missing)}”，请补充后再制作。")
    try:
        changed = path.stat().st_mtime_ns
        members = compiled(path, changed, bool(values.get("rehearsal")))
        seen = _look(path, changed)
        filled = [
            (name, _fill(name, part, context | (places if name == _DOCUMENT else {}), seen)) for name, part in members
        ]
    except Refusal:
        raise  # no font for a chart: the template is as it should be
    except Exception as error:  # staff edit templates: whatever they make of one, the clerk gets a sentence
        log.exception("template %s cannot be filled", path)
        from duban.documents.checking import check_template  # it needs this module, and only a faulty template needs it

        reason = "；".join(check_template(path)) or str(error)
        raise Refusal(f"《{kind}》的模板有误，无法制作文书，请修改模板 {path.name}：{reason}") from error
    filled = [(name, _core(kind, context) if name == _CORE else part) for name, part in filled]
    return _zip(pictures.put_into(filled, places.values()))


def _context(values: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - set(FIELDS) - set(LISTS) - set(PICTURES) - {"rehearsal"}:
        raise TypeError(f"no template knows the values {sorted(unknown)}; see documents.FIELDS")
    context: dict[str, Any] = {name: _text(values.get(field), name) for field, name in FIELDS.items()}
    context |= dict.fromkeys(PICTURES.values(), "")  # linked to the text only: in a header its place stays empty
    for field, (name, columns) in LISTS.items():
        lines = values.get(field) or ()
        context[name] = [{column: _text(line.get(key), column) for key, column in columns.items()} for line in lines]
    return context


def _text(value: object, name: str) -> str:
    """A value as docxtpl wants it: clean, not too long, one paragraph (its sign for that: BEL) for each line."""
    raw = "" if value is None else str(value)
    # A line break of a page, of Word or of Unicode is a line break too.
    text = clean(re.sub("[\v\f\u0085\u2028\u2029]", "\n", raw))
    if lost := text.count("\ufffd") - raw.count("\ufffd"):
        log.warning("field %s: %d unusable characters shown as U+FFFD", name, lost)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}\n（以上为前{LONGEST}字，原文共{len(text)}字，全文见督办台账。）"
    return "\a".join(line for line in text.split("\n") if line.strip())


@lru_cache(maxsize=128)
def compiled(path: Path, _changed: int, rehearsal: bool = False) -> tuple[tuple[str, Any], ...]:
    """The members of a template: bytes, or a compiled jinja template where something is to be filled in."""
    with zipfile.ZipFile(path) as package:
        members = {info.filename: package.read(info) for info in package.infolist() if not info.is_dir()}
    if rehearsal:
        members = rehearsal_mark.put_on(members)
    return tuple((name, _compile(name, data)) for name, data in members.items())


def _compile(name: str, data: bytes) -> Any:
    if not FILLED.fullmatch(name):
        return data
    source = tagged_xml(data)
    if not any(sign in source for sign in ("{{", "{%")):
        return data
    return ENVIRONMENT.from_string(source)


def tagged_xml(data: bytes) -> str:
    """A part of a template as text in which docxtpl has put tags together that Word had torn apart."""
    xml = etree.tostring(etree.fromstring(data, PARSER), encoding="unicode")
    return str(DocxTemplate("").patch_xml(xml))


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, loader=DictLoader({}))
    # With `safe` a template could let a unit's text be markup.
    environment.filters = {"default": environment.filters["default"], "length": environment.filters["length"]}
    return environment


ENVIRONMENT = _environment()
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@lru_cache(maxsize=128)
def _look(path: Path, _changed: int) -> layout.Look:
    with zipfile.ZipFile(path) as package:
        return layout.look(package.read("word/styles.xml"), package.read(_DOCUMENT), PARSER)


def _fill(name: str, part: Any, context: Mapping[str, Any], seen: layout.Look) -> bytes:
    if not isinstance(part, Template):
        return bytes(part)
    xml = part.render(context)
    if "\a" in xml or "\t" in xml:
        xml = str(DocxTemplate("").resolve_listing(xml))
    root = etree.fromstring(xml, PARSER)  # an unbalanced condition in a template must not become an unreadable document
    if name == _DOCUMENT and not seen.plain:
        layout.fit(root, seen, (context["机关名称"], context["承办单位"]))
        return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml.encode()


def _core(kind: str, context: Mapping[str, Any]) -> bytes:
    """Properties that tell what the document is and nothing of who edited the template, or when."""
    title = escape(f"{kind} {context['督办文号']}".strip())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>{escape(context['机关名称'])}</dc:creator></cp:coreProperties>"
    ).encode()


def _zip(members: Iterable[tuple[str, bytes]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in members:
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.create_system = 3
            package.writestr(info, data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
