"""The ledger over HTTP: everybody sees and does what is theirs, and hears why not in one sentence."""

from typing import Any

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient
from matters import Matter, report

from duban.ledger import Actor
from duban.orchestration.people import actor_of
from duban.portal import api

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Browser:
    """Somebody's browser; `who` is the sign-in name, None for nobody."""

    def __init__(self) -> None:
        self.who: str | None = "jingzhen.liaison"
        app = api.create()
        app.dependency_overrides[api.signed_in] = self._signed_in
        self.client = TestClient(app, base_url="http://duban.example")

    def _signed_in(self) -> Actor:
        if self.who is None:
            raise HTTPException(401, "Not authenticated")
        return actor_of(self.who)

    def get(self, path: str = "", **more: Any) -> Any:
        return self.client.get(f"/api/matters{path}", **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.client.post(f"/api/matters/{path}", data=data or {}, **more)


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.mark.rule("MM-5.5")
def test_a_unit_sees_its_own_matters_only(browser: Browser, matter: Matter) -> None:
    matter.dispatched()
    assert [item["number"] for item in browser.get().json()] == [matter.number]
    assert browser.get(f"/{matter.number}").json()["state"]["number"] == matter.number
    browser.who = "taobei.liaison"
    assert browser.get().json() == []
    assert browser.get("?unit=jingzhen").json() == []
    assert browser.get(f"/{matter.number}").status_code == 404
    assert browser.post(f"{matter.number}/receipt").status_code == 404
    assert matter.state.received_at is None


@pytest.mark.rule("R-OFFICE")
def test_the_office_sees_all_and_acts_for_no_unit(browser: Browser, matter: Matter) -> None:
    matter.dispatched()
    browser.who = matter.clerk.user
    assert [item["number"] for item in browser.get("?unit=jingzhen").json()] == [matter.number]
    assert browser.get(f"/{matter.number}").json()["events"][0]["kind"] == "registered"
    assert browser.post(f"{matter.number}/receipt").status_code == 403
    assert matter.state.received_at is None


@pytest.mark.rule("LZ-2.2", "T11", "T12", "T17", "R-UNIT", "R-LIAISON")
def test_a_unit_does_what_is_a_units(browser: Browser, matter: Matter) -> None:
    matter.dispatched()
    number = matter.number
    assert browser.post(f"{number}/receipt").json()["state"] == "received"
    assert browser.post(f"{number}/reading", {"opinion": "请某同志办理"}).json()["state"] == "in_progress"
    until = {"until": "2026-03-20", "reason": "等待鉴定", "plan": "收到后结案", "signed_by": "谭志刚"}
    assert browser.post(f"{number}/extension", until).json()["due_on"] == "2026-03-20"
    assert browser.post(f"{number}/progress", {"text": "已取证"}).status_code == 200
    files = {"file": ("办结报告.docx", report(), DOCX)}
    assert browser.post(f"{number}/reply", {"signed_by": "谭志刚"}, files=files).json()["state"] == "replied"
    assert matter.event("replied").actor.user == "jingzhen.liaison"


@pytest.mark.rule("BC-1.2")
@pytest.mark.parametrize("path", ["instruction", "withdrawal", "leader-return"])
def test_a_unit_does_not_do_what_is_the_offices(browser: Browser, matter: Matter, path: str) -> None:
    matter.in_progress()
    before = matter.kinds()
    data = {"on": "2026-03-02", "leader": "x", "text": "y", "reason": "z", "approved_by": "w", "level": "chief"}
    assert browser.post(f"{matter.number}/{path}", data).status_code == 403
    assert matter.kinds() == before


def test_the_office_instructs_and_withdraws(browser: Browser, matter: Matter) -> None:
    matter.in_progress()
    browser.who = matter.clerk.user
    said = {"on": "2026-03-02", "leader": "顾长风", "text": "抓紧"}
    assert browser.post(f"{matter.number}/instruction", said).json()["round"] == 2
    assert browser.post(f"{matter.number}/withdrawal", {"reason": "重复", "approved_by": "顾长风"}).status_code == 200
    assert matter.state.state == "cancelled"


def test_what_is_refused_is_said_in_one_sentence(browser: Browser, matter: Matter) -> None:
    reply = browser.post(f"{matter.number}/receipt")
    assert reply.status_code == 409
    assert "尚未签发" in reply.json()["detail"]
    reply = browser.post(f"{matter.number}/extension", {"until": "明天"})
    assert reply.status_code == 400
    assert "until" in reply.json()["detail"]
    assert browser.get("/BC-2026-9999").status_code == 404


def test_another_site_cannot_act_in_a_signed_in_browser(browser: Browser, matter: Matter) -> None:
    matter.dispatched()
    forged = {"origin": "http://evil.example"}
    assert browser.post(f"{matter.number}/receipt", headers=forged).status_code == 403
    assert matter.state.received_at is None
    own = {"origin": "http://duban.example"}
    assert browser.post(f"{matter.number}/receipt", headers=own).status_code == 200


def test_what_is_too_large_is_not_read(browser: Browser, matter: Matter) -> None:
    matter.in_progress()
    files = {"file": ("大.docx", b"x" * (api.UPLOAD_CAP + api.OVERHEAD + 1), DOCX)}
    reply = browser.post(f"{matter.number}/reply", files=files)
    assert reply.status_code == 413
    assert "MB" in reply.json()["detail"]
    assert browser.post(f"{matter.number}/progress", {"text": "x" * (api.OTHER_CAP + api.OVERHEAD)}).status_code == 413
    unsaid = browser.client.post(f"/api/matters/{matter.number}/receipt", content=iter([b"a=b"]))
    assert unsaid.status_code == 411


def test_nobody_sees_anything_without_signing_in(browser: Browser, matter: Matter) -> None:
    browser.who = None
    assert browser.get().status_code == 401
    assert browser.get(f"/{matter.number}").status_code == 401
    assert browser.post(f"{matter.number}/receipt").status_code == 401


def test_every_answer_forbids_being_framed_elsewhere(browser: Browser) -> None:
    for path in ("/api/matters/none", "/docs", "/openapi.json"):
        reply = browser.client.get(path)
        assert "frame-ancestors 'self'" in reply.headers["content-security-policy"]
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.status_code != 200
