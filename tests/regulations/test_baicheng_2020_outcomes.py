"""白城 2020: what becomes of a matter beyond its closing: the way up, visits, praise, criticism, cases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from matters import Matter

from duban import acts, ledger
from duban.errors import Refusal

Make = Callable[..., Matter]
TODAY = date(2026, 3, 2)


def going_up(make: Make, **changes: object) -> Matter:
    """A matter whose report the chief has approved and whose result goes up."""
    matter = make(source=1, **{"report_to": "吉林省公安厅办公室"} | changes).in_progress().replied().accepted()
    matter.decide("approve.director", "同意上报")
    matter.decide("approve.chief", "批准办结")
    return matter


def closed(matter: Matter) -> Matter:
    return matter.in_progress().replied().closed()


def papers(matter: Matter) -> list[str]:
    return [paper.kind for paper in matter.state.documents]


# 五（八）上报


@pytest.mark.rule("T30", "T32", "BC-5.8b")
def test_5_8_the_result_of_a_matter_from_above_goes_up_before_it_is_closed(new_matter: Make) -> None:
    matter = going_up(new_matter)
    assert (matter.state.state, matter.state.awaiting) == ("report_up", ("call:1", "upward:1"))
    for _ in range(2):
        acts.draft_upward(matter.number)
    assert matter.kinds().count("upward_drafted") == 1
    matter.decide("sign_up.chief", "签发")
    assert matter.state.awaits("send_up")
    with pytest.raises(Refusal, match="报送方式"):
        matter.decide("send_up", "已报送", to="吉林省公安厅办公室")
    state = matter.decide("send_up", "已报送", to="吉林省公安厅办公室", how="机要交换", on="2026-03-02")
    assert (state.state, state.upward["reference"], state.awaiting) == ("closed", "白公报〔2026〕1号", ("file:1",))
    assert papers(matter)[-1] == "上报文件"


@pytest.mark.rule("T31", "BC-5.8b")
def test_5_8_what_need_not_go_up_is_closed_by_the_chief(new_matter: Make) -> None:
    assert going_up(new_matter, report_up="否", report_to="").state.state == "closed"
    mine = new_matter(source=4, report_up="是").in_progress().replied().accepted()
    mine.decide("approve.director", "同意上报")
    assert mine.decide("approve.chief", "批准办结").state == "report_up"


@pytest.mark.rule("T30")
def test_5_8_sent_back_by_its_signer_the_office_changes_the_draft_and_no_number_is_lost(new_matter: Make) -> None:
    matter = going_up(new_matter)
    acts.draft_upward(matter.number)
    with pytest.raises(Refusal, match="退改的理由"):
        matter.decide("sign_up.chief", "退改")
    matter.decide("sign_up.chief", "退改", opinion="写明数据")
    assert (matter.state.awaits("upward.office"), matter.state.upward["opinion"]) == ("upward.office:1", "写明数据")
    matter.decide("upward.office", "重新呈签", text="共核查警情36起。")
    assert matter.state.awaits("upward") == "upward:1.2"
    acts.draft_upward(matter.number)
    question = acts.question(matter.state, "sign_up.chief:1.2")
    assert "共核查警情36起。" in question.body
    assert matter.decide("sign_up.chief", "签发").awaits("send_up") == "send_up:1.2"
    assert matter.state.upward["reference"] == "白公报〔2026〕1号"


@pytest.mark.rule("T25", "T16", "T33")
@pytest.mark.parametrize("turn", ["return", "instruct", "further_work"])
def test_5_8_until_it_is_sent_a_leader_may_want_more(new_matter: Make, turn: str) -> None:
    matter = going_up(new_matter)
    acts.draft_upward(matter.number)
    if turn == "return":
        acts.leader_return(matter.number, matter.chief, "chief", "perfunctory", "重新核查")
    elif turn == "instruct":
        matter.instruct(due_on=date(2026, 3, 20))
    else:
        acts.further_work(matter.number, matter.clerk, "再核查", date(2026, 3, 20))
    assert (matter.state.round, matter.state.awaits("sign_up.chief")) == (2, None)
    matter.replied("再报").accepted()
    matter.decide("approve.director", "同意上报")
    assert matter.decide("approve.chief", "批准办结").awaits("upward") == "upward:2"
    acts.draft_upward(matter.number)
    assert matter.decide("sign_up.chief", "签发").awaits("send_up") == "send_up:2"


# 七（一）4 回访


@pytest.mark.rule("T34", "BC-7.1.4", "R-PARTYIN")
def test_7_1_4_a_visit_that_differs_is_on_record_without_the_partys_name(matter: Matter) -> None:
    with pytest.raises(Refusal, match="还没有回复"):
        acts.follow_up(matter.in_progress().number, matter.clerk, "王小明", TODAY, "电话", "没有人来过", False)
    matter.replied().closed()
    for _ in range(2):
        acts.follow_up(matter.number, matter.clerk, "王小明", TODAY, "电话", "王小明说没有人来过", False)
    data = matter.event("followed_up").data
    assert (data["party"], data["opinion"], data["consistent"]) == ("王某", "王某说没有人来过", False)
    assert matter.kinds().count("followed_up") == 1
    assert matter.event("followed_up").clause == "七（一）4"
    assert papers(matter)[-1] == "回访记录"


@pytest.mark.rule("T34")
def test_7_1_4_after_such_a_visit_the_deputy_too_may_send_it_back(matter: Matter) -> None:
    closed(matter)
    with pytest.raises(Refusal, match="没有待审的回复"):
        acts.leader_return(matter.number, matter.clerk, "deputy", "perfunctory", "重新核查")
    acts.follow_up(matter.number, matter.clerk, "欧阳某", TODAY, "电话", "没有人来过", False)
    state = acts.leader_return(matter.number, matter.clerk, "deputy", "perfunctory", "重新核查")
    assert (state.state, state.round) == ("returned", 2)
    assert not matter.replied("再报").state.visit_differed


@pytest.mark.rule("BC-7.1.4")
def test_7_1_4_without_the_visit_that_was_asked_for_it_is_accepted_only_with_the_fault(new_matter: Make) -> None:
    matter = new_matter(revisit=True).in_progress().replied()
    with pytest.raises(Refusal, match="回访当事人情况"):
        matter.accepted()
    matter.accepted(no_visit=True)
    assert matter.event("accepted").data["no_visit"] is True


# 五（十）通报, 七 考核


@pytest.mark.rule("BC-5.10b", "BC-7.2.1", "BC-7.2.2", "BC-7.2.3", "SK-3.3", "A12")
@pytest.mark.parametrize("level", ["praised_in_bulletin", "praised_by_chief", "praised_above"])
def test_7_2_praise_is_on_record_by_its_level_once(matter: Matter, level: str) -> None:
    closed(matter)
    for _ in range(2):
        acts.praise(matter.number, matter.clerk, level, "办理及时", "督办通报第3期")
    assert [event.data["level"] for event in matter.events if event.kind == "praised"] == [level]
    assert matter.event("praised").clause == "七（二）"
    with pytest.raises(Refusal, match="没有“质量差被通报”这一级"):
        acts.praise(matter.number, matter.clerk, "criticised", "办理及时")


@pytest.mark.rule("BC-5.10c", "BC-5.10d", "A5", "N9")
def test_5_10_the_third_criticism_of_a_unit_in_a_year_opens_a_case(new_matter: Make) -> None:
    matters = [new_matter().in_progress() for _ in range(4)]
    for nth, matter in enumerate(matters[:2], 2):
        acts.criticise(matter.number, matter.clerk, "criticised", "逾期未报", f"督办通报第{nth}期")
        assert matter.state.cases == ()
    other = new_matter(unit="刑侦支队").in_progress()
    acts.criticise(other.number, other.clerk, "criticised", "逾期未报", "督办通报第3期")
    assert other.state.cases == ()
    acts.criticise(matters[2].number, matter.clerk, "criticised", "逾期未报", "督办通报第4期")
    case = matters[2].state.cases[0]
    assert (case.clause, case.unit, case.reason) == ("五（十）", "jingzhen", "累计被通报3次")
    assert papers(matters[2])[-1] == "问责登记表"
    acts.criticise(matters[3].number, matter.clerk, "criticised", "逾期未报", "督办通报第5期")
    assert matters[3].state.cases == ()  # it is open already


@pytest.mark.rule("BC-5.10d", "A5", "N9")
def test_5_10_one_bulletin_is_one_notice_however_many_matters_it_speaks_of(new_matter: Make) -> None:
    matters = [new_matter().in_progress() for _ in range(3)]
    for matter in matters:
        acts.criticise(matter.number, matter.clerk, "criticised", "逾期未报", "督办通报第3期")
    for nth, matter in enumerate(matters[:2], 4):
        assert [one.state.cases for one in matters] == [(), (), ()]
        acts.criticise(matter.number, matter.clerk, "criticised", "逾期未报", f"督办通报第{nth}期")
    assert [case.reason for case in matters[1].state.cases] == ["累计被通报3次"]


@pytest.mark.rule("BC-5.10d", "BC-5.10c")
def test_5_10_the_same_words_on_another_day_are_another_criticism(new_matter: Make) -> None:
    matter = new_matter().in_progress()
    for day in (3, 4, 5):
        matter.at(3, day)
        for _ in range(2):  # a second click
            acts.criticise(matter.number, matter.clerk, "criticised", "未按时反馈")
    assert matter.kinds().count("criticised") == 3
    assert [case.reason for case in matter.state.cases] == ["累计被通报3次"]


@pytest.mark.rule("A5")
def test_5_10_a_new_year_counts_from_nothing(new_matter: Make) -> None:
    first, second, third = (new_matter() for _ in range(3))
    for matter in (first, second):
        matter.in_progress()
        acts.criticise(matter.number, matter.clerk, "criticised", "逾期未报")
    with ledger.transaction() as session:
        ledger.advance(session, (date(2027, 1, 4) - date(2026, 3, 2)))
    acts.criticise(second.number, second.clerk, "criticised", "又一次逾期")
    assert second.state.cases == ()
    assert third.state.cases == ()


@pytest.mark.rule("BC-5.10d")
def test_5_10_two_at_the_same_moment_do_not_both_miss_the_third(new_matter: Make) -> None:
    matters = [new_matter().in_progress() for _ in range(3)]
    acts.criticise(matters[0].number, matters[0].clerk, "criticised", "逾期未报")

    def third(matter: Matter) -> None:
        acts.criticise(matter.number, matter.clerk, "criticised", "逾期未报")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(third, matters[1:]))
    assert sum(len(matter.state.cases) for matter in matters) == 1


@pytest.mark.rule("BC-7.1.5", "A11")
def test_7_1_5_criticised_by_those_above_both_heads_account_to_the_party_committee(matter: Matter) -> None:
    closed(matter)
    with pytest.raises(Refusal, match="责任部门也要书面说明"):
        acts.criticise(matter.number, matter.clerk, "criticised_above", "反馈超时", "省厅通报7号")
    for _ in range(2):
        acts.criticise(matter.number, matter.clerk, "criticised_above", "反馈超时", "省厅通报7号", others=("法制支队",))
    state = matter.state
    assert [(case.clause, case.owes) for case in state.cases] == [("七（一）5", ("jingzhen", "fazhi"))]
    assert matter.event("criticised").data["then"] == ["criticism", "accountability", "account_to_party"]
    assert papers(matter)[-2:] == ["问责登记表", "向局党委书面说明通知"]
    case = state.cases[0].id
    with pytest.raises(Refusal, match="还缺经侦支队、法制支队的书面说明"):
        acts.resolve_case(matter.number, matter.clerk, case, "提醒谈话")
    for unit, name in (("经侦支队", "谭志刚"), ("法制支队", "蔺守正"), ("法制支队", "蔺守正")):
        acts.render_account(matter.number, matter.clerk, case, unit, "经过、原因、整改", name)
    for text, name in (("别的经过", "蔺守正"), ("经过、原因、整改", "谭志刚")):
        with pytest.raises(Refusal, match=r"已于 2026-.*登记法制支队的书面说明，不能再改"):
            acts.render_account(matter.number, matter.clerk, case, "法制支队", text, name)
    with pytest.raises(Refusal, match="不需要刑侦支队书面说明"):
        acts.render_account(matter.number, matter.clerk, case, "刑侦支队", "经过", "雷建锋")
    state = acts.resolve_case(matter.number, matter.clerk, case, "提醒谈话")
    assert (state.cases[0].outcome, state.cases[0].closed_at is not None) == ("提醒谈话", True)


# 五（五）, 八（四）问责


@pytest.mark.rule("BC-5.5c", "T21")
def test_5_5_a_case_lives_on_after_the_matter_until_its_outcome_is_on_record(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    matter.at(3, 13)
    acts.demand_account(matter.number)
    matter.replied().closed()
    case = matter.state.cases[0]
    assert (case.id, case.clause, case.unit, case.closed_at) == ("case:urged_reply:1", "五（五）", "jingzhen", None)
    with pytest.raises(Refusal, match="没有编号为“别的”的问责"):
        acts.resolve_case(matter.number, matter.clerk, "别的", "提醒谈话")
    for _ in range(2):
        acts.resolve_case(matter.number, matter.clerk, case.id, "提醒谈话")
    assert matter.state.cases[0].outcome == "提醒谈话"
    with pytest.raises(Refusal, match="不能再改"):
        acts.resolve_case(matter.number, matter.clerk, case.id, "通报批评")


@pytest.mark.rule("BC-8.4")
def test_8_4_who_tells_what_is_secret_answers_for_it(matter: Matter) -> None:
    for _ in range(2):
        acts.report_leak(matter.number, matter.clerk, "将批示告知当事人", "某民警")
    assert [(case.clause, case.unit) for case in matter.state.cases] == [("八（四）", "jingzhen")]
    assert matter.kinds().count("leaked") == 1
    assert papers(matter) == ["问责登记表"]


@pytest.mark.rule("SK-2.1")
def test_sk_2_1_units_that_pass_it_on_to_each_other_are_told_who_does_what(matter: Matter) -> None:
    matter.in_progress()
    with pytest.raises(Refusal, match="至少涉及两个单位"):
        acts.coordinate(matter.number, matter.clerk, ("经侦支队",), "由经侦牵头", "戚望山", TODAY)
    for _ in range(2):
        acts.coordinate(matter.number, matter.clerk, ("经侦支队", "刑侦支队"), "由经侦牵头", "戚望山", TODAY)
    assert [event.data["units"] for event in matter.events if event.kind == "coordinated"] == [["jingzhen", "xingzhen"]]
    assert papers(matter)[-1] == "协调意见"


# 八（四）保密: the turns


@pytest.mark.rule("BC-8.4")
def test_8_4_of_a_secret_no_word_comes_in_with_a_turn(new_matter: Make) -> None:
    empty = {"requirement": "", "instruction_text": ""}
    matter = new_matter(mark="秘密★1年", paper="保密室3号柜", title="2026年第7号涉密件", **empty).in_progress()
    tries = [
        lambda: acts.extend(matter.number, matter.unit, "等待鉴定", "结案", date(2026, 3, 20), "谭志刚"),
        lambda: acts.report_progress(matter.number, matter.unit, "正在取证"),
        lambda: acts.urge_by_hand(matter.number, matter.clerk, "phone", "某案请抓紧"),
        lambda: acts.track(matter.number, matter.clerk, "电话", "某案正在取证"),
        lambda: matter.replied(),
    ]
    for attempt in tries:
        with pytest.raises(Refusal, match="不得录入本系统"):
            attempt()
    acts.extend(matter.number, matter.unit, "见纸质件", "见纸质件", date(2026, 3, 20), "谭志刚")
    acts.reply_on_paper(matter.number, matter.clerk, "保密室3号柜", "谭志刚")
    acts.reply_on_paper(matter.number, matter.clerk, "保密室3号柜", "谭志刚")
    assert matter.kinds().count("replied") == 1
    with pytest.raises(Refusal, match="不得录入本系统"):
        matter.accepted()
    matter.accepted(summary="见纸质件")
    assert matter.event("extended").data["reason"] == "（内容见纸质件）"


@pytest.mark.rule("BC-5.6a")
def test_5_6_a_reply_on_paper_alone_is_not_enough(matter: Matter) -> None:
    with pytest.raises(Refusal, match="要有电子文稿"):
        acts.reply_on_paper(matter.in_progress().number, matter.clerk, "文件柜", "谭志刚")
    matter.replied()
    with pytest.raises(Refusal, match="纸质件还没有收到"):
        matter.accepted(no_paper=True)
