"""我的待办: what waits for whoever asks."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban.portal.pages.page import Page


class Home(Page):
    """The first page of everybody."""

    path, menu_label, tab, icon = "/", "我的待办", "待办", "fa-solid fa-list-check"

    @route("")
    async def index(self, request: Request) -> Response:
        """Show what waits."""
        return await self.show(request, "home/index.html", title="我的待办")
