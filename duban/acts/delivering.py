"""交办、领收、阅批: the signed notice goes out, the unit takes it and reads it (T10–T12)."""

from datetime import date
from typing import Any

from duban import deadlines, organization
from duban.acts import parts, periods
from duban.acts.act import SYSTEM, Act, act
from duban.acts.asking import Answer, Builder, Question, head, table, text_field, title
from duban.acts.due import due_data, stated_due
from duban.acts.papers import make
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import BEFORE_DISPATCH, State
from duban.text import optional, required

LONGEST = 5000  # characters of an opinion or of what was said
CALLED = {"已电话通知": "called"}


def deliver(number: str) -> State:
    """交办 (T10): the signed notice goes out, the clock starts, the unit has to receive it. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("deliver"):
            due = first_due(it)
            kind, notice = it.law.notice_for(it.state.form["source"], it.state.form.get("instruction_by"))
            data = due | {"call": kind in it.law.phone_notice.notices, "notice": notice.document}
            if it.law.receipt.limit is not None and kind in (it.law.receipt.notices or (kind,)):
                data["receipt_due_at"] = deadlines.due(it.law.receipt.limit, it.now, it.law).at.isoformat()
            it.record("dispatched", f"deliver:{it.state.assignment}", SYSTEM, it.law.dispatch.basis.clause, data)
            make(it, notice.document)
            parts.split(it)
        return it.state


def first_due(it: Act) -> dict[str, Any]:
    """The end of the first round: the first report's date, the date that the form states, or the limit of the type."""
    if (reported := periods.opening(it)) is not None:
        return reported
    stated = it.state.form.get("due_on")
    if stated:
        return due_data(stated_due(it, date.fromisoformat(stated)))
    return due_data(deadlines.due(it.law.types[it.state.type].limit, it.now, it.law))


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
        return it.record("received", f"receipt:{it.state.assignment}", actor, it.law.receipt.basis.clause, data)


def read(number: str, actor: Actor, by: str = "", opinion: str = "") -> State:
    """阅批 (T12): the head of the unit has read the notice and says who handles it. Twice is once."""
    with act(number) as it:
        if it.state.read_at is not None:
            return it.state
        it.refuse_ended()
        refuse_unreceived(it)
        data = {
            "by": optional(by, "阅批人", 40) or it.unit.head.name,
            "opinion": optional(opinion, "阅批意见", LONGEST),
        }
        return it.record("read", f"reading:{it.state.assignment}", actor, it.law.reading.basis.clause, data)


def _call(state: State, _desk: str) -> Question:
    unit = organization.load(state.organization).unit(state.unit)
    rows = [*head(state), ("联络员", f"{unit.liaison.name} {unit.liaison.phone}")]
    return Question(
        subject=f"电话通知领收：{state.reference} {title(state)}",
        body=table(rows),
        options=tuple(CALLED),
        posts=("office",),
        fields={
            "callee": text_field("受话人", "接电话的人和职务。", unit.liaison.name),
            "text": text_field(
                "通知内容", "对方的答复也可以记在这里。", f"请派专人领收{state.reference}督办通知单。", lines=True
            ),
        },
    )


def _called(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    data = {
        "option": option,
        "callee": required(fields.get("callee"), "受话人", 60),
        "text": optional(fields.get("text"), "通知内容", LONGEST),
        "caller": actor.name,
    }
    it.record("called", key, actor, it.law.phone_notice.basis.clause, data)
    make(it, it.law.phone_notice.document)
    return it.state


def refuse_unreceived(it: Act) -> None:
    """Refuse what a unit may do only once it has taken the notice."""
    if it.state.state in BEFORE_DISPATCH:
        raise Refusal(f"督办件 {it.number} 尚未签发下达，请等候办公室交办。")
    if it.state.received_at is None:
        raise Refusal(f"督办件 {it.number} 还没有领收，请先领收再办理。")


QUESTIONS: dict[str, Builder] = {"call": _call}
ANSWERS: dict[str, Answer] = {"call": _called}
