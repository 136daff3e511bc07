"""Every path of the procedure on a real Airflow, the matters side by side, people over HTTP, the clock moved."""

from pathlib import Path

import pytest

from duban import ledger, registration
from duban.acts import OPERATOR, register_all
from duban.cli import runs
from duban.demo.baicheng import GENERAL as STORIES
from duban.demo.cast import EXAMPLES, parts
from duban.demo.play import Part, Play, happened
from duban.demo.stories import Story
from duban.embedded.bureau import Bureau

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def played(bureau: Bureau) -> dict[str, Part]:
    """All stories, played once; story name -> matter."""
    forms = [{"type": "general", **form} for form in registration.read_forms(EXAMPLES / "matters.xlsx")]
    numbers = [state.number for state in register_all(forms, OPERATOR, "e2e")]
    assert runs.start(numbers) == len(numbers)
    assert runs.start(numbers) == 0, "a matter has one run at a time"
    cast = parts(numbers)
    Play(bureau, cast).run()
    return {part.story.name: part for part in cast}


@pytest.mark.rule(
    "T6",
    "T7",
    "T8",
    "T9",
    "T10",
    "T11",
    "T12",
    "T15",
    "T16",
    "T17",
    "T18",
    "T19",
    "T20",
    "T21",
    "T22",
    "T23",
    "T25",
    "T26",
    "T27",
    "T28",
    "T29",
    "T31",
    "T33",
)
@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_story_leaves_exactly_its_events(played: dict[str, Part], story: Story) -> None:
    assert happened(played[story.name].number) == list(story.leaves)


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_its_run_ends_well_and_nothing_waits(played: dict[str, Part], bureau: Bureau, story: Story) -> None:
    number = played[story.name].number
    assert bureau.until_run_ends(number) == "success"
    assert bureau.waiting(number, "general_item") == []
    state = bureau.state(number)
    assert (state.state, state.awaiting, state.filed_at is not None) == (story.ends, (), True)


@pytest.mark.rule("BC-4.1", "BC-5.5b", "BC-5.8a", "BC-5.8c", "BC-5.8e")
def test_each_document_is_there_once_for_its_round(played: dict[str, Part], bureau: Bureau) -> None:
    kinds = {
        name: [paper.kind for paper in bureau.state(part.number).documents if paper.kind != "办结报告"]
        for name, part in played.items()
    }
    assert kinds["按时办结"] == ["领导批示督办通知单", "电话通知记录", "办理报告", "办理报告"]
    assert kinds["逾期后才报延期"] == [
        *("重点工作督办通知单", "督办事项催办通知书", "办理报告", "办理报告", "上报文件"),
    ]
    assert sorted(kinds["催办无果，书面说明"]) == sorted(
        ["领导批示督办通知单", "电话通知记录", "督办事项催办通知书", "书面情况说明通知", "问责登记表"]
        + ["办理报告"] * 2  # as it was laid on the desks, and with their names
    )
    assert kinds["回复合格，继续办理"].count("续办通知") == 1
    assert kinds["审核时来了新批示"].count("新批示抄告单") == 1


def test_the_ledger_verifies(played: dict[str, Part]) -> None:
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
    assert played


def test_numbers_have_no_gaps(played: dict[str, Part], bureau: Bureau) -> None:
    references = [bureau.state(part.number).reference for part in played.values()]
    assert references == [f"白公督〔2026〕{n}号" for n in range(1, len(STORIES) + 1)]


def test_the_logs_and_the_conf_carry_no_content_of_a_matter(played: dict[str, Part], bureau: Bureau) -> None:
    run = bureau.post("office").get(f"/dags/general_item/dagRuns/{played['按时办结'].number}")
    assert run["conf"] == {"number": played["按时办结"].number}
    requirement = bureau.state(played["按时办结"].number).form["requirement"]
    for log in Path(bureau.home / "logs").rglob("*.log"):
        assert requirement not in log.read_text(encoding="utf-8", errors="replace"), log
