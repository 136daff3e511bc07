"""What a score is made of: an entry a fact, a line a unit, a sheet a period. Plain values that go to JSON and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from duban.clock import SHANGHAI
from duban.marks import is_secret

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The paper behind an entry: its name and the SHA-256 under which it is stored."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one fact adds to or takes from a unit.

    `number`: the matter ("" for a rate of the whole period); `item`: id of the vocabulary (late_reply …), `item_text`
    its words; `at`: when it happened (aware, Asia/Shanghai); `event`, `kind`, `key`: the event in the chain of
    `source` (the matter, or the period file that named it); `corrects`: the published period into which it belongs,
    such as 2026-03, when it is entered later; `regulation`: the version it stands on (`clause`); `mark`: the secrecy
    mark of its matter. `withheld`: of its matter others may see number, mark and unit alone (a state secret, or for
    named readers). `points` is 0 where a regulation only lists (定性).
    """

    unit: str
    number: str
    reference: str
    item: str
    item_text: str
    clause: str
    points: Decimal
    at: datetime
    event: int
    kind: str
    key: str
    source: str
    group: str
    regulation: str
    actor: str = ""
    document: Evidence | None = None
    note: str = ""
    corrects: str = ""
    mark: str = ""
    withheld: bool = False

    @property
    def id(self) -> str:
        """What an objection names: the same whenever the sheet is computed. ASCII."""
        return f"{self.source}/{self.key}/{self.item}/{self.unit}"

    @property
    def date(self) -> date:
        """The day on which it happened, Asia/Shanghai."""
        return self.at.date()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON: points as text, times in ISO form; `id` and `date` are there for the reader."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        document = {"name": self.document.name, "sha256": self.document.sha256} if self.document else None
        plain |= {"points": number_text(self.points), "at": self.at.isoformat(), "document": document}
        return plain | {"id": self.id, "date": self.date.isoformat()}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The entry that `as_json` wrote."""
        known: dict[str, Any] = {name: said[name] for name in cls.__dataclass_fields__ if name in said}
        known["points"], known["at"] = Decimal(said["points"]), datetime.fromisoformat(said["at"]).astimezone(SHANGHAI)
        known["document"] = Evidence(**said["document"]) if said.get("document") else None
        known["withheld"] = is_withheld(said)
        return cls(**known)


def is_withheld(said: Mapping[str, Any]) -> bool:
    """Whether an entry as JSON is withheld; what was written before there was such a flag goes by its mark alone."""
    return bool(said.get("withheld", is_secret(said.get("mark", ""))))


@dataclass(frozen=True, slots=True)
class UnitScore:
    """One unit in one period: opening + entries = closing; `shown` is `closing` within floor and cap.

    `opening` holds the base, what was published of the year and `carried`: entries of earlier periods of the year
    that were never published. `rank`: 1, 2, 2, 4; None for a unit that is no longer there (`note` says where it went)
    and where nothing is ranked. `matters`: matters received in the year up to the end of the period.
    """

    unit: str
    name: str
    full_name: str
    base: Decimal
    opening: Decimal
    closing: Decimal
    shown: Decimal
    rank: int | None
    matters: int
    entries: tuple[Entry, ...] = ()
    carried: tuple[Entry, ...] = ()
    note: str = ""

    @property
    def delta(self) -> Decimal:
        """What the period added or took (本期增减)."""
        return sum((entry.points for entry in self.entries), ZERO)

    @property
    def added(self) -> Decimal:
        """What was added (加分)."""
        return sum((entry.points for entry in self.entries if entry.points > 0), ZERO)

    @property
    def deducted(self) -> Decimal:
        """What was taken (扣分), as a negative number or 0."""
        return sum((entry.points for entry in self.entries if entry.points < 0), ZERO)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON: points as text."""
        points = {name: number_text(getattr(self, name)) for name in (*_POINTS, "delta", "added", "deducted")}
        return {
            "unit": self.unit,
            "name": self.name,
            "full_name": self.full_name,
            "rank": self.rank,
            **points,
            "matters": self.matters,
            "note": self.note,
            "entries": [entry.as_json() for entry in self.entries],
            "carried": [entry.as_json() for entry in self.carried],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The line that `as_json` wrote."""
        known: dict[str, Any] = {name: said[name] for name in ("unit", "name", "full_name", "rank", "matters", "note")}
        known |= {name: Decimal(said[name]) for name in _POINTS}
        known |= {name: tuple(Entry.from_json(one) for one in said[name]) for name in ("entries", "carried")}
        return cls(**known)


_POINTS = ("base", "opening", "closing", "shown")


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The scores of a period: "2026-03", "2026-Q1" or "2026". Units stand in the order of their rank.

    `method`: "points", or "qualitative" for a regulation that only lists what counts at the end of the year.
    `waived`: ids of entries that an objection struck out; they are in no unit's entries.
    """

    organization: str
    regulation: str
    period: str
    first: date
    last: date
    method: str
    cycle: str
    base: Decimal
    floor: Decimal | None
    cap: Decimal | None
    units: tuple[UnitScore, ...]
    waived: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries of the period, unit by unit."""
        return tuple(entry for unit in self.units for entry in unit.entries)

    def unit(self, code: str) -> UnitScore | None:
        """The line of a unit; None for one that is not on the sheet."""
        return next((unit for unit in self.units if unit.unit == code), None)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, the same for the same sheet; points as text."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in ("organization", "regulation", "period")}
        plain |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        plain |= {"method": self.method, "cycle": self.cycle, "base": number_text(self.base)}
        plain |= {name: None if (value := getattr(self, name)) is None else number_text(value) for name in _BOUNDS}
        return plain | {"waived": list(self.waived), "units": [unit.as_json() for unit in self.units]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The sheet that `as_json` wrote."""
        known: dict[str, Any] = {name: said[name] for name in ("organization", "regulation", "period")}
        known |= {name: said[name] for name in ("method", "cycle")} | {"base": Decimal(said["base"])}
        known |= {name: None if said[name] is None else Decimal(said[name]) for name in _BOUNDS}
        known["first"], known["last"] = (date.fromisoformat(said[name]) for name in ("from", "to"))
        known["units"] = tuple(UnitScore.from_json(unit) for unit in said["units"])
        return cls(**known, waived=tuple(said["waived"]))


_BOUNDS = ("floor", "cap")


def number_text(points: Decimal) -> str:
    """Points as they are written: 80, -0.5, 1.25; never 8E+1 and without needless zeros."""
    text = format(points, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
