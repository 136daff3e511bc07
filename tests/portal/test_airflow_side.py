"""Starting runs in the name of whoever asks, and where Airflow's pages show them."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import HTTPException
from matters import Matter
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.requests import Request

from duban import ledger
from duban.orchestration import questions
from duban.orchestration.questions import Place
from duban.portal import airflow_side

RUNS = "/api/v2/dags/general_item/dagRuns"
REGION = "01a2000b-7575-7b7d-93ae-099b61045e1c"


@dataclass
class Airflow:
    """Airflow's REST: runs by id with their state; what reached it."""

    runs: dict[str, str] = field(default_factory=dict)
    status: int = 200
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.method == "GET":
            return httpx.Response(200, json={"state": self.runs[request.url.path.rpartition("/")[2]]})
        if self.status != 200:
            return httpx.Response(self.status, text="no")
        run_id = json.loads(request.content)["dag_run_id"]
        if run_id in self.runs:
            return httpx.Response(409)
        self.runs[run_id] = "queued"
        return httpx.Response(200)


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> Airflow:
    stands = Airflow()
    client = httpx.AsyncClient
    monkeypatch.setattr(
        airflow_side.httpx, "AsyncClient", lambda **more: client(transport=httpx.MockTransport(stands), **more)
    )
    return stands


def request(**headers: str) -> Request:
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": given, "server": ("127.0.0.1", 8080), "method": "POST"})


def start(matter: Matter) -> str | None:
    return asyncio.run(
        airflow_side.start(request(cookie="session=7", authorization="Bearer x", host="x"), matter.state)
    )


def test_a_run_starts_as_whoever_asks_and_bears_no_content(airflow: Airflow, matter: Matter) -> None:
    assert start(matter) is None
    (sent,) = airflow.asked
    assert (sent.url.path, sent.headers["cookie"], sent.headers["authorization"]) == (RUNS, "session=7", "Bearer x")
    assert sent.headers["host"] == "127.0.0.1:8080"
    run = json.loads(sent.content)
    assert (run["dag_run_id"], run["conf"]) == (matter.number, {"number": matter.number})
    assert run["note"] == f"{matter.state.reference} {matter.state.title}"


def test_a_covert_matter_leaves_no_title_in_airflow(airflow: Airflow, new_matter: Callable[..., Matter]) -> None:
    secret = new_matter(
        mark="秘密", paper="保密柜3", requirement="", instruction_by="", instruction_on="", instruction_text=""
    )
    assert start(secret) is None
    assert json.loads(airflow.asked[0].content)["note"] == secret.state.reference


@pytest.mark.parametrize("state", ["queued", "running"])
def test_started_twice_it_runs_once(airflow: Airflow, matter: Matter, state: str) -> None:
    airflow.runs[matter.number] = state
    assert start(matter) is None
    assert set(airflow.runs) == {matter.number}


def test_after_lost_runs_the_next_name_is_taken(airflow: Airflow, matter: Matter) -> None:
    airflow.runs = {matter.number: "failed", f"{matter.number}.2": "success"}
    assert start(matter) is None
    assert airflow.runs[f"{matter.number}.3"] == "queued"


@pytest.mark.parametrize(("status", "words"), [(403, "权限"), (500, "稍后再试"), (404, "稍后再试"), (401, "稍后再试")])
def test_why_it_did_not_start_is_one_sentence(airflow: Airflow, matter: Matter, status: int, words: str) -> None:
    airflow.status = status
    said = start(matter)
    assert said is not None
    assert words in said
    assert matter.state.state == "director_review"


