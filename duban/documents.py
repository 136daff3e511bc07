"""Documents of the office: values from the ledger + a template that staff edit in Word -> .docx.

The templates (`include/templates/<bureau>/*.docx`) are the source of wording and look; which kinds there are, the
clause each stands on and what it cannot go without is said beside them in `文书.yaml`. Here is only how a template
is filled: every value is text and stays text, and the same values give the same bytes, so that a step that runs
twice makes one document with one checksum.
"""

import difflib
import logging
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docxtpl import DocxTemplate
from jinja2 import DictLoader, StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from duban import clerk_yaml, included, rehearsal_mark
from duban.errors import Refusal
from duban.text import clean

log = logging.getLogger(__name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CATALOGUE = "文书.yaml"

#: What a value is called in code -> what it is called in a template. Staff write the Chinese name: {{ 督办文号 }}.
FIELDS = {
    "reference": "督办文号", "title": "标题", "unit": "承办单位", "issued_on": "交办日期", "due_on": "办理时限",
    "limit_text": "时限依据", "type_text": "事项类别", "source_text": "来源", "instruction_by": "批示领导",
    "instruction_on": "批示日期", "instruction_text": "批示内容", "basis_document": "来文依据",
    "requirement": "办理要求", "new_requirement": "新的要求", "goal": "工作目标", "weekly": "周报要求",
    "urgency": "紧急程度", "mark": "密级", "copy_number": "份号", "distribution": "发放范围",
    "contact_name": "联系人", "contact_phone": "联系电话", "director": "办公室主任", "director_on": "主任审核日期",
    "signed_by": "签发人", "signed_on": "签发时间", "report_director": "审核人", "report_director_on": "审核日期",
    "report_chief": "审批人", "report_chief_on": "审批日期", "chief": "局长", "chief_on": "签发日期",
    "deputy": "分管领导", "deputy_on": "分管领导签字日期",
    "office_name": "办公室名称", "bureau": "机关名称", "document_on": "成文日期", "received_by": "领收人",
    "received_on": "领收时间", "feedback": "反馈方式", "urge_reference": "催办文号", "urge_number": "催办次数",
    "overdue_days": "逾期天数", "urge_due_on": "催办期限", "consequence": "逾期后果", "return_level": "退办层级",
    "return_reason": "退办原因", "return_requirement": "补办要求", "return_due_on": "补办期限",
    "return_by": "退办人", "return_on": "退办日期", "round": "轮次", "reply_on": "回复日期",
    "reply_signer": "回复签发人", "reply_summary": "办理情况", "conclusion": "结论", "office_opinion": "办公室意见",
    "report_on": "报告日期", "further_reason": "续办原因", "further_requirement": "续办要求", "new_due_on": "新的时限",
    "account_due_on": "说明期限", "account_to": "说明报送对象", "accountability_reason": "问责事由",
    "callee": "受话人", "called_on": "通话时间", "call_text": "通话内容", "caller": "主叫人", "clause": "条款",
    "regulation": "制度名称",
}  # fmt: skip
#: Lists: their name in code -> (their name in a template, the names of the columns of a line).
LISTS = {
    "rounds": (
        "轮次记录",
        {"round": "轮次", "started_on": "起始", "due_on": "时限", "what": "事项", "result_on": "结果"},
    ),
    "stages": ("阶段节点", {"stage": "阶段", "from_on": "起始", "to_on": "截止", "report_on": "反馈日"}),
}
#: A page is for reading: what is longer is cut here, visibly, and kept in full in the ledger.
LONGEST = 6000
_FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_CORE = "docProps/core.xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: Braces that a Chinese keyboard or an automatic correction made, and that would be printed as they stand.
_TORN = re.compile(r"[｛｝]|\{\s+[{%％]|[}%％]\s+\}|\{％|％\}")
#: zip has no time zone and no year before 1980; a document's bytes may not tell when it was made.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


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


def render(kind: str, values: Mapping[str, Any], organization_id: str = "baicheng") -> bytes:
    """Return the .docx of a document; the same values and template give the same bytes.

    `values` are named as in FIELDS and LISTS; what is absent or empty stays blank. `rehearsal=True` puts 演练 on
    every page. Raises Refusal for a kind the bureau does not have, a required field without a value, and a template
    that cannot be filled; TypeError for a value that no template can know (a mistake in code).
    """
    known = kinds(organization_id)
    if kind not in known:
        raise Refusal(f"没有“{kind}”这种文书，现有：{'、'.join(known)}。")
    path = known[kind].path
    if not path.is_file():
        raise Refusal(f"找不到《{kind}》的模板，请把 {path.name} 放到 templates/{organization_id} 下。")
    context = _context(values)
    context["条款"] = context["条款"] or known[kind].clause
    if missing := [name for name in known[kind].required if not context[name]]:
        raise Refusal(f"《{kind}》缺少“{'、'.join(missing)}”，请补充后再制作。")
    try:
        members = compiled(path, path.stat().st_mtime_ns, bool(values.get("rehearsal")))
        filled = [(name, _fill(part, context) if isinstance(part, Template) else part) for name, part in members]
    except Exception as error:  # staff edit templates: whatever they make of one, the clerk gets a sentence
        log.exception("template %s cannot be filled", path)
        reason = "；".join(check_template(path)) or str(error)
        raise Refusal(f"《{kind}》的模板有误，无法制作文书，请修改模板 {path.name}：{reason}") from error
    return _zip([(name, _core(kind, context) if name == _CORE else part) for name, part in filled])


def _context(values: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - set(FIELDS) - set(LISTS) - {"rehearsal"}:
        raise TypeError(f"no template knows the values {sorted(unknown)}; see documents.FIELDS")
    context: dict[str, Any] = {name: _text(values.get(field), name) for field, name in FIELDS.items()}
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
    if not _FILLED.fullmatch(name):
        return data
    source = tagged_xml(data)
    if not any(sign in source for sign in ("{{", "{%")):
        return data
    return ENVIRONMENT.from_string(source)


def tagged_xml(data: bytes) -> str:
    """A part of a template as text in which docxtpl has put tags together that Word had torn apart."""
    xml = etree.tostring(etree.fromstring(data, _PARSER), encoding="unicode")
    return str(DocxTemplate("").patch_xml(xml))


def check_template(path: Path) -> list[str]:
    """What is wrong with a template, in Chinese, for the people who edit it; empty if nothing was found.

    Found are: a file that is no .docx, tracked changes, full-width or torn braces, a missing end tag, a mistyped tag,
    and names of fields and columns that do not exist.
    """
    try:
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist() if _FILLED.fullmatch(name)}
            return [fault for data in parts.values() for fault in _faults(data)]
    except (zipfile.BadZipFile, KeyError, OSError, etree.XMLSyntaxError):
        return ["打不开，可能已损坏或者不是 .docx 文件"]


def _faults(data: bytes) -> Iterator[str]:
    root = etree.fromstring(data, _PARSER)
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
    fields = {*FIELDS.values(), *lists}
    for name in sorted(used - fields):
        yield f"没有“{name}”这个栏目{_near(name, fields)}"
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


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, loader=DictLoader({}))
    # With `safe` a template could let a unit's text be markup.
    environment.filters = {"default": environment.filters["default"], "length": environment.filters["length"]}
    return environment


ENVIRONMENT = _environment()
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def _fill(part: Template, context: Mapping[str, Any]) -> bytes:
    xml = part.render(context)
    if "\a" in xml or "\t" in xml:
        xml = str(DocxTemplate("").resolve_listing(xml))
    etree.fromstring(xml, _PARSER)  # an unbalanced condition in a template must not become an unreadable document
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
