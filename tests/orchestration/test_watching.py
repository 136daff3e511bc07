"""The tasks of the daily watch: each does its part, whatever became of the others."""

from datetime import datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from types import SimpleNamespace
from typing import Any

import pendulum
import pytest
from airflow.sdk.exceptions import AirflowFailException
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.timetables.base import DataInterval, TimeRestriction
from matters import Matter

from duban import acts, clock
from duban.embedded.places import CHECKOUT
from duban.orchestration import lost_runs, watching


class Instance(SimpleNamespace):
    """A task instance as far as the watch needs one."""

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed = {key: value}

    def xcom_pull(self, task_ids: str, key: str) -> Any:
        return self.pushed.get(key)

    def update_dagrun_note(self, note: str) -> None:
        self.note = note

    def get_dr_count(self, dag_id: str, run_ids: list[str], states: list[str] | None = None) -> int:
        return len(self.runs & set(run_ids))


@pytest.fixture
def ti(monkeypatch: pytest.MonkeyPatch) -> Instance:
    made = Instance(pushed={}, runs=set())
    monkeypatch.setattr(watching, "get_current_context", lambda: {"ti": made})
    return made


@pytest.mark.rule("T18")
def test_time_catches_up_with_every_matter_and_one_that_fails_stops_no_other(
    matter: Matter, new_matter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_matter().in_progress()
    matter.in_progress()
    matter.move(datetime(2026, 3, 10, 9, tzinfo=clock.SHANGHAI))
    lapse = acts.lapse

    def failing(number: str) -> Any:
        if number == matter.number:
            raise ValueError("安居小区")
        return lapse(number)

    monkeypatch.setattr(acts, "lapse", failing)
    with pytest.raises(AirflowFailException) as failed:
        watching.catch_up()
    assert matter.number in str(failed.value)
    assert "安居小区" not in str(failed.value)
    assert other.state.state == "overdue"
    monkeypatch.undo()


def test_a_matter_without_a_run_gets_one_and_one_that_has_it_does_not(
    matter: Matter, ti: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching.time, "sleep", lambda _: None)
    (wanted,) = watching.find_lost()
    assert (wanted["trigger_dag_id"], wanted["trigger_run_id"]) == ("general_item", matter.number)
    ti.runs = {matter.number}
    assert watching.find_lost() == []


def test_one_whose_next_run_cannot_be_told_takes_nothing_from_the_others(
    matter: Matter, new_matter: Any, ti: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching.time, "sleep", lambda _: None)
    other, next_run = new_matter(), lost_runs.next_run

    def failing(one: lost_runs.Open, count: Any) -> Any:
        if one.number in broken:
            raise StopIteration
        return next_run(one, count)

    monkeypatch.setattr(lost_runs, "next_run", failing)
    broken = {matter.number}
    assert [wanted["trigger_run_id"] for wanted in watching.find_lost()] == [other.number]
    broken = {matter.number, other.number}
    with pytest.raises(StopIteration):
        watching.find_lost()


def test_a_run_that_is_just_being_started_is_waited_for(
    matter: Matter, ti: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = []

    def started_meanwhile(seconds: float) -> None:
        slept.append(seconds)
        ti.runs = {matter.number}

    monkeypatch.setattr(watching.time, "sleep", started_meanwhile)
    assert watching.find_lost() == []
    assert slept == [60]


def test_what_is_found_is_in_the_note_and_the_value_without_titles(matter: Matter, ti: Instance) -> None:
    matter.in_progress().at(3, 12)
    lines = watching.list_findings()
    assert "【逾期】白公督〔2026〕1号（经侦支队）逾期3天" in lines
    assert "逾期1" in ti.note
    assert "安居小区" not in str(lines) + ti.note


def test_a_broken_ledger_fails_in_its_own_words_and_heads_the_list(
    matter: Matter, ti: Instance, rehearsal_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    import psycopg

    assert watching.verify_ledger() == "台账完好"
    with psycopg.connect(rehearsal_url.replace("duban@", "postgres@"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE event SET data = data || '{\"x\": 1}' WHERE kind = 'registered'")
    with pytest.raises(AirflowFailException, match=r"台账有1处不符.*被改动过"):
        watching.verify_ledger()
    assert watching.list_findings()[0].startswith("【台账核对】")
    assert ti.note.startswith("今日提示")


@pytest.fixture(scope="module")
def flow() -> Any:
    spec = spec_from_file_location("daily_watch", CHECKOUT / "dags" / "daily_watch.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.daily_watch()


def test_a_part_that_fails_stops_no_other_but_fails_the_run(flow: Any) -> None:
    always = {name for name, one in flow.task_dict.items() if one.trigger_rule == "all_done"}
    assert always == {"catch_up", "make_papers", "find_lost", "verify_ledger", "list_findings"}
    assert [leaf.task_id for leaf in flow.leaves] == ["seen"]
    assert flow.get_task("seen").trigger_rule == "none_failed"
    assert flow.get_task("seen").upstream_task_ids == set(flow.task_dict) - {"seen"}


def test_every_morning_and_after_days_without_a_server_once(flow: Any) -> None:
    timetable, restriction = coerce_to_core_timetable(flow.timetable), TimeRestriction(None, None, flow.catchup)
    now = datetime.now(clock.SHANGHAI)
    last = DataInterval.exact(pendulum.instance(now.replace(hour=8, minute=30) - timedelta(days=10)))
    made_up = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
    following = timetable.next_dagrun_info(last_automated_data_interval=made_up.data_interval, restriction=restriction)
    assert made_up.run_after <= now < following.run_after
    assert f"{following.run_after.in_timezone('Asia/Shanghai'):%H:%M}" == "08:30"
    assert flow.max_active_runs == 1
