"""What the events of a matter add up to. A stand-in: it takes over what the event's data names."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from duban.ledger.records import Event


class State(BaseModel):
    """The state of one matter after its last event."""

    model_config = ConfigDict(frozen=True)

    number: str
    version: int
    reference: str | None = None
    type: str = "general"
    title: str = ""
    unit: str | None = None
    regulation: str | None = None
    mark: str | None = None
    state: str = "registered"
    desk: str | None = None
    round: int = 1
    due_on: date | None = None
    due_at: datetime | None = None
    wake_at: datetime | None = None
    awaiting: tuple[str, ...] = ()
    registered_at: datetime
    closed_at: datetime | None = None
    run_key: str | None = None


def apply(state: State | None, event: Event) -> State:
    """The state after `event`: pure, so that the ledger can be rebuilt from its events."""
    before = state.model_dump() if state else {"number": event.number, "registered_at": event.at}
    named = {name: value for name, value in event.data.items() if name in State.model_fields}
    return State.model_validate(
        {**before, **named, "version": event.seq, "round": event.round or before.get("round", 1)}
    )
