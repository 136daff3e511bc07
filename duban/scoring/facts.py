"""What the ledger says that a regulation may score: one query over the scored kinds of events, whatever the rules are.

A fact is on the unit that handled the matter when it happened, or on the unit that the event itself names. What was
nobody's fault (a date that passed while the office held the matter up) and what a unit may not see yet (a covert matter
that is not released) is no fact.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Text, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from duban.clock import SHANGHAI
from duban.deadlines import chinese
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.standing import PERIODICALS
from duban.ledger.transitions.periodicals import NAMED
from duban.marks import is_secret
from duban.organization import OFFICE
from duban.regulation import vocabulary

#: Tick of the review -> the score items that it may stand for; the first that a regulation has counts.
TICKS = {
    "format_fault": ("format_fault", "unsigned"),
    "unsigned": ("unsigned", "format_fault"),
    "subject_mismatch": ("wrong_subject",),
    "no_visit": ("no_visit",),
}
LATE = ("reply_lapsed", "period_lapsed")
SCORED = ("returned", "accepted", *LATE, "followed_up", *NAMED)
#: What hands a matter out: in writing, or by telephone (电话督办).
HANDED = ("dispatched", "phoned")
#: What only the rates are made of.
RATED = ("replied", "period_reported", "received", "receipt_lapsed")

_TEXTS = (
    *("level", "reason", "unit", "from_unit", "bulletin", "scores", "consistent", "due_at", "node_name", "on_time"),
    *("matter", "excuse", *TICKS),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to a unit. `items`: the score items that it may be, the first that a regulation has.

    `source` is the chain in which the event `key` stands, `number` the matter that it is about ("" for none), `root`
    that matter or, for a part, the one that was divided; `helps`: the unit only helped with it (协办). `words` says it
    for people; of a marked matter it holds nothing of the content. `withheld`: a state secret, or for named readers
    (MM 五（五）). `good`: in time, accepted.
    """

    source: str
    number: str
    kind: str
    key: str
    event: int
    seq: int
    round: int
    at: datetime
    actor: str
    unit: str
    items: tuple[str, ...]
    regulation: str
    reference: str
    mark: str
    root: str = ""
    helps: bool = False
    reason: str = ""
    due_at: str = ""
    told: str = ""
    words: str = ""
    good: bool = False
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a stretch of time, the receipts of matters by units, and what rates are made of."""

    scored: tuple[Fact, ...]
    handed: tuple[Fact, ...]
    rated: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class _Matter:
    reference: str
    unit: str
    regulation: str
    mark: str
    parent: str
    helpers: frozenset[str]
    periodical: bool
    withheld: bool


def read(session: Session, organization: str, since: datetime, until: datetime, rates: bool = False) -> Facts:
    """Return every fact of a bureau with `since` <= at < `until` (aware moments).

    Two queries however many matters there are: the events of the scored kinds, and the matters in which they stand.
    `rates`: also what points by rate need (many more events).
    """
    rows = list(session.execute(_events(since, until, rates)))
    matters = _matters(session, {row.number for row in rows}, organization)
    given = _given(session)
    found = [fact for row in rows if row.number in matters for fact in _facts(row, matters, given)]
    found.sort(key=order)
    return Facts(
        tuple(fact for fact in found if fact.items),
        tuple(fact for fact in found if fact.kind in HANDED),
        tuple(fact for fact in found if _rated(fact)) if rates else (),
    )


def _rated(fact: Fact) -> bool:
    """Whether a rate is made of it: a missed date only where it counts, an acceptance once and not once a fault."""
    if fact.kind in LATE:
        return bool(fact.items)
    return fact.kind in (*RATED, "returned") or (fact.kind == "accepted" and not fact.items)


def order(fact: Fact) -> tuple[datetime, str, str, str]:
    """By when it happened; what happened at one moment by its place, never by the order in which it was recorded."""
    return fact.at, fact.source, fact.key, fact.unit


def _events(since: datetime, until: datetime, rates: bool) -> Select[Any]:
    data = EventRow.data
    texts = [data[name].astext.label(name) for name in _TEXTS]
    who = EventRow.actor["name"].astext.label("actor")
    plain = (EventRow.id, EventRow.number, EventRow.seq, EventRow.kind, EventRow.key, EventRow.round, EventRow.at, who)
    query = select(*plain, data["at_fault"].label("at_fault"), *texts).where(EventRow.at >= since, EventRow.at < until)
    if rates:
        return query.where(EventRow.kind.in_((*SCORED, *HANDED, *RATED)))
    # Most replies are accepted without a fault: the database need not send them.
    faulty = or_(EventRow.kind != "accepted", *(data[tick].astext == "true" for tick in TICKS))
    return query.where(EventRow.kind.in_((*SCORED, *HANDED)), faulty)


def _matters(session: Session, numbers: set[str], organization: str) -> dict[str, _Matter]:
    rows = _rows(session, numbers)
    # A part is scored by whose matter its parent is, so the parents are read as well.
    rows |= _rows(session, {row.parent for row in rows.values() if row.parent} - rows.keys())
    return {
        number: _Matter(
            row.reference or "",
            row.unit or "",
            row.regulation or "",
            row.mark or "",
            row.parent or "",
            frozenset(row.cohandlers or ()),
            row.type in PERIODICALS,
            is_secret(row.mark or "") or bool(row.readers),
        )
        for number, row in rows.items()
        if row.released != "false" and row.organization == organization
    }


def _rows(session: Session, numbers: set[str]) -> dict[str, Row[Any]]:
    view = MatterRow.view
    columns = (MatterRow.number, MatterRow.reference, MatterRow.unit, MatterRow.regulation, MatterRow.mark)
    texts = [view[name].astext.label(name) for name in ("parent", "released", "organization")]
    readers = view["form"]["readers"].label("readers")
    # One array, not a parameter a number: there is no limit to how many matters a year has.
    known = MatterRow.number == any_(literal(sorted(numbers), ARRAY(Text)))
    query = select(*columns, MatterRow.type, *texts, view["cohandlers"].label("cohandlers"), readers).where(known)
    return {row.number: row for row in session.execute(query)} if numbers else {}


@dataclass(frozen=True, slots=True)
class _Given:
    """When a matter was given from one unit to another."""

    at: datetime
    seq: int
    unit: str


def _given(session: Session) -> Mapping[str, list[_Given]]:
    """For each matter that changed hands: until when which unit had it, the first hand-over first.

    All there are: one after the stretch of time tells who had it before.
    """
    query = select(EventRow.number, EventRow.at, EventRow.seq, EventRow.data["from_unit"].astext.label("unit"))
    known: dict[str, list[_Given]] = defaultdict(list)
    for row in session.execute(query.where(EventRow.kind == "reassigned").order_by(EventRow.number, EventRow.seq)):
        known[row.number].append(_Given(row.at, row.seq, row.unit))
    return known


def _handler(matters: Mapping[str, _Matter], given: Mapping[str, list[_Given]], number: str, at: datetime) -> str:
    """The unit that had the matter at that moment."""
    for hand_over in given.get(number, ()):
        if at < hand_over.at:
            return hand_over.unit
    return matters[number].unit


def _facts(row: Row[Any], matters: Mapping[str, _Matter], given: Mapping[str, list[_Given]]) -> Iterator[Fact]:
    matter, at = matters[row.number], row.at.astimezone(SHANGHAI)
    handler = _handler(matters, given, row.number, row.at)
    for items, units, words in _said(row, handler):
        for unit in units:
            if not unit or unit == OFFICE:
                continue
            about = row.matter or ("" if matter.periodical else row.number)
            subject = matters.get(about, matter)
            lead = _handler(matters, given, subject.parent, row.at) if subject.parent in matters else handler
            yield Fact(
                source=row.number,
                number=about,
                kind=row.kind,
                key=row.key,
                event=row.id,
                seq=row.seq,
                round=row.round or 0,
                at=at,
                actor=row.actor or "",
                unit=unit,
                items=items,
                regulation=matter.regulation,
                reference=subject.reference,
                mark=subject.mark,
                withheld=subject.withheld,
                root=subject.parent or about,
                helps=(bool(subject.parent) and unit != lead) or unit in subject.helpers,
                reason=row.reason or "",
                due_at=row.due_at or "",
                told=row.bulletin or "",
                words=words,
                good=row.on_time == "true" if row.on_time else row.kind == "accepted",
            )


def _said(row: Row[Any], handler: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """What the event may be scored as, on which units, and in words; nothing to be scored: no items."""
    kind = row.kind
    if kind == "returned":
        yield (f"returned_by_{row.level}",), (handler,), _WORDS.get(row.reason, "")
    elif kind in LATE:
        units = tuple(row.at_fault or ()) or (handler,)
        counts = row.scores != "false" and not row.excuse
        yield ("late_reply",) if counts else (), units, _late(row)
    elif kind == "followed_up":
        yield ("visit_differs",) if row.consistent == "false" else (), (row.unit or handler,), "回访与回复不符"
    elif kind in NAMED:
        yield (row.level,), (row.unit or handler,), "，".join(filter(None, (row.bulletin, row.reason)))
    elif kind == "accepted":
        yield (), (handler,), ""  # the base of a rate
        for tick, items in TICKS.items():
            if getattr(row, tick) == "true":
                yield items, (handler,), ""
    elif kind != "reassigned":
        yield (), (handler,), ""


_WORDS = {code: words for words, code in vocabulary.RETURN_REASONS.items()}


def _late(row: Row[Any]) -> str:
    due = datetime.fromisoformat(row.due_at).astimezone(SHANGHAI) if row.due_at else row.at.astimezone(SHANGHAI)
    of = f"{row.node_name}，" if row.node_name else ""
    # 24:00 of a day is kept as the first moment of the next.
    day = due.date().fromordinal(due.date().toordinal() - 1) if (due.hour, due.minute) == (0, 0) else due.date()
    return f"{of}应于{chinese(day)}报来"
