"""办件进展周报: every open matter with its light, what is left of its time, the last progress and what changed.

All that is overdue is in it, however old. Numbers are those of `duban.statistics`; the lines are the lists behind them.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from duban.marks import highest
from duban.organization import Organization
from duban.regulation import Regulation
from duban.reports import lights, names
from duban.reports.bases import heading
from duban.reports.found import matters
from duban.reports.heading import Heading, Period
from duban.reports.lines import Line, lines
from duban.statistics.counts import ages
from duban.statistics.figures import Figure, Partition


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """The open matters of one unit: their lights, those overdue, and a line each."""

    unit: str
    name: str
    open: Figure
    overdue: Figure
    lights: Partition
    lines: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        """All fields; figures with their lists."""
        return {
            "unit": self.unit,
            "name": self.name,
            "open": self.open.as_json(),
            "overdue": self.overdue.as_json(),
            "lights": self.lights.as_json(),
            "lines": [line.as_json() for line in self.lines],
        }


@dataclass(frozen=True, slots=True)
class Weekly:
    """The weekly report. `lights_told`: by which rule the lights are given. `units`: those with open matters.

    `gaps`: sentences about lights that could not be worked out by the rule (a year without published holidays, a
    regulation whose file is gone) and follow the deadline alone.
    """

    heading: Heading
    lights_told: str
    gaps: tuple[str, ...]
    open: Figure
    overdue: Figure
    secret: Figure
    new: Figure
    closed: Figure
    cancelled: Figure
    lights: Partition
    by_unit: Partition
    ages: Partition
    units: tuple[UnitWeek, ...]

    def as_json(self) -> dict[str, Any]:
        """All fields; figures with their lists."""
        figures = {name: getattr(self, name).as_json() for name in FIGURES}
        return {
            "heading": self.heading.as_json(),
            "lights_told": self.lights_told,
            "gaps": list(self.gaps),
            **figures,
            "units": [unit.as_json() for unit in self.units],
        }


FIGURES = ("open", "overdue", "secret", "new", "closed", "cancelled", "lights", "by_unit", "ages")


def report(session: Session, law: Regulation, org: Organization, period: Period) -> Weekly:
    """The weekly report of a bureau over `period`; its lines tell what changed in those days."""
    everything = matters(session, org, period)
    found = [one for one in everything if not one.ended]
    every_light = lights.Lights()
    every_line = lines(session, org, found, period, every_light, changes=True)
    shown = lights.shown(law) | {line.light: lights.LIGHTS[line.light] for line in every_line}
    shown = {key: name for key, name in lights.LIGHTS.items() if key in shown}
    units = names.units(org, (one.unit for one in found))
    span = period.span
    return Weekly(
        heading=heading("weekly", law, org, period, highest(one.mark for one in found)),
        lights_told=lights.told(law),
        gaps=tuple(f"{gap}（有关督办件只按到期时刻列绿灯、红灯）" for gap in sorted(every_light.gaps)),
        open=Figure.of(one.number for one in found),
        overdue=Figure.of(one.number for one in found if one.overdue),
        secret=Figure.of(line.number for line in every_line if line.secret),
        new=Figure.of(one.number for one in everything if span.holds(one.registered_at)),
        closed=Figure.of(one.number for one in everything if one.outcome == "closed"),
        cancelled=Figure.of(one.number for one in everything if one.outcome == "cancelled"),
        lights=_lights(every_line, shown),
        by_unit=Partition.by("在办件数", units, {one.number: one.unit for one in found}),
        ages=ages(found),
        units=tuple(
            UnitWeek(
                unit=code,
                name=name,
                open=Figure.of(one.number for one in found if one.unit == code),
                overdue=Figure.of(one.number for one in found if one.unit == code and one.overdue),
                lights=_lights([line for line in every_line if line.unit == code], shown),
                lines=tuple(line for line in every_line if line.unit == code),
            )
            for code, name in units.items()
        ),
    )


def _lights(shown: list[Line], classes: dict[str, str]) -> Partition:
    return Partition.by("在办件数", classes, {line.number: line.light for line in shown})
