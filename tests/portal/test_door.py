"""The door: what people give to Airflow is in the ledger first, or Airflow never hears of it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import HTTPException
from matters import FORM, Matter
from sqlalchemy.exc import OperationalError

from duban import ledger
from duban.orchestration import questions
from duban.orchestration.questions import Place
from duban.portal import door as module
from duban.portal.door import Door

REGION = "01a2000b-7575-7b7d-93ae-099b61045e1c"
TASK = "signing_round.sign_director"
NEW = {name: value for name, value in FORM.items() if name != "type"}


@dataclass
class Airflow:
    """Stands behind the door; notes what reaches it and answers what it is told to."""

    status: int = 200
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    fails: bool = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body", False)
        length = dict(scope["headers"]).get(b"content-length")
        assert length is None or int(length) == len(body)
        self.calls.append((scope["method"], scope["path"], json.loads(body) if body else None))
        if self.fails:
            raise RuntimeError("metadata database away")
        await send({"type": "http.response.start", "status": self.status, "headers": [(b"x-airflow", b"1")]})
        await send({"type": "http.response.body", "body": b'{"from": "airflow"}'})


@dataclass
class Client:
    """A browser that is signed in as `user`."""

    airflow: Airflow
    user: str | None = "tian.clerk"
    allowed: bool = True

    def send(self, method: str, path: str, content: Any, **more: Any) -> httpx.Response:
        async def main() -> httpx.Response:
            transport = httpx.ASGITransport(Door(self.airflow))
            async with httpx.AsyncClient(transport=transport, base_url="http://duban.example") as client:
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                return await client.request(method, path, content=body, **more)

        return asyncio.run(main())

    def answer(
        self, number: str, option: str, region_index: int = 0, task: str = TASK, **fields: Any
    ) -> httpx.Response:
        path = f"/api/v2/dags/general_item/dagRuns/{number}/taskInstances/{task}/-1/hitlDetails"
        params = {"region_id": REGION, "region_index": region_index}
        return self.send("PATCH", path, {"chosen_options": [option], "params_input": fields}, params=params)

    def register(self, form: dict[str, Any], **more: Any) -> httpx.Response:
        content = {"logical_date": "2026-03-02T01:00:00Z", "conf": form, **more}
        return self.send("POST", "/api/v2/dags/general_item/dagRuns", content)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    client = Client(Airflow())

    async def user_of(_request: Any) -> Any:
        if client.user is None:
            raise HTTPException(401, "Not authenticated")
        return SimpleNamespace(get_name=lambda: client.user, get_id=lambda: "7", get_display_name=lambda: "某人")

    async def may(*_: Any) -> bool:
        return client.allowed

    monkeypatch.setattr(module, "user_of", user_of)
    monkeypatch.setattr(module, "may", may)
    monkeypatch.setattr(module, "refuse_unstartable", lambda dag_id: None)
    return client


@pytest.fixture
def asked(matter: Matter) -> Matter:
    """The director is asked for the matter's notice, in the first pass of the signing loop."""
    with ledger.transaction() as session:
        place = Place("general_item", matter.number, TASK, -1, REGION, 0)
        questions.ask(session, matter.number, "sign.director:1", place)
    return matter


def numbers() -> list[str]:
    with ledger.transaction() as session:
        return [item.number for item in ledger.items(session)]


def test_an_answer_is_in_the_ledger_before_airflow_hears_of_it(client: Client, asked: Matter) -> None:
    client.user = asked.director.user
    reply = client.answer(asked.number, "退改", opinion="标题太长 {{ x }}")
    assert (reply.status_code, reply.json()) == (200, {"from": "airflow"})
    assert asked.event("signed").data["opinion"] == "标题太长 {{ x }}"
    assert asked.event("signed").actor.user == asked.director.user
    ((method, _, content),) = client.airflow.calls
    assert (method, content["chosen_options"]) == ("PATCH", ["退改"])


@pytest.mark.parametrize(
    ("user", "option", "fields", "sentence"),
    [
        ("shen.director", "退改", {}, "没有填写"),
        ("tian.clerk", "同意", {}, "不能代办"),
        ("shen.director", "签发", {}, "没有“签发”这一选项"),
        ("stranger", "同意", {}, "stranger"),
    ],
)
def test_a_refused_answer_never_reaches_airflow(
    client: Client, asked: Matter, user: str, option: str, fields: dict[str, Any], sentence: str
) -> None:
    client.user, before = user, asked.kinds()
    reply = client.answer(asked.number, option, **fields)
    assert reply.status_code == 409
    assert sentence in reply.json()["detail"]
    assert client.airflow.calls == []
    assert asked.kinds() == before


def test_the_second_of_two_people_is_told_who_was_first(client: Client, asked: Matter) -> None:
    client.user = asked.director.user
    assert client.answer(asked.number, "同意").status_code == 200
    reply = client.answer(asked.number, "退改", opinion="不行")
    assert reply.status_code == 409
    assert asked.director.name in reply.json()["detail"]
    assert len(client.airflow.calls) == 1


