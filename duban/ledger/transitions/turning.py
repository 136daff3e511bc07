"""What may happen at any moment: a new instruction, a withdrawal, a paper that is made, a look at a marked matter."""

from duban.ledger.records import Event
from duban.ledger.standing import Document, State
from duban.ledger.transitions.moves import Handler, change, ended, open_round, reopens


def _instructed(state: State, event: Event) -> State:  # T16
    after = change(state, instructions=(*state.instructions, {**event.data, "at": event.at.isoformat()}))
    if not event.data.get("due_at"):
        return after
    if event.data.get("wait") == "own_result":  # what the office does itself has no unit to wait for (T10s)
        return change(open_round(after, event, "instructed", wait="own_result"), state="in_progress", desk="office")
    return reopens("instructed")(after, event)


def _withdrawn(state: State, event: Event) -> State:  # T36
    return change(state, **ended(state, "cancelled", event))


def _documented(state: State, event: Event) -> State:
    data = event.data
    made = Document(kind=data["kind"], name=data["name"], sha256=data["sha256"], at=event.at)
    pending = tuple(kind for kind in state.pending_papers if kind != data["kind"])
    return change(state, documents=(*state.documents, made), pending_papers=pending)


HANDLERS: dict[str, Handler] = {
    "instructed": _instructed,
    "withdrawn": _withdrawn,
    "documented": _documented,
    "consulted": lambda state, _event: state,
}
