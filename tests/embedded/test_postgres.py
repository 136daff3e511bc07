"""The embedded PostgreSQL: there while somebody needs it, gone afterwards, back after every kind of end."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from duban.embedded import keeper, places, postgres

ASK = "import sys; from duban.embedded import postgres; print(postgres.url(), flush=True); sys.stdin.read()"


def servers(home: Path) -> list[psutil.Process]:
    """Every process of the server and its keeper below this home."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(home) in part for part in process.cmdline()) or process.cwd().startswith(str(home)):
                found.append(process)
    return [process for process in found if process.pid != os.getpid()]


def eventually(holds: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


class Command:
    """A command of the user's that needs the database until its standard input is closed."""

    def __init__(self, home: Path) -> None:
        environment = os.environ | {"DUBAN_VAR": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip().replace("postgresql+psycopg", "postgresql")

    def ends(self) -> None:
        self.process.communicate(timeout=15)

    def execute(self, statement: str) -> object:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    try:
        eventually(lambda: not servers(tmp_path))
    finally:  # red, but nothing left behind
        for process in servers(tmp_path):
            process.kill()


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def test_it_is_there_while_somebody_needs_it_and_gone_afterwards(home: Path) -> None:
    first = Command(home)
    second = Command(home)
    assert first.url == second.url
    first.ends()
    assert second.execute("SELECT current_user") == "duban"
    assert second.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert second.execute("SELECT current_setting('synchronous_commit')") == "on"
    assert second.execute("SELECT current_setting('listen_addresses')") == ""
    second.ends()
    eventually(lambda: not servers(home))


def test_a_killed_command_leaves_no_server(home: Path) -> None:
    command = Command(home)
    command.process.kill()
    command.ends()
    eventually(lambda: not servers(home))


def test_a_killed_server_starts_again_with_everything_committed(home: Path) -> None:
    command = Command(home)
    command.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(postmaster(home), signal.SIGKILL)
    command.ends()
    again = Command(home)
    assert again.execute("SELECT n FROM kept") == 7
    again.ends()


def test_a_killed_keeper_takes_its_server_along(home: Path) -> None:
    command = Command(home)
    [kept_by] = [process for process in servers(home) if keeper.__name__ in process.cmdline()]
    kept_by.kill()
    eventually(lambda: not servers(home))
    again = Command(home)
    assert again.execute("SELECT 1") == 1
    again.ends()
    command.ends()


def test_a_stale_pid_file_with_a_number_in_use_is_no_hindrance(home: Path) -> None:
    Command(home).ends()
    eventually(lambda: not servers(home))
    with subprocess.Popen(["sleep", "60"]) as other:
        stale = home / "postgres" / "data" / "postmaster.pid"
        stale.write_text(f"{other.pid}\n{stale.parent}\n1700000000\n5432\n\n\n  1 1\nready\n")
        again = Command(home)
        assert again.execute("SELECT 1") == 1
        again.ends()
        other.terminate()


def test_nobody_else_reaches_the_data_or_the_socket(home: Path) -> None:
    command = Command(home)
    for directory in (home / "postgres" / "data", places.socket_directory(home / "postgres")):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert "trust" not in (home / "postgres" / "data" / "pg_hba.conf").read_text()
    command.ends()


def test_a_long_or_chinese_path_gets_a_socket_elsewhere() -> None:
    assert places.socket_directory(Path("/srv/duban/var/postgres")) == Path("/srv/duban/var/postgres/socket")
    for base in (Path("/srv/督办/var/postgres"), Path("/srv/a b/postgres"), Path("/" + "long/" * 30)):
        socket = places.socket_directory(base)
        assert socket != base / "socket"
        assert str(socket).isascii()
        assert len(str(socket / keeper.SOCKET_NAME)) <= places.LONGEST_SOCKET


def test_airflow_gets_a_database_and_a_role_of_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = Command(home)  # it holds the server; this process only asks for the address
    monkeypatch.setattr(postgres, "_handle", lambda base: 0)
    address = postgres.url("airflow", driver="asyncpg", home=home)
    assert address.startswith("postgresql+asyncpg://airflow@/airflow?host=")
    with psycopg.connect(address.replace("+asyncpg", "")) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("airflow", "airflow")
    command.ends()
