"""The embedded PostgreSQL: a server from a wheel, in `var/postgres`, that is there while somebody needs it.

No service, no root, no account to make. `url()` starts the server if it does not run; it ends with the last process
that asked for it, also when that process is killed: every user holds a shared lock on one file, and the keeper of
the server (duban.embedded.keeper) waits for that file to become free. It listens on a Unix socket only, and the
operating system vouches for who connects (`peer`), so no password stands in any address.
"""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from duban.embedded import keeper, places
from duban.errors import Refusal

START_SECONDS = 60
"""How long a start may take: a server that was cut off reads its log again first."""

OWNERS = {"airflow": "airflow"}
"""Who owns a database, where it is not the ledger's role. No owner is a superuser: row-level security binds them."""


def url(database: str = "duban", driver: str = "psycopg", home: Path | None = None) -> str:
    """SQLAlchemy address of a database of the embedded server; starts the server and creates the database if need be.

    `driver` is SQLAlchemy's name of it (psycopg, psycopg2, psycopg_async, asyncpg); `home` a `var/` other than the
    usual one. The server runs at least as long as this process. Raises Refusal when it cannot be started.
    """
    home = home or places.var()
    hold(home)
    create(home, database)
    return address(home, database, driver)


def address(home: Path, database: str = "duban", driver: str = "psycopg") -> str:
    """The same address, nothing started. A plain path: it needs no escapes, which readers of ini files stumble over."""
    owner = OWNERS.get(database, "duban")
    return f"postgresql+{driver}://{owner}@/{database}?host={places.socket_directory(_base(home))}"


def hold(home: Path) -> None:
    """Keep the server below `home` running for as long as this process lives; start it if it does not run.

    Raises Refusal with the end of the server's log when it does not come up.
    """
    base = _base(home)
    _handle(base)
    deadline = time.monotonic() + START_SECONDS
    starter: subprocess.Popen[bytes] | None = None
    while not answers(home):
        if starter is None or starter.poll() == keeper.ANOTHER_KEEPS:
            starter = _start_keeper(base)
        elif starter.poll() is not None or time.monotonic() > deadline:
            raise Refusal(_did_not_start(base))
        time.sleep(0.05)


def create(home: Path, database: str) -> None:
    """Create the database and its owner unless they are there; several processes may come at once."""
    role, name = sql.Identifier(OWNERS.get(database, "duban")), sql.Identifier(database)
    with _connect(_base(home)) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            return
        for statement in (
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role),
            sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role),
        ):
            with contextlib.suppress(
                psycopg.errors.DuplicateObject, psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation
            ):
                connection.execute(statement)


def answers(home: Path) -> bool:
    """Does the server accept connections?"""
    try:
        _connect(_base(home)).close()
    except psycopg.OperationalError:
        return False
    return True


def stays(home: Path) -> bool:
    """Does the server answer, and does it run until its launcher stops it, whoever else comes and goes?"""
    lock = _base(home) / keeper.LOCK
    return lock.exists() and lock.read_bytes() == keeper.STAYS and answers(home)


def _base(home: Path) -> Path:
    return home / "postgres"


@cache
def _handle(base: Path) -> int:
    """A shared lock that the operating system drops when this process ends. Waits while a server is just stopping."""
    try:
        base.mkdir(mode=0o711, parents=True, exist_ok=True)
        descriptor = os.open(base / keeper.HANDLES, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"没有权限使用内置数据库的目录 {base}，请换用建立它的用户，或用 DUBAN_VAR 另指一个目录"
        raise Refusal(message) from error
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _connect(base: Path, database: str = "postgres", user: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(
        host=str(places.socket_directory(base)), dbname=database, user=user, autocommit=True, connect_timeout=5
    )


def _start_keeper(base: Path) -> subprocess.Popen[bytes]:
    with keeper.log_file(base).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", keeper.__name__, str(base)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is for the command, not for the server
        )


def _did_not_start(base: Path) -> str:
    log = keeper.log_file(base)
    tail = " / ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-3:]) if log.exists() else ""
    return f"内置数据库 {base} 没有启动起来，请查看日志 {log}，排除原因后再试。日志末尾：{tail}"
