"""A decision as Airflow's own operator puts it; the next task is what could tell a ledger of the answer."""

import os
import time
from pathlib import Path

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import dag


def reached(run_id: str) -> None:
    """Write down when the task after the decision ran."""
    with (Path(os.environ["DUBAN_VAR"]) / "reached").open("a", encoding="utf-8") as file:
        file.write(f"{run_id} {time.time()}\n")


@dag(schedule=None, max_active_runs=100_000, max_active_tasks=100_000)
def bench_decision() -> None:
    """Ask, then write the answer down."""
    asked = HITLOperator(task_id="asked", subject="审定签发", options=["签发", "退改"])
    asked >> PythonOperator(task_id="following", python_callable=reached)


bench_decision()
