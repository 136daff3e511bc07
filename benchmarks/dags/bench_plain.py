"""The same wait as most people write it: a sensor that asks the database once a minute. Nothing of Duban's in here."""

import os
import time
from pathlib import Path
from typing import Any

import psycopg
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import dag


def replied(dag_run: Any) -> bool:
    """Ask the ledger for the same thing as Duban's wait does."""
    with psycopg.connect(os.environ["DUBAN_LEDGER_URL"].replace("+psycopg", "")) as connection:
        found = connection.execute(
            "SELECT NOT 'reply:1' = ANY (awaiting) FROM matter WHERE number = %s", [dag_run.conf["number"]]
        ).fetchone()
    return bool(found and found[0])


def reached(dag_run: Any) -> None:
    """Write down when the step after the wait ran."""
    with (Path(os.environ["DUBAN_VAR"]) / "reached").open("a", encoding="utf-8") as file:
        file.write(f"{dag_run.conf['number']} {time.time()}\n")


@dag(schedule=None, max_active_runs=100_000, max_active_tasks=100_000)
def bench_plain() -> None:
    """Await the reply, then the next step."""
    waiting = PythonSensor(
        task_id="waiting", python_callable=replied, mode="reschedule", poke_interval=60, timeout=30 * 86_400
    )
    waiting >> PythonOperator(task_id="following", python_callable=reached)


bench_plain()
