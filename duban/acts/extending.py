"""延期审批: more time that somebody has to grant, or to which the office objects (T15)."""

from collections.abc import Callable
from datetime import datetime

from duban.acts.act import Act
from duban.acts.asking import Answer, Builder

QUESTIONS: dict[str, Builder] = {}
ANSWERS: dict[str, Answer] = {}
#: Kind of timer -> what happens when it runs out (see lapsing.py).
LAPSES: dict[str, Callable[[Act, str, datetime], None]] = {}
