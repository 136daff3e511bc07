"""A decision on a page: what is asked, of whom, and that its answer is the one in the ledger."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from matters import Matter
from scores_of import File, late_month  # noqa: F401 - fixture

from duban.orchestration.poller import Wait, look
from duban.portal.pages.decision_form import rendered

Open = Callable[[str | None], Any]


def at(matter: Matter, kind: str) -> str:
    key = matter.state.awaits(kind)
    assert key, matter.state.awaiting
    return f"/decisions/{matter.number}/{key}"


def text(page: Any) -> str:
    return html.unescape(page.text)


def test_a_question_is_shown_with_its_options_and_fields_to_who_is_asked(site: Open, matter: Matter) -> None:
    page = site(matter.director.user).get(at(matter, "sign.director"))
    assert page.status_code == 200
    assert re.findall(r'name="option" value="([^"]+)"', page.text) == ["同意", "退改"]
    assert 'name="f.opinion"' in page.text
    assert "data-keep" in page.text
    assert "核查“安居小区”电信诈骗警情" in text(page)
    assert "<table>" in page.text


@pytest.mark.rule("BC-6.1")
def test_who_signs_sees_the_date_that_the_notice_would_have_today(site: Open, matter: Matter) -> None:
    page = text(site(matter.director.user).get(at(matter, "sign.director")))
    matter.dispatched()
    on = matter.state.due_on
    assert f"{on.month}月{on.day}日" in page
    assert "按今天发出" in page
    assert "5日内办结" in page


@pytest.mark.rule("MM-5.5")
def test_who_is_not_asked_hears_who_is_and_reads_nothing_of_the_question(site: Open, new_matter: Any) -> None:
    matter = new_matter(mark="内部")
    for who in (matter.chief.user, "kang.inspector"):
        page = site(who).get(at(matter, "sign.director"))
        assert page.status_code == 403
        assert 'name="option"' not in page.text
        assert "沈怀民办理" in page.text
        assert "核查“安居小区”" not in text(page)
        assert f'href="/duban/matters/{matter.number}"' in page.text
    matter.in_progress().replied()
    office = at(matter, "review.office")
    unit = site("jingzhen.liaison")
    unit.get("/")
    token = {"csrftoken": unit.client.cookies["starlette_admin_csrftoken"]}
    refused = unit.client.post(f"/duban{office}", data={**token, "option": "审核合格"})
    for page in (unit.get(office), refused):
        assert "核查“安居小区”" not in text(page)
        assert "田雨欣" in page.text
    assert (unit.get(office).status_code, refused.status_code) == (403, 409)
    assert "consulted" not in matter.kinds()


@pytest.mark.rule("BC-8.4")
def test_whoever_answers_wrongly_for_a_marked_matter_is_entered_too(site: Open, new_matter: Any) -> None:
    matter = new_matter(mark="内部")
    director, path = site(matter.director.user), at(matter, "sign.director")
    refused = director.post(path, {"option": "没有这一项"}, page=path)
    assert (refused.status_code, "核查“安居小区”" in text(refused)) == (409, True)
    assert matter.kinds().count("consulted") == 2  # the form, and the form again


@pytest.mark.rule("T8", "R-OFFICE")
def test_an_answer_is_in_the_ledger_and_the_parked_task_goes_on(site: Open, matter: Matter) -> None:
    path, key = at(matter, "sign.director"), matter.state.awaiting[0]
    parked = Wait(matter.number, key)
    assert look([parked]) == []
    answer = site(matter.director.user).post(path, {"option": "同意", "f.opinion": "同意下达"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/duban/")
    signed = matter.event("signed")
    assert (signed.actor.user, signed.data["option"], signed.data["opinion"]) == (
        matter.director.user,
        "同意",
        "同意下达",
    )
    # What the triggerer asks the ledger for every task that waits: this one is woken, and goes on.
    assert look([parked]) == [parked]


def test_a_double_click_is_one_answer_and_somebody_else_is_told_who_was_quicker(site: Open, matter: Matter) -> None:
    matter.in_progress().replied()
    path = at(matter, "review.office")
    tian, feng = site("tian.clerk"), site("feng.clerk")
    token = {"csrftoken": re.search(r'name="csrftoken" value="([^"]+)"', tian.get(path).text)[1]}  # type: ignore[index]
    other = {"csrftoken": re.search(r'name="csrftoken" value="([^"]+)"', feng.get(path).text)[1]}  # type: ignore[index]
    said = {"option": "审核合格", "f.summary": "已核查。"}
    first = tian.client.post(f"/duban{path}", data={**token, **said})
    again = tian.client.post(f"/duban{path}", data={**token, **said})
    assert (first.status_code, again.status_code) == (303, 303)
    assert matter.kinds().count("accepted") == 1
    late = feng.client.post(f"/duban{path}", data={**other, "option": "退回补办", "f.requirement": "请补充资金流向"})
    assert late.status_code == 409
    assert "已由田雨欣办理" in text(late)
    assert "请补充资金流向" in text(late)
    assert "已由田雨欣于" in text(feng.get(path))


def test_what_was_typed_stays_when_something_is_missing(site: Open, matter: Matter) -> None:
    matter.in_progress().replied()
    answer = site("tian.clerk").post(
        at(matter, "review.office"), {"option": "退回补办", "f.opinion": "写了一半", "f.format_fault": "是"}
    )
    assert answer.status_code == 409
    assert "写了一半" in answer.text
    assert re.search(r'name="f.format_fault" value="是" checked', answer.text)
    assert 'role="alert"' in answer.text
    none = site("tian.clerk").post(at(matter, "review.office"), {"f.opinion": "没有选"})
    assert none.status_code == 409
    assert "请选择" in none.text
    assert "没有选" in none.text
    assert matter.state.awaits("review.office")


def test_the_reply_that_is_judged_lies_beside_the_question(site: Open, matter: Matter) -> None:
    matter.in_progress().replied()
    page = site("tian.clerk").get(at(matter, "review.office"))
    assert f"{matter.number} 领导批示督办通知单.docx</a>" in page.text
    assert f"/{quote(matter.number + ' ')}" not in page.text, "no name in an address: it may be the title"
    link = re.search(r'href="/duban(/matters/[^"]+/files/[^"]+)">办结报告\.docx</a> <span[^>]*>本轮回复', page.text)
    assert link
    assert matter.state.current.reply in link[1]
    assert site("tian.clerk").get(html.unescape(link[1])).status_code == 200


def test_a_question_that_stands_no_longer_says_so(site: Open, matter: Matter) -> None:
    matter.in_progress().replied()
    path = at(matter, "review.office")
    matter.instruct()
    page = site("tian.clerk").get(path)
    assert "不再需要办理" in page.text
    assert 'name="option"' not in page.text


def test_a_unit_sees_no_decision_of_another_and_answers_none_of_its_own(site: Open, matter: Matter) -> None:
    path = at(matter, "sign.director")
    assert site("taobei.liaison").get(path).status_code == 404
    own = site("jingzhen.liaison")
    page = own.get(path)
    assert 'name="option"' not in page.text
    answer = own.client.post(f"/duban{path}", data={"option": "同意"})
    assert answer.status_code in (403, 409)
    assert matter.state.awaits("sign.director")


def test_there_is_no_page_for_what_nobody_decides(site: Open, matter: Matter) -> None:
    matter.issued()
    key = matter.state.awaiting[0]
    assert site("tian.clerk").get(f"/decisions/{matter.number}/{key}").status_code == 404


@pytest.mark.rule("BC-8.4")
def test_whoever_opens_the_question_of_a_marked_matter_is_entered(site: Open, new_matter: Any) -> None:
    secret = {"mark": "秘密", "paper": "机要室3号柜", "requirement": "", "instruction_text": ""}
    matter = new_matter(title="某某代称", **secret)
    site(matter.director.user).get(at(matter, "sign.director"))
    assert matter.event("consulted").actor.user == matter.director.user


def test_a_body_shows_tables_and_nothing_that_a_text_could_do() -> None:
    said = rendered(
        "| 项目 | 内容 |\n|---|---|\n| 标题 | &lt;script>alert(1)&lt;/script> 甲<br>乙 |\n\n"
        "[点](javascript:x) ![图](http://x/y.png) <img src=x onerror=y> http://x.example"
    )
    assert "<table>" in said
    assert "甲<br>乙" in said
    assert not re.search(r"<(script|img|a)\b", said)


@pytest.mark.rule("N17")
def test_a_question_of_a_period_file_is_asked_the_same_way(site: Open, late_month: File) -> None:  # noqa: F811
    late_month.object()
    key = late_month.state.awaits("objection.office")
    path = f"/decisions/{late_month.number}/{key}"
    page = site("tian.clerk").get(path)
    assert re.findall(r'name="option" value="([^"]+)"', page.text) == ["异议成立", "异议不成立"]
    assert site("jingzhen.liaison").get(path).status_code == 404
    answer = site("tian.clerk").post(path, {"option": "异议不成立", "f.reason": "签收记录在案"})
    assert answer.status_code == 303
    assert late_month.state.periodical.objections[0].answer == "签收记录在案"
