"""The timetable in Airflow: as it is stored, asked again and again, switched off, without a calendar."""

import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pendulum
import pytest
from airflow.sdk import DAG
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction
from hypothesis import given
from hypothesis import strategies as st

from duban.clock import SHANGHAI
from duban.embedded.places import CHECKOUT
from duban.orchestration import timetables
from duban.orchestration.timetables import PeriodTimetable
from duban.schedules import Schedule

FRIDAY = Schedule("week", 4, "previous", "17:00", each=False)
MONTH = Schedule("month", None, "next", "08:30")
FREE = TimeRestriction(None, None, False)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Scheduler:
    """Airflow's scheduler as far as a timetable sees it: it asks now and then, and starts what is due."""

    def __init__(self, timetable: PeriodTimetable) -> None:
        self.timetable = timetable
        self.runs: list[DagRunInfo] = []

    def look(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        """The DAG is read, then run after run is started as long as one is due."""
        monkeypatch.setattr(timetables, "_now", lambda: now)
        while (info := self.next()) is not None and info.run_after <= now:
            self.runs.append(info)

    def next(self) -> DagRunInfo | None:
        last = self.runs[-1].data_interval if self.runs else None
        return self.timetable.next_dagrun_info(last_automated_data_interval=last, restriction=FREE)

    @property
    def names(self) -> list[str]:
        return [
            self.timetable.generate_run_id(
                run_type="scheduled", run_after=run.run_after, data_interval=run.data_interval
            )
            for run in self.runs
        ]


@pytest.mark.parametrize("schedule", [FRIDAY, MONTH])
def test_airflow_stores_it_and_reads_it_back(schedule: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(CHECKOUT / "plugins"))
    monkeypatch.setattr("airflow.plugins_manager.settings.PLUGINS_FOLDER", str(CHECKOUT / "plugins"))
    _forget_plugins()
    try:
        timetable = PeriodTimetable(schedule, "BC-ZB", active=True)
        with DAG("stored", schedule=timetable) as dag:
            pass
        stored = DagSerialization.from_dict(DagSerialization.to_dict(dag))
        assert isinstance(stored.timetable, PeriodTimetable)
        assert vars(stored.timetable) == vars(timetable)
        assert stored.timetable.summary == str(schedule)
    finally:
        _forget_plugins()
        sys.modules.pop("duban_plugin", None)


def _forget_plugins() -> None:
    from airflow import plugins_manager

    for name in ("_get_plugins", "get_timetables_plugins", "_get_registered_custom_import_paths"):
        getattr(getattr(plugins_manager, name, None), "cache_clear", lambda: None)()


def test_runs_are_called_by_the_number_of_their_period(monkeypatch: pytest.MonkeyPatch) -> None:
    weekly, monthly = (
        Scheduler(PeriodTimetable(FRIDAY, "BC-ZB", active=True)),
        Scheduler(PeriodTimetable(MONTH, "BC-KH", active=True)),
    )
    for day in ("2026-02-13", "2026-02-14", "2026-02-27"):
        weekly.look(moment(f"{day} 17:00:05"), monkeypatch)
    for day in ("2026-02-02", "2026-03-02", "2026-04-01"):
        monthly.look(moment(f"{day} 08:31"), monkeypatch)
    assert weekly.names == ["BC-ZB-2026-02-13.1", "BC-ZB-2026-02-14.1", "BC-ZB-2026-02-27.1"]
    assert monthly.names == ["BC-KH-2026-01.1", "BC-KH-2026-02.1", "BC-KH-2026-03.1"]


def test_a_month_that_was_missed_is_made_up_each_and_of_the_weeks_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monthly = Scheduler(PeriodTimetable(MONTH, "BC-KH", active=True))
    weekly = Scheduler(PeriodTimetable(FRIDAY, "BC-ZB", active=True))
    for one in (monthly, weekly):
        one.look(moment("2026-03-02 10:00"), monkeypatch)
        one.look(moment("2026-06-03 10:00"), monkeypatch)  # it was off for three months
        one.look(moment("2026-06-03 10:05"), monkeypatch)
    assert monthly.names == ["BC-KH-2026-02.1", "BC-KH-2026-03.1", "BC-KH-2026-04.1", "BC-KH-2026-05.1"]
    assert weekly.names == ["BC-ZB-2026-02-27.1", "BC-ZB-2026-05-29.1"]


def test_a_new_deployment_does_not_begin_with_the_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monthly = Scheduler(PeriodTimetable(MONTH, "BC-KH", active=True))
    monthly.look(moment("2026-06-10 10:00"), monkeypatch)
    assert monthly.names == []
    assert (info := monthly.next()) is not None
    assert info.run_after == moment("2026-07-01 08:30")


def test_a_new_deployment_that_was_off_for_some_days_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    weekly = Scheduler(PeriodTimetable(FRIDAY, "BC-ZB", active=True))
    weekly.look(moment("2026-06-05 16:00"), monkeypatch)
    weekly.look(moment("2026-06-08 09:00"), monkeypatch)
    assert weekly.names == ["BC-ZB-2026-06-05.1"]


def test_in_a_rehearsal_nothing_starts_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_REHEARSAL", "1")
    timetable = PeriodTimetable(FRIDAY, "BC-ZB")
    weekly = Scheduler(timetable)
    weekly.look(moment("2026-06-08 09:00"), monkeypatch)
    assert (weekly.runs, weekly.next()) == ([], None)
    assert "演练时由人触发" in timetable.summary


def test_without_next_years_calendar_it_waits_and_goes_on_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(CHECKOUT / "include", tmp_path / "include")
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path / "include"))
    monkeypatch.setattr("duban.workdays.LOOK_AGAIN", 0)
    weekly = Scheduler(PeriodTimetable(FRIDAY, "BC-ZB", active=True))
    monthly = Scheduler(PeriodTimetable(MONTH, "BC-KH", active=True))
    for one in (weekly, monthly):
        one.look(moment("2026-12-01 09:00"), monkeypatch)
        one.look(moment("2026-12-25 18:00"), monkeypatch)
        one.look(moment("2027-01-12 09:00"), monkeypatch)
        assert one.next() is None
    assert weekly.names[-1] == "BC-ZB-2026-12-25.1"
    said = "年份: 2027\n文号: 国办发明电〔2026〕9号\n日期: 2026-11-20\n放假: {元旦: 2027-01-01 至 2027-01-03}\n"
    said += "上班: []\n"
    (tmp_path / "include" / "calendar" / "2027.yaml").write_text(said, encoding="utf-8")
    for one in (weekly, monthly):
        one.look(moment("2027-01-12 10:00"), monkeypatch)
    assert weekly.names[-2:] == ["BC-ZB-2026-12-25.1", "BC-ZB-2027-01-08.1"]
    assert monthly.names == ["BC-KH-2026-11.1", "BC-KH-2026-12.1"]


