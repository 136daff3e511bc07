"""白城 2020, chapter 五: what the procedure does with a matter, clause by clause, in a ledger whose clock we move."""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from matters import FORM, Matter, person

from duban import acts, included, ledger
from duban.errors import Refusal

CLAUSE_URGE = "五（五）"


@pytest.mark.rule("BC-5.1a", "T1", "T6", "T7", "A23")
def test_5_1_registration_gives_number_reference_and_the_first_desk(matter: Matter) -> None:
    state = matter.state
    assert (state.number, state.reference) == ("BC-2026-0001", "白公督〔2026〕1号")
    assert (state.state, state.awaiting) == ("director_review", ("sign.director:1",))
    assert matter.event("registered").clause == "五（一）"


@pytest.mark.rule("BC-5.2", "BC-1.1", "SK-1.1", "T8", "T9", "R-CHIEF", "R-OFFDIR")
def test_5_2_the_director_reads_the_words_then_the_chief_signs(matter: Matter) -> None:
    matter.decide("sign.director", "同意")
    assert matter.state.state == "signing"
    matter.decide("sign.chief", "签发")
    assert (matter.state.state, matter.state.awaiting) == ("issued", ("deliver:1",))


@pytest.mark.rule("BC-5.2", "T8", "T9")
def test_5_2_a_desk_may_send_the_notice_back_and_it_starts_over(matter: Matter) -> None:
    matter.decide("sign.director", "同意")
    matter.decide("sign.chief", "退改", opinion="要求写具体些")
    assert (matter.state.state, matter.state.sent_back) == ("registered", "要求写具体些")
    matter.decide("revise", "重新送审", requirement="逐户核查。")
    assert (matter.state.awaiting, matter.state.form["requirement"]) == (("sign.director:2",), "逐户核查。")


@pytest.mark.rule("BC-5.2", "T9")
def test_5_2_the_chief_may_refuse(matter: Matter) -> None:
    matter.decide("sign.director", "同意")
    matter.decide("sign.chief", "不批", opinion="已另行安排")
    assert (matter.state.state, matter.state.awaiting) == ("cancelled", ("file:0",))


@pytest.mark.rule("BC-5.2", "T9")
@pytest.mark.parametrize("option", ["退改", "不批"])
def test_5_2_who_does_not_sign_says_why(matter: Matter, option: str) -> None:
    matter.decide("sign.director", "同意")
    with pytest.raises(Refusal, match="理由"):
        matter.decide("sign.chief", option)
    assert matter.state.awaiting == ("sign.chief:1",)


@pytest.mark.rule("BC-5.2", "BC-5.3a", "T10")
def test_5_3_not_delivered_before_the_chief_has_signed(matter: Matter) -> None:
    matter.decide("sign.director", "同意")
    assert acts.deliver(matter.number).state == "signing"
    assert "dispatched" not in matter.kinds()


@pytest.mark.rule("BC-5.3b", "BC-4.1", "T10", "N5")
def test_5_3_an_instruction_is_announced_by_phone_and_collected_within_one_working_day(matter: Matter) -> None:
    state = matter.dispatched().state
    assert set(state.awaiting) == {"receipt:1", "call:1", "reply:1"}
    assert matter.event("dispatched").data["receipt_due_at"].startswith("2026-03-04T00:00")
    matter.decide("call", "已电话通知", callee="联络员")
    assert [paper.kind for paper in matter.state.documents] == ["领导批示督办通知单", "电话通知记录"]


@pytest.mark.rule("BC-4.1", "A1", "T10")
def test_5_3_key_work_takes_the_other_notice_and_no_phone_call(new_matter: Callable[..., Matter]) -> None:
    matter = new_matter(source=6, instruction_by="", instruction_text="", instruction_on="").dispatched()
    assert matter.state.awaits("call") is None
    assert [paper.kind for paper in matter.state.documents] == ["重点工作督办通知单"]


@pytest.mark.rule("BC-5.3b", "T11")
def test_5_3_a_late_receipt_is_flagged_and_still_possible(matter: Matter) -> None:
    matter.dispatched().at(3, 4, 0, 1)
    assert matter.state.flags == ("late_receipt",)
    assert acts.receive(matter.number, matter.unit).state == "received"


