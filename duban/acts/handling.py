"""承办、催办、回复: what a unit does with a matter, and what the clock makes the office do."""

from datetime import date
from typing import Any

from duban import deadlines, intake, ledger, numbering
from duban.acts.act import SYSTEM, Act, act, post_name
from duban.acts.papers import attach, make
from duban.deadlines import Due
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import BEFORE_DISPATCH, UNDER_REVIEW, WITH_UNIT, State
from duban.text import clean, optional, required

LONGEST = 5000  # characters of a reason or a plan; a longer one belongs into an attachment

#: The series of 催办文号 in the organization file.
SERIES_URGE = "催办"

#: The paper that a consequence takes.
CONSEQUENCES = {"account": "书面情况说明通知", "accountability": "问责登记表"}


def due_data(due: Due) -> dict[str, Any]:
    """A due date as an event carries it: the day, the moment after which it is late, and how it was counted."""
    return {
        "due_on": due.on.isoformat(),
        "due_at": due.at.isoformat(),
        "basis": due.basis.clause,
        "counted": len(due.counted),
        "rolled": due.rolled,
    }


def stated_due(it: Act, on: date) -> Due:
    """A limit that somebody wrote down as a date, seen from the ledger's today. Raises Refusal for the past."""
    return deadlines.stated(on, it.law, today=it.now.date())


def deliver(number: str) -> State:
    """交办 (T10): the signed notice goes out, the clock starts, the unit has to receive it. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("deliver"):
            rule = it.law.types[it.state.type]
            stated = it.state.form.get("due_on")
            due = stated_due(it, date.fromisoformat(stated)) if stated else deadlines.due(rule.limit, it.now, it.law)
            kind, notice = it.law.notice_for(it.state.form["source"], it.state.form.get("instruction_by"))
            data = due_data(due) | {"call": kind in it.law.phone_notice.notices, "notice": notice.document}
            if it.law.receipt.limit is not None and kind in (it.law.receipt.notices or (kind,)):
                data["receipt_due_at"] = deadlines.due(it.law.receipt.limit, it.now, it.law).at.isoformat()
            it.record("dispatched", "deliver:1", SYSTEM, it.law.dispatch.basis.clause, data)
            make(it, notice.document)
        return it.state


def receive(number: str, actor: Actor, by: str = "") -> State:
    """领收 (T11): the unit's liaison takes the notice. Twice is once. Refused before dispatch and after the end."""
    with act(number) as it:
        if it.state.received_at is not None:
            return it.state
        it.refuse_ended()
        if it.state.state in BEFORE_DISPATCH:
            raise Refusal(f"督办件 {number} 尚未签发下达，暂时不能领收，请等候办公室交办。")
        data: dict[str, Any] = {"by": optional(by, "领收人", 40) or actor.name}
        if it.law.reading.limit is not None:
            data["reading_due_at"] = deadlines.due(it.law.reading.limit, it.now, it.law).at.isoformat()
        if it.law.counting.start == "receipt" and not it.state.form.get("due_on"):
            # The other reading of A2: the period begins when the unit takes the notice.
            data |= due_data(deadlines.due(it.law.types[it.state.type].limit, it.now, it.law))
        return it.record("received", "receipt:1", actor, it.law.receipt.basis.clause, data)


def read(number: str, actor: Actor, by: str = "", opinion: str = "") -> State:
    """阅批 (T12): the head of the unit has read the notice and says who handles it. Twice is once."""
    with act(number) as it:
        if it.state.read_at is not None:
            return it.state
        it.refuse_ended()
        _refuse_unreceived(it)
        data = {
            "by": optional(by, "阅批人", 40) or it.unit.head.name,
            "opinion": optional(opinion, "阅批意见", LONGEST),
        }
        return it.record("read", "reading:1", actor, it.law.reading.basis.clause, data)


def reply(number: str, actor: Actor, name: str, content: bytes, signed_by: str = "") -> State:
    """回复 (T17, T20, T26): the unit's 办结报告 comes in and goes to the office for review.

    The time that counts is now, when the unit sends it. The same file twice is one reply. Raises Refusal for a file
    that is not safe to open, before receipt, while an earlier reply is under review, and after the end.
    """
    with act(number) as it:
        received = intake.inspect(name, content)
        if (known := it.done(f"reply:{it.state.round}")) and known.data["sha256"] == received.sha256:
            return it.state
        it.refuse_ended()
        _refuse_unreceived(it)
        if it.state.state in UNDER_REVIEW:
            raise Refusal(f"督办件 {number} 第{it.state.round}轮的回复正在审核，请等审核结果，退回后可重新报送。")
        stored = attach(it, name, content, "办结报告")
        data = {
            "sha256": stored.sha256,
            "name": stored.name,
            "size": stored.size,
            "signed_by": optional(signed_by, "签字人", 40),
            "on_time": not it.state.current.lapsed,
            "kind": received.kind,
            "facts": received.facts,
        }
        return it.record("replied", f"reply:{it.state.round}", actor, it.law.reply.basis.clause, data)


