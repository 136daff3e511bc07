"""Pages of 督办台账 in a ledger of 1,000 and of 100,000 matters: median and 95th percentile, alone and fifty at once.

python -m benchmarks.pages      one ledger, that which DUBAN_LEDGER_URL names, in this process; prints JSON

The plain page beside the register counts the matters and shows the latest fifty as they stand in the table, the one
beside a matter shows its row and its events: no question of who may see what, no lights, no form, no layout.
"""

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.routing import Mount

from benchmarks.deployment import environment, say, scratch, within
from benchmarks.periods import year_of
from benchmarks.table import Cell, Delays, ratio, show
from duban import ledger
from duban.embedded import postgres
from duban.errors import Refusal
from duban.ledger import Actor
from duban.orchestration.people import actor_of
from duban.portal import api

SIZES = (1_000, 100_000)
REPEATED, USERS, EACH = 30, 50, 4
BOUND = 60.0
"""Seconds after which somebody has gone away."""

REGISTER, MATTER = "/duban/register/list", "/duban/matters/BC-2026-000500"
PLAIN_REGISTER, PLAIN_MATTER = "/plain/register", "/plain/matter/BC-2026-000500"
#: What is asked -> who asks, at which address, and the plain page beside it.
WAYS: dict[str, tuple[str, str, str]] = {
    "register": ("tian.clerk", REGISTER, PLAIN_REGISTER),
    "register, red lights": ("tian.clerk", f"{REGISTER}?light=red", PLAIN_REGISTER),
    "register, searched": ("tian.clerk", f"{REGISTER}?q=群众来信", PLAIN_REGISTER),
    "register, one month of a unit, by due date": (
        "tian.clerk",
        f"{REGISTER}?unit=jingzhen&month=2026-05&sort=due_on__asc",
        PLAIN_REGISTER,
    ),
    "register of a unit": ("jingzhen.liaison", REGISTER, PLAIN_REGISTER),
    "a matter": ("tian.clerk", MATTER, PLAIN_MATTER),
    "plain: the latest fifty": ("", PLAIN_REGISTER, ""),
    "plain: a row and its events": ("", PLAIN_MATTER, ""),
}
_PAGE = Environment(autoescape=True).from_string(
    "<h1>{{ total }}</h1><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>"
)


def run(sizes: Sequence[int] = SIZES) -> None:
    """Fill a ledger of each size, ask for every page of it, print the tables."""
    found: dict[int, dict[str, Any]] = {}
    with (
        scratch() as home,
        environment(DUBAN_VAR=str(home), DUBAN_LEDGER_URL=None, DUBAN_FILES=None),
        airflows_database(home),
    ):
        for size in sizes:
            with year_of(size, home):
                say(f"pages of {size:,} matters")
                done = subprocess.run([sys.executable, "-m", "benchmarks.pages"], capture_output=True, text=True,
                                      cwd=Path(__file__).parents[1], env=dict(os.environ))  # fmt: skip
                if done.returncode:
                    raise Refusal(f"The pages could not be measured: {done.stderr[-1500:]}")
                found[size] = json.loads(done.stdout.splitlines()[-1])
        within(20, lambda: not postgres.answers(home))
    print_tables(found)


@contextmanager
def airflows_database(home: Path) -> Iterator[None]:
    """An Airflow database without runs: the page of a matter looks there for the matter's run."""
    address = postgres.url("airflow", driver="psycopg2", home=home)
    names = {"AIRFLOW_HOME": str(home / "airflow"), "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address}
    with environment(**names):
        done = subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], capture_output=True, text=True)
        if done.returncode:
            raise Refusal(f"Airflow's database could not be made: {done.stderr[-1000:]}")
        yield


def measure() -> dict[str, Any]:
    """Every way after one page that warms up, and then all users at once on loopback."""
    logging.disable(logging.INFO)  # the library tells of every list
    application = site()
    alone = {way: asyncio.run(_asked(application, who, path)) for way, (who, path, _plain) in WAYS.items()}
    with_users = {way: _crowded(application, *WAYS[way][:2]) for way in ("register", "a matter")}
    return {"alone": alone, "at once": with_users}


def site() -> Starlette:
    """The portal as Airflow mounts it, with a sign-in that believes a header, and the plain pages."""

    async def sign_in(request: Request) -> Actor:
        return actor_of(request.headers["x-who"])

    return Starlette(routes=[Mount("/duban", app=api.create(sign_in)), Mount("/plain", app=_plain())])


