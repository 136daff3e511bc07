"""接管: a file becomes part of the ledger, all of it in one transaction or nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.orm import Session

from duban import clock, ledger
from duban.history import numbers, replay, sheets, whole, year
from duban.history.faults import Faults
from duban.ledger import Event
from duban.ledger.append import COLUMNS, EVENT, MATTER, projected, view_of
from duban.ledger.held import Book

T = TypeVar("T")

#: Rows written at once.
TOGETHER = 500


@dataclass(frozen=True)
class Taken:
    """What a file brings: how many matters and events, and the numbers of the matters that are still open."""

    matters: int
    events: int
    still_open: tuple[str, ...]


def check(path: Path) -> Taken:
    """What taking the file over would bring; nothing is written.

    Raises Faults naming everything that is wrong, and Refusal for a file that is none.
    """
    if whole.is_whole(path):
        moved = whole.read(path)
        book = moved.book()
        with ledger.transaction() as session:
            moved.check(session)
        return _counted(book)
    return _counted(_played(path)[1])


def take(path: Path) -> Taken:
    """Take a file over. Raises as `check`, and Refusal when somebody registers meanwhile; nothing is written then."""
    if whole.is_whole(path):
        moved = whole.read(path)
        with ledger.transaction() as session:
            book = moved.book()
            moved.write(session)
            write(session, book, moved.events)
            moved.keep_files(session)
        return _counted(book)
    found, book = _played(path)
    with ledger.transaction() as session:
        numbers.write(session, found)
        events = [event for page in book.pages.values() for event in page.events]
        write(session, book, sorted(events, key=lambda one: (one.at, one.number, one.seq)))
    return _counted(book)


def _played(path: Path) -> tuple[year.Year, Book]:
    tables = sheets.read(path)
    with ledger.transaction() as session:
        now = clock.now(session)
    found, faults = year.of_tables(tables, now)
    if faults:
        raise Faults(path.name, faults)
    with ledger.transaction() as session:
        faults = numbers.give(session, found)
    if not faults:
        key = f"history-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        book, faults = replay.play(found.matters, now, key)
    if faults:
        raise Faults(path.name, faults)
    return found, book


def _counted(book: Book) -> Taken:
    events = sum(len(page.events) for page in book.pages.values())
    open_now = tuple(number for number, page in book.pages.items() if page.state is not None and page.state.awaiting)
    return Taken(len(book.pages), events, open_now)


def write(session: Session, book: Book, events: Sequence[Event]) -> None:
    """The matters of the book as their events have left them, and the events in the order in which they are to be."""
    for some in _together(list(book.pages)):
        session.execute(insert(MATTER), [_matter(book, number) for number in some])
    names = [column.name for column in COLUMNS[1:]]
    for group in _together(events):
        rows = [{name: getattr(one, name) for name in names} | {"actor": one.actor.as_json()} for one in group]
        session.execute(insert(EVENT), rows)


def _matter(book: Book, number: str) -> dict[str, Any]:
    page, state = book.pages[number], book.state(number)
    last = page.events[-1]
    view = view_of(state)
    return {"number": number, "version": last.seq, "last_hash": last.hash, "view": view, **projected(state)}


def _together(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), TOGETHER):
        yield rows[start : start + TOGETHER]
