"""分解: a parent, one part a unit (LZ-2.1, 2.5, MM-3.4)."""

from duban.acts.act import Act
from duban.acts.asking import Answer, Builder
from duban.ledger.standing import State


def split(_it: Act) -> None:
    """At dispatch, let a matter that is to be decomposed wait for its parts."""


def conclude(_it: Act) -> State | None:
    """A part whose reply is accepted is closed, and its parent learns of it; None for what is no part."""
    return None


QUESTIONS: dict[str, Builder] = {}
ANSWERS: dict[str, Answer] = {}
