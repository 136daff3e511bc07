from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import plain_office
import psycopg
import pytest

from duban.ledger import projection

Tamper = Callable[[str], Any]


@pytest.fixture(autouse=True)
def plain_projection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "apply", plain_office.apply)
    monkeypatch.setattr(projection, "State", plain_office.State)


@pytest.fixture
def superuser(postgres_url: str) -> Callable[[str], AbstractContextManager[psycopg.Connection]]:
    """Connects to a ledger's database as a superuser who has switched the triggers and foreign keys off."""

    @contextmanager
    def connect(address: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(address.replace("duban@", "postgres@"), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            yield connection

    return connect


@pytest.fixture
def tamper(ledger_url: str, superuser: Callable[[str], AbstractContextManager[psycopg.Connection]]) -> Tamper:
    """Changes the ledger behind its back."""

    def change(statement: str) -> None:
        with superuser(ledger_url) as connection:
            assert connection.execute(statement).rowcount > 0, "nothing was tampered with"

    return change
