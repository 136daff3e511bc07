"""Runs that start runs: once each, by the matter's number, and only when there is something to go on with."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import dag
from airflow.sdk.exceptions import AirflowFailException, DagRunTriggerException
from matters import Matter

from duban import acts
from duban.orchestration.following import NextRun, StartRun
from duban.orchestration.notes import note_of
from duban.orchestration.runs import next_id
from duban.orchestration.steps import decision, wait


class Runs:
    """What Airflow knows of runs: id -> state."""

    def __init__(self, **states: str) -> None:
        self.states = states

    def get_dr_count(self, dag_id: str, run_ids: list[str], states: list[str] | None = None) -> int:
        return sum(1 for run in run_ids if run in self.states and (not states or self.states[run] in states))

    def xcom_push(self, **_: Any) -> None: ...


def context(number: str, runs: Runs, run_id: str = "") -> dict[str, Any]:
    return {"run_id": run_id or number, "dag_run": SimpleNamespace(conf={"number": number}), "ti": runs}


@pytest.fixture
def last() -> NextRun:
    @dag(schedule=None)
    def general_item() -> None:
        sign = decision("sign", "sign.director", name="送审")
        sign >> wait("reply", "reply", name="回复") >> NextRun(task_id="next_run")

    return general_item().get_task("next_run")  # type: ignore[no-any-return]


def started(task: Any, number: str, runs: Runs, run_id: str = "") -> DagRunTriggerException:
    with pytest.raises(DagRunTriggerException) as trigger:
        task.execute(context(number, runs, run_id))
    return trigger.value


@pytest.mark.rule("T11b")
def test_a_matter_that_goes_to_another_unit_gets_its_next_run(matter: Matter, last: NextRun) -> None:
    matter.dispatched()
    acts.decline(matter.number, matter.unit, "不是我单位职责。")
    matter.decide("reassign", "改派", unit="治安支队", reason="由治安支队主办。")
    run = started(last, matter.number, Runs(**{matter.number: "running"}))
    assert (run.trigger_dag_id, run.dag_run_id) == ("general_item", f"{matter.number}.2")
    assert run.conf == {"number": matter.number}
    assert run.skip_when_already_exists
    assert run.note == f"{matter.state.reference} {matter.state.title}"


def test_a_matter_that_is_over_gets_none(matter: Matter, last: NextRun) -> None:
    matter.in_progress().replied().closed()
    last.execute(context(matter.number, Runs()))


def test_what_stands_beside_the_main_line_needs_no_other_run(matter: Matter, last: NextRun) -> None:
    matter.dispatched()
    acts.withdraw(matter.number, matter.clerk, "并入其他事项", "顾长风")
    acts.file_away(matter.number)
    last.execute(context(matter.number, Runs()))
    assert matter.state.awaiting == ()


def test_a_run_that_somebody_else_has_started_is_left_alone(matter: Matter, last: NextRun) -> None:
    last.execute(context(matter.number, Runs(**{f"{matter.number}.2": "queued"})))


def test_a_name_that_is_used_up_is_passed_over(matter: Matter, last: NextRun) -> None:
    used = Runs(**{f"{matter.number}.2": "failed", f"{matter.number}.3": "success", f"{matter.number}.4": "running"})
    run = started(last, matter.number, used, run_id=f"{matter.number}.4")
    assert run.dag_run_id == f"{matter.number}.5", "the fourth is this very run"


def test_what_no_task_is_for_fails_the_run_in_one_sentence(matter: Matter, last: NextRun) -> None:
    matter.decide("sign.director", "同意")
    with pytest.raises(AirflowFailException, match=r"sign\.chief:1.*没有办这一步的任务"):
        last.execute(context(matter.number, Runs()))


def test_each_reopening_has_a_name_of_its_own(matter: Matter) -> None:
    matter.in_progress().replied().closed()
    matter.instruct("再查。", due_on=matter.today().replace(day=20))
    assert next_id(matter.state) == f"{matter.number}.2"
    matter.replied("第二次").closed()
    matter.instruct("再查一遍。", due_on=matter.today().replace(day=20))
    assert next_id(matter.state) == f"{matter.number}.3"
    assert next_id(matter.state, after=f"{matter.number}.9") == f"{matter.number}.10"


@pytest.mark.rule("LZ-2.1")
def test_a_part_gets_its_run_once(matter: Matter) -> None:
    start = StartRun(task_id="start_parts", trigger_dag_id="decomposed_item", number=matter.number)
    run = started(start, matter.number, Runs())
    assert (run.dag_run_id, run.conf) == (matter.number, {"number": matter.number})
    again = StartRun(task_id="start_again", trigger_dag_id="decomposed_item", number=matter.number)
    again.execute(context(matter.number, Runs(**{matter.number: "success"})))


@pytest.mark.rule("SK-3.2")
def test_the_note_of_a_covert_or_secret_matter_is_its_reference(new_matter: Callable[..., Matter]) -> None:
    plain = new_matter().state
    assert note_of(plain) == f"{plain.reference} {plain.title}"
    for change in ({"mode": "covert"}, {"mark": "机密★5年"}):
        assert note_of(plain.model_copy(update=change)) == plain.reference
