"""白城 2020: what turns up while a matter runs: declined, urged by hand, reminded, objected to, withdrawn."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from matters import Matter

from duban import acts, clock, regulation
from duban.acts.reminding import tracking_due
from duban.errors import Refusal
from duban.ledger import Actor

Make = Callable[..., Matter]
NOT_OURS = "本案由刑侦支队侦办，不属经侦支队职责。"


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def declined(matter: Matter) -> Matter:
    acts.decline((matter if matter.state.rounds else matter.dispatched()).number, matter.unit, NOT_OURS)
    return matter


# T11b 退件、改派


@pytest.mark.rule("T11b", "SK-2.1")
def test_t11b_a_unit_declines_and_nothing_lapses_until_the_office_has_decided(matter: Matter) -> None:
    state = declined(matter).state
    assert (state.state, state.awaits("reassign"), state.due_on) == ("declined", "reassign:1", None)
    matter.at(4, 20)
    assert matter.state.state == "declined"
    assert "reply_lapsed" not in matter.kinds()
    assert "receipt_lapsed" not in matter.kinds()


@pytest.mark.rule("T11b")
def test_t11b_declining_twice_is_once_and_another_reason_is_refused(matter: Matter) -> None:
    declined(matter)
    acts.decline(matter.number, matter.unit, NOT_OURS)
    assert matter.kinds().count("declined") == 1
    with pytest.raises(Refusal, match="已经退件"):
        acts.decline(matter.number, matter.unit, "别的理由")
    with pytest.raises(Refusal, match="已经退件"):
        matter.replied()


@pytest.mark.rule("T11b")
def test_t11b_not_once_the_head_has_read_it(matter: Matter) -> None:
    matter.in_progress()
    with pytest.raises(Refusal, match="不能退件"):
        acts.decline(matter.number, matter.unit, NOT_OURS)


@pytest.mark.rule("T11b")
def test_t11b_another_unit_gets_it_from_the_signature_on_and_nobody_loses_points(matter: Matter) -> None:
    acts.receive(matter.dispatched().number, matter.unit)
    matter.decide("call", "已电话通知", callee="联络员")
    acts.decline(matter.number, matter.unit, NOT_OURS)
    with pytest.raises(Refusal, match="改派给"):
        matter.decide("reassign", "改派", reason="属刑侦职责")
    with pytest.raises(Refusal, match="就是退件的单位"):
        matter.decide("reassign", "改派", reason="属刑侦职责", unit="经侦支队")
    state = matter.decide("reassign", "改派", reason="属刑侦职责", unit="刑侦支队")
    assert (state.unit, state.assignment, state.awaiting) == ("xingzhen", 2, ("sign.director:2",))
    assert (state.received_at, state.signatures) == (None, {})
    matter.at(3, 5).dispatched()
    state = matter.state
    assert (state.round, state.due_on) == (2, day(3, 10))  # five days from the second dispatch
    assert set(state.awaiting) == {"receipt:2", "call:2", "reply:2"}
    xingzhen = Actor("xingzhen.liaison", "联络员", "liaison", "xingzhen")
    acts.receive(matter.number, xingzhen)
    acts.read(matter.number, xingzhen)
    assert matter.replied().accepted().state.state == "report_review"
    data = matter.event("reassigned").data
    assert (data["from_unit"], data["unit"]) == ("jingzhen", "xingzhen")
    assert "改派通知" in [paper.kind for paper in matter.state.documents]


@pytest.mark.rule("T11b")
def test_t11b_left_where_it_is_the_old_date_stands(matter: Matter) -> None:
    acts.decline(matter.dispatched().number, matter.unit, NOT_OURS)
    matter.at(3, 3)
    state = matter.decide("reassign", "仍由原单位办理", reason="职责在经侦")
    assert (state.state, state.round, state.due_on) == ("dispatched", 1, day(3, 9))
    assert matter.event("kept").data["receipt_due_at"].startswith("2026-03-05T00:00")
    with pytest.raises(Refusal, match="退过一次"):
        acts.decline(matter.number, matter.unit, NOT_OURS)
    matter.at(3, 10)
    assert matter.state.state == "overdue"


@pytest.mark.rule("T11b", "A19")
@pytest.mark.parametrize("decided", [(3, 9, 9), (3, 16, 9)], ids=["on the last day", "long after it"])
def test_t11b_what_the_office_took_does_not_eat_up_the_units_time(
    matter: Matter, decided: tuple[int, int, int]
) -> None:
    declined(matter).at(*decided)
    matter.decide("reassign", "仍由原单位办理", reason="职责在经侦")
    assert matter.state.due_on == day(3, decided[1] + 2)  # the limit of a return, from the decision
    assert matter.state.timers["reply:1"] == matter.state.due_at


@pytest.mark.rule("T16", "T11b")
def test_t16_an_instruction_on_a_declined_matter_is_kept_and_its_date_waits_for_the_decision(matter: Matter) -> None:
    declined(matter)
    with pytest.raises(Refusal, match="由谁办理还没有决定"):
        matter.instruct(due_on=day(3, 20))
    assert matter.instruct().state == "declined"
    assert len(matter.state.instructions) == 1


# 五（五）催办、跟踪


@pytest.mark.rule("T13")
def test_5_5_two_reminders_before_the_deadline_none_after_it(matter: Matter) -> None:
    matter.in_progress()
    assert {kind: at.day for kind, at in matter.state.timers.items()} == {
        "reply:1": 10,
        "remind.1:1": 4,
        "remind.2:1": 9,
    }
    matter.at(3, 20)
    reminded = [event for event in matter.events if event.kind == "reminded"]
    assert [event.data["which"] for event in reminded] == [1, 2]
    assert all(event.at < matter.state.current.due_at for event in reminded)
    assert not any(event.data["sent"] for event in reminded)  # nobody looked before the deadline had passed


@pytest.mark.rule("T13")
def test_5_5_a_reply_ends_the_reminders_and_a_return_begins_them_afresh(matter: Matter) -> None:
    matter.in_progress().at(3, 4, 12).replied().at(3, 9, 12)
    assert matter.kinds().count("reminded") == 1
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充附件", due_on="2026-03-20")
    matter.at(3, 20, 12)
    reminded = [(event.round, event.data["which"]) for event in matter.events if event.kind == "reminded"]
    assert reminded == [(1, 1), (2, 1), (2, 2)]


@pytest.mark.rule("T13")
def test_5_5_a_deadline_moved_in_its_round_reminds_of_nothing_twice(matter: Matter) -> None:
    matter.dispatched().at(3, 4, 12)
    declined(matter)
    matter.decide("reassign", "仍由原单位办理", reason="职责在经侦", due_on="2026-03-16")
    matter.at(3, 16, 12)
    assert [event.data["which"] for event in matter.events if event.kind == "reminded"] == [1, 2]


@pytest.mark.rule("T13", "BC-5.5a")
def test_5_5_the_office_asks_by_urgency_and_puts_it_on_record(new_matter: Make) -> None:
    law = regulation.load("baicheng-2020")
    plain, pressing = new_matter().in_progress(), new_matter(urgency="特急").in_progress()
    evening = datetime(2026, 3, 3, 23, 59, tzinfo=clock.SHANGHAI)
    later = evening + timedelta(minutes=1)
    assert [tracking_due(one.state, law, evening) for one in (plain, pressing)] == [False, False]
    assert [tracking_due(one.state, law, later) for one in (plain, pressing)] == [False, True]
    pressing.at(3, 4)
    acts.track(pressing.number, pressing.clerk, "电话", "正在取证")
    acts.track(pressing.number, pressing.clerk, "电话", "正在取证")
    assert pressing.kinds().count("tracked") == 1
    assert not tracking_due(pressing.state, law, later)
    with pytest.raises(Refusal, match="跟踪方式"):
        acts.track(pressing.number, pressing.clerk, "托梦", "正在取证")


@pytest.mark.rule("SK-2.2", "T13")
def test_5_5_telephone_urges_are_on_record_and_keep_their_distance(matter: Matter) -> None:
    matter.in_progress().at(3, 5, 10)
    acts.urge_by_hand(matter.number, matter.clerk, "phone", "请抓紧报送。")
    acts.urge_by_hand(matter.number, matter.clerk, "phone", "请抓紧报送。")
    assert matter.kinds().count("urged_by_hand") == 1
    matter.at(3, 6, 9, 59)
    with pytest.raises(Refusal, match="2026-03-06 10:01 以后才能再催"):
        acts.urge_by_hand(matter.number, matter.clerk, "phone", "再次催办。")
    matter.at(3, 6, 10, 1)
    state = acts.urge_by_hand(matter.number, matter.clerk, "phone", "再次催办。")
    assert (state.state, state.due_on) == ("in_progress", day(3, 9))


@pytest.mark.rule("BC-5.5b")
def test_5_5_a_written_urge_only_after_the_deadline_and_a_second_one_has_its_own_number(matter: Matter) -> None:
    matter.in_progress().at(3, 6)
    with pytest.raises(Refusal, match="还没有到期"):
        acts.urge_by_hand(matter.number, matter.clerk, "document", "限期报送。")
    matter.at(3, 10)
    acts.urge(matter.number)
    matter.at(3, 11, 9, 1)
    acts.urge_by_hand(matter.number, matter.clerk, "document", "限期报送。")
    papers = [paper for paper in matter.state.documents if paper.kind == "督办事项催办通知书"]
    assert len(papers) == 2
    assert matter.event("urged_by_hand").data["reference"] == "白公催〔2026〕2号"


@pytest.mark.rule("SK-1.2")
def test_5_5_what_is_not_carried_out_names_the_obstacle_and_the_remedy(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    with pytest.raises(Refusal, match="未落实的原因"):
        acts.report_progress(matter.number, matter.unit, "正在取证", day(3, 18), "未落实")
    acts.report_progress(matter.number, matter.unit, "正在取证", day(3, 18), "未落实", "等待鉴定", "已函请加急")
    data = matter.event("progress_reported").data
    assert (data["carried_out"], data["obstacle"], data["remedy"]) == ("未落实", "等待鉴定", "已函请加急")


@pytest.mark.rule("BC-3.5", "SK-1.4")
def test_3_5_the_office_checks_what_is_really_done(matter: Matter) -> None:
    with pytest.raises(Refusal, match="尚未下达"):
        acts.inspect(matter.number, matter.clerk, "田雨欣", day(3, 2), "台账齐全")
    matter.in_progress()
    for _ in range(2):
        acts.inspect(matter.number, matter.clerk, "田雨欣", day(3, 2), "台账齐全")
    assert matter.kinds().count("inspected") == 1
    assert "检查记录" in [paper.kind for paper in matter.state.documents]


@pytest.mark.rule("T18", "T19")
def test_5_5_a_year_without_published_holidays_stops_no_clock(new_matter: Make) -> None:
    matter = new_matter(type="dated", due_on="2026-12-31").in_progress()
    matter.move(datetime(2027, 1, 1, 9, tzinfo=clock.SHANGHAI))
    state = acts.lapse(matter.number)
    assert (state.state, state.awaits("urge")) == ("overdue", "urge:1")


@pytest.mark.rule("T20")
def test_5_5_the_same_words_after_a_second_urge_are_an_answer_to_it(matter: Matter) -> None:
    matter.in_progress()
    for late, until in ((10, 12), (16, 18)):
        matter.at(3, late)
        acts.urge(matter.number)
        for _ in range(2):
            state = acts.report_progress(matter.number, matter.unit, "正在取证", day(3, until))
        assert (state.state, state.due_on) == ("in_progress", day(3, until))
    assert matter.kinds().count("progress_reported") == 2


# 五（六）延期备案


@pytest.mark.rule("A3", "T15")
def test_5_6_the_office_may_object_and_the_old_date_is_back(matter: Matter) -> None:
    matter.in_progress().extend(day(3, 16))
    state = acts.object_extension(matter.number, matter.clerk, "理由不充分")
    assert (state.round, state.due_on, state.current.due_on) == (2, day(3, 9), day(3, 9))
    acts.object_extension(matter.number, matter.clerk, "理由不充分")
    assert matter.kinds().count("extension_objected") == 1
    matter.at(3, 10)
    assert matter.state.state == "overdue"


@pytest.mark.rule("A3")
def test_5_6_once_the_old_date_has_passed_the_office_writes_another(matter: Matter) -> None:
    matter.in_progress().extend(day(3, 20))
    matter.at(3, 11)
    with pytest.raises(Refusal, match="原时限 2026-03-09 已过"):
        acts.object_extension(matter.number, matter.clerk, "理由不充分")
    with pytest.raises(Refusal, match="应早于备案的"):
        acts.object_extension(matter.number, matter.clerk, "理由不充分", day(3, 20))
    assert acts.object_extension(matter.number, matter.clerk, "理由不充分", day(3, 13)).due_on == day(3, 13)


@pytest.mark.rule("A3")
def test_5_6_there_must_be_something_to_object_to(matter: Matter) -> None:
    matter.in_progress()
    with pytest.raises(Refusal, match="没有可以不同意"):
        acts.object_extension(matter.number, matter.clerk, "理由不充分")


# 五（八）新批示、续办，撤销


@pytest.mark.rule("T33", "A20", "BC-5.8c")
def test_5_8_further_work_after_closing_is_a_new_round_without_deduction(matter: Matter) -> None:
    matter.in_progress().replied().closed()
    with pytest.raises(Refusal, match="续办要写明期限"):
        acts.further_work(matter.number, matter.clerk, "跟踪三个月")
    for _ in range(2):
        state = acts.further_work(matter.number, matter.clerk, "跟踪一个月", day(4, 3), "成果要巩固")
    assert (state.state, state.round, state.due_on, state.closed_at) == ("in_progress", 2, day(4, 3), None)
    assert matter.kinds().count("further_work") == 1
    assert "returned" not in matter.kinds()


@pytest.mark.rule("T33")
def test_5_8_no_further_work_while_the_unit_has_it_or_after_a_withdrawal(matter: Matter) -> None:
    matter.in_progress()
    with pytest.raises(Refusal, match="不必续办"):
        acts.further_work(matter.number, matter.clerk, "跟踪", day(4, 3))
    acts.withdraw(matter.number, matter.clerk, "事项取消", "顾长风")
    with pytest.raises(Refusal, match="已撤销"):
        acts.further_work(matter.number, matter.clerk, "跟踪", day(4, 3))


@pytest.mark.rule("T16")
def test_5_8_a_matter_without_a_limit_of_its_own_wants_a_date_when_it_is_taken_up_again(new_matter: Make) -> None:
    matter = new_matter(type="dated", due_on="2026-03-20").in_progress().replied().closed()
    with pytest.raises(Refusal, match="请写明新批示的办理期限"):
        matter.instruct()
    assert matter.instruct(due_on=day(3, 27)).due_on == day(3, 27)


@pytest.mark.rule("T36")
@pytest.mark.parametrize("where", ["signing", "declined", "in_progress", "replied", "report_up"])
def test_t36_withdrawn_wherever_it_stands_with_the_chiefs_word(new_matter: Make, where: str) -> None:
    matter = new_matter(source=1 if where == "report_up" else 4)
    if where == "declined":
        declined(matter)
    elif where != "signing":
        matter.in_progress()
    if where in ("replied", "report_up"):
        matter.replied()
    if where == "report_up":
        matter.accepted()
        matter.decide("approve.director", "同意上报")
        matter.decide("approve.chief", "批准办结")
        assert matter.state.state == "report_up"
    with pytest.raises(Refusal, match="须经局长"):
        acts.withdraw(matter.number, matter.clerk, "事项取消", "沈怀民")
    for _ in range(2):
        state = acts.withdraw(matter.number, matter.clerk, "事项取消", "顾长风")
    assert (state.state, state.timers, matter.kinds().count("withdrawn")) == ("cancelled", {}, 1)


# The same act again


@pytest.mark.rule("BC-5.5a", "T20")
def test_5_5_the_same_news_is_news_again_on_another_day(matter: Matter) -> None:
    matter.in_progress()

    def told(**more: str) -> int:
        acts.report_progress(matter.number, matter.unit, "仍在等待鉴定", **more)
        return matter.kinds().count("progress_reported")

    assert [told(), told()] == [1, 1]
    assert told(carried_out="未落实", obstacle="鉴定未出", remedy="催请加急") == 2
    matter.at(3, 6)
    assert [told(), told()] == [3, 3]


@pytest.mark.rule("T36")
def test_t36_a_withdrawal_stands_as_it_was_recorded(matter: Matter) -> None:
    matter.in_progress()
    for _ in range(2):
        acts.withdraw(matter.number, matter.clerk, "事项并入另一件", "顾长风")
    assert matter.kinds().count("withdrawn") == 1
    with pytest.raises(Refusal, match="此前已撤销"):
        acts.withdraw(matter.number, matter.clerk, "别的原因", "顾长风")
    assert matter.event("withdrawn").data["reason"] == "事项并入另一件"


@pytest.mark.rule("A26", "BC-5.5c")
@pytest.mark.parametrize(("leader", "to"), [("祁望山", "祁望山"), ("", "局长")], ids=["instructed", "key work"])
def test_5_5_the_account_goes_to_who_instructed_else_to_the_signing_chief(
    new_matter: Make, leader: str, to: str
) -> None:
    more = {"instruction_by": leader} if leader else dict.fromkeys(("instruction_on", "instruction_text"), "")
    said = {"source": 6, "instruction_by": "", "basis_document": "工作要点"} | more
    matter = new_matter(**said).in_progress().at(3, 10)
    acts.urge(matter.number)
    matter.at(3, 13)
    acts.demand_account(matter.number)
    assert to in matter.event("demanded").data["to"]
    assert ("局长" in matter.event("demanded").data["to"]) is not bool(leader)
