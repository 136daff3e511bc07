"""How long Airflow's DagBag takes over dags/general_item.py, beside a DAG of as many tasks that knows nothing of Duban.

python -m benchmarks.parse FILE       in this process, as JSON: what `measure` starts, several times
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.deployment import DAGS, SUPERVISION, environment, say, scratch
from benchmarks.table import Cell, ratio, show

PROCESSES, AGAIN = 5, 15
"""Fresh processes, and how often each reads the file again."""

Found = dict[str, dict[str, float]]


def measure() -> Found:
    """Both files; seconds, medians."""
    with scratch() as home:
        changes = {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__UNIT_TEST_MODE": None,
        }
        with environment(**changes):
            say("reading general_item")
            ours = _several(SUPERVISION / "general_item.py")
            with environment(BENCH_TASKS=f"{ours['tasks']:.0f}"):
                say("reading a plain DAG of the same size")
                return {"general_item": ours, "plain": _several(DAGS / "bench_parse.py")}


def _several(file: Path) -> dict[str, float]:
    once(file)  # compiled files and the disk's cache are there afterwards, as they are on any machine in use
    found = [once(file) for _ in range(PROCESSES)]
    return {name: median(one[name] for one in found) for name in found[0]}


def once(file: Path) -> dict[str, float]:
    """One fresh process."""
    began = time.perf_counter()
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.parse", str(file)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        env=os.environ | {"BENCH_BEGAN": str(began)},
    )
    if child.returncode:
        raise SystemExit(f"{file.name} could not be read: {child.stderr[-2000:]}")
    found: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    return found


def read(file: Path) -> dict[str, Any]:
    """Read the file in this process, once and again."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(file), collect_dags=False)

    def once() -> float:
        began = time.perf_counter()
        bag.process_file(str(file), only_if_updated=False)
        return time.perf_counter() - began

    first = once()
    # perf_counter is the system's monotonic clock: it goes on from the process that started us.
    whole = time.perf_counter() - float(os.environ["BENCH_BEGAN"])
    again = median(once() for _ in range(AGAIN))
    if bag.import_errors:
        raise SystemExit(str(bag.import_errors))
    tasks = sum(len(dag.task_dict) for dag in bag.dags.values())
    return {"whole": whole, "first": first, "again": again, "tasks": tasks}


def print_table(found: Found) -> None:
    """One row a way of reading."""
    ours, plain = found["general_item"], found["plain"]
    rows: list[list[Cell]] = []
    for name, what in (
        ("fresh process: Python, Airflow, the DAG's imports, the DAG", "whole"),
        ("fresh process: the DAG's imports and the DAG", "first"),
        ("again in the same process: the DAG", "again"),
    ):
        rows.append([name, plain[what] * 1000, ours[what] * 1000, ratio(ours[what], plain[what])])
    notes = [
        f"Tasks: {plain['tasks']:.0f} and {ours['tasks']:.0f}. Medians of {PROCESSES} processes of {AGAIN} readings."
    ]
    show("DAG parse time: milliseconds", ["", "plain", "general_item", "of plain"], rows, notes)


if __name__ == "__main__":
    print(json.dumps(read(Path(sys.argv[1]))))
