"""What guards every answer: readings of marked matters, forged requests, sizes, headers, and what addresses tell."""

# ruff: noqa: F811

import re
from collections.abc import Callable
from typing import Any

import pytest
from access_stage import PEOPLE, Browser, dividing, matters, open_browser, rules  # noqa: F401 - fixtures
from test_access import ROWS, everything, filled, now_of

from duban import ledger
from duban.orchestration.people import actor_of
from duban.portal import api
from duban.portal.rest import matters as rest

Open = Callable[[str | None], Browser]
READS = [row.split(" ")[1] for row in ROWS if row.startswith("GET") and ROWS[row].get("of") == "matter"]


@pytest.mark.rule("BC-8.4")
@pytest.mark.parametrize("sort", ["marked", "secret"])
def test_every_reading_of_a_marked_matter_is_entered(
    open_browser: Open,
    matters: dict[str, str],
    sort: str,
) -> None:
    number, reader = matters[sort], open_browser(PEOPLE["office"])
    for path in READS:
        before = readings(number)
        answer = reader.ask("GET", filled(path, now_of(number)).replace("/do/receipt", "/do/urge"))
        assert answer.status_code == 200, (path, answer.text[:90])
        assert readings(number) == [*before, PEOPLE["office"]], path
    assert readings(matters["plain"]) == []


MONTHS = [row.split(" ")[1] for row in ROWS if row.startswith("GET") and ROWS[row].get("of") == "scores"]


@pytest.mark.rule("BC-8.4")
@pytest.mark.parametrize("post", ["office", "liaison"])
def test_every_reading_of_a_marked_month_of_scores_is_entered(
    open_browser: Open,
    matters: dict[str, str],
    post: str,
) -> None:
    number, reader = matters["period"], open_browser(PEOPLE[post])
    assert now_of(number).mark
    for path in MONTHS:
        before = readings(number)
        answer = reader.ask("GET", filled(path, now_of(number)))
        assert answer.status_code == 200, (path, answer.text[:90])
        assert readings(number) == [*before, PEOPLE[post]], path


@pytest.mark.rule("BC-8.4")
@pytest.mark.parametrize(
    "path",
    ["/matters/{number}/do/receipt", "/matters/{number}/do/case-account", "/decisions/{number}/sign.director:1"],
)
def test_a_refusal_that_shows_a_marked_matter_is_a_reading(
    open_browser: Open,
    matters: dict[str, str],
    path: str,
) -> None:
    number, unit = matters["marked"], open_browser(PEOPLE["liaison"])
    address = path.replace("{number}", number)
    answer = unit.ask("POST", address, data={"nofield": "x"})
    assert answer.status_code in (400, 403, 409), answer.text[:90]
    assert number in answer.text
    assert readings(number) == [PEOPLE["liaison"]]


def readings(number: str) -> list[str]:
    with ledger.transaction() as session:
        return [event.actor.user for event in ledger.events(session, number, "consulted")]


def test_lists_and_exports_tell_no_title_of_a_secret_matter(
    open_browser: Open,
    matters: dict[str, str],
) -> None:
    reader = open_browser(PEOPLE["office"])
    for path in ("/api/matters", "/register/list", "/api/results?since=2026-01-01T00:00:00", "/api/todo", "/"):
        said = reader.ask("GET", path).text
        assert "代称：某项工作" not in said, path
    (line,) = [one for one in reader.ask("GET", "/api/matters").json() if one["number"] == matters["secret"]]
    assert line["title"] == "（涉密件）"


