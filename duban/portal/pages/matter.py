"""督办件: what it is, whose, by when and why then, what it waits for, and all that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.routing import route

from duban import deadlines, ledger
from duban.clock import SHANGHAI
from duban.ledger import State
from duban.portal.airflow_side import decision_link, run_link
from duban.portal.pages.matter_shown import gather, is_bureau
from duban.portal.pages.page import Page
from duban.portal.signed_in import in_ledger, posts_of


class OfMatter(Page):
    """What the pages below /matters have in common: there is no list here, that is the register's."""

    path, menu_label, add_to_menu = "/matters", "督办件", False

    @route("")
    async def index(self, request: Request) -> Response:
        """Lead to the register."""
        return self.go(request, "/register/list")


class Matter(OfMatter):
    """One matter."""

    @route("/{number}")
    async def one(self, request: Request) -> Response:
        """Show one matter; whoever opens a marked one is entered as its reader."""
        number = str(request.path_params["number"])
        state = await self.matter(request, number, read=True)
        actor = self.actor(request)
        if state.periodical is not None:
            return RedirectResponse(request.scope.get("root_path", "").rstrip("/") + f"/scores/{quote(number)}", 303)
        found = await in_ledger(gather, number, actor, posts_of(actor))
        links = await in_ledger(_links, state) if is_bureau(actor) else {}
        return await self.show(request, "matter/matter.html", links=links, **found)

    @route("/{number}/replies/{nth}")
    async def reply(self, request: Request) -> Response:
        """Show the receipt of one reply: what was sent, when to the second, by whom, with its checksum; to print."""
        number, nth = str(request.path_params["number"]), str(request.path_params["nth"])
        state = await self.matter(request, number, read=True)

        def look() -> Any:
            with ledger.transaction() as session:
                events = ledger.events(session, number, "replied", "period_reported", "own_result")
            return next((event for event in events if str(event.seq) == nth), None)

        if (event := await in_ledger(look)) is None:
            raise HTTPException(404, f"督办件 {number} 没有这一份回执，请从督办件的页面打开。")
        return await self.show(request, "matter/reply.html", title="回执", state=state, event=event, stamp=stamp)


def stamp(at: datetime) -> str:
    """Say a moment (aware) to the second: 2026年3月5日 15:04:09, Asia/Shanghai."""
    there = at.astimezone(SHANGHAI)
    return f"{deadlines.chinese(there.date())} {there:%H:%M:%S}"


def _links(state: State) -> dict[str, str | None]:
    """Return where Airflow shows the run, and each decision that it asks."""
    return {"run": run_link(state)} | {key: decision_link(state, key) for key in state.awaiting}
