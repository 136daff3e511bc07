"""Which matter a run is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from duban import ledger
from duban.errors import Refusal


def find_number(run_id: str, conf: Mapping[str, Any] | None) -> str | None:
    """Return the number of the run's matter, or None if it is not registered yet.

    In this order: the number that the door wrote into the run's conf; the run id, which is the number when the door
    started the run; the matter registered under the run id as its key, when the run was started past the door.
    """
    number = (conf or {}).get("number")
    if isinstance(number, str) and number:
        return number
    with ledger.transaction() as session:
        found = session.execute(
            text("SELECT number FROM matter WHERE :run_id IN (number, run_key) ORDER BY number = :run_id DESC"),
            {"run_id": run_id},
        ).first()
    return str(found[0]) if found else None


def number_of(context: Mapping[str, Any]) -> str:
    """Return the number of the matter of this task's run; a :class:`Refusal` if it has none yet."""
    run_id = str(context["run_id"])
    number = find_number(run_id, context["dag_run"].conf)
    if number is None:
        raise Refusal(f"流程 {run_id} 还没有登记督办件：请先完成“立项”一步。")
    return number
