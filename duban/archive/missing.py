"""What the regulation wants in the file of a matter (归档必备) and what is not there."""

from collections.abc import Callable, Mapping

from duban.archive.story import ANSWERS, IN, REPORT, Story
from duban.regulation import Regulation, vocabulary

WORDS = {code: words for words, code in vocabulary.ARCHIVE_PARTS.items()}
#: Events by which a matter is handed to whoever handles it; each leaves a paper that says so.
HANDED = ("dispatched", "phoned", "visited", "own_result", "reassigned")


def _has(story: Story, *causes: str) -> bool:
    return any(paper.cause in causes for paper in story.papers)


def _reply(story: Story) -> bool:
    if story.state.unit == "office":  # what the office does itself has its own record for a reply (T10s)
        return _has(story, "own_result")
    return any(paper.cause in ANSWERS and paper.way == IN for paper in story.papers)


def _report(story: Story) -> bool:
    return any(paper.way == REPORT for paper in story.papers) or _has(story, "own_result")


#: Part of a file -> (is it wanted here, is it there).
PARTS: Mapping[str, tuple[Callable[[Story], bool], Callable[[Story], bool]]] = {
    "notice": (lambda story: bool(story.state.rounds), lambda story: _has(story, *HANDED)),
    "reply": (lambda story: story.state.outcome == "closed" and bool(story.state.rounds), _reply),
    "report": (lambda story: story.state.outcome == "closed" and bool(story.state.rounds), _report),
    "urge": (lambda story: "urged" in story.kinds, lambda story: _has(story, "urged")),
    "withdrawal": (
        lambda story: story.state.outcome == "cancelled",
        lambda story: bool({"withdrawn", "signed", "proposal_signed"} & story.kinds),
    ),
}


def lacking(story: Story, law: Regulation) -> list[str]:
    """The papers that must be in the file (`law.archive.requires`) and are not, in the regulation's words.

    A state secret has its papers elsewhere: nothing is said of them. What was handled before Duban and taken over has
    its papers where the office put them; they are named so that somebody adds them.
    """
    if story.state.periodical is not None:
        return []
    found = [part for part in law.archive.requires if PARTS[part][0](story) and not PARTS[part][1](story)]
    return [WORDS[part] for part in found]
