"""审核、办结、归档: what the office, the leaders and the file room do with a reply (T23–T35)."""

from datetime import date
from typing import Any

from duban import deadlines
from duban.acts import parts, periods, upward
from duban.acts.act import SYSTEM, Act, act, post_name
from duban.acts.due import day_of, due_data, stated_due
from duban.acts.papers import make
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import UNDER_REVIEW, State
from duban.text import clean, optional, required

LONGEST = 5000  # characters


def accept(it: Act, key: str, actor: Actor, fields: dict[str, Any]) -> State:
    """审核合格 (T27), with the faults that the reviewer found and corrected; they score, they do not return."""
    _refuse_incomplete_check(it, fields)
    data = {
        "option": fields.get("option", ""),
        "format_fault": bool(fields.get("format_fault")),
        "subject_mismatch": bool(fields.get("subject_mismatch")),
        # The 办理报告 is written from it; asked for here, where somebody can still answer.
        "summary": required(fields.get("summary"), "办理情况摘要", LONGEST),
        "conclusion": optional(fields.get("conclusion"), "结论", LONGEST),
        "opinion": optional(fields.get("opinion"), "办公室意见", LONGEST),
    }
    it.record("accepted", key, actor, it.law.review.basis.clause, data)
    # A phase is done and the next begins, a part is done and its parent learns of it, or the whole matter is.
    return periods.carry_on(it) or parts.conclude(it) or it.state


def _refuse_incomplete_check(it: Act, fields: dict[str, Any]) -> None:
    """A breach of discipline, and a party to be called on, want their sections in the report (BC-8.2, 7.1.4)."""
    for flag, label in (("violation", "处理意见或整改措施"), ("revisit", "回访当事人情况")):
        if it.state.form.get(flag) and not fields.get(f"has_{flag}"):
            raise Refusal(f"本件要求报告中有{label}，请核对后勾选“报告有{label}”，没有的请退回补充。")


def give_back(it: Act, key: str, actor: Actor, level: str, reason: str, fields: dict[str, Any]) -> State:
    """退回 (T23–T25): a new round with a date of its own. Whether it scores is the reason's doing (A8)."""
    rule = it.law.returns
    if reason not in rule.reasons:
        raise Refusal("“退回理由”没有填写，请选择一项；是否扣分由理由决定。")
    wanted = required(fields.get("requirement"), "补办要求", LONGEST)
    stated = day_of(fields.get("due_on"))
    due = stated_due(it, stated) if stated else deadlines.due(rule.limit, it.now, it.law)
    data = due_data(due) | {
        "level": level,
        "level_text": post_name(level),
        "reason": reason,
        "scores": it.law.score_of_return(level, reason) is not None,
        "option": fields.get("option", ""),
        "requirement": wanted,
        "by": actor.name,
    }
    it.record("returned", key, actor, rule.basis.clause, data)
    make(it, rule.document)
    return it.state


def continue_work(it: Act, key: str, actor: Actor, fields: dict[str, Any]) -> State:
    """续办 (T33): the reply was good, the matter needs more; a new round, no deduction (A20)."""
    rule = it.law.further_work
    stated = day_of(fields.get("due_on"))
    if stated is None and rule.limit is None:
        raise Refusal("续办要写明期限，请填写“补办（续办）期限”。")
    due = stated_due(it, stated) if stated else deadlines.due(rule.limit, it.now, it.law)
    data = due_data(due) | {
        "option": fields.get("option", ""),
        "reason": optional(fields.get("opinion"), "续办原因", LONGEST),
        "requirement": required(fields.get("requirement"), "续办要求", LONGEST),
    }
    it.record("further_work", key, actor, rule.basis.clause, data)
    make(it, rule.document)
    return it.state


def write_report(number: str) -> State:
    """办理报告 (T28): made from the ledger and laid on the first desk of the closing chain. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("report"):
            chain = it.law.close_chain
            make(it, chain.document)
            data = {"desks": [desk.post for desk in chain.desks]}
            it.record("reported", f"report:{it.state.round}", SYSTEM, chain.basis.clause, data)
        return it.state


def approve(it: Act, key: str, actor: Actor, desk: str, fields: dict[str, Any]) -> State:
    """A desk of the closing chain agrees (T29); the last one closes the matter (T31)."""
    data = {
        "option": fields.get("option", ""),
        "desk": desk,
        "opinion": optional(fields.get("opinion"), "意见", LONGEST),
    }
    if desk == it.state.close_desks[-1]:
        data["upward"] = upward.case_of(it) is not None
    return it.record("approved", key, actor, it.law.close_chain.basis.clause, data)


def leader_return(
    number: str, actor: Actor, level: str, reason: str, requirement: str, due_on: date | None = None
) -> State:
    """A leader sends a reply back, at any time from reply to closing; the chief also after it (T24, T25, A18)."""
    with act(number) as it:
        if it.state.state == "returned" and it.repeats("returned", {"level": level, "requirement": clean(requirement)}):
            return it.state
        late = it.state.state == "closed" and level == "chief"
        if it.state.state not in UNDER_REVIEW and not late:
            raise Refusal(f"督办件 {number} 目前没有待审的回复，不能批示重办；需要追加要求的请登记新批示。")
        fields = {"requirement": requirement, "due_on": due_on}
        return give_back(it, f"leader_return:{it.state.round}", actor, level, reason, fields)


def file_away(number: str) -> State:
    """归档 (T35): closed or withdrawn, the matter is marked for the file of its year. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("file"):
            rule = it.law.archive
            it.record(
                "filed", f"file:{it.state.round}", SYSTEM, rule.basis.clause, {"year": it.state.registered_at.year}
            )
        return it.state
