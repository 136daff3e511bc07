"""The ledger over HTTP: everybody sees and does what is theirs, and hears why not in one sentence."""

import inspect
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import HTTPException, Request
from fastapi.testclient import TestClient
from matters import Matter, report

from duban import acts
from duban.ledger import Actor
from duban.orchestration.people import actor_of
from duban.portal import airflow_side, api
from duban.portal.acts_table import DEEDS, UNIT

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Browser:
    """Somebody's browser; `who` is the sign-in name, None for nobody."""

    def __init__(self) -> None:
        self.who: str | None = "jingzhen.liaison"
        self.client = TestClient(api.create(self._signed_in), base_url="http://duban.example")

    async def _signed_in(self, _request: Request) -> Actor:
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
@pytest.mark.parametrize("path", [path for path, deed in DEEDS.items() if deed.who != UNIT])
def test_a_unit_does_not_do_what_is_the_offices(browser: Browser, matter: Matter, path: str) -> None:
    matter.in_progress()
    before = matter.kinds()
    assert browser.post(f"{matter.number}/{path}").status_code == 403
    assert matter.kinds() == before


@pytest.mark.parametrize("path", [path for path, deed in DEEDS.items() if deed.who == UNIT])
@pytest.mark.parametrize("user", ["tian.clerk", "gu.chief"])
def test_nobody_else_does_what_is_the_units(browser: Browser, matter: Matter, path: str, user: str) -> None:
    matter.in_progress()
    before = matter.kinds()
    browser.who = user
    assert browser.post(f"{matter.number}/{path}").status_code == 403
    assert matter.kinds() == before


@pytest.mark.parametrize("path", DEEDS)
def test_what_each_act_takes_is_what_its_function_takes(path: str) -> None:
    deed = DEEDS[path]
    known = inspect.signature(deed.act).parameters
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in known.values()):
        return
    taken = [name for name in deed.fields if name != "file"] + (["name", "content"] if "file" in deed.fields else [])
    assert set(taken) <= set(known)
    wanted = {name for name, one in known.items() if one.default is inspect.Parameter.empty}
    assert wanted - {"number", "actor"} <= set(taken)


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
    for wrong, named in (({"until": "明天"}, "新的完成日期"), ({"until": "2026-03-20", "colour": "red"}, "colour")):
        reply = browser.post(f"{matter.number}/extension", wrong)
        assert reply.status_code == 400
        assert named in reply.json()["detail"]
    assert browser.post(f"{matter.number}/nonsense").status_code == 404
    assert browser.post(f"{matter.number}/reply").status_code == 400
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


COVERT = {"mode": "covert", "consent_by": "顾长风", "consent_on": "2026-03-02", "consent_number": "局党委纪要第3号"}
FINDINGS = {"findings": "值班人员不在岗。", "causes": "没有查岗。", "measures": "建立查岗制度。"}


@pytest.mark.rule("SK-3.2")
def test_a_covert_matter_is_not_there_for_its_unit_until_it_is_released(
    browser: Browser, new_matter: Callable[..., Matter]
) -> None:
    matter = new_matter(**COVERT)
    assert browser.get().json() == []
    assert browser.get(f"/{matter.number}").status_code == 404
    assert browser.post(f"{matter.number}/decline", {"reason": "不是我们的"}).status_code == 404
    assert "consulted" not in matter.kinds()
    browser.who = matter.clerk.user
    assert [item["number"] for item in browser.get().json()] == [matter.number]
    matter.decide("visit", "转承办单位办理", people="田雨欣", place="值班室", on="2026-03-02", **FINDINGS)
    browser.who = "jingzhen.liaison"
    assert [item["number"] for item in browser.get().json()] == [matter.number]


@pytest.mark.rule("LZ-2.5")
def test_who_helps_takes_its_copy_and_does_no_more(browser: Browser, new_matter: Callable[..., Matter]) -> None:
    matter = new_matter(cohandlers="治安支队").dispatched()
    browser.who = "zhian.liaison"
    assert [item["number"] for item in browser.get().json()] == [matter.number]
    assert browser.get(f"/{matter.number}").status_code == 200
    assert browser.post(f"{matter.number}/receipt").status_code == 200
    assert (matter.event("copy_received").data["unit"], matter.state.received_at) == ("zhian", None)
    for path in [path for path, deed in DEEDS.items() if deed.who == UNIT and path != "receipt"]:
        assert browser.post(f"{matter.number}/{path}").status_code == 403
    browser.who = "jiaojing.liaison"
    assert browser.get().json() == []


@pytest.mark.rule("T11b")
def test_a_unit_declines_and_the_office_is_asked(browser: Browser, matter: Matter) -> None:
    matter.dispatched()
    assert browser.post(f"{matter.number}/decline", {"reason": "属治安支队职责。"}).json()["state"] == "declined"
    assert matter.state.awaits("reassign") == "reassign:1"


