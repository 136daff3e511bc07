"""What is looked at across matters: the day's list, what one's own unit owes, when a limit would be due, what ended."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import acts, clock, deadlines, ledger, organization, regulation, watch
from duban.acts.asking import title
from duban.acts.form import is_secret
from duban.acts.reviewing import APPROVED
from duban.ledger import Actor, State
from duban.ledger.models import MatterRow
from duban.ledger.queries import MATTERS
from duban.portal import today
from duban.portal.rest.described import refusals
from duban.portal.rest.matters import kept
from duban.portal.rest.models import Counted, File, Owed, Results, Watch
from duban.portal.rest.registering import own_key
from duban.portal.signed_in import Signed, in_ledger
from duban.portal.visible import seen_by

router = APIRouter(prefix="/api")

MOST = 500
"""Results of one answer; whoever wants the rest asks again from its `until` on."""
OVERLAP = timedelta(minutes=2)
"""What is entered at a moment may come to light a little later: `until` lies so far back, and nothing is missed."""


@router.get("/accounts", response_model=list[Owed], responses=refusals(), summary="本单位欠的书面说明", tags=["督办件"])
async def accounts(actor: Signed) -> Any:
    """List the cases in which the person's unit owes its written account (BC-7.1.5), whoever handles the matter."""

    def owed() -> list[dict[str, str]]:
        with ledger.transaction() as session:
            return acts.owed_by(session, actor.unit) if actor.unit else []

    return await in_ledger(owed)


@router.get("/watch", response_model=Watch, responses=refusals(), summary="每日提示", tags=["督办件"])
async def todays(actor: Signed) -> Any:
    """Return what the office should look at today (每日提示)."""

    def look() -> dict[str, Any]:
        with ledger.transaction() as session:
            now = clock.now(session)
            found = today.findings(session, actor, now)
        rows = [asdict(finding) | {"kind_text": watch.KINDS[finding.kind].name} for finding in found]
        return {"at": now, "summary": watch.summary(found), "findings": rows}

    return await in_ledger(look)


@router.get("/deadlines", response_model=Counted, responses=refusals(409), summary="期限试算", tags=["督办件"])
async def preview(
    _actor: Signed,
    rule: str = Query("general", title="督办类型或期限名称", max_length=60),
    start: date | None = Query(None, title="从哪一天起算", description="不填即今天。"),
) -> Any:
    """Return when a limit that starts on a day would be due by the regulation in force then, and how it is counted."""

    def count() -> deadlines.Due:
        with ledger.transaction() as session:
            now = clock.now(session)
        later = start is not None and start != now.date()
        moment = datetime.combine(start, _MORNING, clock.SHANGHAI) if later and start else now
        return deadlines.named(rule, moment, regulation.current(moment.date()))

    due = await in_ledger(count)
    return {
        "due_on": due.on,
        "due_at": due.at,
        "clause": due.basis.clause,
        "counted": due.counted,
        "rolled": due.rolled,
    }


_MORNING = time(9)


@router.get("/results", response_model=Results, responses=refusals(), summary="办结和撤销的督办件", tags=["督办件"])
async def results(
    actor: Signed, since: datetime = Query(title="从什么时候起", description="不写时区的按北京时间。")
) -> Any:
    """Return the matters that ended since a moment and that the person may see, the first ended first."""

    def read() -> dict[str, Any]:
        with ledger.transaction() as session:
            now = clock.now(session)
            ended = _ended(session, _aware(since), actor)
            until = _until(ended, now)
            shown = [number for number, at in ended if at < until or until == now]
            states = [ledger.state(session, number) for number in shown]
        back = until if until < now else max(now - OVERLAP, min(_aware(since), now))
        return {"until": back, "results": [_result(state, actor) for state in states]}

    return await in_ledger(read)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)


def _ended(session: Session, since: datetime, actor: Actor) -> list[tuple[str, datetime]]:
    query = select(MatterRow.number, MatterRow.closed_at).where(MatterRow.version > 0, MATTERS, seen_by(actor))
    query = query.where(MatterRow.closed_at >= since).order_by(MatterRow.closed_at, MatterRow.number)
    return [(row.number, row.closed_at) for row in session.execute(query)]


def _until(ended: list[tuple[str, datetime]], now: datetime) -> datetime:
    """Return until when the answer tells: now, or the first moment after those that fit into it."""
    last = ended[MOST - 1][1] if len(ended) > MOST else now
    return next((at for _number, at in ended if at > last), now)


def _result(state: State, actor: Actor) -> dict[str, Any]:
    files = [] if is_secret(state.mark) else kept(state)
    reply = state.rounds[-1].reply if state.rounds else ""
    return {
        **{name: getattr(state, name) for name in ("number", "reference", "unit", "outcome", "closed_at")},
        "key": own_key(state.run_key, actor),
        "title": title(state),
        "unit_name": organization.load(state.organization).unit(state.unit).name,
        "report": _report(state, files),
        "reply": next((one for one in files if one.sha256 == reply), None),
    }


def _report(state: State, files: list[File]) -> File | None:
    """Return the last 办理报告 (the paper on which the matter was closed), the approved copy if there is one."""
    if state.outcome != "closed":
        return None
    kind = regulation.load(state.regulation).close_chain.document
    papers = [one for one in files if kind and one.kind == kind]
    at = {(one.sha256, one.name): one.at for one in state.documents}
    return max(papers, key=lambda one: (APPROVED in one.name, at[one.sha256, one.name]), default=None)
