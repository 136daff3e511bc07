"""Working days: which day counts, n days on, how many between, where a rest day rolls to.

The bureau's own year file comes first (`include/calendar/<year>.yaml`, with the number of the State Council's
notice), the library chinesecalendar behind it. A year that neither knows is refused, never guessed: until the
notice is published nobody can say which Saturdays are worked (standards §5).
"""

import calendar
import os
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Annotated, Literal

import chinese_calendar
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from duban import clerk_yaml, included
from duban.clerk_yaml import Fault
from duban.errors import Refusal

_DAY = timedelta(days=1)
Direction = Literal["next", "previous"]
LOOK_AGAIN = 1.0
"""Seconds after which a year's file is looked at again: a corrected calendar counts without a restart."""


@dataclass(frozen=True)
class Notice:
    """Where a year's holidays come from: the number and date of the State Council's notice, as far as known."""

    year: int
    number: str
    published: date | None

    def __str__(self) -> str:
        return self.number


@dataclass(frozen=True)
class _Year:
    notice: Notice
    days: tuple[date, ...]  # the working days, sorted: everything below is bisection in it
    holidays: Mapping[date, str]


def _date(value: object) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"日期“{value}”不对，请写成 2026-10-01，并核对这一天存在") from None


def _range(value: object) -> tuple[date, date]:
    first, _, last = str(value).partition("至")
    start = _date(first)
    end = _date(last) if last else start
    if end < start:
        raise ValueError(f"“{value}”的起止颠倒了")
    return start, end


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Annotated[int, BeforeValidator(lambda text: int(text) if str(text).isdecimal() else text)] = Field(
        alias="年份"
    )
    number: str = Field(alias="文号", min_length=1)
    published: Annotated[date, BeforeValidator(_date)] = Field(alias="日期")
    off: dict[str, Annotated[tuple[date, date], BeforeValidator(_range)]] = Field(alias="放假")
    work: tuple[Annotated[date, BeforeValidator(_date)], ...] = Field(alias="上班")


def check(file: Path) -> list[Fault]:
    """Return every fault of a calendar file, none if it is sound."""
    return _read(file)[1]


def _read(file: Path) -> tuple[_Year | None, list[Fault]]:
    marked = clerk_yaml.read(file.read_text(encoding="utf-8"))
    if marked.faults:
        return None, marked.faults
    try:
        said = _File.model_validate(marked.data)
    except ValidationError as error:
        return None, clerk_yaml.faults(error, marked)
    faults = [] if str(said.year) == file.stem else [Fault(marked.line(("年份",)), f"年份与文件名“{file.name}”不一致")]
    holidays: dict[date, str] = {}
    for name, (start, end) in said.off.items():
        line = marked.line(("放假", name))
        for number in range((end - start).days + 1):
            day = start + timedelta(days=number)
            if day.year != said.year:
                faults.append(Fault(line, f"“{name}”里的{day}不在{said.year}年，请写到那一年的文件里"))
            elif day in holidays:
                faults.append(Fault(line, f"{day}既在“{holidays[day]}”又在“{name}”里"))
            holidays[day] = name
    for number, day in enumerate(said.work):
        line = marked.line(("上班", number))
        if day.year != said.year:
            faults.append(Fault(line, f"调休上班日{day}不在{said.year}年"))
        if day.weekday() < 5 or day in holidays:
            faults.append(
                Fault(line, f"{day}不能作调休上班日：它{'是放假日' if day in holidays else '本来就是周一至周五'}")
            )
    if faults:
        return None, sorted(set(faults))
    works = set(said.work)
    days = tuple(day for day in _days(said.year) if day in works or (day.weekday() < 5 and day not in holidays))
    return _Year(Notice(said.year, said.number, said.published), days, holidays), []


def _days(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range(365 + calendar.isleap(year))]


_looked_up: dict[tuple[str | None, int], tuple[float, _Year]] = {}


@lru_cache(maxsize=64)
def _from_file(file: Path, stamp: int) -> _Year:  # noqa: ARG001 - a corrected file has another stamp
    year, faults = _read(file)
    if year is None:
        raise Refusal(f"日历文件 {file.name} 有误，{faults[0]}")
    return year


