"""What the door asks of Airflow itself before it registers a matter."""

from __future__ import annotations

from airflow.models.dag import DagModel
from airflow.utils.session import create_session
from sqlalchemy import select

from duban.errors import Refusal


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
