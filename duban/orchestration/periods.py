"""The words in which the periodical DAGs are written: ``job``, ``opening``, ``agreeing``, ``issuing``.

Each run of such a DAG has a period file (期) in the ledger, with a number, waits and decisions like a matter; so its
tasks are the same three kinds, and go on where the ledger stands. What no version of the regulation knows is not drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from inspect import cleandoc
from typing import Any

from airflow.sdk import DAG, Label, Param, dag, task_group
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from sqlalchemy import select

from duban import clock, ledger, periodicals, regulation, schedules
from duban.errors import Refusal
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.standing import STATES, State
from duban.orchestration import family
from duban.orchestration.assets import LEDGER, SCORES
from duban.orchestration.family import Family
from duban.orchestration.notes import note_of
from duban.orchestration.runs import find_number, number_of
from duban.orchestration.steps import PATIENT, decision, join, rounds, step
from duban.orchestration.tasks import Step
from duban.orchestration.timetables import PeriodTimetable
from duban.periodicals import spans
from duban.regulation import Regulation

Node = Any

PERIOD = "period"
"""The one field of the form of a run that is started by hand."""


def knows(kind: str, law: Regulation) -> bool:
    """Say whether the regulation has this kind of period file, and a time for it or an office that decides on it."""
    timed = schedules.schedule(kind, law) is not None or kind == "bulletin"
    return timed and periodicals.KINDS[kind].basis(law) is not None


def job(kind: str) -> Callable[[Callable[[Family], None]], Callable[[], object]]:
    """Make the DAG of one kind of period file out of the function below; nothing where the regulation lacks it."""
    laws = family.load()

    def decorate(procedure: Callable[[Family], None]) -> Callable[[], object]:
        known = [law for law in laws.versions if knows(kind, law)]
        if not known:
            return lambda: None
        law = _in_force(known)
        clause = periodicals.KINDS[kind].basis(law)
        said = f"依据《{law.title}》{clause.clause}。" if clause else ""
        build = dag(
            dag_id=kind,
            dag_display_name=_NAMES[kind](law),
            schedule=_schedule(kind, law, laws),
            catchup=False,  # the timetable knows what is made up: each month of scores, of the weekly reports the last
            max_active_runs=1 if kind == "monthly_scoring" else 1000,  # a month opens where the one before it closed
            default_args=PATIENT,
            params={PERIOD: _field(kind, law)},
            tags=["督办", "定期"],
            doc_md=f"### {_NAMES[kind](law)}\n\n{said}{cleandoc(procedure.__doc__ or '')}",
        )(lambda: procedure(laws))

        def made() -> DAG:
            built = build()
            built.fileloc = procedure.__code__.co_filename
            return built

        return made

    return decorate


def _in_force(known: list[Regulation]) -> Regulation:
    today = datetime.now(clock.SHANGHAI).date()
    return next((law for law in reversed(known) if law.valid_from <= today), known[0])


def _schedule(kind: str, law: Regulation, laws: Family) -> Any:
    timed = schedules.schedule(kind, law)
    if timed is None:  # 五（十）不定期: the office is asked when there are new scores
        return [SCORES] if knows("monthly_scoring", law) else None
    # A bulletin is numbered when it is opened; the others by their period, which is known before.
    letters = "" if kind == "bulletin" else f"{laws.org.number_prefix}-{periodicals.KINDS[kind].letters}"
    return PeriodTimetable(timed, letters)


_NAMES: dict[str, Callable[[Regulation], str]] = {
    "weekly_progress": lambda _law: "办件进展周报",
    "monthly_scoring": lambda law: (
        {"month": "月度", "quarter": "季度", "year": "年终"}[law.scoring.published or "year"] + "督办考核"
    ),
    "instruction_digest": lambda law: law.digest.document or law.cadence.document or "每月进展汇总",
    "bulletin": lambda law: law.bulletin.document or "督办情况通报",
    "year_end_archive": lambda _law: "年底归档",
}

_HOW = {
    "day": "日期，如 2026-11-20；不填即今天。",
    "month": "月份，如 2026-03；不填即最近一期。",
    "quarter": "季度，如 2026-Q1；不填即最近一期。",
    "year": "年份，如 2026；不填即去年。",
}


def _field(kind: str, law: Regulation) -> Param:
    how = _HOW[periodicals.KINDS[kind].forms(law)[0]]
    return Param(None, type=["string", "null"], title="期", description=f"{how}同一期只办一次。", section="哪一期")


def default_period(kind: str, law: Regulation, now: datetime) -> str:
    """Return the period that a run by hand is about if nobody says which: today, or the last that is over.

    By the date alone: whoever asks before the first working day, or while a calendar is missing, means the same period.
    """
    today = now.astimezone(clock.SHANGHAI).date()
    timed, form = schedules.schedule(kind, law), periodicals.KINDS[kind].forms(law)[0]
    if timed is None or form == "day":
        return today.isoformat()
    over = spans.containing(spans.containing(today, form).starts - spans.ONE, form).period
    with suppress(Refusal):  # what is drawn up on the 28th is due before its month is over
        over = max(over, timed.period(timed.latest(now)))
    return over


def opening(*, name: str = "建期") -> Step:
    """Make the first task: it makes sure that the run's period file is in the ledger, once for its period."""
    return _Opening(task_id="open", task_display_name=name)


