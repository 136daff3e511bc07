"""Head of queue: a run whose task has just ended is looked at next, however many runs wait.

Airflow's scheduler looks at twenty running runs a pass, the longest unlooked-at first, so with a thousand open matters
a reply waits half a minute for its run's turn. Two triggers in Airflow's own PostgreSQL put the run at the head. They
are no interface of Airflow's: hence only for versions that were tried, and easy to do without (decision 0003).
"""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path

import airflow
from sqlalchemy import Connection, create_engine, text

TRIED = ("3.4.",)
"""Beginnings of the Airflow versions whose scheduler was tried with it, under load."""

SQL = Path(__file__).with_suffix(".sql")

log = logging.getLogger(__name__)


def wanted(version: str) -> bool:
    """Say whether it is to be installed: not turned off (``DUBAN_HEAD_OF_QUEUE=0``), and this Airflow was tried."""
    return os.environ.get("DUBAN_HEAD_OF_QUEUE", "1") != "0" and version.startswith(TRIED)


def install(engine_url: str, version: str | None = None) -> bool:
    """Install it in Airflow's metadata database, or remove it where it is not wanted; say whether it is there now.

    To be called after ``airflow db migrate``. Safe to repeat. Raises SQLAlchemy's errors when the database is away;
    Airflow works without it, so whoever calls may go on. ``version``: Airflow's, for tests.
    """
    running = version or airflow.__version__
    engine = create_engine(engine_url)
    try:
        with engine.begin() as connection:
            # A table in use is not worth waiting for long: Airflow would queue up behind this lock.
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            if connection.dialect.name != "postgresql" or not wanted(running):
                _remove(connection)
                return False
            _put(connection)
            return True
    finally:
        engine.dispose()


def _put(connection: Connection) -> None:
    statements = SQL.read_text(encoding="utf-8")
    mark = f"duban {hashlib.sha256(statements.encode()).hexdigest()}"
    there = connection.execute(text("SELECT obj_description(to_regnamespace('duban_queue'), 'pg_namespace')")).scalar()
    if there == mark:
        return
    connection.exec_driver_sql(statements.replace("%", "%%"))
    connection.exec_driver_sql(f"COMMENT ON SCHEMA duban_queue IS '{mark}'")
    log.info("Head of queue installed")


def _remove(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP SCHEMA IF EXISTS duban_queue CASCADE"))
