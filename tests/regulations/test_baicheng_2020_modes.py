"""白城 2020, chapters 四 and 五（一）–（四）: how a matter comes in and goes out in every mode."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matters import FORM, Matter, person

from duban import acts, included, organization, regulation
from duban.errors import Refusal
from duban.ledger import Actor

Make = Callable[..., Matter]

PHONE = {"mode": "phone"}
ONSITE = {"mode": "onsite", "order_by": "顾长风", "order_on": "2026-03-01", "order_text": "带人去看。"}
COVERT = {
    "mode": "covert",
    "consent_by": "顾长风",
    "consent_on": "2026-03-01",
    "consent_number": "白公党纪〔2026〕3号",
}
JOINT = {"mode": "joint", "partners": "督察、纪委"}
PROPOSAL = {"proposed_by": "刑侦支队", "proposal_reason": "涉案资金去向不明，需经侦支队核查。"}
VISIT = {
    "people": "田雨欣、冯立言",
    "place": "经侦支队办案区",
    "on": "2026-03-02",
    "findings": "三起警情没有登记。",
    "causes": "值班制度没有落实。",
    "measures": "补录警情，倒查责任。",
}
QI, BAI = (Actor(one.user, one.name, "deputy") for one in organization.load("baicheng").holders("deputy"))


def papers(matter: Matter) -> list[str]:
    return [paper.kind for paper in matter.state.documents]


# 二 督办范围: the source chooses the notice


@pytest.mark.rule("BC-2.1–2.7", "T1", "A1")
@pytest.mark.parametrize("source", range(1, 8))
@pytest.mark.parametrize("leader", [True, False], ids=["instruction", "no instruction"])
def test_2_the_source_and_the_leader_choose_the_notice(new_matter: Make, source: int, leader: bool) -> None:
    said = {} if leader else dict.fromkeys(("instruction_by", "instruction_on", "instruction_text"), "")
    if source in (4, 5) and not leader:
        with pytest.raises(Refusal, match="批示领导"):
            new_matter(source=source, **said)
        return
    matter = new_matter(source=source, **said).dispatched()
    by_leader = leader and source != 6
    assert papers(matter) == ["领导批示督办通知单" if by_leader else "重点工作督办通知单"]


@pytest.mark.rule("BC-2.1–2.7", "BC-5.8b")
@pytest.mark.parametrize(("source", "usual"), [(1, True), (2, True), (3, True), (4, False), (7, False)])
def test_2_what_comes_from_above_goes_up_unless_the_form_says_otherwise(
    new_matter: Make, source: int, usual: bool
) -> None:
    assert new_matter(source=source).state.form["report_up"] is usual
    assert new_matter(source=source, report_up="否").state.form["report_up"] is False
    up = new_matter(source=source, report_up="是", report_to="省公安厅")
    assert (up.state.form["report_up"], up.state.form["report_to"]) == (True, "省公安厅")


# 三（二） a unit without its persons is given nothing


@pytest.mark.rule("BC-1.3", "BC-3.2")
@pytest.mark.parametrize("field", ["unit", "cohandlers"])
def test_3_2_a_unit_without_liaison_leader_or_head_is_given_nothing(
    new_matter: Make, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace
    from types import MappingProxyType

    org = organization.load("baicheng")
    units = MappingProxyType({**org.units, "jindu": replace(org.units["jindu"], leader=None)})
    monkeypatch.setattr(organization, "load", lambda _id=None: replace(org, units=units))
    with pytest.raises(Refusal, match=r"“(承办|协办)单位”：禁毒支队.*督办领导.*不能向它交办"):
        new_matter(**{field: "禁毒支队"})


# 四（一） 书面


@pytest.mark.rule("BC-4.1", "T6", "T7")
def test_4_1_written_is_what_a_matter_is_when_nothing_is_said(matter: Matter) -> None:
    assert (matter.state.mode, matter.state.released, matter.state.cohandlers) == ("written", True, ())
    assert matter.state.awaiting == ("sign.director:1",)


@pytest.mark.rule("BC-5.1a", "R-CO")
def test_5_1_co_handlers_are_units_other_than_the_lead_each_once(new_matter: Make) -> None:
    for bad, said in (("经侦支队", "主办"), ("刑侦支队、xingzhen", "写了两次"), ("不存在的单位", "没有叫")):
        with pytest.raises(Refusal, match=f"“协办单位”.*{said}"):
            new_matter(cohandlers=bad)
    matter = new_matter(cohandlers="刑侦支队、治安支队").dispatched()
    assert matter.state.cohandlers == ("xingzhen", "zhian") == tuple(matter.event("dispatched").data["copies"])
    helper = Actor("zhian.liaison", "易佳宁", "liaison", "zhian")
    for _ in range(2):
        acts.receive(matter.number, helper)
    assert matter.state.received_at is None
    assert [event.data["unit"] for event in matter.events if event.kind == "copy_received"] == ["zhian"]
    acts.receive(matter.number, matter.unit)
    assert matter.state.state == "received"


def test_5_1_the_office_may_change_the_co_handlers_of_a_notice_sent_back(new_matter: Make) -> None:
    matter = new_matter(cohandlers="刑侦支队")
    matter.decide("sign.director", "退改", opinion="加治安支队")
    state = matter.decide("revise", "重新送审", cohandlers="治安支队")
    assert state.cohandlers == ("zhian",)
    matter.decide("sign.director", "退改", opinion="不用协办")
    assert matter.decide("revise", "重新送审", cohandlers="").cohandlers == ()


# 四（二） 电话


@pytest.mark.rule("BC-4.2", "T7p", "A16")
def test_4_2_phone_needs_no_signature(new_matter: Make) -> None:
    matter = new_matter(**PHONE)
    assert (matter.state.state, matter.state.awaiting, matter.state.reference) == (
        "registered",
        ("phone:1",),
        "白公督〔2026〕1号",
    )
    state = matter.decide("phone", "已电话下达", callee="祝明哲", callee_post="综合内勤", text="请按批示核查。")
    assert (state.state, state.round, state.awaits("receipt"), state.awaits("call")) == ("received", 1, None, None)
    assert (state.due_on, state.received_at) == (date(2026, 3, 9), matter.event("phoned").at)
    assert state.timers["reading:1"].isoformat() == "2026-03-04T00:00:00+08:00"
    assert papers(matter) == ["电话督办记录"]
    assert {"submitted", "dispatched"}.isdisjoint(matter.kinds())
    matter.replied().closed()
    assert matter.state.state == "closed"


@pytest.mark.rule("BC-4.2", "A16")
@pytest.mark.parametrize("missing", ["callee", "callee_post", "text"])
def test_4_2_the_call_is_on_record_with_who_and_what(new_matter: Make, missing: str) -> None:
    matter = new_matter(**PHONE)
    said = {"callee": "祝明哲", "callee_post": "综合内勤", "text": "请核查。"} | {missing: " "}
    with pytest.raises(Refusal, match="没有填写"):
        matter.decide("phone", "已电话下达", **said)
    assert matter.state.rounds == ()


@pytest.mark.rule("T7p", "T11b")
def test_t11b_given_to_another_unit_it_is_phoned_again(new_matter: Make) -> None:
    call = {"callee": "祝明哲", "callee_post": "综合内勤", "text": "请核查。"}
    matter = new_matter(**PHONE)
    matter.decide("phone", "已电话下达", **call)
    acts.decline(matter.number, matter.unit, "不属于经侦管辖")
    state = matter.decide("reassign", "改派", unit="刑侦支队", reason="属刑侦")
    assert (state.unit, state.awaiting) == ("xingzhen", ("phone:2",))
    state = matter.decide("phone", "已电话下达", **(call | {"callee": "康小雨"}))
    assert (state.state, state.round, set(state.awaiting)) == ("received", 2, {"reading:2", "reply:2"})
    kept = new_matter(**PHONE)
    kept.decide("phone", "已电话下达", **call)
    acts.decline(kept.number, kept.unit, "不属于经侦管辖")
    assert kept.decide("reassign", "仍由原单位办理", reason="职责明确").state == "received"


@pytest.mark.rule("BC-8.4")
def test_8_4_a_state_secret_is_not_told_on_the_phone(new_matter: Make) -> None:
    with pytest.raises(Refusal, match="不得用电话督办"):
        new_matter(**PHONE, mark="秘密★1年", paper="3号柜", requirement="", instruction_text="")


# 四（三） 实地


@pytest.mark.rule("BC-4.3")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"order_by": ""}, "提出要求的局领导”没有填写"),
        ({"order_by": "沈怀民"}, "应为顾长风"),
        ({"order_on": ""}, "局长要求日期”没有填写"),
        ({"order_on": "2026-03-03"}, "晚于今天"),
        ({"order_text": ""}, "“局长要求”或“局长要求文号”没有填写"),
        ({"mode": "written"}, "用不着"),
    ],
    ids=str,
)
def test_4_3_only_on_the_chiefs_order(new_matter: Make, changes: dict[str, str], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        new_matter(**(ONSITE | changes))


@pytest.mark.rule("BC-4.3", "BC-5.2")
def test_4_3_what_was_found_goes_to_the_unit_and_no_notice_goes_out_unsigned(new_matter: Make) -> None:
    matter = new_matter(**ONSITE)
    assert (matter.state.state, matter.state.awaiting) == ("visiting", ("visit:1",))
    state = matter.decide("visit", "转承办单位办理", **VISIT)
    assert (state.state, state.awaiting, state.visits) == ("issued", ("deliver:1",), 1)
    assert state.form["requirement"].endswith(
        "发现问题：三起警情没有登记。\n原因分析：值班制度没有落实。\n对策措施：补录警情，倒查责任。"
    )
    state = acts.deliver(matter.number)
    assert (state.state, state.due_on, state.awaits("call")) == ("dispatched", date(2026, 3, 9), None)
    assert set(papers(matter)) == {"实地督办记录"}


@pytest.mark.rule("BC-3.3", "BC-4.3")
def test_3_3_a_visit_closes_a_matter_only_with_its_record(new_matter: Make) -> None:
    matter = new_matter(**ONSITE)
    with pytest.raises(Refusal, match="发现问题”没有填写"):
        matter.decide("visit", "记录备查，办结", **(VISIT | {"findings": ""}))
    assert matter.state.state == "visiting"
    state = matter.decide("visit", "记录备查，办结", **VISIT)
    assert (state.state, state.awaiting) == ("closed", ("file:0",))
    assert papers(matter) == ["实地督办记录"]
    assert acts.file_away(matter.number).filed_at is not None


@pytest.mark.rule("BC-4.3")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"people": ""}, "参加人员”没有填写"),
        ({"place": ""}, "地点”没有填写"),
        ({"on": None}, "日期”没有填写"),
        ({"on": "2026-03-03"}, "晚于今天"),
        ({"findings": "", "measures": ""}, "作为办理要求"),
        ({"due_on": "2026-03-20"}, "时限由制度规定"),
    ],
    ids=str,
)
def test_4_3_a_visit_says_who_where_when_and_what(new_matter: Make, changes: dict[str, Any], said: str) -> None:
    matter = new_matter(**ONSITE)
    with pytest.raises(Refusal, match=said):
        matter.decide("visit", "转承办单位办理", **(VISIT | changes))
    assert matter.state.visits == 0


def test_4_3_a_stated_limit_that_passed_during_the_visit_has_to_be_named_anew(new_matter: Make) -> None:
    matter = new_matter(**ONSITE, type="dated", due_on="2026-03-04").at(3, 6)
    with pytest.raises(Refusal, match="已经过去"):
        matter.decide("visit", "转承办单位办理", **VISIT)
    matter.decide("visit", "转承办单位办理", **VISIT, due_on="2026-03-13")
    assert acts.deliver(matter.number).due_on == date(2026, 3, 13)


@pytest.mark.rule("BC-4.3")
def test_4_3_a_chief_who_left_meanwhile_does_not_undo_his_order(
    new_matter: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    matter = new_matter(**ONSITE)
    org = organization.load("baicheng")
    held = {**org._holders, "chief": (replace(org.posts["chief"], name="新局长"),)}
    monkeypatch.setattr(organization, "load", lambda _id=None: replace(org, _holders=held))
    assert matter.decide("visit", "转承办单位办理", **VISIT).state == "issued"
    with pytest.raises(Refusal, match="应为新局长"):
        new_matter(**ONSITE)


@pytest.mark.rule("BC-8.4", "BC-4.3")
def test_8_4_what_a_visit_finds_out_about_a_secret_stays_on_paper(new_matter: Make) -> None:
    empty = {"requirement": "", "instruction_text": "", "order_text": "", "order_number": "局办3号"}
    matter = new_matter(**(ONSITE | empty), mark="机密", paper="3号柜")
    with pytest.raises(Refusal, match="不得录入本系统"):
        matter.decide("visit", "转承办单位办理", **VISIT)
    on_paper = VISIT | dict.fromkeys(("findings", "causes", "measures"), "")
    matter.decide("visit", "转承办单位办理", **on_paper)
    state = acts.deliver(matter.number)
    assert (state.state, state.form["requirement"]) == ("dispatched", "")
    assert "警情" not in str([event.data for event in matter.events if event.kind != "registered"])


# 四（四） 联合


@pytest.mark.rule("BC-4.4", "R-INSP", "SK-1.1b")
def test_4_4_joint_names_its_partners_on_notice_and_record(new_matter: Make) -> None:
    with pytest.raises(Refusal, match="至少要有一个参加部门"):
        new_matter(mode="joint")
    with pytest.raises(Refusal, match=r"“工会”不是.*督察、纪委"):
        new_matter(mode="joint", partners="督察、工会")
    with pytest.raises(Refusal, match="只用于联合督办"):
        new_matter(partners="督察")
    matter = new_matter(**JOINT)
    assert "督察、纪委" in acts.question(matter.state, "sign.director:1").body
    state = matter.dispatched().state
    assert set(state.awaiting) == {"receipt:1", "call:1", "joint_record:1", "reply:1"}
    state = matter.decide("joint_record", "记录", **VISIT, partners="督察、纪委")
    assert (state.visits, state.awaits("joint_record"), state.awaits("reply")) == (1, None, "reply:1")
    assert papers(matter)[-1] == "联合督办记录"


@pytest.mark.rule("BC-4.4")
def test_4_4_they_may_go_there_more_than_once(new_matter: Make) -> None:
    matter = new_matter(**JOINT).in_progress()
    again = VISIT | {"partners": "纪委"}
    for _ in range(2):
        acts.visit(matter.number, matter.clerk, **again)
    acts.visit(matter.number, matter.clerk, **(again | {"findings": "已经整改。"}))
    assert matter.state.visits == 2
    assert papers(matter).count("联合督办记录") == 2
    with pytest.raises(Refusal, match="参加部门"):
        acts.visit(matter.number, matter.clerk, **VISIT)
    matter.replied().closed()
    assert matter.state.awaiting == ()
    with pytest.raises(Refusal, match="已办结"):
        acts.visit(matter.number, matter.clerk, **(again | {"findings": "又去了一次。"}))


def test_4_4_who_supervises_otherwise_has_no_joint_record(matter: Matter) -> None:
    with pytest.raises(Refusal, match="不是正在办理的联合督办"):
        acts.visit(matter.in_progress().number, matter.clerk, **VISIT)


# 附（一） 暗访


@pytest.mark.rule("SK-3.2", "R-PARTY")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"consent_by": ""}, "没有填写"),
        ({"consent_by": "戚望山"}, "局党委.*应为顾长风"),
        ({"consent_on": "2026-03-09"}, "晚于今天"),
        ({"consent_number": ""}, "局党委同意文号”没有填写"),
    ],
    ids=str,
)
def test_sk_3_2_covert_only_with_the_party_committees_consent(
    new_matter: Make, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        new_matter(**(COVERT | changes))


@pytest.mark.rule("SK-3.2")
def test_sk_3_2_the_unit_itself_cannot_ask_for_a_covert_visit(rehearsal_url: str) -> None:
    form = {**FORM, **COVERT}
    with pytest.raises(Refusal, match="不能由被督办的单位自己提出"):
        acts.register(form, Actor("jingzhen.head", "谭志刚", "unit_head", "jingzhen"), "a")
    with pytest.raises(Refusal, match="不能由被督办的单位自己提出"):
        acts.register({**form, **PROPOSAL, "proposed_by": "经侦支队"}, person("office"), "b")
    helped = {**form, "cohandlers": "治安支队"}
    with pytest.raises(Refusal, match="不能由被督办的单位自己提出"):
        acts.register(helped, Actor("zhian.head", "解永昌", "unit_head", "zhian"), "c")


@pytest.mark.rule("SK-3.2")
def test_sk_3_2_nor_can_a_unit_that_would_get_a_part_of_it(monkeypatch: pytest.MonkeyPatch, rehearsal_url: str) -> None:
    law = regulation.load("baicheng-2020")  # no bureau here has both: a regulation may
    both = replace(law, types={**law.types, "decomposed": regulation.load("lanzhou").types["decomposed"]})
    monkeypatch.setattr(regulation, "current", lambda _on: both)
    form = {**FORM, **COVERT, "type": "decomposed", "due_on": "2026-03-20"}
    form["parts"] = [{"unit": unit, "requirement": "查看值守"} for unit in ("经侦支队", "治安支队")]
    with pytest.raises(Refusal, match="不能由被督办的单位自己提出"):
        acts.register(form, Actor("zhian.head", "解永昌", "unit_head", "zhian"), "a")
    with pytest.raises(Refusal, match="不能由被督办的单位自己提出"):
        acts.register({**form, **PROPOSAL, "proposed_by": "治安支队"}, person("office"), "b")


@pytest.mark.rule("SK-3.2", "T7")
def test_sk_3_2_the_unit_knows_nothing_until_the_matter_is_released(new_matter: Make) -> None:
    matter = new_matter(**COVERT)
    assert (matter.state.released, matter.state.awaiting) == (False, ("visit:1",))
    assert not acts.may_see(matter.state, matter.unit)
    for missing in ("findings", "causes", "measures"):  # 发现问题→原因→对策
        with pytest.raises(Refusal, match="没有填写"):
            matter.decide("visit", "转承办单位办理", **(VISIT | {missing: ""}))
    state = matter.decide("visit", "转承办单位办理", **VISIT)
    assert (state.released, state.awaiting) == (True, ("sign.director:1",))
    assert matter.kinds()[-3:] == ["visited", "released", "submitted"]
    assert acts.may_see(state, matter.unit)
    matter.in_progress().replied().closed()
    assert papers(matter)[:2] == ["暗访记录", "领导批示督办通知单"]


@pytest.mark.rule("SK-3.2", "BC-3.3")
@pytest.mark.parametrize("end", ["record", "withdrawal"])
def test_sk_3_2_what_ends_unreleased_stays_unseen(new_matter: Make, end: str) -> None:
    matter = new_matter(**COVERT)
    if end == "record":
        matter.decide("visit", "记录备查，办结", **VISIT)
    else:
        acts.withdraw(matter.number, matter.clerk, "不再需要", "顾长风")
    assert matter.state.ended
    assert not acts.may_see(matter.state, matter.unit)


@pytest.mark.rule("SK-3.2", "T16", "T25")
@pytest.mark.parametrize("mode", [COVERT, ONSITE], ids=["covert", "onsite"])
def test_what_no_unit_ever_had_is_not_taken_up_again(new_matter: Make, mode: dict[str, str]) -> None:
    matter = new_matter(**mode)
    matter.decide("visit", "记录备查，办结", **VISIT)
    with pytest.raises(Refusal, match="请另行立项"):
        matter.instruct("交经侦支队办。", due_on=date(2026, 3, 20))
    with pytest.raises(Refusal, match="请另行立项"):
        acts.leader_return(matter.number, matter.chief, "chief", "perfunctory", "重办")
    with pytest.raises(Refusal, match="请另行立项"):
        acts.further_work(matter.number, matter.clerk, "接着办", date(2026, 3, 20))
    assert (matter.state.state, matter.state.rounds) == ("closed", ())


# 五（一） 呈批表


@pytest.mark.rule("BC-5.1b", "T2", "T3", "T4")
def test_5_1_a_proposal_goes_to_the_deputy_in_charge_then_to_the_chief_then_to_be_signed(new_matter: Make) -> None:
    matter = new_matter(**(PROPOSAL | {"proposed_by": "治安支队"}))
    assert (matter.state.state, matter.state.awaiting) == ("proposed", ("propose.deputy:1",))
    with pytest.raises(Refusal, match="白静秋办理"):
        matter.decide("propose.deputy", "同意", QI)  # in charge of the unit that is to handle it, not of the proposer
    state = matter.decide("propose.deputy", "同意", BAI)
    assert (state.state, state.awaiting, state.desk) == ("proposed", ("propose.chief:1",), "chief")
    assert "白静秋：同意" in acts.question(state, "propose.chief:1").body
    state = matter.decide("propose.chief", "同意")
    assert (state.state, state.awaiting) == ("director_review", ("sign.director:1",))
    assert papers(matter) == ["督办事项呈批表"]
    matter.dispatched()


@pytest.mark.rule("BC-5.1b", "T4'", "A17")
def test_5_1_on_record_the_proposal_skips_the_chief_and_the_notice_does_not(new_matter: Make) -> None:
    matter = new_matter(**PROPOSAL, proposal_route="备案")
    state = matter.decide("propose.deputy", "同意", QI)
    assert state.awaiting == ("sign.director:1",)
    matter.decide("sign.director", "同意")
    assert matter.state.awaiting == ("sign.chief:1",)
    assert matter.event("proposed").data["desks"] == ["deputy"]


@pytest.mark.rule("BC-5.1b", "T5")
@pytest.mark.parametrize("desk", ["deputy", "chief"])
def test_5_1_who_does_not_agree_says_why_and_the_matter_is_over(new_matter: Make, desk: str) -> None:
    matter = new_matter(**PROPOSAL)
    if desk == "chief":
        matter.decide("propose.deputy", "同意", QI)
    who = QI if desk == "deputy" else matter.chief
    with pytest.raises(Refusal, match="不同意的理由"):
        matter.decide(f"propose.{desk}", "不同意", who)
    state = matter.decide(f"propose.{desk}", "不同意", who, opinion="已有专班")
    assert (state.state, state.awaiting) == ("cancelled", ("file:0",))


@pytest.mark.rule("BC-5.1b")
def test_5_1_a_proposal_is_complete_or_is_none(new_matter: Make) -> None:
    with pytest.raises(Refusal, match="呈批理由”没有填写"):
        new_matter(proposed_by="刑侦支队")
    with pytest.raises(Refusal, match="呈批部门”没有填写"):
        new_matter(proposal_route="备案")
    with pytest.raises(Refusal, match="呈批部门”：没有叫"):
        new_matter(proposed_by="宣传处", proposal_reason="需要")


@pytest.mark.rule("BC-5.1b", "T7p")
def test_5_1_after_a_proposal_the_mode_goes_its_own_way(new_matter: Make) -> None:
    for mode, key in ((PHONE, "phone:1"), (ONSITE, "visit:1"), (JOINT, "sign.director:1")):
        matter = new_matter(**PROPOSAL, **mode)
        matter.decide("propose.deputy", "同意", QI)
        assert matter.decide("propose.chief", "同意").awaiting == (key,)


# 五（三）、五（四） 交办、领收、阅批


@pytest.mark.rule("BC-5.3a", "T10", "A14")
@pytest.mark.parametrize(
    ("hour", "delivered", "late"),
    [(10, (2, 16), False), (10, (2, 23), False), (10, (3, 8), True), (18, (3, 16), False), (18, (4, 9), True)],
)
def test_5_3_signed_today_out_today_signed_after_hours_out_next_morning(
    matter: Matter, hour: int, delivered: tuple[int, int], late: bool
) -> None:
    matter.at(3, 2, hour).issued().at(3, *delivered)
    acts.deliver(matter.number)
    assert matter.event("dispatched").data["late"] is late


@pytest.mark.rule("BC-5.2", "T9")
def test_5_2_a_stated_limit_that_has_passed_is_not_signed_any_more(new_matter: Make) -> None:
    matter = new_matter(type="dated", due_on="2026-03-04").at(3, 5)
    matter.decide("sign.director", "同意")
    with pytest.raises(Refusal, match="2026-03-04 已过，不能签发"):
        matter.decide("sign.chief", "签发")
    matter.decide("sign.chief", "退改", opinion="改期限")
    matter.decide("revise", "重新送审", due_on="2026-03-12")
    assert matter.dispatched().state.due_on == date(2026, 3, 12)


@pytest.mark.rule("A14")
def test_a14_signed_in_time_and_out_after_midnight_the_stated_limit_stands(new_matter: Make) -> None:
    matter = new_matter(type="dated", due_on="2026-03-03").issued().at(3, 4, 0, 1)
    state = acts.deliver(matter.number)
    assert (state.due_on, matter.at(3, 4, 0, 2).state.state) == (date(2026, 3, 3), "overdue")


# The ways in, all of them at once


@pytest.mark.rule("BC-3.3", "BC-5.1a")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_way_in_ends_with_the_unit_or_on_record(new_matter: Make, data: st.DataObject) -> None:
    """Whatever is answered, a matter that stands still waits for somebody, and its answers lead out."""
    mode = data.draw(st.sampled_from([{}, PHONE, ONSITE, COVERT, JOINT]), label="mode")
    proposal = data.draw(st.sampled_from([{}, PROPOSAL, {**PROPOSAL, "proposal_route": "备案"}]), label="proposal")
    matter = new_matter(**mode, **proposal)
    people = {"deputy": QI, "chief": matter.chief, "director": matter.director}
    fields = {
        **VISIT, "opinion": "理由", "callee": "祝明哲", "callee_post": "内勤", "text": "请办理。", "partners": "督察"
    }  # fmt: skip
    for _ in range(20):
        state = matter.state
        if state.ended or state.rounds:
            break
        (key,) = state.awaiting
        if key.startswith("deliver"):
            acts.deliver(matter.number)
            continue
        option = data.draw(st.sampled_from(acts.question(state, key).options), label=key)
        if option == "退改" and state.attempt > 2:
            option = "同意" if "同意" in acts.question(state, key).options else "签发"
        desk = key.partition(":")[0].partition(".")[2]
        acts.decide(matter.number, key, option, fields, people.get(desk, matter.clerk))
    state = matter.state
    assert state.rounds or state.ended
    assert state.released or state.ended
    if state.rounds and state.mode not in ("phone", "onsite"):
        assert state.signatures["chief"]["verdict"] == "pass"


# Two versions of the regulation


@pytest.mark.rule("MM-7")
def test_a_matter_keeps_the_version_in_force_when_it_was_registered(
    new_matter: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    include = shutil.copytree(included.path(), tmp_path / "include")
    shutil.copy(Path(__file__).parent / "fixtures" / "baicheng-2026.md", include / "regulations")
    monkeypatch.setenv("DUBAN_INCLUDE", str(include))
    old = new_matter().at(3, 9)  # the revised version begins today
    new = new_matter()
    assert (old.state.regulation, new.state.regulation) == ("baicheng-2020", "baicheng-2026")
    assert old.state.sign_desks == ("director", "chief")
    assert new.state.sign_desks == ("director", "deputy", "chief")
    old.decide("sign.director", "退改", opinion="写具体些")
    assert old.decide("revise", "重新送审", requirement="逐户核查。").sign_desks == ("director", "chief")
    assert old.dispatched().state.due_on == date(2026, 3, 16)  # 5日 from 03-09, and the 14th is a Saturday
    old.at(3, 10)
    assert acts.receive(old.number, old.unit).state == "received"