def test_many_start_and_what_takes_too_long_is_told(
    airflow: Airflow, new_matter: Callable[..., Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    states = [new_matter(title=f"第{n}件").state for n in range(6)]
    assert asyncio.run(airflow_side.start_all(request(), states)) == [None] * 6
    assert set(airflow.runs) == {state.number for state in states}
    assert asyncio.run(airflow_side.start_all(request(), [])) == []

    async def slow(_airflow: Any, state: Any, first: str) -> None:
        await asyncio.sleep(0 if state.number == states[0].number else 9)

    monkeypatch.setattr(airflow_side, "_started", slow)
    monkeypatch.setattr(airflow_side, "PATIENCE", 0.2)
    said = asyncio.run(airflow_side.start_all(request(), states))
    assert said[0] is None
    assert set(said[1:]) == {airflow_side.NOT_STARTED}


@pytest.fixture
def airflows_database(monkeypatch: pytest.MonkeyPatch) -> Session:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE dag_run (id INTEGER PRIMARY KEY, dag_id TEXT, run_id TEXT)")
    session = Session(engine)

    @contextmanager
    def create_session() -> Iterator[Session]:
        yield session

    monkeypatch.setattr(airflow_side, "create_session", create_session)
    return session


def ran(database: Session, *run_ids: str, dag_id: str = "general_item") -> None:
    for run_id in run_ids:
        statement = text("INSERT INTO dag_run (dag_id, run_id) VALUES (:dag_id, :run_id)")
        database.execute(statement, {"dag_id": dag_id, "run_id": run_id})


def test_the_link_leads_to_the_latest_run(airflows_database: Session, matter: Matter) -> None:
    assert airflow_side.run_link(matter.state) is None
    ran(airflows_database, f"{matter.number[:-1]}9", f"{matter.number}9")
    ran(airflows_database, matter.number, dag_id="complex_item")
    assert airflow_side.run_link(matter.state) is None, "another matter's, another DAG's"
    ran(airflows_database, matter.number)
    assert airflow_side.run_link(matter.state) == f"/dags/general_item/runs/{matter.number}"
    ran(airflows_database, f"{matter.number}.2")
    assert airflow_side.run_link(matter.state) == f"/dags/general_item/runs/{matter.number}.2"


def test_without_airflow_there_is_no_link(monkeypatch: pytest.MonkeyPatch, matter: Matter) -> None:
    def away() -> Any:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(airflow_side, "create_session", away)
    assert airflow_side.run_link(matter.state) is None
    assert airflow_side.decision_link(matter.state, "sign.director:1") is None


def test_a_decision_is_answered_where_airflow_asked_it(
    airflows_database: Session, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(airflows_database, matter.number)
    run = f"/dags/general_item/runs/{matter.number}"
    assert airflow_side.decision_link(matter.state, "sign.director:1") == run
    with ledger.transaction() as session:
        loop = Place("general_item", matter.number, "signing_round.sign_director", -1, REGION, 1)
        questions.ask(session, matter.number, "sign.director:1", loop)
        questions.ask(session, matter.number, "call:1", Place("general_item", matter.number, "record_call"))
        mapped = Place("general_item", matter.number, "part", 3)
        questions.ask(session, matter.number, "part:1", mapped)
    place = f"{run}/tasks/signing_round.sign_director/required_actions?region_id={REGION}&region_index=1"
    assert airflow_side.decision_link(matter.state, "sign.director:1") == place
    assert airflow_side.decision_link(matter.state, "call:1") == f"{run}/tasks/record_call/required_actions"
    assert airflow_side.decision_link(matter.state, "part:1") == f"{run}/tasks/part/mapped/3/required_actions"
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://bureau.example/airflow/")
    assert str(airflow_side.decision_link(matter.state, "call:1")).startswith("/airflow/dags/general_item/")


def test_who_may_start_no_run_registers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed, told = [True], list[str]()

    async def may(*_: Any) -> bool:
        return allowed[0]

    async def user_of(_request: Any) -> str:
        return "somebody"

    asyncio.run(airflow_side.refuse_unready(request(), "general_item"))  # no Airflow here: nobody refuses
    monkeypatch.setattr(airflow_side, "get_auth_manager", lambda: None)
    monkeypatch.setattr(airflow_side, "may", may)
    monkeypatch.setattr(airflow_side, "user_of", user_of)
    monkeypatch.setattr(airflow_side, "refuse_unstartable", told.append)
    asyncio.run(airflow_side.refuse_unready(request(), "general_item"))
    assert told == ["general_item"]
    allowed[0] = False
    with pytest.raises(HTTPException) as refused:
        asyncio.run(airflow_side.refuse_unready(request(), "general_item"))
    assert refused.value.status_code == 403

    async def away(*_: Any) -> bool:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(airflow_side, "may", away)
    asyncio.run(airflow_side.refuse_unready(request(), "general_item"))
