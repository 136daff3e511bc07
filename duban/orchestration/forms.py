"""The registration form 立项登记 as Airflow's trigger form shows it.

Every field is valid as it starts: a run carries no more than its matter's number (the door puts the rest into the
ledger), and Airflow checks a run's conf against these fields. What is missing or wrong is said by the ledger's own
check, at the door, in one sentence, before a run exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow.sdk import Param

from duban.acts.form import MARKS, TEXTS, URGENCIES
from duban.organization import Organization
from duban.regulation import Regulation

MATTER, SOURCE, INSTRUCTION, HANDLING, SECRECY = "督办事项", "来源和依据", "领导批示", "办理", "密级和发放"
UNSAID = ""


def item_form(type_id: str, law: Regulation, org: Organization) -> dict[str, Param]:
    """Return the fields of the form for a matter of that type, in the order of the notice (rules.md §4).

    A pick list offers what the regulation and the organization file contain and nothing else.
    """
    rule = law.types[type_id]
    units = {unit.code: unit.name for unit in org.units.values()}
    sources = {str(number): f"{number}. {source.name}" for number, source in law.sources.items()}
    leaders = [person.name for person in org.holders(("chief", "deputy"))]
    form = {
        "title": _text("title", MATTER, "写明什么事，一行之内。涉密件只写代称。", wanted=True),
        "unit": _pick("承办单位", MATTER, units, "主办单位；一件只有一个主办单位。"),
        "requirement": _text("requirement", MATTER, "要办成什么、报什么。除涉密件外必填。", lines=True),
        "source": _pick("来源", SOURCE, sources, f"《{law.title}》的督办范围；决定用哪一种通知单。"),
        "basis_document": _text("basis_document", SOURCE, "来文或会议名称及文号。"),
        "instruction_by": _text("instruction_by", INSTRUCTION, "批示件必填；可选，也可直接填写。", examples=leaders),
        "instruction_on": _date("批示日期", INSTRUCTION, "批示件必填。"),
        "instruction_text": _text("instruction_text", INSTRUCTION, "批示件必填。照录原文；涉密件不填。", lines=True),
        "urgency": _pick("紧急程度", HANDLING, {word: word for word in URGENCIES}, "", URGENCIES[0]),
    }
    if rule.stated or rule.leader_overrides:
        form["due_on"] = _date("办理期限", HANDLING, "限时事项必填：办结的最后一天。")
    form |= {
        "contact": _text("contact", HANDLING, "承办单位有疑问时打给谁。"),
        "violation": _tick("反映违法违纪问题", HANDLING, "属实的，办结报告必须有处理意见或整改措施。"),
        "revisit": _tick("要求回访当事人", HANDLING, "办结报告必须写明回访情况。"),
        "mark": _pick("密级", SECRECY, {word: word for word in MARKS}, "秘密以上只登记代称和纸质件存放处。", MARKS[0]),
        "paper": _text("paper", SECRECY, "涉密件必填：纸质件在哪里、谁保管。"),
        "distribution": _text("distribution", SECRECY, "通知单发给谁；不填即只发承办单位。"),
    }
    return form


def _text(
    name: str,
    section: str,
    description: str,
    *,
    wanted: bool = False,
    lines: bool = False,
    examples: list[str] | None = None,
) -> Param:
    label, most = TEXTS[name]
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
