"""Matters whose events are appended one by one, on any day of the year: what scores is told apart from what acts do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from matters import FORM, person

from duban import clock, ledger, organization, regulation
from duban.ledger import Actor, Draft
from duban.scoring import months
from duban.scoring.entries import Entry, ScoreSheet, number_text

FAR = "2030-01-01T00:00:00+08:00"
"""A moment that the clock of a test does not come to: what follows a missed date is not what is tested here."""
DUE = {"due_on": "2029-12-31", "due_at": FAR}
NEEDED: dict[str, dict[str, Any]] = {
    "returned": DUE | {"reason": "perfunctory", "requirement": "重报"},
    "further_work": DUE | {"requirement": "续办"},
    "reply_lapsed": {"urge_from": FAR, "heralds": {}, "listed": False},
    "period_lapsed": {"excuse": "", "node": 1, "node_name": "第1期"},
    "dispatched": DUE | {"call": False, "receipt": False, "reading": False},
    "phoned": DUE | {"callee": "值班员", "text": "请核查", "reading": False},
    "replied": {"on_time": True},
    "praised": {"reason": "办得好", "bulletin": ""},
    "criticised": {"reason": "办得差", "bulletin": "", "then": []},
    "followed_up": {"consistent": False},
}


def moment(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.SHANGHAI)


@dataclass
class Chronicle:
    """Writes down what happened; each event with the moment at which it happened, in whatever order it is told."""

    keys: dict[str, int] = field(default_factory=dict)

    def matter(self, unit: str, at: datetime, number: str = "", by: str = "dispatched", **more: Any) -> str:
        """A matter that was handed to a unit (`by`: the kind of event); its number."""
        number = number or f"BC-{at.year}-{900 + len(self.keys):04d}"
        self.keys[number] = 0
        org = organization.load()
        said = {"reference": f"白公督〔{at.year}〕{number[-3:]}号", "type": "general", "title": "核查", "unit": unit}
        said |= {"regulation": regulation.chosen(), "organization": org.id, "run_key": number, "form": FORM}
        with ledger.transaction() as session:
            ledger.open_matter(session, number)
            draft = Draft("registered", "register", person("office"), "五（一）", said | more, at, 0)
            ledger.append(session, number, draft)
        self.say(number, by, at)
        return number

    def say(self, number: str, kind: str, at: datetime, by: Actor | None = None, **data: Any) -> str:
        """One event; its key."""
        self.keys[number] = self.keys.get(number, 0) + 1
        said = NEEDED.get(kind, {}) | data
        if kind == "reply_lapsed":
            said = {"due_at": at.isoformat()} | said
        key = f"{kind}:{self.keys[number]}"
        with ledger.transaction() as session:
            ledger.append(session, number, Draft(kind, key, by or person("office"), "五（四）", said, at))
        return key


@pytest.fixture
def chronicle(rehearsal_url: str) -> Chronicle:
    """An empty ledger (a rehearsal that begins on 2026-03-02) to write down events in."""
    return Chronicle()


@pytest.fixture
def year(new_ledger: Callable[[datetime | None], str]) -> Chronicle:
    """The same from the first working day of 2026 on."""
    new_ledger(moment(1, 4, 9))
    return Chronicle()


def sheet(period: str, law: str | None = None, waived: tuple[str, ...] = ()) -> ScoreSheet:
    """The sheet of a period as the ledger stands now."""
    with ledger.transaction() as session:
        return months.compute(session, regulation.load(law), organization.load(), period, waived=waived)


def points(entries: tuple[Entry, ...]) -> list[tuple[str, str]]:
    """What was entered: item and points."""
    return [(entry.item, number_text(entry.points)) for entry in entries]
