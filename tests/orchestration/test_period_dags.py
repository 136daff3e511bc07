"""The periodical DAGs: what a bureau's regulation knows, each wait with its task, and how a run finds its period."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException, TaskDeferred
from graphs import BUREAUS, bureau, graph, kinds
from matters import Matter
from stage import as_actor

from duban import clock, ledger, periodicals, regulation, schedules
from duban.errors import Refusal
from duban.ledger.standing import PERIODICALS
from duban.ledger.transitions.periodicals import DECISIONS
from duban.orchestration import assets, periods, tasks
from duban.orchestration.family import load
from duban.orchestration.poller import Wait
from duban.orchestration.timetables import PeriodTimetable
from duban.periodicals import spans
from duban.periodicals.opening import rule_of
from duban.periodicals.scoring import entries_in

MADE = {
    "baicheng-2020": {"weekly_progress", "monthly_scoring", "bulletin", "year_end_archive"},
    "bureau-2019": {"monthly_scoring", "instruction_digest", "bulletin"},
    "lanzhou": {"instruction_digest"},
    "jiangcheng-2026": {"monthly_scoring", "bulletin"},
}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


@pytest.fixture(params=BUREAUS)
def made(request: pytest.FixtureRequest) -> Any:
    with bureau(request.param):
        yield request.param, {kind: dag for kind in PERIODICALS if (dag := graph(kind)) is not None}


@pytest.mark.rule("BC-6.4", "BC-7.0", "BC-5.10a", "BC-5.9", "LZ-3.3", "MM-3.1", "MM-4.5")
def test_only_what_the_regulation_knows_is_there(made: tuple[str, dict[str, DAG]]) -> None:
    law, dags = made
    assert set(dags) == MADE[law]


def test_every_wait_has_its_task(made: tuple[str, dict[str, DAG]]) -> None:
    laws = load().versions
    for kind, dag in made[1].items():
        wanted = {"publish": 1, "papers": 1}
        wanted |= {"collect": 1, "pack": 1} if kind == "year_end_archive" else {"draft": 1}
        for law in laws if kind in DECISIONS else ():
            wanted |= {f"{DECISIONS[kind]}.{desk.post}": 1 for desk in rule_of(kind, law).desks or ()}
            if kind == "monthly_scoring" and law.scoring.objection:
                wanted |= {"objections": 1, "objection.office": 1}
        wanted |= {"edit.office": 1} if kind == "bulletin" else {}
        assert {name: len(there) for name, there in kinds(dag).items()} == wanted


def test_it_is_scheduled_by_its_rule_or_by_the_scores_and_says_so(made: tuple[str, dict[str, DAG]]) -> None:
    law = regulation.load(made[0])
    for kind, dag in made[1].items():
        timed = schedules.schedule(kind, law)
        if timed is None:
            assert (kind, dag.schedule) == ("bulletin", [assets.SCORES])
        else:
            assert isinstance(dag.timetable, PeriodTimetable)
            assert dag.timetable.schedule == timed
        assert dag.doc_md is not None
        assert dag.doc_md.startswith("### ")
        assert all(task.task_display_name != task.task_id for task in dag.tasks)


def test_every_default_period_is_one_that_may_be_opened(made: tuple[str, dict[str, DAG]]) -> None:
    law = regulation.load(made[0])
    now = moment("2026-06-10 10:00")
    for kind in made[1]:
        span = spans.read(periods.default_period(kind, law, now))
        assert span.kind in periodicals.KINDS[kind].forms(law)
        assert span.starts <= now.date()


@pytest.mark.parametrize(
    ("law", "kind", "at", "period"),
    [
        ("baicheng-2020", "year_end_archive", "2027-01-02 09:00", "2026"),  # no calendar of 2027
        ("baicheng-2020", "year_end_archive", "2026-01-01 09:00", "2025"),  # before the first working day
        ("baicheng-2020", "monthly_scoring", "2026-10-03 09:00", "2026-09"),
        ("baicheng-2020", "monthly_scoring", "2027-03-03 09:00", "2027-02"),
        ("baicheng-2020", "monthly_scoring", "2035-01-01 00:00", "2034-12"),  # no calendar for years
        ("lanzhou", "instruction_digest", "2026-06-10 09:00", "2026-05"),
    ],
)
def test_the_default_is_the_last_period_that_is_over_by_the_date_alone(
    law: str, kind: str, at: str, period: str
) -> None:
    assert periods.default_period(kind, regulation.load(law), moment(at)) == period


def test_the_ui_sees_ledger_scores_bulletin() -> None:
    with bureau("baicheng-2020"):
        scoring, bulletin, general = graph("monthly_scoring"), graph("bulletin"), graph("general_item")
    assert scoring is not None
    assert bulletin is not None
    assert general is not None
    assert general.get_task("file_away").outlets == [assets.LEDGER]
    assert scoring.get_task("drafting_round.draft").inlets == [assets.LEDGER]
    assert scoring.get_task("publish").outlets == [assets.SCORES]
    assert bulletin.schedule == [assets.SCORES]


class Instance(SimpleNamespace):
    def xcom_push(self, **_: Any) -> None: ...

    def update_dagrun_note(self, note: str) -> None:
        self.note = note


def context(dag: DAG, task_id: str, run_id: str, conf: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    run = SimpleNamespace(**{"conf": conf or {}, "run_type": "manual", "logical_date": None} | more.pop("run", {}))
    place = {"dag_id": dag.dag_id, "run_id": run_id, "task_id": task_id}
    ti = Instance(id="ti-1", map_index=-1, region_id=None, region_index=None, task=dag.get_task(task_id), **place)
    return {"run_id": run_id, "dag_run": run, "ti": ti, "params": conf or {}, "outlet_events": {}, **more}


def opened(dag: DAG, run_id: str, conf: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    given = context(dag, "open", run_id, conf, **more)
    dag.get_task("open").execute(given)
    return given


@pytest.fixture
def weekly() -> DAG:
    dag = graph("weekly_progress")
    assert dag is not None
    return dag


@pytest.fixture
def scoring() -> DAG:
    dag = graph("monthly_scoring")
    assert dag is not None
    return dag


Move = Callable[[datetime], None]
SCHEDULED = {"run_type": "scheduled", "logical_date": moment("2026-04-01")}


def test_a_scheduled_run_opens_the_period_of_its_date_once(matter: Matter, move_to: Move, scoring: DAG) -> None:
    matter.in_progress()
    move_to(moment("2026-04-01 08:31"))
    given = opened(scoring, "BC-KH-2026-03.1", run=SCHEDULED)
    opened(scoring, "BC-KH-2026-03.1", run=SCHEDULED)
    assert given["ti"].note == "BC-KH-2026-03 2026年3月督办考核"
    with ledger.transaction() as session:
        assert ledger.state(session, "BC-KH-2026-03").run_key == "BC-KH-2026-03.1"
        assert len(ledger.events(session, "BC-KH-2026-03")) == 1


def test_a_backfill_opens_the_period_of_its_date(matter: Matter, move_to: Move, scoring: DAG) -> None:
    matter.in_progress()
    move_to(moment("2026-06-10"))
    given = opened(scoring, "backfill__1", run=SCHEDULED | {"run_type": "backfill"})
    assert given["ti"].note.startswith("BC-KH-2026-03 ")


def test_a_period_that_somebody_started_by_hand_is_left_to_that_run(
    matter: Matter, move_to: Move, scoring: DAG
) -> None:
    matter.in_progress()
    move_to(moment("2026-04-01 08:31"))
    periodicals.open("monthly_scoring", "2026-03", run_key="form:1")
    with pytest.raises(AirflowSkipException, match="BC-KH-2026-03 已经建期"):
        opened(scoring, "BC-KH-2026-03.1", run=SCHEDULED)
    opened(scoring, "BC-KH-2026-03", {"number": "BC-KH-2026-03"})  # the run that the door started


def test_a_period_before_the_ledger_began_is_nobodys(matter: Matter, move_to: Move, scoring: DAG) -> None:
    matter.in_progress()
    move_to(moment("2026-04-01 08:31"))
    with pytest.raises(AirflowSkipException, match="还没有台账"):
        opened(scoring, "BC-KH-2026-01.1", run=SCHEDULED | {"logical_date": moment("2026-02-01")})


def test_a_refused_period_fails_the_run_with_the_sentence(move_to: Move, scoring: DAG) -> None:
    with pytest.raises(AirflowFailException, match="还没有过完"):
        opened(scoring, "manual__1", {"period": "2026-12"})


@pytest.mark.parametrize("run_type", ["scheduled", "backfill", "asset_triggered", "manual"])
def test_what_is_refused_for_a_while_is_tried_again_unless_somebody_stands_by(
    matter: Matter, move_to: Move, scoring: DAG, monkeypatch: pytest.MonkeyPatch, run_type: str
) -> None:
    matter.in_progress()
    move_to(moment("2026-04-01 08:31"))

    def busy(*_: Any, **__: Any) -> str:
        raise Refusal("台账正忙，请稍后再试。")

    monkeypatch.setattr(periodicals, "open", busy)
    with pytest.raises(AirflowFailException if run_type == "manual" else Refusal, match="台账正忙"):
        opened(scoring, "a_run", {"period": "2026-03"}, run=SCHEDULED | {"run_type": run_type})


def test_a_run_past_the_door_is_about_the_latest_period(matter: Matter, move_to: Move, scoring: DAG) -> None:
    matter.in_progress()
    move_to(moment("2026-05-06 09:00"))
    assert opened(scoring, "manual__1")["ti"].note.startswith("BC-KH-2026-04 ")


@pytest.mark.rule("BC-5.10a")
def test_scores_that_were_published_ask_for_a_bulletin_once(matter: Matter, move_to: Move) -> None:
    matter.in_progress()
    move_to(moment("2026-04-08"))
    dag = graph("bulletin")
    assert dag is not None
    asset = {"run": {"run_type": "asset_triggered"}}
    asset["triggering_asset_events"] = {assets.SCORES: [SimpleNamespace(extra={"period": "2026-03"})]}
    assert opened(dag, "asset_triggered__1", **asset)["ti"].note.startswith("BC-TB-2026-0001 ")
    opened(dag, "asset_triggered__1", **asset)
    with pytest.raises(AirflowSkipException, match="已经问过"):
        opened(dag, "asset_triggered__2", **asset)


def test_the_weekly_report_goes_from_task_to_task(matter: Matter, move_to: Move, weekly: DAG) -> None:
    matter.in_progress()
    move_to(moment("2026-03-06 17:00"))
    run = {"run_type": "scheduled", "logical_date": moment("2026-03-06")}
    opened(weekly, "BC-ZB-2026-03-06.1", run=run)
    for task_id in ("draft", "publish", "complete"):
        weekly.get_task(task_id).execute(context(weekly, task_id, "BC-ZB-2026-03-06.1", run=run))
    with ledger.transaction() as session:
        state = ledger.state(session, "BC-ZB-2026-03-06")
    assert (state.state, state.awaiting) == ("published", ())
    assert state.documents


def test_publishing_tells_the_next_dag_the_period_and_nothing_else(
    matter: Matter, move_to: Move, scoring: DAG, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter.in_progress()
    move_to(moment("2026-04-01 08:31"))
    opened(scoring, "BC-KH-2026-03.1", run=SCHEDULED)
    told = SimpleNamespace(extra=None)
    given = context(scoring, "publish", "BC-KH-2026-03.1", run=SCHEDULED) | {"outlet_events": {assets.SCORES: told}}
    scoring.get_task("publish").execute(given)
    assert told.extra == {"number": "BC-KH-2026-03", "period": "2026-03"}


@pytest.mark.rule("N17")
def test_in_the_objection_window_the_office_is_asked_as_soon_as_somebody_objects(
    matter: Matter, move_to: Move, scoring: DAG, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks, "upsert_hitl_detail", lambda **detail: shown.append(detail))
    matter.in_progress()
    move_to(moment("2026-04-01 08:31"))
    opened(scoring, "BC-KH-2026-03.1", run=SCHEDULED)
    state = periodicals.draft("BC-KH-2026-03")
    task = scoring.get_task("drafting_round.objections")
    given = context(scoring, task.task_id, "BC-KH-2026-03.1", run=SCHEDULED)
    assert state.awaits("objections")
    with pytest.raises(TaskDeferred) as waits:
        task.execute(given)
    assert waits.value.trigger.wait == Wait(
        "BC-KH-2026-03", "", None, beside=("objections",), until=("objection.office",)
    )
    assert shown == []
    with ledger.transaction() as session:
        content = periodicals.snapshot(session, "BC-KH-2026-03")
    entry = next(iter(entries_in(content)))
    periodicals.object_to("BC-KH-2026-03", as_actor(f"{entry['unit']}.liaison"), entry["id"], "送达有误")
    with pytest.raises(TaskDeferred) as asks:
        task.execute_complete(given, {"number": "BC-KH-2026-03", "key": ""})
    assert asks.value.trigger.wait.key == "objection.office:1"
    assert "考核异议" in shown[0]["subject"]
