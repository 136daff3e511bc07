"""审核、办结、归档: what the office, the leaders and the file room do with a reply (T23–T35)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from duban import deadlines
from duban.acts import parts, periods, upward
from duban.acts.act import SYSTEM, Act, act
from duban.acts.beginning import refuse_unhanded
from duban.acts.bounds import refuse_outside
from duban.acts.due import day_of, due_data, stated_due
from duban.acts.papers import make
from duban.acts.words import told
from duban.deadlines import Due
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import UNDER_REVIEW, State
from duban.regulation import Limit, Regulation

#: What a reviewer may find in a reply that is accepted all the same; each may deduct points (BC-7.1.2, 7.1.4).
FAULTS = ("format_fault", "subject_mismatch", "no_visit")
#: In the name of the report's copy that bears the approvals.
APPROVED = "（已审批）"


def accept(it: Act, key: str, actor: Actor, fields: dict[str, Any]) -> State:
    """审核合格 (T27), with the faults that the reviewer found and corrected; they score, they do not return."""
    refuse_incomplete(it, fields)
    data = {
        "option": fields.get("option", ""),
        **{fault: bool(fields.get(fault)) for fault in FAULTS},
        # The 办理报告 is written from it; asked for here, where somebody can still answer.
        "summary": told(it, fields.get("summary"), "办理情况摘要"),
        "conclusion": told(it, fields.get("conclusion"), "结论", wanted=False),
        "opinion": told(it, fields.get("opinion"), "办公室意见", wanted=False),
    }
    it.record("accepted", key, actor, it.law.review.basis.clause, data)
    # A phase is done and the next begins, a part is done and its parent learns of it, or the whole matter is.
    return periods.carry_on(it) or parts.conclude(it) or it.state


def gates(law: Regulation, form: Mapping[str, Any]) -> dict[str, str]:
    """What must be in the report of this matter before it may be accepted: tick of the review -> its words.

    A breach of discipline wants what is done about it (BC-8.2), a party that is to be called on wants the visit
    (BC-7.1.4), where the regulation lays such sections down and the office looks into replies at all (MM-3.2: not).
    """
    if law.review.depth == "none":
        return {}
    conditions = {section.when for section in law.reply_sections.values()}
    wanted = {}
    if form.get("violation") and conditions & {"substantiated", "needs_rectification"}:
        wanted["has_violation"] = "处理意见或整改措施"
    if form.get("revisit") and "visit_required" in conditions:
        wanted["has_revisit"] = "回访当事人情况"
    return wanted


def refuse_incomplete(it: Act, fields: dict[str, Any]) -> None:
    """Refuse to accept a reply without its sections, or whose paper copy has not come (LZ-3.2: both together)."""
    for tick, label in gates(it.law, it.state.form).items():
        if tick == "has_revisit" and fields.get("no_visit"):
            continue  # accepted with the fault, which deducts points
        if not fields.get(tick):
            raise Refusal(f"本件要求报告中有{label}，请核对后勾选“报告有{label}”，没有的请退回补充。")
    if fields.get("no_paper"):
        raise Refusal("纸质件还没有收到，不能审核通过；请向承办单位索要，或退回补办。")


def give_back(it: Act, key: str, actor: Actor, level: str, reason: str, fields: dict[str, Any]) -> State:
    """退回 (T23–T25): a new round with a date of its own. Whether it scores is the reason's doing (A8)."""
    rule = it.law.returns
    if reason not in rule.reasons:
        raise Refusal("“退回理由”没有填写，请选择一项；是否扣分由理由决定。")
    wanted = told(it, fields.get("requirement"), "补办要求")
    data = due_data(_due_of(it, fields, rule.limit, "退回"), it) | {
        "level": level,
        "level_text": it.org.title(level),
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
    data = due_data(_due_of(it, fields, rule.limit, "续办"), it) | {
        "option": fields.get("option", ""),
        "reason": told(it, fields.get("opinion"), "续办原因", wanted=False),
        "requirement": told(it, fields.get("requirement"), "续办要求"),
    }
    it.record("further_work", key, actor, rule.basis.clause, data)
    make(it, rule.document)
    return it.state


def _due_of(it: Act, fields: dict[str, Any], limit: Limit | None, what: str) -> Due:
    """The date that is written, else the limit of the rule. Raises Refusal when there is neither."""
    if (stated := day_of(fields.get("due_on"))) is not None:
        refuse_outside(it, stated)
        return stated_due(it, stated)
    if limit is None:
        raise Refusal(f"{what}要写明期限，请填写“补办（续办）期限”。")
    return deadlines.due(limit, it.now, it.law)


def further_work(number: str, actor: Actor, requirement: str, due_on: date | None = None, reason: str = "") -> State:
    """续办 (T33) at the office's word, once the reply is accepted or the matter closed; no return, nothing deducted.

    The same request twice is one. Raises Refusal while the unit still has the matter and after a withdrawal.
    """
    with act(number) as it:
        said = {"requirement": told(it, requirement, "续办要求")}
        opened_so = it.state.rounds and it.state.current.opened_by == "further_work"
        if opened_so and it.state.state not in UNDER_REVIEW and it.repeats("further_work", said):
            return it.state
        it.refuse_archived()
        if it.state.state == "cancelled":
            it.refuse_ended()
        if it.state.state not in UNDER_REVIEW and it.state.state != "closed":
            raise Refusal(f"督办件 {number} 还在办理，不必续办；需要追加要求的请登记新批示。")
        parts.refuse_reopening(it)
        refuse_unhanded(it)
        fields = {"requirement": requirement, "due_on": due_on, "opinion": reason}
        return continue_work(it, f"further_work:{it.state.round}", actor, fields)


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
    """A desk of the closing chain agrees (T29); the last one closes the matter (T31) and names stand on the report."""
    data = {
        "option": fields.get("option", ""),
        "desk": desk,
        "opinion": told(it, fields.get("opinion"), "意见", wanted=False),
    }
    chain, last = it.law.close_chain, desk == it.state.close_desks[-1]
    if last:
        data["upward"] = upward.case_of(it) is not None
    it.record("approved", key, actor, chain.basis.clause, data)
    if last:  # the copy for the file: the one that lay on the desks could not bear their names yet
        make(it, chain.document, nth="signed", note=APPROVED)
    return it.state


def leader_return(
    number: str, actor: Actor, level: str, reason: str, requirement: str, due_on: date | None = None
) -> State:
    """A leader sends a reply back, at any time from reply to closing; the chief also after it (T24, T25, A18)."""
    with act(number) as it:
        said = {"level": level, "requirement": told(it, requirement, "补办要求")}
        if it.state.state == "returned" and it.repeats("returned", said):
            return it.state
        it.refuse_archived()
        rule = it.law.returns.levels.get(level)
        if rule is None:
            levels = "、".join(it.org.title(post) for post in it.law.returns.levels) or "无"
            if not level:
                raise Refusal(f"“由谁批示”没有选择，有权退回的：{levels}。")
            raise Refusal(f"《{it.law.title}》没有规定{it.org.title(level)}可以批示重办，有权退回的：{levels}。")
        # After a follow-up visit that found something else, the deputy may return it too (T34).
        late = it.state.state == "closed" and (rule.when == "from_approval" or it.state.visit_differed)
        if it.state.state not in UNDER_REVIEW and not late:
            raise Refusal(f"督办件 {number} 目前没有待审的回复，不能批示重办；需要追加要求的请登记新批示。")
        parts.refuse_reopening(it)
        refuse_unhanded(it)
        fields = {"requirement": requirement, "due_on": due_on}
        return give_back(it, f"leader_return:{it.state.round}", actor, level, reason, fields)


def file_away(number: str) -> State:
    """归档 (T35): closed or withdrawn, the matter is marked for the file of its year. Safe to run twice.

    What was handled over the turn of a year belongs to the year in which it ended (DA/T 22-2015 5.2.3).
    """
    with act(number) as it:
        if it.state.awaits("file"):
            rule, ended = it.law.archive, it.state.closed_at or it.now
            it.record("filed", f"file:{it.state.round}", SYSTEM, rule.basis.clause, {"year": ended.year})
        return it.state
