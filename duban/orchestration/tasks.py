"""The three kinds of task a supervision DAG is made of: a step, a wait, a decision.

All three look at the ledger first and last: first, because a task that runs a second time (worker killed, retried,
cleared) must not do or ask what is already done or answered; last, because the way on follows from what the ledger
says now and not from what this task remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import BaseOperator, Param, TriggerRule
from airflow.sdk.bases.branch import BranchMixIn
from airflow.sdk.configuration import conf
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import DownstreamTasksSkipped
from airflow.sdk.execution_time.hitl import upsert_hitl_detail

from duban import acts, ledger
from duban.errors import Refusal
from duban.ledger.standing import State
from duban.orchestration import questions, ways
from duban.orchestration.people import Asked, actor_of
from duban.orchestration.runs import number_of
from duban.orchestration.triggers import LedgerTrigger

Act = Callable[[str], object]
"""What a task does with the matter of that number; idempotent."""
Context = Mapping[str, Any]


class LedgerTask(BaseOperator, BranchMixIn):  # type: ignore[misc]
    """What the three kinds of task have in common: the matter, the act, the way on.

    ``kinds``: the kinds of wait that it is there for, by which other tasks find the way to it.
    """

    inherits_from_skipmixin = True

    def __init__(self, *, kinds: tuple[str, ...] = (), act: Act | None = None, **kwargs: Any) -> None:
        # Ways part and meet again everywhere, so a task goes on when one way has led to it and none has failed;
        # Airflow's own default would skip it as soon as one of the other ways was not taken.
        kwargs.setdefault("trigger_rule", TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS)
        super().__init__(**kwargs)
        self.kinds = kinds
        self.act = act

    def awaited(self, state: State) -> str | None:
        """Return the key that the ledger awaits and this task is for, if there is one."""
        return next((key for key in state.awaiting if ways.is_for(self, key)), None)

    def go_on(self, context: Context, number: str) -> None:
        """Branch to what the ledger awaits now; where only one task follows there is nothing to choose."""
        if len(self.downstream_task_ids) < 2:
            return
        chosen = ways.onward(self, _state(number))
        with suppress(DownstreamTasksSkipped):
            self.do_branch(context, chosen)  # notes the choice, for a task that is cleared later
        if cut := self._cut_off(chosen):
            raise DownstreamTasksSkipped(tasks=[(task, -1) for task in sorted(cut)])

    def _cut_off(self, chosen: Collection[str]) -> set[str]:
        """Return all that lies behind this task and not behind a chosen one; from inside a loop, nothing outside.

        Airflow skips the direct successors only and finds out about the rest one after the other, a scheduler pass
        each; and what this run's first task also leads to, it would start after all.
        """
        kept = {name for one in chosen for name in self.dag.get_task(one).get_flat_relative_ids(upstream=False)}
        here = _loop_of(self)
        behind = self.get_flat_relative_ids(upstream=False) - kept - set(chosen)
        return {name for name in behind if here is None or _loop_of(self.dag.get_task(name)) is here}


class Step(LedgerTask):
    """Does its act once. With ``kinds``: only while the ledger awaits one, so a superseded step is not done."""

    def execute(self, context: Context) -> None:
        """Act and go on, or only go on when the ledger no longer wants the act."""
        number = number_of(context)
        if self.kinds and self.awaited(_state(number)) is None:
            self.log.info("%s no longer awaits %s: nothing to do here", number, self.kinds[0])
        elif self.act is not None:
            self.act(number)
        self.go_on(context, number)


class LedgerWait(LedgerTask):
    """Waits in the triggerer until the ledger no longer awaits the first of ``kinds``; no time limit, no worker slot.

    The deadline is one of the things that end a wait, but the ledger keeps it: a limit here would be a second clock.
    """

    def execute(self, context: Context) -> None:
        """Act and go on at once if nothing of that kind is awaited, else leave the waiting to the triggerer."""
        number = number_of(context)
        key = _state(number).awaits(self.kinds[0])
        if key is not None:
            self.log.info("Waiting for %s of %s", key, number)
            ends = self.act is None and not self.downstream_task_ids
            self.defer(trigger=LedgerTrigger(number, key, ends_task=ends), method_name="execute_complete")
        if self.act is not None:
            self.act(number)
        self.go_on(context, number)

    def execute_complete(self, context: Context, event: Mapping[str, Any]) -> None:
        """Resume; the ledger is asked again, since a resumed task may run long after its trigger fired.

        Another key of the same kind is another round: it is waited for in the loop's next pass.
        """
        number = str(event["number"])
        if event["key"] in _state(number).awaiting:
            self.execute(context)
            return
        if self.act is not None:
            self.act(number)
        self.go_on(context, number)


class Watch(LedgerTask):
    """Waits beside the main line until the ledger awaits something that the tasks behind it are for.

    ``accompanies``: the kinds of the main line beside which that may happen; it is over, too, when none of them is
    awaited any more.
    """

    def __init__(self, *, accompanies: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.accompanies = accompanies

    def execute(self, context: Context) -> None:
        """Go on if there is something to do or nothing more to come, else leave the waiting to the triggerer."""
        number = number_of(context)
        state, wanted = _state(number), ways.kinds_behind(self)
        if ways.awaits_any(state, self.accompanies) and not ways.awaits_any(state, wanted):
            trigger = LedgerTrigger(number, beside=self.accompanies, until=wanted)
            self.defer(trigger=trigger, method_name="execute_complete")
        self.go_on(context, number)

    def execute_complete(self, context: Context, event: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Resume; the ledger is asked again."""
        self.execute(context)


