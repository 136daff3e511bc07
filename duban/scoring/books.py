"""What was published already, and what of the claims on a unit is therefore still to be entered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from duban.organization import Organization
from duban.scoring.entries import ZERO, Entry, ScoreSheet
from duban.scoring.rules import Claim

#: Whether an objection struck an entry out.
Struck = Callable[[Entry], bool]


@dataclass(slots=True)
class Books:
    """Entries that stand. They are matched by what they count once for, under the unit that stood for theirs then, so
    that a merger written into the organization file afterwards enters nothing a second time, and the heir's own stays
    beside what was the other's before the merger."""

    org: Organization
    points: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    ids: set[tuple[str, str]] = field(default_factory=set)

    def enter(self, entries: Iterable[Entry]) -> None:
        """Put entries into the books."""
        for entry in entries:
            key = self._key(entry)
            self.points[key] = self.points.get(key, ZERO) + entry.points
            self.ids.add((entry.group, entry.id))

    def left(self, claim: Claim) -> Entry | None:
        """What of a claim is not in the books: all of it, the difference to less that is there (A12), or nothing.

        An entry that was published stands as it was published, whatever has become of the rule since.
        """
        entry, key = claim.entry, self._key(claim.entry)
        if key not in self.points:
            return entry if claim.pick != "latest" or entry.points else None
        known = self.points[key]
        if claim.pick == "latest":
            return replace(entry, points=entry.points - known) if entry.points != known else None
        higher = claim.pick == "highest" and abs(entry.points) > abs(known)
        if not higher or (entry.group, entry.id) in self.ids:
            return None
        return replace(entry, points=entry.points - known)

    def _key(self, entry: Entry) -> tuple[str, str]:
        return stood_for(self.org, entry.unit, entry), entry.group


def stood_for(org: Organization, unit: str, entry: Entry) -> str:
    """The unit for which an entry of `unit` is entered as the organization file is now: by the day on which it was.

    A rate is of all that a unit did in a period; no other takes it over.
    """
    return unit if entry.kind == "rate" else org.standing_for(unit, entry.date)


def struck_out(org: Organization, waived: Iterable[str]) -> Struck:
    """Whether an objection struck an entry out; it may have named the unit that was merged into this one since."""
    units: dict[str, set[str]] = {}
    for one in waived:
        fact, _, unit = one.rpartition("/")
        units.setdefault(fact, set()).add(unit)

    def struck(entry: Entry) -> bool:
        return any(stood_for(org, unit, entry) == entry.unit for unit in units.get(entry.id.rpartition("/")[0], ()))

    return struck


def settle(claims: Iterable[Claim], books: Books) -> list[Entry]:
    """Enter what the claims leave, in order of time, and return it."""
    entered = []
    for claim in claims:
        entry = books.left(claim)
        if entry is not None:
            books.enter([entry])
            entered.append(entry)
    return entered


def all_of(sheets: Iterable[ScoreSheet]) -> list[Entry]:
    """Every entry that stands on these sheets, with those that were carried over from unpublished periods."""
    return [entry for sheet in sheets for unit in sheet.units for entry in (*unit.carried, *unit.entries)]


def name_of(sheets: Sequence[ScoreSheet], on: date) -> str:
    """The published period to which a day belongs; of one that was carried, the one with which it was published."""
    closing = sorted((sheet for sheet in sheets if on <= sheet.last), key=lambda sheet: (sheet.last, sheet.first))
    return closing[0].period if closing else ""
