"""电话督办: handed over by a call, without a signature chain (T7p)."""

from duban.acts.asking import Answer, Builder

QUESTIONS: dict[str, Builder] = {}
ANSWERS: dict[str, Answer] = {}
