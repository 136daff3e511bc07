"""The site 督办台账: sign-in, layout, error pages and headers for all pages; what is on them is each page's own."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from airflow.configuration import conf
from fastapi import HTTPException
from jinja2 import BaseLoader, Environment, PackageLoader, PrefixLoader
from starlette.exceptions import HTTPException as StarletteError
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette_admin import I18nConfig, TimezoneConfig
from starlette_admin.auth import AdminUser, BaseAuthProvider
from starlette_admin.base import BaseAdmin

from duban import clock, ledger, organization
from duban.ledger import Actor
from duban.portal import access
from duban.portal.pages import words
from duban.portal.pages.page import Page
from duban.portal.signed_in import in_ledger

log = logging.getLogger(__name__)

# It logs each list with the words that were searched for, which may be a title.
logging.getLogger("starlette_admin").setLevel(logging.WARNING)

#: The pages, in the order of the menu: module below `duban.portal.pages` and class.
VIEWS: tuple[tuple[str, str], ...] = (
    ("register", "Register"),
    ("register", "RegisterFiles"),
    ("decisions", "Decisions"),
    ("scores_page", "Scores"),
    ("new", "New"),
    ("new_batch", "NewBatch"),
    ("matter", "Matter"),
    ("deeds", "Deeds"),
    ("files", "Files"),
    ("overview", "Dashboard"),
    ("watch_page", "Watch"),
    ("overview_ways", "Pictures"),
    ("overview_ways", "Runs"),
)
HOME = ("home", "Home")

HERE = Path(__file__).parent

SignIn = Callable[[Request], Awaitable[Actor]]

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
SIGN_OUT = "/api/v2/auth/logout"
"""Airflow's own, beside the mount."""
STALE = "这一页打开太久或者在别处重新登录过，没有提交。请返回上一页刷新后再提交。"


class Nonced(BaseLoader):
    """The library's own templates, each script with the nonce of the answer: nothing else may run on our pages."""

    def __init__(self) -> None:
        self._templates = PackageLoader("starlette_admin", "templates")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the template's source, which never has a user's text in it."""
        source, name, current = self._templates.get_source(environment, template)
        return source.replace("<script", '<script nonce="{{ request.state.nonce }}"'), name, current


class Site(BaseAdmin):
    """The library's site with our sign-in and our sentences."""

    def __init__(self, sign_in: SignIn) -> None:
        home = _view(*HOME)
        super().__init__(
            title="督办台账",
            base_url="",
            route_name="site",
            index_view=home,
            templates_dir=str(HERE / "templates"),
            static_dir=str(HERE / "static"),
            additional_loaders=[
                PrefixLoader({"@library": Nonced()}),
                Nonced(),
            ],
            auth_provider=Airflows(sign_in, self),
            secret_key=_key(),
            # One language and one time zone, whatever a browser says.
            i18n_config=I18nConfig("zh", language_cookie_name=None, language_header_name=None),
            timezone_config=TimezoneConfig(
                "Asia/Shanghai", timezone_cookie_name=None, database_timezone="UTC", use_user_locale_timezone=False
            ),
            middlewares=[Middleware(Answered, site=self)],
        )
        for module, name in VIEWS:
            page = _view(module, name)
            if isinstance(page, Page):
                page.route_name = module  # "index", the library's word for the first page, is the home's alone
            self.add_view(page)
        self.templates.env.filters |= words.FILTERS
        self.templates.context_processors.append(_around)

    async def error(self, request: Request, status: int, sentence: str) -> Response:
        """Show one sentence in the layout; for the REST as JSON."""
        if request.scope["path"].removeprefix(request.scope.get("root_path", "")).startswith("/api/"):
            return JSONResponse({"detail": sentence}, status)
        said = {"title": words.ERRORS.get(status, "没有办成"), "sentence": sentence, "status": status}
        said["again"] = request.scope["path"] if status == 413 else ""
        return self._template_response(request, "error.html", said, status)

    async def _render_error(self, request: Request, exc: Exception = StarletteError(500)) -> Response:
        assert isinstance(exc, StarletteError)
        sentence = str(exc.detail) if isinstance(exc, HTTPException) else words.SENTENCES.get(exc.status_code, "")
        return await self.error(request, exc.status_code, sentence or words.SENTENCES[500])


def _view(module: str, name: str) -> Any:
    return getattr(import_module(f"duban.portal.pages.{module}"), name)()


def _key() -> str:
    # Airflow's own secret, which all its API servers share; never itself in a cookie of ours.
    return hashlib.sha256(b"duban portal " + conf.get("api", "secret_key").encode()).hexdigest()


