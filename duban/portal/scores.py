"""The months of scores over HTTP, below ``/duban/api/scores``: a unit reads its own, and objects to what is wrong.

A unit sees its entries in every detail from the draft on, and the ranking of all units once it is published; the office
and the leaders see the whole sheet. Nobody of a unit learns of another's entries.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from duban import acts, ledger, periodicals
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.ledger.standing import Objection
from duban.periodicals import reading
from duban.periodicals.objecting import LONGEST
from duban.periodicals.score_told import line, told, told_to
from duban.portal.acts_words import label
from duban.portal.doing import find
from duban.portal.rest.deeds import form
from duban.portal.rest.described import refusals
from duban.portal.signed_in import Signed, in_ledger

router = APIRouter(prefix="/api/scores", tags=["考核"])
KIND = "monthly_scoring"
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "entry": {"title": label("提出异议", "entry"), "type": "string"},
                    "reason": {"title": label("提出异议", "reason"), "type": "string", "maxLength": LONGEST},
                },
                "required": ["entry", "reason"],
                "additionalProperties": False,
            }
        }
    },
}


class Month(BaseModel):
    """A period of scores, as a line."""

    number: str = Field(title="编号")
    title: str = Field(title="名称")
    period: str = Field(title="期")
    reference: str = Field(title="文号")
    state: str = Field(title="状态")
    state_text: str = Field(title="状态名称")
    objections_until: datetime | None = Field(title="异议到什么时候为止")
    may_object: bool = Field(title="现在可以提出异议")
    published_at: datetime | None = Field(title="公布时间")
    objections: list[Objection] = Field(
        title="异议", description="本单位的；办公室和局领导看到全部。有密级的，清单里不列，请取那一期。"
    )


class Told(Month):
    """A period with what of it is told to whoever asks."""

    sheet: dict[str, Any] | None = Field(None, title="计分表", description="给办公室和局领导；公布后也给检查、审计人员")
    unit: dict[str, Any] | None = Field(None, title="本单位的计分", description="给承办单位。")
    ranking: list[dict[str, Any]] | None = Field(None, title="排名", description="公布以后给承办单位。")


class Objected(BaseModel):
    """An objection as it was entered."""

    number: str = Field(title="编号")
    objection: Objection = Field(title="异议")


@router.get("", response_model=list[Month], responses=refusals(), summary="考核各期")
async def months(actor: Signed) -> Any:
    """List the periods that have been drafted, the latest first, with the person's own unit in each."""

    def read() -> list[dict[str, Any]]:
        with ledger.transaction() as session:
            found = [one for one in reading.listed(session, KIND) if told_to(one, actor)]
        return [line(one, actor) | ({"objections": []} if one.mark else {}) for one in found]

    return await in_ledger(read)


@router.get(
    "/{number}",
    response_model=Told,
    response_model_exclude_unset=True,
    responses=refusals(404),
    summary="一期考核",
)
async def month(number: str, actor: Signed) -> Any:
    """Return one period: for a unit its own line and entries, for the office and the leaders the whole sheet."""

    def read() -> dict[str, Any]:
        with ledger.transaction() as session:
            _of(session, number, actor)
            content = periodicals.snapshot(session, number)
        state = acts.consult(number, actor)  # of a marked file the reading is entered (BC-8.4)
        return line(state, actor) | told(state, content, actor)

    return await in_ledger(read, refused=404)


def _of(session: Session, number: str, actor: Actor) -> State:
    """Return the file; the same refusal for one that is not there, is something else, or is not told to this person."""
    state = find(session, number)
    if state is None or state.type != KIND or not told_to(state, actor):
        raise Refusal(f"没有编号为 {number} 的考核，或者还没有公布。")
    return state


@router.post(
    "/{number}/objections",
    response_model=Objected,
    responses=refusals(404, writes=True),
    openapi_extra={"requestBody": BODY},
    summary="提出考核异议",
)
async def objection(request: Request, number: str, actor: Signed) -> Any:
    """Object to an entry of one's own unit: `entry` (its id) and `reason`; return it with its number."""
    await in_ledger(_look, number, actor, refused=404)
    said = await form(request)

    def write() -> dict[str, Any]:
        fields = {name: value for name, value in said.items() if isinstance(value, str)}
        if unknown := sorted(set(said) - {"entry", "reason"}):
            raise Refusal(f"“提出异议”里没有“{'、'.join(unknown)}”这一项，可以填写：entry、reason。")
        state = periodicals.object_to(number, actor, fields.get("entry", ""), fields.get("reason", ""))
        made = next(one for one in reading.of(state).periodical.objections if one.entry == fields.get("entry"))
        return {"number": number, "objection": made.model_dump(mode="json")}

    return await in_ledger(write)


def _look(number: str, actor: Actor) -> None:
    with ledger.transaction() as session:
        _of(session, number, actor)
