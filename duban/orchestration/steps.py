"""The words a chapter is written in: ``entry``, ``step``, ``wait``, ``decision``, ``rounds``, ``join``.

Each makes one task (``rounds``: one loop) and returns it. ``name`` is what people see. Where several tasks follow, the
ledger decides which (`duban.orchestration.ways`): the edges that the chapter draws are all that has to be said.
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
from duban.orchestration.matters import MATTER_TYPES
from duban.orchestration.people import actor_of
from duban.orchestration.runs import find_number, number_of
from duban.orchestration.tasks import Act, Decision, LedgerWait, Step, Watch
from duban.orchestration.ways import awaits_any

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
            form = {**context["params"], "type": MATTER_TYPES[self.dag.dag_id]}
            try:
                acts.register(form, actor_of(str(run.triggering_user_name or "")), run_id)
            except Refusal as refusal:
                raise AirflowFailException(str(refusal)) from refusal
        self.go_on(context, number_of(context))


def step(task_id: str, act: Act | None = None, *, name: str, kind: str | None = None, **more: Any) -> Step:
    """Make a task that does ``act(number)``; with ``kind``, only while the ledger awaits a key of that kind."""
    return Step(task_id=task_id, act=act, kinds=(kind,) if kind else (), task_display_name=name, **more)


def wait(task_id: str, *kinds: str, name: str, act: Act | None = None, **more: Any) -> LedgerWait:
    """Make a task that waits while the ledger awaits the first of ``kinds``, then acts (on the others) and goes on."""
    return LedgerWait(task_id=task_id, kinds=kinds, act=act, task_display_name=name, **more)


def decision(task_id: str, kind: str, *, name: str, **more: Any) -> Decision:
    """Make a task that puts the decision ``kind`` to the people of its post, then goes on."""
    return Decision(task_id=task_id, kinds=(kind,), task_display_name=name, **more)


def join(task_id: str, *, name: str) -> EmptyOperator:
    """Make the place where branches meet (no worker is needed): one of them came here, none failed."""
    return EmptyOperator(task_id=task_id, task_display_name=name, trigger_rule=MEET)


def watch(task_id: str, *, name: str, accompanies: tuple[str, ...]) -> Watch:
    """Make a task that waits beside the main line for what the tasks behind it are for."""
    return Watch(task_id=task_id, accompanies=accompanies, task_display_name=name)


def kinds_of(group: Any) -> tuple[str, ...]:
    """Return the kinds of wait that the tasks of a group are for."""
    return tuple(dict.fromkeys(kind for task in group.iter_tasks() for kind in getattr(task, "kinds", ())))


def rounds(
    body: Any, *, said: Callable[[State], str], name: str, beside: tuple[str, ...] = (), at_most: int = 1000
) -> Any:
    """Repeat the task group ``body`` as long as the ledger awaits anything that it is for, or of the kinds ``beside``.

    ``said(state)`` is what is shown at each pass in the UI, in Chinese.
    """

    def enough() -> LoopDecision:
        with ledger.transaction() as session:
            state = ledger.state(session, number_of(get_current_context()))
        short = said(state).encode()[:LOOP_REASON_BYTES].decode(errors="ignore")
        return LoopDecision(stop=not awaits_any(state, kinds), reason=short)

    group = body.loop(max_iterations=at_most, until=enough)
    kinds = kinds_of(group) + beside
    gate = group.children[group.gate_task_id]
    gate._task_display_name = name  # the gate is made by Airflow, which names it by its id
    return group
