"""Deadlines: the worked examples of the requirement, and what must hold for any start and any period."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from duban import deadlines, regulation, workdays
from duban.deadlines import SHANGHAI
from duban.errors import Refusal
from duban.regulation.values import Offset

LAW = regulation.load("baicheng-2020")
STARTS = st.datetimes(
    datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2026-08-31"), timezones=st.just(SHANGHAI)
)


def limit(text: str) -> regulation.Limit:
    return regulation.parse_limit(text, LAW.cite("六（一）"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def law_with(**readings: object) -> regulation.Regulation:
    """The Baicheng rules with other readings of 计期."""
    return replace(LAW, counting=LAW.counting.model_copy(update=readings))


@pytest.mark.rule("A2", "A15")
@pytest.mark.parametrize(
    ("issued", "one", "two", "five", "fifteen"),
    [
        ("2025-09-30", "2025-10-09", "2025-10-10", "2025-10-09", "2025-10-15"),
        ("2026-02-13", "2026-02-14", "2026-02-24", "2026-02-24", "2026-02-28"),
        ("2026-09-18", "2026-09-20", "2026-09-21", "2026-09-23", "2026-10-08"),
    ],
)
def test_worked_examples(issued: str, one: str, two: str, five: str, fifteen: str) -> None:
    found = [
        deadlines.due(limit(text), at(f"{issued}T10:00"), LAW).on.isoformat()
        for text in ("1个工作日", "2个工作日", "5日", "15日")
    ]
    assert found == [one, two, five, fifteen]


def test_why_it_rolled_names_the_holiday_and_its_notice() -> None:
    found = deadlines.due(limit("5日"), at("2026-02-13T10:00"), LAW)
    assert found.rolled == "2026年2月18日是春节放假（国办发明电〔2025〕7号），顺延到下一个工作日2026年2月24日"
    assert found.counted == tuple(date(2026, 2, day) for day in range(14, 19))
    assert deadlines.due(limit("5日"), at("2026-03-09T10:00"), LAW).rolled == (
        "2026年3月14日是周六（休息日），顺延到下一个工作日2026年3月16日"
    )


@pytest.mark.rule("T18")
def test_late_only_after_midnight_of_the_last_day() -> None:
    found = deadlines.due(limit("5日"), at("2026-03-04T10:00"), LAW)
    assert found.on == date(2026, 3, 9)
    assert found.at == at("2026-03-10T00:00")
    assert found.basis.clause == "六（一）"


def test_a_start_in_another_time_zone_is_taken_to_shanghai() -> None:
    evening = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)  # 3 March 01:30 in Shanghai
    assert deadlines.due(limit("1个工作日"), evening, LAW).on == date(2026, 3, 4)


def test_a_start_without_time_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="aware"):
        deadlines.due(limit("5日"), datetime(2026, 3, 2), LAW)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "start", "on"),
    [
        ("1个月", "2026-01-31T09:00", "2026-02-28"),  # no 31st: the month's last day (民法典 202); a worked Saturday
        ("1个月", "2026-03-09T09:00", "2026-04-09"),
        ("1年", "2024-02-29T09:00", "2025-02-28"),
        ("2周", "2026-03-09T09:00", "2026-03-23"),
    ],
)
def test_weeks_months_and_years(text: str, start: str, on: str) -> None:
    assert deadlines.due(limit(text), at(start), LAW).on.isoformat() == on


def test_hours_run_from_the_moment() -> None:
    found = deadlines.due(limit("48小时"), at("2026-03-06T16:20"), LAW)
    assert found.at == at("2026-03-08T16:20")


@pytest.mark.rule("BC-5.3a", "A14")
@pytest.mark.parametrize(
    ("start", "on", "why"),
    [
        ("2026-03-06T16:59", "2026-03-06", None),
        ("2026-03-06T17:00", "2026-03-09", "已过下班时间"),
        ("2026-03-07T10:00", "2026-03-09", "周六"),
        ("2026-02-14T10:00", "2026-02-14", None),  # a worked Saturday
    ],
)
def test_same_working_day(start: str, on: str, why: str | None) -> None:
    found = deadlines.due(limit("同一工作日"), at(start), LAW)
    assert found.on.isoformat() == on
    assert (found.rolled is None) == (why is None)
    assert why is None or why in (found.rolled or "")


@pytest.mark.rule("A2", "A15")
@pytest.mark.parametrize(
    ("readings", "on"),
    [
        ({}, date(2026, 2, 24)),
        ({"days": "working"}, date(2026, 2, 27)),
        ({"first_day": True}, date(2026, 2, 24)),
        ({"roll": "previous"}, date(2026, 2, 14)),
        ({"roll": "none"}, date(2026, 2, 18)),
        ({"first_day": True, "roll": "none"}, date(2026, 2, 17)),
    ],
)
def test_each_reading_is_a_parameter(readings: dict[str, object], on: date) -> None:
    assert deadlines.due(limit("5日"), at("2026-02-13T10:00"), law_with(**readings)).on == on


def test_close_of_business_instead_of_midnight() -> None:
    early = law_with(end_of_day=regulation.ClockTime(17, 0))
    assert deadlines.due(limit("5日"), at("2026-03-04T10:00"), early).at == at("2026-03-09T17:00")


@pytest.mark.rule("BC-6.3", "N3", "A22")
def test_a_stated_date_stands_as_written_unless_read_otherwise() -> None:
    saturday = date(2026, 3, 14)
    assert deadlines.stated(saturday, LAW, today=date(2026, 3, 2)).on == saturday
    rolled = deadlines.stated(saturday, law_with(stated_roll="next"), today=date(2026, 3, 2))
    assert rolled.on == date(2026, 3, 16)
    assert rolled.rolled is not None


def test_a_stated_date_in_the_past_or_unpublished_is_refused() -> None:
    with pytest.raises(Refusal, match="2026年3月1日已经过去"):
        deadlines.stated(date(2026, 3, 1), LAW, today=date(2026, 3, 2))
    assert deadlines.stated(date(2026, 3, 2), LAW, today=date(2026, 3, 2)).on == date(2026, 3, 2)
    with pytest.raises(Refusal, match=r"2031\.yaml"):
        deadlines.stated(date(2031, 3, 2), LAW, today=date(2026, 3, 2))


def test_a_period_into_an_unpublished_year_is_refused() -> None:
    with pytest.raises(Refusal, match=r"calendar/20\d\d\.yaml"):
        deadlines.due(limit("9年"), at("2026-12-30T10:00"), LAW)


@pytest.mark.rule("A15", "BC-6.1", "BC-6.2")
@given(STARTS, st.integers(1, 60))
def test_calendar_days_end_on_the_nth_day_or_the_working_day_after(start: datetime, number: int) -> None:
    found = deadlines.due(limit(f"{number}日"), start, LAW)
    nominal = start.date() + timedelta(days=number)
    assert len(found.counted) == number
    assert found.counted[0] == start.date() + timedelta(days=1)
    assert found.counted[-1] == nominal
    assert workdays.is_workday(found.on)
    assert (found.rolled is None) == (found.on == nominal)
    assert found.on >= nominal
    assert workdays.count(nominal, found.on) == (0 if found.on == nominal else 1)


@pytest.mark.rule("A15")
@given(STARTS, st.integers(1, 30))
def test_working_days_never_roll_and_count_only_days_worked(start: datetime, number: int) -> None:
    found = deadlines.due(limit(f"{number}个工作日"), start, LAW)
    assert found.rolled is None
    assert len(found.counted) == number
    assert all(workdays.is_workday(day) for day in found.counted)
    assert found.counted[-1] == found.on
    assert start.date() not in found.counted


@given(STARTS, st.timedeltas(timedelta(0), timedelta(days=40)), st.sampled_from(["5日", "15日", "2个工作日", "1个月"]))
def test_who_starts_later_is_not_due_earlier(start: datetime, later: timedelta, text: str) -> None:
    assume((start + later).year < 2027)
    assert deadlines.due(limit(text), start, LAW).at <= deadlines.due(limit(text), start + later, LAW).at


@given(STARTS, st.sampled_from(["5日", "2个工作日"]))
def test_the_hour_of_the_start_does_not_matter(start: datetime, text: str) -> None:
    midnight = datetime.combine(start.date(), time(), SHANGHAI)
    assert deadlines.due(limit(text), start, LAW) == deadlines.due(limit(text), midnight, LAW)


@pytest.mark.rule("A13", "BC-6.4")
@given(STARTS)
def test_a_weekly_report_is_due_on_a_working_day_within_the_next_weeks(start: datetime) -> None:
    cadence = LAW.type("routine").cadence
    assert cadence is not None
    found = deadlines.next_report(cadence, start.date(), LAW)
    assert workdays.is_workday(found.on)
    assert start.date() < found.on <= start.date() + timedelta(days=14)


def test_before_a_due_date_working_days_are_counted_back_over_a_holiday() -> None:
    # 2026-10-09 is the second working day after the National Day holiday (1st to 7th).
    on, at = date(2026, 10, 9), datetime(2026, 10, 10, tzinfo=SHANGHAI)
    three, hours, week = (regulation.parse_limit(text) for text in ("3个工作日", "24个小时", "1周"))
    assert deadlines.before(three, on, at, LAW) == datetime(2026, 9, 29, 8, 30, tzinfo=SHANGHAI)
    assert deadlines.before(hours, on, at, LAW) == datetime(2026, 10, 9, tzinfo=SHANGHAI)
    assert deadlines.before(week, on, at, LAW) == datetime(2026, 10, 2, 8, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        (Offset("before", regulation.parse_limit("3个工作日")), datetime(2026, 9, 29, 8, 30, tzinfo=SHANGHAI)),
        (Offset("on", None), datetime(2026, 10, 9, 8, 30, tzinfo=SHANGHAI)),
        (Offset("after", regulation.parse_limit("2日")), datetime(2026, 10, 11, 8, 30, tzinfo=SHANGHAI)),
        (Offset("after", regulation.parse_limit("2个工作日")), datetime(2026, 10, 12, 8, 30, tzinfo=SHANGHAI)),
        (Offset("after", regulation.parse_limit("4个小时")), datetime(2026, 10, 10, 4, tzinfo=SHANGHAI)),
    ],
)
def test_a_moment_told_from_the_due_date(when: Offset, moment: datetime) -> None:
    assert deadlines.moment(when, date(2026, 10, 9), datetime(2026, 10, 10, tzinfo=SHANGHAI), LAW) == moment
