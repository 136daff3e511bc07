"""Before anything starts: both databases are brought up to date. The launcher and compose's `init` service run it.

    python -m duban.embedded.prepare

The environment names the databases (DUBAN_LEDGER_URL, AIRFLOW__DATABASE__SQL_ALCHEMY_CONN) and, for a new rehearsal
that is not to begin now, its first moment (DUBAN_REHEARSAL_START=2026-03-02T09:00+08:00). Safe to repeat, and safe
for two to run it at once: both migrations take a lock.
"""

import os
import subprocess
import sys
from datetime import datetime

import typer

from duban import ledger
from duban.embedded import airflow
from duban.errors import Refusal


def prepare() -> None:
    """Migrate the ledger and Airflow's database, and put in what lets a reply go to the head of Airflow's queue.

    Raises Refusal when one of them cannot be migrated.
    """
    metadata = subprocess.Popen(airflow.command("db", "migrate"), stdin=subprocess.DEVNULL)
    start = os.environ.get("DUBAN_REHEARSAL_START")
    ledger.upgrade(rehearsal_start=datetime.fromisoformat(start) if start else None)
    from duban.orchestration import head_of_queue  # imports Airflow: meanwhile the other process migrates

    if metadata.wait() != 0:
        raise Refusal("调度系统的数据库没有建好，请查看上面的日志")
    head_of_queue.install(os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])


if __name__ == "__main__":
    try:
        prepare()
    except Refusal as refusal:
        typer.echo(refusal, err=True)
        sys.exit(1)
