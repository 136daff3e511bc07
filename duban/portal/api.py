"""The ledger over HTTP, below ``/duban``: what units send, and what the office may do at any moment.

Each request is one act of the domain. Airflow adds no authentication to a plugin's application, so every route asks
for Airflow's user (cookie or bearer token) and finds the person of the bureau behind it: a unit's people see and touch
their own unit's matters only, the office acts only by its posts. What is refused comes back as one Chinese sentence in
``detail``: 401 not signed in, 403 not yours, 404 no such matter, 409 refused, 413 too large, 503 ledger away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, FastAPI, File, Form, HTTPException, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse

from duban import acts, clock, ledger, watch
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.portal.airflow_side import follow
from duban.portal.signed_in import in_ledger, person, user_of

UPLOAD_CAP = 20 * 1024 * 1024
"""Bytes of one reply: a report with scanned pages fits, an archive does not."""
OTHER_CAP = 1024 * 1024
"""Bytes of any other request."""
OVERHEAD = 64 * 1024
"""Bytes that a multipart form adds around its file."""

OFFICE = ("office",)
LEADERS = ("office", "deputy", "chief")
BUREAU = ("office", "director", "deputy", "chief")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
READING = ("GET", "HEAD")


async def signed_in(request: Request) -> Actor:
    """Return the person who asks; 401 without sign-in, 403 for somebody who is not on the bureau's roll."""
    user = await user_of(request)
    try:
        return person(user)
    except Refusal as refusal:
        raise HTTPException(403, str(refusal)) from refusal


Signed = Annotated[Actor, Depends(signed_in)]
router = APIRouter(prefix="/api")


async def _matter(number: str, actor: Actor) -> State:
    """Return the matter, if this person may see it; a stranger learns no more than that it is not his."""

    def read() -> State:
        with ledger.transaction() as session:
            return ledger.state(session, number)

    found = await in_ledger(read, refused=404)
    if actor.post not in BUREAU and (actor.unit is None or found.unit != actor.unit):
        raise HTTPException(404, f"没有编号为 {number} 的督办件，或它不是您单位的。")
    return found


async def _own(number: str, actor: Actor) -> None:
    """Refuse who is not of the unit that handles the matter."""
    if (await _matter(number, actor)).unit != actor.unit:
        raise HTTPException(403, f"督办件 {number} 由承办单位的联络员或领导办理，{actor.name}不能代办。")


async def _by(posts: tuple[str, ...], number: str, actor: Actor) -> State:
    """Return the matter; refuse who holds none of the posts."""
    state = await _matter(number, actor)
    if actor.post not in posts:
        raise HTTPException(403, f"这一操作由办公室办理，{actor.name}没有权限。")
    return state


@router.get("/matters")
async def matters(actor: Signed, unit: str | None = None, state: str | None = None, overdue: bool = False) -> Any:
    """List the matters that the person may see, by due date; a unit's people see their own unit's."""
    if actor.post not in BUREAU:
        if actor.unit is None:
            return []
        unit = actor.unit

    def register() -> list[dict[str, Any]]:
        with ledger.transaction() as session:
            return [asdict(item) for item in ledger.items(session, unit=unit, state=state, overdue=overdue)]

    return await in_ledger(register)


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
    await _matter(number, actor)
    state = await in_ledger(acts.consult, number, actor)

    def happened() -> list[dict[str, Any]]:
        with ledger.transaction() as session:
            return [asdict(event) for event in ledger.events(session, number)]

    return {"state": state.model_dump(mode="json"), "events": await in_ledger(happened)}


Text = Annotated[str, Form()]
Day = Annotated[date | None, Form()]


def _standing(state: State) -> dict[str, Any]:
    return {
        "number": state.number,
        "state": state.state,
        "round": state.round,
        "due_on": state.due_on.isoformat() if state.due_on else None,
    }


@router.post("/matters/{number}/receipt")
async def receipt(number: str, actor: Signed, by: Text = "") -> Any:
    """领收."""
    await _own(number, actor)
    return _standing(await in_ledger(acts.receive, number, actor, by))


@router.post("/matters/{number}/reading")
async def reading(number: str, actor: Signed, by: Text = "", opinion: Text = "") -> Any:
    """阅批."""
    await _own(number, actor)
    return _standing(await in_ledger(acts.read, number, actor, by, opinion))


