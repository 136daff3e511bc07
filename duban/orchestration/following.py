"""Runs that are started by runs: one for each part of a decomposed matter, and the next one of a matter that goes on.

Both are safe to repeat: a run is called by its matter's number, so a second start finds it there. What a run carries
is that number; nothing of a matter's content goes into Airflow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import TriggerRule
from airflow.sdk.exceptions import AirflowFailException

from duban import ledger
from duban.orchestration.notes import note_of
from duban.orchestration.runs import LIVE, next_id, number_of
from duban.orchestration.ways import is_for, main_line


class StartRun(TriggerDagRunOperator):  # type: ignore[misc]
    """Starts the run of the matter ``number`` unless it is there; mapped over numbers (XCom holds nothing else)."""

    def __init__(self, *, number: str, **kwargs: Any) -> None:
        super().__init__(
            trigger_run_id=number,
            conf={"number": number},
            logical_date=None,
            skip_when_already_exists=True,
            openlineage_inject_parent_info=False,
            **kwargs,
        )
        self.number = number

    def execute(self, context: Mapping[str, Any]) -> None:
        """Start it, or leave it alone."""
        number = str(self.number)
        with ledger.transaction() as session:
            state = ledger.state(session, number)
        if state.awaiting and not _there(context, self.trigger_dag_id, number):
            self.note = note_of(state)
            super().execute(context)


class NextRun(TriggerDagRunOperator):  # type: ignore[misc]
    """The last task: starts the matter's next run if the ledger awaits something on the main line after all.

    A matter that was declined and given to another unit has to be signed again, one that was closed may have been
    opened again: the graph leads only forward, so another run takes it up where it stands, at once.
    """

    is_last = True

    def __init__(self, **kwargs: Any) -> None:
        # Not "at least one succeeded": after a refused proposal everything before may have been skipped.
        kwargs.setdefault("trigger_rule", TriggerRule.NONE_FAILED)
        super().__init__(
            trigger_dag_id="",
            logical_date=None,
            skip_when_already_exists=True,
            openlineage_inject_parent_info=False,
            **kwargs,
        )

    def execute(self, context: Mapping[str, Any]) -> None:
        """Start the next run, or end the matter's runs."""
        number = number_of(context)
        with ledger.transaction() as session:
            state = ledger.state(session, number)
        if not (keys := main_line(state)):
            return
        if not any(is_for(task, key) for task in self.dag.tasks for key in keys):
            raise AirflowFailException(
                f"台账等候 {'、'.join(keys)}，流程 {self.dag.dag_id} 没有办这一步的任务，请联系管理员。"
            )
        run_id = next_id(state)
        while _there(context, self.dag.dag_id, run_id):
            if _there(context, self.dag.dag_id, run_id, LIVE) and run_id != context["run_id"]:
                return  # somebody else has started it
            run_id = next_id(state, after=run_id)
        self.log.info("%s goes on as %s", number, run_id)
        self.trigger_dag_id, self.trigger_run_id, self.conf = self.dag.dag_id, run_id, {"number": number}
        self.note = note_of(state)
        super().execute(context)


def _there(context: Mapping[str, Any], dag_id: str, run_id: str, states: Any = None) -> bool:
    counted = context["ti"].get_dr_count(dag_id=dag_id, run_ids=[run_id], states=list(states) if states else None)
    return bool(counted)
