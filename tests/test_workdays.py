"""Working days: the year files against an independent library, day by day, and the arithmetic against counting."""

import calendar
import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban import included, workdays
from duban.errors import Refusal

PUBLISHED = st.dates(date(2024, 1, 1), date(2026, 6, 30))
MONTHS = {
    2025: (19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23),
    2026: (21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23),
}


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range(365 + calendar.isleap(year))]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_year_file_agrees_with_chinesecalendar_day_by_day(year: int) -> None:
    file = included.path("calendar", f"{year}.yaml")
    assert workdays.check(file) == []
    assert workdays.notice(year).published is not None  # it is the file that is used, not the library
    wrong = [day for day in days_of(year) if workdays.is_workday(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


@pytest.mark.parametrize(
    ("year", "number", "published"),
    [
        (2024, "国办发明电〔2023〕7号", date(2023, 10, 25)),
        (2025, "国办发明电〔2024〕12号", date(2024, 11, 12)),
        (2026, "国办发明电〔2025〕7号", date(2025, 11, 4)),
    ],
)
def test_notice_of_the_year(year: int, number: str, published: date) -> None:
    assert workdays.notice(year) == workdays.Notice(year, number, published)


@pytest.mark.parametrize("year", [2025, 2026])
def test_working_days_of_every_month(year: int) -> None:
    counts = tuple(
        sum(workdays.is_workday(day) for day in days_of(year) if day.month == month) for month in range(1, 13)
    )
    assert counts == MONTHS[year]
    assert sum(counts) == 248


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 15), False),  # a public calendar elsewhere has these wrong
        (date(2026, 2, 24), True),
        (date(2026, 4, 26), False),
        (date(2026, 10, 8), True),
        (date(2026, 2, 14), True),
        (date(2026, 9, 20), True),
        (date(2025, 1, 26), True),
        (date(2025, 10, 8), False),
    ],
)
def test_days_that_others_get_wrong(day: date, works: bool) -> None:
    assert workdays.is_workday(day) is works


@pytest.mark.parametrize(
    ("day", "why"),
    [(date(2026, 2, 18), "春节"), (date(2026, 3, 7), "周六"), (date(2026, 3, 8), "周日"), (date(2026, 3, 9), None)],
)
def test_why_nobody_works(day: date, why: str | None) -> None:
    assert workdays.holiday(day) == why


@given(PUBLISHED, st.integers(1, 80))
def test_add_is_counting_day_by_day(day: date, number: int) -> None:
    expected, left = day, number
    while left:
        expected += timedelta(days=1)
        left -= chinese_calendar.is_workday(expected)
    assert workdays.add(day, number) == expected


@given(PUBLISHED, st.integers(1, 80))
def test_count_undoes_add(day: date, number: int) -> None:
    assert workdays.count(day, workdays.add(day, number)) == number


@given(PUBLISHED, st.integers(1, 80))
def test_back_undoes_add_from_a_working_day(day: date, number: int) -> None:
    first = workdays.roll(day)
    assert workdays.back(workdays.add(first, number), number) == first


@given(PUBLISHED, st.integers(1, 40), st.integers(1, 40))
def test_adding_twice_is_adding_the_sum(day: date, first: int, second: int) -> None:
    assert workdays.add(workdays.add(day, first), second) == workdays.add(day, first + second)


@given(PUBLISHED)
def test_roll_goes_to_the_nearest_working_day_on_its_side(day: date) -> None:
    later, earlier = workdays.roll(day), workdays.roll(day, "previous")
    assert workdays.is_workday(later)
    assert workdays.is_workday(earlier)
    assert earlier <= day <= later
    assert workdays.count(day, later) == (0 if later == day else 1)
    assert workdays.count(earlier, day) == 0


def test_a_count_over_the_end_of_the_year() -> None:
    assert workdays.add(date(2025, 12, 31), 1) == date(2026, 1, 4)  # 1 to 3 January are off, Sunday the 4th is worked
    assert workdays.between(date(2025, 12, 30), date(2026, 1, 5)) == (
        date(2025, 12, 31),
        date(2026, 1, 4),
        date(2026, 1, 5),
    )


