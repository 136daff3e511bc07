"""周报、阶段: matters that are reported on at several dates (T14)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from duban.acts.act import Act
from duban.acts.asking import Answer, Builder
from duban.ledger.standing import State


def opening(_it: Act) -> dict[str, Any] | None:
    """The first report's due date as an event carries it; None for a matter with one deadline."""
    return None


def at_lapse(_it: Act) -> dict[str, Any]:
    """What a lapsed due date says beside itself: when the next report is due, whose fault a late part is."""
    return {}


def carry_on(_it: Act) -> State | None:
    """After a phase's report was accepted, open the next phase; None when there is none."""
    return None


QUESTIONS: dict[str, Builder] = {}
ANSWERS: dict[str, Answer] = {}
#: Kind of timer -> what happens when it runs out (see lapsing.py).
LAPSES: dict[str, Callable[[Act, str, datetime], None]] = {}
