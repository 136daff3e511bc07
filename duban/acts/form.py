"""The registration form (立项): what must be in it, and the sentence for each thing that is wrong with it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from duban import deadlines, regulation
from duban.acts import modes, tables
from duban.acts.form_values import day, one_of, yes_or_no
from duban.errors import Refusal
from duban.marks import MARKS as MARKS
from duban.marks import SECRET_MARKS as SECRET_MARKS
from duban.marks import is_secret as is_secret
from duban.organization import Organization
from duban.regulation import vocabulary
from duban.text import optional, required

#: What of a state secret is never entered here; its 标题 is a code word and its tables name nothing.
CONTENT = ("requirement", "goal", "instruction_text", "basis_document", *modes.CONTENT)
#: field -> (what it is called, most characters). Longer texts belong into an attachment, not on a notice.
TEXTS: dict[str, tuple[str, int]] = {
    "title": ("标题", 120),
    "requirement": ("办理要求", 5000),
    "goal": ("工作目标", 500),
    "instruction_by": ("批示领导", 40),
    "instruction_text": ("批示内容", 5000),
    "basis_document": ("来文/依据", 200),
    "paper": ("纸质件存放处", 100),
    "distribution": ("发放范围", 200),
    "contact": ("联系电话", 60),
    **modes.TEXTS,
}
TICKS = {"violation": "违法违纪", "revisit": "要求回访"}
URGENCIES = tuple(reversed(vocabulary.URGENCIES))  # 平件 first: what is not urgent needs no word
OTHERS = ("type", "unit", "source", "instruction_on", "urgency", "mark", "due_on")
FIELDS = tuple(dict.fromkeys((*TEXTS, *OTHERS, *TICKS, *modes.FIELDS, *tables.FIELDS)))


def checked(
    form: Mapping[str, Any],
    law: regulation.Regulation,
    org: Organization,
    now: datetime,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The form, cleaned and complete (BC-5.1a: unit, limit, requirement), ready to be put in the ledger.

    `before`: the form as it was accepted, when it is changed. Raises Refusal with one sentence for the first thing
    that is wrong: an unknown field, unit, source, type or mode; an empty title or requirement; a mode whose
    prerequisite is not shown; a date in the past or in a year without a published calendar; the content of a state
    secret.
    """
    if unknown := sorted(set(form) - set(FIELDS)):
        raise Refusal(f"登记表里没有“{'、'.join(unknown)}”这一项，请按表格填写（编号由系统编排，不必填写）。")
    if not isinstance(form.get("type"), str) or form["type"] not in law.types:
        raise Refusal(f"《{law.title}》没有督办类型“{form.get('type')}”，请从{_types(law)}中选择。")
    result: dict[str, Any] = {"type": form["type"]}
    for name, (label, most) in TEXTS.items():
        result[name] = optional(form.get(name), label, most)
    result["title"] = required(form.get("title"), *TEXTS["title"]).replace("\n", " ")
    result["urgency"] = one_of(form.get("urgency") or URGENCIES[0], URGENCIES, "紧急程度")
    result["mark"] = _mark(form.get("mark"))
    result["source"] = _source(form.get("source"), law)
    result["instruction_on"] = day(form.get("instruction_on"), "批示日期")
    for name, label in TICKS.items():
        result[name] = yes_or_no(form.get(name), label)
    result["due_on"] = day(form.get("due_on"), "办理期限")
    secret = is_secret(result["mark"])
    said = {**form, "source": result["source"]}
    result |= modes.checked(said, law, org, now, secret=secret, before=before)
    result |= tables.checked(form, result, law, org, now, secret=secret, before=before)
    if secret:
        _refuse_secret_content(result)
    else:
        result["requirement"] = required(form.get("requirement"), *TEXTS["requirement"])
        _refuse_incomplete_instruction(result, law, now)
    _refuse_impossible_limit(result, law, now)
    return result


def _types(law: regulation.Regulation) -> str:
    # Commands and programs name a type by its code, people by its name.
    return "、".join(f"{rule.name}（{code}）" for code, rule in law.types.items())


def _mark(value: object) -> str:
    text = optional(value, "密级", 30)
    mark, _star, _term = text.partition("★")
    one_of(mark or MARKS[0], MARKS, "密级")
    return "" if mark in ("", MARKS[0]) else text


def _source(value: object, law: regulation.Regulation) -> int:
    known = "、".join(f"{code} {source.name}" for code, source in law.sources.items())
    if value in (None, ""):
        raise Refusal(f"“来源”没有选择，请从 {known} 中选择。")
    try:
        code = int(str(value))
    except ValueError:
        raise Refusal(f"“来源”不是序号，请从 {known} 中选择。") from None
    if code not in law.sources:
        raise Refusal(f"《{law.title}》没有第{code}类来源，请从 {known} 中选择。")
    return code


def _refuse_incomplete_instruction(form: dict[str, Any], law: regulation.Regulation, now: datetime) -> None:
    """A notice of an instruction needs the leader, the words and the day (A1); another needs none of them."""
    _kind, notice = law.notice_for(form["source"], form["instruction_by"])
    if not notice.needs_leader and not any(form[name] for name in ("instruction_by", "instruction_text")):
        return
    for name, label in (
        ("instruction_by", "批示领导"),
        ("instruction_text", "批示内容"),
        ("instruction_on", "批示日期"),
    ):
        if not form[name]:
            raise Refusal(f"这类来源须登记领导批示，“{label}”没有填写，请补充后再提交。")
    if form["instruction_on"] > now.date().isoformat():
        raise Refusal(f"批示日期 {form['instruction_on']} 晚于今天，请核对。")


def _refuse_secret_content(form: dict[str, Any]) -> None:
    if not form["paper"]:
        raise Refusal(f"{form['mark']}件只登记编号、密级和纸质件存放处，请填写“纸质件存放处”。")
    filled = [TEXTS[name][0] for name in CONTENT if form[name]]
    if form["mode"] == "phone":
        raise Refusal(f"{form['mark']}件不得用电话督办，请改用书面督办。")
    if filled:
        raise Refusal(
            f"{form['mark']}件的内容不得录入本系统，请清空“{'、'.join(filled)}”，标题只写代称，内容见纸质件。"
        )


def _refuse_impossible_limit(form: dict[str, Any], law: regulation.Regulation, now: datetime) -> None:
    # Counted now so that a missing holiday calendar is found at the form and not when the notice goes out.
    rule = law.types[form["type"]]
    limit = rule.limit
    if form["due_on"]:
        if limit is not None and not rule.leader_overrides:
            raise Refusal(
                f"这类督办的时限由制度规定（{limit}），“限时日期”（办理期限）请留空；需要另定期限的请登记为限时督办。"
            )
        stated = date.fromisoformat(form["due_on"])
        if stated < now.date():
            raise Refusal(f"办理期限 {form['due_on']} 已经过去，请填写今天以后的日期。")
        deadlines.stated(stated, law, today=now.date())
    elif limit is not None:
        deadlines.due(limit, now, law)
    elif rule.cadence is None:
        raise Refusal(f"{rule.name}要写明办理期限，请填写“办理期限”。")
