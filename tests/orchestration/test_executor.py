"""A killed worker of the local executor takes nothing with it."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow.executors import local_executor
from airflow.executors.local_executor import LocalExecutor

from duban.orchestration import executor as module
from duban.orchestration.executor import WarmLocalExecutor


def work(logger_name: str, input: Any, output: Any, unread_messages: Any, team_conf: Any) -> None:
    """What a worker does with a task here: write a file, or stay busy."""
    while (path := input.get()) is not None:
        with unread_messages:
            unread_messages.value -= 1
        Path(path).touch()
        while path.endswith("busy"):
            time.sleep(1)


@pytest.fixture
def executor(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalExecutor]:
    monkeypatch.setattr(local_executor, "_run_worker", work)
    monkeypatch.setattr(module, "LOST_AFTER", 0.5)
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda: "fork")
    executor = WarmLocalExecutor(parallelism=3)
    executor.start()
    time.sleep(0.3)
    yield executor
    for worker in executor.workers.values():
        worker.kill()


def give(executor: LocalExecutor, path: Path) -> None:
    with executor._unread_messages:
        executor._unread_messages.value += 1
    executor.activity_queue.put(str(path))


def done(executor: LocalExecutor, path: Path) -> bool:
    began = time.monotonic()
    while time.monotonic() - began < 5:
        executor.sync()
        if path.exists():
            return True
        time.sleep(0.05)
    return False


def test_tasks_go_on_whichever_idle_worker_is_killed(executor: LocalExecutor, tmp_path: Path) -> None:
    for nth in range(3):
        # One of them holds the queue's lock; which, only the kernel knows.
        pid = sorted(executor.workers)[min(nth, len(executor.workers) - 1)]
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
        give(executor, tmp_path / f"after-{nth}")
        assert done(executor, tmp_path / f"after-{nth}")


def test_all_may_be_killed_at_once(executor: LocalExecutor, tmp_path: Path) -> None:
    for pid in executor.workers:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)
    give(executor, tmp_path / "after")
    assert done(executor, tmp_path / "after")


def test_a_lock_that_somebody_living_holds_is_not_taken(executor: LocalExecutor, tmp_path: Path) -> None:
    executor._suspected = True
    give(executor, tmp_path / "busy")
    assert done(executor, tmp_path / "busy")
    for _ in range(20):
        executor.sync()
        time.sleep(0.05)
    lock = executor.activity_queue._rlock
    assert not lock.acquire(block=False), "an idle worker holds it"
    for nth in range(5):
        give(executor, tmp_path / str(nth))
        assert done(executor, tmp_path / str(nth))
