"""What would change if the rule changed: a month or a year of the ledger under another regulation or version.

Both sides are computed afresh from the same facts; what was published is not touched and not looked at, but for the
entries that objections struck out: those count on neither side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from duban.organization import Organization
from duban.regulation import Regulation
from duban.scoring import months
from duban.scoring.entries import ZERO, Entry, ScoreSheet, UnitScore, number_text
from duban.scoring.rules import in_time

if TYPE_CHECKING:
    from duban.periodicals.spans import Span


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that would be there, would not, or would be worth something else; None on the side where it is not."""

    now: Entry | None
    then: Entry | None

    @property
    def entry(self) -> Entry:
        """The entry as it is, or as it would be."""
        entry = self.now or self.then
        assert entry is not None  # one of them is what changed
        return entry

    @property
    def what(self) -> str:
        """appears, vanishes or changes."""
        return "appears" if self.now is None else "vanishes" if self.then is None else "changes"

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        sides = {"now": self.now and self.now.as_json(), "then": self.then and self.then.as_json()}
        return {"change": self.what, **sides}


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit under both rules: its score and rank, and which of its entries differ."""

    unit: str
    name: str
    now: UnitScore | None
    then: UnitScore | None
    changes: tuple[Change, ...]

    @property
    def difference(self) -> Decimal:
        """By how much its score would be another."""
        return (self.then.closing if self.then else ZERO) - (self.now.closing if self.now else ZERO)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON; the scores of both sides as text."""
        sides = {
            side: {name: number_text(getattr(score, name)) for name in ("opening", "delta", "closing", "shown")}
            | {"rank": score.rank}
            if score
            else None
            for side, score in (("now", self.now), ("then", self.then))
        }
        plain = {"unit": self.unit, "name": self.name, "difference": number_text(self.difference)}
        return plain | sides | {"entries": [change.as_json() for change in self.changes]}


@dataclass(frozen=True, slots=True)
class Replay:
    """A period under the rules that hold and under others."""

    period: str
    now: ScoreSheet
    then: ScoreSheet
    units: tuple[UnitChange, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        names = {"period": self.period, "regulation": self.now.regulation, "other": self.then.regulation}
        return names | {"units": [unit.as_json() for unit in self.units]}


def replay(session: Session, law: Regulation, other: Regulation, org: Organization, period: str) -> Replay:
    """Compute a period under each matter's own version and with `other` for all of them, and tell them apart.

    A regulation in force that does not score stands for no points at all. Refusal where the other one does not score,
    and for a period that is none.
    """
    span = months.span_of(period)
    year = span.starts.year
    struck = {one for sheet in months.published(session, org.id, year) for one in sheet.waived}
    none = months.Published()
    scored = law.scoring.method in ("points", "qualitative")
    now = months.reckon(session, law, org, span, none, waived=struck) if scored else _nothing(law, org, span)
    then = months.reckon(session, other, org, span, none, waived=struck, law_of=lambda _id: other)
    before, after = ({unit.unit: unit for unit in sheet.units} for sheet in (now, then))
    units = tuple(
        UnitChange(
            code,
            (after.get(code) or before[code]).name,
            before.get(code),
            after.get(code),
            _changes(before, after, code),
        )
        for code in dict.fromkeys((*after, *before))
    )
    return Replay(span.period, now, then, units)


def _nothing(law: Regulation, org: Organization, span: "Span") -> ScoreSheet:
    """The sheet of a regulation that knows no assessment."""
    return ScoreSheet(org.id, law.id, span.period, span.starts, span.ends, "none", "", ZERO, None, None, ())


def _changes(before: Mapping[str, UnitScore], after: Mapping[str, UnitScore], unit: str) -> tuple[Change, ...]:
    now, then = ({entry.id: entry for entry in _entries(side.get(unit))} for side in (before, after))
    changed = [
        Change(now.get(one), then.get(one))
        for one in dict.fromkeys((*now, *then))
        if one not in now or one not in then or now[one].points != then[one].points
    ]
    return tuple(sorted(changed, key=lambda change: in_time(change.entry)))


def _entries(unit: UnitScore | None) -> tuple[Entry, ...]:
    return (*unit.carried, *unit.entries) if unit else ()
