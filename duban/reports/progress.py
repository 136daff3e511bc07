"""每月进展汇总 (MM-3.1, 3.5): what every unit reported this month on each of its matters, and which did not.

A matter is asked for when one of its dates to report lies in the month; what has no such date is in the list with the
last that is known of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from duban.marks import highest
from duban.organization import Organization
from duban.regulation import Regulation
from duban.reports import happened, names
from duban.reports.bases import heading
from duban.reports.found import matters
from duban.reports.happened import Said
from duban.reports.heading import Heading, Period
from duban.reports.lines import Line, lines
from duban.statistics.asof import Standing
from duban.statistics.counts import Span, Summary, summary
from duban.statistics.figures import Figure, Partition, Rate

REPORTED = {"reported": "本期已报", "missing": "本期未报", "not_asked": "本期不需报"}


@dataclass(frozen=True, slots=True)
class Report:
    """A matter and what its unit said of it: how far, whether carried out, why not, what is done, what comes next."""

    line: Line
    reported: str
    percent: int | None = None
    carried_out: str = ""
    obstacle: str = ""
    remedy: str = ""
    next_plan: str = ""

    def as_json(self) -> dict[str, Any]:
        """The line and the rest, by name; `reported` is a key of REPORTED, `reported_name` its words."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "line"}
        words = "" if self.line.secret else REPORTED[self.reported]
        return self.line.as_json() | said | {"reported_name": words}


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """A unit's matters of the month, by whether their report came."""

    unit: str
    name: str
    matters: Figure
    reported: Partition
    reports: tuple[Report, ...]

    def as_json(self) -> dict[str, Any]:
        """All fields; figures with their lists."""
        return {
            "unit": self.unit,
            "name": self.name,
            "matters": self.matters.as_json(),
            "reported": self.reported.as_json(),
            "reports": [report.as_json() for report in self.reports],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """The monthly compilation: the summary of the month, and per unit what was reported."""

    heading: Heading
    summary: Summary
    reported: Partition
    rate: Rate
    units: tuple[UnitProgress, ...]

    def as_json(self) -> dict[str, Any]:
        """All fields; figures with their lists."""
        return {
            "heading": self.heading.as_json(),
            "summary": self.summary.as_json(),
            "reported": self.reported.as_json(),
            "rate": self.rate.as_json(),
            "units": [unit.as_json() for unit in self.units],
        }


def report(session: Session, law: Regulation, org: Organization, period: Period) -> Progress:
    """The compilation of a month's progress; matters that ended in the month are in it with what was last said."""
    found = matters(session, org, period)
    head = heading("monthly", law, org, period, highest(one.mark for one in found))
    by_number = {one.number: one for one in found}
    open_ones = [number for number, one in by_number.items() if not one.withheld]
    said = happened.last_said(session, open_ones, period.moment)
    came = {one.number: _reported(one, said.get(one.number), period.span) for one in found}
    reports = [
        _report(line, came[line.number], said.get(line.number))
        for line in lines(session, org, found, period, changes=True)
    ]
    units = names.units(org, (one.unit for one in found))
    due = Figure.of(number for number, how in came.items() if how != "not_asked")
    done = Figure.of(number for number, how in came.items() if how == "reported")
    return Progress(
        heading=head,
        summary=summary(org.id, org.name, found, period.span),
        reported=Partition.by("本期督办件数", REPORTED, came),
        rate=Rate("报送率", "本期已报", done, "本期应报", due),
        units=tuple(
            UnitProgress(
                unit=code,
                name=name,
                matters=Figure.of(one.number for one in found if one.unit == code),
                reported=Partition.by(
                    "本期督办件数", REPORTED, {one.number: came[one.number] for one in found if one.unit == code}
                ),
                reports=tuple(one for one in reports if one.line.unit == code),
            )
            for code, name in units.items()
        ),
    )


def _reported(one: Standing, said: Said | None, span: Span) -> str:
    asked = [node for node in one.nodes if span.first <= node.due_on <= span.last and node.by == "unit"]
    if asked:
        # A note says why a date that passed is not the unit's fault: nothing was owed on it.
        owed = [node for node in asked if node.reported_at is None and node.closed_at is None and not node.note]
        return "missing" if owed else "reported"
    if said is not None and span.first <= said.on <= span.last and said.kind != "tracked":
        return "reported"
    return "not_asked"


def _report(line: Line, how: str, said: Said | None) -> Report:
    if line.secret or said is None:
        return Report(line, how)
    data: Mapping[str, Any] = said.data
    texts = {name: happened.short(str(data.get(name) or "")) for name in ("obstacle", "remedy", "next_plan")}
    percent = data.get("percent")
    return Report(
        line=replace(line, progress=happened.short(line.progress)),
        reported=how,
        percent=percent if isinstance(percent, int) else None,
        carried_out=str(data.get("carried_out") or ""),
        **texts,
    )
