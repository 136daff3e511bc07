"""承办、催办: what the unit sends and what the clock brings about while it handles a matter (T15x, T17–T22, T26)."""

from typing import Any

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, await_, change, kind_of, main, reopens


def onward(state: State, *keys: str, timers: dict[str, Any] | None = None) -> dict[str, Any]:
    """As `main`, but a late request for more time stays on its desk, and warnings after the deadline stay due."""
    beside = tuple(key for key in state.awaiting if key.startswith("extend."))
    warnings = {key: at for key, at in state.timers.items() if key.startswith("warn.")}
    waits = main(state, *keys, timers={**warnings, **(timers or {})})
    return waits | {"awaiting": (*waits["awaiting"], *beside)}


def _nth(state: State, event: Event) -> str:
    """The number in the keys of an urge: the round, and from the second urge in it on which one."""
    return str(event.data.get("nth") or state.round)


def _replied(state: State, event: Event) -> State:  # T17, T20, T26
    current = state.current.model_copy(update={"replied_at": event.at, "reply": event.data.get("sha256", "")})
    # A reply signed by the head is a reading; the wait for it is over, the flag stands (BC-5.4a).
    after = change(state, rounds=(*state.rounds[:-1], current), **await_(state, drop=("reading",)))
    after = change(after, check=event.data.get("check", {}), visit_differed=False)
    return change(after, state="replied", desk="office", **main(after, f"review.office:{state.round}"))


def _reply_lapsed(state: State, event: Event) -> State:  # T18, T26o
    current = state.current.model_copy(update={"lapsed": True})
    key = f"urge_day:{state.round}"
    heralds = {f"{kind}:{state.round}": at for kind, at in event.data.get("heralds", {}).items()}
    waits = main(state, key, timers={key: event.data["urge_from"], **heralds})
    return change(state, state="overdue", rounds=(*state.rounds[:-1], current), **waits)


def _urge_day_came(state: State, event: Event) -> State:  # T19: the office urges on a working day, or is asked whether
    key = f"urge.office:{event.data['ask']}" if event.data.get("ask") else f"urge:{state.round}"
    return change(state, **onward(state, key))


def _urged(state: State, event: Event) -> State:  # T19
    current = state.current.model_copy(update={"urges": state.current.urges + 1})
    key = f"urged_reply:{_nth(state, event)}"
    timers = {key: event.data["due_at"]} if event.data.get("due_at") else {}
    waits = onward(state, key, timers=timers)
    return change(state, state="urged", urged_at=event.at, rounds=(*state.rounds[:-1], current), **waits)


def _urge_deferred(state: State, event: Event) -> State:  # the office does not urge now; it may be asked again
    again = event.data.get("ask_at")
    timers = {f"urge_day:{event.data['again']}": again} if again else {}
    return change(state, **onward(state, f"urged_reply:{_nth(state, event)}", timers=timers))


def _urge_lapsed(state: State, event: Event) -> State:  # T21
    if event.data.get("ask"):
        return change(state, state="overdue", **onward(state, f"urge.office:{event.data['ask']}"))
    if "account" in event.data.get("then", ("account",)):
        return change(state, state="account", **onward(state, f"demand:{state.round}"))
    timers = {key: at for key, at in state.timers.items() if kind_of(key) != "urged_reply"}
    return change(state, timers=timers)  # nothing more is laid down: the reply is still to come


def _demanded(state: State, _event: Event) -> State:
    return change(state, **onward(state, f"account:{state.round}"))


def _accounted(state: State, _event: Event) -> State:  # T22; the office then sets a new date
    return change(state, desk="office", **onward(state, f"new_date:{state.round}"))


def _progress(state: State, event: Event) -> State:  # T20
    return reopens("progress")(state, event) if event.data["effective"] else state


HANDLERS: dict[str, Handler] = {
    "replied": _replied,
    "reply_lapsed": _reply_lapsed,
    "urge_day_came": _urge_day_came,
    "urged": _urged,
    "urge_deferred": _urge_deferred,
    "urged_reply_lapsed": _urge_lapsed,
    "demanded": _demanded,
    "accounted": _accounted,
    "date_set": reopens("accounted"),
    "progress_reported": _progress,
}
