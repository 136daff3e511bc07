"""The DAGs that a bureau's Airflow has, as their files make them under its regulation."""

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

from duban.embedded.places import CHECKOUT
from duban.orchestration.matters import MATTER_TYPES

FIXTURES = CHECKOUT / "tests" / "regulations" / "fixtures"
BUREAUS = ("baicheng-2020", "bureau-2019", "lanzhou", "jiangcheng-2026")


@contextmanager
def bureau(regulation_id: str, include: Path | None = None) -> Iterator[None]:
    """The environment of a bureau; the one that is made up for the tests has an include directory of its own."""
    if include is None and regulation_id == "jiangcheng-2026":
        include = FIXTURES / "jiangcheng"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_REGULATION", regulation_id)
        patch.delenv("DUBAN_ORGANIZATION", raising=False)
        patch.setenv("DUBAN_INCLUDE", str(include or CHECKOUT / "include"))
        yield


def revised(home: Path) -> Path:
    """An include directory in which the Baicheng regulation has a second version."""
    shutil.copytree(CHECKOUT / "include", home / "include")
    shutil.copy(FIXTURES / "baicheng-2026.md", home / "include" / "regulations")
    return home / "include"


def graph(dag_id: str) -> DAG | None:
    """The DAG that the file of this name makes now, None if it makes none."""
    spec = importlib.util.spec_from_file_location(f"made_{dag_id}", CHECKOUT / "dags" / f"{dag_id}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    made: list[DAG] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DAG, "__exit__", _noting(made, DAG.__exit__))
        spec.loader.exec_module(module)
    return made[0] if made else None


def _noting(made: list[DAG], leave: Any) -> Any:
    def exit_(dag: DAG, *error: Any) -> Any:
        made.append(dag)
        return leave(dag, *error)

    return exit_


def graphs() -> dict[str, DAG]:
    """Type of matter -> its DAG, for the types that the bureau's Airflow has."""
    made = {type_id: graph(dag_id) for dag_id, type_id in MATTER_TYPES.items()}
    return {type_id: dag for type_id, dag in made.items() if dag is not None}


def kinds(dag: DAG) -> dict[str, list[str]]:
    """Kind of wait -> the tasks that are for it."""
    found: dict[str, list[str]] = {}
    for task in dag.tasks:
        for kind in getattr(task, "kinds", ()):
            found.setdefault(kind, []).append(task.task_id)
    return found
