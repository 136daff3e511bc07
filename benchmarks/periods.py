"""Reports and scores of a year of 1,000, 10,000 and 100,000 matters: seconds, peak memory, how both grow.

python -m benchmarks.periods WAY        one way on the ledger that DUBAN_LEDGER_URL names, in this process

Each way runs in a process of its own, so that its memory is its own. "pandas" does with the raw rows what an office
does with a spreadsheet of them: it counts, and knows neither clauses nor documents nor what was published before.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas
from sqlalchemy import create_engine, make_url, text

from benchmarks import year
from benchmarks.deployment import environment, say, scratch, within
from benchmarks.table import Cell, ratio, show
from duban import ledger, organization, regulation
from duban.embedded import postgres
from duban.errors import Refusal
from duban.ledger.engine import snapshot
from duban.organization import Organization
from duban.regulation import Regulation
from duban.reports import making, spans
from duban.scoring import months

SIZES = (1_000, 10_000, 100_000)
VERIFIED = 1_000
"""The ledger of this size is verified, every chain and row of it: then the copies of the others are right too."""
FRIDAY = year.NOW.date()
EARLIER = FRIDAY - timedelta(weeks=26)

Way = Callable[[Any, Regulation, Organization], object]


def _report(kind: str, on: date) -> Way:
    def way(session: Any, law: Regulation, org: Organization) -> object:
        made = making.report(kind, session, law, org, spans.period(kind, on, law, year.NOW))
        return making.spreadsheet(kind, made)

    return way


def _scores(period: str) -> Way:
    return lambda session, law, org: months.compute(session, law, org, period)


def _counted(session: Any, _law: Regulation, _org: Organization) -> object:
    """Open and late matters of each unit, from the register as it is."""
    rows = pandas.read_sql("SELECT number, title, unit, state, due_on, due_at FROM matter", session.connection())
    found = rows[~rows.state.isin(["closed", "cancelled"])].assign(late=lambda all: all.due_at < year.NOW)
    return found.groupby("unit")[["number", "late"]].agg({"number": "count", "late": "sum"})


def _grouped(session: Any, _law: Regulation, _org: Organization) -> object:
    """How often each kind of event came to each unit, from the events as they are."""
    rows = pandas.read_sql(
        "SELECT e.number, e.kind, e.at, m.unit, e.data FROM event e JOIN matter m USING (number)", session.connection()
    )
    return rows[rows["at"] < year.NOW].groupby(["unit", "kind"]).size().unstack(fill_value=0)


#: What is measured -> how, and the plain way beside it.
WAYS: dict[str, Way] = {
    "weekly report, today": _report("weekly", FRIDAY),
    "weekly report, 26 weeks ago": _report("weekly", EARLIER),
    "bulletin of a month": _report("bulletin", FRIDAY),
    "scores of a month": _scores(f"{year.YEAR}-10"),
    "scores of a year": _scores(f"{year.YEAR}"),
    "pandas: the register": _counted,
    "pandas: all events": _grouped,
}
BESIDE = {
    "weekly report, today": "pandas: the register",
    "weekly report, 26 weeks ago": "pandas: all events",
    "bulletin of a month": "pandas: all events",
    "scores of a month": "pandas: all events",
    "scores of a year": "pandas: all events",
}


def run(sizes: Sequence[int] = SIZES) -> None:
    """Fill a ledger of each size, measure every way on it, print the tables."""
    found: dict[int, dict[str, Any]] = {}
    with scratch() as home, environment(DUBAN_VAR=str(home), DUBAN_LEDGER_URL=None, DUBAN_FILES=None):
        for size in sizes:
            with year_of(size, home) as filled:
                found[size] = {"filled": filled, **{way: _measured(way) for way in WAYS}}
        within(20, lambda: not postgres.answers(home))
    print_tables(found)


@contextmanager
def year_of(size: int, home: Path) -> Iterator[dict[str, float]]:
    """A rehearsal of its own, on the Friday, with so many matters; gone after the block."""
    say(f"a year of {size:,} matters")
    server = make_url(postgres.url("duban", home=home)).set(drivername="postgresql+psycopg")
    name = f"duban_year_{size}"
    own = server.set(database=name).render_as_string(hide_password=False)
    maintenance = create_engine(server, isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            with environment(DUBAN_LEDGER_URL=own, DUBAN_FILES=str(home / "files")):
                ledger.create_rehearsal(year.NOW)
                year.models()
                began = time.perf_counter()
                events = year.fill(own.replace("+psycopg", ""), size)
                took = time.perf_counter() - began
                if size == VERIFIED and (faults := ledger.verify()):
                    raise Refusal(f"The year does not add up: {faults[:3]}")
                yield {"events": events, "seconds": took}
        finally:
            ledger.dispose()
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    maintenance.dispose()


def _measured(way: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.periods", way], capture_output=True, text=True,
                          cwd=Path(__file__).parents[1], env=dict(os.environ))  # fmt: skip
    if done.returncode:
        raise Refusal(f"“{way}” could not be measured: {done.stderr[-1500:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    say(f"{way}: {found['seconds']:.1f} s, {found['peak'] - found['before']:.0f} MB")
    return found


def measure(way: str) -> dict[str, float]:
    """Once, from a cold start of the process with everything imported: as the step of a run does it."""
    law, org = regulation.current(FRIDAY), organization.load()
    with snapshot() as session:
        session.execute(text("SELECT 1"))
        before, began = _peak(), time.perf_counter()
        WAYS[way](session, law, org)
        return {"seconds": time.perf_counter() - began, "before": before, "peak": _peak()}


def _peak() -> float:
    """The most that this program has held, in MB (not `ru_maxrss`, which begins with what its parent held)."""
    told = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    return int(told.split()[0]) / 1024


def print_tables(found: dict[int, dict[str, Any]]) -> None:
    """Seconds and memory of each way by size; the last step's growth for ten times the matters; the plain way."""
    sizes = list(found)
    head = ["", *(f"{size:,}" for size in sizes), "growth", "of pandas", *(f"MB {size:,}" for size in sizes)]
    rows: list[list[Cell]] = []
    for way in WAYS:
        seconds = [found[size][way]["seconds"] for size in sizes]
        growth = ratio(seconds[-1], seconds[-2]) if len(sizes) > 1 else None
        plain = found[sizes[-1]][BESIDE[way]]["seconds"] if way in BESIDE else None
        memory = [f"{found[size][way]['peak'] - found[size][way]['before']:.0f}" for size in sizes]
        rows.append([way, *seconds, growth, ratio(seconds[-1], plain), *memory])
    filled = "; ".join(
        f"{size:,} matters with {one['filled']['events']:,} events put in within {one['filled']['seconds']:.0f} s"
        for size, one in found.items()
    )
    notes = [
        f"{filled}.",
        "Seconds; MB beyond what the process had before. Growth: the last size to the one before it.",
        "pandas reads the same rows and counts them by unit and kind; it knows no clause, document or publication.",
        "A weekly report of an earlier day is replayed from the events of every matter that has moved since.",
    ]
    show("Reports and scores of a year", head, rows, notes)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
