"""A real PostgreSQL for every test that needs a ledger: one server a session, one fresh database a test."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

import psutil
import psycopg
import pytest
import spoilt_templates
from matters import later, matter, new_matter  # noqa: F401 - fixtures for every test
from psycopg import sql

from duban import clock, ledger
from duban.embedded import postgres
from duban.ledger import rehearsal, schema

REHEARSAL_START = datetime(2026, 3, 2, 9, 0, tzinfo=clock.SHANGHAI)
"""A Monday morning, a working day: where the clock of a test's rehearsal begins."""

template = spoilt_templates.template
_names = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first; those on a real Airflow last, the ones that kill its parts at the very end."""
    items.sort(key=lambda item: (_late(item), _place(item)))


def _late(item: pytest.Item) -> int:
    return ("e2e" in item.keywords) + ("crash" in item.keywords)


def _place(item: pytest.Item) -> int:
    """The other bureaus before the one Airflow of the rest is started; its first stories begin when its clock does."""
    return {"test_periods.py": -3 * ("e2e" in item.keywords), "test_bureaus.py": -2, "test_paths.py": -1}.get(
        item.path.name, 0
    )


@pytest.fixture(autouse=True)
def chosen_bureau(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which bureau a test chose ends with it, also where the code chose it (a bureau that plays becomes the chosen)."""
    for name in ("DUBAN_ORGANIZATION", "DUBAN_REGULATION", "DUBAN_INCLUDE"):
        # Noted even when it is not set: only what was noted is taken back.
        before = os.environ.get(name)
        monkeypatch.setenv(name, before or "")
        if before is None:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres_home() -> Iterator[Path]:
    """The directory of the session's server (`home` of duban.embedded.postgres.url)."""
    # Not below pytest's own directory: as root the server runs as another user, and every other pytest that starts
    # closes that directory to others again.
    home = Path(tempfile.mkdtemp(prefix="duban-test-"))
    yield home
    _stop(home)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(postgres_home: Path) -> str:
    """The server's own database `postgres`, as its superuser."""
    owned = postgres.url("duban", home=postgres_home)
    address = owned.replace("+psycopg://duban@/duban?", "://postgres@/postgres?")
    with psycopg.connect(address, autocommit=True) as connection:
        # Tests need not survive a power cut; the real setting is H's to test.
        connection.execute("ALTER ROLE ALL SET synchronous_commit = off")
    return address


@pytest.fixture(scope="session")
def ledger_template(postgres_url: str) -> str:
    """Name of a database with the ledger's tables and no mark yet; ledgers of the tests are copies of it."""
    _create(postgres_url, "ledger_template")
    address = _owned(postgres_url, "ledger_template")
    with ledger.engine(address).begin() as connection:
        schema.migrate(connection)
    ledger.engine(address).dispose()
    return "ledger_template"


@pytest.fixture
def new_database(postgres_url: str) -> Iterator[Callable[..., str]]:
    """Makes an empty database (or a copy of `template`) owned by the ledger's role and returns its address."""
    made: list[str] = []

    def make(template: str = "template1") -> str:
        name = f"test_{next(_names)}"
        _create(postgres_url, name, template)
        made.append(name)
        return _owned(postgres_url, name)

    yield make
    ledger.dispose()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def new_ledger(
    new_database: Callable[..., str], ledger_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[datetime | None], str]:
    """Makes a fresh ledger, a rehearsal when a start is given, sets DUBAN_LEDGER_URL and DUBAN_FILES; its address."""

    def make(start: datetime | None) -> str:
        address = new_database(ledger_template)
        with ledger.engine(address).begin() as connection:
            rehearsal.mark(connection, start)
        monkeypatch.setenv("DUBAN_LEDGER_URL", address)
        monkeypatch.setenv("DUBAN_FILES", str(tmp_path / "files"))
        return address

    monkeypatch.delenv("DUBAN_REHEARSAL", raising=False)
    return make


@pytest.fixture
def ledger_url(new_ledger: Callable[[datetime | None], str]) -> str:
    """A fresh real ledger."""
    return new_ledger(None)


@pytest.fixture
def rehearsal_url(new_ledger: Callable[[datetime | None], str]) -> str:
    """A fresh rehearsal ledger whose clock begins at REHEARSAL_START (2026-03-02 09:00, a Monday)."""
    return new_ledger(REHEARSAL_START)


@pytest.fixture
def move_to(rehearsal_url: str) -> Callable[[datetime], None]:
    """Moves the rehearsal's clock forward to a moment."""

    def move(moment: datetime) -> None:
        with ledger.transaction() as session:
            ledger.advance(session, moment - clock.now(session))

    return move


def _create(server: str, name: str, template: str = "template1") -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER duban TEMPLATE {}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _owned(server: str, name: str) -> str:
    return server.replace("postgres@/postgres?", f"duban@/{name}?")


def _stop(home: Path) -> None:
    """Ends this session's server, as its keeper would once we are gone, so that its directory can be removed."""
    pid_file = home / "postgres" / "data" / "postmaster.pid"
    with suppress(FileNotFoundError, psutil.NoSuchProcess):
        server = psutil.Process(int(pid_file.read_text().split()[0]))
        os.kill(server.pid, signal.SIGINT)
        server.wait(15)
        time.sleep(0.1)  # the keeper follows its server
