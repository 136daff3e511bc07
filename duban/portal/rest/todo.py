"""我的待办 over HTTP: what waits for whoever asks, and of that the decisions."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from duban import clock, ledger
from duban.acts.waiting import Waiting, waiting
from duban.ledger import Actor
from duban.portal.rest.described import refusals
from duban.portal.signed_in import Signed, in_ledger, posts_of

router = APIRouter(prefix="/api", tags=["待办"])


@router.get("/todo", response_model=list[Waiting], responses=refusals(), summary="我的待办，期限近的在前")
async def todo(actor: Signed) -> Any:
    """List what waits for the person: what their unit owes, and what is asked of their posts."""
    return await in_ledger(_waiting, actor)


@router.get("/decisions", response_model=list[Waiting], responses=refusals(), summary="等我决定的事项")
async def decisions(actor: Signed) -> Any:
    """List of that the decisions: each is read and answered at ``/decisions/{number}/{key}``."""
    return [one for one in await in_ledger(_waiting, actor) if one.key]


def _waiting(actor: Actor) -> list[Waiting]:
    with ledger.transaction() as session:
        return waiting(session, actor, posts_of(actor), clock.now(session))
