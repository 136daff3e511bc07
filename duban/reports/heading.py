"""What stands at the head of every report: of whom, by which rule, over which days, as of when, when issued."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from duban import clock
from duban.deadlines import chinese
from duban.statistics.counts import Span


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about: the days (both included), the state of affairs `as_of` (aware), the day it is issued.

    `name` is the period's short name: 2026-03, or for a week the day it reports: 2026-11-20. `issued_on` None: a draft.
    `begins`: the moment (aware) from which it goes on where the one before it ended within a day.
    """

    name: str
    first: date
    last: date
    as_of: datetime
    issued_on: date | None = None
    begins: datetime | None = None

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.first, self.last, self.begins)

    @property
    def moment(self) -> datetime:
        """As of when matters are looked at: what lapses at the very end of the last day (24:00) is of the next."""
        return min(self.as_of, end_of(self.last))

    @property
    def since(self) -> datetime:
        """The moment at which it begins, in Shanghai."""
        return self.span.since


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a report. `mark`: the highest mark of its parts (a compilation carries it); empty: none."""

    kind: str
    title: str
    organization: str
    organization_name: str
    office: str
    regulation: str
    regulation_title: str
    clause: str
    period: Period
    mark: str = ""

    def as_json(self) -> dict[str, Any]:
        """All fields; days and moments as ISO text, `period_text` and `as_of_text` as a page writes them."""
        said = self.period
        return {
            "kind": self.kind,
            "title": self.title,
            "organization": self.organization,
            "organization_name": self.organization_name,
            "office": self.office,
            "regulation": self.regulation,
            "regulation_title": self.regulation_title,
            "clause": self.clause,
            "period": said.name,
            "from": said.first.isoformat(),
            "to": said.last.isoformat(),
            "period_text": f"{chinese(said.first)}至{chinese(said.last)}",
            "as_of": said.as_of.isoformat(),
            "as_of_text": as_of_text(said.as_of),
            "issued_on": said.issued_on.isoformat() if said.issued_on else None,
            "issued_on_text": chinese(said.issued_on) if said.issued_on else "",
            "mark": self.mark,
        }

    def marked(self, mark: str) -> "Heading":
        """The same head with this mark."""
        return replace(self, mark=mark)


def as_of_text(moment: datetime) -> str:
    """A state of affairs as a page says it: 2026年3月20日17时30分, 17时, or 24时 for the end of a day."""
    local = moment.astimezone(clock.SHANGHAI)
    if local.time() >= time(23, 59, 59) or local.time() == time():
        return f"{chinese((local - timedelta(microseconds=1)).date())}24时"
    return f"{chinese(local.date())}{local.hour}时{f'{local.minute}分' if local.minute else ''}"


def end_of(day: date) -> datetime:
    """The last moment of a day, in Shanghai: what lapses at 24:00 belongs to the next."""
    return datetime.combine(day + timedelta(days=1), time(), clock.SHANGHAI) - timedelta(microseconds=1)
