"""Airflow's local executor, mended twice: its workers start warm, and one that is killed does not stop the rest.

Warm: every task reads its DAG file in a new process. Importing the ledger, the acts and the documents there costs half
a second of processor time, most of what a step costs; in a process forked from one that has them it costs nothing.

Killed: idle workers take turns to hold the lock of the queue while they wait for the next task. If the one that holds
it is killed, the lock is never given back, and Airflow 3.4 waits for ever, with workers that look idle.
"""

from __future__ import annotations

import importlib
import time

from airflow.executors.local_executor import LocalExecutor

from duban.errors import Refusal
from duban.orchestration import family

NEEDED = ("duban.orchestration.chapters", "duban.orchestration.periods", "duban.orchestration.watching")
"""What the DAG files import; nothing of it opens a connection or starts a thread when imported."""

LOST_AFTER = 5.0
"""Seconds that a task lies in the queue, with a worker idle, until the lock counts as lost with a killed worker."""


class WarmLocalExecutor(LocalExecutor):  # type: ignore[misc]
    """As its parent; ``AIRFLOW__CORE__EXECUTOR=duban.orchestration.executor.WarmLocalExecutor``."""

    _suspected = False
    _stuck_since: float | None = None

    def start(self) -> None:
        """Import first, then fork."""
        for module in NEEDED:
            importlib.import_module(module)
        try:
            family.load()  # kept in memory: the rules are read once and not with every task, until a file changes
        except Refusal as fault:
            self.log.warning("The rules cannot be read: %s", fault)  # each task will say so
        super().start()

    def sync(self) -> None:
        """Do as before (which replaces the dead); after a kill, see whether the queue's lock went with it."""
        if any(not worker.is_alive() and worker.exitcode for worker in self.workers.values()):
            self._suspected = True
        super().sync()
        if self._suspected:
            self._give_lock_back_if_lost()

    def _give_lock_back_if_lost(self) -> None:
        lock = self.activity_queue._rlock
        if lock.acquire(block=False):
            lock.release()
            self._suspected, self._stuck_since = False, None
            return
        # Somebody holds it: an idle worker, who takes what comes at once, or the dead one, and then nothing is taken.
        if self.activity_queue.empty() or len(self._worker_tasks) >= len(self.workers):
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = time.monotonic()
        elif time.monotonic() - self._stuck_since > LOST_AFTER:
            self._suspected, self._stuck_since = False, None
            lock.release()
            self.log.warning("A killed worker had the lock of the queue; it is given back")
