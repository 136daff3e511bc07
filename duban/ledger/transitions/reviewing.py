"""审核、办结、归档: what becomes of a reply (T23–T35)."""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, await_, change, ended, main, reopens, to_desk


def _accepted(state: State, _event: Event) -> State:  # T27
    return change(state, state="accepted", desk=None, **main(state, f"report:{state.round}"))


def _reported(state: State, event: Event) -> State:  # T28
    desks = tuple(event.data["desks"])
    return change(state, close_desks=desks, **to_desk(state, "approve", desks, 0, state.round))


def _approved(state: State, event: Event) -> State:  # T29–T31
    position = state.close_desks.index(event.data["desk"]) + 1
    if position < len(state.close_desks):
        return change(state, **to_desk(state, "approve", state.close_desks, position, state.round))
    closed = state.current.model_copy(update={"verdict": "closed"})
    after = change(state, rounds=(*state.rounds[:-1], closed))
    if event.data.get("upward"):
        return change(after, state="report_up", desk="office", **main(after, f"upward:{state.round}"))
    return change(after, **ended(after, "closed", event))


def _filed(state: State, event: Event) -> State:  # T35
    return change(state, filed_at=event.at, **await_(state, drop=("file",)))


HANDLERS: dict[str, Handler] = {
    "accepted": _accepted,
    "returned": reopens("returned", to="returned"),
    "further_work": reopens("further_work"),
    "reported": _reported,
    "approved": _approved,
    "filed": _filed,
}
