"""The lines of a sheet: opening, closing, what is shown, and the rank."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from duban.organization import Organization
from duban.regulation import Regulation
from duban.scoring.entries import ZERO, Entry, ScoreSheet, UnitScore
from duban.scoring.rules import in_time


def lines(
    law: Regulation,
    org: Organization,
    last: date,
    before: ScoreSheet | None,
    entered: Iterable[Entry],
    carried: Iterable[Entry],
    matters: Mapping[str, int],
) -> tuple[UnitScore, ...]:
    """Return a line for every unit, in the order of rank, then of the organization file.

    `last`: the last day of the period; `before`: the sheet published last. A unit that is gone keeps its score and has
    no rank; one that the organization file does not name any more is shown by its code, as long as it has points.
    """
    mine, brought = _by_unit(entered), _by_unit(carried)
    known = {unit.unit: unit for unit in before.units} if before else {}
    found = []
    for code in dict.fromkeys((*org.units, *known, *mine, *brought)):
        if _gone_before(org, code, last.year) and not (mine.get(code) or brought.get(code)):
            continue
        base, earlier = law.scoring.base or ZERO, known.get(code)
        opening = (earlier.closing if earlier else base) + _sum(brought.get(code, ()))
        closing = opening + _sum(mine.get(code, ()))
        found.append(
            UnitScore(
                unit=code,
                name=org.units[code].short if code in org.units else earlier.name if earlier else code,
                full_name=org.units[code].name if code in org.units else earlier.full_name if earlier else code,
                base=base,
                opening=opening,
                closing=closing,
                shown=_shown(closing, law),
                rank=None,
                matters=matters.get(code, 0),
                entries=tuple(mine.get(code, ())),
                carried=tuple(brought.get(code, ())),
                note=_note(org, code, last),
            )
        )
    return tuple(_ranked(found) if law.scoring.method == "points" else found)


def _ranked(units: list[UnitScore]) -> list[UnitScore]:
    """Competition ranking (1, 2, 2, 4): who has the same score has the same rank; a unit that is gone has none."""
    there = sorted((unit for unit in units if not unit.note), key=lambda unit: -unit.shown)
    first = {unit.shown: place for place, unit in reversed(list(enumerate(there, start=1)))}
    return [
        *(replace(unit, rank=first[unit.shown]) for unit in there),
        *(unit for unit in units if unit.note),
    ]


def _shown(score: Decimal, law: Regulation) -> Decimal:
    """What is shown of a score: not below the floor and not above the cap; the score itself is kept as it is (A7)."""
    floor, cap = law.scoring.floor_shown, law.scoring.cap
    shown = score if floor is None else max(score, floor)
    return shown if cap is None else min(shown, cap)


def _note(org: Organization, code: str, last: date) -> str:
    if code not in org.units:
        return "机构文件里已经没有这个单位"
    merged = org.units[code].merged
    return f"{merged.on}起并入{org.units[merged.into].short}" if merged and merged.on <= last else ""


def _gone_before(org: Organization, code: str, year: int) -> bool:
    unit = org.units.get(code)
    return unit is not None and unit.merged is not None and unit.merged.on < date(year, 1, 2)


def _by_unit(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=in_time):
        found[entry.unit].append(entry)
    return found


def _sum(entries: Iterable[Entry]) -> Decimal:
    return sum((entry.points for entry in entries), ZERO)
