"""Versions of one regulation: on every day exactly one is in force, and whatever breaks that is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smallest_regulation import BODY

from duban import regulation
from duban.errors import Refusal
from duban.regulation import versions

FIXTURES = Path(__file__).parent / "fixtures"
Put = Callable[..., None]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Writes a version into an include folder of its own; DUBAN_REGULATION names v1."""
    (tmp_path / "regulations").mkdir()
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path))
    monkeypatch.setenv("DUBAN_REGULATION", "v1")
    return partial(write, tmp_path)


def write(folder: Path, name: str, begins: str, replaces: str = "", ends: str = "", body: str = BODY) -> None:
    more = (f"替代: {replaces}\n" if replaces else "") + (f"废止日期: {ends}\n" if ends else "")
    head = f"---\n编号: {name}\n名称: 办法\n单位: 某局\n施行日期: {begins}\n{more}---\n"
    (folder / "regulations" / f"{name}.md").write_text(head + body, encoding="utf-8")


def on(day: str) -> str:
    return regulation.current(date.fromisoformat(day)).id


@pytest.mark.rule("MM-7")
def test_the_earlier_version_ends_on_the_day_on_which_the_later_begins(put: Put) -> None:
    put("v1", "2020-01-01")
    put("v2", "2026-03-09", "v1")
    assert on("2026-03-08") == "v1"
    assert on("2026-03-09") == "v2"
    first, second = regulation.family()
    assert (first.valid_to, second.valid_to) == (date(2026, 3, 9), None)
    assert not first.in_force(date(2026, 3, 9))


@pytest.mark.parametrize("named", ["v1", "v2", "v3"])
def test_any_version_names_the_family(put: Put, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put("v2", "2023-01-01", "v1")
    put("v1", "2020-01-01")
    put("v3", "2026-01-01", "v2")
    put("other", "2020-01-01")
    monkeypatch.setenv("DUBAN_REGULATION", named)
    assert [law.id for law in regulation.family()] == ["v1", "v2", "v3"]
    assert on("2024-06-01") == "v2"


def test_a_day_before_the_first_and_after_the_last_is_refused(put: Put) -> None:
    put("v1", "2020-01-01", ends="2026-01-01")
    assert on("2025-12-31") == "v1"
    with pytest.raises(Refusal, match="自 2020-01-01 起施行"):
        on("2019-12-31")
    with pytest.raises(Refusal, match="自 2026-01-01 起废止"):
        on("2026-01-01")


@pytest.mark.parametrize(("ends", "says"), [("2026-04-01", "两个版本同时有效"), ("2026-02-01", "中间没有制度可依")])
def test_two_versions_of_one_day_and_a_day_without_any_are_refused(put: Put, ends: str, says: str) -> None:
    put("v1", "2020-01-01", ends=ends)
    put("v2", "2026-03-09", "v1")
    for look in (regulation.family, lambda: on("2021-01-01")):
        with pytest.raises(Refusal, match=says):
            look()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([("v1", "2020-01-01", "v0")], "“替代: v0”不存在"),
        ([("v1", "2020-01-01", "v2"), ("v2", "2021-01-01", "v1")], "互相替代"),
        ([("v1", "2020-01-01", "v1")], "互相替代"),
        ([("v1", "2020-01-01", ""), ("v2", "2021-01-01", "v1"), ("v3", "2022-01-01", "v1")], "v2、v3 都写着替代 v1"),
        ([("v1", "2020-01-01", ""), ("v2", "2020-01-01", "v1")], "施行日期却不比它晚"),
        ([("v1", "2020-01-01", ""), ("v2", "2019-01-01", "v1")], "施行日期却不比它晚"),
        ([("v9", "2020-01-01", "")], "没有编号为“v1”的制度，现有：v9"),
    ],
)
def test_a_chain_that_does_not_hold_is_refused(put: Put, files: list[tuple[str, str, str]], says: str) -> None:
    for name, begins, replaces in files:
        put(name, begins, replaces)
    with pytest.raises(Refusal, match=says):
        on("2025-01-01")


def test_check_tells_a_broken_chain_with_the_line_of_the_link(put: Put, tmp_path: Path) -> None:
    put("v1", "2020-01-01")
    put("v2", "2026-03-09", "v0")
    folder = tmp_path / "regulations"
    assert regulation.check(folder / "v1.md") == []
    (fault,) = regulation.check(folder / "v2.md")
    assert (fault.line, "“替代: v0”不存在" in fault.message) == (6, True)
    elsewhere = tmp_path / "v2.md"
    elsewhere.write_text((folder / "v2.md").read_text(encoding="utf-8"), encoding="utf-8")
    assert regulation.check(elsewhere) == []  # what stands beside it is not known there


def test_a_faulty_draft_of_the_next_version_stops_nobody_before_it_begins(put: Put) -> None:
    put("v1", "2020-01-01")
    put("v2", "2027-01-01", "v1", body="\n# 一 空\n一句话。\n")
    assert on("2026-12-31") == "v1"
    with pytest.raises(Refusal, match=r"v2\.md 有误"):
        on("2027-01-01")


def test_a_version_put_beside_it_counts_at_once(put: Put) -> None:
    put("v1", "2020-01-01")
    assert on("2026-06-01") == "v1"
    put("v2", "2026-03-09", "v1")
    assert on("2026-06-01") == "v2"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 900), min_size=0, max_size=5), st.integers(0, 4000), st.booleans())
def test_exactly_one_version_is_in_force_on_each_day(
    tmp_path_factory: pytest.TempPathFactory, gaps: list[int], later: int, written: bool
) -> None:
    folder = tmp_path_factory.mktemp("include")
    (folder / "regulations").mkdir()
    begins = [date(2020, 1, 1)]
    for gap in gaps:
        begins.append(begins[-1] + timedelta(days=gap))
    for n, first in enumerate(begins, start=1):
        end = begins[n].isoformat() if written and n < len(begins) else ""
        write(folder, f"v{n}", first.isoformat(), f"v{n - 1}" if n > 1 else "", end)
    day = begins[0] + timedelta(days=later)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_INCLUDE", str(folder))
        patch.setenv("DUBAN_REGULATION", f"v{len(begins)}")
        in_force = [law.id for law in regulation.family() if law.in_force(day)]
        assert in_force == [regulation.current(day).id]
        assert len(versions.chain("v1")) == len(begins)


def test_baicheng_has_a_second_version_in_the_tests(put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Path(__file__).parents[2] / "include" / "regulations" / "baicheng-2020.md"
    for file in (first, FIXTURES / "baicheng-2026.md"):
        (tmp_path / "regulations" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("DUBAN_REGULATION", "baicheng-2020")
    old, new = regulation.family()
    assert (on("2026-03-08"), on("2026-03-09")) == (old.id, new.id) == ("baicheng-2020", "baicheng-2026")
    assert [desk.post for desk in new.sign_chain.desks] == ["director", "deputy", "chief"]
    assert (str(old.type("general").limit), str(new.type("general").limit)) == ("5日", "3个工作日")
