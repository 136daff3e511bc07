"""What a matter's papers say of the matter itself: its form, its state and its regulation, in words."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from duban import clock, ledger
from duban.acts.act import Act
from duban.acts.form import URGENCIES, is_secret
from duban.documents import PAPER_ELSEWHERE as SEE_PAPER
from duban.ledger.standing import Node, State
from duban.regulation import vocabulary

#: What opened a round, as the 办理报告 lists it.
OPENED = {
    "dispatched": "交办",
    "extended": "延期",
    "returned": "退回补办",
    "further_work": "续办",
    "instructed": "新批示",
    "progress": "催办后报进展",
    "accounted": "书面说明后重定时限",
    "period": "定期报送",
    "phase": "阶段",
}
_NUMERALS = "一二三四五六七八九十"
_WEEKDAYS = {number: word for word, number in vocabulary.WEEKDAYS.items()}
_PREREQUISITES = {code: word for word, code in vocabulary.PREREQUISITES.items()}
_MODES = {code: word for word, code in vocabulary.MODES.items()}
_HINTS = {
    "always": "（写清事实：做了什么，什么时间、谁做的，落实了没有；没有落实的，写原因和解决办法）",
    "substantiated": "（情况属实的，写对责任人的处理意见；不属实的写“不属实”）",
    "needs_rectification": "（需要整改的，写具体措施、责任人和完成时间；不需要的写“不需要”）",
    "visit_required": "（写回访的时间、方式和当事人的意见，当事人姓名隐去）",
}
_SECTION_FLAGS = {"substantiated": "violation", "needs_rectification": "violation", "visit_required": "revisit"}


def day(value: date | datetime | str | None) -> str:
    """A date as documents write it: 2026年3月5日, nothing padded (GB/T 9704)."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(clock.SHANGHAI).date()
    return f"{value.year}年{value.month}月{value.day}日"


def hour(value: datetime) -> str:
    """A moment as documents write it: 2026年3月5日 09:30, Shanghai."""
    at = value.astimezone(clock.SHANGHAI)
    return f"{day(at)} {at:%H:%M}"


def matter_values(it: Act) -> dict[str, Any]:
    """What a template may use of the matter as it stands."""
    state, law, org, unit = it.state, it.law, it.org, it.unit
    form = state.form
    secret = is_secret(state.mark)
    contact = org.posts["office"]
    values: dict[str, Any] = {
        "rehearsal": ledger.is_rehearsal(it.session),
        "bureau": org.name,
        "regulation": law.title,
        "office_name": org.office,
        "number": state.number,
        "reference": state.reference,
        "title": state.title,
        "subject": subject(state.title),
        "unit": unit.name,
        "unit_head": unit.head.name,
        "liaison": unit.liaison.name,
        "liaison_phone": unit.liaison.phone,
        "cohandlers": "、".join(org.unit(code).name for code in state.cohandlers),
        "partners": "、".join(form.get("partners") or ()),
        "mode_text": "" if state.mode == "written" else f"{_MODES[state.mode]}督办",
        "visit_basis": SEE_PAPER if secret else visit_basis(it),
        "registered_on": day(state.registered_at),
        "issued_on": day(state.rounds[0].opened_at if state.rounds else it.now),
        "due_on": day(state.due_on),
        "proposed_limit": day(form.get("due_on")) or str(law.types[state.type].limit or ""),
        "limit_text": limit_text(it),
        "weekly": "" if state.nodes and state.type == "staged" else cadence_text(it),
        "type_text": law.types[state.type].name,
        "source_text": law.sources[form["source"]].name,
        "instruction_by": form.get("instruction_by", ""),
        "instruction_on": day(form.get("instruction_on")),
        "instruction_text": SEE_PAPER if secret else _instructions(state),
        "basis_document": SEE_PAPER if secret else form.get("basis_document", ""),
        "goal": SEE_PAPER if secret and form.get("goal") else form.get("goal", ""),
        "requirement": SEE_PAPER if secret else form.get("requirement", ""),
        "urgency": "" if form.get("urgency") == URGENCIES[0] else form.get("urgency", ""),
        "mark": state.mark,
        "copy_number": "000001" if secret else "",
        "distribution": form.get("distribution", ""),
        "contact_name": contact.name,
        "contact_phone": form.get("contact") or contact.phone,
        "recorder": contact.name,
        "feedback": feedback(it),
        "round": state.round,
        "report_on": day(it.now),
        "document_on": day(it.now),
        "party_committee": org.title("party"),
        "consequence": consequence(it),
        "stages": [_stage(it, node) for node in state.nodes] if state.type == "staged" else [],
        "parts": _parts(it),
        "sections": _sections(it),
    }
    for desk in ("director", "chief", "deputy"):
        signature = state.signatures.get(desk, {})
        if desk == "chief" and not signature:
            signature = state.signatures.get("leader", {})  # 局领导: any of them, where elsewhere the chief (MM-4.1)
        values[desk] = signature.get("by", "")
        values[f"{desk}_on"] = day(signature.get("at"))
    return values | _round_values(it) | _node_values(it)