def extend(number: str, actor: Actor, reason: str, plan: str, until: date, signed_by: str) -> State:
    """延期备案 (T15, T15x): why it cannot be done in time, what comes next, and until when.

    Filed before the deadline it moves the deadline; filed after it, it is only kept as news of progress (A3). Raises
    Refusal when one of the parts is missing or the new date is not later than the deadline.
    """
    with act(number) as it:
        said = {"reason": clean(reason), "plan": clean(plan), "stated": until.isoformat()}
        if it.repeats("extended", said):
            return it.state
        it.refuse_ended()
        _refuse_unreceived(it)
        if it.state.state not in WITH_UNIT:
            raise Refusal(f"督办件 {number} 已报送回复，正在审核，不必再备案延期。")
        rule = it.law.extension
        if rule.mode == "none":
            raise Refusal(f"《{it.law.title}》不准延期，请按原时限 {it.state.due_on} 办结。")
        due = stated_due(it, until)
        if due.at <= it.now or (it.state.due_at is not None and due.at <= it.state.due_at):
            raise Refusal(f"新的办理期限 {until.isoformat()} 应晚于原期限 {it.state.due_on}，请改正。")
        data = due_data(due) | {
            "stated": until.isoformat(),
            "reason": _part(reason, "未办结原因", "reason" in rule.requires),
            "plan": _part(plan, "下一步办理安排", "next_steps" in rule.requires),
            "signed_by": _part(
                signed_by, "领导签字", bool({"head_signature", "deputy_signature"} & set(rule.requires))
            ),
            "effective": not (it.state.current.lapsed and rule.only_before_due),
        }
        if not data["effective"]:
            return _progress(it, "extended", actor, rule.basis.clause, data)
        return it.record("extended", f"extension:{it.state.round}", actor, rule.basis.clause, data)


def _part(value: str, label: str, wanted: bool) -> str:
    return required(value, label, LONGEST) if wanted else optional(value, label, LONGEST)


def report_progress(number: str, actor: Actor, text: str, until: date | None = None) -> State:
    """进展情况: news of a matter. After an urge it stops the clock of the urge and needs a new date (BC-5.5c, T20)."""
    with act(number) as it:
        if it.repeats("progress_reported", {"text": clean(text)}):
            return it.state
        it.refuse_ended()
        _refuse_unreceived(it)
        data: dict[str, Any] = {"text": required(text, "进展情况", LONGEST), "effective": False}
        if it.state.state == "urged":
            if until is None:
                raise Refusal(f"督办件 {number} 已催办，报送进展时请同时写明预计办结的日期。")
            data |= due_data(stated_due(it, until))
        return _progress(it, "progress_reported", actor, it.law.urge.basis.clause, data)


def _progress(it: Act, kind: str, actor: Actor, clause: str, data: dict[str, Any]) -> State:
    """News after the deadline: it ends an urge that runs (a result or news of progress stops that clock)."""
    if it.state.state == "urged":
        data |= {"effective": True}
    nth = sum(1 for event in ledger.events(it.session, it.number) if event.kind == kind) + 1
    return it.record(kind, f"{kind}:{it.state.round}.{nth}", actor, clause, data)


def urge(number: str) -> State:
    """催办 (T19): the urge notice goes out and its short clock starts. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("urge"):
            due = deadlines.due(it.law.urge.grace, it.now, it.law)
            key = f"urge:{it.state.round}"
            data = due_data(due) | {"reference": _urge_reference(it, key)}
            it.record("urged", key, SYSTEM, it.law.urge.basis.clause, data)
            make(it, it.law.urge.document)
        return it.state


def _urge_reference(it: Act, key: str) -> str:
    """The number of the urge notice (催办文号); none where the bureau urges without a paper."""
    if it.law.urge.document is None:
        return ""
    n = numbering.allocate(it.session, SERIES_URGE, it.now.year, f"{it.number}/{key}", number=it.number)
    return f"{it.org.series[SERIES_URGE]}〔{it.now.year}〕{n}号"


def demand_account(number: str) -> State:
    """书面说明 (T21): the head of the unit is asked for a written account; the case is entered. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("demand"):
            data = {"to": account_to(it)}
            it.record("demanded", f"demand:{it.state.round}", SYSTEM, it.law.urge.basis.clause, data)
            for consequence in it.law.urge.then:
                if document := CONSEQUENCES.get(consequence):
                    make(it, document)
        return it.state


def account_to(it: Act) -> list[str]:
    """Whom the written account goes to; without an instructing leader, the post that stands in for one (A26)."""
    rule = it.law.urge
    leader = it.state.form.get("instruction_by")
    posts = [
        rule.without_leader or post if post == "instructing_leader" and not leader else post for post in rule.account_to
    ]
    return [str(leader) if post == "instructing_leader" else post_name(post) for post in posts]


def account(number: str, actor: Actor, text: str, signed_by: str) -> State:
    """The written account of the unit's head comes in (T22); the office then sets a new date."""
    with act(number) as it:
        if it.repeats("accounted", {"text": clean(text)}):
            return it.state
        it.refuse_ended()
        if it.state.awaits("account") is None and it.state.awaits("demand") is None:
            raise Refusal(f"督办件 {number} 目前不需要书面情况说明。")
        data = {"text": required(text, "情况说明", LONGEST), "signed_by": required(signed_by, "主要领导签字", 40)}
        return it.record("accounted", f"account:{it.state.round}", actor, it.law.urge.basis.clause, data)


def _refuse_unreceived(it: Act) -> None:
    if it.state.state in BEFORE_DISPATCH:
        raise Refusal(f"督办件 {it.number} 尚未签发下达，请等候办公室交办。")
    if it.state.received_at is None:
        raise Refusal(f"督办件 {it.number} 还没有领收，请先领收再办理。")
