"""The other bureaus, each on an Airflow of its own: the same code, other files; only what their rules know is there.

Baicheng has the session's Airflow (test_paths, test_types, and test_upgrades for two versions side by side).
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jiangcheng
import pytest

from duban import ledger, regulation
from duban.cli import runs
from duban.demo import cast
from duban.demo.play import Part, Play, happened, made
from duban.demo.stories import START, Story
from duban.embedded import launcher, places, postgres
from duban.embedded.bureau import Bureau

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Case:
    """A bureau: its regulation, its files, the types and the periodical work that it knows, what is played."""

    law: str
    include: Path
    types: frozenset[str]
    jobs: frozenset[str]
    stories: tuple[Story, ...]

    def __str__(self) -> str:
        return self.law


def _of(organization: str, *names: str) -> tuple[Story, ...]:
    """The stories whose way through the graph differs; the others are rehearsed in tests/test_stories.py."""
    found = tuple(story for story in cast.STORIES[organization] if story.name in names)
    assert len(found) == len(names)
    return found


INCLUDE = places.CHECKOUT / "include"
CASES = [
    Case(
        "bureau-2019",
        INCLUDE,
        frozenset({"general", "dated", "routine", "decomposed"}),
        frozenset({"monthly_scoring", "instruction_digest", "bulletin"}),
        _of(
            "bureau",
            "领导审批，按时回复，统一报送",
            "到期前发催办单，到期后督查室再定催办",
            "目标任务按月报进展，两个月",
            "牵头、配合两个科室，一个迟报",
        ),
    ),
    Case(
        "lanzhou",
        INCLUDE,
        frozenset({"general", "decomposed"}),
        frozenset({"instruction_digest"}),
        _of(
            "lanzhou",
            "阅示，办结，用专报报上级领导",
            "办公室直接办理",
            "到期没有反馈，列入汇总，电话催办",
            "不合要求，责成重新上报",
            "分解到三个部门，主办汇总",
        ),
    ),
    Case(
        jiangcheng.REGULATION,
        jiangcheng.INCLUDE,
        frozenset({"general", "complex", "routine", "staged", "decomposed"}),
        frozenset({"monthly_scoring", "bulletin"}),
        jiangcheng.STORIES,
    ),
]


@dataclass
class Performance:
    """What was played, and where."""

    case: Case
    bureau: Bureau
    parts: tuple[Part, ...]


@pytest.fixture(scope="module", params=CASES, ids=str)
def performance(request: pytest.FixtureRequest) -> Iterator[Performance]:
    """An Airflow of this bureau alone, in which its stories were played; everything of it is gone afterwards."""
    case: Case = request.param
    home, kept = Path(tempfile.mkdtemp(prefix="duban-e2e-")), dict(os.environ)
    for name in ("DUBAN_ORGANIZATION", "DUBAN_DAGS"):
        os.environ.pop(name, None)
    os.environ |= {"DUBAN_VAR": str(home), "DUBAN_REHEARSAL": "1", "DUBAN_REHEARSAL_START": START.isoformat()}
    os.environ |= {"DUBAN_REGULATION": case.law, "DUBAN_INCLUDE": str(case.include)}
    os.environ |= {"DUBAN_LEDGER_URL": postgres.address(home), "DUBAN_FILES": str(home / "files")}
    try:
        with launcher.running(home, rehearsal=True, port=18080, log=home / "up.log"):
            bureau = Bureau(home)
            parts = cast.enter(bureau, case.stories, runs.start)
            Play(bureau, parts, say=lambda _said: None).run()
            yield Performance(case, bureau, parts)
            bureau.close()
    finally:
        ledger.dispose()
        os.environ.clear()
        os.environ |= kept
        shutil.rmtree(home, ignore_errors=True)


def test_only_the_types_that_the_regulation_knows_are_there(performance: Performance) -> None:
    admin = performance.bureau.person("admin")
    listed = {dag["dag_id"] for dag in admin.get("/dags", tags="督办")["dags"]}
    types = {f"{type_id}_item" for type_id in performance.case.types}
    assert listed == {"daily_watch", *types, *performance.case.jobs}
    assert admin.get("/importErrors")["import_errors"] == []
    assert set(regulation.load().types) == performance.case.types


def test_the_graph_has_the_desks_of_this_bureau_and_no_others(performance: Performance) -> None:
    found = performance.bureau.post("office").get("/dags/general_item/tasks")["tasks"]
    desks = {task["task_id"].rpartition(".sign_")[2] for task in found if ".sign_" in task["task_id"]}
    signers = {desk.post for desk in regulation.load().sign_chain.desks}
    upward = {f"up_{rule.signer}" for rule in regulation.load().upward.values()}
    assert signers <= desks <= signers | upward


def test_its_stories_leave_exactly_their_events_and_papers(performance: Performance) -> None:
    for part in performance.parts:
        assert happened(part.number) == list(part.story.leaves), part.story.name
        assert made(part.number) == part.story.papers, part.story.name
        for nth, leaves in enumerate(part.story.parts, start=1):
            assert happened(f"{part.number}-{nth}") == list(leaves), part.story.name


def test_its_runs_end_well_and_nothing_waits(performance: Performance) -> None:
    bureau = performance.bureau
    for part in performance.parts:
        state = bureau.state(part.number)
        for number in (part.number, *(one.number for one in state.parts)):
            assert bureau.until_run_ends(number, f"{state.type}_item") == "success", part.story.name
        assert (state.state, state.awaiting, state.filed_at is not None) == (part.story.ends, (), True)
    assert bureau.waiting() == []
    assert runs.lost() == set()


def test_the_ledger_verifies(performance: Performance) -> None:
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
    assert performance.parts
