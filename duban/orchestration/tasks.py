"""The three kinds of task a supervision DAG is made of: a step, a wait, a decision.

All three look at the ledger first and last: first, because a task that runs a second time (worker killed, retried,
cleared) must not do or ask what is already done or answered; last, because the way on follows from what the ledger
says now and not from what this task remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import BaseOperator, Param, TriggerRule
from airflow.sdk.bases.branch import BranchMixIn
from airflow.sdk.configuration import conf
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import AirflowFailException, DownstreamTasksSkipped
from airflow.sdk.execution_time.hitl import upsert_hitl_detail

from duban import acts, ledger, organization
from duban.errors import Refusal
from duban.ledger.standing import State
from duban.orchestration import questions
from duban.orchestration.people import actor_of
from duban.orchestration.runs import number_of
from duban.orchestration.triggers import LedgerTrigger

Act = Callable[[str], object]
"""What a task does with the matter of that number; idempotent."""
Branch = Callable[[State], str | Collection[str]]
"""From what the ledger says to the name(s) of the direct successor(s) that go on; the others are skipped."""
Context = Mapping[str, Any]


class LedgerTask(BaseOperator, BranchMixIn):  # type: ignore[misc]
    """What the three kinds have in common: the matter, its act, the way on."""

    inherits_from_skipmixin = True

    def __init__(self, *, act: Act | None = None, then: Branch | None = None, **kwargs: Any) -> None:
        # Ways part and meet again everywhere, so a task goes on when one way has led to it and none has failed;
        # Airflow's own default would skip it as soon as one of the other ways was not taken.
        kwargs.setdefault("trigger_rule", TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS)
        super().__init__(**kwargs)
        self.act = act
        self.then = then

    def go_on(self, context: Context, number: str, *, act: bool = True) -> None:
        """Do the act, then branch by what the ledger says after it."""
        if act and self.act is not None:
            self.act(number)
        if self.then is None:
            return
        with ledger.transaction() as session:
            state = ledger.state(session, number)
        chosen = self.then(state)
        names = [chosen] if isinstance(chosen, str) else list(chosen)
        try:
            self.do_branch(context, [successor for name in names for successor in self._successors(name)])
        except DownstreamTasksSkipped as skipped:
            raise DownstreamTasksSkipped(tasks=self._cut_off({task for task, _ in skipped.tasks})) from None

    def _cut_off(self, skipped: set[str]) -> list[tuple[str, int]]:
        """Return the tasks not taken and all in this group that can be reached through them only.

        Airflow would find the latter out by itself, but one after the other, a scheduler pass each: the task that was
        chosen would wait for five passes until every other way into it is known to be closed.
        """
        cut = set(skipped)
        while True:
            behind = {follower for task in cut for follower in self.dag.get_task(task).downstream_task_ids} - cut
            lost = {task for task in behind if self._is_lost(self.dag.get_task(task), cut)}
            if not lost:
                return [(task, -1) for task in sorted(cut)]
            cut |= lost

    def _is_lost(self, task: Any, cut: set[str]) -> bool:
        skips = task.trigger_rule in (TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS, TriggerRule.ALL_SUCCESS)
        return skips and task.task_group is self.task_group and task.upstream_task_ids <= cut

    def _successors(self, name: str) -> list[str]:
        """Find the direct successor called ``name``: its id, its id inside this group, or a group that begins there."""
        group = f"{self.task_group.group_id}." if self.task_group and self.task_group.group_id else ""
        for full in (name, group + name):
            found = [task for task in self.downstream_task_ids if task == full or task.startswith(full + ".")]
            if found:
                return sorted(found)
        raise AirflowFailException(f"{self.task_id} has no direct successor called {name!r}")


class Step(LedgerTask):
    """Does its act once. With ``kind``: only while the ledger awaits such a key, so a superseded step is not done."""

    def __init__(self, *, kind: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    def execute(self, context: Context) -> None:
        """Act and go on, or only go on when the ledger no longer wants the act."""
        number = number_of(context)
        wanted = self.kind is None or _key_now(number, self.kind) is not None
        if not wanted:
            self.log.info("%s no longer awaits %s: nothing to do here", number, self.kind)
        self.go_on(context, number, act=wanted)


class LedgerWait(LedgerTask):
    """Waits in the triggerer until the ledger no longer awaits a key of ``kind``; no time limit, no worker slot.

    The deadline is one of the things that end a wait, but the ledger keeps it: a limit here would be a second clock.
    """

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    def execute(self, context: Context) -> None:
        """Go on at once if nothing of that kind is awaited, else leave the waiting to the triggerer."""
        self._wait_or_go_on(context, number_of(context))

    def execute_complete(self, context: Context, event: Mapping[str, Any]) -> None:
        """Resume; the ledger is asked again, since a resumed task may run long after its trigger fired."""
        self._wait_or_go_on(context, str(event["number"]))

    def _wait_or_go_on(self, context: Context, number: str) -> None:
        key = _key_now(number, self.kind)
        if key is None:
            self.go_on(context, number)
            return
        self.log.info("Waiting for %s of %s", key, number)
        ends = self.act is None and self.then is None
        self.defer(trigger=LedgerTrigger(number, key, ends_task=ends), method_name="execute_complete")


class Decision(LedgerTask, HITLOperator):  # type: ignore[misc]
    """Puts a decision to the people of a post, in Airflow's own form, and goes on when the ledger has an answer.

    The standard operator parks its task until Airflow gets the answer. Here the ledger gets it first (the door), or
    gets something else that makes the question moot, so the task waits for the ledger instead: a deferred task is
    answered by the same form and the same request, and ends by itself when its key is gone.
    """

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        # The operator wants a subject and options when the DAG is read; the matter's own come when it is asked.
        super().__init__(subject=kind, options=["—"], **kwargs)
        self.kind = kind

    def execute(self, context: Context) -> None:
        """Ask, unless the ledger does not (or no longer) await this decision."""
        self._ask_or_go_on(context, number_of(context))

    def execute_complete(self, context: Context, event: Mapping[str, Any], asked: str = "") -> None:
        """Resume, whoever woke the task: the ledger's poller, or Airflow with an answer to the key ``asked``."""
        number = number_of(context)
        if event.get("chosen_options") and _key_now(number, self.kind) == asked:
            self._record(number, asked, event)
        self._ask_or_go_on(context, number)

    def _ask_or_go_on(self, context: Context, number: str) -> None:
        place = questions.Place.of(context["ti"])
        with ledger.transaction() as session:
            state = ledger.state(session, number)
            key = state.awaits(self.kind)
            if key is not None:
                questions.ask(session, number, key, place)
        if key is None:
            self.go_on(context, number)
            return
        self._ask(context, state, key)
        self.defer(trigger=LedgerTrigger(number, key), method_name="execute_complete", kwargs={"asked": key})

    def _ask(self, context: Context, state: State, key: str) -> None:
        question = acts.question(state, key)
        self.subject, self.body = question.subject, question.body
        self.options = list(question.options)
        self.params = ParamsDict({name: _param(schema) for name, schema in question.fields.items()})
        upsert_hitl_detail(
            ti_id=context["ti"].id,
            options=self.options,
            subject=self.subject,
            body=self.body,
            params=self.serialized_params,
            assigned_users=_people_of(question.posts),
        )
        self.log.info("Asked: %s", key)

    def _record(self, number: str, key: str, event: Mapping[str, Any]) -> None:
        """Record an answer that reached Airflow past the door; if it is refused, the question is put again."""
        self.log.warning("%s was answered past the door; recording it now", key)
        user = event.get("responded_by_user") or {}
        option, fields = str(event["chosen_options"][0]), dict(event.get("params_input") or {})
        try:
            acts.decide(number, key, option, fields, actor_of(user.get("id", "")))
        except Refusal as refusal:
            self.log.warning("The answer to %s is refused, asking again: %s", key, refusal)


def _key_now(number: str, kind: str) -> str | None:
    with ledger.transaction() as session:
        return ledger.state(session, number).awaits(kind)


def _param(schema: Mapping[str, Any]) -> Param:
    rest = dict(schema)
    description = rest.pop("description", None)
    return Param(rest.pop("default", None), description=description, **rest)


def _people_of(posts: Collection[str]) -> list[dict[str, str]] | None:
    """Return who may answer, as Airflow shows it; the ledger checks the post itself.

    Only where sign-in names are Airflow's user ids (the simple manager). Where they are not (FAB numbers its users),
    Airflow would refuse everyone whom it is told by name.
    """
    if "SimpleAuthManager" not in conf.get("core", "auth_manager", fallback=""):
        return None
    return [{"id": holder.user, "name": holder.name} for holder in organization.load().holders(posts)] or None
