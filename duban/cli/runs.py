"""Starting the runs of matters that came into the ledger past the trigger form."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from duban import ledger
from duban.embedded import client
from duban.errors import Refusal
from duban.orchestration import lost_runs
from duban.orchestration.matters import dag_of
from duban.orchestration.notes import note_of
from duban.orchestration.runs import LIVE, next_id

NOT_CONFIGURED = "没有连接 Airflow，流程未启动；连接后运行 duban resume 即可补启动。"
PAGE = 100
"""Runs asked for at once: more than this Airflow does not list."""


def fingerprint(file: Path) -> str:
    """The checksum of a file: the same file registered twice is one registration."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def start(numbers: Iterable[str]) -> int | None:
    """Start a run for each matter that has none at work; return how many, or None without an Airflow.

    The first run of a matter is called by its number. When that has ended (a closed matter was taken up again) the
    next is called BC-2026-0012.2 and goes on where the ledger stands. Raises Refusal when Airflow does not answer.
    """
    if not client.is_configured():
        return None
    with client.connect() as airflow:
        return sum(_start(airflow, number) for number in numbers)


def _start(airflow: client.Client, number: str) -> bool:
    with ledger.transaction() as session:
        state = ledger.state(session, number)
    if not state.awaiting:
        return False
    runs = f"/dags/{dag_of(state.type)}/dagRuns"
    known = airflow.get(runs, run_id_pattern=number, limit=1000)["dag_runs"]
    mine = {run["dag_run_id"]: run["state"] for run in known if run["dag_run_id"].split(".")[0] == number}
    if set(LIVE) & set(mine.values()):
        return False
    run_id = number if not mine else next_id(state)
    while run_id in mine:
        run_id = next_id(state, after=run_id)
    conf = {"number": number}
    airflow.post(runs, {"dag_run_id": run_id, "logical_date": None, "conf": conf, "note": note_of(state)})
    return True


def lost() -> set[str] | None:
    """The open matters and period files without a run at work; None without an Airflow, or when it does not answer."""
    with ledger.transaction() as session:
        open_now = lost_runs.open_matters(session)
    if not client.is_configured():
        return None
    try:
        with client.connect() as airflow:
            # Twice: when a run ends between two pages, the next page begins one too far.
            at_work = {*_at_work(airflow), *_at_work(airflow)}
    except Refusal:
        return None  # it is down: that is for its own watch to tell, and says nothing about single matters
    return {item.number for item in open_now if not {item.number, item.run_key} & at_work}


def _at_work(airflow: client.Client) -> Iterator[str]:
    """Numbers (or ids) that runs at work are about."""
    offset = 0
    while page := airflow.get("/dags/~/dagRuns", state=sorted(LIVE), limit=PAGE, offset=offset)["dag_runs"]:
        for run in page:
            yield (run["conf"] or {}).get("number") or run["dag_run_id"].split(".")[0]
        offset += len(page)
