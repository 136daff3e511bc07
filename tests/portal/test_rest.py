"""What an OA does over the interface: it hands matters over once, decides, and fetches results with their papers."""

# ruff: noqa: F811

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from access_stage import Browser, open_browser  # noqa: F401 - fixtures
from matters import FORM, Matter

from duban import ledger

CLERK, DIRECTOR, UNIT, OTHER = "tian.clerk", "shen.director", "jingzhen.liaison", "jiaojing.liaison"
Open = Callable[[str | None], Browser]


def test_a_matter_is_handed_over_once_however_often_it_is_sent(open_browser: Open) -> None:
    client = open_browser(CLERK).client
    key = {"Idempotency-Key": "oa-2026-1"}
    made = client.post("/duban/api/matters", json=FORM, headers=key)
    assert (made.status_code, made.json()["number"], made.json()["repeated"]) == (201, "BC-2026-0001", False)
    assert made.json()["started"]
    again = client.post("/duban/api/matters", json={**FORM, "key": "oa-2026-1"})
    assert (again.json()["number"], again.json()["repeated"]) == ("BC-2026-0001", True)
    another = client.post("/duban/api/matters", json={**FORM, "title": "另一件"}, headers=key)
    assert another.status_code == 409
    assert "BC-2026-0001" in another.json()["detail"]
    own = open_browser("feng.clerk").client.post("/duban/api/matters", json={**FORM, "title": "别人的"}, headers=key)
    assert own.json()["number"] == "BC-2026-0002"
    assert "幂等键" in client.post("/duban/api/matters", json=FORM).json()["detail"]
    with ledger.transaction() as session:
        assert len(ledger.items(session)) == 2


OTHERWISE = {
    "承办单位": {"unit": "治安支队"},
    "协办单位": {"cohandlers": ""},
    "密级": {"mark": ""},
    "办理要求": {"requirement": "另一项要求。"},
    "紧急程度": {"urgency": "特急"},
    "没有": {"unit": "没有这个单位"},
    "督办类型": {"type": "dated"},
}


def test_a_key_is_for_one_content(open_browser: Open) -> None:
    client = open_browser(CLERK).client
    form = {**FORM, "cohandlers": "交警支队", "mark": "内部", "key": "oa-1"}
    assert client.post("/duban/api/matters", json=form).status_code == 201
    Matter("BC-2026-0001", lambda moment: None).in_progress()
    for said in (form, {**form, "unit": "jingzhen", "cohandlers": ["交警支队"], "source": str(form["source"])}):
        again = client.post("/duban/api/matters", json=said)
        assert (again.status_code, again.json()["repeated"]) == (201, True), "the same in other words"
    for label, change in OTHERWISE.items():
        other = client.post("/duban/api/matters", json={**form, **change})
        assert other.status_code == 409, label
        assert "BC-2026-0001" in other.json()["detail"]
        assert label in other.json()["detail"]
    with ledger.transaction() as session:
        assert len(ledger.items(session)) == 1


def test_what_is_wrong_with_the_form_is_said_and_nothing_is_registered(open_browser: Open) -> None:
    client = open_browser(CLERK).client
    wrong = {
        "title": {**FORM, "title": ""},
        "unit": {**FORM, "unit": "没有"},
        "colour": {**FORM, "colour": "red"},
        "type": {**FORM, "type": "none"},
        "list": [FORM],
    }
    for name, form in wrong.items():
        answer = client.post("/duban/api/matters", json=form, headers={"Idempotency-Key": f"oa-{name}"})
        assert answer.status_code == 400, name
    assert open_browser(UNIT).client.post("/duban/api/matters", json={**FORM, "key": "x"}).status_code == 403
    assert client.get("/duban/api/matters").json() == []


def test_the_form_of_a_type_is_told_and_what_it_asks_is_taken(open_browser: Open) -> None:
    client = open_browser(CLERK).client
    schema = client.get("/duban/api/forms/general").json()
    assert set(schema["required"]) <= set(schema["properties"])
    assert set(FORM) <= set(schema["properties"])
    assert "jingzhen" in {one["const"] for one in schema["properties"]["unit"]["oneOf"]}
    assert client.get("/duban/api/forms/none").status_code == 404


