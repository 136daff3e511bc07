"""A month of scores with something to score, and the people who decide on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from matters import person
from stage import as_actor

from duban import acts, clock, ledger, periodicals
from duban.ledger import Actor, Event, State


def moment(month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.SHANGHAI)


@dataclass
class File:
    """A period file and the ways people have with it; each returns the state after it."""

    number: str
    move: Callable[[datetime], None]

    @property
    def state(self) -> State:
        with ledger.transaction() as session:
            return ledger.state(session, self.number)

    @property
    def events(self) -> list[Event]:
        with ledger.transaction() as session:
            return ledger.events(session, self.number)

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events if event.kind != "documented"]

    @property
    def content(self) -> dict[str, Any]:
        with ledger.transaction() as session:
            return periodicals.snapshot(session, self.number)

    @property
    def entries(self) -> list[dict[str, Any]]:
        return list(periodicals.scoring.entries_in(self.content))

    def entry(self, item: str) -> dict[str, Any]:
        """The one entry of this item."""
        (found,) = [one for one in self.entries if one["item"] == item]
        return found

    def unit(self, code: str) -> dict[str, Any]:
        return next(one for one in self.content["sheet"]["units"] if one["unit"] == code)

    def draft(self) -> State:
        return periodicals.draft(self.number)

    def at(self, month: int, day: int, hour: int = 9) -> "File":
        self.move(moment(month, day, hour))
        acts.lapse(self.number)
        return self

    def object(self, item: str = "late_reply", reason: str = "送达时间有误", who: Actor | None = None) -> State:
        entry = self.entry(item)
        return periodicals.object_to(self.number, who or as_actor(f"{entry['unit']}.liaison"), entry["id"], reason)

    def decide(self, kind: str, option: str, who: Actor | None = None, **fields: Any) -> State:
        key = self.state.awaits(kind)
        assert key, f"{kind} is not awaited, but {self.state.awaiting}"
        return acts.decide(self.number, key, option, fields, who or person(kind.partition(".")[2]))

    def published(self, **fields: Any) -> State:
        """From the desks to the papers."""
        self.decide("score.director", "同意")
        self.decide("score.chief", "同意印发", **fields)
        periodicals.publish(self.number)
        return periodicals.complete(self.number)


@pytest.fixture
def late_month(matter, move_to) -> File:
    """March 2026: 经侦支队 let one date pass (-2); the file is drafted on the morning of 1 April."""
    matter.in_progress()
    matter.at(3, 12)
    move_to(moment(4, 1))
    file = File(periodicals.open("monthly_scoring", "2026-03"), move_to)
    file.draft()
    return file
