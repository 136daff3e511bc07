"""Which matter a run is about, and what its runs are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from duban import ledger
from duban.errors import Refusal
from duban.ledger import State

LIVE = ("queued", "running")
"""The states of a run that is still at work; a matter needs one such run as long as it awaits anything."""


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


def next_id(state: State, after: str = "") -> str:
    """Return what the matter's next run is called: BC-2026-0012.2 for its second, and so on.

    Whoever starts it (the run that ends, the portal, the daily watch) comes to the same name by what the ledger says:
    a matter goes on in another run after it was opened again, which is a new round, or given to another unit.
    ``after``: the name that proved to be used up.
    """
    nth = int(after.rpartition(".")[2]) + 1 if after else max(2, state.round + state.assignment - 1)
    return f"{state.number}.{nth}"
