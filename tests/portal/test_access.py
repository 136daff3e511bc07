"""The whole table of who may do what (access.yaml) against the portal as it is mounted."""

# ruff: noqa: F811

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest
from access_stage import PEOPLE, TABLE, Browser, dividing, matters, open_browser, rules  # noqa: F401 - fixtures
from sqlalchemy import func, select
from starlette.routing import Mount

from duban import acts, ledger, organization
from duban.errors import Refusal
from duban.ledger import State
from duban.ledger.models import EventRow
from duban.portal import access, api
from duban.portal.pages import site

ROWS: dict[str, dict[str, Any]] = TABLE["routes"]
REFUSED = (401, 403, 404)


def posts(named: Any) -> set[str]:
    """The posts behind the words of the table."""
    if named == "everybody":
        return set(PEOPLE)
    groups = {name: set(TABLE[name]) for name in ("bureau", "unit")}
    return {post for name in named for post in groups.get(name, {name})}


def routes(app: Any, under: str = "") -> Iterator[tuple[str, str]]:
    """Method and path template of everything that answers."""
    for route in app.routes:
        path = under + getattr(route, "path", "")
        if isinstance(route, Mount):
            yield from [("GET", path)] if route.path == "/static" else routes(route.app, path)
        else:
            yield from ((method, path) for method in sorted(route.methods or ()) if method != "HEAD")


LIBRARYS = ("/_api/", "/_files/", "/{key}/")
"""Addresses that the library brings; those that have no line in the table are open to nobody."""


CLOSED = {tuple(row.split(" ")) for row in ROWS if ROWS[row].get("closed")}


def ours() -> set[tuple[str, str]]:
    known = {one for one in routes(api.app) if one[1] != "/api/{rest:path}" and one[1] != "/static"}
    return {one for one in known if not one[1].startswith(LIBRARYS) or one in access.ROUTES}


def test_every_route_has_a_line_in_the_table_of_the_portal_and_a_row_here() -> None:
    assert {f"{method} {path}" for method, path in ours()} == set(ROWS)
    assert ours() - CLOSED == set(access.ROUTES) - {("GET", "/static")}
    assert set(access.ROUTES.values()) <= set(access.RULES)


def filled(path: str, state: State | None) -> str:
    """The address of a route for this matter."""
    if state is None:
        fixed = {"{type}": "general", "{kind}": "xlsx", "{key}": "register"}
        return next((path.replace(name, word) for name, word in fixed.items() if name in path), path)
    digest = hashlib.sha256(state.number.encode()).hexdigest()
    words = {"number": state.number, "run_id": state.number, "sha256": digest, "name": "x", "what": "x", "nth": "1"}
    words["key"] = "receipt" if "/do/" in path else quote(question_of(state) or "sign:1")
    for name, word in words.items():
        path = path.replace(f"{{{name}}}", word)
    return path


def expected(path: str, row: dict[str, Any], post: str, sort: str, state: State | None) -> int | None:
    """The refusal that this post hears, None for whoever is let through (whatever the rules then say)."""
    if row.get("closed") or post not in posts(row.get("who", "everybody")):
        return 403
    if row.get("nothing") or (row.get("of") and not sees(row["of"], post, sort)):
        return 404
    if row.get("does") == "asked":
        assert state
        if not question_of(state):
            return 404 if path.startswith("/api/") else None  # a page says what became of it
        return None if post in asked(state) else 403
    return None if post in doers(row.get("does", "everybody"), sort) else 403


def sees(what: str, post: str, sort: str) -> bool:
    units = posts(["unit", "helper", "other"])
    if what == "scores":
        return sort == "period" and post in posts(["bureau"]) | units
    return post in posts(TABLE["sees"][sort]) or (what == "run" and sort == "period")


def doers(named: Any, sort: str) -> set[str]:
    """Who does a deed: of a part the unit that helps with the whole handles it."""
    if "unit" in named and sort == "part":
        return {"helper"}
    if "unit" in named and sort == "period":
        return set()
    helping = {"helper"} if "helps" in named and sort == "helped" else set()
    return posts(named) | helping


def question_of(state: State) -> str:
    """The first thing that people are asked about this matter."""
    for key in state.awaiting:
        with suppress(Refusal):
            acts.question(state, key)
            return key
    return ""


def asked(state: State) -> set[str]:
    """The posts of whom it is asked."""
    question = acts.question(state, question_of(state))
    users = {one.user for one in organization.load().holders(question.posts, question.unit or state.unit)}
    return {post for post, user in PEOPLE.items() if user in users}


def sorts(row: str, numbers: dict[str, str]) -> list[str]:
    """The matters that a route is tried at: reading at all of them, a deed where the answers differ."""
    method, path = row.split(" ")
    if "{number}" not in path and "{run_id}" not in path:
        return [""]
    if method == "GET" or "/scores/" in path:
        return list(numbers)
    return [*DEEDS_AT, "part"] if path.endswith(("/receipt", "/reading", "/{key}")) else list(DEEDS_AT)


DEEDS_AT = ("plain", "helped", "covert")


def now_of(number: str) -> State:
    with ledger.transaction() as session:
        return ledger.state(session, number)


@pytest.mark.rule("MM-5.5", "SK-3.2", "LZ-2.5")
def test_what_every_post_hears_of_every_matter(
    open_browser: Callable[[str | None], Browser],
    matters: dict[str, str],
) -> None:
    wrong = []
    for post, user in PEOPLE.items():
        browser = open_browser(user)
        for row in ROWS:
            method, path = row.split(" ")
            for sort in sorts(row, matters):
                state = now_of(matters[sort]) if sort else None
                wanted = expected(path, ROWS[row], post, sort, state)
                answer = browser.ask(method, filled(path, state))
                heard = answer.status_code if answer.status_code in REFUSED else None
                if heard != wanted or answer.status_code >= 500:
                    wrong.append((post, row, sort, answer.status_code, wanted, answer.text[:90]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(("user", "hears"), [(None, 401), ("nobody.known", 403)])
def test_who_is_not_on_the_roll_hears_nothing(
    open_browser: Callable[[str | None], Browser],
    matters: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    user: str | None,
    hears: int,
) -> None:
    monkeypatch.setattr(site, "_login", lambda request: "/auth/login")
    browser, wrong = open_browser(user), []
    before = everything()
    for row in ROWS:
        method, path = row.split(" ")
        answer = browser.ask(method, filled(path, now_of(matters["plain"]) if "{" in path else None))
        to_sign_in = hears == 401 and not path.startswith("/api/")
        if answer.status_code != (303 if to_sign_in else hears) or "安居小区" in answer.text:
            wrong.append((row, answer.status_code))
    assert wrong == []
    assert everything() == before


def everything() -> int:
    with ledger.transaction() as session:
        return session.scalar(select(func.count()).select_from(EventRow)) or 0
