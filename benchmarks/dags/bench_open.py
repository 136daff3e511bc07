"""A run that is open for ever and costs next to nothing: what stands beside a plain decision when much is going on."""

from datetime import UTC, datetime

from airflow.providers.standard.sensors.date_time import DateTimeSensorAsync
from airflow.sdk import dag


@dag(schedule=None, max_active_runs=100_000, max_active_tasks=100_000)
def bench_open() -> None:
    """Wait in the triggerer; no worker is needed to get there."""
    DateTimeSensorAsync(task_id="waiting", target_time=datetime(2100, 1, 1, tzinfo=UTC), start_from_trigger=True)


bench_open()
