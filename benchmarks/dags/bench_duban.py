"""A matter that waits for its unit's reply, as every supervision DAG waits: the wait looks, goes on, the step runs."""

import os
import time
from pathlib import Path

from airflow.sdk import dag

from duban.orchestration.steps import PATIENT, step, wait


def reached(number: str) -> None:
    """Write down when the step after the wait ran."""
    with (Path(os.environ["DUBAN_VAR"]) / "reached").open("a", encoding="utf-8") as file:
        file.write(f"{number} {time.time()}\n")


@dag(schedule=None, max_active_runs=100_000, max_active_tasks=100_000, default_args=PATIENT)
def bench_duban() -> None:
    """Await the reply, then the next step."""
    waiting = wait("waiting", "reply", name="waiting")
    waiting >> step("following", reached, name="following")


bench_duban()
