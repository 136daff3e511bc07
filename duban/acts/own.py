"""自办: the office does it itself (LZ-3.1.2, T10s)."""

from duban.acts.asking import Answer, Builder

QUESTIONS: dict[str, Builder] = {}
ANSWERS: dict[str, Answer] = {}
