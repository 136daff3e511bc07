"""A day of everybody in the browser, from receipt to closing; the steps that Airflow takes are taken by the test."""

from typing import Any

import pytest
from at_the_pages import decide, fill_in, go, press, reads, reply
from chromium import DESKTOP, PHONE, Enter, Visitor
from matters import Matter

from duban import acts, ledger
from duban.portal import airflow_side

TITLE = "关于核查“安居小区”电信诈骗警情处置情况的督办"


def answer(visitor: Visitor, matter: Matter, kind: str, option: str, **fields: str) -> None:
    """Answer what is asked now, and see it in the ledger."""
    key = matter.state.awaits(kind)
    assert key, matter.state.awaiting
    decide(visitor, matter.number, key, option, **fields)
    assert key not in matter.state.awaiting, visitor.page.locator("body").inner_text()


@pytest.mark.rule("T10", "T17", "BC-5.7")
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_liaison_receives_replies_is_returned_and_replies_again(
    enter: Enter, matter: Matter, size: dict[str, int]
) -> None:
    matter.dispatched()
    liaison = enter("jingzhen.liaison", size)
    reads(liaison, TITLE)
    liaison.page.locator(f"a[href$='/matters/{matter.number}/do/receipt']").first.click()
    fill_in(liaison, by="祝明哲")
    press(liaison, "提交")
    assert matter.state.received_at is not None
    acts.read(matter.number, matter.unit)
    reply(liaison, matter.number, "第一稿")
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补写处理意见")
    go(liaison, "/")
    reads(liaison, TITLE)
    go(liaison, f"/matters/{matter.number}")
    reads(liaison, "退回补办", "补写处理意见")
    reply(liaison, matter.number, "第二稿")
    assert matter.state.round == 2
    assert matter.kinds().count("replied") == 2


@pytest.mark.rule("BC-5.1a", "BC-5.3b", "BC-5.7", "BC-5.8a")
def test_the_office_registers_calls_reviews_and_sees_it_closed(
    enter: Enter, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start(*_: Any) -> None:
        """As if Airflow had started the run; that it does is seen in tests/e2e/test_portal_pages.py."""

    monkeypatch.setattr(airflow_side, "start", start)
    office = enter("tian.clerk")
    go(office, "/new")
    office.page.get_by_role("link", name="一般督办事项").click()
    form = {"title": "关于办理来信的督办", "requirement": "查清情况，书面回复。", "instruction_by": "顾长风"}
    form |= {"instruction_on": "2026-03-02", "instruction_text": "请办理。"}
    office.refusals.append(409)
    press(office, "登记")
    reads(office, "标题")  # refused: what is missing is said, and nothing is registered
    fill_in(office, **form, unit="jingzhen", source="4")
    press(office, "登记")
    reads(office, "已登记为 BC-2026-0002")
    with ledger.transaction() as session:
        assert ledger.state(session, "BC-2026-0002").form["title"] == form["title"]

    matter.dispatched()
    answer(office, matter, "call", "已电话通知", callee="祝明哲")
    acts.receive(matter.number, matter.unit)
    acts.read(matter.number, matter.unit)
    matter.replied()
    answer(office, matter, "review.office", "审核合格", summary="已查清。")
    acts.write_report(matter.number)
    matter.decide("approve.director", "同意上报")
    matter.decide("approve.chief", "批准办结")
    go(office, f"/matters/{matter.number}")
    reads(office, "办结")
    go(office, "/register/list")
    reads(office, matter.number, "BC-2026-0002")


@pytest.mark.rule("BC-5.2", "BC-5.8a")
def test_the_chief_signs_and_approves_on_the_phone(enter: Enter, matter: Matter) -> None:
    director, chief = enter("shen.director", PHONE), enter("gu.chief", PHONE)
    answer(director, matter, "sign.director", "同意", opinion="同意下达")
    answer(chief, matter, "sign.chief", "签发")
    acts.deliver(matter.number)
    acts.receive(matter.number, matter.unit)
    acts.read(matter.number, matter.unit)
    matter.replied().accepted()
    answer(director, matter, "approve.director", "同意上报")
    answer(chief, matter, "approve.chief", "批准办结")
    assert matter.state.state == "closed"
    for path in ("/", "/register/list", "/overview", "/scores", f"/matters/{matter.number}"):
        go(chief, path)


@pytest.mark.rule("BC-3.5")
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_auditor_reads_and_finds_no_button(enter: Enter, matter: Matter, size: dict[str, int]) -> None:
    matter.in_progress().replied()
    auditor = enter("yin.auditor", size)
    before = matter.kinds()
    paths = ("/", "/register/list", f"/matters/{matter.number}", "/overview", "/scores", "/watch")
    for path in paths:
        go(auditor, path)
        # What filters a list or prints a page changes nothing.
        assert auditor.page.locator("form[method=post]").count() == 0, path
        assert auditor.page.locator("a[href*='/do/'], a[href*='/decisions/'], a[href*='/new']").count() == 0, path
    go(auditor, f"/matters/{matter.number}")
    with auditor.page.expect_download() as saved:
        auditor.page.locator("a[href*='/files/']").first.click()
    assert saved.value.suggested_filename.endswith(".docx")
    auditor.refusals.extend((403, 404))
    key = matter.state.awaits("review.office")
    for path in (f"/matters/{matter.number}/do/inspection", "/new", "/new/general"):
        go(auditor, path)
        assert auditor.page.locator("form[method=post]").count() == 0, path
    go(auditor, f"/decisions/{matter.number}/{key}")
    assert auditor.page.locator("button[name=option]").count() == 0
    assert matter.kinds() == before


@pytest.mark.rule("BC-3.5")
def test_the_inspector_records_what_was_found(enter: Enter, matter: Matter) -> None:
    matter.in_progress()
    inspector = enter("kang.inspector", PHONE)
    go(inspector, f"/matters/{matter.number}/do/inspection")
    fill_in(inspector, people="康正平", on="2026-03-02", findings="台账齐全")
    press(inspector, "提交")
    assert matter.event("inspected").actor.user == "kang.inspector"
    reads(inspector, "台账齐全")
