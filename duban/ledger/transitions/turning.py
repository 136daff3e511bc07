"""What may happen at any moment: a new instruction, a withdrawal, a paper that is made, a look at a marked matter."""

from duban.ledger.records import Event
from duban.ledger.standing import Document, State
from duban.ledger.transitions.moves import Handler, change, ended, reopens


def _instructed(state: State, event: Event) -> State:  # T16
    after = change(state, instructions=(*state.instructions, {**event.data, "at": event.at.isoformat()}))
    return reopens("instructed")(after, event) if event.data.get("due_at") else after


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
