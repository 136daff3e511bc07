"""What every page is made of: who asks, the matter it is about, a form that was sent, an answer in the layout."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

from fastapi import HTTPException
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as StarletteError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin import CustomView
from starlette_admin.flash import flash

from duban import acts
from duban.ledger import Actor, State
from duban.portal import access
from duban.portal.doing import matter_of
from duban.portal.signed_in import in_ledger

MOST_FIELDS = 400
"""Fields of one form: a table of fifty stages fits."""
MOST_TEXT = 1024 * 1024
"""Bytes of one field that is no file."""

TAKEN = "duban_taken"
"""Cookie that names the address of the form that was taken; read and cleared by keep.js."""


class Page(CustomView):
    """A family of pages. Routes are methods under `@route`; which people they are for stands in `access.ROUTES`."""

    tab: str = ""
    """What the bar at the foot of a phone calls it; nothing: it is not there."""

    def is_accessible(self, request: Request) -> bool:
        """Say whether the menu shows it; every route is asked for again by `site.Entrance`."""
        actor = getattr(request.state, "actor", None)
        return actor is not None and access.refusal("GET", self.path, actor) is None

    def is_active(self, request: Request) -> bool:
        """Say whether the page shown is of this family."""
        path = request.scope["path"].removeprefix(request.scope.get("root_path", "")) or "/"
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))

    def actor(self, request: Request) -> Actor:
        """Return the person who asks; on the roll and let in already."""
        return cast(Actor, request.state.actor)

    async def show(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        """Answer with a template in the layout."""
        assert self._admin is not None
        return self._admin._template_response(request, template, {"view": self, **context}, status)

    async def matter(self, request: Request, number: str, *, read: bool = False) -> State:
        """Return the matter if this person may see it, HTTPException 404 otherwise.

        `read`: its content is shown, so that the reading of a marked one is entered in the ledger (BC-8.4).
        """
        actor = self.actor(request)
        found = await matter_of(number, actor)
        return await in_ledger(acts.consult, number, actor) if read else found

    def go(self, request: Request, path: str, sentence: str = "", kind: str = "success") -> Response:
        """Send the browser to another page, where the sentence is shown once (kind: success, info, warning, error)."""
        if sentence:
            flash(request, sentence, kind)
        answer = RedirectResponse(request.scope.get("root_path", "").rstrip("/") + path, 303)
        return self.taken(request, answer) if sentence and kind in ("success", "info") else answer

    def taken(self, request: Request, answer: Response) -> Response:
        """Mark in the answer to a form that it was taken: only then does keep.js forget what was typed into it."""
        if request.method == "POST":
            answer.set_cookie(
                TAKEN,
                quote(request.url.path, safe=""),
                max_age=300,
                samesite="lax",
                secure=request.url.scheme == "https",
            )
        return answer

    async def form(self, request: Request, files: int = 1) -> dict[str, str | UploadFile]:
        """Return what was sent, the last of each name; HTTPException 400 for what is broken off or too large."""
        try:
            sent = await request.form(max_files=files, max_fields=MOST_FIELDS, max_part_size=MOST_TEXT)
        except StarletteError as broken:
            raise HTTPException(400, "提交的内容不完整或太大，请检查后再试；上传中断的请重新选择文件。") from broken
        return {name: value for name, value in sent.items() if name != "csrftoken"}