@router.post("/matters/{number}/reply")
async def reply(number: str, actor: Signed, file: Annotated[UploadFile, File()], signed_by: Text = "") -> Any:
    """回复: the .docx of the 办结报告."""
    await _own(number, actor)
    content = await file.read(UPLOAD_CAP + 1)
    if len(content) > UPLOAD_CAP:
        raise HTTPException(413, _too_large(UPLOAD_CAP))
    return _standing(await in_ledger(acts.reply, number, actor, file.filename or "", content, signed_by))


@router.post("/matters/{number}/extension")
async def extension(
    number: str, actor: Signed, until: Annotated[date, Form()], reason: Text = "", plan: Text = "", signed_by: Text = ""
) -> Any:
    """延期备案."""
    await _own(number, actor)
    return _standing(await in_ledger(acts.extend, number, actor, reason, plan, until, signed_by))


@router.post("/matters/{number}/progress")
async def progress(number: str, actor: Signed, text: Text = "", until: Day = None) -> Any:
    """进展情况."""
    await _own(number, actor)
    return _standing(await in_ledger(acts.report_progress, number, actor, text, until))


@router.post("/matters/{number}/account")
async def account(number: str, actor: Signed, text: Text = "", signed_by: Text = "") -> Any:
    """书面情况说明."""
    await _own(number, actor)
    return _standing(await in_ledger(acts.account, number, actor, text, signed_by))


@router.post("/matters/{number}/instruction")
async def instruction(
    request: Request,
    number: str,
    actor: Signed,
    on: Annotated[date, Form()],
    leader: Text = "",
    text: Text = "",
    requirement: Text = "",
    due_on: Day = None,
) -> Any:
    """新批示."""
    before = await _by(OFFICE, number, actor)
    after = await in_ledger(acts.instruct, number, actor, leader, text, on, requirement, due_on)
    await follow(request, before, after)
    return _standing(after)


@router.post("/matters/{number}/withdrawal")
async def withdrawal(number: str, actor: Signed, reason: Text = "", approved_by: Text = "") -> Any:
    """撤销."""
    await _by(OFFICE, number, actor)
    return _standing(await in_ledger(acts.withdraw, number, actor, reason, approved_by))


@router.post("/matters/{number}/leader-return")
async def leader_return(
    request: Request,
    number: str,
    actor: Signed,
    level: Text = "",
    reason: Text = "",
    requirement: Text = "",
    due_on: Day = None,
) -> Any:
    """领导批示重办."""
    before = await _by(LEADERS, number, actor)
    if actor.post != OFFICE[0] and level != actor.post:
        raise HTTPException(403, f"{actor.name}只能以本人的名义批示重办。")
    after = await in_ledger(acts.leader_return, number, actor, level, reason, requirement, due_on)
    await follow(request, before, after)
    return _standing(after)


def _too_large(cap: int) -> str:
    return f"提交的内容超过 {cap // 1024 // 1024} MB，请压缩图片或删减附件后再试。"


async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse what comes from another site or is too large before anything reads it; set the headers on every answer."""
    response = _refused(request) or await call_next(request)
    response.headers.update(HEADERS)
    return response


def _refused(request: Request) -> Response | None:
    if request.method in READING:
        return None
    # Airflow has no token against forged requests (its cookie is SameSite=Lax): a browser says where it comes from.
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return JSONResponse({"detail": "请求来自别的网站，已拒绝。"}, 403)
    length = request.headers.get("content-length", "")
    cap = UPLOAD_CAP if request.url.path.endswith("/reply") else OTHER_CAP
    if not length.isdecimal():
        return JSONResponse({"detail": "请求没有写明长度，已拒绝。"}, 411)
    return JSONResponse({"detail": _too_large(cap)}, 413) if int(length) > cap + OVERHEAD else None


async def invalid(_request: Request, error: Exception) -> Response:
    """Say in one sentence which field is not what it should be."""
    assert isinstance(error, RequestValidationError)
    names = "、".join(dict.fromkeys(str(fault["loc"][-1]) for fault in error.errors()))
    return JSONResponse({"detail": f"“{names}”没有填写或格式不对（日期写成 2026-03-05），请改正后再提交。"}, 400)


def create() -> FastAPI:
    """Build the application that the plugin mounts; no interactive documentation, it would be open to everybody."""
    app = FastAPI(title="督办台账", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router)
    app.middleware("http")(guard)
    app.add_exception_handler(RequestValidationError, invalid)
    return app


app = create()
