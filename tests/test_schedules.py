"""When the periodical work is due: 春节 and 国庆 weeks, month ends, a year without a calendar, all three bureaus."""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban import regulation, schedules, workdays
from duban.clock import SHANGHAI
from duban.embedded.places import CHECKOUT
from duban.errors import Refusal
from duban.schedules import Schedule

FRIDAY = Schedule("week", 4, "previous", "17:00", each=False)
MONTH = Schedule("month", None, "next", "08:30")
YEAR = Schedule("year", None, "next", "08:30")
KINDS = [
    FRIDAY,
    MONTH,
    YEAR,
    Schedule("week", None, "next", "08:30", each=False),
    Schedule("quarter", None, "next", "08:30"),
    Schedule("month", 28, "previous", "17:30"),
    Schedule("month", 5, "next", "08:30"),
    Schedule("month", 31, "none", "24:00"),
]


MOMENTS = st.datetimes(datetime(2024, 6, 1), datetime(2025, 12, 25), timezones=st.just(SHANGHAI))  # noqa: DTZ001


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def coming(schedule: Schedule, after: str, number: int) -> list[datetime]:
    """The next so many moments after a day."""
    slot, found = schedule.latest(moment(after)), []
    for _ in range(number):
        slot = schedule.following(slot)
        due = schedule.due(slot)
        assert due is not None
        found.append(due)
    return found


@pytest.mark.rule("A13", "BC-6.4")
@pytest.mark.parametrize(
    ("after", "days"),
    [
        # 春节 2026, 2-15 to 2-23: Friday the 20th moves to Saturday the 14th, which is worked.
        ("2026-02-07", ["2026-02-13", "2026-02-14", "2026-02-27"]),
        # 国庆 2026, 10-01 to 10-07: Friday the 2nd moves to Wednesday.
        ("2026-09-26", ["2026-09-30", "2026-10-09"]),
        # 春节 2025, 1-28 to 2-04, and 国庆 with 中秋 2025, 10-01 to 10-08.
        ("2025-01-25", ["2025-01-27", "2025-02-07"]),
        ("2025-09-27", ["2025-09-30", "2025-10-10"]),
        # 春节 2024: Friday the 16th would move to Friday the 9th, which has its own report; it has none.
        ("2024-02-03", ["2024-02-09", "2024-02-23"]),
        # 元旦 2026: Friday the 2nd moves to the last day of the old year.
        ("2025-12-27", ["2025-12-31", "2026-01-09"]),
    ],
)
def test_6_4_friday_at_close_moved_to_the_preceding_working_day(after: str, days: list[str]) -> None:
    assert [f"{due:%Y-%m-%d %H:%M}" for due in coming(FRIDAY, after, len(days))] == [f"{day} 17:00" for day in days]


@pytest.mark.rule("N17", "BC-7.0")
@pytest.mark.parametrize(
    ("after", "day", "period"),
    [
        ("2026-03-31", "2026-04-01", "2026-03"),
        ("2026-04-30", "2026-05-06", "2026-04"),
        ("2026-09-30", "2026-10-08", "2026-09"),
        ("2025-12-31", "2026-01-04", "2025-12"),  # a Sunday that is worked
        ("2026-01-31", "2026-02-02", "2026-01"),
    ],
)
def test_7_scores_come_on_the_first_working_day_after_the_month(after: str, day: str, period: str) -> None:
    assert coming(MONTH, after, 1) == [moment(f"{day} 08:30")]
    assert MONTH.period(MONTH.latest(moment(f"{day} 09:00"))) == period


@pytest.mark.rule("BC-5.9", "N18")
def test_5_9_the_year_is_archived_when_it_is_over() -> None:
    slot = YEAR.latest(moment("2026-01-04 08:30"))
    assert (YEAR.period(slot), YEAR.due(slot)) == ("2025", moment("2026-01-04 08:30"))
    assert YEAR.period(YEAR.latest(moment("2026-01-04 08:29"))) == "2024"


