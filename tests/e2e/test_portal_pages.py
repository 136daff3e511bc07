"""The pages on a real Airflow: signed in through its login page, from a new matter to its closing, in a browser."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from at_the_pages import decide, fill_in, go, press, reads, reply
from chromium import DESKTOP, PHONE, Visit, Visitor, chromium, visit  # noqa: F401 - fixtures
from playwright.sync_api import expect

from duban.embedded import accounts
from duban.embedded.bureau import Bureau
from duban.embedded.launcher import Deployment

pytestmark = pytest.mark.e2e

FORM = {
    "title": "关于核查来信反映问题的督办",
    "unit": "jingzhen",
    "source": "4",
    "requirement": "查清情况，提出处理意见，书面报办公室。",
    "instruction_by": "顾长风",
    "instruction_text": "请核查，结果报我。",
}


@pytest.fixture
def enter(visit: Visit, airflow: Deployment) -> Any:  # noqa: F811
    """Opens the portal as somebody who has to sign in through Airflow first."""

    def open_portal(user: str, size: dict[str, int] = DESKTOP) -> Visitor:
        visitor = visit("http://localhost:18080", size)
        page = visitor.page
        page.goto("/duban/")
        page.wait_for_url("**/auth/login**")
        page.locator("[name=username]").fill(user)
        page.locator("[name=password]").fill(accounts.passwords(airflow.home)[user])
        page.locator("button[type=submit]").click()
        page.wait_for_url("**/duban/")
        expect(page.locator("body")).to_contain_text("我的待办")
        visitor.wrong.clear()  # what Airflow's own page to sign in does is not ours
        return visitor

    return open_portal


def answer(bureau: Bureau, visitor: Visitor, number: str, kind: str, option: str, **fields: str) -> None:
    """Answer a question once it is asked; the task that waits for it is woken by the ledger."""
    decide(visitor, number, bureau.until_awaits(number, kind), option, **fields)


def test_a_matter_from_the_form_to_its_closing_on_the_pages(enter: Any, bureau: Bureau) -> None:
    office = enter("tian.clerk")
    go(office, "/new/general")
    fill_in(office, **FORM, instruction_on=bureau.today().isoformat())
    press(office, "登记")
    reads(office, "已登记为 ")
    found = re.search(r"已登记为 (BC-\d{4}-\d{4})", office.page.locator("body").inner_text())
    assert found
    number = found[1]
    assert bureau.run_state(number) in ("queued", "running")

    director, chief = enter("shen.director", PHONE), enter("gu.chief", PHONE)
    answer(bureau, director, number, "sign.director", "同意")
    answer(bureau, chief, number, "sign.chief", "签发")
    liaison = enter("jingzhen.liaison", PHONE)
    bureau.until_awaits(number, "receipt")
    go(liaison, f"/matters/{number}/do/receipt")
    fill_in(liaison, by="祝明哲")
    press(liaison, "提交")
    answer(bureau, office, number, "call", "已电话通知", callee="祝明哲")
    assert bureau.send(number, "reading", user="jingzhen.head").status_code == 200
    reply(liaison, number, "关于核查情况的办结报告")
    answer(bureau, office, number, "review.office", "审核合格", summary="已查清。")
    answer(bureau, director, number, "approve.director", "同意上报")
    answer(bureau, chief, number, "approve.chief", "批准办结")
    assert bureau.until_run_ends(number) == "success"
    assert bureau.state(number).state in ("closed", "archived")
    go(liaison, f"/matters/{number}")
    reads(liaison, "办结")


def test_the_portal_stands_in_airflows_menu(enter: Any) -> None:
    office = enter("tian.clerk")
    office.page.goto("/plugin/duban")
    inside = office.page.frame_locator("iframe").locator("body")
    expect(inside).to_contain_text("我的待办", timeout=30_000)
    # Airflow's own frame may say what it likes in the console; ours is watched where it stands alone.
    office.wrong.clear()


def test_airflow_is_closed_to_a_liaison(enter: Any) -> None:
    liaison = enter("jingzhen.liaison", PHONE)
    answer_of = liaison.page.context.request.get("/api/v2/dags")
    assert answer_of.status == 403
    assert "督办" not in json.dumps(answer_of.json(), ensure_ascii=False)
    assert liaison.page.context.request.get(f"/duban/matters/{quote('BC-2026-9999')}").status == 404
