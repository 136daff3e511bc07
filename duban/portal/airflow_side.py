"""What the portal asks of Airflow itself: whether it would start a run, and to start one."""

from __future__ import annotations

import logging

import httpx
from airflow.models.dag import DagModel
from airflow.utils.session import create_session
from sqlalchemy import select
from starlette.requests import Request

from duban.errors import Refusal
from duban.ledger import State

log = logging.getLogger(__name__)


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


async def follow(request: Request, before: State, after: State) -> None:
    """Start another run for a matter that had ended and is open again (新批示 or 批示重办 after closing).

    In the name of whoever reopened it, over Airflow's own interface. If that fails the ledger stands all the same, and
    `duban resume` starts the run: it is logged, not refused.
    """
    if not before.ended or after.ended:
        return
    known = {name: value for name in ("authorization", "cookie") if (value := request.headers.get(name))}
    run = {"dag_run_id": f"{after.number}.{after.round}", "logical_date": None, "conf": {"number": after.number}}
    run["note"] = after.reference
    host, port = request.scope["server"]  # ourselves, whatever name a proxy in front gives us
    try:
        async with httpx.AsyncClient(base_url=f"http://{host}:{port}", trust_env=False) as airflow:
            answer = await airflow.post(f"/api/v2/dags/{after.type}_item/dagRuns", json=run, headers=known)
        answer.raise_for_status()
    except httpx.HTTPError:
        log.exception("%s is open again, but its run was not started", after.number)
