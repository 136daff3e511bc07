"""One matter on its page."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pytest
from matters import Matter, report

from duban import acts, organization
from duban.orchestration.people import actor_of
from duban.portal.pages import matter as matter_page

Site = Callable[..., Any]


def words_of(answer: Any) -> str:
    """What a reader sees, without tags, blanks made one."""
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


@pytest.mark.rule("MM-5.5")
def test_the_page_says_what_whose_by_when_and_what_is_awaited(site: Site, matter: Matter) -> None:
    matter.dispatched()
    page = site("jingzhen.liaison").get(f"/matters/{matter.number}")
    assert page.status_code == 200
    for words in (
        "安居小区",
        "3月9日 周一到期",
        "还有7天",
        "等经侦支队领收",
        "等经侦支队回复",
        "绿灯",
        "起黄灯，逾期红灯，其余绿灯。",
        "0436-",
        "五（三）",
    ):
        assert words in page.text
    assert "周六" in page.text
    assert "顺延" in page.text
    assert f"/matters/{matter.number}/do/receipt" in page.text
    assert f"/matters/{matter.number}/do/urge" not in page.text
    assert site("taobei.liaison").get(f"/matters/{matter.number}").status_code == 404


def test_how_the_date_was_counted_is_shown_day_by_day(site: Site, matter: Matter) -> None:
    text = words_of(site("tian.clerk").get(f"/matters/{matter.dispatched().number}"))
    assert "期限5日" in text
    assert "2026年3月9日24时为止" in text
    for day in ("3月3日 周二 第1日", "3月7日 周六 第5日（周六）", "3月8日 周日 周日", "3月9日 周一 顺延到这天"):
        assert day in text, day
    assert "2026年3月7日是周六（休息日），顺延到下一个工作日2026年3月9日" in text


def test_each_round_is_told_and_the_newest_stands_first(site: Site, matter: Matter) -> None:
    matter.in_progress().replied()
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充笔录", due_on="2026-03-12")
    text = words_of(site("jingzhen.liaison").get(f"/matters/{matter.number}"))
    assert text.index("第2轮（退回补办）") < text.index("第1轮（首次办理）") < text.index("交办以前")
    for words in ("办公室退回补办", "补充笔录", "理由 补充修改", "签批督办通知单：局长签发", "报来回复", "五（七）"):
        assert words in text, words
    assert "还有10天" in text
    assert "dispatched" not in text


def test_who_is_awaited_may_answer_from_here(site: Site, matter: Matter) -> None:
    chief = words_of(site("gu.chief").get(f"/matters/{matter.number}"))
    assert "等办公室主任审签督办通知单 ：沈怀民" in chief
    page = site("shen.director").get(f"/matters/{matter.number}").text
    assert f"/duban/decisions/{matter.number}/sign.director%3A1" in page
    assert f"/duban/decisions/{matter.number}" not in site("gu.chief").get(f"/matters/{matter.number}").text


@pytest.mark.rule("BC-8.4")
def test_of_a_state_secret_stand_number_mark_and_where_the_paper_is(
    site: Site, new_matter: Callable[..., Matter]
) -> None:
    matter = new_matter(mark="秘密★1年", paper="机要柜3号", title="涉密督办件", requirement="", instruction_text="")
    page = site("tian.clerk").get(f"/matters/{matter.number}").text
    assert "机要柜3号" in page
    assert "秘密★1年" in page
    assert "（涉密件）" in page
    assert "涉密督办件" not in page
    assert matter.event("consulted").actor.user == "tian.clerk"


@pytest.mark.rule("SK-3.2", "LZ-2.5")
def test_nobody_sees_what_is_not_theirs(site: Site, new_matter: Callable[..., Matter]) -> None:
    covert = {"mode": "covert", "consent_by": "顾长风", "consent_on": "2026-03-02", "consent_number": "纪要第3号"}
    hidden, helped = new_matter(**covert), new_matter(cohandlers="治安支队").dispatched()
    assert site("jingzhen.liaison").get(f"/matters/{hidden.number}").status_code == 404
    assert site("gu.chief").get(f"/matters/{hidden.number}").status_code == 200
    page = site("zhian.liaison").get(f"/matters/{helped.number}").text
    assert f"/matters/{helped.number}/do/receipt" in page
    acts.receive(helped.number, actor_of("zhian.liaison"))
    page = site("zhian.liaison").get(f"/matters/{helped.number}").text
    assert "/do/" not in page
    assert site("jiaojing.liaison").get(f"/matters/{helped.number}").status_code == 404
    assert site("tian.clerk").get("/matters/BC-2026-9999").status_code == 404


def test_a_paper_is_a_download_under_its_name_for_who_may_see_the_matter(
    site: Site, new_matter: Callable[..., Matter]
) -> None:
    matter = new_matter(mark="内部").in_progress()
    acts.reply(matter.number, matter.unit, "警情处置报告.docx", report("办结报告"), "谭志刚")
    browser = site("jingzhen.liaison")
    page = browser.get(f"/matters/{matter.number}").text
    links = re.findall(rf'href="/duban(/matters/{matter.number}/files/[^"]+)"', page)
    assert len(links) == len([one for one in matter.events if one.kind == "documented"])
    assert "警情" not in unquote("".join(links)), "no title in an address"
    before = matter.kinds().count("consulted")
    answer = browser.get(links[0])
    assert answer.status_code == 200
    assert answer.content == report("办结报告")
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('警情处置报告.docx')}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert matter.kinds().count("consulted") == before + 1
    assert site("zhian.liaison").get(links[0]).status_code == 404
    other = new_matter().dispatched()
    assert site("tian.clerk").get(links[0].replace(matter.number, other.number)).status_code == 404


def test_what_people_wrote_is_text_and_nothing_else(site: Site, matter: Matter) -> None:
    matter.in_progress()
    acts.report_progress(matter.number, matter.unit, "<script>alert(1)</script>{{ 7 * 7 }}")
    page = site("tian.clerk").get(f"/matters/{matter.number}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page


def test_cases_flags_and_corrections_stand_there(site: Site, matter: Matter) -> None:
    matter.dispatched().at(3, 5)
    acts.report_leak(matter.number, matter.clerk, "告知当事人", "某某")
    text = words_of(site("tian.clerk").get(f"/matters/{matter.number}"))
    assert "领收超时" in text
    assert "泄露督办件的内容" in text
    assert "还没有处理结果" in text
    matter.at(3, 11)
    assert "已逾期" in words_of(site("tian.clerk").get(f"/matters/{matter.number}"))


@pytest.mark.rule("BC-3.5")
def test_who_inspects_records_an_inspection_and_who_audits_only_reads(site: Site, matter: Matter) -> None:
    matter.in_progress()
    people = {post: organization.load().holders(post)[0].user for post in ("inspector", "auditor")}
    page = site(people["inspector"]).get(f"/matters/{matter.number}").text
    assert re.findall(r"/do/([\w-]+)", page) == ["inspection"]
    inspector = site(people["inspector"])
    form = {"people": "检查员", "on": "2026-03-02", "findings": "卷宗齐全"}
    assert inspector.post(f"/matters/{matter.number}/do/inspection", form).status_code == 303
    assert matter.event("inspected").actor.user == people["inspector"]
    assert "卷宗齐全" in inspector.get(f"/matters/{matter.number}").text
    auditor = site(people["auditor"])
    assert "/do/" not in auditor.get(f"/matters/{matter.number}").text
    assert auditor.get(f"/matters/{matter.number}/do/inspection").status_code == 403


def test_the_bureau_finds_the_run_and_the_open_decision_in_airflow(
    site: Site, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matter_page, "run_link", lambda state: f"/dags/general_item/runs/{state.number}")
    monkeypatch.setattr(matter_page, "decision_link", lambda state, key: f"/required_actions?of={key}")
    page = site("tian.clerk").get(f"/matters/{matter.number}").text
    assert f'href="/dags/general_item/runs/{matter.number}"' in page
    assert 'href="/required_actions?of=sign.director:1"' in page
    matter.dispatched()
    assert "/dags/" not in site("jingzhen.liaison").get(f"/matters/{matter.number}").text


def test_on_paper_the_matter_has_its_title(site: Site, matter: Matter) -> None:
    page = site("tian.clerk").get(f"/matters/{matter.in_progress().number}").text
    assert f'd-print-grid mb-1"><dt>标题</dt><dd>{matter.state.form["title"]}</dd>' in html.unescape(page)
    styles = site("tian.clerk").get("/static/duban/matter.css").text
    assert "details::details-content" in styles.partition("@media print")[2]
