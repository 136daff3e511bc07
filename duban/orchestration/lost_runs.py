"""Open matters whose run is gone (Airflow's database lost, a run deleted or failed), and the run that each needs.

A task can ask Airflow only how many of the runs with these ids there are. So the matters are asked about in groups, and
a group is halved until the answer leaves no doubt: thousands of matters with their runs take a few hundred questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count as counting
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from duban.ledger.models import EventRow, MatterRow
from duban.ledger.standing import PERIODICALS
from duban.orchestration.matters import dag_of
from duban.orchestration.notes import note
from duban.orchestration.runs import LIVE

TOGETHER = 25
"""Matters asked about in one question: their run ids have to fit into an address."""

SPARE = 20
"""Runs looked for beyond the matter's rounds: each time that a lost run is replaced takes a number, too."""

JUST_NOW = timedelta(seconds=60)
"""How long after its last event a matter may be without a run: the door, a reopening and the command line write into
the ledger first and start the run then."""

Count = Callable[..., int]
"""``count(dag_id, run_ids=[...], states=[...] | None)``: how many such runs Airflow has."""


@dataclass(frozen=True)
class Open:
    """A matter or period file that awaits something, and so needs a run at work."""

    number: str
    dag_id: str
    rounds: int
    run_key: str
    note: str
    young: bool

    @property
    def later(self) -> list[str]:
        """The ids of the runs that may have followed the first: ``BC-2026-0012.2`` and so on."""
        return [f"{self.number}.{n}" for n in range(2, self.rounds + SPARE)]

    def numbered(self) -> Iterator[list[str]]:
        """The ids of the later runs, those looked for first; then those of a matter that loses its run without end."""
        yield self.later
        for first in counting(self.rounds + SPARE, SPARE):
            yield [f"{self.number}.{n}" for n in range(first, first + SPARE)]

    @property
    def run_ids(self) -> list[str]:
        """Every id that a run of this matter may have; one started past the door has the matter's key."""
        timed = [f"{self.number}.1"] if self.dag_id in PERIODICALS else []  # the timetable calls its runs so
        return [self.number, *timed, *self.later, *([self.run_key] if self.run_key else [])]


def open_matters(session: Session) -> list[Open]:
    """Every matter and every period file that awaits something, by number."""
    columns = (MatterRow.number, MatterRow.type, MatterRow.round, MatterRow.run_key, MatterRow.reference)
    secret = (MatterRow.title, MatterRow.mark, MatterRow.view["mode"].astext.label("mode"))
    # By the real clock, in a rehearsal too: it is about the time between two requests.
    young = (func.now() - EventRow.recorded_at < JUST_NOW).label("young")
    newest = and_(EventRow.number == MatterRow.number, EventRow.seq == MatterRow.version)
    query = select(*columns, *secret, young).join(EventRow, newest).where(MatterRow.awaiting != [])
    return [
        Open(
            row.number,
            dag_of(row.type),
            row.round or 0,
            row.run_key or "",
            note(row.reference or row.number, row.title, row.mark, row.mode),
            row.young,
        )
        for row in session.execute(query.order_by(MatterRow.number))
    ]


def without_run(matters: Sequence[Open], count: Count) -> Iterator[Open]:
    """Those of the matters that have no run at work."""
    by_dag: dict[str, list[Open]] = {}
    for one in matters:
        by_dag.setdefault(one.dag_id, []).append(one)
    for dag_id, group in by_dag.items():
        for start in range(0, len(group), TOGETHER):
            yield from _lost(dag_id, group[start : start + TOGETHER], count)


def _lost(dag_id: str, group: list[Open], count: Count) -> Iterator[Open]:
    if count(dag_id, run_ids=[one.number for one in group], states=list(LIVE)) == len(group):
        return  # the usual case: each is at work in its first run
    if count(dag_id, run_ids=[run_id for one in group for run_id in one.run_ids], states=list(LIVE)) == 0:
        spent = count(dag_id, run_ids=[one.later[-1] for one in group])  # beyond these are runs only then
        yield from (one for one in group if not (spent and _far_on(one, count)))
    elif len(group) > 1:
        half = len(group) // 2
        yield from _lost(dag_id, group[:half], count)
        yield from _lost(dag_id, group[half:], count)


def _far_on(one: Open, count: Count) -> bool:
    """Say whether a run is at work whose number is beyond those that are looked for."""
    for ids in one.numbered():
        if count(one.dag_id, run_ids=ids, states=list(LIVE)):
            return True
        if not count(one.dag_id, run_ids=ids[-1:]):
            break
    return False


def next_run(matter: Open, count: Count) -> dict[str, Any]:
    """The run that a matter without one needs: what `TriggerDagRunOperator` has to be told.

    It is called by the matter's number if Airflow knows none, else by the first number of which neither it nor a later
    one is taken: ``BC-2026-0012.2``.
    """
    run_id = matter.number
    if count(matter.dag_id, run_ids=matter.run_ids) > 0:
        run_id = next(
            one
            for ids in matter.numbered()
            for place, one in enumerate(ids)
            if count(matter.dag_id, run_ids=ids[place:]) == 0
        )
    return {
        "trigger_dag_id": matter.dag_id,
        "trigger_run_id": run_id,
        "conf": {"number": matter.number},
        "note": matter.note,
    }
