"""A projection of a few lines and an office of two: the ledger's tests stand on no transition of the procedure."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from duban import ledger
from duban.errors import Refusal
from duban.ledger import Actor, Draft, Event

CLERK = Actor("wang", "王敏", post="office")
UNIT = Actor("li", "李强", unit="jingzhen")


class State(BaseModel):
    model_config = ConfigDict(frozen=True)

    number: str
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
    run_key: str = ""
    steps: int = 0


def apply(state: State | None, event: Event) -> State:
    """Takes over what the event's data names; refuses what is forbidden."""
    if event.kind == "forbidden":
        raise Refusal("不许这样办。")
    before = state.model_dump() if state else {"number": event.number, "registered_at": event.at}
    named = {name: value for name, value in event.data.items() if name in State.model_fields}
    return State.model_validate({**before, **named, "steps": before.get("steps", 0) + 1})


def register(session: Session, number: str = "BC-2026-0001", **data: Any) -> Event:
    ledger.open_matter(session, number)
    return ledger.append(session, number, Draft("registered", "register", CLERK, "五（一）", data))


def note(session: Session, number: str = "BC-2026-0001", key: str = "note:1", **data: Any) -> Event:
    return ledger.append(session, number, Draft("noted", key, UNIT, "五（四）", data))
