"""Making the ledger's tables and bringing them up to date (Alembic, inside the package)."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from duban import clock
from duban.errors import Refusal
from duban.ledger import locks, rehearsal
from duban.ledger.engine import engine, troubles_told

VERSION_TABLE = "ledger_version"
"""Not Alembic's usual name: nobody may mistake this database for Airflow's."""


def upgrade(url: str | None = None, *, rehearsal_start: datetime | None = None) -> None:
    """Creates or migrates the ledger at `url` (default DUBAN_LEDGER_URL), all of it or nothing, and marks a new one.

    A new ledger is real, unless `rehearsal_start` (aware) or DUBAN_REHEARSAL=1 makes it a rehearsal; an old one keeps
    its mark. Raises Refusal when the database is away, or a rehearsal is asked for where a real ledger is.
    """
    with troubles_told(), engine(url).begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(locks.GATE)))  # two containers may start together
        migrate(connection)
        start = rehearsal_start or (datetime.now(clock.SHANGHAI) if rehearsal.asked_for() else None)
        rehearsal.mark(connection, start)


def create_rehearsal(start: datetime, url: str | None = None) -> None:
    """Makes a new ledger at `url` a rehearsal whose clock begins at `start` (aware).

    An existing rehearsal goes on as it is. Raises Refusal when there is a real ledger.
    """
    upgrade(url, rehearsal_start=start)


def is_current(url: str | None = None) -> bool:
    """Whether the ledger's tables are those of this version of Duban; Refusal when the database is away."""
    with troubles_told(), engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return set(context.get_current_heads()) == set(ScriptDirectory.from_config(_config()).get_heads())


def migrate(connection: Connection) -> None:
    """Brings the tables up to date inside the caller's transaction; Refusal when they are newer than this program."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    if not set(context.get_current_heads()) <= known:
        raise Refusal("台账数据库比这个程序新，请先升级程序，不要用旧程序打开。")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