@pytest.mark.rule("LZ-3.3", "MM-3.1")
def test_a_day_early_in_the_month_tells_of_the_month_before_and_a_late_one_of_its_own() -> None:
    fifth, twenty_eighth = KINDS[6], KINDS[5]
    slot = fifth.latest(moment("2026-04-30"))
    assert (fifth.period(slot), fifth.due(slot)) == ("2026-03", moment("2026-04-07 08:30"))  # 清明
    slot = twenty_eighth.latest(moment("2026-03-31"))
    assert (twenty_eighth.period(slot), twenty_eighth.due(slot)) == ("2026-03", moment("2026-03-27 17:30"))


def test_the_end_of_a_day_is_the_next_midnight() -> None:
    last = KINDS[7]
    assert last.due(last.slot(date(2026, 2, 28))) == moment("2026-03-01")


WANTED = {
    "baicheng-2020": {
        "weekly_progress": "每周五17:00，遇休提前",
        "monthly_scoring": "每月过后的第一个工作日08:30",
        "year_end_archive": "每年过后的第一个工作日08:30",
    },
    "bureau-2019": {
        "monthly_scoring": "每年过后的第一个工作日09:00",
        "instruction_digest": "每月28日17:30，遇休提前",
        "bulletin": "每月过后的第一个工作日09:00",
    },
    "lanzhou": {"instruction_digest": "每月5日08:30，遇休顺延"},
}


@pytest.mark.rule("BC-6.4", "BC-5.10a", "MM-3.1", "MM-4.5", "MM-6.1", "LZ-3.3", "N17", "N18")
@pytest.mark.parametrize("law", WANTED)
def test_each_bureau_has_what_its_regulation_lays_down_and_nothing_else(law: str) -> None:
    found = {kind: schedules.schedule(kind, regulation.load(law)) for kind in schedules.KINDS}
    assert {kind: str(one) for kind, one in found.items() if one is not None} == WANTED[law]


@given(st.sampled_from(KINDS), st.dates(date(2020, 3, 1), date(2024, 12, 30)))
def test_each_slot_has_one_day_of_its_own_or_none(schedule: Schedule, day: date) -> None:
    slot = schedule.slot(day)
    assert schedule.slot(schedule.nominal(slot)) == slot
    one, two = schedule.due(schedule.following(slot - 1)), schedule.due(schedule.following(slot))
    assert one is not None
    assert two is not None
    assert one < two or schedule.following(slot - 1) == schedule.following(slot)
    if schedule.roll != "none":
        assert workdays.is_workday((two - timedelta(seconds=1)).date())
    assert schedule.period(schedule.following(slot)) != schedule.period(schedule.following(slot - 1)) or one == two


@given(st.sampled_from(KINDS), MOMENTS)
def test_the_latest_is_due_and_the_one_after_it_is_not(schedule: Schedule, now: datetime) -> None:
    latest = schedule.latest(now)
    due, later = schedule.due(latest), schedule.due(schedule.following(latest))
    assert due is not None
    assert later is not None
    assert due <= now < later


def test_a_year_that_is_not_published_is_waited_for() -> None:
    last = FRIDAY.latest(moment("2026-12-29"))  # Friday the 25th; the next is the first of January
    assert FRIDAY.due(last) == moment("2026-12-25 17:00")
    with pytest.raises(Refusal, match="2027年的节假日安排尚未录入"):
        FRIDAY.next(last, moment("2026-12-31 18:00"), back=timedelta(days=7))


def test_what_could_not_be_told_is_made_up_when_the_calendar_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(CHECKOUT / "include", tmp_path / "include")
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path / "include"))
    text = (tmp_path / "include" / "calendar" / "2026.yaml").read_text().replace("2026", "2027").split("放假:")[0]
    said = text + "放假:\n  元旦: 2027-01-01 至 2027-01-03\n上班: []\n"
    (tmp_path / "include" / "calendar" / "2027.yaml").write_text(said, encoding="utf-8")
    last = FRIDAY.latest(moment("2026-12-29"))
    made_up = FRIDAY.next(last, moment("2027-01-05 09:00"), back=timedelta(days=7))
    assert FRIDAY.due(made_up) == moment("2026-12-31 17:00")