@pytest.mark.parametrize("path", ["/api/matters/{number}/receipt", "/matters/{number}/do/receipt"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://testserver.evil.example"])
def test_another_site_does_nothing_in_a_signed_in_browser(
    open_browser: Open,
    matters: dict[str, str],
    path: str,
    origin: str,
) -> None:
    before = everything()
    client = open_browser(PEOPLE["liaison"]).client
    address = "/duban" + path.replace("{number}", matters["plain"])
    assert client.post(address, data={"by": ""}, headers={"origin": origin}).status_code == 403
    assert everything() == before


def test_a_page_takes_no_form_without_its_token(open_browser: Open, matters: dict[str, str]) -> None:
    before = everything()
    client = open_browser(PEOPLE["liaison"]).client
    for row in ROWS:
        method, path = row.split(" ")
        if method == "POST" and not path.startswith("/api/"):
            address = "/duban" + filled(path, now_of(matters["plain"])).replace("{type}", "general")
            answer = client.post(address, data={"csrftoken": "x"})
            assert (answer.status_code, "Traceback" in answer.text) == (403, False), row
    assert everything() == before


ADDRESSES = {
    "/": 200,
    "/register/list": 200,
    "/api/matters": 200,
    "/matters/BC-2026-9999": 404,
    "/api/matters/BC-2026-9999": 404,
    "/nowhere": 404,
    "/api/nowhere": 404,
    "/api/deadlines?rule=x": 409,
    "/api/results": 400,
    "/new": 403,
    "/static/duban/portal.css": 200,
    "/static/none.css": 404,
    "/matters": 303,
}


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_has_its_headers(open_browser: Open, path: str) -> None:
    answer = open_browser(PEOPLE["liaison"]).ask("GET", path)
    assert answer.status_code == ADDRESSES[path]
    _guarded(answer)


def _guarded(answer: Any) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "no-store" in answer.headers["cache-control"] or "private" in answer.headers["cache-control"]


def test_also_an_answer_that_the_program_failed_to_give(
    open_browser: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("not for anybody's eyes")

    monkeypatch.setattr(rest, "_listed", broken)
    browser = open_browser(PEOPLE["office"])
    browser.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    answer = browser.ask("GET", "/api/matters")
    assert answer.status_code == 500
    assert answer.json() == {"detail": "系统出错，这次没有办成。请稍后再试；一再出现时请告诉管理员。"}
    _guarded(answer)


def test_who_may_not_see_a_matter_cannot_tell_it_from_one_that_is_not_there(
    open_browser: Open,
    matters: dict[str, str],
) -> None:
    stranger = open_browser(PEOPLE["other"])
    nothing = "BC-2026-9999"
    for row in ROWS:
        method, path = row.split(" ")
        if "{number}" not in path or (ROWS[row].get("who") and "other" not in ROWS[row]["who"]):
            continue
        for sort in ("plain", "covert", "period"):
            state = now_of(matters[sort])
            if sort == "period" and "/scores/" in path:
                continue  # every unit is told its own part of it
            address = filled(path, state)
            if row == "GET /matters/{number}/do/{key}":
                address = address.replace("receipt", "case-account")
            there = stranger.ask(method, address)
            absent = stranger.ask(method, address.replace(state.number, nothing))
            assert there.status_code == absent.status_code, (row, sort)
            same = there.text.replace(state.number, nothing)
            if path.startswith("/api/"):
                assert same == absent.text, (row, sort)
            else:
                assert state.title not in same, (row, sort)
                assert sentence(same) == sentence(absent.text), (row, sort)


@pytest.mark.rule("MM-5.5")
def test_only_the_bureau_is_told_who_else_read_a_matter_and_what_a_part_is_of(
    open_browser: Open,
    matters: dict[str, str],
) -> None:
    marked, part, parent = matters["marked"], matters["part"], matters["divided"]
    open_browser(PEOPLE["chief"]).ask("GET", f"/matters/{marked}")
    for post, number, told in (
        ("office", marked, True),
        ("liaison", marked, False),
        ("inspector", marked, False),
        ("chief", part, True),
        ("helper", part, False),
        ("auditor", part, False),
    ):
        reader = open_browser(PEOPLE[post])
        whole, events = (reader.ask("GET", f"/api/matters/{number}{more}").json() for more in ("", "/events"))
        registered = next(one["data"] for one in events if one["kind"] == "registered")
        assert whole["state"]["form"]["title" if number == marked else "unit"]
        if number == marked:
            assert ("consulted" in {one["kind"] for one in events}) is told, post
            assert ("consulted" in {one["kind"] for one in whole["events"]}) is told, post
        else:
            assert (whole["state"]["parent"], registered.get("parent")) == ((parent, parent) if told else ("", None))
            assert ("主件" in reader.ask("GET", f"/matters/{number}").text) is told, post


def test_who_else_is_named_as_a_reader_is_told_to_those_named_and_to_the_bureau(matters: dict[str, str]) -> None:
    state = now_of(matters["readers"])
    for post, told in (("office", True), ("liaison", True), ("head", False), ("inspector", False)):
        actor = actor_of(PEOPLE[post])
        assert ("readers" in rest.told(state, actor).form) is told, post
        said = [one["data"]["form"] for one in rest._events(state.number, 0, actor) if one["kind"] == "registered"]
        assert ["readers" in form for form in said] == [told], post


def sentence(page: str) -> str:
    """What a page says, without what is made anew for every answer."""
    return re.sub(r'nonce="[^"]*"|name="csrftoken" value="[^"]*"', "", page)


def test_no_address_and_no_location_tells_a_title(open_browser: Open, matters: dict[str, str]) -> None:
    browser = open_browser(PEOPLE["liaison"])
    done = browser.ask("POST", f"/matters/{matters['plain']}/do/receipt", data={"by": ""})
    assert (done.status_code, done.headers["location"]) == (303, f"/duban/matters/{matters['plain']}")
    shown = browser.ask("GET", f"/matters/{matters['plain']}").text
    titles = [now_of(number).title for number in matters.values()]
    for quoted in shown.split('href="')[1:]:
        address = quoted.partition('"')[0]
        assert not any(title in address for title in titles), address


def test_uploads_are_bounded_before_they_are_read(open_browser: Open, matters: dict[str, str]) -> None:
    client = open_browser(PEOPLE["liaison"]).client
    limits = {
        f"/api/matters/{matters['plain']}/reply": api.UPLOAD_CAP,
        f"/matters/{matters['plain']}/do/reply": api.UPLOAD_CAP,
        f"/api/matters/{matters['plain']}/receipt": api.OTHER_CAP,
        "/new/batch": api.UPLOAD_CAP,
    }
    for path, limit in limits.items():
        too_long = {"content-length": str(limit + api.OVERHEAD + 1), "content-type": "multipart/form-data; boundary=x"}
        answer = client.post(f"/duban{path}", content=b"", headers=too_long)
        assert answer.status_code == 413, path
        assert "MB" in answer.text
        fits = {**too_long, "content-length": str(limit)}
        assert client.post(f"/duban{path}", content=b"", headers=fits).status_code != 413, path
