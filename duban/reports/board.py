"""What the pictures of a bureau are drawn from: this year up to now, each figure with the list behind it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from duban.organization import Organization
from duban.reports import names
from duban.reports.found import matters
from duban.reports.heading import Period
from duban.scoring import months
from duban.scoring.entries import ScoreSheet
from duban.statistics.counts import ages, rounds
from duban.statistics.figures import Figure, Partition
from duban.statistics.load import Load, loads


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of the pictures. `published`: the sheet published last this year; None before the first."""

    period: Period
    total: Figure
    overdue: Partition
    rounds: Partition
    load: tuple[Load, ...]
    published: ScoreSheet | None

    @property
    def ranking(self) -> tuple[tuple[str, Decimal], ...]:
        """Unit and score as they were published, in the order of rank; nothing where a regulation gives no points."""
        if self.published is None or self.published.method != "points":
            return ()
        return tuple((unit.name, unit.shown) for unit in self.published.units if unit.rank is not None)


def board(session: Session, org: Organization, now: datetime) -> Board:
    """The figures of this year as of `now` (aware)."""
    today = now.date()
    period = Period(str(today.year), date(today.year, 1, 1), today, now)
    found = matters(session, org, period)
    units = names.units(org, (one.unit for one in found), today)
    sheets = months.published(session, org.id, today.year)
    return Board(
        period=period,
        total=Figure.of(one.number for one in found),
        overdue=ages(found),
        rounds=rounds(found),
        load=loads(session, found, units, period.span, lambda code: org.standing_for(code, today)),
        published=sheets[-1] if sheets else None,
    )
