"""What lies on each unit: its open matters, those it helps with, and how many reports it was asked for in a period.

Counted so that nobody is asked twice: each report is named with its matter, what asked for it and when it is due.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban.ledger.models import EventRow
from duban.statistics.asof import Standing
from duban.statistics.counts import Span
from duban.statistics.figures import Figure, Partition

#: What opens a round by asking the unit for a report -> its words. More time or a new date asks for none that was not
#: asked for before.
ASKS = {
    "dispatched": "交办",
    "returned": "退回补办",
    "further_work": "续办",
    "instructed": "新批示",
    "period": "周（月、阶段）报",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One report that a unit was asked for: of which matter and round, by what, on which day, due when.

    Of a state secret (`secret`) only the matter is told on.
    """

    unit: str
    number: str
    round: int
    why: str
    asked_on: date
    due_on: date
    secret: bool = False

    @property
    def name(self) -> str:
        """As a figure lists it."""
        return f"{self.number} 第{self.round}轮"

    def as_json(self) -> dict[str, Any]:
        """All fields; days as ISO text, of a secret only the unit and the number."""
        return {
            "unit": self.unit,
            "number": self.number,
            "round": 0 if self.secret else self.round,
            "why": "" if self.secret else self.why,
            "asked_on": "" if self.secret else self.asked_on.isoformat(),
            "due_on": "" if self.secret else self.due_on.isoformat(),
            "secret": self.secret,
        }


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on a unit. `same_day`: of the reports asked for, those due on a day on which another one is due."""

    unit: str
    name: str
    open: Figure
    overdue: Figure
    helping: Figure
    asked: Figure
    why: Partition
    same_day: Figure
    asks: tuple[Ask, ...]

    def as_json(self) -> dict[str, Any]:
        """All fields; figures with their lists."""
        return {
            "unit": self.unit,
            "name": self.name,
            "open": self.open.as_json(),
            "overdue": self.overdue.as_json(),
            "helping": self.helping.as_json(),
            "asked": self.asked.as_json(),
            "why": self.why.as_json(),
            "same_day": self.same_day.as_json(),
            "asks": [ask.as_json() for ask in self.asks],
        }


def loads(
    session: Session,
    found: Sequence[Standing],
    names: Mapping[str, str],
    span: Span,
    stands_for: Callable[[str], str] = str,
) -> tuple[Load, ...]:
    """The load of each of these units (code -> name); reports are those asked for in the period.

    `stands_for`: the unit that a unit's reports are asked of now, where one was merged into another.
    """
    asks = _asks(session, found, span, stands_for)
    of_unit: dict[str, list[Ask]] = {code: [] for code in names}
    for ask in asks:
        of_unit.setdefault(ask.unit, []).append(ask)
    return tuple(_load(code, name, found, of_unit[code]) for code, name in names.items())


def _load(code: str, name: str, found: Sequence[Standing], asks: list[Ask]) -> Load:
    mine = [one for one in found if one.unit == code and not one.ended]
    days = Counter(ask.due_on for ask in asks)
    return Load(
        unit=code,
        name=name,
        open=Figure.of(one.number for one in mine),
        overdue=Figure.of(one.number for one in mine if one.overdue),
        helping=Figure.of(one.number for one in found if code in one.cohandlers and not one.ended),
        asked=Figure.of(ask.name for ask in asks),
        why=Partition.by("要求报送次数", ASKS, {ask.name: ask.why for ask in asks}),
        same_day=Figure.of(ask.name for ask in asks if days[ask.due_on] > 1),
        asks=tuple(sorted(asks, key=lambda ask: (ask.due_on, ask.number, ask.round))),
    )


def _asks(session: Session, found: Sequence[Standing], span: Span, stands_for: Callable[[str], str]) -> list[Ask]:
    since = given(session, [one.number for one in found if one.assignment > 1])
    return [
        Ask(
            unit=stands_for(unit_at(since.get(one.number), each.opened_at) or one.unit),
            number=one.number,
            round=each.number,
            why=each.opened_by,
            asked_on=each.opened_at.date(),
            due_on=each.due_on,
            secret=one.withheld,
        )
        for one in found
        for each in one.rounds
        if each.opened_by in ASKS and span.holds(each.opened_at)
    ]


def given(session: Session, moved: Sequence[str]) -> dict[str, list[tuple[datetime, str]]]:
    """Of matters (numbers) that went from one unit to another: since when each had them, the latest first."""
    query = select(EventRow.number, EventRow.at, EventRow.data).where(
        EventRow.number.in_(moved), EventRow.kind.in_(("registered", "revised", "reassigned"))
    )
    found: dict[str, list[tuple[datetime, str]]] = {}
    for row in session.execute(query.order_by(EventRow.number, EventRow.seq.desc())):
        unit = row.data.get("unit") or row.data.get("form", {}).get("unit")
        if unit:
            found.setdefault(row.number, []).append((row.at, unit))
    return found


def unit_at(had: list[tuple[datetime, str]] | None, moment: datetime) -> str:
    """Which unit had the matter at that moment by what `given` found; "" where it is not known."""
    return next((unit for since, unit in had or () if since <= moment), "")
