"""领导批示件汇总 (LZ-3.3): every matter that answers a leader's instruction, and whose units are named for silence.

What is named is what the ledger has as `reply_lapsed` with `listed`: the matter's own regulation said so when the date
passed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from duban.ledger.models import EventRow
from duban.marks import highest
from duban.organization import Organization
from duban.regulation import Regulation
from duban.reports import names
from duban.reports.bases import heading
from duban.reports.found import matters
from duban.reports.heading import Heading, Period
from duban.reports.lines import Line, lines
from duban.statistics.asof import Standing
from duban.statistics.counts import ages
from duban.statistics.figures import Figure, Partition, Rate

STANDS = {"open": "在办", "overdue": "逾期未反馈", "closed": "办结", "cancelled": "撤销"}
#: What the bureau says of a unit that did not reply in time (通报意见).
STILL = "逾期{days}天未反馈，予以通报，请抓紧办理。"
LATER = "曾逾期未按时反馈，予以通报。"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One matter that answers an instruction: who gave it and when, how it stands, what the digest says of the unit."""

    nth: int
    line: Line
    stands: str
    days_overdue: int
    opinion: str

    def as_json(self) -> dict[str, Any]:
        """The line and the rest, by name; `stands_name` in words."""
        words = "" if self.line.secret else STANDS[self.stands]
        return self.line.as_json() | {
            "nth": self.nth,
            "stands": self.stands,
            "stands_name": words,
            "days_overdue": self.days_overdue,
            "opinion": self.opinion,
        }


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest: all matters by how they stand, by leader and by unit; `listed`: those whose units are named."""

    heading: Heading
    total: Figure
    secret: Figure
    stands: Partition
    by_leader: Partition
    by_unit: Partition
    listed: Figure
    ages: Partition
    rate: Rate
    instructions: tuple[Instruction, ...]

    def as_json(self) -> dict[str, Any]:
        """All fields; figures with their lists."""
        figures = ("total", "secret", "stands", "by_leader", "by_unit", "listed", "ages", "rate")
        return {
            "heading": self.heading.as_json(),
            **{name: getattr(self, name).as_json() for name in figures},
            "instructions": [one.as_json() for one in self.instructions],
        }


def report(session: Session, law: Regulation, org: Organization, period: Period) -> Digest:
    """The digest of a period: what was open in it, and who let a date pass in it or still does."""
    everything = matters(session, org, period)
    found = [one for one in everything if one.instruction_by or one.instructions]
    head = heading("digest", law, org, period, highest(one.mark for one in found))
    by_number = {one.number: one for one in found}
    stands = {one.number: "overdue" if one.overdue else one.outcome for one in found}
    named = _named(session, by_number, period)
    leaders = {one.number: _leader(one) for one in found}
    units = names.units(org, (one.unit for one in found))
    answered = Figure.of(number for number, how in stands.items() if how == "closed")
    owed = Figure.of(number for number, how in stands.items() if how != "cancelled")
    instructions = []
    for nth, line in enumerate(lines(session, org, found, period), start=1):
        one = by_number[line.number]
        days = max(-(one.days_left or 0), 0) if one.overdue and not line.secret else 0
        opinion = (STILL.format(days=days) if one.overdue else LATER) if one.number in named else ""
        instructions.append(Instruction(nth, line, stands[one.number], days, "" if line.secret else opinion))
    return Digest(
        heading=head,
        total=Figure.of(by_number),
        secret=Figure.of(one.number for one in found if one.withheld),
        stands=Partition.by("批示件数", STANDS, stands),
        by_leader=Partition.by("批示件数", {name: name for name in sorted(set(leaders.values()))}, leaders),
        by_unit=Partition.by("批示件数", units, {one.number: one.unit for one in found}),
        listed=Figure.of(named),
        ages=ages(found),
        rate=Rate("办结率", "办结", answered, "批示件数减撤销", owed),
        instructions=tuple(instructions),
    )


def _leader(one: Standing) -> str:
    return "不列" if one.withheld else one.instruction_by or "（新批示）"


def _named(session: Session, found: Mapping[str, Standing], period: Period) -> set[str]:
    """Matters in which a date passed in the period that their regulation has named in the digest.

    A date that passed in an earlier period and was not made good is named again, until there is an answer.
    """
    query = select(EventRow.number, func.max(EventRow.at).label("at")).where(
        EventRow.kind == "reply_lapsed", EventRow.at <= period.moment, EventRow.data["listed"].as_boolean()
    )
    lapsed = session.execute(query.group_by(EventRow.number))
    return {row.number for row in lapsed if row.number in found and _counts(found[row.number], row.at, period)}


def _counts(one: Standing, lapsed_at: datetime, period: Period) -> bool:
    return one.overdue or lapsed_at >= period.since
