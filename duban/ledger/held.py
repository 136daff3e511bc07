"""Matters that are still in hand: played in memory first, and written into the database only when all of it holds.

What happened before Duban was used (`duban.history`) goes through the same acts as what happens today. While a session
holds such a book, reading and appending go to it, so that a year can be tried out and thrown away, and ten thousand
matters need no ten thousand journeys to the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from duban.errors import Refusal
from duban.ledger.append import append as append_kept
from duban.ledger.append import event as event_kept
from duban.ledger.append import events as events_kept
from duban.ledger.append import open_matter as open_kept
from duban.ledger.append import state as state_kept
from duban.ledger.append import unknown
from duban.ledger.chain import GENESIS, digest, plain, storable
from duban.ledger.projection import apply
from duban.ledger.records import Draft, Event
from duban.ledger.standing import State

BOOK = "book"
"""Under which name a session holds its book."""


@dataclass
class Page:
    """One matter: its events in order and where they have left it."""

    events: list[Event] = field(default_factory=list)
    keys: dict[str, Event] = field(default_factory=dict)
    state: State | None = None


@dataclass
class Book:
    """The matters in hand. `present` is the ledger's now, `recorded_at` the real hour; both aware.

    `marks` stands in the data of every event (`taken_over`, `source`); who plays sets it as he goes on.
    """

    present: datetime
    recorded_at: datetime
    marks: Mapping[str, Any] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def append(self, number: str, draft: Draft) -> Event:
        """As `ledger.append`: the same key again is the first event. Raises what the projection raises."""
        page = self.page(number)
        if earlier := page.keys.get(draft.key):
            return earlier
        if draft.at is None:
            raise TypeError("what is played from a book says when it was")
        before = page.state
        event = Event(
            id=0,
            number=number,
            seq=len(page.events) + 1,
            kind=storable(draft.kind, "记录的种类"),
            key=storable(draft.key, "记录的标识"),
            round=draft.round if draft.round is not None or before is None else before.round,
            at=draft.at,
            recorded_at=self.recorded_at,
            actor=draft.actor,
            clause=storable(draft.clause, "依据条款"),
            data=plain({**draft.data, **self.marks}),
            prev_hash=page.events[-1].hash if page.events else GENESIS,
            hash="",
        )
        event = replace(event, hash=digest(event))
        page.state = apply(before, event)
        page.events.append(event)
        page.keys[event.key] = event
        return event

    def open(self, number: str) -> None:
        """As `ledger.open_matter`."""
        if storable(number, "督办件编号") in self.pages:
            raise Refusal(f"编号 {number} 出现了两次，请核对。")
        self.pages[number] = Page()

    def page(self, number: str) -> Page:
        """The matter's page; Refusal when it is not in hand."""
        if number not in self.pages:
            raise unknown(number)
        return self.pages[number]

    def state(self, number: str) -> State:
        """Where the matter stands; Refusal when it is not in hand."""
        if (found := self.page(number).state) is None:
            raise unknown(number)
        return found

    def count(self, kinds: Sequence[str], unit: str, since: datetime, clause: str) -> int:
        """As `counting.count`, over the matters in hand."""
        return len(
            {
                event.data.get("bulletin") or f"{event.number} {event.key}"
                for page in self.pages.values()
                for event in page.events
                if event.kind in kinds and event.at >= since and event.data.get("unit") == unit
                if not clause or event.clause == clause
            }
        )


def book_of(session: Session) -> Book | None:
    """The book that this session holds; None for every session that works on the database."""
    found: Book | None = session.info.get(BOOK)
    return found


def append(session: Session, number: str, draft: Draft, *, expected_version: int | None = None) -> Event:
    """`duban.ledger.append.append`, or the same in the book that the session holds."""
    if (book := book_of(session)) is not None:
        return book.append(number, draft)
    return append_kept(session, number, draft, expected_version=expected_version)


def state(session: Session, number: str, lock: bool = False) -> State:
    """`duban.ledger.append.state`, or the same from the book that the session holds."""
    if (book := book_of(session)) is not None:
        return book.state(number)
    return state_kept(session, number, lock)


def events(session: Session, number: str, *kinds: str) -> list[Event]:
    """`duban.ledger.append.events`, or the same from the book that the session holds."""
    if (book := book_of(session)) is not None:
        return [event for event in book.page(number).events if not kinds or event.kind in kinds]
    return events_kept(session, number, *kinds)


def event(session: Session, number: str, key: str) -> Event | None:
    """`duban.ledger.append.event`, or the same from the book that the session holds."""
    if (book := book_of(session)) is not None:
        return book.page(number).keys.get(key)
    return event_kept(session, number, key)


def open_matter(session: Session, number: str) -> None:
    """`duban.ledger.append.open_matter`, or the same in the book that the session holds."""
    if (book := book_of(session)) is not None:
        book.open(number)
    else:
        open_kept(session, number)
