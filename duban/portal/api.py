"""The ledger over HTTP, below ``/duban``: what units send, and what the office may do at any moment.

Each request is one act of the domain; which acts there are, whose they are and what they take is one table
(`duban.portal.acts_table`). Airflow adds no authentication to a plugin's application, so every route asks
for Airflow's user (cookie or bearer token) and finds the person of the bureau behind it: everybody sees what the
ledger's own rule lets them see, a unit's people act on their own unit's matters only, the office by its posts. What
is refused comes back as one Chinese sentence in ``detail``: 401 not signed in, 403 not yours, 404 no such matter, 409
refused, 413 too large, 503 ledger away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as StarletteError
from starlette.responses import JSONResponse

from duban import acts, clock, ledger, watch
from duban.portal import pictures, scores
from duban.portal.acts_table import BUREAU, DEEDS, FILE
from duban.portal.doing import UPLOAD_CAP, do, matter_of, too_large
from duban.portal.pages.site import SignIn, Site
from duban.portal.signed_in import Signed, in_ledger, signed_in
from duban.portal.visible import visible

OTHER_CAP = 1024 * 1024
"""Bytes of any other request."""
OVERHEAD = 64 * 1024
"""Bytes that a multipart form adds around its file."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
READING = ("GET", "HEAD")


router = APIRouter(prefix="/api")


@router.get("/matters")
async def matters(actor: Signed, unit: str | None = None, state: str | None = None, overdue: bool = False) -> Any:
    """List the matters that the person may see, by due date."""

    def register() -> list[dict[str, Any]]:
        with ledger.transaction() as session:
            found = ledger.items(session, unit=unit, state=state, overdue=overdue)
            seen = visible(session, actor, [item.number for item in found])
            return [asdict(item) for item in found if item.number in seen]

    return await in_ledger(register)


@router.get("/accounts")
async def accounts(actor: Signed) -> Any:
    """List the cases in which the person's unit owes its written account (BC-7.1.5), whoever handles the matter."""

    def owed() -> list[dict[str, str]]:
        with ledger.transaction() as session:
            return acts.owed_by(session, actor.unit) if actor.unit else []

    return await in_ledger(owed)


@router.get("/watch")
async def today(actor: Signed) -> Any:
    """Return what the office should look at today (每日提示); the bureau's own posts may, units may not."""
    if actor.post not in BUREAU:
        raise HTTPException(403, f"每日提示供办公室和局领导查看，{actor.name}没有权限。")

    def look() -> dict[str, Any]:
        with ledger.transaction() as session:
            now = clock.now(session)
            found = watch.findings(session, now)
        rows = [asdict(finding) | {"kind_text": watch.KINDS[finding.kind].name} for finding in found]
        return {"at": now.isoformat(), "summary": watch.summary(found), "findings": rows}

    return await in_ledger(look)


@router.get("/matters/{number}")
async def matter(number: str, actor: Signed) -> Any:
    """Return where the matter stands and all that happened to it."""
    await matter_of(number, actor)
    state = await in_ledger(acts.consult, number, actor)

    def happened() -> list[dict[str, Any]]:
        with ledger.transaction() as session:
            return [asdict(event) for event in ledger.events(session, number)]

    return {"state": state.model_dump(mode="json"), "events": await in_ledger(happened)}


@router.post("/matters/{number}/{what}")
async def deed(request: Request, number: str, what: str, actor: Signed) -> Any:
    """Do one of the acts of the table; return where the matter stands after it."""
    done = await do(request, actor, number, what, await _form(request))
    if done.state is None:
        return {"number": number, "case": done.case}
    due_on = done.state.due_on
    return {
        "number": number,
        "state": done.state.state,
        "round": done.state.round,
        "due_on": due_on.isoformat() if due_on else None,
    }


async def _form(request: Request) -> dict[str, str | UploadFile]:
    try:
        form = await request.form(max_files=1, max_fields=40, max_part_size=OTHER_CAP)
    except StarletteError as broken:
        raise HTTPException(400, "提交的内容不完整或太大，请检查后再试。") from broken
    return dict(form)


async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse what comes from another site or is too large before anything reads it; set the headers on every answer."""
    response = _refused(request) or await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # a page may need another policy for what it shows
    return response


def _refused(request: Request) -> Response | None:
    if request.method in READING:
        return None
    # Airflow has no token against forged requests (its cookie is SameSite=Lax): a browser says where it comes from.
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return JSONResponse({"detail": "请求来自别的网站，已拒绝。"}, 403)
    length = request.headers.get("content-length", "")
    done = DEEDS.get(request.url.path.rpartition("/")[2])
    cap = UPLOAD_CAP if done is not None and FILE in done.fields.values() else OTHER_CAP
    if not length.isdecimal():
        return JSONResponse({"detail": "请求没有写明长度，已拒绝。"}, 411)
    return JSONResponse({"detail": too_large(cap)}, 413) if int(length) > cap + OVERHEAD else None


def create(sign_in: SignIn = signed_in) -> FastAPI:
    """Build the application that the plugin mounts; no interactive documentation, it would be open to everybody.

    `sign_in` finds the person behind a request; tests give their own.
    """
    app = FastAPI(title="督办台账", docs_url=None, redoc_url=None, openapi_url=None)
    if sign_in is not signed_in:
        app.dependency_overrides[signed_in] = sign_in
    app.include_router(router)
    app.include_router(scores.router)
    app.include_router(pictures.router)
    app.middleware("http")(guard)
    Site(sign_in).mount_to(app)
    return app


app = create()
