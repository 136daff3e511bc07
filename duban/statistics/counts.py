"""What is counted: matters of a period by outcome and time, rounds, overdue by age, load of each unit.

Every count is over the standings of one moment, so all of it reconciles: what was carried over and what is new is what
was closed, withdrawn and is open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from duban import clock
from duban.statistics.asof import Standing
from duban.statistics.figures import Figure, Partition, Rate, average

ORIGINS = {"carried": "上期结转", "new": "本期登记"}
OUTCOMES = {"closed": "办结", "cancelled": "撤销", "open": "在办"}
CLOCKS = {"in_time": "期限内", "overdue": "逾期", "with_office": "呈批、审核中"}
TIMELINESS = {"on_time": "按期办结", "late": "逾期办结"}
#: Classes of the days that something is overdue: the last day of each, None for no end. How a page is divided, no rule.
AGES = {"3": "3天以内", "7": "4至7天", "15": "8至15天", "30": "16至30天", "60": "31至60天", "more": "60天以上"}
ROUNDS = {"0": "尚未下达", "1": "1轮", "2": "2轮", "3": "3轮", "4": "4轮", "more": "5轮以上"}


@dataclass(frozen=True, slots=True)
class Span:
    """A period, both days included. `begins`: the moment (aware) from which it goes on where another one ended."""

    first: date
    last: date
    begins: datetime | None = None

    @property
    def since(self) -> datetime:
        """The moment at which it begins, in Shanghai."""
        return self.begins or datetime.combine(self.first, time(), clock.SHANGHAI)

    def holds(self, moment: datetime | None) -> bool:
        """Whether the moment (aware) lies in the period."""
        return moment is not None and self.since <= moment and moment.astimezone(clock.SHANGHAI).date() <= self.last


@dataclass(frozen=True, slots=True)
class Summary:
    """The matters of a period, as they stood at its as-of moment: of the bureau, a unit or a type.

    `total` = `origin` (carried over, new) = `outcome` (closed and withdrawn in the period, open); the open ones by how
    their clock stands, the closed ones by whether they were ever late. `rates`: of stated bases.
    """

    key: str
    name: str
    total: Figure
    parts: Figure
    origin: Partition
    outcome: Partition
    open: Partition
    closed: Partition
    rates: tuple[Rate, ...]

    def as_json(self) -> dict[str, Any]:
        """All of it, figures with their lists."""
        return {
            "key": self.key,
            "name": self.name,
            "total": self.total.as_json(),
            "parts": self.parts.as_json(),
            "origin": self.origin.as_json(),
            "outcome": self.outcome.as_json(),
            "open": self.open.as_json(),
            "closed": self.closed.as_json(),
            "rates": [rate.as_json() for rate in self.rates],
        }


def of_period(found: Sequence[Standing], span: Span) -> list[Standing]:
    """The matters of a period: those not ended before it began."""
    return [one for one in found if one.closed_at is None or one.closed_at >= span.since]


def summary(key: str, name: str, found: Sequence[Standing], span: Span) -> Summary:
    """The summary of these standings over a period; those that ended before it are left out."""
    mine = of_period(found, span)
    by_number = {one.number: one for one in mine}
    origin = {one.number: "new" if span.holds(one.registered_at) else "carried" for one in mine}
    outcome = {one.number: one.outcome for one in mine}
    clocks = {n: _clock(by_number[n]) for n, how in outcome.items() if how == "open"}
    closed = {n: "late" if by_number[n].was_late else "on_time" for n, how in outcome.items() if how == "closed"}
    total = Figure.of(by_number)
    owed = Figure.of(number for number, how in outcome.items() if how != "cancelled")
    done = Figure.of(closed)
    on_time = Figure.of(number for number, how in closed.items() if how == "on_time")
    overdue = Figure.of(number for number, how in clocks.items() if how == "overdue")
    return Summary(
        key=key,
        name=name,
        total=total,
        parts=Figure.of(one.number for one in mine if one.parent),
        origin=Partition.by("总件数", ORIGINS, origin),
        outcome=Partition.by("总件数", OUTCOMES, outcome),
        open=Partition.by("在办件数", CLOCKS, clocks),
        closed=Partition.by("办结件数", TIMELINESS, closed),
        rates=(
            Rate("办结率", "办结", done, "总件数减撤销", owed),
            Rate("按期办结率", "按期办结", on_time, "办结", done),
            Rate("逾期率", "逾期", overdue, "在办", Figure.of(clocks)),
        ),
    )


def grouped(found: Sequence[Standing], by: str, names: Mapping[str, str], span: Span) -> tuple[Summary, ...]:
    """A summary for each of `names` (key -> name, all shown, in order); `by`: the standing's field, unit or type.

    Raises KeyError for a standing whose key has no name: what is left out would be in the whole and in no part.
    """
    lists: dict[str, list[Standing]] = {key: [] for key in names}
    for one in found:
        lists[getattr(one, by)].append(one)
    return tuple(summary(key, name, lists[key], span) for key, name in names.items())


def _clock(one: Standing) -> str:
    if one.overdue:
        return "overdue"
    return "with_office" if one.with_office else "in_time"


def ages(found: Sequence[Standing]) -> Partition:
    """The overdue matters by how many days ago they were due; a day that has just passed counts as 0 days."""
    late = {one.number: class_of(max(-(one.days_left or 0), 0), AGES) for one in found if one.overdue}
    return Partition.by("逾期件数", AGES, late)


def rounds(found: Sequence[Standing]) -> Partition:
    """Matters by how many rounds they took so far."""
    return Partition.by("件数", ROUNDS, {one.number: class_of(len(one.rounds), ROUNDS) for one in found})


def rounds_on_average(found: Sequence[Standing]) -> Decimal | None:
    """Rounds of a matter that was handed over, on average; None if none was."""
    return average([len(one.rounds) for one in found if one.rounds])


def class_of(value: int, classes: Mapping[str, str]) -> str:
    """The key of the class (of AGES or ROUNDS) in which this number of days or rounds falls."""
    return next((key for key in classes if key.isdecimal() and value <= int(key)), "more")
