"""实地、联合、暗访: the office goes and looks (BC-4.3, 4.4, SK-3.2)."""

from duban.acts.asking import Answer, Builder

QUESTIONS: dict[str, Builder] = {}
ANSWERS: dict[str, Answer] = {}