@lru_cache(maxsize=64)
def _from_library(year: int) -> _Year | None:
    try:
        days = tuple(day for day in _days(year) if chinese_calendar.is_workday(day))
        holidays = {day: "法定节假日" for day in _days(year) if chinese_calendar.is_holiday(day) and day.weekday() < 5}
    except NotImplementedError:
        return None
    return _Year(Notice(year, f"国务院办公厅{year}年节假日安排", None), days, holidays)


def _year(year: int) -> _Year:
    # A deadline asks many times for the same year, and a look at the file costs more than the whole count.
    place, now = (os.environ.get("DUBAN_INCLUDE"), year), monotonic()
    kept = _looked_up.get(place)
    if kept is not None and now - kept[0] < LOOK_AGAIN:
        return kept[1]
    found = _look_up(year)
    _looked_up[place] = (now, found)
    return found


def _look_up(year: int) -> _Year:
    file = included.path("calendar", f"{year}.yaml")
    try:
        stamp = file.stat().st_mtime_ns
    except FileNotFoundError:
        known = _from_library(year)
        if known is None:
            raise Refusal(
                f"{year}年的节假日安排尚未录入，不能推算工作日；"
                f"国务院办公厅通知发布后请添加 include/calendar/{year}.yaml"
            ) from None
        return known
    return _from_file(file, stamp)


def is_workday(day: date) -> bool:
    """Return whether people work on `day` (weekends worked in exchange included). Refusal: year not published."""
    days = _year(day.year).days
    at = bisect_left(days, day)
    return at < len(days) and days[at] == day


def add(day: date, number: int) -> date:
    """Return the `number`-th working day after `day`, which itself does not count (民法典 201).

    `number` is at least 1. Refusal for a year that is not published.
    """
    if number < 1:
        raise Refusal(f"要加的工作日数应为正数，现在是{number}")
    year = day.year
    days = _year(year).days
    at = bisect_right(days, day) + number - 1
    while at >= len(days):
        at -= len(days)
        year += 1
        days = _year(year).days
    return days[at]


def back(day: date, number: int) -> date:
    """Return the `number`-th working day before `day`, which itself does not count.

    `number` is at least 1. Refusal for a year that is not published.
    """
    if number < 1:
        raise Refusal(f"要往前数的工作日数应为正数，现在是{number}")
    year = day.year
    days = _year(year).days
    at = bisect_left(days, day) - number
    while at < 0:
        year -= 1
        days = _year(year).days
        at += len(days)
    return days[at]


def between(after: date, until: date) -> tuple[date, ...]:
    """Return the working days later than `after`, up to and including `until`."""
    found: list[date] = []
    for year in range(after.year, until.year + 1):
        days = _year(year).days
        found += days[bisect_right(days, after) : bisect_right(days, until)]
    return tuple(found)


def count(after: date, until: date) -> int:
    """Return how many working days lie later than `after`, up to and including `until`; 0 if there are none."""
    return len(between(after, until))


def roll(day: date, direction: Direction = "next") -> date:
    """Return `day` if it is a working day, else the next (or previous) one (民法典 203)."""
    step = _DAY if direction == "next" else -_DAY
    while not is_workday(day):
        day += step
    return day


def holiday(day: date) -> str | None:
    """Return why nobody works on `day` (春节, 周六 …); None for a working day."""
    if is_workday(day):
        return None
    return _year(day.year).holidays.get(day) or ("周六" if day.weekday() == 5 else "周日")


def notice(year: int) -> Notice:
    """Return the State Council's notice that the year's calendar stands on. Refusal: year not published."""
    return _year(year).notice


def warning(today: date) -> str | None:
    """Return a sentence for the office while next year's calendar is missing, from November on; None otherwise.

    The State Council publishes around then, and without it every limit that runs over the new year is refused.
    """
    if today.month < 11:
        return None
    try:
        notice(today.year + 1)
    except Refusal as missing:
        return str(missing)
    return None
