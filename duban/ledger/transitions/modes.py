"""督办方式: by phone, on site, jointly, covertly, by the office itself (T7p, T10s)."""

from collections.abc import Callable
from typing import Any

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.entering import taken
from duban.ledger.transitions.moves import Handler, await_, change, ended, main, open_round

#: What the office is to do itself -> where the matter stands meanwhile.
TASKS = {"phone": "registered", "visit": "visiting"}


def _tasked(state: State, event: Event) -> State:  # the office phones, or goes there
    task = event.data["task"]
    number = state.assignment if task == "phone" else state.visits + 1
    return change(state, state=TASKS[task], desk="office", **main(state, f"{task}:{number}"))


def _phoned(state: State, event: Event) -> State:  # T7p: handed over and received in one
    after = change(state, issued_at=event.at, **main(state))
    return taken(open_round(after, event, "dispatched"), event)


def _visited(state: State, event: Event) -> State:
    data = event.data
    form = {**state.form, **data.get("form", {})}
    after = change(state, visits=state.visits + 1, form=form, **await_(state, drop=("joint_record",)))
    return change(after, **_AFTER_VISIT[data["next"]](after, event))


def _hand_over(state: State, event: Event) -> dict[str, Any]:
    return {"state": "issued", "desk": None, "issued_at": event.at, **main(state, f"deliver:{state.assignment}")}


#: What comes after a visit: the signing chain (another event, in the same act), the unit, the end, or nothing new.
_AFTER_VISIT: dict[str, Callable[[State, Event], dict[str, Any]]] = {
    "sign": lambda state, _event: {"state": "registered", "desk": None, **main(state)},
    "deliver": _hand_over,
    "close": lambda state, event: ended(state, "closed", event),
    "": lambda _state, _event: {},
}


def _released(state: State, _event: Event) -> State:
    return change(state, released=True)


def _own_result(state: State, event: Event) -> State:  # T10s: no unit, so no review of what a unit says
    current = state.current.model_copy(update={"replied_at": event.at, "reply": event.data.get("sha256", "")})
    rounds = (*state.rounds[:-1], current)
    return change(state, rounds=rounds, state="accepted", desk=None, **main(state, f"report:{state.round}"))


def _own_lapsed(state: State, _event: Event) -> State:
    """The office is late with what it does itself: that is on record, and it is still to be done."""
    current = state.current.model_copy(update={"lapsed": True})
    timers = {key: at for key, at in state.timers.items() if key != f"own_result:{state.round}"}
    return change(state, state="overdue", rounds=(*state.rounds[:-1], current), timers=timers)


HANDLERS: dict[str, Handler] = {
    "tasked": _tasked,
    "phoned": _phoned,
    "visited": _visited,
    "released": _released,
    "own_result": _own_result,
    "own_lapsed": _own_lapsed,
    "copy_received": lambda state, _event: state,
}
