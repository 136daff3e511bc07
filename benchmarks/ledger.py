"""How much the ledger costs: events appended and matters registered a second, beside bare INSERTs of the same rows.

    python benchmarks/ledger.py      in a database of its own beside the ledger's, dropped afterwards; 10 s

One connection and one transaction a deed, flushed to disk, as in production. "Plain" writes the same rows without
lock, chain, projection, number gate and idempotency: what an application without a ledger would do.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import create_engine, make_url, text

from duban import clock, ledger, numbering
from duban.ledger import Actor, Draft

DATABASE = "duban_bench"
MATTERS = 50
SLICE, SLICES = 0.5, 5
"""Seconds a turn, and turns each: the two take turns, so that a busy machine troubles both."""

CLERK = Actor("wang", "王敏", post="office")
FORM = {"requirement": "请查明情况，依法处理，并将结果书面报办公室。" * 10, "source": 3, "urgency": "一般"}

Deed = Callable[[int], None]


def main() -> None:
    """Print both rates and their ratios."""
    with fresh_ledger():
        numbers = [register(n) for n in range(MATTERS)]
        compare("events appended", lambda n: append(numbers[n % MATTERS], n), plain_event)
        compare("matters registered", lambda n: register(n + MATTERS) and None, plain_matter)


def compare(what: str, ours: Deed, plain: Deed) -> None:
    """Let both take turns and print how many a second each did."""
    done: dict[Deed, list[float]] = {ours: [], plain: []}
    numbers = {ours: count(), plain: count()}
    for _ in range(SLICES):
        for deed in (plain, ours):
            done[deed].append(_rate(deed, numbers[deed]))
    mine, theirs = (sorted(done[deed])[SLICES // 2] for deed in (ours, plain))
    print(f"{what:<20} {mine:7.0f} /s   plain INSERTs {theirs:7.0f} /s   ratio {mine / theirs:.2f}")


def _rate(deed: Deed, numbers: Iterator[int]) -> float:
    began = time.perf_counter()
    for done in count(1):
        deed(next(numbers))
        if (took := time.perf_counter() - began) >= SLICE:
            return done / took
    raise AssertionError


def register(n: int) -> str:
    """What the registration of a matter asks of the ledger."""
    with ledger.transaction() as session:
        taken = numbering.allocate(session, "reference", 2026, f"run-{n}")
        number = f"BC-2026-{taken:04d}"
        ledger.open_matter(session, number)
        head = {
            "reference": f"白公督〔2026〕{taken}号",
            "type": "general",
            "title": "群众来信反映的问题",
            "unit": "jingzhen",
        }
        more = {"regulation": "baicheng-2020", "organization": "baicheng", "form": FORM, "run_key": f"run-{n}"}
        ledger.append(session, number, Draft("registered", "register", CLERK, "五（一）", {**head, **more}))
    return number


def append(number: str, n: int) -> None:
    """One more event of a matter."""
    with ledger.transaction() as session:
        ledger.append(
            session, number, Draft("called", f"call:{n}", CLERK, "五（三）", {"person": "李强", "phone": "0436"})
        )


def plain_event(n: int) -> None:
    """The same row, bare."""
    with ledger.transaction() as session:
        session.execute(
            _EVENT, {"number": f"BC-2026-{n % MATTERS + 1:04d}", "seq": n + 1, "key": f"call:{n}", **_moments()}
        )


def plain_matter(n: int) -> None:
    """The three rows of a registration, bare."""
    with ledger.transaction() as session:
        number = f"BC-2027-{n:04d}"
        session.execute(_NUMBER, {"n": n, "key": number})
        session.execute(_MATTER, {"number": number, "form": FORM["requirement"]})
        session.execute(_EVENT, {"number": number, "seq": 1, "key": "register", **_moments()})


def _moments() -> dict[str, Any]:
    now = datetime.now(clock.SHANGHAI)
    return {"at": now, "recorded_at": now}


_EVENT = text(
    "INSERT INTO plain_event (number, seq, kind, key, at, recorded_at, actor, clause, data, prev_hash, hash)"
    ' VALUES (:number, :seq, \'called\', :key, :at, :recorded_at, \'{"user": "wang", "name": "王敏"}\', \'五（三）\','
    ' \'{"person": "李强", "phone": "0436"}\', repeat(\'0\', 64), repeat(\'1\', 64))'
)
_MATTER = text(
    "INSERT INTO plain_matter (number, title, unit, last_hash, view)"
    " VALUES (:number, '群众来信反映的问题', 'jingzhen', repeat('1', 64),"
    " jsonb_build_object('form', CAST(:form AS text)))"
)
_NUMBER = text("INSERT INTO plain_number (series, year, n, number, key) VALUES ('reference', 2027, :n, '', :key)")


@contextmanager
def fresh_ledger() -> Iterator[None]:
    """A ledger in a database of its own, with copies of its tables that nothing guards."""
    server = make_url(ledger.ledger_url()).set(drivername="postgresql+psycopg")
    maintenance = create_engine(server, isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {DATABASE}"))
        try:
            os.environ["DUBAN_LEDGER_URL"] = server.set(database=DATABASE).render_as_string(hide_password=False)
            ledger.upgrade()
            with ledger.transaction() as session:
                for copy, table in (("event", "event"), ("matter", "matter"), ("number", "allocated_number")):
                    session.execute(text(f"CREATE TABLE plain_{copy} (LIKE {table} INCLUDING ALL)"))
            yield
        finally:
            ledger.dispose()
            connection.execute(text(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))
    maintenance.dispose()


if __name__ == "__main__":
    main()
