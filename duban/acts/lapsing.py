"""What time alone brings about: one function a kind of timer, each appending an event at its own moment."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from duban import clock, workdays
from duban.acts import own, periods, reminding, urging
from duban.acts.act import SYSTEM, Act
from duban.acts.due import warnings_after
from duban.errors import Refusal
from duban.periodicals import objecting

#: Called with the act, the key of the timer and the moment at which it ran out.
Lapse = Callable[[Act, str, datetime], None]


def _simply(kind: str, rule: str) -> Lapse:
    def lapse(it: Act, key: str, at: datetime) -> None:
        clause = getattr(it.law, rule).basis.clause
        it.record(kind, f"lapse:{key}", SYSTEM, clause, {"due_at": at.isoformat()}, at=at)

    return lapse


def _reply(it: Act, key: str, at: datetime) -> None:
    """T18, T26o: a due date has passed without a reply."""
    data: dict[str, Any] = {"due_at": at.isoformat(), "urge_from": _urge_from(it, at).isoformat()}
    data |= {"heralds": warnings_after(it), "listed": "listed" in it.law.urge.then}
    it.record("reply_lapsed", f"lapse:{key}", SYSTEM, it.law.urge.basis.clause, data | periods.at_lapse(it), at=at)


def _urge_from(it: Act, lapsed_at: datetime) -> datetime:
    """The start of the day on which the urge goes out: so many working days after the due day (T19), else at once.

    At once too where that day falls into a year whose holidays are not published: the clock must not stop for it.
    """
    issue = it.law.urge.issue
    if issue is None or it.state.due_on is None:
        return lapsed_at
    try:
        day = workdays.add(it.state.due_on, issue.number)
    except Refusal:
        return lapsed_at
    return max(lapsed_at, datetime.combine(day, time(), clock.SHANGHAI))


#: Kind of timer (or the word before its dot) -> what happens when it runs out.
LAPSES: dict[str, Lapse] = {
    "receipt": _simply("receipt_lapsed", "receipt"),
    "reading": _simply("reading_lapsed", "reading"),
    "reply": _reply,
    **urging.LAPSES,
    **periods.LAPSES,
    **reminding.LAPSES,
    **own.LAPSES,
    **objecting.LAPSES,
}
