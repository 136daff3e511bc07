"""What the portal asks of Airflow itself: whether it would start a run, to start one, and where it shows one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

import httpx
from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.configuration import conf
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from fastapi import HTTPException
from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request

from duban import ledger
from duban.errors import Refusal
from duban.ledger import State
from duban.orchestration import questions
from duban.orchestration.matters import dag_of
from duban.orchestration.notes import note_of
from duban.orchestration.runs import LIVE, next_id
from duban.portal.signed_in import in_ledger, may, user_of

log = logging.getLogger(__name__)

MOST_TRIES = 20
"""Names of runs tried; each that is used up is a run that has ended."""
AT_ONCE = 4
"""Runs that one request starts at the same time."""
PATIENCE = 25.0
"""Seconds in which a request starts what it can of many runs; the rest are started when they are asked for again."""

NOT_PERMITTED = "您没有启动流程的权限，请联系管理员。"
NOT_STARTED = "流程没有启动，请稍后再试；每天早晨的督办检查也会补启动。"


def refuse_unstartable(dag_id: str) -> None:
    """Raise a :class:`Refusal` if Airflow would not start a run of the DAG, so that no matter is left without a run."""
    with create_session() as session:
        found = session.execute(
            select(DagModel.is_stale, DagModel.has_import_errors).where(DagModel.dag_id == dag_id)
        ).first()
    if found is None or found.is_stale:
        raise Refusal(f"流程 {dag_id} 没有部署，没有登记，请联系管理员。")
    if found.has_import_errors:
        raise Refusal(f"流程 {dag_id} 的文件有错误，没有登记，请联系管理员检查后再试。")


def is_at_work(dag_id: str, state: State) -> bool:
    """Say whether Airflow has a run at work for this file: by its number, a later one, or one started past the door."""
    with create_session() as session:
        live = session.scalars(select(DagRun.run_id).where(DagRun.dag_id == dag_id, DagRun.state.in_(LIVE)))
        return any(run_id == state.run_key or run_id.split(".")[0] == state.number for run_id in live)


async def refuse_unready(request: Request, dag_id: str) -> None:
    """Raise HTTPException 403 or 409 when a matter of this DAG would be left without a run: found before it is written.

    What cannot be asked (Airflow's own database is away) refuses nothing: the ledger does not depend on it, and the
    run is started later.
    """
    try:
        get_auth_manager()
    except RuntimeError:
        return  # the pages outside Airflow's API server: nobody here who would refuse
    try:
        if not await may(await user_of(request), "POST", DagAccessEntity.RUN, dag_id):
            raise HTTPException(403, "您没有登记督办件的权限，请联系管理员。")
        await in_ledger(refuse_unstartable, dag_id)
    except DBAPIError:
        log.exception("Airflow's database cannot be asked")


async def start(request: Request, state: State) -> str | None:
    """Have a run at work for a matter; return None when there is one, else the sentence why Airflow did not start it.

    Over Airflow's own interface, in the name of whoever asks. The first run is called by the matter's number, the next
    ones BC-2026-0012.2 and so on; of the content of a matter Airflow gets nothing. Started twice it runs once.
    """
    return (await start_all(request, [state]))[0]


async def start_all(request: Request, states: Sequence[State]) -> list[str | None]:
    """Do the same for many matters, a few at a time, and give up on the rest when it takes too long."""
    found: list[str | None] = [NOT_STARTED] * len(states)
    few = asyncio.Semaphore(AT_ONCE)

    async def one(place: int, airflow: httpx.AsyncClient) -> None:
        async with few:
            found[place] = await _started(airflow, states[place], first=states[place].number)

    async with _airflow(request) as airflow:
        tasks = [asyncio.create_task(one(place, airflow)) for place in range(len(states))]
        _done, late = await asyncio.wait(tasks, timeout=PATIENCE) if tasks else (set(), set())
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return found


async def follow(request: Request, before: State, after: State) -> None:
    """Start another run for a matter that had ended and is open again (新批示, 续办 or 批示重办 after closing).

    In the name of whoever reopened it, over Airflow's own interface. A run that is just ending starts the same one, by
    the same name: whoever comes second finds it there. If that fails the ledger stands all the same, and the daily
    watch or `duban resume` starts the run: it is logged, not refused.
    """
    if before.ended and not after.ended:
        async with _airflow(request) as airflow:
            await _started(airflow, after, first=next_id(after))


def _airflow(request: Request) -> httpx.AsyncClient:
    """Return a client of our own Airflow that is signed in as whoever asks."""
    known = {name: value for name in ("authorization", "cookie") if (value := request.headers.get(name))}
    host, port = request.scope["server"]  # ourselves, whatever name a proxy in front gives us
    return httpx.AsyncClient(base_url=f"http://{host}:{port}", trust_env=False, headers=known, timeout=PATIENCE)


async def _started(airflow: httpx.AsyncClient, state: State, first: str) -> str | None:
    """Start the run, or find it; None, or the sentence why there is none. Airflow's reason is logged."""
    runs, run_id = f"/api/v2/dags/{dag_of(state.type)}/dagRuns", first
    try:
        for _ in range(MOST_TRIES):
            run = {"dag_run_id": run_id, "logical_date": None, "conf": {"number": state.number}}
            answer = await airflow.post(runs, json=run | {"note": note_of(state)})
            if answer.status_code != httpx.codes.CONFLICT:
                answer.raise_for_status()
                return None
            there = await airflow.get(f"{runs}/{run_id}")
            if there.json().get("state") in LIVE:
                return None
            # One that replaced a lost run has used the name.
            run_id = next_id(state, after="" if run_id == state.number else run_id)
    except httpx.HTTPStatusError as refused:
        log.exception("the run of %s was not started: %s", state.number, refused.response.text[:300])
        return NOT_PERMITTED if refused.response.status_code == httpx.codes.FORBIDDEN else NOT_STARTED
    except (httpx.HTTPError, ValueError):
        log.exception("the run of %s was not started", state.number)
    return NOT_STARTED


def run_link(state: State) -> str | None:
    """Return the address of the file's latest run in Airflow's pages, from the root of the site; None without a run.

    Asks Airflow's database (hence in a thread); when that is away there is no link either.
    """
    run_id = latest_run(state)
    return _link(dag_of(state.type), run_id) if run_id else None


def latest_run(state: State) -> str | None:
    """Return the id of the run that was started last for the file; None if there is none or Airflow cannot be asked."""
    mine = or_(DagRun.run_id.in_([state.number, state.run_key]), DagRun.run_id.startswith(f"{state.number}."))
    query = select(DagRun.run_id).where(DagRun.dag_id == dag_of(state.type), mine).order_by(DagRun.id.desc())
    try:
        with create_session() as session:
            found: str | None = session.scalars(query).first()
    except DBAPIError:
        log.exception("Airflow's database cannot be asked")
        return None
    return found


def decision_link(state: State, key: str) -> str | None:
    """Return the address at which Airflow asks this decision; its run where it has not asked yet, None without one."""
    with ledger.transaction() as session:
        place = questions.place_of(session, state.number, key)
    if place is None:
        return run_link(state)
    mapped = f"/mapped/{place.map_index}" if place.map_index >= 0 else ""
    region = {"region_id": place.region_id, "region_index": place.region_index}
    looped = f"?{urlencode(region)}" if place.region_id != str(UUID(int=0)) else ""
    path = f"/tasks/{quote(place.task_id)}{mapped}/required_actions{looped}"
    return _link(place.dag_id, place.run_id) + path


def _link(dag_id: str, run_id: str) -> str:
    root = urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/")
    return f"{root}/dags/{quote(dag_id)}/runs/{quote(run_id)}"
