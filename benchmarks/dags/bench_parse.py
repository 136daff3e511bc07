"""As many tasks as BENCH_TASKS says, of Airflow's own kinds and in one row: what a DAG of that size costs to read."""

import os

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import chain, dag


@dag(schedule=None)
def bench_parse() -> None:
    """Sensor, decision, step, and again."""
    kinds = (
        lambda name: PythonSensor(task_id=name, python_callable=bool, mode="reschedule"),
        lambda name: HITLOperator(task_id=name, subject="审核", options=["同意", "退回"]),
        lambda name: PythonOperator(task_id=name, python_callable=print),
    )
    chain(*(kinds[n % len(kinds)](f"task_{n}") for n in range(int(os.environ.get("BENCH_TASKS", "20")))))


bench_parse()