class Answered(BaseHTTPMiddleware):
    """Outermost of the site: a nonce before, headers and our words after."""

    def __init__(self, app: Any, site: Site) -> None:
        super().__init__(app)
        self._site = site

    async def dispatch(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answer the request; a stale form and a fault of the program (both in English) become our sentences."""
        request.state.nonce = secrets.token_urlsafe(16)
        try:
            answer = await call_next(request)
        except Exception:
            # What happened is in the log and nowhere else.
            log.exception("A page failed")
            answer = await self._site.error(request, 500, words.SENTENCES[500])
        if answer.status_code == 403 and answer.headers.get("content-type", "").startswith("text/plain"):
            answer = await self._site.error(request, 403, STALE)
        if answer.headers.get("content-type", "").startswith("text/html"):
            answer.headers["Content-Security-Policy"] = POLICY.format(nonce=request.state.nonce)
        elif "/static/" in request.scope["path"] and answer.status_code == 200:
            answer.headers["Cache-Control"] = "private, max-age=86400"
        return answer


class Airflows(BaseAuthProvider):
    """Who signs in is Airflow's to say; who that is in the bureau is the organization file's."""

    def __init__(self, sign_in: SignIn, site: Site) -> None:
        super().__init__()
        self.sign_in, self.site = sign_in, site

    async def authenticate(self, request: Request) -> AdminUser | None:
        """Not asked: `Entrance` does all of it."""
        raise NotImplementedError

    def get_middleware(self) -> Middleware:
        """Return the middleware that stands before every page."""
        return Middleware(Entrance, provider=self)


class Entrance(BaseHTTPMiddleware):
    """Lets a person of the roll in to the pages that are for their post; others to the sign-in or to one sentence."""

    def __init__(self, app: Any, provider: Airflows) -> None:
        super().__init__(app)
        self._provider = provider

    async def dispatch(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Find the person, the rule of the route, and what every page shows."""
        template = _template_of(request)
        if template == "/static":
            return await call_next(request)
        try:
            actor = await self._provider.sign_in(request)
        except HTTPException as refused:
            if refused.status_code == 401:
                return RedirectResponse(_login(request), 303)
            return await self._provider.site.error(request, refused.status_code, str(refused.detail))
        request.state.actor = actor
        request.state.is_anonymous = False
        request.state.admin_user = AdminUser(username=actor.name)
        try:
            request.state.now, request.state.rehearsal = await in_ledger(_moment)
            if too_much := getattr(request.state, "too_much", ""):
                raise HTTPException(413, too_much)
            if template is None:
                raise HTTPException(404, words.SENTENCES[404])
            access.refuse_others(request.method, template, actor)
        except HTTPException as refused:
            return await self._provider.site.error(request, refused.status_code, str(refused.detail))
        return await call_next(request)


def _template_of(request: Request, **other: str) -> str | None:
    """Return the path template of the route that will answer, None if there is none for this method.

    `other`: another method or path instead of the request's own.
    """
    scope = {**request.scope, **other}
    for route in request.scope["app"].routes:
        if route.matches(scope)[0] == Match.FULL:
            return str(route.path)
    return None


def _login(request: Request) -> str:
    """Return the address of Airflow's sign-in, which comes back to this page, or to the one whose form was sent."""
    from airflow.api_fastapi.app import get_auth_manager

    page = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in ("GET", "HEAD"):
        page = _page_of_form(request)
    return str(get_auth_manager().get_url_login(next_url=page))


def _page_of_form(request: Request) -> str:
    """Return the page on which the form stood: what the browser says if that is ours, else the nearest one above."""
    root = request.scope.get("root_path", "").rstrip("/")
    said = urlsplit(request.headers.get("referer", ""))
    if said.netloc == request.headers.get("host") and _is_page(request, unquote(said.path), root):
        return said.path + (f"?{said.query}" if said.query else "")
    path = request.scope["path"]
    while path.startswith(f"{root}/") and not _is_page(request, path, root):
        path = path.rpartition("/")[0]
    return quote(path) if path.startswith(f"{root}/") else f"{root}/"


def _is_page(request: Request, path: str, root: str) -> bool:
    """Say whether an address can be opened; what only takes a form may look like one (/new/start like /new/{type})."""
    shown = _template_of(request, path=path, method="GET") if path.startswith(f"{root}/") else None
    return shown is not None and _template_of(request, path=path, method="POST") in (None, shown)


def _moment() -> tuple[Any, bool]:
    with ledger.transaction() as session:
        return clock.now(session), ledger.is_rehearsal(session)


def _around(request: Request) -> dict[str, Any]:
    """Return what every template may use."""
    root = request.scope.get("root_path", "").rstrip("/")
    actor = getattr(request.state, "actor", None)
    return {
        "me": actor,
        "org": organization.load() if actor else None,
        "now": getattr(request.state, "now", None),
        "rehearsal": getattr(request.state, "rehearsal", False),
        "sign_out": request.scope.get("app_root_path", "").removesuffix(root) + SIGN_OUT,
        "url": lambda path: root + path,
        "static": lambda name: f"{root}/static/duban/{name}",
        "path": request.scope["path"].removeprefix(root) or "/",
    }
