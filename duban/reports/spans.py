"""The days of a report that is asked for by hand on a day, and the moment as of which it tells how things stand."""

from datetime import date, datetime, timedelta

from duban import deadlines
from duban.errors import Refusal
from duban.regulation import Regulation
from duban.reports.bases import weekly_cadence
from duban.reports.heading import Period, end_of

WEEK = timedelta(days=7)


def period(kind: str, on: date, law: Regulation, now: datetime) -> Period:
    """The period of a report of `kind` that speaks of the day `on`: the week or the month up to and with it.

    The state of affairs is that of the end of the day, or of `now` (aware, Shanghai) on the day itself; it is issued
    today. Raises Refusal for a day to come.
    """
    if on > now.date():
        raise Refusal(
            f"{deadlines.chinese(on)}还没有到（今天是{deadlines.chinese(now.date())}），请改成今天或以前的日期。"
        )
    as_of = min(now, end_of(on))
    if kind == "weekly":
        return Period(on.isoformat(), _after_last_week(on, law), on, as_of, now.date())
    return Period(f"{on:%Y-%m}", on.replace(day=1), on, as_of, now.date())


def _after_last_week(on: date, law: Regulation) -> date:
    """The day after the last weekly report before this one: its day by the rule, moved where nobody works (A13).

    Seven days back where the regulation names no day of the week, or the year's holidays are not published.
    """
    cadence = weekly_cadence(law)
    if cadence is None or cadence.weekday is None:
        return on - WEEK + timedelta(days=1)
    try:
        reported = deadlines.next_report(cadence, on - 2 * WEEK, law).on
        while (following := deadlines.next_report(cadence, reported, law).on) < on:
            reported = following
    except Refusal:
        return on - WEEK + timedelta(days=1)
    return reported + timedelta(days=1)
