"""What the portal asks of Airflow itself: whether it would start a run, and to start one."""

from __future__ import annotations

import logging

import httpx
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from sqlalchemy import select
from starlette.requests import Request

from duban.errors import Refusal
from duban.ledger import State
from duban.orchestration.matters import dag_of
from duban.orchestration.notes import note_of
from duban.orchestration.runs import LIVE, next_id

log = logging.getLogger(__name__)

MOST_TRIES = 20
"""Names of runs tried; each that is used up is a run that has ended."""


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


async def follow(request: Request, before: State, after: State) -> None:
    """Start another run for a matter that had ended and is open again (新批示, 续办 or 批示重办 after closing).

    In the name of whoever reopened it, over Airflow's own interface. A run that is just ending starts the same one, by
    the same name: whoever comes second finds it there. If that fails the ledger stands all the same, and the daily
    watch or `duban resume` starts the run: it is logged, not refused.
    """
    if not before.ended or after.ended:
        return
    known = {name: value for name in ("authorization", "cookie") if (value := request.headers.get(name))}
    host, port = request.scope["server"]  # ourselves, whatever name a proxy in front gives us
    runs, run_id = f"/api/v2/dags/{dag_of(after.type)}/dagRuns", next_id(after)
    try:
        async with httpx.AsyncClient(base_url=f"http://{host}:{port}", trust_env=False, headers=known) as airflow:
            for _ in range(MOST_TRIES):
                run = {"dag_run_id": run_id, "logical_date": None, "conf": {"number": after.number}}
                answer = await airflow.post(runs, json=run | {"note": note_of(after)})
                if answer.status_code != httpx.codes.CONFLICT:
                    answer.raise_for_status()
                    return
                there = await airflow.get(f"{runs}/{run_id}")
                if there.json().get("state") in LIVE:
                    return
                run_id = next_id(after, after=run_id)  # one that replaced a lost run has used the name
    except httpx.HTTPError:
        log.exception("%s is open again, but its run was not started", after.number)
