"""提醒、分级催办、跟踪: what is said before a deadline, by hand, and at the steps of urging (T13, A25)."""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, change


def _reminded(state: State, event: Event) -> State:
    key = event.data["timer"]
    timers = {name: at for name, at in state.timers.items() if name != key}
    return change(state, timers=timers, reminded=(*state.reminded, key))


def _warned(state: State, event: Event) -> State:
    after, document = _reminded(state, event), event.data.get("document")
    if not document or document in state.pending_papers:
        return after
    return change(after, pending_papers=(*state.pending_papers, document))


def _urged_by_hand(state: State, event: Event) -> State:
    return change(state, urged_at=event.at)


def _tracked(state: State, event: Event) -> State:
    return change(state, tracked_at=event.at)


HANDLERS: dict[str, Handler] = {
    "reminded": _reminded,
    "warned": _warned,
    "urged_by_hand": _urged_by_hand,
    "tracked": _tracked,
    "inspected": lambda state, _event: state,
}
