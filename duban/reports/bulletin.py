"""督办（督查）情况通报: the figures of a period; who was praised, criticised (BC-5.10, MM-4.5) or graded (ZW-2.3).

Only figures and lists: the words of the bulletin and the ranking of the last published month are put to them where the
bulletin is drafted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import clock
from duban.ledger.models import EventRow
from duban.marks import highest
from duban.organization import Organization
from duban.regulation import Regulation, vocabulary
from duban.reports import happened, names
from duban.reports.bases import heading
from duban.reports.found import matters
from duban.reports.heading import Heading, Period
from duban.reports.lines import Line, lines
from duban.statistics.asof import Standing
from duban.statistics.counts import Summary, ages, grouped, rounds, rounds_on_average, summary
from duban.statistics.figures import Figure, Partition
from duban.statistics.load import Load, loads

PRAISED, CRITICISED, CHECKED = "praised", "criticised", "checked"
_LEVELS = {code: words for words, code in vocabulary.SCORED_EVENTS.items()}


@dataclass(frozen=True, slots=True)
class Named:
    """A unit that was praised or criticised: for which matter, by whom (level in words), why, when."""

    kind: str
    unit: str
    unit_name: str
    number: str
    title: str
    level: str
    reason: str
    bulletin: str
    on: date
    clause: str
    key: str

    def as_json(self) -> dict[str, Any]:
        """All fields by name; the day as ISO text."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return said | {"on": self.on.isoformat()}


@dataclass(frozen=True, slots=True)
class Graded:
    """What a unit was given when the office inspected a phase (检查督促, ZW-2.3, ZW-3.1)."""

    unit: str
    unit_name: str
    number: str
    title: str
    node: str
    grade: str
    on: date

    def as_json(self) -> dict[str, Any]:
        """All fields by name; the day as ISO text."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"on": self.on.isoformat()}


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The figures of a bulletin: of the bureau, per unit and type; overdue by age and line by line; load; names.

    `by_unit` and `by_type` divide the whole; `units` and `types` are their summaries.
    """

    heading: Heading
    summary: Summary
    units: tuple[Summary, ...]
    types: tuple[Summary, ...]
    by_unit: Partition
    by_type: Partition
    ages: Partition
    rounds: Partition
    rounds_on_average: Decimal | None
    load: tuple[Load, ...]
    secret: Figure
    overdue: Figure
    overdue_lines: tuple[Line, ...]
    praised: Figure
    criticised: Figure
    named: tuple[Named, ...]
    graded: tuple[Graded, ...]

    def as_json(self) -> dict[str, Any]:
        """All fields; figures with their lists."""
        whole = (
            "heading",
            "summary",
            "by_unit",
            "by_type",
            "ages",
            "rounds",
            "secret",
            "overdue",
            "praised",
            "criticised",
        )
        lists = ("units", "types", "load", "overdue_lines", "named", "graded")
        average = None if self.rounds_on_average is None else str(self.rounds_on_average)
        return {
            **{name: getattr(self, name).as_json() for name in whole},
            **{name: [one.as_json() for one in getattr(self, name)] for name in lists},
            "rounds_on_average": average,
        }


def report(session: Session, law: Regulation, org: Organization, period: Period) -> Bulletin:
    """The figures of a bulletin over `period`."""
    found = matters(session, org, period)
    head = heading("bulletin", law, org, period, highest(one.mark for one in found))
    units = names.units(org, (one.unit for one in found), period.last)
    types = names.types(law, found)
    late = [one for one in found if one.overdue]
    named = _named(session, org, found, period)
    return Bulletin(
        heading=head,
        summary=summary(org.id, org.name, found, period.span),
        units=grouped(found, "unit", units, period.span),
        types=grouped(found, "type", types, period.span),
        by_unit=Partition.by("总件数", units, {one.number: one.unit for one in found}),
        by_type=Partition.by("总件数", types, {one.number: one.type for one in found}),
        ages=ages(found),
        rounds=rounds(found),
        rounds_on_average=rounds_on_average(found),
        load=loads(session, found, units, period.span, lambda code: org.standing_for(code, period.last)),
        secret=Figure.of(one.number for one in found if one.withheld),
        overdue=Figure.of(one.number for one in late),
        overdue_lines=tuple(lines(session, org, late, period)),
        praised=Figure.of(f"{one.number} {one.key}" for one in named if one.kind == PRAISED),
        criticised=Figure.of(f"{one.number} {one.key}" for one in named if one.kind == CRITICISED),
        named=tuple(named),
        graded=tuple(_graded(session, org, found, period)),
    )


def _happened(
    session: Session, found: list[Standing], period: Period, *kinds: str
) -> Iterator[tuple[EventRow, Standing]]:
    """The events of these kinds in the period, in the order in which they came; none of a covert matter."""
    known = {one.number: one for one in found}
    query = select(EventRow).where(EventRow.kind.in_(kinds), EventRow.at >= period.since, EventRow.at <= period.moment)
    for row in session.scalars(query.order_by(EventRow.at, EventRow.id)):
        if one := known.get(row.number):
            yield row, one


def _graded(session: Session, org: Organization, found: list[Standing], period: Period) -> Iterator[Graded]:
    """Each unit's grade in each inspection of the period."""
    for row, one in _happened(session, found, period, CHECKED):
        grades = row.data["grades"]
        for unit in names.units(org, grades):  # in the order of the organization, which JSON does not keep
            yield Graded(
                unit=unit,
                unit_name=names.unit(org, unit),
                number=row.number,
                title="" if one.withheld else one.title,
                node="" if one.withheld else row.data["node_name"],
                grade=grades[unit],
                on=row.at.astimezone(clock.SHANGHAI).date(),
            )


def _named(session: Session, org: Organization, found: list[Standing], period: Period) -> list[Named]:
    """Praise and criticism of the period."""
    told = []
    for row, one in _happened(session, found, period, PRAISED, CRITICISED):
        secret = one.withheld
        unit = org.standing_for(row.data["unit"], period.last)
        told.append(
            Named(
                kind=row.kind,
                unit=unit,
                unit_name=names.unit(org, unit),
                number=row.number,
                title="" if secret else one.title,
                level=_LEVELS.get(row.data["level"], row.data["level"]),
                reason="" if secret else happened.short(row.data["reason"]),
                bulletin="" if secret else row.data["bulletin"],
                on=row.at.astimezone(clock.SHANGHAI).date(),
                clause=row.clause,
                key=row.key,
            )
        )
    return told