def test_the_register_is_asked_as_on_its_page_and_page_by_page(open_browser: Open, new_matter: Any) -> None:
    client = open_browser(CLERK).client
    first, second = new_matter(unit="经侦支队").dispatched(), new_matter(unit="交警支队", title="路口整治", mark="内部")
    third = new_matter(unit="经侦支队", instruction_by="戚望山")

    def asked(query: str = "", who: Any = client) -> tuple[list[str], str]:
        answer = who.get(f"/duban/api/matters?{query}")
        assert answer.status_code == 200, answer.text
        return [line["number"] for line in answer.json()], answer.headers["x-total-count"]

    a, b, c = first.number, second.number, third.number
    assert asked() == ([a, b, c], "3"), "by due date, those without one last"
    meant = {
        "unit=jingzhen": [a, c],
        "unit=nowhere": [],
        "q=路口": [b],
        "mark=内部": [b],
        "leader=戚望山": [c],
        "type=complex": [],
        "open=false": [],
        "open=true&state=dispatched": [a],
        "overdue=true": [],
        "overdue=false&round=": [a, b, c],
        "month=2026-03&sort=number__desc": [c, b, a],
        "figure=open": [a, b, c],
    }
    for query, numbers in meant.items():
        assert asked(query) == (numbers, str(len(numbers))), query
    assert asked("limit=2") == ([a, b], "3")
    assert asked("limit=2&offset=2") == ([c], "3")
    assert asked("limit=2&offset=9") == ([], "3")
    assert asked(who=open_browser(UNIT).client) == ([a, c], "2"), "everybody sees and counts their own"
    for query in ("state=none", "light=blue", "month=3", "limit=0", "limit=x", "offset=-1", "sort=title__asc", "q=%01"):
        refused = client.get(f"/duban/api/matters?{query}")
        assert refused.status_code == 400, query
        assert not refused.json()["detail"].isascii()


def test_a_decision_is_listed_read_and_answered_by_who_is_asked(open_browser: Open, matter: Matter) -> None:
    director = open_browser(DIRECTOR).client
    (waits,) = director.get("/duban/api/decisions").json()
    address = f"/duban/api/decisions/{waits['number']}/{waits['key']}"
    asked = director.get(address).json()
    assert "同意" in asked["options"]
    clerk = open_browser(CLERK).client
    assert clerk.get(address).status_code == 403
    assert clerk.post(address, json={"option": "同意"}).status_code == 409
    assert director.post(address, json={"option": "同意", "fields": {}}).json()["state"] == "signing"
    assert director.get("/duban/api/decisions").json() == []
    assert director.get(address).status_code == 404


def test_results_are_fetched_with_their_papers_and_by_who_may_see_them(open_browser: Open) -> None:
    client = open_browser(CLERK).client
    client.post("/duban/api/matters", json=FORM, headers={"Idempotency-Key": "oa-7"})
    since = {"since": "2026-03-01T00:00:00"}
    assert client.get("/duban/api/results", params=since).json()["results"] == []
    Matter("BC-2026-0001", lambda moment: None).in_progress().replied().closed()
    told = client.get("/duban/api/results", params=since).json()
    (result,) = told["results"]
    assert (result["number"], result["key"], result["outcome"]) == ("BC-2026-0001", "oa-7", "closed")
    assert "已审批" in result["report"]["name"]
    for paper in (result["report"], result["reply"]):
        answer = client.get(f"/duban/api{paper['href']}")
        assert hashlib.sha256(answer.content).hexdigest() == paper["sha256"]
        assert answer.headers["content-disposition"].startswith("attachment")
    later = client.get("/duban/api/results", params={"since": told["until"]}).json()
    assert later["until"] >= told["until"]
    assert open_browser(UNIT).client.get("/duban/api/results", params=since).json()["results"][0]["key"] is None
    assert open_browser(OTHER).client.get("/duban/api/results", params=since).json()["results"] == []


@pytest.mark.usefixtures("rehearsal_url")
def test_a_deadline_is_tried_out(open_browser: Open) -> None:
    client = open_browser(UNIT).client
    due = client.get("/duban/api/deadlines", params={"rule": "general", "start": "2026-03-02"}).json()
    assert (due["due_on"], len(due["counted"])) == ("2026-03-09", 5)
    assert due["clause"]
