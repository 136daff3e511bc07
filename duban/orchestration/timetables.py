"""The timetable of the periodical work in Airflow: one run a period, on the working-day calendar, none lost.

Airflow asks for the next run when it reads a DAG (each minute) and when it has started one. The arithmetic is
`duban.schedules`; here it becomes Airflow's. A run's logical date is the day as the rule writes it, before a day off is
rolled: it names the period, and a calendar that is corrected afterwards cannot make the period come twice. Where the
holidays of a year are not published there is no next run until they are; nothing fails and nothing is guessed.
"""

from __future__ import annotations

import logging
import os
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

import pendulum
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable

from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.schedules import Schedule

log = logging.getLogger(__name__)

BACK = timedelta(days=4)
"""What a job that never ran still makes up: an Airflow that is set up and then off over a weekend loses nothing."""


class PeriodTimetable(Timetable):  # type: ignore[misc]
    """One run for each period of a schedule.

    `prefix`: the beginning of the period files' numbers (BC-KH), by which the runs are called; empty: by Airflow.
    `active`: in a rehearsal the clock is the trainer's, which Airflow does not know; there nothing starts by itself.
    """

    def __init__(self, schedule: Schedule, prefix: str = "", *, active: bool | None = None) -> None:
        self.schedule = schedule
        self.prefix = prefix
        self.active = os.environ.get("DUBAN_REHEARSAL") != "1" if active is None else active
        self.description = str(schedule) if self.active else f"{schedule}；演练时由人触发"

    @property
    def summary(self) -> str:
        """What the list of DAGs shows."""
        return self.description

    def serialize(self) -> dict[str, Any]:
        """As Airflow stores it."""
        return {"schedule": asdict(self.schedule), "prefix": self.prefix, "active": self.active}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> PeriodTimetable:
        """As it comes out of Airflow's database."""
        return cls(Schedule(**data["schedule"]), data["prefix"], active=data["active"])

    def infer_manual_data_interval(self, *, run_after: datetime) -> DataInterval:
        """A run by hand says itself which period it is about."""
        return DataInterval.exact(pendulum.instance(run_after))

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The next run, None while nobody can say when: in a rehearsal, and where a year's holidays are not published.

        Of what was missed the schedule says how much is made up, not Airflow's `catchup`.
        """
        if not self.active:
            return None
        last = self.slot_of(last_automated_data_interval.end) if last_automated_data_interval else None
        try:
            slot = self._next(last, restriction)
            due = self.schedule.due(slot)
        except Refusal as unknown:
            log.info("No next run of %s can be told: %s", self.prefix or self.schedule, unknown)
            return None
        if due is None or (restriction.latest is not None and due > restriction.latest):
            return None
        return DagRunInfo(run_after=pendulum.instance(due), data_interval=DataInterval.exact(self._logical(slot)))

    def _next(self, last: int | None, restriction: TimeRestriction) -> int:
        if restriction.catchup and restriction.earliest is not None:  # a backfill says itself from when
            before = self.schedule.slot(restriction.earliest.astimezone(SHANGHAI).date()) - 1
            return self.schedule.following(before if last is None else max(last, before))
        return self.schedule.next(last, _now(), back=BACK)

    def generate_run_id(
        self, *, run_type: Any, run_after: datetime, data_interval: DataInterval | None, **_: Any
    ) -> str:
        """`BC-KH-2026-03.1`: the number of the period file it will have, as the later runs of a matter are called."""
        if run_type != "scheduled" or not self.prefix or data_interval is None:
            return str(super().generate_run_id(run_type=run_type, run_after=run_after, data_interval=data_interval))
        return f"{self.prefix}-{self.schedule.period(self.slot_of(data_interval.end))}.1"

    def slot_of(self, logical: datetime) -> int:
        """The slot of a run's logical date."""
        return self.schedule.slot(logical.astimezone(SHANGHAI).date())

    def _logical(self, slot: int) -> pendulum.DateTime:
        return pendulum.instance(datetime.combine(self.schedule.nominal(slot), time(), SHANGHAI))


def _now() -> datetime:
    return datetime.now(SHANGHAI)
