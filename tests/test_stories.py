"""Every story of every bureau, rehearsed without Airflow: it leaves exactly what it names, in seconds."""

import pytest
from stage import Stage, rehearse

from duban import ledger
from duban.demo import cast
from duban.demo.play import happened, made
from duban.demo.stories import Story

ALL = [pytest.param(name, story, id=f"{name}-{story.name}") for name, said in cast.STORIES.items() for story in said]


@pytest.fixture
def stage(rehearsal_url: str, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An empty stage, at the hour at which all stories begin."""
    for name in ("DUBAN_ORGANIZATION", "DUBAN_REGULATION", "DUBAN_INCLUDE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return Stage()


@pytest.mark.parametrize(("organization", "story"), ALL)
def test_a_story_leaves_exactly_what_it_names(organization: str, story: Story, stage: Stage) -> None:
    cast.choose(organization)
    everything = cast.STORIES[organization]
    if story.form:
        played = cast.enter(stage, (story,), start=list)
    else:  # a row of the spreadsheet; the others wait
        played = cast.enter(stage, [one for one in everything if not one.form], start=list)
        played = tuple(part for part in played if part.story is story)
    rehearse(stage, played)
    (part,) = played
    assert happened(part.number) == list(story.leaves)
    assert made(part.number) == story.papers
    for nth, leaves in enumerate(story.parts, start=1):
        assert happened(f"{part.number}-{nth}") == list(leaves)
    state = stage.state(part.number)
    assert (state.state, state.awaiting, state.pending_papers) == (story.ends, (), ())
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