@pytest.mark.rule("BC-5.4a", "T12", "N6", "SK-3.4")
def test_5_4_the_head_reads_within_one_working_day_of_receipt(matter: Matter) -> None:
    matter.dispatched()
    acts.receive(matter.number, matter.unit)
    matter.at(3, 4, 0, 0)
    assert matter.state.flags == ("late_reading",)
    assert matter.event("reading_lapsed").clause == "五（四）"


@pytest.mark.rule("A2", "T11")
def test_5_4_receipt_does_not_move_the_deadline(matter: Matter) -> None:
    before = matter.dispatched().state.due_on
    matter.at(3, 5)
    assert acts.receive(matter.number, matter.unit).due_on == before == date(2026, 3, 9)  # 03-07 is a Saturday


@pytest.mark.rule("A2")
def test_a2_where_a_regulation_counts_from_receipt_the_receipt_moves_the_deadline(
    new_matter: Callable[..., Matter], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    include = shutil.copytree(included.path(), tmp_path / "include")
    rules = include / "regulations" / "baicheng-2020.md"
    rules.write_text(rules.read_text(encoding="utf-8").replace("起点: 下达", "起点: 领收"), encoding="utf-8")
    monkeypatch.setenv("DUBAN_INCLUDE", str(include))
    matter = new_matter().dispatched().at(3, 4)
    state = acts.receive(matter.number, matter.unit)
    assert (state.due_on, state.timers["reply:1"]) == (date(2026, 3, 9), state.due_at)
    late = new_matter().dispatched().at(3, 6)
    assert acts.receive(late.number, late.unit).due_on == date(2026, 3, 11)


@pytest.mark.rule("T18", "BC-5.5b", "A15")
def test_5_5_nothing_is_late_at_the_last_moment_and_everything_right_after_it(matter: Matter) -> None:
    matter.in_progress().at(3, 9, 23, 59)
    assert matter.state.state == "in_progress"
    matter.at(3, 10, 0, 0)
    assert matter.state.state == "overdue"
    assert matter.event("reply_lapsed").at == matter.state.due_at


@pytest.mark.rule("BC-5.5b", "BC-5.5c", "T19", "T21", "A4", "N7")
def test_5_5_urge_then_account_after_two_working_days(matter: Matter) -> None:
    matter.in_progress().at(3, 10, 9)
    state = acts.urge(matter.number)
    assert (state.state, state.timers["urged_reply:1"].isoformat()) == ("urged", "2026-03-13T00:00:00+08:00")
    matter.at(3, 12, 23, 59)
    assert matter.state.state == "urged"
    matter.at(3, 13, 0, 0)
    assert (matter.state.state, [case.clause for case in matter.state.cases]) == ("account", [CLAUSE_URGE])
    acts.demand_account(matter.number)
    assert [paper.kind for paper in matter.state.documents][-2:] == ["书面情况说明通知", "问责登记表"]
    assert matter.event("demanded").data["to"] == ["顾长风", "办公室"]


@pytest.mark.rule("BC-5.5b", "T19")
def test_5_5_the_urge_waits_for_the_next_working_day(matter: Matter) -> None:
    matter.in_progress()
    matter.extend(date(2026, 4, 3))  # a Friday before the holiday of 4 to 6 April
    matter.at(4, 4, 9)
    assert (matter.state.state, matter.state.awaiting) == ("overdue", ("call:1", "urge_day:2"))
    assert acts.urge(matter.number).state == "overdue"
    matter.at(4, 7, 0, 0)
    assert acts.urge(matter.number).state == "urged"


@pytest.mark.rule("BC-5.5c", "T20")
def test_5_5_a_result_stops_the_clock_of_the_urge(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    matter.at(3, 12).replied().at(3, 20)
    assert (matter.state.state, matter.state.cases) == ("replied", ())


@pytest.mark.rule("BC-5.5c", "T20")
def test_5_5_news_of_progress_stops_it_too_and_names_a_new_date(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    with pytest.raises(Refusal, match="预计办结"):
        acts.report_progress(matter.number, matter.unit, "正在取证")
    state = acts.report_progress(matter.number, matter.unit, "正在取证", date(2026, 3, 18))
    assert (state.state, state.round, state.due_on) == ("in_progress", 2, date(2026, 3, 18))
    matter.at(3, 16)
    assert matter.state.cases == ()


@pytest.mark.rule("BC-5.5c", "T22")
def test_5_5_after_the_account_the_office_sets_a_new_date_and_the_case_stays(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    matter.at(3, 13)
    acts.demand_account(matter.number)
    acts.account(matter.number, matter.unit, "因人员抽调未能按期办理。", "单位主要领导")
    with pytest.raises(Refusal, match="新的办理时限"):
        matter.decide("new_date", "确定新时限")
    state = matter.decide("new_date", "确定新时限", due_on="2026-03-20")
    assert (state.state, state.round, state.due_on) == ("in_progress", 2, date(2026, 3, 20))
    assert [case.clause for case in state.cases] == [CLAUSE_URGE]


@pytest.mark.rule("T17", "BC-7.1.3")
def test_5_5_the_late_reply_itself_may_come_instead_of_the_account(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    matter.at(3, 13).replied()
    assert (matter.state.state, matter.state.awaits("account"), matter.state.awaits("demand")) == (
        "replied",
        None,
        None,
    )
    assert matter.event("replied").data["on_time"] is False


@pytest.mark.rule("BC-5.6b", "A3", "T15")
def test_5_6_filed_before_the_deadline_an_extension_moves_it(matter: Matter) -> None:
    matter.in_progress().at(3, 9, 23, 59)
    state = matter.extend(date(2026, 3, 16))
    assert (state.round, state.due_on, state.current.opened_by) == (2, date(2026, 3, 16), "extended")
    matter.at(3, 12)
    assert matter.state.state == "in_progress"


@pytest.mark.rule("A3", "T15x")
def test_5_6_filed_too_late_it_is_kept_and_changes_nothing(matter: Matter) -> None:
    matter.in_progress().at(3, 10, 0, 0)
    state = matter.extend(date(2026, 3, 16))
    assert (state.state, state.round, state.current.lapsed) == ("overdue", 1, True)
    assert matter.event("extended").data["effective"] is False


@pytest.mark.rule("T15x", "T20")
def test_5_6_filed_after_the_urge_it_is_news_of_progress(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    state = matter.extend(date(2026, 3, 16))
    assert (state.state, state.round, state.rounds[0].lapsed) == ("in_progress", 2, True)


@pytest.mark.rule("BC-5.4c", "BC-5.6b", "T15")
@pytest.mark.parametrize("missing", ["reason", "plan", "signed_by"])
def test_5_6_an_extension_needs_reason_next_steps_and_signature(matter: Matter, missing: str) -> None:
    parts = {"reason": "等待鉴定", "plan": "收到后结案", "signed_by": "单位主要领导"} | {missing: " "}
    with pytest.raises(Refusal, match="没有填写"):
        acts.extend(matter.in_progress().number, matter.unit, until=date(2026, 3, 16), **parts)
    assert matter.state.round == 1


@pytest.mark.rule("BC-5.7", "A8", "A19", "T23")
def test_5_7_a_return_for_supplement_opens_a_round_of_two_working_days_and_does_not_score(matter: Matter) -> None:
    matter.in_progress().at(3, 5).replied()
    state = matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充附件")
    assert (state.state, state.round, state.due_on) == ("returned", 2, date(2026, 3, 9))
    assert matter.event("returned").data["scores"] is False


@pytest.mark.rule("BC-7.1.1", "A8", "A18", "T23", "T24")
@pytest.mark.parametrize(
    ("option", "level"), [("退回补办", "office"), ("分管领导批示重办", "deputy")], ids=["office", "deputy"]
)
@pytest.mark.rule("R-DEPUTY")
def test_7_1_1_a_return_for_perfunctory_work_scores(matter: Matter, option: str, level: str) -> None:
    matter.in_progress().replied()
    matter.decide("review.office", option, reason="敷衍塞责", requirement="重新核查")
    data = matter.event("returned").data
    assert (data["level"], data["reason"], data["scores"]) == (level, "perfunctory", True)


@pytest.mark.rule("BC-7.1.1", "T25")
def test_7_1_1_the_chief_returns_the_report(matter: Matter) -> None:
    matter.in_progress().replied().accepted()
    matter.decide("approve.director", "同意上报")
    state = matter.decide("approve.chief", "批示重新办理", reason="弄虚作假", requirement="重新查报")
    assert (state.state, state.round, matter.event("returned").data["level"]) == ("returned", 2, "chief")


@pytest.mark.rule("BC-5.7", "T23")
def test_7_1_1_a_return_needs_its_reason_and_what_is_wanted(matter: Matter) -> None:
    matter.in_progress().replied()
    with pytest.raises(Refusal, match="退回理由"):
        matter.decide("review.office", "退回补办", requirement="补充")
    with pytest.raises(Refusal, match="补办要求"):
        matter.decide("review.office", "退回补办", reason="补充修改")
    assert matter.state.state == "replied"


@pytest.mark.rule("T26o", "A10")
def test_5_7_a_returned_reply_that_is_late_again_is_overdue_again(matter: Matter) -> None:
    matter.in_progress().at(3, 5).replied()
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充附件")
    matter.at(3, 10)
    assert (matter.state.state, matter.state.round) == ("overdue", 2)


@pytest.mark.rule("BC-5.8a", "T27", "T28", "T29", "T31", "T35")
def test_5_8_office_director_chief_then_closed_and_marked_for_the_file(matter: Matter) -> None:
    matter.in_progress().replied().closed()
    assert (matter.state.state, matter.state.awaiting, matter.state.filed_at is not None) == ("closed", (), True)
    assert matter.kinds()[-6:] == ["replied", "accepted", "reported", "approved", "approved", "filed"]
    assert [paper.kind for paper in matter.state.documents][-1] == "办理报告"


@pytest.mark.rule("BC-5.8c", "A20", "T33")
def test_5_8_further_work_is_a_round_without_deduction(matter: Matter) -> None:
    matter.in_progress().replied()
    with pytest.raises(Refusal, match="续办要写明期限"):
        matter.decide("review.office", "续办", requirement="跟踪三个月")
    state = matter.decide("review.office", "续办", requirement="跟踪一个月", due_on="2026-04-03")
    assert (state.state, state.round, state.due_on) == ("in_progress", 2, date(2026, 4, 3))
    assert "returned" not in matter.kinds()


@pytest.mark.rule("BC-5.8e", "T16")
@pytest.mark.parametrize("stage", ["in_progress", "replied", "report_review", "chief_approval"])
def test_5_8_a_new_instruction_comes_at_any_moment(matter: Matter, stage: str) -> None:
    matter.in_progress()
    if stage != "in_progress":
        matter.replied()
    if stage in ("report_review", "chief_approval"):
        matter.accepted()
    if stage == "chief_approval":
        matter.decide("approve.director", "同意上报")
    assert matter.state.state == stage
    state = matter.instruct(due_on=date(2026, 3, 20))
    assert (state.state, state.round, state.due_on) == ("in_progress", 2, date(2026, 3, 20))
    assert state.awaiting == ("call:1", "reply:2")


@pytest.mark.rule("BC-5.8e", "T16")
def test_5_8_without_a_date_the_old_one_stays_unless_it_has_passed(matter: Matter) -> None:
    assert matter.in_progress().instruct().due_on == date(2026, 3, 9)
    matter.at(3, 10)
    with pytest.raises(Refusal, match="时限 2026-03-09 已过"):
        matter.instruct("再催一次。")


@pytest.mark.rule("BC-5.8e", "T16")
def test_5_8_a_closed_matter_is_taken_up_again_with_the_limit_of_its_type(matter: Matter) -> None:
    matter.in_progress().replied().closed()
    state = matter.instruct("再查一遍。")
    assert (state.state, state.round, state.due_on, state.closed_at) == ("in_progress", 2, date(2026, 3, 9), None)


@pytest.mark.rule("BC-5.8e", "T16")
def test_5_8_before_dispatch_an_instruction_is_kept_without_a_round(matter: Matter) -> None:
    state = matter.instruct()
    assert (state.state, state.round, len(state.instructions)) == ("director_review", 0, 1)


@pytest.mark.rule("T16")
def test_5_8_a_date_that_cannot_be_kept_is_not_swallowed(matter: Matter) -> None:
    with pytest.raises(Refusal, match="尚未下达，期限要写在通知单上"):
        matter.instruct("抓紧办理。", due_on=date(2026, 3, 20))
    matter.in_progress().instruct("抓紧办理。")
    with pytest.raises(Refusal, match="已登记过这条批示，期限不同"):
        matter.instruct("抓紧办理。", due_on=date(2026, 3, 20))
    assert matter.kinds().count("instructed") == 1


@pytest.mark.rule("BC-6.1", "A2", "A15", "N1")
def test_6_1_five_calendar_days_from_the_day_after_dispatch_rolled_to_a_working_day(matter: Matter) -> None:
    data = matter.dispatched().event("dispatched").data
    assert (data["due_on"], data["basis"]) == ("2026-03-09", "六（一）")
    assert data["rolled"]


@pytest.mark.rule("BC-8.2", "T27", "SK-2.3")
def test_8_2_a_breach_of_discipline_wants_its_section(new_matter: Callable[..., Matter]) -> None:
    matter = new_matter(violation=True).in_progress().replied()
    with pytest.raises(Refusal, match="处理意见或整改措施"):
        matter.decide("review.office", "审核合格")
    assert matter.decide("review.office", "审核合格", has_violation=True, summary="已核查。").state == "accepted"


@pytest.mark.rule("BC-8.4")
def test_8_4_the_content_of_a_secret_stays_on_paper(new_matter: Callable[..., Matter]) -> None:
    with pytest.raises(Refusal, match="请清空“办理要求、批示内容”"):
        new_matter(mark="秘密★1年", paper="保密室3号柜")
    empty = {"requirement": "", "instruction_text": ""}
    with pytest.raises(Refusal, match="纸质件存放处"):
        new_matter(mark="秘密★1年", **empty)
    matter = new_matter(mark="秘密★1年", paper="保密室3号柜", title="2026年第7号涉密件", **empty)
    question = acts.question(matter.state, "sign.director:1")
    assert "2026年第7号涉密件" not in question.subject + question.body
    assert "保密室3号柜" in question.body
    assert matter.dispatched().state.documents


@pytest.mark.rule("BC-8.4")
def test_8_4_who_reads_a_marked_matter_is_entered(new_matter: Callable[..., Matter]) -> None:
    plain, marked = new_matter(), new_matter(mark="内部")
    for matter in (plain, marked, marked):
        acts.consult(matter.number, matter.director)
    assert "consulted" not in plain.kinds()
    assert [event.actor.name for event in marked.events if event.kind == "consulted"] == ["沈怀民"] * 2
    assert marked.event("consulted").clause == "八（四）"


@pytest.mark.rule("T36")
def test_t36_withdrawal_needs_the_chief(matter: Matter) -> None:
    matter.in_progress()
    with pytest.raises(Refusal, match=r"须经.*批准"):
        acts.withdraw(matter.number, matter.clerk, "事项取消", "沈怀民")
    state = acts.withdraw(matter.number, matter.clerk, "事项取消", "顾长风")
    assert (state.state, state.awaiting, state.timers) == ("cancelled", ("file:1",), {})


@pytest.mark.rule("BC-3.3")
def test_3_3_nothing_is_closed_without_a_reply_or_a_withdrawal(matter: Matter) -> None:
    matter.in_progress()
    for key in ("approve.chief:1", "approve.director:1", "review.office:1"):
        with pytest.raises(Refusal):
            acts.decide(matter.number, key, "批准办结", {}, matter.chief)
    assert not matter.state.ended


@pytest.mark.rule("T26")
def test_everything_that_happened_names_a_clause_of_the_regulation(matter: Matter) -> None:
    from duban import regulation

    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    matter.replied()
    matter.decide("review.office", "退回补办", reason="敷衍塞责", requirement="重新核查")
    matter.replied("再报").closed()
    law = regulation.load(matter.state.regulation)
    assert all(law.cite(event.clause) for event in matter.events)


def test_the_ledger_verifies_after_all_that(matter: Matter, later: Callable[[timedelta], None]) -> None:
    matter.in_progress().replied().closed()
    later(timedelta(days=30))
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
    assert FORM["title"] == matter.state.title
    assert person("chief").name == "顾长风"
    assert isinstance(matter.state.registered_at, datetime)