@pytest.mark.rule("T13", "BC-5.5a", "SK-2.2")
def test_the_office_notes_what_it_does_beside_the_way_of_a_matter(browser: Browser, matter: Matter) -> None:
    matter.in_progress()
    browser.who = matter.clerk.user
    number, today = matter.number, "2026-03-02"
    assert browser.post(f"{number}/urge", {"how": "phone", "text": "请抓紧。"}).status_code == 200
    assert browser.post(f"{number}/tracking", {"how": "电话", "text": "正在取证。"}).status_code == 200
    inspection = {"people": "田雨欣", "on": today, "findings": "卷宗齐全。"}
    assert browser.post(f"{number}/inspection", inspection).status_code == 200
    ruling = {"units": "经侦支队、网安支队", "ruling": "经侦支队主办，网安支队配合。", "by": "顾长风", "on": today}
    assert browser.post(f"{number}/coordination", ruling).status_code == 200, browser.post(
        f"{number}/coordination", ruling
    ).text
    praise = {"level": "praised_by_chief", "reason": "办理及时。"}
    assert browser.post(f"{number}/praise", praise).status_code == 200
    leak = {"text": "进展被告知当事人。", "person": "某某"}
    assert browser.post(f"{number}/leak", leak).status_code == 200
    (case,) = matter.state.cases
    assert browser.post(f"{number}/case-outcome", {"case": case.id, "outcome": "批评教育。"}).status_code == 200
    kinds = ["urged_by_hand", "tracked", "inspected", "coordinated", "praised", "leaked"]
    assert [kind for kind in matter.kinds() if kind in kinds] == kinds
    assert matter.state.state == "in_progress"


def test_a_reopened_matter_gets_its_next_run_at_once(
    browser: Browser, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter.in_progress().replied().closed()
    asked: list[tuple[str, str, Any]] = []

    def airflow(request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content) if request.content else None
        asked.append((request.method, request.url.path, sent))
        if request.method == "GET":
            return httpx.Response(200, json={"state": "success"})
        return httpx.Response(409 if sent["dag_run_id"].endswith(".2") else 200)

    client = httpx.AsyncClient
    monkeypatch.setattr(
        airflow_side.httpx, "AsyncClient", lambda **more: client(transport=httpx.MockTransport(airflow), **more)
    )
    browser.who = matter.clerk.user
    said = {"on": "2026-03-02", "leader": "顾长风", "text": "再查", "due_on": "2026-03-20"}
    assert browser.post(f"{matter.number}/instruction", said).json()["round"] == 2
    runs = "/api/v2/dags/general_item/dagRuns"
    assert [(method, path) for method, path, _ in asked] == [
        ("POST", runs),
        ("GET", f"{runs}/{matter.number}.2"),
        ("POST", runs),
    ]
    assert asked[-1][2]["dag_run_id"] == f"{matter.number}.3", "a run that was lost and replaced has used the second"
    assert asked[-1][2]["conf"] == {"number": matter.number}


@pytest.mark.rule("BC-7.1.5", "MM-5.5")
def test_7_1_5_a_responsible_unit_that_does_not_handle_the_matter_gives_its_account_and_sees_no_more(
    browser: Browser, matter: Matter
) -> None:
    number = matter.in_progress().number
    acts.criticise(number, matter.clerk, "criticised_above", "反馈超时", "省厅通报7号", others=("法制支队",))
    case = matter.state.cases[0].id
    said = {"case": case, "text": "经过、原因、整改", "signed_by": "蔺守正"}
    browser.who = "taobei.liaison"  # owes nothing
    assert browser.client.get("/api/accounts").json() == []
    assert browser.post(f"{number}/case-account", said).status_code == 404
    browser.who = "fazhi.liaison"
    (owed,) = browser.client.get("/api/accounts").json()
    assert (owed["number"], owed["case"], owed["reason"], owed["clause"]) == (number, case, "反馈超时", "七（一）5")
    assert set(owed) == {"number", "reference", "case", "clause", "reason", "opened_at"}
    for path in (f"/{number}", ""):
        assert browser.get(path).json() in ([], {"detail": f"没有编号为 {number} 的督办件，或它不是您单位的。"})
    assert browser.post(f"{number}/progress", {"text": "已取证"}).status_code == 404
    assert browser.post(f"{number}/case-account", said | {"case": "case:criticised:2"}).status_code == 404
    for _ in range(2):
        assert browser.post(f"{number}/case-account", said).json() == {"number": number, "case": case}
    assert browser.post(f"{number}/case-account", said | {"text": "别的"}).status_code == 409
    assert browser.client.get("/api/accounts").json() == []
    rendered = matter.event("account_rendered")
    assert (rendered.actor.user, rendered.data["unit"]) == ("fazhi.liaison", "fazhi")
    assert matter.kinds().count("account_rendered") == 1
    assert matter.state.cases[0].owes == ("jingzhen",)
