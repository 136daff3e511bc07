"""Where a matter stands: the state that its events add up to.

`apply` is pure: it knows no regulation, no calendar and no clock. Whatever a rule decided (a due date, the desks
that a paper passes, whether a return scores) stands in the event that the rule produced. So the row of a
matter can be rebuilt from its events at any time, and `verify` does.

The transitions are those of rules.md §5; the number of each stands beside its handler.
"""

from collections.abc import Callable
from typing import Any

from duban.ledger.records import Event
from duban.ledger.standing import Document, Round, State

__all__ = ["HANDLERS", "State", "apply"]

Handler = Callable[[State, Event], State]


def apply(state: State | None, event: Event) -> State:
    """The state after one more event.

    Raises ValueError for an event that no handler knows or that comes before the registration: a broken ledger.
    """
    if event.kind == "registered":
        return _registered(event)
    if state is None:
        raise ValueError(f"{event.number}: {event.kind} before registered")
    try:
        handler = HANDLERS[event.kind]
    except KeyError:
        raise ValueError(f"{event.number}: unknown event {event.kind}") from None
    return handler(state, event)


def _change(state: State, /, **changes: Any) -> State:
    # Validated, not only copied: what comes from JSON (dates as text) becomes typed, and nothing unknown gets in.
    return State.model_validate({**state.__dict__, **changes})


