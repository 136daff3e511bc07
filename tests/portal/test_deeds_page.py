"""Every act as a form: it is done once, refused with a sentence and what was typed, and says what comes next."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from matters import FORM, Matter, report

from duban import acts, organization
from duban.ledger import Actor
from duban.portal.acts_table import DEEDS
from duban.portal.pages.deeds_done import EVENTS
from duban.portal.pages.deeds_form import about, fields

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Site = Callable[..., Any]


def said(browser: Any, answer: Any) -> str:
    """What the page says to which an answer leads, as text."""
    assert answer.status_code == 303, answer.text
    return html.unescape(browser.follow(answer).text)


def do(browser: Any, matter: Matter, key: str, **fields: Any) -> Any:
    return browser.post(f"/matters/{matter.number}/do/{key}", fields)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_every_act_of_the_table_has_its_form_and_its_events(site: Site, new_matter: Callable[..., Matter]) -> None:
    matter, fresh, taken = new_matter().in_progress(), new_matter().dispatched(), new_matter().dispatched()
    acts.receive(taken.number, taken.unit)
    assert set(EVENTS) == set(DEEDS)
    unit, office = site("jingzhen.liaison"), site("tian.clerk")
    for key, deed in DEEDS.items():
        if key == "case-account":
            continue
        browser = unit if deed.who == ("unit",) else office
        number = {"receipt": fresh, "reading": taken}.get(key, matter).number
        page = browser.get(f"/matters/{number}/do/{key}")
        assert page.status_code == 200, key
        assert f'action="/duban/matters/{number}/do/{key}"' in page.text, key
        for field in deed.fields:
            if field not in ("to_parts", "others"):
                assert f'name="{field}"' in page.text, (key, field)


@pytest.mark.rule("R-UNIT", "R-OFFICE")
def test_a_form_is_for_whose_act_it_is(site: Site, matter: Matter) -> None:
    matter.in_progress()
    assert site("taobei.liaison").get(f"/matters/{matter.number}/do/reply").status_code == 404
    for key in ("urge", "withdrawal", "criticism"):
        assert site("jingzhen.liaison").get(f"/matters/{matter.number}/do/{key}").status_code == 403
    assert site("tian.clerk").get(f"/matters/{matter.number}/do/progress").status_code == 403
    assert site("tian.clerk").get(f"/matters/{matter.number}/do/nonsense").status_code == 404
    office = site("tian.clerk")
    forged = office.client.post(f"/duban/matters/{matter.number}/do/tracking", data={"how": "电话", "text": "问"})
    assert forged.status_code == 403
    assert "tracked" not in matter.kinds()


@pytest.mark.rule("T11", "T12")
def test_a_unit_takes_and_reads_and_hears_what_comes_next(site: Site, matter: Matter) -> None:
    matter.dispatched()
    browser = site("jingzhen.liaison")
    told = said(browser, do(browser, matter, "receipt"))
    assert "已办：领收。接下来等经侦支队阅批" in told
    told = said(browser, do(browser, matter, "reading", opinion="请某同志办理"))
    assert "已办：阅批。接下来等经侦支队回复（3月9日到期）" in told
    assert matter.event("read").data["opinion"] == "请某同志办理"


def test_the_second_officer_hears_who_was_first_and_a_second_click_is_no_error(site: Site, matter: Matter) -> None:
    matter.dispatched()
    first, second = site("jingzhen.liaison"), site("jingzhen.head")
    second_page = second.get(f"/matters/{matter.number}/do/receipt")
    do(first, matter, "receipt")
    name = matter.event("received").actor.name
    fields = hidden(second_page.text)
    told = said(second, second.client.post(f"/duban/matters/{matter.number}/do/receipt", data=fields))
    assert f"{name}3月2日 09:00已经办过：领收，没有重复登记" in told

    told = said(second, second.client.post(f"/duban/matters/{matter.number}/do/receipt", data=fields))
    assert "已经办过" in told
    assert matter.kinds().count("received") == 1


def test_what_is_over_is_said_instead_of_a_form(site: Site, new_matter: Callable[..., Matter]) -> None:
    matter, gone = new_matter().in_progress(), new_matter().in_progress()
    acts.withdraw(gone.number, gone.clerk, "事项并入另一件", "顾长风")
    unit = site("jingzhen.liaison")
    for number, key, words in (
        (matter.number, "receipt", "已于3月2日 09:00由联络员领收"),
        (gone.number, "reply", "已于3月2日 09:00撤销，不再办理“回复”"),
        (gone.number, "progress", "撤销"),
    ):
        page = unit.get(f"/matters/{number}/do/{key}")
        assert page.status_code == 200
        assert words in page.text, key
        assert f'href="/duban/matters/{number}"' in page.text
        assert f'action="/duban/matters/{number}/do' not in page.text
    assert "一般不办" in site("jingzhen.liaison").get(f"/matters/{matter.number}/do/decline").text


def test_two_different_replies_the_second_is_told_who_sent_the_first(site: Site, matter: Matter) -> None:
    matter.in_progress()
    second = site("jingzhen.head")
    page = f"/matters/{matter.number}/do/reply"
    fields = hidden(second.get(page).text)
    matter.replied()
    files = {"file": ("另一份.docx", report("另一份报告"), DOCX)}
    answer = second.client.post(f"/duban{page}", data={**fields, "signed_by": "谭志刚"}, files=files)
    told = html.unescape(answer.text)
    assert answer.status_code == 409
    assert "正在审核" in told
    assert "已经办过：报来回复" in told
    assert "文件没有保存，请重新选择" in told
    assert 'value="谭志刚"' in told


def test_what_was_refused_is_still_in_the_form(site: Site, matter: Matter) -> None:
    matter.in_progress()
    browser = site("jingzhen.liaison")
    typed = {"reason": "等待<鉴定>{{ 7 * 7 }}", "plan": "收到后结案", "until": "2026-03-01", "signed_by": "谭志刚"}
    answer = do(browser, matter, "extension", **typed)
    assert answer.status_code == 409
    text = html.unescape(answer.text)
    assert "已经过去" in text
    assert all(word in text for word in typed.values())
    assert "<鉴定>" not in answer.text
    assert "extended" not in matter.kinds()
    answer = do(browser, matter, "extension", **{**typed, "until": "尽快"})
    assert answer.status_code == 400
    assert "“新的完成日期”没有填写或格式不对" in html.unescape(answer.text)
    told = said(browser, do(browser, matter, "extension", **{**typed, "until": "2026-03-20"}))
    assert "3月20日到期" in told


def test_a_matter_that_was_closed_meanwhile_says_so(site: Site, matter: Matter) -> None:
    matter.in_progress()
    browser = site("jingzhen.liaison")
    page = f"/matters/{matter.number}/do/progress"
    fields = hidden(browser.get(page).text)
    matter.replied().closed()
    answer = browser.client.post(f"/duban{page}", data={**fields, "text": "已取证"})
    assert answer.status_code == 409
    assert "已办结，不再受理" in answer.text
    assert "已取证" in answer.text
    assert "progress_reported" not in matter.kinds()


def test_the_back_button_after_sending_writes_nothing_twice(site: Site, matter: Matter) -> None:
    matter.in_progress()
    browser, office = site("jingzhen.liaison"), site("tian.clerk")
    for who, key, typed in (
        (browser, "progress", {"text": "已取证"}),
        (office, "urge", {"how": "phone", "text": "请抓紧"}),
        (office, "tracking", {"how": "电话", "text": "在办"}),
        (office, "inspection", {"people": "田雨欣", "on": "2026-03-02", "findings": "卷宗齐全"}),
        (office, "praise", {"level": "praised_by_chief", "reason": "及时"}),
        (office, "criticism", {"level": "criticised", "reason": "拖拉"}),
        (office, "leak", {"text": "告知当事人", "person": "某某"}),
        (office, "instruction", {"leader": "顾长风", "text": "再查", "on": "2026-03-02"}),
        (
            office,
            "coordination",
            {"units": "经侦支队、网安支队", "ruling": "经侦主办", "by": "顾长风", "on": "2026-03-02"},
        ),
    ):
        assert "已办" in said(who, do(who, matter, key, **typed)), key
        before = matter.kinds()
        assert "没有重复登记" in said(who, do(who, matter, key, **typed)), key
        assert matter.kinds() == before, key


def test_the_rest_of_the_offices_acts_are_done_from_their_forms(site: Site, matter: Matter) -> None:
    matter.in_progress().replied()
    office = site("tian.clerk")
    visit = {"party": "张三", "on": "2026-03-02", "how": "电话", "opinion": "属实"}
    refused = do(office, matter, "follow-up", **visit)
    assert refused.status_code == 400
    assert "没有选择" in refused.text
    assert "已办：跟踪回访" in said(office, do(office, matter, "follow-up", **visit, consistent="是"))
    assert matter.event("followed_up").data["consistent"] is True
    back = {"level": "chief", "reason": "perfunctory", "requirement": "补充证据", "due_on": "2026-03-20"}
    assert "3月20日到期" in said(office, do(office, matter, "leader-return", **back))
    case = {"text": "告知当事人", "person": "某某"}
    do(office, matter, "leak", **case)
    settled = {"case": matter.state.cases[0].id, "outcome": "批评教育"}
    assert "已办：问责处理结果" in said(office, do(office, matter, "case-outcome", **settled))
    gone = {"reason": "事项并入另一件", "approved_by": "顾长风"}
    assert "已办：撤销" in said(office, do(office, matter, "withdrawal", **gone))
    assert matter.state.state == "cancelled"


@pytest.mark.rule("BC-7.1.5")
def test_a_unit_that_only_accounts_in_a_case_sees_no_more_than_the_form(site: Site, matter: Matter) -> None:
    number = matter.in_progress().number
    acts.criticise(number, matter.clerk, "criticised_above", "反馈超时", "省厅通报7号", others=("法制支队",))
    browser = site("fazhi.liaison")
    assert browser.get(f"/matters/{number}").status_code == 404
    page = browser.get(f"/matters/{number}/do/case-account")
    assert page.status_code == 200
    assert FORM["title"] not in page.text
    assert site("taobei.liaison").get(f"/matters/{number}/do/case-account").status_code == 404
    fields = {"case": matter.state.cases[0].id, "text": "经过、原因、整改", "signed_by": "蔺守正"}
    answer = do(browser, matter, "case-account", **fields)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/duban/"
    assert "account_rendered" in matter.kinds()


@pytest.mark.rule("BC-8.4")
def test_a_unit_that_only_accounts_in_a_marked_matter_is_entered_as_its_reader(
    site: Site,
    new_matter: Callable[..., Matter],
) -> None:
    matter = new_matter(mark="内部").in_progress()
    acts.criticise(matter.number, matter.clerk, "criticised_above", "反馈超时", "省厅通报7号", others=("法制支队",))
    browser, path = site("fazhi.liaison"), f"/matters/{matter.number}/do/case-account"
    assert browser.get(path).status_code == 200
    assert [one.actor.user for one in matter.events if one.kind == "consulted"] == ["fazhi.liaison"]
    refused = browser.post(path, {"case": matter.state.cases[0].id, "text": "", "signed_by": "蔺守正"})
    assert refused.status_code in (400, 409)
    assert matter.kinds().count("consulted") == 3  # the form twice, for its token too


@pytest.mark.rule("BC-8.4")
def test_a_file_that_is_looked_at_before_it_is_sent_shows_a_marked_matter_too(
    site: Site,
    new_matter: Callable[..., Matter],
) -> None:
    matter = new_matter(mark="内部").in_progress()
    browser, path = site("jingzhen.liaison"), f"/matters/{matter.number}/do/reply"
    browser.get(path)
    before = matter.kinds().count("consulted")
    sent = {"file": ("办结报告.docx", report("办结报告"))}
    checked = browser.follow(browser.post(path, {"signed_by": "谭志刚"}, files=sent))
    assert "还没有发送" in checked.text
    assert matter.kinds().count("consulted") == before + 2  # the form, for its token, and what was found


def test_a_reopened_matter_gets_its_next_run_as_over_the_interface(
    site: Site, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from duban.portal import doing

    followed: list[str] = []

    async def follow(_request: Any, before: Any, after: Any) -> None:
        followed.append(f"{before.state} {after.state}")

    monkeypatch.setattr(doing, "follow", follow)
    matter.in_progress().replied().closed()
    office = site("tian.clerk")
    fields = {"leader": "顾长风", "text": "再查", "on": "2026-03-02", "due_on": "2026-03-20"}
    assert "已办：新批示" in said(office, do(office, matter, "instruction", **fields))
    assert followed == ["closed in_progress"]


def test_a_marked_matter_keeps_nothing_in_the_browser(site: Site, new_matter: Callable[..., Matter]) -> None:
    plain, marked = new_matter().in_progress(), new_matter(mark="内部").in_progress()
    browser = site("jingzhen.liaison")
    assert 'data-keep="jingzhen.liaison"' in browser.get(f"/matters/{plain.number}/do/progress").text
    assert "data-keep" not in browser.get(f"/matters/{marked.number}/do/progress").text
    assert "consulted" in marked.kinds()


def test_only_known_values_may_be_chosen(site: Site, matter: Matter, later: Callable[[timedelta], None]) -> None:
    matter.in_progress()
    page = html.unescape(site("tian.clerk").get(f"/matters/{matter.number}/do/urge").text)
    assert '<option value="phone"' in page
    assert '<option value="document"' not in page, "before the date no urge paper goes out"
    later(timedelta(days=9))
    acts.lapse(matter.number)
    page = html.unescape(site("tian.clerk").get(f"/matters/{matter.number}/do/urge").text)
    assert '<option value="document"' in page


@pytest.mark.parametrize(("law", "bureau"), [("lanzhou", "lanzhou"), ("bureau-2019", "bureau")])
def test_the_forms_of_another_bureau_are_made_of_its_own_rules(matter: Matter, law: str, bureau: str) -> None:
    org = organization.load(bureau)
    unit = next(iter(org.units))
    changes = {"regulation": law, "organization": bureau, "unit": unit}
    state = matter.in_progress().state.model_copy(update=changes)
    clerk, liaison = actor_in(org, "office"), actor_in(org, "liaison", unit)
    for key, deed in DEEDS.items():
        actor = liaison if deed.who == ("unit",) else clerk
        made = {one.name: one for one in fields(key, deed, about(state, actor), {})}
        assert set(made) >= set(deed.fields) - {"to_parts", "others"}
    urge = {one.name: one for one in fields("urge", DEEDS["urge"], about(state, clerk), {})}
    assert "phone" in urge["how"].options
    assert ("document" in urge["how"].options) == (law == "bureau-2019"), "there a paper may go out before the date"
    (approver,) = [one for one in fields("withdrawal", DEEDS["withdrawal"], about(state, clerk), {}) if one.options]
    assert set(approver.options) <= {holder.name for holder in org.holders("leader")}


def actor_in(org: Any, post: str, unit: str = "") -> Actor:
    person = org.unit_posts(unit)[post] if unit else org.posts[post]
    return Actor(person.user, person.name, post, unit or None)