def _plain() -> FastAPI:
    plain = FastAPI()

    @plain.get("/register")
    def register() -> HTMLResponse:
        with ledger.transaction() as session:
            total = session.scalar(text("SELECT count(*) FROM matter"))
            columns = "number, reference, title, type, unit, state, round, due_on, registered_at"
            rows = session.execute(text(f"SELECT {columns} FROM matter ORDER BY registered_at DESC LIMIT 50")).all()
        return HTMLResponse(_PAGE.render(total=total, rows=rows))

    @plain.get("/matter/{number}")
    def matter(number: str) -> HTMLResponse:
        with ledger.transaction() as session:
            row = session.execute(text("SELECT * FROM matter WHERE number = :number"), {"number": number}).one()
            events = text("SELECT seq, kind, at, actor, clause, data FROM event WHERE number = :number ORDER BY seq")
            rows = session.execute(events, {"number": number}).all()
        return HTMLResponse(_PAGE.render(total=row.title, rows=rows))

    return plain


async def _asked(application: Any, who: str, path: str) -> list[float]:
    """How long each of the answers took, one after the other, without a network."""
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://duban", timeout=BOUND) as client:
        return [await _once(client, who, path) for _ in range(REPEATED + 1)][1:]


async def _once(client: httpx.AsyncClient, who: str, path: str) -> float:
    began = time.perf_counter()
    answer = await client.get(path, headers={"x-who": who})
    if answer.status_code != 200:
        raise Refusal(f"{path}: {answer.status_code} {answer.text[-300:]}")
    return time.perf_counter() - began


def _crowded(application: Any, who: str, path: str) -> dict[str, Any]:
    """Fifty people at once at a server on loopback, each so many pages one after the other."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=port, log_level="error"))
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    within(20, lambda: server.started)
    began = time.perf_counter()
    seconds = asyncio.run(_all_at_once(f"http://127.0.0.1:{port}", who, path))
    took = time.perf_counter() - began
    server.should_exit = True
    serving.join(20)
    return {"seconds": seconds, "a second": len(seconds) / took}


async def _all_at_once(address: str, who: str, path: str) -> list[float]:
    async def person() -> list[float]:
        async with httpx.AsyncClient(base_url=address, timeout=BOUND) as client:
            found = []
            for _ in range(EACH):
                try:
                    found.append(await _once(client, who, path))
                except (httpx.HTTPError, Refusal):  # told in the table: so many of so many arrived
                    continue
            return found

    return [one for each in await asyncio.gather(*(person() for _ in range(USERS))) for one in each]


def print_tables(found: dict[int, dict[str, Any]]) -> None:
    """Median and 95th percentile of each page by size, how they grow, and the plain page beside each."""
    sizes = list(found)
    told = {size: {way: Delays(tuple(taken), REPEATED, BOUND) for way, taken in found[size]["alone"].items()}
            for size in sizes}  # fmt: skip
    rows: list[list[Cell]] = []
    plain_of = {path: way for way, (who, path, _plain) in WAYS.items() if not who}
    for way, (_who, _path, plain) in WAYS.items():
        taken = [told[size][way] for size in sizes]
        growth = ratio(taken[-1].median, taken[0].median) if len(sizes) > 1 else None
        beside = told[sizes[-1]][plain_of[plain]].median if plain else None
        rows.append([way, *(one for each in taken for one in (each.median, each.quantile(0.95))), growth,
                     ratio(taken[-1].median, beside)])  # fmt: skip
    head = ["", *(f"{word} {size:,}" for size in sizes for word in ("p50", "p95")), "growth", "of plain"]
    notes = [
        f"Seconds of {REPEATED} answers each, without a network.",
        "Plain counts the matters and shows the latest fifty rows; of a matter it shows its row and its events.",
        "It asks nobody's right to see anything, and has no lights, no form and no layout.",
    ]
    show("Pages of the register", head, rows, notes)
    crowd: list[list[Cell]] = []
    for size in sizes:
        for way, one in found[size]["at once"].items():
            crowd.append([f"{way}, {size:,}", *Delays(tuple(one["seconds"]), USERS * EACH, BOUND).cells()[:4],
                          one["a second"]])  # fmt: skip
    note = f"{USERS} people, {EACH} pages each, one server process on loopback, the client on the same machine."
    show("Fifty at once", ["", "p50", "p95", "worst", "arrived", "a second"], crowd, [note])


if __name__ == "__main__":
    print(json.dumps(measure()))
