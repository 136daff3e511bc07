"""A due date as an event carries it."""

from datetime import date
from typing import Any

from duban import deadlines
from duban.acts.act import Act
from duban.deadlines import Due
from duban.errors import Refusal


def due_data(due: Due) -> dict[str, Any]:
    """A due date as an event carries it: the day, the moment after which it is late, and how it was counted."""
    return {
        "due_on": due.on.isoformat(),
        "due_at": due.at.isoformat(),
        "basis": due.basis.clause,
        "counted": len(due.counted),
        "rolled": due.rolled,
    }


def stated_due(it: Act, on: date) -> Due:
    """A limit that somebody wrote down as a date, seen from the ledger's today. Raises Refusal for the past."""
    return deadlines.stated(on, it.law, today=it.now.date())


def day_of(value: object) -> date | None:
    """A day from an answer's field; None when it is empty. Raises Refusal for what is no date."""
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Refusal(f"日期“{value}”写得不对，请写成 2026-03-05 这样的形式。") from None