@given(
    st.sampled_from(
        [FRIDAY, MONTH, Schedule("month", 28, "previous", "17:30"), Schedule("quarter", None, "next", "00:00")]
    ),
    st.lists(st.floats(0.01, 70), min_size=3, max_size=40),
)
def test_never_two_runs_for_one_period_and_none_lost(schedule: Schedule, pauses: list[float]) -> None:
    scheduler = Scheduler(PeriodTimetable(schedule, "BC-XX", active=True))
    now = moment("2021-03-01 09:00")
    with pytest.MonkeyPatch.context() as patch:
        for pause in pauses:
            now += timedelta(days=pause)
            if now > moment("2025-11-30"):
                break
            scheduler.look(now, patch)
            if scheduler.runs and not schedule.each:  # the latest that was due is always there
                assert schedule.latest(now) == scheduler.timetable.slot_of(scheduler.runs[-1].data_interval.end)
    slots = [scheduler.timetable.slot_of(run.data_interval.end) for run in scheduler.runs]
    assert slots == sorted(set(slots))
    assert len(set(scheduler.names)) == len(slots)
    if schedule.each and slots:
        wanted = [slots[0]]
        while wanted[-1] < slots[-1]:
            wanted.append(schedule.following(wanted[-1]))
        assert slots == wanted
        assert slots[-1] == schedule.latest(min(now, moment("2025-11-30"))) or now > moment("2025-11-30")


def test_a_calendar_that_is_corrected_does_not_make_a_week_come_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetables, "_now", lambda: moment("2026-06-05 18:00"))
    timetable = PeriodTimetable(FRIDAY, "BC-ZB", active=True)
    thursday = {"roll": lambda day, _how: day - timedelta(days=1)}
    monkeypatch.setattr("duban.schedules.workdays.roll", thursday["roll"])
    first = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=FREE)
    assert first is not None
    assert first.run_after == moment("2026-06-04 17:00")
    monkeypatch.undo()
    monkeypatch.setattr(timetables, "_now", lambda: moment("2026-06-05 18:00"))
    second = timetable.next_dagrun_info(last_automated_data_interval=first.data_interval, restriction=FREE)
    assert second is not None
    assert second.run_after == moment("2026-06-12 17:00")


def test_a_backfill_says_itself_from_when() -> None:
    timetable = PeriodTimetable(FRIDAY, "BC-ZB", active=True)
    asked = TimeRestriction(pendulum.instance(moment("2026-02-09")), None, True)
    first = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=asked)
    assert first is not None
    assert first.run_after == moment("2026-02-13 17:00")


def test_a_run_by_hand_is_about_what_it_says_itself() -> None:
    at = moment("2026-06-05 18:00")
    timetable = PeriodTimetable(FRIDAY, "BC-ZB", active=True)
    interval: DataInterval = timetable.infer_manual_data_interval(run_after=at)
    assert interval.start == interval.end == at
    named: Any = timetable.generate_run_id(run_type=_Type("manual"), run_after=at, data_interval=interval)
    assert named.startswith("manual__2026-06-05")


class _Type(str):
    __slots__ = ()

    def generate_run_id(self, *, suffix: str) -> str:
        return f"{self}__{suffix}"