@pytest.mark.parametrize("fails", [True, False])
def test_an_answer_that_only_the_ledger_took_is_taken(client: Client, asked: Matter, fails: bool) -> None:
    client.user, client.airflow.status, client.airflow.fails = asked.director.user, 409, fails
    reply = client.answer(asked.number, "同意")
    assert reply.status_code == 200
    assert reply.json()["chosen_options"] == ["同意"]
    assert asked.state.awaits("sign.chief")


def test_a_form_of_another_pass_is_refused(client: Client, asked: Matter) -> None:
    client.user = asked.director.user
    reply = client.answer(asked.number, "同意", region_index=3)
    assert reply.status_code == 409
    assert "刷新" in reply.json()["detail"]
    assert client.airflow.calls == []


@pytest.mark.parametrize(("user", "allowed", "status"), [(None, True, 401), ("shen.director", False, 403)])
def test_nobody_answers_who_is_not_signed_in_or_not_permitted(
    client: Client, asked: Matter, user: str | None, allowed: bool, status: int
) -> None:
    client.user, client.allowed = user, allowed
    assert client.answer(asked.number, "同意").status_code == status
    assert client.register(NEW).status_code == status
    assert client.airflow.calls == []
    assert asked.state.awaits("sign.director")
    assert numbers() == [asked.number]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"[1]", 400), (b'{"chosen_options": []}', 400), (b'{"chosen_options": ["a", "b"]}', 400),
     (b'{"chosen_options": [3]}', 400), (b'{"chosen_options": ["a"], "params_input": 3}', 400),
     (b" " * (module.MOST_BYTES + 1), 413)],
)  # fmt: skip
def test_a_form_that_is_none_is_refused(client: Client, asked: Matter, body: bytes, status: int) -> None:
    path = f"/api/v2/dags/general_item/dagRuns/{asked.number}/taskInstances/{TASK}/-1/hitlDetails"
    assert client.send("PATCH", path, body).status_code == status
    assert client.airflow.calls == []


def test_the_path_is_read_as_airflow_reads_it(client: Client, asked: Matter) -> None:
    client.user = asked.director.user
    path = f"/api/v2/dags/general_item/dagRuns/{asked.number}/taskInstances/{TASK}/%20-1/hitlDetails"
    assert client.send("PATCH", path, {"chosen_options": ["同意"]}).status_code == 200
    assert asked.state.awaits("sign.chief")


def test_other_dags_and_other_requests_pass_untouched(client: Client) -> None:
    client.user = None
    others = [
        ("PATCH", "/api/v2/dags/other/dagRuns/r/taskInstances/t/-1/hitlDetails"),
        ("POST", "/api/v2/dags/other/dagRuns"),
        ("POST", "/api/v2/dags/daily_watch/dagRuns"),
        ("POST", "/api/v2/dags/general_item/dagRuns/list"),
        ("PATCH", "/api/v2/dags/general_item/dagRuns/r/taskInstances/t"),
    ]
    for method, path in others:
        assert client.send(method, path, {"a": 1}).json() == {"from": "airflow"}
    assert [(method, path) for method, path, _ in client.airflow.calls] == others


def test_a_ledger_that_is_away_stops_everything_at_the_door(
    client: Client, asked: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    for reply in (client.answer(asked.number, "同意"), client.register(NEW)):
        assert reply.status_code == 503
        assert "台账" in reply.json()["detail"]
    assert client.airflow.calls == []


def test_a_matter_is_registered_before_its_run_starts(client: Client, rehearsal_url: str) -> None:
    assert client.register(NEW).status_code == 200
    (number,) = numbers()
    ((_, _, content),) = client.airflow.calls
    assert content == {
        "dag_run_id": number,
        "logical_date": None,
        "conf": {"number": number},
        "note": f"白公督〔2026〕1号 {FORM['title']}",
    }


def test_a_secret_matter_leaves_nothing_of_itself_in_airflow(client: Client, rehearsal_url: str) -> None:
    form = NEW | {"mark": "机密", "title": "代称甲", "paper": "保密柜三层", "requirement": "", "instruction_text": ""}
    assert client.register(form).status_code == 200
    assert client.airflow.calls[0][2]["note"] == "白公督〔2026〕1号"
    assert "代称甲" not in json.dumps(client.airflow.calls, ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"unit": "无此单位"}, "无此单位"),
        ({"requirement": ""}, "办理要求"),
        ({"title": "一" * 100_000}, "标题"),
        ({"surprise": 1}, "surprise"),
        ({"number": "BC-2026-0001"}, "编号"),
        ({"type": "complex", "due_on": "2020-01-01"}, "期限"),
    ],
)
def test_a_refused_form_registers_nothing(
    client: Client, rehearsal_url: str, change: dict[str, Any], sentence: str
) -> None:
    reply = client.register(NEW | change)
    assert reply.status_code == 400
    assert sentence in reply.json()["detail"]
    assert numbers() == []
    assert client.airflow.calls == []


