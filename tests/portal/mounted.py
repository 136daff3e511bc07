"""The portal below /duban, as Airflow mounts it, for programs that sign in with a token: here the sign-in name."""

from typing import Any

from fastapi import HTTPException, Request
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from duban.errors import Refusal
from duban.ledger import Actor
from duban.orchestration.people import actor_of
from duban.portal import api


async def by_token(request: Request) -> Actor:
    """Whose name the token is: 401 for nobody, 403 for a stranger, as the real one does."""
    kind, _space, who = request.headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not who:
        raise HTTPException(401, "Not authenticated")
    try:
        return actor_of(who)
    except Refusal as refusal:
        raise HTTPException(403, str(refusal)) from refusal


def signed_in(who: str | None) -> dict[str, str]:
    """The headers of a request of this person; None: of nobody."""
    return {"Authorization": f"Bearer {who}"} if who else {}


def application(portal: Any = None) -> Starlette:
    """The application that Airflow would be."""
    portal = portal or api.create(by_token)

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        own = {name: value for name, value in scope.items() if name != "router"}
        await portal({**own, "app_root_path": scope.get("root_path", "")}, receive, send)

    return Starlette(routes=[Mount("/duban", app=mounted)])
