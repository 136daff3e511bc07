"""What every look at the ledger needs: the finding, the moment of looking, matters by what they await, their names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, func, select
from sqlalchemy.orm import Session

from duban import clock, organization, regulation
from duban.errors import Refusal
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.queries import MATTERS
from duban.ledger.standing import PERIODICALS


@dataclass(frozen=True)
class Finding:
    """One thing that the office should look at today.

    `kind` is a key of `watch.KINDS`; `number` is empty for what is no matter's, `unit` for what is no unit's (or must
    not be named: a covert matter). `days`: how long it has been so, 0 today, negative for what lies ahead. `sentence`
    names numbers and units and nothing of a matter's content, so it may stand in logs, lists and Airflow.
    """

    kind: str
    number: str
    unit: str
    clause: str
    sentence: str
    days: int


@dataclass(frozen=True)
class Looking:
    """One look: the session, the moment, and the matters that have no run at work (None: nobody could ask Airflow)."""

    session: Session
    now: datetime
    lost: frozenset[str] | None = None

    @property
    def today(self) -> date:
        """The day, in Shanghai."""
        return self.now.astimezone(clock.SHANGHAI).date()

    @property
    def midnight(self) -> datetime:
        """When today began."""
        return datetime.combine(self.today, time(), clock.SHANGHAI)

    def days(self, since: date | datetime) -> int:
        """Days from then to today."""
        return (self.today - day_of(since)).days


#: Columns of every row that `matters` returns.
_HEAD = (
    *(MatterRow.number, MatterRow.reference, MatterRow.unit, MatterRow.regulation, MatterRow.state, MatterRow.type),
    *(MatterRow.awaiting, MatterRow.due_on, MatterRow.registered_at),
    MatterRow.view["organization"].astext.label("organization"),
    MatterRow.view["released"].astext.label("released"),
)


def matters(look: Looking, where: ColumnElement[bool], *more: ColumnElement[Any]) -> Sequence[Row[Any]]:
    """The matters for which `where` holds, by due moment and number: one query, whatever their number."""
    return files(look, and_(MATTERS, where), *more)


def files(look: Looking, where: ColumnElement[bool], *more: ColumnElement[Any]) -> Sequence[Row[Any]]:
    """As `matters`, with the period files among them: decisions lie there too, and cases are opened there."""
    query = select(*_HEAD, *more).where(MatterRow.version > 0, where)
    return look.session.execute(query.order_by(MatterRow.due_at.nulls_last(), MatterRow.number)).all()


def awaits(*kinds: str) -> ColumnElement[bool]:
    """Whether a matter awaits a key of one of these kinds (`receipt` -> receipt:1)."""
    either = "|".join(kinds)
    return func.array_to_string(MatterRow.awaiting, " ").op("~")(f"(^| )({either}):")


def view(name: str) -> ColumnElement[Any]:
    """A part of the matter's whole state, under its own name."""
    return MatterRow.view[name].label(name)


def last(*kinds: str) -> ScalarSelect[datetime]:
    """When the latest event of these kinds happened to the matter, None if none did."""
    return latest(EventRow.kind.in_(kinds))


def latest(where: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """When the latest event of the matter for which `where` holds happened, None if none did.

    By its place in the matter's chain: for `max(at)` PostgreSQL may read the index of all moments backwards, once a
    matter, and does so in a ledger that nobody has ANALYZEd yet.
    """
    mine = select(EventRow.at).where(EventRow.number == MatterRow.number, where)
    return mine.order_by(EventRow.seq.desc()).limit(1).correlate(MatterRow).scalar_subquery()


def key_of(awaiting: Iterable[str], kind: str) -> str:
    """The key of this kind among those awaited; it is there."""
    return next(key for key in awaiting if key.rpartition(":")[0] == kind)


def about(
    kind: str, row: Row[Any], rule: str, sentence: str, days: int, *, unit: str = "", clause: str = ""
) -> Finding:
    """A finding about a matter; `rule` names the rule of its regulation that asks for it (or `clause` does).

    `unit`: the code of another unit than the one that handles it.
    """
    clause = clause or getattr(regulation.load(row.regulation), rule).basis.clause
    named = "" if row.released == "false" else unit or row.unit
    return Finding(kind, row.number, named, clause, name(row, unit) + sentence, days)


def name(row: Row[Any], unit: str = "") -> str:
    """A matter by its number and its unit, never by its title; a covert one by its number alone."""
    if row.type in PERIODICALS:
        return f"{row.reference or row.number}（{PERIODICALS[row.type]}）"
    if row.released == "false":
        return str(row.reference)
    return f"{row.reference}（{unit_name(row.organization, unit or row.unit)}）"


def unit_name(organization_id: str, code: str) -> str:
    """What people call a unit; its code if the organization file does not know it any more."""
    try:
        return organization.load(organization_id).unit(code).short
    except Refusal:
        return code


def day_of(moment: date | datetime | str) -> date:
    """The day in Shanghai of a moment, or of one as the ledger's JSON has it."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.astimezone(clock.SHANGHAI).date() if isinstance(moment, datetime) else moment


def last_day(until: datetime) -> date:
    """The last day of a period that ends at this moment: 24:00 still belongs to the day before."""
    return day_of(until - timedelta(seconds=1))
