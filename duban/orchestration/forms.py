"""The registration form 立项登记 as Airflow's trigger form shows it.

Every field is valid as it starts: a run carries no more than its matter's number (the door puts the rest into the
ledger), and Airflow checks a run's conf against these fields. What is missing or wrong is said by the ledger's own
check, at the door, in one sentence, before a run exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow.sdk import Param

from duban.acts import modes
from duban.acts.form import MARKS, TEXTS, TICKS, URGENCIES
from duban.acts.tables import CAMPAIGN
from duban.organization import Organization
from duban.regulation import Regulation

MATTER, SOURCE, INSTRUCTION, HANDLING, SECRECY = "督办事项", "来源和依据", "领导批示", "办理", "密级和发放"
MODE, PROPOSAL, TABLES = "督办方式", "呈批", "阶段和分工"
UNSAID = ""
LABELS = {name: label for name, (label, _most) in TEXTS.items()} | modes.DATES | modes.LISTS | modes.CHOICES | TICKS


def item_form(type_id: str, law: Regulation, org: Organization) -> dict[str, Param]:
    """Return the fields of the form for a matter of that type, in the order of the notice (rules.md §4).

    A pick list offers what the regulation and the organization file contain and nothing else; what this regulation
    does not know (a mode, a way of proposal, a way up) is not asked.
    """
    rule = law.types[type_id]
    units = {unit.code: unit.name for unit in org.units.values()}
    sources = {str(number): f"{number}. {source.name}" for number, source in law.sources.items()}
    leaders = [person.name for person in org.holders(("chief", "deputy"))]
    of_modes = _of_modes(law, org)
    lead = "主办单位；其他单位写在协办单位里。" if type_id != "decomposed" else "牵头单位，汇总各单位的分办结果。"
    form = {
        "title": _text("title", MATTER, "写明什么事，一行之内。涉密件只写代称。", wanted=True),
        "unit": _pick("承办单位", MATTER, units, lead),
        "cohandlers": of_modes.pop("cohandlers"),
        "requirement": _text("requirement", MATTER, "要办成什么、报什么。除涉密件外必填。", lines=True),
        "goal": _text("goal", MATTER, "重点工作填写，印在通知单上；没有的不填。"),
        **_tables(type_id),
        "source": _pick("来源", SOURCE, sources, f"《{law.title}》的督办范围；决定用哪一种通知单。"),
        "basis_document": _text("basis_document", SOURCE, "来文或会议名称及文号。"),
        "instruction_by": _text("instruction_by", INSTRUCTION, "批示件必填；可选，也可直接填写。", examples=leaders),
        "instruction_on": _date("批示日期", INSTRUCTION, "批示件必填。"),
        "instruction_text": _text("instruction_text", INSTRUCTION, "批示件必填。照录原文；涉密件不填。", lines=True),
        "urgency": _pick("紧急程度", HANDLING, {word: word for word in URGENCIES}, "", URGENCIES[0]),
    }
    if type_id != "staged" and (rule.stated or rule.leader_overrides or rule.cadence is not None):
        said = "报到哪一天为止；不填即一直报到办结。" if rule.cadence is not None else "办结的最后一天。"
        wanted = "必填：" if rule.stated else ""
        form["due_on"] = _date("办理期限", HANDLING, wanted + said)
    form |= {
        "contact": _text("contact", HANDLING, "承办单位有疑问时打给谁。"),
        "violation": _tick("反映违法违纪问题", HANDLING, "属实的，办结报告必须有处理意见或整改措施。"),
        "revisit": _tick("要求回访当事人", HANDLING, "办结报告必须写明回访情况。"),
        **{name: field for name, field in of_modes.items() if name != "readers"},
        "mark": _pick("密级", SECRECY, {word: word for word in MARKS}, "秘密以上只登记代称和纸质件存放处。", MARKS[0]),
        "paper": _text("paper", SECRECY, "涉密件必填：纸质件在哪里、谁保管。"),
        "distribution": _text("distribution", SECRECY, "通知单发给谁；不填即只发承办单位。"),
        **{name: field for name, field in of_modes.items() if name == "readers"},
    }
    return form


def _tables(type_id: str) -> dict[str, Param]:
    if type_id == "staged":
        stages = (
            "必填，一行一个阶段：名称 开始日期 结束日期；由办公室检查的阶段行末写“办公室”。例：调研梳理 9月1日 9月10日"
        )
        return {
            "stages": _plain("阶段", TABLES, stages, lines=True),
            "campaign": _plain(CAMPAIGN[0], TABLES, "同一专项的几件事填同一个名称。", most=CAMPAIGN[1]),
        }
    if type_id == "decomposed":
        parts = "必填，一行一个单位：单位 要求 期限（不晚于主件，可不写）。例：经侦支队 核查资金流向 3月10日"
        return {"parts": _plain("分工", TABLES, parts, lines=True)}
    return {}


def _of_modes(law: Regulation, org: Organization) -> dict[str, Param]:
    """The fields that the modes, the proposals and the ways up of this regulation ask for."""
    people = {"order_by": org.holders("chief"), "consent_by": org.holders("party")}
    partners = law.modes["joint"].partners if "joint" in law.modes else ()
    said = {
        "cohandlers": "几个单位之间用顿号隔开。",
        "order_by": "实地督办必填。",
        "order_text": "实地督办填写：局长怎样要求的，与文号至少填一项。",
        "consent_by": "暗访必填。",
        "consent_number": "暗访必填：会议纪要或批件的文号。",
        "own_reason": "直接办理必填。",
        "partners": f"联合督办必填，几个之间用顿号隔开：{'、'.join(partners)}。",
        "readers": "指定谁可以知道这件事，写姓名，用顿号隔开；不填即本单位的人都可以看。",
        "proposed_by": "由部门呈批的填写：单位名称。",
        "proposal_reason": "由部门呈批的填写。",
        "report_to": "上报给谁；不填即按来源。",
    }
    choices = {
        "mode": modes.offered(law),
        "proposal_route": {code: word for word, code in modes.ROUTES.items()},
        "report_up": {"是": "上报", "否": "不上报"},
    }
    usual = {"mode": "不选即书面督办。", "proposal_route": "由部门呈批的选择。", "report_up": "不选即按来源。"}
    fields: dict[str, Param] = {}
    for name in modes.fields_for(law):
        section = _SECTIONS.get(name, MODE)
        if name in choices:
            fields[name] = _pick(LABELS[name], section, choices[name], usual[name])
        elif name in modes.DATES:
            fields[name] = _date(LABELS[name], section, said.get(name, ""))
        elif name in modes.LISTS:
            fields[name] = _plain(LABELS[name], section, said.get(name, ""))
        else:
            names = [one.name for one in people.get(name, ())]
            fields[name] = _text(name, section, said.get(name, ""), lines=TEXTS[name][1] > 200, examples=names)
    return fields


_SECTIONS = {
    "cohandlers": MATTER,
    "readers": SECRECY,
    "proposed_by": PROPOSAL,
    "proposal_reason": PROPOSAL,
    "proposal_route": PROPOSAL,
    "report_up": SOURCE,
    "report_to": SOURCE,
}


def _plain(title: str, section: str, description: str, *, lines: bool = False, most: int | None = None) -> Param:
    more: dict[str, Any] = ({"format": "multiline"} if lines else {}) | ({"maxLength": most} if most else {})
    return Param(None, type=["string", "null"], title=title, description=description, section=section, **more)


def _text(
    name: str,
    section: str,
    description: str,
    *,
    wanted: bool = False,
    lines: bool = False,
    examples: list[str] | None = None,
) -> Param:
    label, most = LABELS[name], TEXTS[name][1]
    more: dict[str, Any] = {"format": "multiline"} if lines else {}
    if examples:
        more["examples"] = examples
    # The form does not let go of a field that may not be null and is empty; Airflow itself takes an empty text.
    start, kind = (UNSAID, "string") if wanted else (None, ["string", "null"])
    return Param(start, type=kind, title=label, description=description, section=section, maxLength=most, **more)


def _pick(title: str, section: str, choices: Mapping[str, str], description: str, start: str = UNSAID) -> Param:
    offered = dict(choices) if start else {UNSAID: "（请选择）", **choices}
    return Param(
        start,
        type="string",
        title=title,
        description=description,
        section=section,
        enum=list(offered),
        values_display=offered,
    )


def _date(title: str, section: str, description: str) -> Param:
    return Param(None, type=["string", "null"], format="date", title=title, description=description, section=section)


def _tick(title: str, section: str, description: str) -> Param:
    return Param(False, type=["boolean", "null"], title=title, description=description, section=section)
