"""上报: the result goes up with its own number and signer (T30–T32)."""

from duban.acts.act import Act
from duban.acts.asking import Answer, Builder


def case_of(_it: Act) -> str | None:
    """The case of 上报 that the matter falls under (its source's), or None when nothing goes up."""
    return None


QUESTIONS: dict[str, Builder] = {}
ANSWERS: dict[str, Answer] = {}
