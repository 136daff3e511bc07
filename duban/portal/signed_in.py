"""Who asks: Airflow's signed-in user, as a person of the bureau."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import get_user
from fastapi import Depends, HTTPException
from fastapi.security import HTTPBearer
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import Request

from duban import organization
from duban.errors import Refusal
from duban.ledger import Actor
from duban.orchestration.people import actor_of

PATIENCE = 20.0
"""Seconds a person is kept waiting for the ledger; acts are safe to repeat, so whoever gives up may try again."""

AWAY = "数据库暂时没有应答，这次没有办成，请稍后再试；重复提交不会重复记账。"

LATE = (
    "数据库暂时没有应答，请稍后再试。刚才如果是提交，可能已经记入，也可能没有：请先打开这一件看一看，没有记入再重新提交；"
    "重复提交不会重复记账。"
)
"""What is said when `PATIENCE` is over: the act goes on in its thread, and may yet be entered."""

SIGN_IN = "没有登录，或者登录已经失效，请重新登录。"

Result = TypeVar("Result")


async def user_of(request: Request) -> Any:
    """Return Airflow's user of the request, by cookie or bearer token; HTTPException 401 if there is none.

    401 too for a token that is no longer good (expired, made with a key that was changed, of a user who was removed or
    disabled): to sign in again is what helps, and nobody can from a page that says 403. 503 while Airflow's database,
    which knows the tokens that were taken back, does not answer.
    """
    try:
        return await get_user(request, None, await HTTPBearer(auto_error=False)(request))
    except (HTTPException, ValueError) as refused:
        raise HTTPException(401, SIGN_IN) from refused
    except (DBAPIError, PoolTimeout) as away:
        raise HTTPException(503, AWAY) from away


async def may(user: Any, method: str, entity: DagAccessEntity, dag_id: str) -> bool:
    """Say whether Airflow lets the user do that with the DAG (may ask Airflow's database, hence a thread)."""
    ask = partial(
        get_auth_manager().is_authorized_dag,
        method=method,
        access_entity=entity,
        details=DagDetails(id=dag_id),
        user=user,
    )
    return bool(await asyncio.to_thread(ask))


def person(user: Any) -> Actor:
    """Return the person of the organization file behind Airflow's user: a :class:`Refusal` if there is none.

    By sign-in name (under FAB the id is only a number, and the display name is anybody's).
    """
    return actor_of(str(user.get_name()))


async def signed_in(request: Request) -> Actor:
    """Return the person who asks; 401 without sign-in, 403 for somebody who is not on the bureau's roll."""
    user = await user_of(request)
    try:
        return person(user)
    except Refusal as refusal:
        raise HTTPException(403, str(refusal)) from refusal


Signed = Annotated[Actor, Depends(signed_in)]
"""The person behind a request, for a route that takes one."""


def posts_of(actor: Actor) -> tuple[str, ...]:
    """Return every post that the person holds (one may hold several: 兼任)."""
    return organization.load().person(actor.user).posts


async def in_ledger(act: Callable[..., Result], *args: Any, refused: int = 409) -> Result:
    """Do an act of the ledger in a thread; HTTPException with one Chinese sentence when it is refused.

    ``refused`` is the status when the ledger or the rules say no; 503: it cannot be reached or does not answer in time.
    """
    try:
        return await asyncio.wait_for(asyncio.to_thread(act, *args), PATIENCE)
    except Refusal as refusal:
        away = isinstance(refusal.__cause__, (DBAPIError, PoolTimeout))
        raise HTTPException(503 if away else refused, str(refusal)) from refusal
    except TimeoutError as slow:
        raise HTTPException(503, LATE) from slow
