"""需要操作 over HTTP: the question behind a decision that waits for whoever asks, and the answer to it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException

from duban import acts, organization
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.portal.doing import matter_of
from duban.portal.rest.described import refusals
from duban.portal.rest.models import Answer, Done, Question
from duban.portal.signed_in import Signed, in_ledger

router = APIRouter(prefix="/api/decisions", tags=["需要决定的事项"])


@router.get("/{number}/{key}", response_model=Question, responses=refusals(404), summary="一个需要决定的事项")
async def question(number: str, key: str, actor: Signed) -> Any:
    """Return what is asked, what may be answered, and what has to be filled in."""
    await _asked(number, key, actor)
    state = await in_ledger(acts.consult, number, actor)
    asked = await in_ledger(_of, state, key, actor)
    return {name: getattr(asked, name) for name in ("subject", "body", "options", "fields")} | {
        "number": number,
        "key": key,
    }


@router.post("/{number}/{key}", response_model=Done, responses=refusals(404, writes=True), summary="作出决定")
async def answer(number: str, key: str, said: Answer, actor: Signed) -> Any:
    """Record the answer; the run of the matter goes on by itself. The same answer twice is one."""
    await matter_of(number, actor)
    after = await in_ledger(lambda: acts.decide(number, key, said.option, dict(said.fields), actor))
    return {name: getattr(after, name) for name in ("number", "state", "round", "due_on")}


async def _asked(number: str, key: str, actor: Actor) -> None:
    """Refuse before anything is recorded: 404 for what is not asked any more, 403 for others than those asked."""
    await in_ledger(_of, await matter_of(number, actor), key, actor, refused=404)


def _of(state: State, key: str, actor: Actor) -> acts.Question:
    if key not in state.awaiting:
        raise Refusal(f"{state.number} 没有这一待决定的事项，可能已经办理，请刷新清单。")
    asked = acts.question(state, key)
    holders = organization.load(state.organization).holders(asked.posts, asked.unit or state.unit)
    if actor.user not in {holder.user for holder in holders}:
        raise HTTPException(
            403, f"这一事项由{'、'.join(holder.name for holder in holders)}决定，{actor.name}没有权限。"
        )
    return asked
