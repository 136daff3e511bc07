"""An embedded Airflow of its own for one measurement, and what is asked of it: start runs, count, read who arrived."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from benchmarks.table import Delays
from duban import ledger
from duban.demo.stories import START
from duban.embedded import accounts, launcher, places, postgres
from duban.embedded.bureau import Bureau

DAGS = Path(__file__).parent / "dags"
SUPERVISION = places.CHECKOUT / "dags"
PORT = 18090
PLAIN = [sys.executable, "-m", "benchmarks.plain"]
PARSED_WITHIN = 120


def say(text: str) -> None:
    """How far we are; not among the figures."""
    print(f"  .. {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@contextmanager
def environment(**changes: str | None) -> Iterator[None]:
    """These environment variables within the block (None: not set), the old ones after it."""
    kept = dict(os.environ)
    try:
        for name, value in changes.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def scratch() -> Iterator[Path]:
    """A directory for as long as the block lasts, that PostgreSQL's own user can reach too."""
    home = Path(tempfile.mkdtemp(prefix="duban-bench-"))
    try:
        home.chmod(0o711)
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class Site:
    """A running deployment."""

    home: Path
    bureau: Bureau

    def start(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        """Start a run as a program would."""
        body = {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        user = self.bureau.post("office") if dag_id.endswith("_item") else self.bureau.person(accounts.OPERATOR)
        user.post(f"/dags/{dag_id}/dagRuns", body)

    def ask(self, statement: str, *values: object) -> Any:
        """The first column of the first row of a query to Airflow's database."""
        address = postgres.address(self.home, "airflow", "psycopg").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            row = connection.execute(statement.encode(), values).fetchone()
        return row[0] if row else None

    def reached(self) -> dict[str, float]:
        """Matter (or run) -> when the step after its wait ran, in seconds since 1970."""
        file = self.home / "reached"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return {name: float(at) for name, at in (line.split() for line in lines)}


@contextmanager
def deployed(dags: Sequence[Path], *, plain: bool = False) -> Iterator[Site]:
    """Every part of Airflow and a rehearsal ledger, with these DAG files; gone after the block, however it ends.

    `plain`: the scheduler as Airflow comes, without the head of the queue and Duban's settings of it.
    """
    with scratch() as home:
        (home / "dags").mkdir()
        for file in dags:
            shutil.copy(file, home / "dags")
        changes: dict[str, str | None] = {
            "DUBAN_VAR": str(home),
            "DUBAN_DAGS": str(home / "dags"),
            "DUBAN_REHEARSAL": "1",
            "DUBAN_REHEARSAL_START": START.isoformat(),
            "DUBAN_HEAD_OF_QUEUE": "0" if plain else "1",
            "DUBAN_LEDGER_URL": None,
            "DUBAN_FILES": None,
            "DUBAN_AIRFLOW_URL": None,
        }
        say("starting PostgreSQL and Airflow")
        program = PLAIN if plain else launcher.PROGRAM
        with (
            environment(**changes),
            patch.object(launcher, "PROGRAM", program),
            launcher.running(home, rehearsal=True, port=PORT, log=home / "up.log"),
        ):
            os.environ |= {"DUBAN_LEDGER_URL": postgres.address(home), "DUBAN_FILES": str(home / "files")}
            site = Site(home, Bureau(home))
            try:
                _parsed(site, {file.stem for file in dags})
                yield site
            finally:
                site.bureau.close()
                ledger.dispose()


def _parsed(site: Site, dag_ids: Collection[str]) -> None:
    def known() -> bool:
        return bool(site.ask("SELECT count(*) = %s FROM dag WHERE dag_id = ANY(%s)", len(dag_ids), list(dag_ids)))

    if not within(PARSED_WITHIN, known):
        raise SystemExit(f"Airflow did not read {', '.join(sorted(dag_ids))} within {PARSED_WITHIN} s")


def within(seconds: float, done: Callable[[], bool], every: float = 0.5) -> bool:
    """Wait until it is done, but no longer than that; whether it is."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def delays(began: dict[str, float], arrived: Callable[[], dict[str, float]], bound: float) -> Delays:
    """Wait for all that began until `bound` seconds after the last; how long each took, those in time counted."""

    def all_there() -> bool:
        return began.keys() <= arrived().keys()

    within(max(began.values(), default=0) + bound - time.time(), all_there)
    there = arrived()
    took = [there[name] - at for name, at in began.items() if name in there]
    return Delays(tuple(second for second in took if second <= bound), len(began), bound)
