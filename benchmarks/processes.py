"""Processor time by component: each part of a deployment with every process below it."""

import time
from pathlib import Path

import psutil

from duban.embedded import supervision

COMPONENTS = {
    "scheduler": "scheduler and workers",
    "triggerer": "triggerer",
    "api-server": "API server",
    "dag-processor": "DAG processor",
    "postgres": "PostgreSQL",
}
"""The launcher's name of a part -> what it is called in a table."""


def cpu_a_minute(home: Path, seconds: float) -> dict[str, float]:
    """Watch for so many seconds; CPU seconds a minute of each component, by the launcher's name."""
    before, began = _spent(home), time.monotonic()
    time.sleep(seconds)
    after, minutes = _spent(home), (time.monotonic() - began) / 60
    return {name: (after[name] - before[name]) / minutes for name in COMPONENTS}


def memory(home: Path, component: str) -> float:
    """What a component has for itself, with all below it, in MB."""
    total = 0
    for process in _tree(_pids(home)[component]):
        try:
            total += process.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


def _pids(home: Path) -> dict[str, int]:
    return {part["name"]: int(part["pid"]) for part in supervision.parts(home)}


def _spent(home: Path) -> dict[str, float]:
    """CPU seconds that each component has used, in all: its own, its children's, and its ended children's."""
    return {name: sum(map(_process, _tree(pid))) for name, pid in _pids(home).items()}


def _process(process: psutil.Process) -> float:
    try:
        # A task's process is gone within seconds; what it used is with the parent that waited for it.
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0


def _tree(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