def subject(title: str) -> str:
    """What a report on the matter is about: 关于甲问题的督办 -> 甲问题办理情况."""
    core = title.removeprefix("关于")
    core = re.sub(r"的?(督办|督查|督办通知|督查通知|办理|通知|批示)$", "", core) or title
    return core if core.endswith("情况") else f"{core}办理情况"


def visit_basis(it: Act) -> str:
    """Why the office goes and looks: the chief's order, the party committee's consent, or the clause alone."""
    form = it.state.form
    rule = it.law.modes.get(it.state.mode)
    wanted = _PREREQUISITES.get(rule.requires or "", "") if rule is not None else ""
    for who in ("order", "consent"):
        if by := form.get(f"{who}_by"):
            parts = (by, day(form.get(f"{who}_on")), form.get(f"{who}_text") or form.get(f"{who}_number") or "")
            return f"{wanted}（{'，'.join(part for part in parts if part)}）"
    if reason := form.get("own_reason"):
        return f"{wanted}：{reason}"
    return wanted or (f"《{it.law.title}》{rule.basis.clause}" if rule is not None else f"《{it.law.title}》")


def feedback(it: Act) -> str:
    """How the unit has to report back, in words."""
    rule = it.law.reply
    signers = "、".join(it.org.title(post) for post in rule.signers)
    copies = {"both": "纸质件和电子文稿", "either": "纸质件或电子文稿", "paper": "纸质件", "electronic": "电子文稿"}[
        rule.copies
    ]
    return f"{rule.document}（{signers}审核签字{'并加盖单位印章' if rule.seal else ''}），{copies}"


def limit_text(it: Act) -> str:
    """The limit with its clause, as the notice prints it."""
    rule = it.law.types[it.state.type]
    stated = bool(it.state.form.get("due_on")) or rule.limit is None
    return f"{'限期办结' if stated else rule.limit}（《{it.law.title}》{rule.basis.clause}）"


def cadence_text(it: Act) -> str:
    """How often progress has to be reported (BC-6.4, MM-3.5), empty where the type has no cadence."""
    rule = it.law.types[it.state.type].cadence
    if rule is None:
        return ""
    when = {
        "week": f"每{_WEEKDAYS.get(rule.weekday, '周') if rule.weekday is not None else '周'}",
        "month": f"每月{rule.day}日前" if rule.day is not None else "每月",
    }.get(rule.every or "", "定期")
    roll = {"previous": "，遇休息日提前", "next": "，遇休息日顺延"}.get(rule.roll, "")
    return f"{when}报送{rule.document or '工作进展'}{roll}"


