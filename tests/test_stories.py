"""Every story of every bureau, rehearsed without Airflow: it leaves exactly what it names, in seconds."""

import jiangcheng
import pytest
from stage import Stage, rehearse

from duban import ledger
from duban.demo import cast
from duban.demo.play import Part, happened, made
from duban.demo.stories import Story
from duban.errors import Refusal

ALL = [pytest.param(name, story, id=f"{name}-{story.name}") for name, said in cast.STORIES.items() for story in said]


@pytest.fixture
def stage(rehearsal_url: str) -> Stage:
    """An empty stage, at the hour at which all stories begin."""
    return Stage()


def assert_left(stage: Stage, played: tuple[Part, ...]) -> None:
    """Each matter has left exactly what its story names, and nothing waits."""
    for part in played:
        story = part.story
        assert happened(part.number) == list(story.leaves), story.name
        assert made(part.number) == story.papers, story.name
        for nth, leaves in enumerate(story.parts, start=1):
            assert happened(f"{part.number}-{nth}") == list(leaves), story.name
        state = stage.state(part.number)
        assert (state.state, state.awaiting, state.pending_papers) == (story.ends, (), ()), story.name
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


@pytest.mark.parametrize(("organization", "story"), ALL)
def test_a_story_leaves_exactly_what_it_names(organization: str, story: Story, stage: Stage) -> None:
    stories = cast.choose(organization)
    # A row of the spreadsheet is registered with the others, which then wait.
    asked = (story,) if story.form else [one for one in stories if not one.form]
    played = tuple(part for part in cast.enter(stage, asked, start=list) if part.story is story)
    rehearse(stage, played)
    assert_left(stage, played)


@pytest.mark.parametrize("story", jiangcheng.STORIES, ids=lambda story: story.name)
def test_a_bureau_that_is_files_only_plays_too(story: Story, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_INCLUDE", str(jiangcheng.INCLUDE))
    monkeypatch.setenv("DUBAN_REGULATION", jiangcheng.REGULATION)
    played = cast.enter(stage, (story,), start=list)
    rehearse(stage, played)
    assert_left(stage, played)


def test_side_by_side_the_matters_of_a_bureau_do_not_disturb_each_other(stage: Stage) -> None:
    played = cast.enter(stage, cast.choose("bureau"), start=list)
    rehearse(stage, played)
    assert_left(stage, played)


def test_a_bureau_without_stories_is_refused_naming_those_that_have() -> None:
    with pytest.raises(Refusal, match="没有为“火星”准备演练，可用：baicheng、bureau、lanzhou。"):
        cast.choose("火星")
