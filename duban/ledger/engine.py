"""The connection to the ledger's PostgreSQL: one small pool a process, and its troubles said in Chinese.

Airflow runs every step in a process of its own, forked from a long-lived one, so the pool is tiny, a fork drops what it
inherited, and a connection is tried before use: a restarted server is noticed by nobody.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from duban.errors import Refusal

CONNECT_TIMEOUT = 5
"""Seconds until a server that does not answer counts as away: a person is waiting."""

SETTINGS = {
    "timezone": "Asia/Shanghai",
    "lock_timeout": "10s",  # a lock on a matter is held for milliseconds
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "120s",  # a stuck process must not keep a matter locked
}

POOL = {"pool_size": 2, "max_overflow": 8, "pool_timeout": 10, "pool_recycle": 1800, "pool_pre_ping": True}


def engine(url: str | None = None) -> Engine:
    """The engine on `url`, or on DUBAN_LEDGER_URL, or on the embedded server; the same one for the same address."""
    return _engine(url or ledger_url())


def ledger_url() -> str:
    """The address of the ledger database: DUBAN_LEDGER_URL, or that of the embedded server, which is started."""
    if address := os.environ.get("DUBAN_LEDGER_URL"):
        return address
    return _embedded()


@contextmanager
def transaction() -> Iterator[Session]:
    """A session in one transaction: committed at the end, rolled back when anything is raised.

    READ COMMITTED; what must not change under one's hands is locked (see `duban.ledger.locks`). Raises Refusal when
    the database is away, busy, or not set up. After a lost connection the outcome is unknown: repeat the act, the key
    sees to it that it is done once.
    """
    with troubles_told(), Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def snapshot() -> Iterator[Session]:
    """A read-only session that sees the ledger as it is at one moment, however long the reading takes.

    It holds nobody up, so it may take minutes where others have seconds: a report of a hundred thousand matters.
    """
    with troubles_told(), engine().connect() as connection:
        frozen = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(frozen) as session:
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                session.execute(text(f"SET LOCAL {limit} = '600s'"))
            yield session


@contextmanager
def troubles_told() -> Iterator[None]:
    """Turns what the database complains of into a Refusal; leaves programming errors as they are."""
    try:
        yield
    except TimeoutError as error:
        raise Refusal("台账正忙，等不到空闲的数据库连接，请稍后再试。") from error
    except DBAPIError as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        raise Refusal(sentence) from error


def dispose() -> None:
    """Closes the pooled connections of this process; the next use connects anew."""
    for known in _engines:
        known.dispose()


_engines: list[Engine] = []


@cache
def _embedded() -> str:
    from duban.embedded import postgres  # only here: whoever brings a server of his own never needs the wheel

    return postgres.url("duban")


@cache
def _engine(address: str) -> Engine:
    url = _with_driver(address)
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    made = create_engine(
        url,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT,
            "application_name": "duban",
            "options": f"{options} {url.query.get('options', '')}".strip(),
        },
        hide_parameters=True,  # what a matter says has no place in a log
        **POOL,
    )
    _engines.append(made)
    return made


def _with_driver(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise Refusal("台账数据库的地址（DUBAN_LEDGER_URL）写得不对，应为 postgresql://用户@主机/库名。") from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise Refusal(f"台账只能放在 PostgreSQL 里，DUBAN_LEDGER_URL 写的是 {url.get_backend_name()}，请改正。")
    return url.set(drivername="postgresql+psycopg")


def _forget_inherited_connections() -> None:
    # The sockets belong to the parent: left open for it, unknown to the child.
    for known in _engines:
        known.dispose(close=False)


os.register_at_fork(after_in_child=_forget_inherited_connections)

OWN = "DU001"
"""SQLSTATE of the ledger's own triggers; their message is already for people."""

BUSY = "台账正忙（别人正在办同一件，或数据库太慢），这次没有记入，请稍后再试。"
NOT_SET_UP = "台账数据库还没有建好或版本太旧，请先运行 duban db upgrade。"
FULL = "台账数据库写不下了（磁盘已满），请腾出空间后再试。"
SENTENCES = {
    "55P03": BUSY,
    "57014": BUSY,
    "40P01": BUSY,
    "40001": BUSY,
    "42P01": NOT_SET_UP,
    "42703": NOT_SET_UP,
    "53100": FULL,
}
AWAY = {
    "refused": "那里没有数据库在运行",
    "No such file": "那里没有数据库在运行",
    "timeout": f"{CONNECT_TIMEOUT} 秒内没有应答",
    "password": "用户名或密码不对",
    "authentication": "用户名或密码不对",
    "too many clients": "数据库的连接已用完",
    "too many connections": "数据库的连接已用完",
    "starting up": "数据库正在启动",
    "shutting down": "数据库正在关闭",
    "does not exist": "没有这个用户或这个库",
    "resol": "找不到这台主机",  # could not resolve; failure in name resolution
    "not known": "找不到这台主机",
}


def _sentence(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    if state == OWN:
        return str(getattr(error.orig, "diag").message_primary)  # noqa: B009 - psycopg's, unknown to DBAPI's type
    if state in SENTENCES:
        return SENTENCES[state]
    lost = state is None or state.startswith(("08", "28", "3D", "53", "57P"))
    if not (lost and isinstance(error, OperationalError)):
        return None
    _embedded.cache_clear()  # an embedded server that ended is started again by the next one who asks
    said = str(error.orig)
    reason = next((chinese for english, chinese in AWAY.items() if english in said), "连接中断")
    return f"台账数据库连不上（{reason}），请检查数据库后再试；重试不会重复记账。"
