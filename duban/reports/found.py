"""The matters that a report is about: those of its period, each with the unit that stands for its unit on that day."""

from dataclasses import replace

from sqlalchemy.orm import Session

from duban.organization import Organization
from duban.reports.heading import Period
from duban.statistics.asof import Standing, standings
from duban.statistics.counts import of_period


def matters(session: Session, org: Organization, period: Period) -> list[Standing]:
    """The bureau's matters that were open in the period or ended in it, as of its moment.

    A unit that was merged into another by the last day (撤并) has its matters with that one: who asks today how many it
    has means those too.
    """
    found = of_period(standings(session, period.moment, org.id, ended_since=period.since), period.span)
    stands = {one.unit: org.standing_for(one.unit, period.last) for one in found}
    return [one if stands[one.unit] == one.unit else replace(one, unit=stands[one.unit]) for one in found]
