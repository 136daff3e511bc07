from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from duban import clock, ledger
from duban.errors import Refusal
from duban.ledger.models import Base
from duban.ledger.schema import VERSION_TABLE


def test_an_empty_database_becomes_a_real_ledger(
    new_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_URL", new_database())
    assert not ledger.is_current()
    with pytest.raises(Refusal, match="duban db upgrade"), ledger.transaction() as session:
        clock.now(session)
    ledger.upgrade()
    assert ledger.is_current()
    ledger.upgrade()
    with ledger.transaction() as session:
        assert not ledger.is_rehearsal(session)


def test_two_who_start_together_make_one_ledger(new_database: Callable[..., str]) -> None:
    address = new_database()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ledger.upgrade, [address, address]))
    assert ledger.is_current(address)


def test_a_failed_start_leaves_nothing(new_database: Callable[..., str]) -> None:
    address = new_database()
    with ledger.engine(address).begin() as connection:
        connection.execute(text("CREATE TABLE ledger_meta (in_the_way integer)"))
    with pytest.raises(Exception, match="ledger_meta"):
        ledger.upgrade(address)
    with ledger.engine(address).connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('event')")) is None


def test_the_models_are_what_the_migrations_make(ledger_url: str) -> None:
    with ledger.engine().connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
        checks = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        made = set(connection.scalars(text(checks)))
    # compare_metadata knows no check constraints.
    declared = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint"
    }
    assert made == declared


def test_a_ledger_from_the_future_is_not_touched(ledger_url: str) -> None:
    with ledger.transaction() as session:
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    assert not ledger.is_current()
    with pytest.raises(Refusal, match="比这个程序新"):
        ledger.upgrade()
