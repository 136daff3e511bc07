"""From a period and its start to the day it is due, with the clause, the days counted and why it rolled.

How periods run is not decided here: the regulation's 计期 rule says where they start (A2), what 日 means (A15), where a
last day off goes (民法典 203), and when the day is over (24:00 or close of business). All times are Asia/Shanghai.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from duban import workdays
from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.regulation import Basis, ClockTime, Limit, Regulation
from duban.regulation.time_shapes import Cadence
from duban.regulation.values import Offset

_DAY = timedelta(days=1)
#: One of each unit by the calendar; working days and hours are counted otherwise.
_STEP = {
    "日": relativedelta(days=1),
    "周": relativedelta(weeks=1),
    "个月": relativedelta(months=1),
    "年": relativedelta(years=1),
}


@dataclass(frozen=True)
class Due:
    """A due date. It is late after `at`: an aware moment, 24:00 of `on` unless the regulation closes earlier."""

    on: date
    at: datetime
    basis: Basis
    counted: tuple[date, ...]
    rolled: str | None


def due(limit: Limit | None, start: datetime, law: Regulation) -> Due:
    """Return when `limit`, starting at `start` (aware), is due under `law`.

    The day of the start does not count (民法典 201) unless 首日计入. Refusal: the rule has no limit, or the count runs
    into a year whose holidays are not published. ValueError: `start` has no time zone.
    """
    if start.tzinfo is None:
        raise ValueError("start must be aware")
    if limit is None:
        raise Refusal("这一项制度没有规定时限，请在通知单上写明日期")
    start = start.astimezone(SHANGHAI)
    if limit.unit == "小时":
        end = start + timedelta(hours=limit.number)
        return Due(end.date(), end, limit.basis, _run(start.date(), end.date()), None)
    if limit.unit == "工作日" or (limit.unit == "日" and law.counting.days == "working"):
        return _working(limit, start, law)
    return _calendar(limit, start.date(), law)


def stated(on: date, law: Regulation, *, today: date | None = None, basis: Basis | None = None) -> Due:
    """Return the due date of a limit that is written as a date (限时督办, a new date after an account).

    `today` (default: the real one in Shanghai) must not be later than `on`. It stands as written unless
    写明日期遇休 says otherwise. Refusal: in the past, or in a year whose holidays are not published.
    """
    today = today or datetime.now(SHANGHAI).date()
    if on < today:
        raise Refusal(f"期限{chinese(on)}已经过去（今天是{chinese(today)}），请写今天或以后的日期")
    if basis is None:
        basis = law.types["dated"].basis if "dated" in law.types else law.counting.basis
    last, rolled = _roll(on, law.counting.stated_roll)
    return Due(last, end_of(last, law.end_of_day), basis, (), rolled)


def named(rule: str, start: datetime, law: Regulation) -> Due:
    """Return when the rule of this name is due: a type (general …) or any rule with a limit (receipt, urge …).

    For a type with a cadence it is the first report after `start`. Refusal: no such rule, or its date is stated in each
    notice.
    """
    kind = law.types.get(rule)
    if kind is not None and kind.cadence is not None and kind.limit is None:
        return next_report(kind.cadence, start.astimezone(SHANGHAI).date(), law)
    if kind is not None and kind.stated:
        raise Refusal(f"{kind.name}没有固定期限（{kind.basis.clause}），按通知单上写明的日期办理")
    limits = law.limits()
    if rule not in limits:
        raise Refusal(f"《{law.title}》里没有名为“{rule}”的期限，可用：{'、'.join({**law.types, **limits})}")
    return due(limits[rule], start, law)


def next_report(cadence: Cadence, after: date, law: Regulation) -> Due:
    """Return when the first report of `cadence` later than `after` is due: its day, rolled as the rule says (A13).

    Refusal for a cadence without a day, or an unpublished year.
    """
    day = after
    while True:
        day = _next_nominal(cadence, day)
        last, rolled = _roll(day, cadence.roll)
        if last > after:
            return Due(last, end_of(last, law.end_of_day), cadence.basis, (), rolled)


def before(limit: Limit, due_on: date, due_at: datetime, law: Regulation) -> datetime:
    """Return the moment that lies `limit` before a due date: hours before `due_at`, else the start of a day's business.

    Days are counted back from `due_on`, which does not count; as working days where the rule says so, or where the
    regulation means working days by 日. Refusal: a year whose holidays are not published.
    """
    if limit.unit == "小时":
        return due_at - timedelta(hours=limit.number)
    if limit.unit == "工作日" or (limit.unit == "日" and law.counting.days == "working"):
        day = workdays.back(due_on, limit.number) if limit.number else due_on
    else:
        day = _later(due_on, limit, -1)
    return _opening(day, law)


def moment(when: Offset, due_on: date, due_at: datetime, law: Regulation) -> datetime:
    """Return the moment that a rule tells from a due date: so long before it (`before`), on its day, or so long after.

    On the day: when business starts. After: when business starts on the day so many days later.
    """
    if when.limit is None:
        return _opening(due_on, law)
    if when.side == "before":
        return before(when.limit, due_on, due_at, law)
    if when.limit.unit == "小时":
        return due_at + timedelta(hours=when.limit.number)
    if when.limit.unit == "工作日" or (when.limit.unit == "日" and law.counting.days == "working"):
        return _opening(workdays.add(due_on, when.limit.number), law)
    return _opening(_later(due_on, when.limit), law)


def end_of(day: date, at: ClockTime) -> datetime:
    """Return the aware moment in Shanghai at which `day` is over: `at`, where 24:00 is midnight after it."""
    if at.ends_day:
        return datetime.combine(day + _DAY, time(), SHANGHAI)
    return datetime.combine(day, at.as_time(), SHANGHAI)


def chinese(day: date) -> str:
    """Return a date as documents write it: 2026年3月5日, nothing padded (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def _working(limit: Limit, start: datetime, law: Regulation) -> Due:
    first = start.date()
    rolled = None
    if limit.number == 0:
        # 即批即转 (A14): today while the office is open, else the next working day.
        closed = start >= end_of(first, law.counting.close_of_business)
        if workdays.is_workday(first) and not closed:
            last = first
        else:
            last = workdays.add(first, 1)
            why = "已过下班时间" if workdays.is_workday(first) else f"是{_off(first)}"
            rolled = f"{chinese(first)}{why}，顺延到下一个工作日{chinese(last)}"
        return Due(last, end_of(last, law.end_of_day), limit.basis, (last,), rolled)
    day_zero = first - _DAY if law.counting.first_day else first
    last = workdays.add(day_zero, limit.number)
    counted = workdays.between(day_zero, last)
    return Due(last, end_of(last, law.end_of_day), limit.basis, counted, rolled)


def _calendar(limit: Limit, first: date, law: Regulation) -> Due:
    day_zero = first - _DAY if law.counting.first_day else first
    nominal = _later(day_zero, limit)
    last, rolled = _roll(nominal, law.counting.roll)
    return Due(last, end_of(last, law.end_of_day), limit.basis, _run(day_zero, nominal), rolled)


def _opening(day: date, law: Regulation) -> datetime:
    opens = law.counting.start_of_business
    return datetime.combine(day, opens.as_time() if opens else time(), SHANGHAI)


def _later(day: date, limit: Limit, sign: int = 1) -> date:
    # 民法典 202: the corresponding day, or the month's last where there is none.
    return day + sign * limit.number * _STEP[limit.unit]


def _roll(day: date, how: str) -> tuple[date, str | None]:
    if workdays.is_workday(day) or how == "none":
        return day, None
    last = workdays.roll(day, "next" if how == "next" else "previous")
    word = "顺延到下一个工作日" if how == "next" else "提前到上一个工作日"
    return last, f"{chinese(day)}是{_off(day)}，{word}{chinese(last)}"


def _off(day: date) -> str:
    why = workdays.holiday(day)
    return f"{why}（休息日）" if why in ("周六", "周日") else f"{why}放假（{workdays.notice(day.year)}）"


def _run(after: date, until: date) -> tuple[date, ...]:
    return tuple(after + timedelta(days=n) for n in range(1, (until - after).days + 1))


def _next_nominal(cadence: Cadence, after: date) -> date:
    if cadence.every == "week" and cadence.weekday is not None:
        return after + timedelta(days=(cadence.weekday - after.weekday() - 1) % 7 + 1)
    if cadence.every == "month" and cadence.day is not None:
        day = after + _DAY
        while day.day != min(cadence.day, calendar.monthrange(day.year, day.month)[1]):
            day += _DAY
        return day
    raise Refusal("这一项报送没有写明星期几或每月几日，请在制度文件里补上")
