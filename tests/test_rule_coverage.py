"""Every rule of the source texts has its test and its step, or says why not; docs/coverage.md says it as it is."""

import subprocess
import sys
from pathlib import Path

import pytest
import rule_coverage
from rule_coverage import Rule


def test_the_page_is_what_the_tests_say() -> None:
    # In a process of its own: this one may have collected a part of the tests only.
    done = subprocess.run(
        [sys.executable, rule_coverage.__file__, "--check"], cwd=rule_coverage.ROOT, capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Rule], dict[str, set[str]]]:
    known = [Rule("X-1", "甲", "一", "pyproject.toml:duban"), Rule("X-2", "甲", "二", "docs", reason="由人负责")]
    tests = {"X-1": {"tests/test_x.py::test_1"}}
    monkeypatch.setattr(rule_coverage, "PAGE", tmp_path / "coverage.md")
    rule_coverage.PAGE.write_text(rule_coverage.page(known, tests), encoding="utf-8")
    assert list(rule_coverage.faults(known, tests)) == []
    return known, tests


def test_a_stale_page_is_a_fault(sound: tuple[list[Rule], dict[str, set[str]]]) -> None:
    known, tests = sound
    assert list(rule_coverage.faults(known, tests | {"X-2": {"tests/test_x.py::test_2"}})) == [
        "docs/coverage.md is stale: python tests/rule_coverage.py"
    ]


def test_a_mark_of_no_rule_is_a_fault(sound: tuple[list[Rule], dict[str, set[str]]]) -> None:
    known, tests = sound
    (fault,) = rule_coverage.faults(known, tests | {"X-3": {"tests/test_x.py::test_3"}})
    assert fault == "no rule X-3, but tests/test_x.py::test_3 carry its mark"


def test_a_rule_without_test_and_reason_is_a_fault(sound: tuple[list[Rule], dict[str, set[str]]]) -> None:
    known, tests = sound
    found = list(rule_coverage.faults([*known, Rule("X-3", "甲", "三", "docs")], tests))
    assert "X-3 has neither a test nor a reason" in found


def test_a_step_that_went_away_is_a_fault(sound: tuple[list[Rule], dict[str, set[str]]]) -> None:
    known, tests = sound
    gone = [Rule("X-1", "甲", "一", "pyproject.toml:no such name"), known[1]]
    assert "X-1: its step pyproject.toml:no such name is not there" in list(rule_coverage.faults(gone, tests))


def test_reading_a_rule_is_not_acting_by_it() -> None:
    read, acted = (
        "tests/regulations/test_baicheng_2020.py::test_6_2",
        "tests/regulations/test_baicheng_2020_turns.py::t",
    )
    assert [rule_coverage.proof(tests) for tests in (set(), {read}, {read, acted})] == ["", "数据", "行为"]


def test_every_file_that_is_held_to_read_only_is_there_and_lets_nobody_act() -> None:
    files = list(rule_coverage.ROOT.glob("tests/**/*.py"))
    read = [path for path in files if rule_coverage.DATA.fullmatch(path.relative_to(rule_coverage.ROOT).as_posix())]
    assert len(read) >= 10
    acting = [path.name for path in read if "acts." in path.read_text(encoding="utf-8")]
    assert acting == []
