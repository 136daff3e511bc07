"""A matter of type 一般 in a rehearsal ledger that begins on Monday 2026-03-02 at 09:00, and its people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import docx
import pytest

from duban import acts, clock, ledger, organization
from duban.ledger import Actor, Event
from duban.ledger.standing import State

FORM: dict[str, Any] = {
    "type": "general",
    "title": "关于核查“安居小区”电信诈骗警情处置情况的督办",
    "unit": "经侦支队",
    "source": 4,
    "instruction_by": "顾长风",
    "instruction_on": "2026-03-02",
    "instruction_text": "请经侦支队核查，结果报我。",
    "requirement": "查清处置经过，提出处理意见，书面报办公室。",
}


def person(post: str) -> Actor:
    """Whoever holds the post first in the organization file."""
    holder = organization.load().posts[post]
    return Actor(holder.user, holder.name, post)


@cache  # the file carries the second in which it was written: the same report again is the same file
def report(text: str = "关于核查情况的办结报告") -> bytes:
    """A reply as a unit sends it."""
    document, target = docx.Document(), BytesIO()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


@dataclass
class Matter:
    """One matter and the ways people have with it; each returns the state after it."""

    number: str
    move: Callable[[datetime], None]
    clerk: Actor = field(default_factory=lambda: person("office"))
    director: Actor = field(default_factory=lambda: person("director"))
    chief: Actor = field(default_factory=lambda: person("chief"))
    unit: Actor = field(default_factory=lambda: Actor("jingzhen.liaison", "联络员", "liaison", "jingzhen"))

    @property
    def state(self) -> State:
        with ledger.transaction() as session:
            return ledger.state(session, self.number)

    @property
    def events(self) -> list[Event]:
        with ledger.transaction() as session:
            return ledger.events(session, self.number)

    def event(self, kind: str) -> Event:
        """The last event of that kind."""
        return [event for event in self.events if event.kind == kind][-1]

    def kinds(self) -> list[str]:
        """The kinds of all events but the documents, oldest first."""
        return [event.kind for event in self.events if event.kind != "documented"]

    def at(self, month: int, day: int, hour: int = 9, minute: int = 0) -> "Matter":
        """Move the ledger's clock to that moment of 2026 and let time do its work."""
        self.move(datetime(2026, month, day, hour, minute, tzinfo=clock.SHANGHAI))
        acts.lapse(self.number)
        return self

    def decide(self, kind: str, option: str, who: Actor | None = None, **fields: Any) -> State:
        key = self.state.awaits(kind)
        assert key, f"{kind} is not awaited, but {self.state.awaiting}"
        posts = {"director": self.director, "chief": self.chief}
        return acts.decide(self.number, key, option, fields, who or posts.get(kind.partition(".")[2], self.clerk))

    def issued(self) -> "Matter":
        """Through the signing chain."""
        self.decide("sign.director", "同意")
        self.decide("sign.chief", "签发")
        return self

    def dispatched(self) -> "Matter":
        self.issued()
        acts.deliver(self.number)
        return self

    def in_progress(self) -> "Matter":
        self.dispatched()
        acts.receive(self.number, self.unit)
        acts.read(self.number, self.unit)
        return self

    def replied(self, text: str = "办结报告") -> "Matter":
        acts.reply(self.number, self.unit, "办结报告.docx", report(text), "单位主要领导")
        return self

    def accepted(self, **fields: Any) -> "Matter":
        self.decide("review.office", "审核合格", **({"summary": "已核查。"} | fields))
        acts.write_report(self.number)
        return self

    def closed(self) -> "Matter":
        self.accepted()
        self.decide("approve.director", "同意上报")
        self.decide("approve.chief", "批准办结")
        acts.file_away(self.number)
        return self

    def instruct(self, text: str = "抓紧办理。", due_on: date | None = None) -> State:
        today = self.today()
        return acts.instruct(self.number, self.clerk, "顾长风", text, today, due_on=due_on)

    def today(self) -> date:
        with ledger.transaction() as session:
            return clock.now(session).date()

    def extend(self, until: date) -> State:
        return acts.extend(self.number, self.unit, "等待鉴定结果", "收到后结案", until, "单位主要领导")


@pytest.fixture
def new_matter(move_to: Callable[[datetime], None]) -> Callable[..., Matter]:
    """Registers a matter; keyword arguments change the form."""
    made: list[str] = []

    def make(**changes: Any) -> Matter:
        made.append(f"test-{len(made)}")
        state = acts.register({**FORM, **changes}, person("office"), made[-1])
        return Matter(state.number, move_to)

    return make


@pytest.fixture
def matter(new_matter: Callable[..., Matter]) -> Matter:
    """A matter as registered on Monday 2026-03-02 at 09:00."""
    return new_matter()


@pytest.fixture
def later() -> Callable[[timedelta], None]:
    """Moves the clock on without looking at any matter."""

    def move(by: timedelta) -> None:
        with ledger.transaction() as session:
            ledger.advance(session, by)

    return move
