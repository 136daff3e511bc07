"""Questions to the register of matters. Each is one query, however many matters there are."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, text
from sqlalchemy.orm import Session

from duban import clock
from duban.ledger import locks
from duban.ledger.chain import is_storable
from duban.ledger.models import MatterRow
from duban.ledger.records import Item
from duban.ledger.standing import PERIODICALS, WITH_UNIT

LATE = ("overdue", "urged", "account")
"""States that are late by themselves; the others with the unit are when their due moment has passed."""

MATTERS: ColumnElement[bool] = MatterRow.type.not_in(PERIODICALS)
"""What keeps the period files (期) out of a query: they lie in the same table and are nobody's work."""

_COLUMNS = tuple(getattr(MatterRow, name) for name in Item.__dataclass_fields__)

_GONE = text(
    "SELECT wait.number, wait.key FROM unnest(CAST(:numbers AS text[]), CAST(:keys AS text[])) AS wait(number, key)"
    " LEFT JOIN matter ON matter.number = wait.number"
    " WHERE matter.number IS NULL OR wait.key <> ALL (matter.awaiting)"
)


def items(
    session: Session,
    unit: str | None = None,
    state: str | Sequence[str] | None = None,
    overdue: bool = False,
    now: datetime | None = None,
) -> list[Item]:
    """The register, by due moment (matters without one last) and number.

    `overdue` keeps those whose due moment has passed by `now` (default: the ledger's clock) while the unit has them.
    """
    states = [state] if isinstance(state, str) else state
    asked = [unit or "", *(states or [])]
    if not all(map(is_storable, asked)):
        return []
    query = select(*_COLUMNS).order_by(MatterRow.due_at.nulls_last(), MatterRow.number)
    query = query.where(MatterRow.version > 0, MATTERS)
    if unit is not None:
        query = query.where(MatterRow.unit == unit)
    if states is not None:
        query = query.where(MatterRow.state.in_(states))
    if overdue:
        query = query.where(is_late(now or clock.now(session)))
    return [Item(*row) for row in session.execute(query)]


def gone(session: Session, waits: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of the waits (number, key), those that are over: the key is not awaited any more, or the matter is not there."""
    if not waits:
        return []
    asked = {"numbers": [number for number, _ in waits], "keys": [key for _, key in waits]}
    return [(row.number, row.key) for row in session.execute(_GONE, asked)]


def awaited(session: Session, numbers: Collection[str]) -> dict[str, list[str]]:
    """What each of these matters awaits; one that is not there is left out."""
    if not numbers:
        return {}
    query = select(MatterRow.number, MatterRow.awaiting).where(MatterRow.number.in_(numbers))
    return {row.number: row.awaiting for row in session.execute(query)}


def due_to_wake(session: Session, now: datetime) -> list[str]:
    """Numbers of the matters and period files that time itself has changed by `now`, the longest ago first."""
    due = select(MatterRow.number).where(MatterRow.wake_at <= now).order_by(MatterRow.wake_at, MatterRow.number)
    return list(session.scalars(due))


def number_of_run(session: Session, key: str, *, lock: bool = False) -> str | None:
    """The matter or period file registered under this run key, None if there is none yet.

    With `lock` nobody else can open a matter until this transaction ends: ask so before registering under that key.
    """
    if not is_storable(key):
        return None
    if lock:
        locks.number_gate(session)
    return session.scalar(select(MatterRow.number).where(MatterRow.run_key == key))


def is_late(now: datetime) -> ColumnElement[bool]:
    """The deadline has passed without a reply, whether the ledger has noted that by `now` or not (T18).

    While somebody decides on time that was asked for before the deadline the clock stands, and nobody is late (T15).
    """
    asked = func.array_to_string(MatterRow.awaiting, " ").op("~")(r"(^| )extend\.")
    return or_(MatterRow.state.in_(LATE), and_(MatterRow.state.in_(WITH_UNIT), MatterRow.due_at <= now, not_(asked)))
