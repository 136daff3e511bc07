"""交办、领收、阅批: the signed notice goes out, the unit takes it and reads it (T10–T12)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from duban import deadlines, organization
from duban.acts import parts, periods
from duban.acts.act import SYSTEM, Act, act
from duban.acts.asking import Answer, Builder, Question, head, table, text_field, title
from duban.acts.due import due_data, heralds
from duban.acts.papers import make
from duban.acts.words import LONGEST
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import BEFORE_DISPATCH, State
from duban.text import optional, required

CALLED = {"已电话通知": "called"}


def deliver(number: str) -> State:
    """交办 (T10, T10s): the matter goes to who handles it and the clock starts. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("deliver"):
            HANDOVER.get(it.state.mode, _to_unit)(it)
            parts.split(it)
        return it.state


def _to_unit(it: Act) -> None:
    """The notice goes to the unit, which has to take it where the rules speak of that; copies to who helps."""
    law, mode = it.law, it.law.modes.get(it.state.mode)
    kind, notice = law.notice_for(it.state.form["source"], it.state.form.get("instruction_by"))
    signed = bool(it.state.sign_desks)
    data = first_due(it) | _lateness(it)
    data |= {
        "call": signed and kind in law.phone_notice.notices,
        # Without the leaders' signatures no notice goes out (BC 五（二）): then the record of the visit is handed over.
        "notice": notice.document if signed or mode is None else mode.document,
        "copies": list(it.state.cohandlers),
    }
    data |= receipt_data(it)
    it.record("dispatched", f"deliver:{it.state.assignment}", SYSTEM, law.dispatch.basis.clause, data)
    make(it, data["notice"])


def _to_office(it: Act) -> None:
    """T10s: the office does it itself; nobody is called and nobody receives."""
    clause = it.law.modes["own"].basis.clause
    data = first_due(it) | _lateness(it) | {"call": False, "notice": None, "copies": [], "receipt": False}
    it.record("dispatched", f"deliver:{it.state.assignment}", SYSTEM, clause, data)


#: Mode -> how a signed matter is handed over, where not by a notice to a unit.
HANDOVER: dict[str, Callable[[Act], None]] = {"own": _to_office}


def _lateness(it: Act) -> dict[str, Any]:
    """Whether the notice goes out later than the rules allow: the same working day, or the next morning (A14)."""
    if it.law.dispatch.limit is None or it.state.issued_at is None:
        return {"late": False}
    latest = deadlines.due(it.law.dispatch.limit, it.state.issued_at, it.law).at
    return {"late": it.now > latest, "latest": latest.isoformat()}


def first_due(it: Act) -> dict[str, Any]:
    """The end of the first round: the first report's date, the date that the form states, or the limit of the type."""
    if (reported := periods.opening(it)) is not None:
        return reported
    if stated := it.state.form.get("due_on"):
        on = date.fromisoformat(stated)
        # Signed in time and handed over after midnight, it stands as it was signed: late, and not refused.
        return due_data(deadlines.stated(on, it.law, today=min(on, it.now.date())), it)
    return due_data(deadlines.due(it.law.types[it.state.type].limit, it.now, it.law), it)


def receipt_data(it: Act) -> dict[str, Any]:
    """Whether the unit has to take what goes out to it, and by when; where it need not, its head reads it at once."""
    law = it.law
    if not law.laid_down("领收"):
        return {"receipt": False} | reading_data(it)
    kind, _notice = law.notice_for(it.state.form["source"], it.state.form.get("instruction_by"))
    if law.receipt.limit is None or kind not in (law.receipt.notices or (kind,)):
        return {"receipt": True}
    return {"receipt": True, "receipt_due_at": deadlines.due(law.receipt.limit, it.now, law).at.isoformat()}


def reading_data(it: Act) -> dict[str, Any]:
    """Whether the head of the unit has to read what the unit got just now, and by when."""
    data: dict[str, Any] = {"reading": it.law.laid_down("阅批")}
    if it.law.reading.limit is not None:
        data["reading_due_at"] = deadlines.due(it.law.reading.limit, it.now, it.law).at.isoformat()
    return data


def receive(number: str, actor: Actor, by: str = "") -> State:
    """领收 (T11): the unit's liaison takes the notice; people of a helping unit take their copy. Twice is once.

    Refused before dispatch and after the end, and for people other than the regulation's channel (LZ-2.4).
    """
    with act(number) as it:
        helping = actor.unit in it.state.cohandlers and actor.unit != it.state.unit
        if it.state.received_at is not None and not helping:
            return it.state
        it.refuse_ended()
        if it.state.state in BEFORE_DISPATCH:
            raise Refusal(f"督办件 {number} 尚未签发下达，暂时不能领收，请等候办公室交办。")
        refuse_other_channel(it, actor)
        data: dict[str, Any] = {"by": optional(by, "领收人", 40) or actor.name}
        if helping:
            key = f"copy:{it.state.assignment}:{actor.unit}"
            return it.record("copy_received", key, actor, it.law.receipt.basis.clause, data | {"unit": actor.unit})
        data |= reading_data(it)
        limit = it.law.types[it.state.type].limit
        if it.law.counting.start == "receipt" and limit is not None and not it.state.form.get("due_on"):
            # The other reading of A2: the period begins when the unit takes the notice.
            due = deadlines.due(limit, it.now, it.law)
            data |= due_data(due) | {"heralds": heralds(it, due.on, due.at, moved=True)}
        return it.record("received", f"receipt:{it.state.assignment}", actor, it.law.receipt.basis.clause, data)


def refuse_other_channel(it: Act, actor: Actor) -> None:
    """Refuse a unit's person outside the one channel for what comes and goes, where the rules know one (LZ-2.4)."""
    duty = it.law.duty
    if not duty.single_channel or actor.unit is None:
        return
    posts = it.org.unit(actor.unit).posts
    channel = [posts[post] for post in ("liaison", "unit_checker") if post in posts]
    if actor.user not in {person.user for person in channel}:
        names = "、".join(person.name for person in channel)
        raise Refusal(
            f"督办件的收发只经本单位办公室（秘书科）{names}办理（{duty.basis.clause}），{actor.name}不能代办。"
        )


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
    if it.state.mode == "own":
        raise Refusal(f"督办件 {it.number} 由{it.org.office}直接办理，没有承办单位的手续。")
    if it.state.received_at is None:
        raise Refusal(f"督办件 {it.number} 还没有领收，请先领收再办理。")


QUESTIONS: dict[str, Builder] = {"call": _call}
ANSWERS: dict[str, Answer] = {"call": _called}