def test_backwards_is_nothing() -> None:
    assert workdays.count(date(2026, 3, 10), date(2026, 3, 2)) == 0
    with pytest.raises(Refusal, match="正数"):
        workdays.add(date(2026, 3, 2), 0)


@pytest.mark.parametrize("ask", [lambda: workdays.is_workday(date(2031, 1, 1)), lambda: workdays.notice(2031)])
def test_an_unpublished_year_is_refused_and_names_the_file(ask: object) -> None:
    with pytest.raises(Refusal, match=r"include/calendar/2031\.yaml"):
        ask()  # type: ignore[operator]


def test_a_count_into_an_unpublished_year_is_refused() -> None:
    with pytest.raises(Refusal, match="节假日安排尚未录入"):
        workdays.add(date(2026, 12, 31), 2000)


def test_a_year_without_file_comes_from_the_library() -> None:
    assert workdays.notice(2023).published is None
    assert workdays.is_workday(date(2023, 10, 7))  # 调休


def test_from_november_on_the_office_is_warned_while_next_year_is_missing() -> None:
    assert workdays.warning(date(2030, 10, 31)) is None
    assert "2031.yaml" in (workdays.warning(date(2030, 11, 1)) or "")
    assert workdays.warning(date(2025, 11, 30)) is None


def calendar_of(folder: Path, text: str, year: int = 2031) -> Path:
    (folder / "calendar").mkdir(exist_ok=True)
    file = folder / "calendar" / f"{year}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


SOUND = "年份: 2031\n文号: 国办发明电〔2030〕1号\n日期: 2030-11-01\n放假:\n  元旦: 2031-01-01\n上班: [2031-01-04]\n"


def test_adding_the_file_is_enough_and_a_correction_counts_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workdays, "LOOK_AGAIN", 0.0)
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path))
    with pytest.raises(Refusal):
        workdays.is_workday(date(2031, 1, 1))
    file = calendar_of(tmp_path, SOUND)
    assert not workdays.is_workday(date(2031, 1, 1))
    assert workdays.is_workday(date(2031, 1, 4))
    assert not workdays.is_workday(date(2031, 1, 5))
    stamp = file.stat().st_mtime_ns
    file = calendar_of(tmp_path, SOUND.replace("元旦: 2031-01-01", "元旦: 2031-01-01 至 2031-01-03"))
    os.utime(file, ns=(stamp + 10**9, stamp + 10**9))
    assert not workdays.is_workday(date(2031, 1, 2))


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("年份: 2031", "年份: 2032", 1, "文件名"),
        ("文号: 国办发明电〔2030〕1号\n", "", 1, "缺少“文号”"),
        ("2031-01-01", "2031-13-01", 5, "日期“2031-13-01”不对"),
        ("元旦: 2031-01-01", "元旦: 2030-12-31 至 2031-01-01", 5, "不在2031年"),
        ("元旦: 2031-01-01", "元旦: 2031-01-03 至 2031-01-01", 5, "颠倒"),
        ("元旦: 2031-01-01", "元旦: 2031-01-01\n  春节: 2031-01-01", 6, "又在“春节”里"),
        ("[2031-01-04]", "[2031-01-06]", 6, "本来就是周一至周五"),
        ("元旦: 2031-01-01", "元旦: 2031-01-01 至 2031-01-04", 6, "是放假日"),
        ("上班:", "补班:", 6, "不认识的键“补班”"),
    ],
)
def test_a_faulty_year_file_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, line: int, says: str
) -> None:
    file = calendar_of(tmp_path, SOUND.replace(before, after))
    assert any(fault.line == line and says in fault.message for fault in workdays.check(file)), workdays.check(file)
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path))
    with pytest.raises(Refusal, match=r"2031\.yaml 有误"):
        workdays.is_workday(date(2031, 3, 3))


def test_our_own_files_still_serve_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(included.path("calendar"), tmp_path / "calendar")
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path))
    assert workdays.add(date(2025, 9, 30), 1) == date(2025, 10, 9)
