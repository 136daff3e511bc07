"""The words a DAG file is written in: ``entry``, ``step``, ``wait``, ``decision``, ``rounds``, ``join``.

Each makes one task (``rounds``: one loop) and returns it; edges and their Labels stay in the DAG file, beside the
clause that asks for them. ``name`` is what people see. ``then`` is a pure function of the ledger's state that returns
the name of a direct successor (its id inside the group, or a group's), so the branch is decided by what is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import LoopDecision, TriggerRule, get_current_context
from airflow.sdk.exceptions import AirflowFailException

from duban import acts, ledger
from duban.errors import Refusal
from duban.ledger.standing import State
from duban.orchestration.people import actor_of
from duban.orchestration.runs import find_number, number_of
from duban.orchestration.tasks import Act, Branch, Decision, LedgerWait, Step

LOOP_REASON_BYTES = 500
"""Airflow takes 512 bytes of UTF-8 as the reason of a loop's pass."""

PATIENT: dict[str, Any] = {
    # Every step looks at the ledger first, so repeating it is harmless; a database that is restarted, moved or full
    # for an hour must not fail a matter that has been open for weeks.
    "retries": 30,
    "retry_delay": timedelta(seconds=5),
    "retry_exponential_backoff": 1.5,
    "max_retry_delay": timedelta(minutes=5),
}
"""``default_args`` of every supervision DAG."""


MEET = TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS
"""Where branches meet: one of them came here, none failed."""


def entry(task_id: str = "register", *, name: str = "立项登记") -> Step:
    """Make the first task: it makes sure that the run's matter is in the ledger.

    A run started from the form was registered at the door. One started past it (command line, another program) is
    registered here from its conf; if that is refused, the run fails with the sentence and nothing is registered.
    """
    return _Entry(task_id=task_id, task_display_name=name)


class _Entry(Step):
    def execute(self, context: Mapping[str, Any]) -> None:
        """Register the conf unless the matter is known."""
        run_id, run = str(context["run_id"]), context["dag_run"]
        if find_number(run_id, run.conf) is None:
            try:
                acts.register(dict(context["params"]), actor_of(str(run.triggering_user_name or "")), run_id)
            except Refusal as refusal:
                raise AirflowFailException(str(refusal)) from refusal
        self.go_on(context, number_of(context))


def step(
    task_id: str, act: Act, *, name: str, kind: str | None = None, then: Branch | None = None, **more: Any
) -> Step:
    """Make a task that does ``act(number)``; with ``kind``, only while the ledger awaits a key of that kind."""
    return Step(task_id=task_id, act=act, kind=kind, then=then, task_display_name=name, **more)


def wait(
    task_id: str, *, name: str, kind: str | None = None, act: Act | None = None, then: Branch | None = None, **more: Any
) -> LedgerWait:
    """Make a task that waits while the ledger awaits a ``kind`` (default: the task id), then acts and branches."""
    return LedgerWait(task_id=task_id, kind=kind or task_id, act=act, then=then, task_display_name=name, **more)


def decision(
    task_id: str, kind: str, *, name: str, act: Act | None = None, then: Branch | None = None, **more: Any
) -> Decision:
    """Make a task that puts the decision ``kind`` to the people of its post, then acts and branches."""
    return Decision(task_id=task_id, kind=kind, act=act, then=then, task_display_name=name, **more)


def join(task_id: str, *, name: str) -> EmptyOperator:
    """Make the place where branches meet (no worker is needed): one of them came here, none failed."""
    return EmptyOperator(task_id=task_id, task_display_name=name, trigger_rule=MEET)


def rounds(body: Any, *, until: Callable[[State], tuple[bool, str]], name: str, at_most: int = 500) -> Any:
    """Repeat the task group ``body`` until the ledger says enough.

    ``until(state)`` returns (stop, reason in Chinese); the reason is shown at the pass in the UI.
    """

    def enough() -> LoopDecision:
        with ledger.transaction() as session:
            stop, reason = until(ledger.state(session, number_of(get_current_context())))
        short = reason.encode()[:LOOP_REASON_BYTES].decode(errors="ignore")
        return LoopDecision(stop=stop, reason=short)

    enough.__doc__ = until.__doc__
    group = body.loop(max_iterations=at_most, until=enough)
    gate = group.children[group.gate_task_id]
    gate._task_display_name = name  # the gate is made by Airflow, which names it by its id
    return group
