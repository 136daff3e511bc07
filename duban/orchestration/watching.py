"""The tasks of the daily watch (每日查看). What is looked at stands in `duban.watch`; here it is done and told."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException
from sqlalchemy import select

from duban import acts, clock, ledger, watch
from duban.errors import Refusal
from duban.ledger.models import MatterRow
from duban.ledger.queries import MATTERS
from duban.orchestration import lost_runs

log = logging.getLogger(__name__)

AT_ONCE = 1000
"""Runs started in one watch (Airflow maps a task at most 1,024 times); for more there is `duban resume`."""

SHOWN = 500
"""Sentences that Airflow keeps with the run; `duban watch` has all."""

LEDGER_FAULTS = "ledger_faults"


def part(name: str, act: Callable[[], object]) -> Any:
    """Make the task that does `act` and is called `name`; it does so whatever became of those before it."""
    return task(task_display_name=name, trigger_rule=TriggerRule.ALL_DONE)(act)()


def catch_up() -> str:
    """Let the clock catch up with every matter that time has changed: deadlines, reminders (T13, T18, T21)."""
    with ledger.transaction() as session:
        due = ledger.due_to_wake(session, clock.now(session))
    return _each(due, acts.lapse, "时限有变化的督办件")


def make_papers() -> str:
    """Make the papers that are due by time alone and were not made yet."""
    pending = MatterRow.view["pending_papers"] != []
    with ledger.transaction() as session:
        numbers = list(session.scalars(select(MatterRow.number).where(MatterRow.version > 0, MATTERS, pending)))
    return _each(numbers, acts.write_papers, "补做文书的督办件")


def _each(numbers: Iterable[str], act: Callable[[str], object], what: str) -> str:
    """Do the act for each matter; one that fails stops no other, but the task says so and fails."""
    done, failed = 0, list[str]()
    for number in numbers:
        try:
            act(number)
            done += 1
        except Refusal as refusal:
            failed.append(f"{number}：{refusal}")
        except Exception as error:
            # The kind of error, and not its words: they may quote what a marked matter says.
            log.error("%s of %s failed: %s", what, number, type(error).__name__)
            failed.append(f"{number}：程序出错（{type(error).__name__}）")
    if failed:
        raise AirflowFailException(f"{what}有{len(failed)}件没有办成（办成{done}件）。" + "；".join(failed[:20]))
    return f"{what}：{done}件"


def find_lost() -> list[dict[str, Any]]:
    """Find open matters without a run at work, and say which run each needs; one that is there is never doubled."""
    count = get_current_context()["ti"].get_dr_count
    with ledger.transaction() as session:
        matters = lost_runs.open_matters(session)
    lost = list(lost_runs.without_run(matters, count))
    if any(one.young for one in lost):
        time.sleep(lost_runs.JUST_NOW.total_seconds())
        lost = list(lost_runs.without_run(lost, count))
    log.info("%s open matters, %s without a run", len(matters), len(lost))
    if len(lost) > AT_ONCE:
        log.warning("Only %s of them are started now; duban resume starts the rest", AT_ONCE)
    return _wanted(lost[:AT_ONCE], count)


def _wanted(lost: list[lost_runs.Open], count: lost_runs.Count) -> list[dict[str, Any]]:
    """The run that each needs; one of which that cannot be told takes nothing from the others."""
    wanted: list[dict[str, Any]] = []
    for place, one in enumerate(lost, start=1):
        try:
            wanted.append(lost_runs.next_run(one, count))
        except Exception as error:
            log.error("No run of %s can be started: %s", one.number, type(error).__name__)
            if place == len(lost) and not wanted:  # Airflow does not answer at all: the task tries again
                raise
    return wanted


def start_runs(name: str, lost: Any) -> Any:
    """Make the task that starts the runs that are missing; each goes on where its matter stands in the ledger."""
    return TriggerDagRunOperator.partial(
        task_id="start_runs",
        task_display_name=name,
        logical_date=None,
        # Somebody else has just started it: that is what was wanted.
        skip_when_already_exists=True,
        openlineage_inject_parent_info=False,
        map_index_template="{{ task.trigger_run_id }}",
    ).expand_kwargs(lost)


def verify_ledger() -> str:
    """Verify the ledger; a fault fails the run, in the words of `duban verify`."""
    faults = [finding.sentence for finding in watch.broken()]
    if not faults:
        return "台账完好"
    get_current_context()["ti"].xcom_push(LEDGER_FAULTS, faults[:SHOWN])
    raise AirflowFailException(f"台账有{len(faults)}处不符，请停止办件，从备份核对恢复。{faults[0]}")


def list_findings() -> list[str]:
    """Put what the office should look at into the log, the run's note and the task's value, by numbers and units."""
    ti = get_current_context()["ti"]
    faults = ti.xcom_pull(task_ids="verify_ledger", key=LEDGER_FAULTS) or []
    found = [watch.Finding("ledger", "", "", "", fault, 0) for fault in faults]
    with ledger.transaction() as session:
        found += watch.findings(session, clock.now(session))
    lines = [f"【{watch.KINDS[one.kind].name}】{one.sentence}" for one in found]
    for line in lines:
        log.info("%s", line)
    ti.update_dagrun_note(watch.summary(found))
    return lines[:SHOWN]
