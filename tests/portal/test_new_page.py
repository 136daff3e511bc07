"""新建督办件: each type registers what Airflow's form registers, once, and what is wrong is said at its field."""

import asyncio
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from matters import FORM

from duban import acts, ledger, organization, regulation
from duban.acts.form_fields import fields_of
from duban.ledger import State
from duban.orchestration.people import actor_of
from duban.portal import airflow_side, registering
from duban.portal.pages import new as module

CLERK = "tian.clerk"
PLAIN = {"title": "夜间施工噪声的处理", "unit": "zhian", "source": "6", "requirement": "查清并报办公室。"}
INSTRUCTED = {name: str(value) for name, value in FORM.items() if name != "type"} | {"unit": "jingzhen"}
STAGES = "调研梳理｜2026-03-02｜2026-03-10｜｜\n检查督促｜2026-03-10｜2026-03-20｜｜办公室"
TYPES: dict[str, dict[str, str]] = {
    "general": INSTRUCTED,
    "complex": PLAIN | {"violation": "是", "cohandlers": "fazhi"},
    "dated": PLAIN | {"due_on": "2026-03-20", "urgency": "加急"},
    "routine": PLAIN | {"due_on": ""},
    "staged": PLAIN | {"stages": STAGES, "campaign": "春季行动"},
}
SHEET = re.compile(r'name="sheet" value="([0-9a-f]+)"')


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Airflow starts every run; the numbers that it was asked for."""
    numbers: list[str] = []

    async def start_all(_request: Any, states: list[State]) -> list[str | None]:
        numbers.extend(state.number for state in states)
        return [None] * len(states)

    monkeypatch.setattr(airflow_side, "start_all", start_all)
    return numbers


def register(browser: Any, type_id: str, said: dict[str, str], sheet: str = "") -> httpx.Response:
    found = sheet or SHEET.search(browser.get(f"/new/{type_id}").text)[1]  # type: ignore[index]
    answer: httpx.Response = browser.post(f"/new/{type_id}", {"sheet": found, **said})
    return answer


def states() -> list[State]:
    with ledger.transaction() as session:
        return [ledger.state(session, item.number) for item in ledger.items(session)]


def same(state: State) -> dict[str, Any]:
    """What two registrations of the same thing have in common."""
    return state.model_dump(exclude={"number", "reference", "run_key", "registered_at", "version", "view"})


@pytest.mark.rule("BC-5.1a", "T1")
@pytest.mark.parametrize("type_id", TYPES)
def test_each_type_registers_what_airflows_form_registers(
    site: Callable[..., Any], started: list[str], type_id: str
) -> None:
    browser = site(CLERK)
    answer = register(browser, type_id, TYPES[type_id])
    assert answer.status_code == 303, answer.text
    (mine,) = states()
    assert answer.headers["location"] == f"/duban/matters/{mine.number}"
    assert started == [mine.number]
    asked = fields_of(type_id, regulation.load(), organization.load())
    airflows = dict.fromkeys(asked) | dict(TYPES[type_id].items())
    if "violation" in TYPES[type_id]:
        airflows["violation"] = True  # type: ignore[assignment]
    clerk = organization.load().person(CLERK)
    theirs = acts.register({**airflows, "type": type_id}, ledger.Actor(clerk.user, clerk.name, "office"), "airflow")
    assert same(mine) == same(theirs)


@pytest.mark.parametrize("regulation_id", ["bureau-2019", "lanzhou"])
def test_a_bureau_is_offered_its_own_types_and_registers_them(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, regulation_id: str
) -> None:
    law = regulation.load(regulation_id)
    monkeypatch.setenv("DUBAN_REGULATION", regulation_id)
    monkeypatch.setenv("DUBAN_ORGANIZATION", law.organization)
    org = organization.load()
    browser = site(org.clerks[0].user)
    page = browser.get("/new").text
    for type_id in TYPES.keys() | {"decomposed"}:
        assert (f'href="/duban/new/{type_id}"' in page) == (type_id in law.types)
        answer = browser.get(f"/new/{type_id}")
        assert answer.status_code == (200 if type_id in law.types else 404)
    units = [unit.code for unit in org.units.values()][:3]
    source = str(next(number for number in law.sources if not law.notice_for(number, None)[1].needs_leader))
    said = PLAIN | {"unit": units[0], "source": source, "due_on": "2026-04-01"}
    parts = f"{org.units[units[1]].short}｜查清 3月5日 的情况｜2026-03-20\n{org.units[units[2]].short}｜整改｜"
    for type_id in law.types:
        more = {"parts": parts} if type_id == "decomposed" else {}
        answer = register(browser, type_id, said | more)
        assert answer.status_code == 303, (type_id, answer.text)
    assert {state.type for state in states()} == set(law.types)
    whole = next(state for state in states() if state.type == "decomposed")
    assert whole.form["parts"][0] == {"unit": units[1], "requirement": "查清 3月5日 的情况", "due_on": "2026-03-20"}


def test_the_types_are_told_with_clause_and_limit_in_words(site: Callable[..., Any]) -> None:
    page = site(CLERK).get("/new").text
    assert "5日内办结" in page
    assert "每周周五报一次" in page
    assert "六（三）限时督办事项" in page
    assert "分解" not in page


@pytest.mark.rule("BC-5.1a")
@pytest.mark.parametrize("user", ["jingzhen.liaison", "jingzhen.head"])
def test_only_the_office_and_the_leaders_register(site: Callable[..., Any], user: str) -> None:
    browser = site(user)
    for path in ("/new", "/new/general", "/new/batch", "/new/batch/template"):
        assert browser.get(path).status_code == 403
    for path in ("/new/general", "/new/general/preview", "/new/start", "/new/batch", "/new/batch/confirm"):
        assert browser.post(path, {"sheet": "0" * 32, **PLAIN}, page="/").status_code == 403
    assert states() == []
    assert site("gu.chief").get("/new").status_code == 200


def test_the_same_sheet_twice_is_one_matter(site: Callable[..., Any], started: list[str]) -> None:
    browser = site(CLERK)
    sheet = registering.new_form()
    first, second = (register(browser, "general", INSTRUCTED, sheet) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert "没有重复登记" in browser.follow(second).text
    (state,) = states()
    again = register(browser, "general", INSTRUCTED)  # the back button: the browser fetched a new sheet
    assert again.headers["location"] == first.headers["location"]
    changed = register(browser, "general", INSTRUCTED | {"title": "另一件"}, sheet)
    assert changed.status_code == 409
    assert state.number in changed.text
    assert "另一件" in changed.text
    assert len(states()) == 1
    assert register(browser, "general", INSTRUCTED | {"title": "另一件"}).status_code == 303
    assert len(states()) == 2


def test_after_ten_minutes_the_same_words_on_another_sheet_are_another_matter(
    site: Callable[..., Any], later: Callable[..., None]
) -> None:
    browser, sheet = site(CLERK), registering.new_form()
    assert register(browser, "general", INSTRUCTED, sheet).status_code == 303
    later(timedelta(seconds=registering.REPEAT_WITHIN))
    assert register(browser, "general", INSTRUCTED, sheet).status_code == 303
    assert len(states()) == 1
    assert register(browser, "general", INSTRUCTED).status_code == 303
    assert len(states()) == 2


def test_two_sheets_with_the_same_words_at_once_are_one_matter(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    form, actor, key = {**FORM, "title": "同时登记的一件"}, actor_of(CLERK), registering._key
    both = threading.Barrier(2)

    def settled(*args: Any) -> str:
        found = key(*args)
        with suppress(threading.BrokenBarrierError):
            both.wait(1)  # whoever settles without the gate meets the other here
        return found

    monkeypatch.setattr(registering, "_key", settled)
    with ThreadPoolExecutor(2) as pool:
        sheets = [registering.new_form() for _ in range(2)]
        made = [pool.submit(registering.register, sheet, actor, "general_item", form) for sheet in sheets]
        numbers = {one.result().number for one in made}
    assert len(numbers) == len(states()) == 1


def test_two_clicks_at_once_are_one_matter(site: Callable[..., Any]) -> None:
    browser, sheet = site(CLERK), registering.new_form()
    page = browser.get("/new/general")
    token = re.search(r'name="csrftoken" value="([^"]+)"', page.text)[1]  # type: ignore[index]

    async def clicks() -> list[httpx.Response]:
        transport = httpx.ASGITransport(browser.client.app)
        cookies = dict(browser.client.cookies)
        async with httpx.AsyncClient(transport=transport, base_url="http://duban.example", cookies=cookies) as client:
            data = {"csrftoken": token, "sheet": sheet, **INSTRUCTED}
            return await asyncio.gather(*(client.post("/duban/new/general", data=data) for _ in range(4)))

    answers = asyncio.run(clicks())
    assert [answer.status_code for answer in answers] == [303] * 4, [answer.text for answer in answers]
    assert len(states()) == 1


def test_refused_the_form_comes_back_with_the_sentence_and_everything_typed(
    site: Callable[..., Any], started: list[str]
) -> None:
    browser = site(CLERK)
    said = PLAIN | {"title": '<script>"{{ 7*7 }}', "unit": "", "urgency": "特急", "mode": "joint", "partners": "督察"}
    said |= {"goal": "一</textarea>二", "violation": "是", "cohandlers": "fazhi", "proposal_reason": "理由"}
    answer = register(browser, "general", said)
    assert answer.status_code == 409
    page = answer.text
    assert "没有登记。" in page
    for words in ("“承办单位”没有填写", "“呈批部门”没有填写"):
        assert words in page
    assert "&lt;script&gt;&#34;{{ 7*7 }}" in page
    assert "一&lt;/textarea&gt;二" in page
    assert re.search(r'<option value="特急" selected', page)
    assert re.search(r'name="partners" value="督察" checked', page)
    assert re.search(r'name="cohandlers" value="fazhi" checked', page)
    assert re.search(r'name="violation" value="是" checked', page)
    assert "理由</textarea>" in page
    assert (states(), started) == ([], [])


def test_an_empty_form_names_every_field_that_is_missing(site: Callable[..., Any], started: list[str]) -> None:
    page = register(site(CLERK), "general", dict.fromkeys(PLAIN, "")).text
    told = re.search(r"有 (\d+) 项要填写或改正：(.*)</span>", page)
    assert told
    names = re.findall(r'href="#at-(\w+)"', told[2])
    assert len(names) == int(told[1]) > 1
    assert {"title", "unit"} <= set(names)
    assert all(f'id="at-{name}"' in page for name in names)


def test_a_title_that_is_too_long_is_refused_not_cut(site: Callable[..., Any], started: list[str]) -> None:
    long = "核查" * 200
    answer = register(site(CLERK), "general", PLAIN | {"title": long})
    assert answer.status_code == 409
    assert long in answer.text
    assert "maxlength" not in answer.text
    assert (states(), started) == ([], [])


@pytest.mark.rule("MM-5.5")
def test_a_secret_with_content_is_refused_at_the_field(site: Callable[..., Any]) -> None:
    answer = register(site(CLERK), "general", PLAIN | {"mark": "机密", "paper": "保密室3号柜"})
    assert answer.status_code == 409
    assert "不得录入本系统" in answer.text
    kept = {**PLAIN, "mark": "机密", "paper": "保密室3号柜", "requirement": "", "title": "代号甲"}
    browser = site(CLERK)
    answer = register(browser, "general", kept)
    assert answer.status_code == 303
    assert "代号甲" not in answer.headers["location"] + str(answer.headers)


def test_looking_registers_nothing_and_works_without_script(site: Callable[..., Any]) -> None:
    page = register(site(CLERK), "general", PLAIN | {"look": "1", "unit": ""})
    assert page.status_code == 200
    assert "2026年3月9日" in page.text
    assert "顺延到下一个工作日" in page.text
    assert "“承办单位”没有填写" in page.text
    assert states() == []


def test_the_preview_tells_date_clause_days_and_faults(site: Callable[..., Any]) -> None:
    browser = site(CLERK)
    answer = browser.post(
        "/new/general/preview", PLAIN | {"requirement": "", "cohandlers": "zhian"}, page="/new/general"
    )
    found = answer.json()
    assert answer.status_code == 200
    for words in ("2026年3月9日", "六（一）一般督办事项", "第5天", "顺延"):
        assert words in found["due"]
    assert {fault["field"]: fault["missing"] for fault in found["faults"]} == {"requirement": True, "cohandlers": False}
    dated = browser.post("/new/dated/preview", {"due_on": "2026-02-01"}, page="/new/general").json()
    assert "看不出期限" in dated["due"]
    assert next(fault["sentence"] for fault in dated["faults"] if fault["field"] == "due_on").startswith("办理期限")
    whole = browser.post("/new/general/preview", PLAIN | {"due_on": "2026-03-20"}, page="/new/general").json()
    assert [fault["field"] for fault in whole["faults"]] == [], "what the form does not ask is not read"
    forged = browser.client.post("/duban/new/general/preview", data=PLAIN)
    assert forged.status_code == 403
    assert states() == []


def test_only_units_that_may_be_given_matters_are_offered(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    org = organization.load()
    page = site(CLERK).get("/new/general").text
    for unit in org.units.values():
        assert f'<option value="{unit.code}">{unit.name}' in page
    bare = replace(org, units={**org.units, "fazhi": replace(org.units["fazhi"], leader=None)})
    monkeypatch.setattr(organization, "load", lambda *_: bare)
    page = site(CLERK).get("/new/general").text
    assert '<option value="zhian">' in page
    assert re.search(r'id="f-unit".*?</select>', page, re.S)[0].count("fazhi") == 0  # type: ignore[index]


def test_what_airflow_does_not_start_stands_and_is_started_again(
    site: Callable[..., Any], started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = site(CLERK)
    works = airflow_side.start_all

    async def fails(_request: Any, states: list[State]) -> list[str | None]:
        return [airflow_side.NOT_STARTED] * len(states)

    monkeypatch.setattr(airflow_side, "start_all", fails)
    answer = register(browser, "general", INSTRUCTED)
    assert answer.status_code == 502
    (state,) = states()
    assert state.number in answer.text
    assert "不要重新登记" in answer.text
    assert browser.post("/new/start", {"number": state.number}, page="/new/general").status_code == 502
    monkeypatch.setattr(airflow_side, "start_all", works)
    again = browser.post("/new/start", {"number": state.number}, page="/new/general")
    assert (again.status_code, again.headers["location"]) == (303, f"/duban/matters/{state.number}")
    assert started == [state.number]
    assert len(states()) == 1
    assert browser.post("/new/start", {"number": "BC-2026-9999"}, page="/new/general").status_code == 404
    assert browser.post("/new/start", {}, page="/new/general").status_code == 409


def test_who_may_start_no_run_registers_nothing(site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(_request: Any, dag_id: str) -> None:
        assert dag_id == "general_item"
        raise module.HTTPException(403, "您没有登记督办件的权限，请联系管理员。")

    monkeypatch.setattr(airflow_side, "refuse_unready", refused)
    answer = register(site(CLERK), "general", INSTRUCTED)
    assert answer.status_code == 403
    assert INSTRUCTED["title"].replace("“", "“") in answer.text
    assert states() == []


def test_a_sheet_that_is_none_registers_nothing(site: Callable[..., Any]) -> None:
    for sheet in ("x", "%", "0" * 31, "Z" * 32):
        assert register(site(CLERK), "general", INSTRUCTED, sheet).status_code == 409
    assert states() == []
