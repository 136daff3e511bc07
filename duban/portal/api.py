"""The application below ``/duban``: REST, the pictures and the pages, and what guards all of them.

Airflow adds no authentication to a plugin's application, so every route asks for Airflow's user (cookie or bearer
token) and finds the person of the bureau behind it: who may use the route stands in `duban.portal.access`, and
everybody sees what the ledger's own rule lets them see. What is refused comes back as one Chinese sentence in
``detail``: 401 not signed in, 403 not yours, 404 no such matter, 409 refused, 413 too large, 503 ledger away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteError
from starlette.responses import JSONResponse
from starlette.routing import Match

from duban.portal import access, scores
from duban.portal.acts_table import DEEDS, FILE
from duban.portal.doing import UPLOAD_CAP, too_large
from duban.portal.pages.site import SignIn, Site
from duban.portal.rest import decisions, deeds, described, looking, matters, registering, todo
from duban.portal.signed_in import Signed, signed_in

OTHER_CAP = 1024 * 1024
"""Bytes of any other request."""
OVERHEAD = 64 * 1024
"""Bytes that a multipart form adds around its file."""

CAPS = {what: UPLOAD_CAP for what, deed in DEEDS.items() if FILE in deed.fields.values()} | {"batch": UPLOAD_CAP}
"""Last part of the address -> bytes of what may be sent there."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
READING = ("GET", "HEAD")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

ROUTERS = (*(m.router for m in (described, matters, deeds, registering, decisions, todo, looking)), scores.router)
"""The interface for other programs."""


async def let_in(request: Request, actor: Signed) -> None:
    """Refuse who may not use the route (`access.ROUTES`): 403; and 400 for an address that says a thing twice."""
    access.refuse_others(request.method, request.scope["route"].path, actor)
    names = [name for name, _value in request.query_params.multi_items()]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise HTTPException(400, f"“{'、'.join(twice)[:60]}”写了不止一次，请只写一次。")


async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse what comes from another site or is too large before anything reads it; set the headers on every answer."""
    return _guarded(_refused(request) or await call_next(request))


def _guarded(response: Response) -> Response:
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
    cap = CAPS.get(request.url.path.rpartition("/")[2], OTHER_CAP)
    if not (length.isascii() and length.isdecimal()):
        return JSONResponse({"detail": "请求没有写明长度，已拒绝。"}, 411)
    return _too_much(request, too_large(cap)) if int(length) > cap + OVERHEAD else None


def _too_much(request: Request, sentence: str) -> Response | None:
    """Say it to a program as JSON; a person gets a page in the layout from `site.Entrance`: nothing sent is read."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    if path.startswith("/api/"):
        return JSONResponse({"detail": sentence}, 413)
    request.state.too_much = sentence
    request.scope["method"] = "GET"  # so that nobody looks for a token in what is not read
    return None


async def nowhere(request: Request, _actor: Signed) -> Response:
    """Say that there is no such address of the interface, or that it does not take this method."""
    routes = [route for route in request.app.routes if route.matches(request.scope)[0] == Match.PARTIAL]
    allowed = sorted({method for route in routes for method in getattr(route, "methods", None) or ()})
    if allowed:
        raise HTTPException(405, f"这个地址只接受 {'、'.join(allowed)}。", headers={"Allow": ", ".join(allowed)})
    raise HTTPException(404, "接口没有这个地址，请对照接口说明核对。")


async def _said(_request: Request, refused: Exception) -> Response:
    """Answer with one Chinese sentence, also where a library refuses in words of its own."""
    assert isinstance(refused, StarletteError)
    own = isinstance(refused.detail, str) and not refused.detail.isascii()
    sentence = refused.detail if own else described.WORDS.get(refused.status_code, "请求没有办成，请检查后再试。")
    return _guarded(JSONResponse({"detail": sentence}, refused.status_code, headers=refused.headers))


async def _failed(_request: Request, _error: Exception) -> Response:
    """Answer where the program is at fault; what happened is in the log and nowhere else."""
    return _guarded(JSONResponse({"detail": "系统出错，这次没有办成。请稍后再试；一再出现时请告诉管理员。"}, 500))


def create(sign_in: SignIn = signed_in) -> FastAPI:
    """Build the application that the plugin mounts; no interactive documentation, it would be open to everybody.

    `sign_in` finds the person behind a request; tests give their own.
    """
    app = FastAPI(title="督办台账", docs_url=None, redoc_url=None, openapi_url=None)
    if sign_in is not signed_in:
        app.dependency_overrides[signed_in] = sign_in
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(let_in)])
    app.add_api_route("/api/{rest:path}", nowhere, methods=list(METHODS), include_in_schema=False)
    app.add_exception_handler(RequestValidationError, described.misfit)
    app.add_exception_handler(StarletteError, _said)
    app.add_exception_handler(Exception, _failed)
    app.middleware("http")(guard)
    Site(sign_in).mount_to(app)
    return app


app = create()
