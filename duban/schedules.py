"""When the periodical work is due: which week, month or year, and the day on the working-day calendar.

A job is due once in each period (a week, a month, a quarter, a year: a *slot*), at the time of day that the rule lays
down, on its day, or on the first working day after the period. The slot does not depend on the calendar of holidays;
only the day does. So a calendar that is corrected later moves a day and never makes a period come twice or get lost.
Nothing is guessed: the day of a slot in a year whose holidays are not published is refused, and whoever asks waits.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from duban import deadlines, workdays
from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.regulation import Regulation
from duban.regulation.time_shapes import Cadence
from duban.regulation.values import parse_time

_DAY = timedelta(days=1)

#: How many periods a year has; weeks are counted by themselves.
_A_YEAR: dict[str, int] = {"month": 12, "quarter": 4, "year": 1}
_LOOK_BACK = 60
"""Slots looked through for one with a day: further back no calendar is that a later one would not know."""

_HALF = 15
"""A job with a day up to here tells of the month before, as one that waits for the month's end does."""


@dataclass(frozen=True)
class Schedule:
    """When a job is due.

    `every`: week, month, quarter, year. `day`: weekday (0 Monday) or day of the month; None: the first day after the
    period. `roll`: where a day off goes (previous, next, none). `at`: the time of day, HH:MM. `each`: every period that
    was missed is made up, and not only the latest.
    """

    every: str
    day: int | None
    roll: str
    at: str
    each: bool = True

    def slot(self, nominal: date) -> int:
        """The slot for which the job has its day, before it is rolled, on `nominal`."""
        day = nominal if self.day is not None else nominal - _DAY
        if self.every == "week":
            return (day.toordinal() - 1) // 7  # the first of January of the year 1 was a Monday
        a_year = _A_YEAR[self.every]
        return day.year * a_year + (day.month - 1) * a_year // 12

    def nominal(self, slot: int) -> date:
        """The day of the slot as the rule writes it, whether or not people work on it."""
        first = self._first(slot)
        if self.day is None:
            return self._first(slot + 1)
        if self.every == "week":
            return first + timedelta(days=self.day)
        return first.replace(day=min(self.day, calendar.monthrange(first.year, first.month)[1]))

    def _first(self, slot: int) -> date:
        if self.every == "week":
            return date.fromordinal(slot * 7 + 1)
        a_year = _A_YEAR[self.every]
        return date(slot // a_year, slot % a_year * (12 // a_year) + 1, 1)

    def due(self, slot: int) -> datetime | None:
        """When the job of the slot is due, aware; None where the day before it has been rolled onto the same one.

        A week in which nobody works has no report of its own: the day before the holiday has one. Refusal: in a year
        whose holidays are not published.
        """
        on = self._on(slot)
        if self.roll != "none" and on == self._on(slot - 1):
            return None
        return deadlines.end_of(on, parse_time(self.at))

    def _on(self, slot: int) -> date:
        day = self.nominal(slot)
        return day if self.roll == "none" else workdays.roll(day, "next" if self.roll == "next" else "previous")

    def following(self, slot: int) -> int:
        """The next slot that has a day of its own. Refusal as `due`."""
        slot += 1
        while self.due(slot) is None:
            slot += 1
        return slot

    def latest(self, now: datetime) -> int:
        """The latest slot that was due by `now`. What cannot be told yet (no calendar) does not count as due."""
        top = self.slot(now.astimezone(SHANGHAI).date()) + 3
        for slot in range(top, top - _LOOK_BACK, -1):
            try:
                due = self.due(slot)
            except Refusal:
                continue
            if due is not None and due <= now:
                return slot
        raise Refusal("最近几期应当在哪一天都推算不出来，请核对 include/calendar 里的节假日安排。")

    def next(self, last: int | None, now: datetime, *, back: timedelta) -> int:
        """The slot whose turn it is: the one after `last`, or, where only the latest is made up, the latest missed.

        A job that never ran begins with what fell due within `back` before now, else with what is next. Refusal as
        `due`: then nobody can say yet, and the job waits.
        """
        if last is not None and self.each:
            return self.following(last)
        latest = self.latest(now)
        if last is not None:
            return latest if latest > last else self.following(last)
        due = self.due(latest)
        return latest if due is not None and now - due <= back else self.following(latest)

    def period(self, slot: int) -> str:
        """What the period is called: 2026-03, 2026-Q1, 2026; a week by the day on which it is reported."""
        if self.every == "week":
            return self._on(slot).isoformat()
        first = self._first(slot)
        if self.every == "month" and self.day is not None and self.day <= _HALF:
            first = (first - _DAY).replace(day=1)
        named = {"month": f"{first:%Y-%m}", "quarter": f"{first.year}-Q{(first.month + 2) // 3}"}
        return named.get(self.every, str(first.year))

    def __str__(self) -> str:
        """As people say it: 每周五17:00，遇休提前."""
        where = {"previous": "，遇休提前", "next": "，遇休顺延", "none": ""}[self.roll]
        if self.day is None:
            after = {"week": "每周", "month": "每月", "quarter": "每季", "year": "每年"}[self.every]
            return f"{after}过后的第一个工作日{self.at}"
        on = f"每周{'一二三四五六日'[self.day]}" if self.every == "week" else f"每月{self.day}日"
        return f"{on}{self.at}{where}"


def schedule(kind: str, law: Regulation) -> Schedule | None:
    """When the regulation has this kind of period file made; None where it lays down no time for it.

    What the source texts do not say of the time of day: a report that closes a week or month comes when business
    closes, what is made out of a period that is over when business begins.
    """
    return KINDS[kind](law)


def waiting(law: Regulation, now: datetime) -> list[str]:
    """Kinds of period file of which nobody can say when the next is due: the year's holidays are not published."""
    timed = {kind: rule(law) for kind, rule in KINDS.items()}
    return [kind for kind, one in timed.items() if one is not None and not _can_be_told(one, now)]


def _can_be_told(timed: Schedule, now: datetime) -> bool:
    try:
        timed.following(timed.latest(now))
    except Refusal:
        return False
    return True


def _opening(law: Regulation) -> str:
    return str(law.counting.start_of_business or "00:00")


def _by(cadence: Cadence, law: Regulation, *, each: bool) -> Schedule | None:
    day = {"week": cadence.weekday, "month": cadence.day}.get(cadence.every or "")
    if day is None:
        return None
    # A date that moves forward closes something; one that moves back is when the office turns to it.
    at = _opening(law) if cadence.roll == "next" else str(law.counting.close_of_business)
    return Schedule("week" if cadence.every == "week" else "month", day, cadence.roll, at, each)


def _weekly(law: Regulation) -> Schedule | None:
    """六（四）: the office reports when the units have (A13); a week that was missed shows in the next report."""
    cadences = [law.cadence, *(rule.cadence for rule in law.types.values() if rule.cadence is not None)]
    weekly = [cadence for cadence in cadences if cadence.every == "week"]
    return _by(weekly[0], law, each=False) if weekly else None


def _digest(law: Regulation) -> Schedule | None:
    """三（三）批示件汇总 (LZ), 三（一）每月进展汇总 (MM)."""
    return _by(law.digest, law, each=True) or (
        _by(law.cadence, law, each=True) if law.cadence.every == "month" else None
    )


def _scoring(law: Regulation) -> Schedule | None:
    """七 通报周期: as soon as the period is over."""
    every = law.scoring.published
    if every is None or law.scoring.method in (None, "none"):
        return None
    return Schedule(every, None, "next", _opening(law))


def _bulletin(law: Regulation) -> Schedule | None:
    """五（十）通报 where it has a fixed time; an irregular one follows the scores, or is asked for."""
    every = law.bulletin.every
    if every not in ("week", "month"):
        return None
    return Schedule(every, None, "next", _opening(law), each=False)


def _archive(law: Regulation) -> Schedule | None:
    """五（九）年底统一归档: when the year is over, so that what is closed on its last day is in it."""
    return Schedule("year", None, "next", _opening(law)) if law.archive.when == "year_end" else None


#: Kind of period file (the id of its DAG) -> when the regulation has it made.
KINDS: dict[str, Callable[[Regulation], Schedule | None]] = {
    "weekly_progress": _weekly,
    "monthly_scoring": _scoring,
    "instruction_digest": _digest,
    "bulletin": _bulletin,
    "year_end_archive": _archive,
}
