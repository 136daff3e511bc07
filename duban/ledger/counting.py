"""How often something happened to a unit, over all matters; and the gate for those who decide by the count."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from duban.ledger.held import book_of
from duban.ledger.models import EventRow

GATE = 0x7763_9876
"""First half of the advisory lock's number; any constant that nothing else in this database uses."""

NOTICE = func.coalesce(func.nullif(EventRow.data["bulletin"].astext, ""), EventRow.number + " " + EventRow.key)
"""What counts as one: a bulletin, in however many matters and period files it names the unit (BC-5.10d: 被通报3次);
without its number, the event."""


def counting_gate(session: Session, unit: str) -> None:
    """Wait until no other transaction counts for this unit; held until this one ends.

    Taken after the matter's row and before the gate of the numbers (see locks.py), so nobody waits in a circle.
    """
    if book_of(session) is None:
        session.execute(select(func.pg_advisory_xact_lock(GATE, func.hashtext(unit))))


def count(session: Session, kinds: Sequence[str], unit: str, since: datetime, *, clause: str = "") -> int:
    """How often events of these kinds name this unit since a moment (aware), over all matters, one bulletin once.

    `clause`: only those that stand on it.
    """
    if (book := book_of(session)) is not None:
        return book.count(kinds, unit, since, clause)
    query = select(func.count(NOTICE.distinct())).where(
        EventRow.kind.in_(kinds), EventRow.at >= since, EventRow.data["unit"].astext == unit
    )
    if clause:
        query = query.where(EventRow.clause == clause)
    return session.scalar(query) or 0
