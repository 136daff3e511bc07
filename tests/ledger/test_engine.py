import os
import signal
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest
from plain_office import note, register
from sqlalchemy import text

from duban import ledger
from duban.embedded import postgres
from duban.errors import Refusal
from duban.ledger.engine import snapshot


def version() -> int:
    with ledger.transaction() as session:
        return len(ledger.events(session, "BC-2026-0001"))


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql://duban@127.0.0.1:1/duban", "没有数据库在运行"),
        ("postgresql://duban@/duban?host=/nowhere", "没有数据库在运行"),
        ("postgres://duban:secret@no-such-host.invalid/duban", "找不到这台主机"),
        ("postgresql+psycopg2://duban@127.0.0.1:1/duban", "没有数据库在运行"),
    ],
)
def test_a_database_that_is_away_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, address: str, reason: str
) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_URL", address)
    with pytest.raises(Refusal, match=reason) as caught, ledger.transaction() as session:
        ledger.items(session)
    assert str(caught.value).startswith("台账数据库连不上")
    assert "secret" not in str(caught.value)
    for ask in (ledger.verify, ledger.is_current, ledger.upgrade):
        with pytest.raises(Refusal, match="台账数据库连不上"):
            ask()


def test_a_server_that_does_not_answer_is_given_up_after_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("DUBAN_LEDGER_URL", f"postgresql://duban@127.0.0.1:{silent.getsockname()[1]}/duban")
        began = time.monotonic()
        with pytest.raises(Refusal, match="秒内没有应答"), ledger.transaction() as session:
            ledger.items(session)
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("address", ["sqlite:///x.db", "mysql://a@b/c", "rubbish", "postgresql:/"])
def test_an_address_that_is_no_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_URL", address)
    with pytest.raises(Refusal, match="DUBAN_LEDGER_URL"), ledger.transaction() as session:
        ledger.items(session)


def test_a_missing_database_is_named_so(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_URL", ledger_url.replace("/test_", "/no_such_"))
    with pytest.raises(Refusal, match="没有这个用户或这个库"), ledger.transaction() as session:
        ledger.items(session)


def test_it_goes_on_after_its_connections_were_cut(ledger_url: str, postgres_url: str) -> None:
    with ledger.transaction() as session:
        register(session)
    _cut(postgres_url)
    assert version() == 1, "a dead connection in the pool is noticed before it is used"
    with pytest.raises(Refusal, match="台账数据库连不上"), ledger.transaction() as session:  # noqa: PT012
        note(session)
        _cut(postgres_url)
        note(session, key="note:2")
    assert version() == 1
    with ledger.transaction() as session:
        note(session)
    assert ledger.verify() == []


def _cut(postgres_url: str) -> None:
    with ledger.engine(postgres_url).connect() as connection:
        others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname LIKE 'test_%'"
        connection.execute(text(others))


def test_it_goes_on_after_the_server_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events that were told as done are there; what was not committed is not; the ledger is whole."""
    home = tmp_path / "home"
    monkeypatch.setenv("DUBAN_LEDGER_URL", postgres.url("duban", home=home))
    ledger.upgrade()
    with ledger.transaction() as session:
        register(session)
    pid = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    server = psutil.Process(pid)
    with pytest.raises(Refusal, match="台账数据库连不上"), ledger.transaction() as session:  # noqa: PT012
        note(session)
        os.kill(pid, signal.SIGQUIT)
        server.wait(10)
        note(session, key="note:2")
    with pytest.raises(Refusal, match="台账数据库连不上"):
        version()
    postgres.url("duban", home=home)
    assert version() == 1
    assert ledger.verify() == []


def test_a_forked_process_leaves_its_parents_connections_alone(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with ledger.transaction() as session:
                note(session)
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert version() == 2
    with ledger.transaction() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    grandchild = os.fork()
    if grandchild == 0:
        with ledger.transaction() as session:
            os._exit(0 if session.scalar(text("SELECT pg_backend_pid()")) != pid else 1)
    assert os.waitpid(grandchild, 0)[1] == 0, "the child took over its parent's connection"


def test_a_process_keeps_few_connections(ledger_url: str) -> None:
    threads = [threading.Thread(target=_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.transaction() as session:
        mine = "SELECT count(*), min(application_name) FROM pg_stat_activity WHERE datname = current_database()"
        count, name = session.execute(text(mine)).one()
    assert count <= 2
    assert name == "duban"


def _one() -> None:
    with ledger.transaction() as session:
        session.execute(text("SELECT pg_sleep(0.05)"))


def test_every_connection_has_its_limits(ledger_url: str) -> None:
    with ledger.transaction() as session:
        for name, value in {"lock_timeout": "10s", "statement_timeout": "1min", "TimeZone": "Asia/Shanghai"}.items():
            assert session.scalar(text(f"SHOW {name}")) == value


def test_a_mistake_of_ours_is_not_dressed_up(ledger_url: str) -> None:
    with pytest.raises(Exception, match="syntax"), ledger.transaction() as session:
        session.execute(text("SELEC 1"))


def test_an_address_may_bring_options_of_its_own(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both = ledger_url + "&options=-c%20lock_timeout%3D3s"
    monkeypatch.setenv("DUBAN_LEDGER_URL", both)
    with ledger.transaction() as session:
        assert session.scalar(text("SHOW lock_timeout")) == "3s"
        assert session.scalar(text("SHOW statement_timeout")) == "1min"


def test_a_reading_of_everything_has_more_time_than_an_act(ledger_url: str) -> None:
    asked = text("SELECT current_setting('statement_timeout'), current_setting('transaction_isolation')")
    with ledger.transaction() as session:
        assert tuple(session.execute(asked).one()) == ("1min", "read committed")
    with snapshot() as session:
        assert tuple(session.execute(asked).one()) == ("10min", "repeatable read")
    with ledger.transaction() as session:
        assert session.scalar(text("SELECT current_setting('statement_timeout')")) == "1min", (
            "the connection is as before"
        )
