"""立项 to 阅批: how a matter comes into the ledger, is signed, goes out and is taken (T1, T6–T12)."""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, await_, change, ended, main, move_due, open_round, to_desk

#: What the registration says of a matter that its state keeps.
HEAD = (
    *("reference", "type", "title", "unit", "regulation", "organization", "mark", "form", "run_key"),
    *("mode", "released", "cohandlers", "parent", "nodes"),
)

#: Where a matter stands whose unit has not got the notice.
UNTAKEN = ("registered", "issued", "dispatched")


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
        kept = {key: one for key, one in state.signatures.items() if key not in state.sign_desks}
        return change(
            state, signatures=kept, sent_back=event.data["opinion"], state="registered", desk="office", **waits
        )
    if verdict == "refuse":
        return change(state, signatures=signatures, **ended(state, "cancelled", event))
    position = state.sign_desks.index(desk) + 1
    if position < len(state.sign_desks):
        return change(state, signatures=signatures, **to_desk(state, "sign", state.sign_desks, position, state.attempt))
    key = f"deliver:{state.assignment}"
    return change(state, signatures=signatures, state="issued", desk=None, issued_at=event.at, **main(state, key))


def _revised(state: State, event: Event) -> State:
    form = {**state.form, **event.data["form"]}
    cohandlers = tuple(form.get("cohandlers", state.cohandlers))
    return change(state, form=form, title=form["title"], unit=form["unit"], cohandlers=cohandlers)


def _dispatched(state: State, event: Event) -> State:  # T10, T10s
    data, n = event.data, state.assignment
    opened = change(state, **main(state))
    if state.mode == "own":
        opened = change(opened, received_at=event.at, read_at=event.at, state="in_progress")
        return open_round(opened, event, "dispatched")
    beside = [f"call:{n}"] if data["call"] else []
    if state.mode == "joint" and not state.awaits("joint_record"):
        beside.append(f"joint_record:{state.visits + 1}")
    opened = open_round(change(opened, **await_(opened, *beside)), event, "dispatched")
    if not data.get("receipt", True):
        return taken(opened, event)
    receipt = f"receipt:{n}"
    timers = {receipt: data["receipt_due_at"]} if data.get("receipt_due_at") else {}
    return change(opened, state="dispatched", **await_(opened, receipt, timers=timers))


def taken(state: State, event: Event) -> State:
    """The unit has the notice; it reads it where the rules speak of that, else it is at work (T7p, T11)."""
    to_read = event.data.get("reading", True)
    reached = state.state if state.state not in UNTAKEN else "received" if to_read else "in_progress"
    if not to_read:
        return change(state, received_at=event.at, read_at=event.at, state=reached)
    reading = f"reading:{state.assignment}"
    timers = {reading: event.data["reading_due_at"]} if event.data.get("reading_due_at") else {}
    return change(state, received_at=event.at, state=reached, **await_(state, reading, timers=timers))


def _called(state: State, _event: Event) -> State:
    return change(state, **await_(state, drop=("call",)))


def _received(state: State, event: Event) -> State:  # T11
    after = change(state, **await_(state, drop=("receipt",)))
    if "due_at" in event.data and state.awaits("reply") and state.current.opened_by == "dispatched":
        after = move_due(after, event)
    return taken(after, event)


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
