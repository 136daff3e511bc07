"""立项 to 阅批: how a matter comes into the ledger, is signed, goes out and is taken (T1, T6–T12)."""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, await_, change, ended, main, move_due, open_round, to_desk

#: What the registration says of a matter that its state keeps.
HEAD = (
    *("reference", "type", "title", "unit", "regulation", "organization", "mark", "form", "run_key"),
    *("mode", "released", "cohandlers", "parent", "nodes"),
)


def registered(event: Event) -> State:  # T1, T6
    """The state that a registration makes."""
    said = {key: event.data[key] for key in HEAD if key in event.data}
    return State.model_validate({"number": event.number, "registered_at": event.at, **said})


def _submitted(state: State, event: Event) -> State:  # T7
    attempt = state.attempt + 1
    desks = tuple(event.data["desks"])
    return change(state, attempt=attempt, sign_desks=desks, **to_desk(state, "sign", desks, 0, attempt))


def _signed(state: State, event: Event) -> State:  # T8, T9
    desk, verdict = event.data["desk"], event.data["verdict"]
    signatures = {**state.signatures, desk: {**event.data, "by": event.actor.name, "at": event.at.isoformat()}}
    if verdict == "return":
        waits = main(state, f"revise:{state.attempt}")
        return change(state, signatures={}, sent_back=event.data["opinion"], state="registered", desk="office", **waits)
    if verdict == "refuse":
        return change(state, signatures=signatures, **ended(state, "cancelled", event))
    position = state.sign_desks.index(desk) + 1
    if position < len(state.sign_desks):
        return change(state, signatures=signatures, **to_desk(state, "sign", state.sign_desks, position, state.attempt))
    key = f"deliver:{state.assignment}"
    return change(state, signatures=signatures, state="issued", desk=None, issued_at=event.at, **main(state, key))


def _revised(state: State, event: Event) -> State:
    form = {**state.form, **event.data["form"]}
    return change(state, form=form, title=form["title"], unit=form["unit"])


def _dispatched(state: State, event: Event) -> State:  # T10
    receipt = f"receipt:{state.assignment}"
    keys = [receipt] + ([f"call:{state.assignment}"] if event.data["call"] else [])
    state = change(state, state="dispatched", **main(state))
    timers = {receipt: event.data["receipt_due_at"]} if event.data.get("receipt_due_at") else {}
    state = change(state, **await_(state, *keys, timers=timers))
    return open_round(state, event, "dispatched")


def _called(state: State, _event: Event) -> State:
    return change(state, **await_(state, drop=("call",)))


def _received(state: State, event: Event) -> State:  # T11
    reading = f"reading:{state.assignment}"
    timers = {reading: event.data["reading_due_at"]} if event.data.get("reading_due_at") else {}
    after = change(state, received_at=event.at, **await_(state, reading, drop=("receipt",), timers=timers))
    if "due_at" in event.data and state.awaits("reply") and state.current.opened_by == "dispatched":
        after = move_due(after, event)
    return change(after, state="received") if state.state == "dispatched" else after


def _read(state: State, event: Event) -> State:  # T12
    after = change(state, read_at=event.at, **await_(state, drop=("reading",)))
    return change(after, state="in_progress") if state.state == "received" else after


def _flagged(flag: str, kind: str) -> Handler:
    def handler(state: State, _event: Event) -> State:
        timers = {key: at for key, at in state.timers.items() if key.rpartition(":")[0] != kind}
        return change(state, flags=(*state.flags, flag), timers=timers)

    return handler


HANDLERS: dict[str, Handler] = {
    "submitted": _submitted,
    "signed": _signed,
    "revised": _revised,
    "dispatched": _dispatched,
    "called": _called,
    "receipt_lapsed": _flagged("late_receipt", "receipt"),
    "received": _received,
    "reading_lapsed": _flagged("late_reading", "reading"),
    "read": _read,
}