class Decision(LedgerTask, HITLOperator):  # type: ignore[misc]
    """Puts a decision to the people of a post, in Airflow's own form, and goes on when the ledger has an answer.

    The standard operator parks its task until Airflow gets the answer. Here the ledger gets it first (the door), or
    gets something else that makes the question moot, so the task waits for the ledger instead: a deferred task is
    answered by the same form and the same request, and ends by itself when its key is gone.

    ``accompanies``: as long as the ledger awaits one of these, another question of the kind may come up.
    """

    def __init__(self, *, kinds: tuple[str, ...], accompanies: tuple[str, ...] = (), **kwargs: Any) -> None:
        # The operator wants a subject and options when the DAG is read; the matter's own come when it is asked.
        super().__init__(subject=kinds[0], options=["—"], kinds=(*kinds, *accompanies), **kwargs)
        self.asks = kinds
        self.accompanies = accompanies

    def awaited(self, state: State) -> str | None:
        """Return the key of the question that the ledger awaits an answer to, if there is one."""
        return next((key for key in state.awaiting if key.rpartition(":")[0] in self.asks), None)

    def execute(self, context: Context) -> None:
        """Ask, unless the ledger does not (or no longer) await this decision."""
        self._ask_or_go_on(context, number_of(context))

    def execute_complete(self, context: Context, event: Mapping[str, Any], asked: str = "") -> None:
        """Resume, whoever woke the task: the ledger's poller, or Airflow with an answer to the key ``asked``.

        The poller also wakes it when the organization file names somebody else at the post: then it is asked again,
        of the successor.
        """
        number = number_of(context)
        if event.get("chosen_options") and asked in _state(number).awaiting:
            self._record(number, asked, event)
        self._ask_or_go_on(context, number)

    def _ask_or_go_on(self, context: Context, number: str) -> None:
        place = questions.Place.of(context["ti"])
        with ledger.transaction() as session:
            state = ledger.state(session, number)
            key = self.awaited(state)
            if key is not None:
                questions.ask(session, number, key, place)
        if key is None and ways.awaits_any(state, self.accompanies):
            trigger = LedgerTrigger(number, beside=self.accompanies, until=self.asks)
            self.defer(trigger=trigger, method_name="execute_complete")
        if key is None:
            if self.act is not None:
                self.act(number)
            self.go_on(context, number)
            return
        asked = self._ask(context, state, key)
        self.defer(
            trigger=LedgerTrigger(number, key, asked=asked), method_name="execute_complete", kwargs={"asked": key}
        )

    def _ask(self, context: Context, state: State, key: str) -> Asked:
        question = acts.question(state, key)
        asked = Asked.now(state.organization, question.posts, question.unit or state.unit)
        self.subject, self.body = question.subject, question.body
        self.options = list(question.options)
        self.params = ParamsDict({name: _param(schema) for name, schema in question.fields.items()})
        upsert_hitl_detail(
            ti_id=context["ti"].id,
            options=self.options,
            subject=self.subject,
            body=self.body,
            params=self.serialized_params,
            assigned_users=_assigned(asked),
        )
        self.log.info("Asked: %s", key)
        return asked

    def _record(self, number: str, key: str, event: Mapping[str, Any]) -> None:
        """Record an answer that reached Airflow past the door; if it is refused, the question is put again."""
        self.log.warning("%s was answered past the door; recording it now", key)
        user = event.get("responded_by_user") or {}
        option, fields = str(event["chosen_options"][0]), dict(event.get("params_input") or {})
        try:
            acts.decide(number, key, option, fields, actor_of(user.get("id", "")))
        except Refusal as refusal:
            self.log.warning("The answer to %s is refused, asking again: %s", key, refusal)


def _loop_of(task: Any) -> Any:
    """Return the loop that the task is in, None if in none (a loop is known by the gate at its end)."""
    group = task.task_group
    while group is not None and not hasattr(group, "gate_task_id"):
        group = group.parent_group
    return group


def _state(number: str) -> State:
    with ledger.transaction() as session:
        return ledger.state(session, number)


def _param(schema: Mapping[str, Any]) -> Param:
    rest = dict(schema)
    description = rest.pop("description", None)
    return Param(rest.pop("default", None), description=description, **rest)


def _assigned(asked: Asked) -> list[dict[str, str]] | None:
    """Return who may answer, as Airflow shows it; the ledger checks the post itself.

    Only where sign-in names are Airflow's user ids (the simple manager). Where they are not (FAB numbers its users),
    Airflow would refuse everyone whom it is told by name.
    """
    if "SimpleAuthManager" not in conf.get("core", "auth_manager", fallback=""):
        return None
    return [{"id": holder.user, "name": holder.name} for holder in asked.holders()] or None
