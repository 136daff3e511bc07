"""年度归档 into the ledger: one event a matter with the 档号 of each 件, in one transaction with the numbers (T35).

A 档号 is taken once for the first paper of a 件 and never changes. Every matter is a transaction of its own: a run that
was stopped goes on where it stopped.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from duban import clock, ledger, numbering, organization, regulation
from duban.archive.missing import lacking
from duban.archive.pieces import Piece, of_office, of_unit, units
from duban.archive.story import told
from duban.archive.year import begun, bounds, candidates
from duban.ledger import SYSTEM, Draft
from duban.ledger.standing import State
from duban.organization import Organization
from duban.organization.archiving import code_of


@dataclass(frozen=True)
class Entered:
    """What one run put into the ledger."""

    matters: int
    pieces: int


def enter(year: int, org: Organization | None = None) -> Entered:
    """Archive what ended in this year and is not archived yet: number its 件 and say so in each matter's own chain.

    Safe to run twice and to kill. Raises Refusal for a year that has not begun and when the ledger is away.
    """
    of = org or organization.load()
    with ledger.transaction() as session:
        begun(session, year)
        waiting = candidates(session, year, of)
    matters = pieces = 0
    for number in waiting:
        with ledger.transaction() as session:
            taken = archive(session, number, year, of)
        matters, pieces = matters + (taken is not None), pieces + (taken or 0)
    return Entered(matters, pieces)


def archive(session: Session, number: str, year: int, org: Organization) -> int | None:
    """Archive one matter or period file in this transaction; how many 件 the office got. None: nothing to do.

    Looked at only under its lock: whoever had it may have opened the matter again, or archived it.
    """
    ledger.state(session, number, lock=True)
    story = told(ledger.events(session, number))
    if not _belongs(story.state, year):
        return None
    office = of_office(story, org)
    shares = {unit: of_unit(story, org, unit) for unit in units(story, org)}
    if story.state.archived and not office and not any(shares.values()):
        return None
    law, retention = regulation.load(story.state.regulation), term(story.state, org)
    data = {
        "year": year,
        "retention": retention,
        "mark": story.state.mark,
        "pieces": [one.as_json(_code(session, org, "", year, retention, number, one)) for one in office],
        "units": {
            unit: [one.as_json(_code(session, org, unit, year, retention, number, one)) for one in share]
            for unit, share in shares.items()
            if share
        },
        "missing": [] if story.state.archived else lacking(story, law),
    }
    key = f"archive:{story.archivings + 1}"
    draft = Draft("archived", key, SYSTEM, law.archive.basis.clause, data, at=clock.now(session))
    ledger.append(session, number, draft)
    return len(office)


def term(state: State, org: Organization) -> str:
    """保管期限 of a matter or period file: by its source, else its mode, else its type, else the bureau's usual one."""
    filing = org.archiving
    if state.periodical is not None:
        return filing.periodicals.get(state.type, filing.other)
    by_source = filing.sources.get(int(state.form.get("source") or 0))
    return by_source or filing.modes.get(state.mode) or filing.types.get(state.type) or filing.other


def _belongs(state: State, year: int) -> bool:
    since, until = bounds(year)
    if state.archived:
        return bool(state.archived["year"] == year)
    over = state.ended or (state.periodical is not None and state.state == "published" and not state.awaiting)
    return over and state.closed_at is not None and since <= state.closed_at < until


def _code(session: Session, org: Organization, unit: str, year: int, retention: str, number: str, piece: Piece) -> str:
    """档号: 全宗号-门类·年度-期限-机构-件号 (DA/T 22-2015 5.4); the same piece gets the same number again."""
    filing = org.archiving
    fonds = filing.unit_fonds.get(unit, org.fonds) if unit else org.fonds
    place = code_of(unit, filing.unit_codes.get(unit)) if unit else filing.code
    series = f"{fonds}-{filing.category}-{filing.codes[retention]}-{place}"
    key = f"{number}:{piece.seq}" + (f":{unit}" if unit else "")  # the same paper is another 件 with another keeper
    n = numbering.allocate(session, series, year, key, number=number)
    return f"{fonds}-{filing.category}·{year}-{filing.codes[retention]}-{place}-{n:04d}"
