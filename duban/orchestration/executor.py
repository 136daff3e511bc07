"""Airflow's local executor, with the domain already imported when it forks its workers.

Every task reads its DAG file in a new process. Importing the ledger, the acts and the documents there costs half a
second of processor time, most of what a step costs; in a process forked from one that has them it costs nothing.
"""

from __future__ import annotations

import importlib

from airflow.executors.local_executor import LocalExecutor

NEEDED = ("duban.orchestration.steps", "duban.orchestration.forms", "duban.orchestration.ways")
"""What the DAG files import; nothing of it opens a connection or starts a thread when imported."""


class WarmLocalExecutor(LocalExecutor):  # type: ignore[misc]
    """As its parent; ``AIRFLOW__CORE__EXECUTOR=duban.orchestration.executor.WarmLocalExecutor``."""

    def start(self) -> None:
        """Import first, then fork."""
        for module in NEEDED:
            importlib.import_module(module)
        super().start()
