"""What goes into one package: the year's 件 as the ledger has them, of the office or of one unit, by 档号."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from duban import clock
from duban.archive.story import stories
from duban.archive.year import Carried, archived, bounds, carried, reopened
from duban.ledger.chain import canonical
from duban.ledger.models import EventRow, MatterRow, StoredFileRow
from duban.ledger.rehearsal import is_rehearsal
from duban.ledger.standing import PERIODICALS
from duban.marks import highest
from duban.organization import Organization
from duban.organization.archiving import standard

_TERMS: Mapping[str, str] = standard()["期限"]
#: What a matter's end is called in the list of the year.
OUTCOMES = {"closed": "办结", "cancelled": "撤销", "published": "印发"}


class Held(NamedTuple):
    """A paper of a 件: what it is in it (正本, 复文 …), its name and content, and whether Duban made it."""

    role: str
    name: str
    sha256: str
    made: bool


@dataclass(frozen=True)
class Entry:
    """One 件 of a package, as its event says; its papers in order."""

    code: str
    number: str
    title: str
    reference: str
    author: str
    on: str
    mark: str
    note: str
    retention: str
    papers: tuple[Held, ...]

    @property
    def folder(self) -> str:
        """Where its papers lie: the last two levels of its 档号, with the term (D30/0026)."""
        parts = self.code.split("-")
        return f"{parts[2]}/{parts[-1]}"


@dataclass(frozen=True)
class Holding:
    """A package before it is written: everything in it is a function of the ledger."""

    year: int
    unit: str  # "" for the office
    entries: tuple[Entry, ...]
    carried: tuple[Carried, ...]
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reopened: Mapping[str, str] = field(default_factory=dict)
    ended: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """The highest 密级 and the longest term of what is in it."""
        return highest([entry.mark for entry in self.entries] + [one.mark for one in self.carried])

    @property
    def digest(self) -> str:
        """Tells two states of the archive apart: what is in it, not how what is carried over goes on."""
        said = [[one.code, one.title, [list(paper) for paper in one.papers]] for one in self.entries]
        carried_over = [one.number for one in self.carried]
        content = {"year": self.year, "unit": self.unit, "entries": said, "carried": carried_over}
        return sha256(canonical(content).encode()).hexdigest()


@dataclass(frozen=True)
class Found:
    """All that the packages of a year are made of, read from the ledger in one go: copying takes long."""

    year: int
    events: tuple[tuple[str, Mapping[str, Any]], ...]  # number of the matter, data of `archived`
    carried: tuple[Carried, ...]
    reopened: Mapping[str, str]
    outcomes: Mapping[str, str]
    sizes: Mapping[str, int]
    now: datetime
    rehearsal: bool

    @property
    def units(self) -> frozenset[str]:
        """The units that have something in the archive of this year."""
        return frozenset(unit for _number, data in self.events for unit in data["units"])


def find(session: Session, year: int, org: Organization) -> Found:
    """Read what was archived of this year, and what was carried over."""
    since, until = bounds(year)
    again, outcomes = {}, {}
    for story in stories(session, archived(session, year, org)):
        state = story.state
        outcomes[state.number] = state.archived["how"]
        if state.type not in PERIODICALS and (said := reopened(story, since, until)):
            again[state.number] = said
    sizes = select(StoredFileRow.sha256, StoredFileRow.size).where(StoredFileRow.number.in_(_numbers(year, org)))
    return Found(
        year,
        tuple(_events(session, year, org)),
        carried(session, year, org),
        again,
        outcomes,
        {row.sha256: row.size for row in session.execute(sizes.execution_options(yield_per=1000))},
        clock.now(session),
        is_rehearsal(session),
    )


def hold(found: Found, unit: str = "") -> Holding:
    """The package of the office, or of the unit with this code."""
    entries: list[Entry] = []
    missing: dict[str, tuple[str, ...]] = {}
    for number, data in found.events:
        said = data["units"].get(unit, ()) if unit else data["pieces"]
        entries += [_entry(number, data["retention"], one) for one in said]
        if data["missing"] and not unit:
            missing[number] = tuple(data["missing"])
    open_ones = tuple(one for one in found.carried if not unit or (one.unit == unit and not one.covert))
    mine = {entry.number for entry in entries} | {one.number for one in open_ones}
    again = dict(found.reopened) | {one.number: one.reopened for one in found.carried if one.reopened}
    return Holding(
        found.year,
        unit,
        tuple(sorted(entries, key=_place)),
        open_ones,
        missing,
        {number: said for number, said in again.items() if number in mine},
        {number: OUTCOMES.get(how, "") for number, how in found.outcomes.items() if not unit or number in mine},
    )


def _numbers(year: int, org: Organization) -> Select[Any]:
    return (
        select(EventRow.number)
        .join(MatterRow, MatterRow.number == EventRow.number)
        .where(EventRow.kind == "archived", EventRow.data["year"].astext == str(year))
        .where(MatterRow.view["organization"].astext == org.id)
    )


def _events(session: Session, year: int, org: Organization) -> Iterator[tuple[str, dict[str, Any]]]:
    query = _numbers(year, org).add_columns(EventRow.data).order_by(EventRow.id)
    for row in session.execute(query.execution_options(yield_per=500)):
        yield row.number, row.data


def _place(entry: Entry) -> tuple[int, str, int]:
    """Permanent papers first, then the longest terms; within one by 件号, also after the 9999th."""
    level, _, serial = entry.code.rpartition("-")
    return list(_TERMS).index(entry.retention), level, int(serial)


def _entry(number: str, retention: str, said: Mapping[str, Any]) -> Entry:
    fields = {name: said[name] for name in ("code", "title", "reference", "author", "on", "mark", "note")}
    papers = tuple(Held(*(paper[name] for name in Held._fields)) for paper in said["papers"])
    return Entry(number=number, retention=retention, papers=papers, **fields)
