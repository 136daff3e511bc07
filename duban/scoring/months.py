"""The scores of a period, computed from the ledger, and those that were published (BC 七, MM 六).

What the ledger says until the end of the period, less what was published, is what is left to enter. What is left of a
period that was published is a correction (更正) in this one; what was published is read back and never computed again.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import ledger, regulation
from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.ledger.models import EventRow, MatterRow
from duban.organization import Organization
from duban.regulation import Regulation, versions
from duban.scoring import evidence, facts, first, rates, rules
from duban.scoring.books import Books, Struck, all_of, name_of, settle, struck_out
from duban.scoring.entries import ZERO, Entry, ScoreSheet
from duban.scoring.facts import Fact
from duban.scoring.ranking import lines
from duban.scoring.rules import Claim, LawOf

if TYPE_CHECKING:  # the period files are made of scores, so they are loaded after them
    from duban.periodicals.spans import Span

_DAY = timedelta(days=1)


def compute(
    session: Session, law: Regulation, org: Organization, period: str, *, waived: Collection[str] = ()
) -> ScoreSheet:
    """Compute the sheet of a period ("2026-03", "2026-Q1", "2026") as the ledger stands now.

    What was published for earlier periods of the year stands; what the ledger has learned of them since is entered in
    this one as a correction. `waived`: ids of entries that an objection struck out, beside those of published sheets.
    The same ledger gives the same sheet. Refusal for a regulation that does not score (不考核) and for a period that
    is none.
    """
    span = span_of(period)
    year = span.starts.year
    known = published(session, org.id, year)
    sheets, others = ([one for one in known if _bears_on(one, span) is bears] for bears in (True, False))
    books = Published(tuple(published(session, org.id, year - 1)), tuple(sheets), tuple(others))
    return reckon(session, law, org, span, books, waived=waived)


def published(session: Session, organization: str, year: int) -> list[ScoreSheet]:
    """The sheets of the year that were published, oldest first, read back from what was published."""
    view = MatterRow.view
    named = view["form"]["period"].astext
    query = (
        select(view["periodical"]["snapshot"].astext.label("snapshot"), EventRow.data["waived"].label("waived"))
        .join(EventRow, EventRow.number == MatterRow.number)
        .where(MatterRow.type == "monthly_scoring", EventRow.kind == "published")
        .where(view["organization"].astext == organization, named.startswith(f"{year:04d}"))
    )
    found = []
    for row in session.execute(query):
        sheet = ScoreSheet.from_json(json.loads(ledger.fetch_file(row.snapshot))["sheet"])
        found.append(replace(sheet, waived=tuple(dict.fromkeys((*sheet.waived, *(row.waived or ()))))))
    return sorted(found, key=lambda sheet: (sheet.last, sheet.first))


def sheet(session: Session, law: Regulation, org: Organization, period: str) -> tuple[ScoreSheet, bool]:
    """The sheet of a period and whether it is the published one; one that is not published is computed."""
    span = span_of(period)
    for one in published(session, org.id, span.starts.year):
        if one.period == span.period:
            return one, True
    return compute(session, law, org, period), False


@dataclass(frozen=True, slots=True)
class Published:
    """The published sheets of the year before and those of the year that bear on a period.

    `others`: the rest of the year's, such as the quarter of a month that is looked at; of them only what was struck
    out counts.
    """

    last_year: tuple[ScoreSheet, ...] = ()
    sheets: tuple[ScoreSheet, ...] = ()
    others: tuple[ScoreSheet, ...] = ()

    @property
    def waived(self) -> frozenset[str]:
        """What objections struck out of them: it never counts and never comes back."""
        return frozenset(one for sheet in (*self.last_year, *self.sheets, *self.others) for one in sheet.waived)


def reckon(
    session: Session,
    law: Regulation,
    org: Organization,
    span: "Span",
    books: Published,
    *,
    waived: Collection[str] = (),
    law_of: LawOf | None = None,
) -> ScoreSheet:
    """Compute a sheet on top of these published ones. `law_of`: another law than each matter's own (a replay)."""
    _refuse_unscored(law)
    since = _starts_with(span, books)
    known = facts.read(session, org.id, _midnight(since), _midnight(span.ends + _DAY), rates=bool(law.rates))
    struck = struck_out(org, books.waived | set(waived))
    called = _claims(known, law, org, span, since, cache(law_of or regulation.load), struck)
    called = [one for one in called if not struck(one.entry) and _is_open(one.entry, span, books)]

    book = Books(org)
    book.enter(all_of((*books.last_year, *books.sheets)))
    earlier = settle(rules.best(one for one in called if one.entry.date < span.starts), book)
    entered = settle(rules.best(called), book)
    before = [one for one in books.sheets if one.last < span.starts]
    inside = [one for one in books.sheets if one.last >= span.starts]
    # Periods between the last published one and this one were never shown to anybody: they are carried into it.
    gap = (before[-1].last if before else date(span.starts.year - 1, 12, 31)) < span.starts - _DAY
    closed = (*books.last_year, *books.sheets)
    entered = [*all_of(inside), *_corrected(entered if gap else [*earlier, *entered], closed)]
    carried = _corrected(earlier, closed) if gap else []
    return ScoreSheet(
        organization=org.id,
        regulation=law.id,
        period=span.period,
        first=span.starts,
        last=span.ends,
        method=law.scoring.method or "",
        cycle=law.scoring.published or "",
        base=law.scoring.base or ZERO,
        floor=law.scoring.floor_shown,
        cap=law.scoring.cap,
        units=lines(
            law,
            org,
            span.ends,
            before[-1] if before else None,
            evidence.attach(session, entered),
            evidence.attach(session, carried),
            first.received(known.handed, span, _unit_of(org)),
        ),
        waived=tuple(sorted(waived)),
    )


