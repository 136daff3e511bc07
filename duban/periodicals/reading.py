"""A period file as those read it who are sure to have one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import clock, organization
from duban.errors import Refusal
from duban.ledger.models import MatterRow
from duban.ledger.standing import PERIODICALS, Period, State
from duban.periodicals.spans import ONE


@dataclass(frozen=True)
class Periodical:
    """A period file and what it has beyond a matter."""

    state: State
    periodical: Period

    def awaits(self, kind: str) -> str | None:
        """The key of this kind that it waits for."""
        return self.state.awaits(kind)


def of(state: State, *types: str) -> Periodical:
    """The state as a period file. Raises Refusal for a matter, and for a file of another type than those named."""
    if state.periodical is None:
        raise Refusal(f"{state.number} 是督办件，不是期，请核对编号。")
    if types and state.type not in types:
        wanted = "或".join(PERIODICALS[one] for one in types)
        raise Refusal(f"{state.number} 是{PERIODICALS[state.type]}，不是{wanted}，请核对编号。")
    return Periodical(state, state.periodical)


def until(at: datetime) -> str:
    """A moment up to which something may be done: midnight is the end of the day before it, 2026-04-07 24:00."""
    local = at.astimezone(clock.SHANGHAI)
    if local.time() == time():
        return f"{local.date() - ONE} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def listed(session: Session, kind: str | None = None) -> Sequence[State]:
    """The period files of the bureau (of one kind), the latest opened first."""
    query = select(MatterRow.view).where(MatterRow.type.in_([kind] if kind else list(PERIODICALS)))
    query = query.where(MatterRow.view["organization"].astext == organization.load().id)
    rows = session.scalars(query.order_by(MatterRow.registered_at.desc(), MatterRow.number.desc()))
    return [State.model_validate(view) for view in rows]
