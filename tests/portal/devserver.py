"""The portal with a made-up sign-in, for looking at pages and for browser tests: whoever the cookie `who` names.

    PYTHONPATH=.:tests python tests/portal/devserver.py --port 8101 --as tian.clerk

Then /duban/?as=jingzhen.liaison is somebody else. An embedded PostgreSQL with a rehearsal ledger of invented matters.
"""

import argparse
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import HTTPException
from stage import Stage
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from duban import clock, ledger
from duban.demo import cast
from duban.demo.play import Play
from duban.demo.stories import START
from duban.embedded import postgres
from duban.errors import Refusal
from duban.ledger import Actor
from duban.orchestration.people import actor_of
from duban.portal import api


async def sign_in(request: Request) -> Actor:
    """Whom the cookie names; 401 for nobody, 403 for a stranger, as the real one does."""
    who = request.query_params.get("as") or request.cookies.get("who")
    if not who:
        raise HTTPException(401, "Not authenticated")
    try:
        return actor_of(who)
    except Refusal as refusal:
        raise HTTPException(403, str(refusal)) from refusal


class Remember:
    """Keeps `?as=somebody` in the cookie, or starts as somebody."""

    def __init__(self, app: ASGIApp, who: str = "") -> None:
        self.app, self.who = app, who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        who = request.query_params.get("as") or (self.who if "who" not in request.cookies else "")

        async def answer(message: Any) -> None:
            if who and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"set-cookie", f"who={who}; Path=/".encode())]
            await send(message)

        if who:
            kept = "; ".join(f"{k}={v}" for k, v in {**request.cookies, "who": who}.items())
            headers = [(k, v) for k, v in scope["headers"] if k != b"cookie"] + [(b"cookie", kept.encode())]
            scope = {**scope, "headers": headers}
        await self.app(scope, receive, answer)


def application(who: str = "") -> Starlette:
    """The portal below /duban, as Airflow mounts it."""
    portal = api.create(sign_in)

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        own = {name: value for name, value in scope.items() if name != "router"}
        await portal({**own, "app_root_path": scope.get("root_path", "")}, receive, send)

    return Starlette(routes=[Mount("/duban", app=mounted)], middleware=[Middleware(Remember, who=who)])


def play_until(moment: datetime) -> None:
    """Leave the matters of the demonstration where they stand at that moment: some open, late, answered, closed."""
    stage = Stage()
    play = Play(stage, cast.enter(stage, cast.choose("baicheng"), start=list), say=lambda said: None)
    for at in sorted({scene.at for part in play.parts for scene in part.story.scenes if scene.at <= moment}):
        stage.advance_to(at)
        for part in play.parts:
            play._scene(part, at)
    stage.advance_to(moment)


def main() -> None:
    """Serve until Ctrl-C."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8101)
    options.add_argument("--as", dest="who", default="tian.clerk")
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="duban-pages-"))
    os.environ["DUBAN_LEDGER_URL"] = postgres.url("duban", home=home)
    os.environ["DUBAN_FILES"] = str(home / "files")
    ledger.create_rehearsal(START)
    play_until(datetime(2026, 3, 13, 12, 0, tzinfo=clock.SHANGHAI))
    sys.stderr.write(f"http://127.0.0.1:{chosen.port}/duban/\n")
    uvicorn.run(application(chosen.who), port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main()