def span_of(period: str) -> "Span":
    """The days of a month, a quarter or a year; Refusal for anything else."""
    from duban.periodicals import spans

    try:
        span = spans.read(period)
    except Refusal:
        span = None
    if span is None or span.kind == "day":
        raise Refusal(f"“{period[:40]}”不是考核的期间，请写成月份（2026-03）、季度（2026-Q1）或年份（2026）。")
    return span


def _claims(
    known: facts.Facts, law: Regulation, org: Organization, span: "Span", since: date, law_of: LawOf, struck: Struck
) -> list[Claim]:
    unit_of = _unit_of(org)
    called = [*rules.claims(known.scored, law_of, unit_of), *first.claims(known.handed, law, unit_of)]
    if not law.rates and not known.rated:
        return called
    from duban.periodicals import spans

    # What an objection struck out did not happen: it is in no rate either.
    out = {one.entry.id for one in called if struck(one.entry)}
    rated = [one for one in known.rated if out.isdisjoint(_ids(one, unit_of))]
    day, cycle = since, law.scoring.published or "month"
    while day <= span.ends:
        whole = spans.containing(day, cycle)
        if whole.ends <= span.ends:
            called += rates.claims(rated, _law_then(law, whole.ends, law_of), whole, unit_of)
        day = whole.ends + _DAY
    return called


def _ids(fact: Fact, unit_of: rules.UnitOf) -> list[str]:
    """The ids of the entries that a fact may be."""
    return [f"{fact.source}/{fact.key}/{item}/{unit_of(fact)}" for item in fact.items]


def _law_then(law: Regulation, on: date, law_of: LawOf) -> Regulation:
    """The version in force on a day: what is counted over a whole period belongs to no matter."""
    for version in versions.chain(law.id):
        if version.valid_from <= on and (version.valid_to is None or on < version.valid_to):
            return law_of(version.id)
    return law


def _unit_of(org: Organization) -> rules.UnitOf:
    def unit_of(fact: Fact) -> str:
        return org.standing_for(fact.unit, fact.at.date())

    return unit_of


def _bears_on(sheet: ScoreSheet, span: "Span") -> bool:
    """Whether a published sheet is before this period, or one of the periods that this one is made of."""
    return sheet.last < span.ends or (sheet.last == span.ends and sheet.first > span.starts)


def _starts_with(span: "Span", books: Published) -> date:
    """From which day facts are read: the year's, and the last year's too where it was published (for corrections)."""
    return date(span.starts.year - (1 if books.last_year else 0), 1, 1)


def _is_open(entry: Entry, span: "Span", books: Published) -> bool:
    """Of the last year only what belongs to its published periods; the rest is entered with the others."""
    if entry.at.year == span.starts.year:
        return True
    return entry.date <= books.last_year[-1].last


def _corrected(entries: Sequence[Entry], sheets: Sequence[ScoreSheet]) -> list[Entry]:
    return [replace(entry, corrects=name_of(sheets, entry.date)) for entry in entries]


def _refuse_unscored(law: Regulation) -> None:
    if law.scoring.method in (None, "none"):
        how = "规定不考核" if law.scoring.method else "没有规定考核"
        raise Refusal(f"《{law.title}》{law.scoring.basis.clause}{how}，没有得分可算；办理情况请看周报和汇总。")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