def consequence(it: Act) -> str:
    """What follows when an urge is not answered, as the urge says it beforehand."""
    rule = it.law.urge
    if not rule.then:
        return ""
    words = {code: word for word, code in vocabulary.CONSEQUENCES.items()}
    after = f"再过{rule.grace}仍没有结果和进展的" if rule.grace else "仍不报送的"
    return (
        f"{after}，按规定办理：{'、'.join(words[one] for one in rule.then)}（《{it.law.title}》{rule.basis.clause}）。"
    )


def _instructions(state: State) -> str:
    """The instruction and those that came after it, each with its leader and day."""
    later = [f"{one['leader']}（{day(one['on'])}）：{one['text']}" for one in state.instructions]
    return "\n".join([state.form.get("instruction_text", ""), *later]).strip()


def _stage(it: Act, node: Node) -> Mapping[str, str]:
    by = "承办单位" if node.by == "unit" else it.org.title("office")
    stage = it.state.form["stages"][node.number - 1]
    return {
        "stage": node.name,
        "from_on": day(node.starts_on),
        "to_on": day(stage["ends_on"]),  # its report may be due later
        "report_on": day(node.due_on),
        "by": by,
    }


def _node_values(it: Act) -> dict[str, str]:
    """The date to report on that the matter has come to: a week, a month or a phase."""
    node = next((one for one in it.state.nodes if one.number == it.state.node), None)
    if node is None:
        return {}
    span = f"{day(node.starts_on)}至{day(node.due_on)}" if node.starts_on else ""
    return {"node": node.name, "node_due_on": day(node.due_on), "period": span}


def _parts(it: Act) -> list[dict[str, str]]:
    """Who does what of a matter that is divided (LZ-2.1, 2.5): as its notice says it, and how far each has come."""
    words = {"": "办理中", "closed": "办结", "cancelled": "撤销"}
    known = {part.unit: part for part in it.state.parts}
    secret = is_secret(it.state.mark)
    return [
        {
            "nth": str(nth),
            "reference": f"{it.state.reference.removesuffix('号')}-{nth}号",
            "short": f"{it.state.reference.removesuffix('号').rpartition('〕')[2]}-{nth}号",
            "unit": it.org.unit(one["unit"]).short,
            "requirement": SEE_PAPER if secret else one.get("requirement", ""),
            "due_on": day(known[one["unit"]].due_on if one["unit"] in known else one.get("due_on") or it.state.due_on),
            "ended": words[known[one["unit"]].ended] if one["unit"] in known else "",
        }
        for nth, one in enumerate(it.state.form.get("parts") or (), start=1)
    ]


def _sections(it: Act) -> list[dict[str, str]]:
    """The sections that the reply to this matter has to have (BC-8.2, 7.1.4), numbered 一, 二 …"""
    form = it.state.form
    wanted = [
        (name, rule.when)
        for name, rule in it.law.reply_sections.items()
        if rule.when not in _SECTION_FLAGS or form.get(_SECTION_FLAGS[rule.when])
    ]
    wanted = wanted or [("办理情况", "always")]
    return [
        {"nth": _NUMERALS[place] if place < len(_NUMERALS) else str(place + 1), "name": name, "hint": _HINTS[when]}
        for place, (name, when) in enumerate(wanted)
    ]


def _round_values(it: Act) -> dict[str, Any]:
    state = it.state
    if not state.rounds:
        return {}
    current = state.current
    rounds = [
        {
            "round": one.number,
            "started_on": day(one.opened_at),
            "due_on": day(one.due_on),
            "what": OPENED.get(one.opened_by, "继续办理") + ("（逾期）" if one.lapsed else ""),
            "result_on": day(one.replied_at) or "没有回复",
        }
        for one in state.rounds
    ]
    return {
        "rounds": rounds,
        "overdue_days": max((it.now.date() - current.due_on).days, 0) or "",
        "urge_number": sum(one.urges for one in state.rounds) or "",
        "new_due_on": day(current.due_on),
    }