class _Opening(Step):
    def execute(self, context: Mapping[str, Any]) -> None:
        """Open the file unless it is there; a period that another run has taken up is left to that."""
        number = find_number(str(context["run_id"]), context["dag_run"].conf)
        self.go_on(context, number or self._open(context))

    def _open(self, context: Mapping[str, Any]) -> str:
        run_id, kind = str(context["run_id"]), self.dag.dag_id
        try:
            number = periodicals.open(kind, _period(context, self.dag), run_key=run_id)
        except Refusal as refusal:
            if context["dag_run"].run_type != "manual":
                raise  # nobody asks for this period a second time, and a busy ledger or a faulty file passes
            raise AirflowFailException(str(refusal)) from refusal
        with ledger.transaction() as session:
            state = ledger.state(session, number)
        if state.run_key != run_id:
            raise AirflowSkipException(f"{number} 已经建期，由原来的流程办理")
        context["ti"].update_dagrun_note(note_of(state))
        return number


def _period(context: Mapping[str, Any], made: DAG) -> str:
    run, kind = context["dag_run"], made.dag_id
    if said := context["params"].get(PERIOD):
        return str(said)
    if run.run_type == "asset_triggered":
        return _of_the_scores(context, str(context["run_id"]))
    if run.run_type in ("scheduled", "backfill"):
        timed = made.timetable
        slot = timed.slot_of(run.logical_date)
        _skip_before_the_ledger(timed.schedule.due(slot))
        return str(timed.schedule.period(slot))
    with ledger.transaction() as session:
        now = clock.now(session)
    return default_period(kind, regulation.current(now.date()), now)


def _skip_before_the_ledger(due: datetime | None) -> None:
    """A period that was over before anything was in the ledger is nobody's: the system was set up since."""
    with ledger.transaction() as session:
        if due is not None and session.scalar(select(EventRow.at).where(EventRow.at <= due).limit(1)) is None:
            raise AirflowSkipException("这一期还没有台账，不办")


def _of_the_scores(context: Mapping[str, Any], run_id: str) -> str:
    """The period whose scores were published; a second notice of the same scores asks nobody a second time."""
    events = [event for group in context["triggering_asset_events"].values() for event in group]
    period = str(events[-1].extra[PERIOD])
    same = MatterRow.view["form"][PERIOD].astext == period
    with ledger.transaction() as session:
        mine = select(MatterRow.run_key).where(MatterRow.type == "bulletin", same)
        taken = [key for key in session.scalars(mine) if (key or "").startswith("asset_triggered__")]
    if any(key != run_id for key in taken):
        raise AirflowSkipException(f"{period} 的考核印发以后已经问过")
    return period


def agreeing(laws: Family, kind: str, word: str, *, edited: bool = False) -> Node:
    """Draft, let those concerned object, edit and sign; what is sent back is drafted again, with everything behind it.

    ``word``: what the desks' waits are called in the ledger; ``edited``: the office writes into the draft.
    """
    desks = laws.draft_desks(kind)
    window = kind == "monthly_scoring" and laws.any(lambda law: law.scoring.objection is not None)
    if not (desks or window or edited):
        return drafting()

    @task_group(group_id="drafting_round", group_display_name="起草和审批")  # type: ignore[untyped-decorator]
    def body() -> None:
        draft, concluded = drafting(), join("round_concluded", name="本稿结束")
        before, said = draft, "已出初稿"
        if window:
            # The office is asked at once, while others may still object: it need not wait for the window's end.
            objections = decision(
                "objections", "objection.office", name="异议期：裁定异议", accompanies=("objections",)
            )
            draft >> Label("异议期") >> objections >> Label("异议成立，重新起草") >> concluded
            before, said = objections, "异议期满"
        if edited:
            edit = decision("edit", "edit.office", name=f"{laws.office}核稿")
            before >> Label("核稿") >> edit >> Label("重新统计、不印发") >> concluded
            before, said = edit, "送审"
        for desk in desks:
            signed = decision(f"sign_{desk.post}", f"{word}.{desk.post}", name=desk.name)
            before >> Label(said) >> signed >> Label("退回重拟、同意印发") >> concluded
            before, said = signed, "同意"

    def at(state: State) -> str:
        return f"第{state.attempt}稿：{STATES[state.state]}"

    return rounds(body, said=at, name="定稿了吗")


def drafting() -> Step:
    """Make the task that drafts the period file from the ledger as it stands."""
    return step("draft", periodicals.draft, kind="draft", name="起草", inlets=[LEDGER])


def issuing(after: Node, **more: Any) -> Node:
    """Publish what was agreed to, and make its papers; return the last task."""
    publish = _Publishing(
        task_id="publish", act=periodicals.publish, kinds=("publish",), task_display_name="印发", **more
    )
    complete = step("complete", periodicals.complete, kind="papers", name="制作文书")
    after >> Label("同意印发") >> publish >> complete
    return complete


class _Publishing(Step):
    def execute(self, context: Mapping[str, Any]) -> None:
        """Publish, and tell whoever follows by an asset which period it was; numbers only."""
        super().execute(context)
        number = number_of(context)
        with ledger.transaction() as session:
            state = ledger.state(session, number)
        for asset in self.outlets:
            context["outlet_events"][asset].extra = {"number": number, PERIOD: state.form[PERIOD]}