def _await(
    state: State, *keys: str, drop: tuple[str, ...] = (), timers: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Changes of `awaiting` and `timers`: keys of the dropped kinds go, with their timers; new keys and timers come."""
    gone = tuple(key for key in state.awaiting if key.rpartition(":")[0] in drop)
    kept = {key: at for key, at in state.timers.items() if key not in gone}
    awaiting = tuple(key for key in state.awaiting if key not in gone) + keys
    return {"awaiting": awaiting, "timers": {**kept, **(timers or {})}}


#: What the main line waits for; the call, the receipt and the reading run beside it.
MAIN_LINE = (
    "revise",
    "deliver",
    "reply",
    "urge_day",
    "urge",
    "urged_reply",
    "demand",
    "account",
    "new_date",
    "report",
    "file",
)


def _main(state: State, *keys: str, timers: dict[str, Any] | None = None) -> dict[str, Any]:
    """The main line now waits for these keys and no longer for what it waited for."""
    decisions = tuple(
        {key.rpartition(":")[0] for key in state.awaiting if key.startswith(("sign.", "review.", "approve."))}
    )
    return _await(state, *keys, drop=MAIN_LINE + decisions, timers=timers)


def _registered(event: Event) -> State:  # T1, T6
    head = ("reference", "type", "title", "unit", "regulation", "organization", "mark", "form", "run_key")
    return State(
        number=event.number, registered_at=event.at, **{key: event.data[key] for key in head if key in event.data}
    )


def _to_desk(state: State, act: str, desks: tuple[str, ...], position: int, n: int) -> dict[str, Any]:
    """A paper lies on the desk at `position`; the last desk signs, those before it review."""
    last = position == len(desks) - 1
    review, final = {"sign": ("director_review", "signing"), "approve": ("report_review", "chief_approval")}[act]
    desk = desks[position]
    return {"state": final if last else review, "desk": desk, **_main(state, f"{act}.{desk}:{n}")}


def _submitted(state: State, event: Event) -> State:  # T7
    attempt = state.attempt + 1
    desks = tuple(event.data["desks"])
    return _change(state, attempt=attempt, sign_desks=desks, **_to_desk(state, "sign", desks, 0, attempt))


def _signed(state: State, event: Event) -> State:  # T8, T9
    desk, verdict = event.data["desk"], event.data["verdict"]
    signatures = {**state.signatures, desk: {**event.data, "by": event.actor.name, "at": event.at.isoformat()}}
    if verdict == "return":
        waits = _main(state, f"revise:{state.attempt}")
        return _change(
            state, signatures={}, sent_back=event.data["opinion"], state="registered", desk="office", **waits
        )
    if verdict == "refuse":
        return _change(state, signatures=signatures, **_ended(state, "cancelled", event))
    position = state.sign_desks.index(desk) + 1
    if position < len(state.sign_desks):
        return _change(
            state, signatures=signatures, **_to_desk(state, "sign", state.sign_desks, position, state.attempt)
        )
    return _change(
        state, signatures=signatures, state="issued", desk=None, issued_at=event.at, **_main(state, "deliver:1")
    )


def _revised(state: State, event: Event) -> State:
    form = {**state.form, **event.data["form"]}
    return _change(state, form=form, title=form["title"], unit=form["unit"])


def _dispatched(state: State, event: Event) -> State:  # T10
    keys = ["receipt:1"] + (["call:1"] if event.data["call"] else [])
    state = _change(state, state="dispatched", **_main(state))
    timers = {"receipt:1": event.data["receipt_due_at"]} if event.data.get("receipt_due_at") else {}
    state = _change(state, **_await(state, *keys, timers=timers))
    return _open_round(state, event, "dispatched")


def _open_round(state: State, event: Event, opened_by: str) -> State:
    """A round ends by this event and the next begins, with its own clock."""
    rounds = state.rounds
    if rounds:
        rounds = (*rounds[:-1], rounds[-1].model_copy(update={"verdict": event.kind}))
    data = event.data
    number = len(rounds) + 1
    opened = Round(
        number=number,
        opened_at=event.at,
        opened_by=opened_by,
        requirement=data.get("requirement", ""),
        due_on=data["due_on"],
        due_at=data["due_at"],
    )
    key = f"reply:{number}"
    return _change(
        state,
        round=number,
        rounds=(*rounds, opened),
        due_on=opened.due_on,
        due_at=opened.due_at,
        desk=None,
        closed_at=None,
        filed_at=None,
        **_main(state, key, timers={key: opened.due_at}),
    )


def _reopens(name: str, to: str = "in_progress") -> Handler:
    def handler(state: State, event: Event) -> State:
        after = _open_round(state, event, name)
        # Until the unit has taken the notice, "in progress" would hide that it has not.
        return _change(after, state=_with_unit(after) if to == "in_progress" else to)

    return handler


def _with_unit(state: State) -> str:
    if state.received_at is None:
        return "dispatched"
    return "received" if state.read_at is None else "in_progress"


def _called(state: State, _event: Event) -> State:
    return _change(state, **_await(state, drop=("call",)))


def _received(state: State, event: Event) -> State:  # T11
    timers = {"reading:1": event.data["reading_due_at"]} if event.data.get("reading_due_at") else {}
    after = _change(state, received_at=event.at, **_await(state, "reading:1", drop=("receipt",), timers=timers))
    if "due_at" in event.data and state.awaits("reply") == "reply:1":
        after = _move_due(after, event)
    return _change(after, state="received") if state.state == "dispatched" else after


def _move_due(state: State, event: Event) -> State:
    """The clock of the round that runs gets another end."""
    moved = Round.model_validate(
        {**state.current.__dict__, "due_on": event.data["due_on"], "due_at": event.data["due_at"]}
    )
    timers = {**state.timers, f"reply:{state.round}": moved.due_at}
    return _change(state, rounds=(*state.rounds[:-1], moved), due_on=moved.due_on, due_at=moved.due_at, timers=timers)


def _read(state: State, event: Event) -> State:  # T12
    after = _change(state, read_at=event.at, **_await(state, drop=("reading",)))
    return _change(after, state="in_progress") if state.state == "received" else after


def _flagged(flag: str, key: str) -> Handler:
    def handler(state: State, _event: Event) -> State:
        timers = {k: at for k, at in state.timers.items() if k != key}
        return _change(state, flags=(*state.flags, flag), timers=timers)

    return handler


def _replied(state: State, event: Event) -> State:  # T17, T20, T26
    current = state.current.model_copy(update={"replied_at": event.at, "reply": event.data["sha256"]})
    # A reply signed by the head is a reading; the wait for it is over, the flag stands (BC-5.4a).
    after = _change(state, rounds=(*state.rounds[:-1], current), **_await(state, drop=("reading",)))
    return _change(after, state="replied", desk="office", **_main(after, f"review.office:{state.round}"))


def _reply_lapsed(state: State, event: Event) -> State:  # T18, T26o
    current = state.current.model_copy(update={"lapsed": True})
    key = f"urge_day:{state.round}"
    waits = _main(state, key, timers={key: event.data["urge_from"]})
    return _change(state, state="overdue", rounds=(*state.rounds[:-1], current), **waits)


def _urge_day_came(state: State, _event: Event) -> State:  # T19: the office urges on a working day
    return _change(state, **_main(state, f"urge:{state.round}"))


def _urged(state: State, event: Event) -> State:  # T19
    current = state.current.model_copy(update={"urges": state.current.urges + 1})
    key = f"urged_reply:{state.round}"
    return _change(
        state,
        state="urged",
        rounds=(*state.rounds[:-1], current),
        **_main(state, key, timers={key: event.data["due_at"]}),
    )


def _urge_lapsed(state: State, _event: Event) -> State:  # T21
    return _change(state, state="account", **_main(state, f"demand:{state.round}"))


def _accountability_opened(state: State, event: Event) -> State:
    return _change(state, accountability=(*state.accountability, event.clause))


def _demanded(state: State, _event: Event) -> State:
    return _change(state, **_main(state, f"account:{state.round}"))


def _accounted(state: State, _event: Event) -> State:  # T22; the office then sets a new date
    return _change(state, desk="office", **_main(state, f"new_date:{state.round}"))


def _extended(state: State, event: Event) -> State:  # T15, T15x
    return _reopens("extended")(state, event) if event.data["effective"] else state


def _progress(state: State, event: Event) -> State:  # T20
    return _reopens("progress")(state, event) if event.data["effective"] else state


def _accepted(state: State, _event: Event) -> State:  # T27
    return _change(state, state="accepted", desk=None, **_main(state, f"report:{state.round}"))


def _reported(state: State, event: Event) -> State:  # T28
    desks = tuple(event.data["desks"])
    return _change(state, close_desks=desks, **_to_desk(state, "approve", desks, 0, state.round))


def _approved(state: State, event: Event) -> State:  # T29, T31
    position = state.close_desks.index(event.data["desk"]) + 1
    if position < len(state.close_desks):
        return _change(state, **_to_desk(state, "approve", state.close_desks, position, state.round))
    closed = state.current.model_copy(update={"verdict": "closed"})
    return _change(state, rounds=(*state.rounds[:-1], closed), **_ended(state, "closed", event))


def _ended(state: State, how: str, event: Event) -> dict[str, Any]:
    keys = tuple(key.rpartition(":")[0] for key in state.awaiting)
    return {
        "state": how,
        "desk": None,
        "closed_at": event.at,
        **_await(state, f"file:{state.round}", drop=keys),
    }


def _withdrawn(state: State, event: Event) -> State:  # T36
    return _change(state, **_ended(state, "cancelled", event))


def _instructed(state: State, event: Event) -> State:  # T16
    after = _change(state, instructions=(*state.instructions, {**event.data, "at": event.at.isoformat()}))
    return _reopens("instructed")(after, event) if event.data.get("due_at") else after


def _filed(state: State, event: Event) -> State:
    return _change(state, filed_at=event.at, **_await(state, drop=("file",)))


def _documented(state: State, event: Event) -> State:
    data = event.data
    made = Document(kind=data["kind"], name=data["name"], sha256=data["sha256"], at=event.at)
    return _change(state, documents=(*state.documents, made))


HANDLERS: dict[str, Handler] = {
    "submitted": _submitted,
    "signed": _signed,
    "revised": _revised,
    "dispatched": _dispatched,
    "called": _called,
    "receipt_lapsed": _flagged("late_receipt", "receipt:1"),
    "received": _received,
    "reading_lapsed": _flagged("late_reading", "reading:1"),
    "read": _read,
    "replied": _replied,
    "reply_lapsed": _reply_lapsed,
    "urge_day_came": _urge_day_came,
    "urged": _urged,
    "urged_reply_lapsed": _urge_lapsed,
    "accountability_opened": _accountability_opened,
    "demanded": _demanded,
    "accounted": _accounted,
    "date_set": _reopens("accounted"),
    "extended": _extended,
    "progress_reported": _progress,
    "accepted": _accepted,
    "returned": _reopens("returned", to="returned"),
    "further_work": _reopens("further_work"),
    "reported": _reported,
    "approved": _approved,
    "instructed": _instructed,
    "withdrawn": _withdrawn,
    "filed": _filed,
    "documented": _documented,
    "consulted": lambda state, _event: state,
}
