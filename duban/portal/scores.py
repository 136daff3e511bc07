"""The months of scores over HTTP, below ``/duban/api/scores``: a unit reads its own, and objects to what is wrong.

A unit sees its entries in every detail from the draft on, and the ranking of all units once it is published; the office
and the leaders see the whole sheet. Nobody of a unit learns of another's entries.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from duban import ledger, periodicals
from duban.acts import may_see
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.ledger.standing import STATES
from duban.periodicals import reading, scoring
from duban.portal.signed_in import Signed, in_ledger

router = APIRouter(prefix="/api/scores")
KIND = "monthly_scoring"


@router.get("")
async def months(actor: Signed) -> Any:
    """List the periods that have been drafted, the latest first, with the person's own unit in each."""

    def read() -> list[dict[str, Any]]:
        with ledger.transaction() as session:
            return [_line(state, actor) for state in reading.listed(session, KIND) if state.attempt]

    return await in_ledger(read)


@router.get("/{number}")
async def month(number: str, actor: Signed) -> Any:
    """Return one period: for a unit its own line and entries, for the office and the leaders the whole sheet."""

    def read() -> dict[str, Any]:
        with ledger.transaction() as session:
            state = reading.of(ledger.state(session, number), KIND).state
            content = periodicals.snapshot(session, number)
        return _line(state, actor) | _told(state, content, actor)

    return await in_ledger(read, refused=404)


@router.post("/{number}/objections")
async def objection(request: Request, number: str, actor: Signed) -> Any:
    """Object to an entry of one's own unit: `entry` (its id) and `reason`; return it with its number."""
    said = await request.form(max_files=0, max_fields=10)

    def write() -> dict[str, Any]:
        fields = {name: str(value) for name, value in said.items()}
        if unknown := sorted(set(fields) - {"entry", "reason"}):
            raise Refusal(f"“提出异议”里没有“{'、'.join(unknown)}”这一项，可以填写：entry、reason。")
        state = periodicals.object_to(number, actor, fields.get("entry", ""), fields.get("reason", ""))
        made = next(one for one in reading.of(state).periodical.objections if one.entry == fields["entry"])
        return {"number": number, "objection": made.model_dump(mode="json")}

    return await in_ledger(write)


def _line(state: State, actor: Actor) -> dict[str, Any]:
    period = reading.of(state).periodical
    mine = [one for one in period.objections if may_see(state, actor) or one.unit == actor.unit]
    return {
        "number": state.number,
        "title": state.title,
        "period": period.period,
        "reference": state.reference,
        "state": state.state,
        "state_text": STATES[state.state],
        "objections_until": period.objections_until.isoformat() if period.objections_until else None,
        "may_object": state.awaits("objections") is not None and actor.unit is not None,
        "published_at": period.published_at.isoformat() if period.published_at else None,
        "objections": [one.model_dump(mode="json") for one in mine],
    }


def _told(state: State, content: dict[str, Any], actor: Actor) -> dict[str, Any]:
    if may_see(state, actor):
        return {"sheet": content["sheet"]}
    own = scoring.unit_in(content, actor.unit or "")
    if own is not None:
        own |= {name: [scoring.told(one) for one in own[name]] for name in ("entries", "carried")}
    if own is not None and state.state != "published":
        own = {name: value for name, value in own.items() if name != "rank"}  # told with the ranking, not before
    return {"unit": own, "ranking": scoring.ranking(content) if state.state == "published" else None}
