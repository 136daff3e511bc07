"""An empty ledger on the evening after the sample; one into which the sample was taken, copied for each test."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sample_year import EVENING, SAMPLE

from duban import ledger
from duban.history import taking
from duban.history.taking import Taken
from duban.ledger import rehearsal


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bureau of the sample, whatever the shell says."""
    for name in ("DUBAN_ORGANIZATION", "DUBAN_REGULATION", "DUBAN_INCLUDE", "DUBAN_REHEARSAL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def evening(new_ledger: Callable[[datetime | None], str]) -> str:
    """An empty rehearsal ledger on the evening of 2026-09-28, a Monday."""
    return new_ledger(EVENING)


@pytest.fixture(scope="session")
def taken_template(
    postgres_url: str, ledger_template: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Taken]:
    """Name of a database that has the sample, and what taking it over said."""
    name = "history_template"
    statement = sql.SQL("CREATE DATABASE {} OWNER duban TEMPLATE {}")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(ledger_template)))
    address = postgres_url.replace("postgres@/postgres?", f"duban@/{name}?")
    with ledger.engine(address).begin() as opened:
        rehearsal.mark(opened, EVENING)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DUBAN_LEDGER_URL", address)
        patched.setenv("DUBAN_FILES", str(tmp_path_factory.mktemp("files")))
        for setting in ("DUBAN_ORGANIZATION", "DUBAN_REGULATION", "DUBAN_INCLUDE", "DUBAN_REHEARSAL"):
            patched.delenv(setting, raising=False)
        said = taking.take(SAMPLE)
    ledger.engine(address).dispose()
    return name, said


@pytest.fixture
def taken(
    taken_template: tuple[str, Taken], new_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Taken:
    """A ledger of one's own into which the sample was taken, on that evening."""
    monkeypatch.setenv("DUBAN_LEDGER_URL", new_database(taken_template[0]))
    monkeypatch.setenv("DUBAN_FILES", str(tmp_path / "files"))
    return taken_template[1]
