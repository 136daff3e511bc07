"""The house: the lock is whole and names nobody's machine, and the commands that README gives are there."""

import ast
import os
import re
import subprocess
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from duban.cli import app

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.txt").read_text().splitlines()
LOCKED = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in LOCK}


def needed(requirement: str, seen: dict[str, set[str]]) -> None:
    """Everything that a requirement brings along, from what is installed."""
    wanted = Requirement(requirement)
    name = canonicalize_name(wanted.name)
    if wanted.extras <= seen.get(name, set()) and name in seen:
        return
    seen.setdefault(name, set()).update(wanted.extras)
    for each in requires(wanted.name) or []:
        marker = Requirement(each).marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
            needed(each, seen)


def test_the_lock_is_names_and_versions_in_order() -> None:
    assert [line for line in LOCK if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
    assert sorted(LOCK, key=lambda line: line.upper()) == LOCK
    assert len(LOCKED) == len(LOCK)


def test_the_lock_holds_what_the_project_needs_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    seen: dict[str, set[str]] = {}
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        assert Requirement(requirement).specifier.contains(
            LOCKED[canonicalize_name(Requirement(requirement).name)], prereleases=True
        ), requirement
        needed(requirement, seen)
    assert set(LOCKED) == set(seen)


def test_what_runs_here_is_what_is_locked() -> None:
    assert {name: version(name) for name in LOCKED} == LOCKED


def test_make_says_what_it_can_do() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("install", "up", "demo", "test", "lint", "bench"):
        assert re.search(rf"make {target}\s+\w+", said), target


def test_ci_types_what_a_person_types() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert [line for line in script.read_text().splitlines() if line.startswith("make")] == ["make lint", "make test"]


def test_a_measure_is_written_once() -> None:
    """A public constant of one name and one value in two modules is one that will be changed in one of them only.

    Small numbers apart: how many at once, how many characters of a name are each module's own affair.
    """
    seen: dict[tuple[str, str], list[str]] = {}
    for path in (ROOT / "duban").rglob("*.py"):
        if "demo" in path.parts:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
                name = node.targets[0].id
                own = isinstance(node.value, ast.Dict) or re.fullmatch(r"\d{1,3}", ast.unparse(node.value))
                if len(name) > 1 and not name.startswith("_") and not own:
                    seen.setdefault((name, ast.unparse(node.value)), []).append(path.name)
    assert {named: files for named, files in seen.items() if len(files) > 1} == {}


def test_the_commands_and_options_that_the_manuals_give_are_there() -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    wrong = []
    for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md"):
        for said in re.findall(r"`duban ([a-z][^`]*)`", (ROOT / name).read_text(encoding="utf-8")):
            first, *others = said.split()
            command = known.get(first)
            if others and others[0] in getattr(command, "commands", {}):
                command = command.commands[others[0]]
            options = {option for each in getattr(command, "params", ()) for option in each.opts}
            wanted = set(re.findall(r"--[a-z-]+", said))
            if command is None or not wanted <= options:
                wrong.append((name, said))
    assert wrong == []
