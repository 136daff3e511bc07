"""The liaison and the month's scores in the browser: sees the own, objects to an entry, reads what was decided."""

import pytest
from chromium import PHONE, Enter
from playwright.sync_api import expect
from scores_of import File, late_month  # noqa: F401 - fixture


@pytest.mark.rule("N17")
def test_a_liaison_sees_the_scores_and_objects(enter: Enter, late_month: File) -> None:  # noqa: F811
    liaison = enter("jingzhen.liaison", PHONE)
    page = liaison.page
    page.goto("/duban/scores")
    page.locator(f"a[href$='/scores/{late_month.number}']").first.click()
    body = page.locator("body")
    expect(body).to_contain_text(late_month.entry("late_reply")["item_text"])
    page.locator("summary", has_text="提出异议").first.click()
    page.locator("[name=reason]").first.fill("当日已送达")
    page.get_by_role("button", name="提交异议").first.click()
    expect(body).to_contain_text("当日已送达")
    late_month.decide("objection.office", "异议不成立", reason="签收记录在案")
    page.reload()
    expect(body).to_contain_text("签收记录在案")