def test_a_second_click_is_the_same_matter(client: Client, rehearsal_url: str) -> None:
    client.register(NEW)
    client.airflow.status = 409  # the run of that id is there
    reply = client.register(NEW)
    assert reply.status_code == 409
    assert numbers()[0] in reply.json()["detail"]
    client.airflow.status = 200
    client.register(NEW | {"title": "另一件"})
    assert len(numbers()) == 2


def test_a_run_that_did_not_start_is_started_by_the_same_form(client: Client, rehearsal_url: str) -> None:
    client.airflow.fails = True
    reply = client.register(NEW)
    (number,) = numbers()
    assert reply.status_code == 502
    assert number in reply.json()["detail"]
    client.airflow.fails = False
    assert client.register(NEW).status_code == 200
    assert numbers() == [number]
    assert client.airflow.calls[-1][2]["dag_run_id"] == number


def test_a_program_that_repeats_its_run_id_registers_once(client: Client, rehearsal_url: str) -> None:
    client.register(NEW, dag_run_id="mine-1")
    client.register(NEW, dag_run_id="mine-1")
    client.register(NEW, dag_run_id="mine-2")
    assert len(numbers()) == 2


COVERT = {
    "mode": "covert",
    "consent_by": "顾长风",
    "consent_on": "2026-03-02",
    "consent_number": "局党委会议纪要第3号",
    "title": "夜间值班备勤情况",
}


@pytest.mark.rule("SK-3.2")
@pytest.mark.parametrize("form", [NEW, NEW | COVERT], ids=["written", "covert"])
def test_a_unit_registers_nothing(client: Client, rehearsal_url: str, form: dict[str, Any]) -> None:
    client.user = "jingzhen.liaison"
    reply = client.register(form)
    assert (reply.status_code, "由办公室办理" in reply.json()["detail"]) == (403, True)
    assert numbers() == []


@pytest.mark.rule("SK-3.2")
def test_a_covert_matter_leaves_its_number_in_airflow_and_nothing_else(client: Client, rehearsal_url: str) -> None:
    assert client.register(NEW | COVERT).status_code == 200
    (number,) = numbers()
    ((_, _, content),) = client.airflow.calls
    assert (content["conf"], content["note"]) == ({"number": number}, "白公督〔2026〕1号")
    assert client.register({"number": number}, dag_run_id=f"{number}.2", note=COVERT["title"]).status_code == 200
    assert COVERT["title"] not in json.dumps(client.airflow.calls, ensure_ascii=False)


TYPES = {
    "complex": {},
    "dated": {"due_on": "2026-03-20"},
    "routine": {},
    "staged": {"stages": "调研梳理 3月2日 3月10日\n集中填报 3月10日 3月20日\n检查督促 3月20日 3月31日 办公室"},
}


@pytest.mark.parametrize("type_id", TYPES)
def test_each_type_is_registered_by_its_own_form(client: Client, rehearsal_url: str, type_id: str) -> None:
    form = {name: value for name, value in NEW.items() if not name.startswith("instruction")} | {"source": 6}
    path = f"/api/v2/dags/{type_id}_item/dagRuns"
    reply = client.send("POST", path, {"logical_date": None, "conf": form | TYPES[type_id]})
    assert reply.status_code == 200, reply.text
    (number,) = numbers()
    with ledger.transaction() as session:
        assert ledger.state(session, number).type == type_id
    assert client.airflow.calls[0][1] == path


def test_a_registered_matter_may_be_started_again(client: Client, matter: Matter) -> None:
    assert client.register({"number": matter.number}, dag_run_id=f"{matter.number}.2").status_code == 200
    assert client.airflow.calls[0][2]["dag_run_id"] == f"{matter.number}.2"
    assert client.airflow.calls[0][2]["conf"] == {"number": matter.number}
    assert client.register({"number": "BC-2026-9999"}).status_code == 400
    assert numbers() == [matter.number]


def test_concurrent_clicks_register_once(client: Client, rehearsal_url: str) -> None:
    async def clicks() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Door(client.airflow))
        async with httpx.AsyncClient(transport=transport, base_url="http://duban.example") as browser:
            click: Callable[[], Any] = lambda: browser.post(  # noqa: E731
                "/api/v2/dags/general_item/dagRuns", json={"logical_date": None, "conf": NEW}
            )
            return await asyncio.gather(*(click() for _ in range(5)))

    replies = asyncio.run(clicks())
    assert len(numbers()) == 1, [reply.text for reply in replies]
    assert {reply.status_code for reply in replies} == {200}


def test_an_airflow_database_that_is_away_is_said_too(
    client: Client, asked: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def user_of(_request: Any) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(module, "user_of", user_of)
    reply = client.answer(asked.number, "同意")
    assert (reply.status_code, client.airflow.calls) == (503, [])
    assert asked.state.awaits("sign.director")
