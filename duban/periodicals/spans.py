"""What a period is called and which days it has: 2026-03, 2026-Q1, 2026, 2026-11-20."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from duban import deadlines
from duban.errors import Refusal

_MONTH, _QUARTER, _YEAR, _DAY = (
    re.compile(one, re.ASCII)
    for one in (r"(\d{4})-(\d{2})", r"(\d{4})-Q([1-4])", r"(\d{4})", r"(\d{4})-(\d{2})-(\d{2})")
)
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days of a period, both ends in it; `kind`: day, month, quarter, year; `name` as a title says it."""

    period: str
    kind: str
    starts: date
    ends: date

    @property
    def name(self) -> str:
        """2026年3月, 2026年第1季度, 2026年度, 2026年11月20日."""
        return _NAMES[self.kind](self.starts)


_NAMES: dict[str, Callable[[date], str]] = {
    "day": deadlines.chinese,
    "month": lambda day: f"{day.year}年{day.month}月",
    "quarter": lambda day: f"{day.year}年第{(day.month + 2) // 3}季度",
    "year": lambda day: f"{day.year}年度",
}
KINDS = {"day": "日期（2026-11-20）", "month": "月份（2026-03）", "quarter": "季度（2026-Q1）", "year": "年份（2026）"}


def read(period: str) -> Span:
    """The period that is written so. Raises Refusal for anything else."""
    text = period.strip()
    try:
        if found := _MONTH.fullmatch(text):
            return _from(text, "month", date(int(found[1]), int(found[2]), 1), 1)
        if found := _QUARTER.fullmatch(text):
            first = date(int(found[1]), int(found[2]) * 3 - 2, 1)
            return _from(text, "quarter", first, 3)
        if found := _YEAR.fullmatch(text):
            return _from(text, "year", date(int(found[1]), 1, 1), 12)
        if found := _DAY.fullmatch(text):
            day = date(int(found[1]), int(found[2]), int(found[3]))
            return Span(text, "day", day, day)
    except ValueError:
        pass
    raise Refusal(f"“{period[:40]}”不是一个期间，请写成{'、'.join(KINDS.values())}。")


def _from(period: str, kind: str, first: date, months: int) -> Span:
    following = date(first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1)
    return Span(period, kind, first, following - ONE)


def containing(day: datetime | date, kind: str) -> Span:
    """The month, quarter, year (or the day itself) in which this day lies."""
    on = day.date() if isinstance(day, datetime) else day
    written = {
        "day": on.isoformat(),
        "month": f"{on:%Y-%m}",
        "quarter": f"{on.year:04d}-Q{(on.month + 2) // 3}",
        "year": f"{on.year:04d}",
    }
    return read(written[kind])
