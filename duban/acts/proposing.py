"""呈批: a department proposes a matter, its leaders agree (T2–T5, BC-5.1b)."""

from duban.acts.asking import Answer, Builder

QUESTIONS: dict[str, Builder] = {}
ANSWERS: dict[str, Answer] = {}
