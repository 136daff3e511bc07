"""The Baicheng rule, clause by clause: what stands in the file is what the rule says (rules.md §2, §3)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from duban import deadlines, regulation
from duban.errors import Refusal

FRIDAY = datetime(2026, 3, 6, 10, tzinfo=deadlines.SHANGHAI)


@pytest.fixture(scope="module")
def law() -> regulation.Regulation:
    return regulation.load("baicheng-2020")


def posts(desks: tuple[regulation.Desk, ...]) -> list[tuple[str, str]]:
    return [(desk.post, desk.act) for desk in desks]


def test_every_clause_is_there_in_its_order(law: regulation.Regulation) -> None:
    chapters = {"一": 3, "二": 7, "三": 5, "四": 4, "五": 10, "六": 4, "七": 2, "八": 4}
    numerals = "一二三四五六七八九十"
    expected = []
    for chapter, sections in chapters.items():
        expected.append(chapter)
        for n in range(sections):
            expected.append(f"{chapter}（{numerals[n]}）")
            if (chapter, n) == ("七", 0):
                expected += [f"七（一）{item}" for item in range(1, 6)]
    assert [clause.number for clause in law.clauses] == [*expected, "附", "附（一）"]


def test_every_clause_has_a_title_and_words_of_its_own(law: regulation.Regulation) -> None:
    for clause in law.clauses:
        assert clause.title, clause.number
        if "（" in clause.number:
            assert clause.text, clause.number


def test_in_force_since_it_was_issued(law: regulation.Regulation) -> None:
    assert law.in_force(date(2020, 6, 5))
    assert not law.in_force(date(2020, 6, 4))
    assert law.valid_to is None


@pytest.mark.rule("BC-1.3", "BC-3.2", "N8")
def test_1_3_and_3_2_a_unit_names_a_head_a_leader_and_a_liaison(law: regulation.Regulation) -> None:
    assert (law.duty.heads, law.duty.leaders, law.duty.liaisons) == (1, 1, 1)
    assert law.duty.basis.clause == "三（二）"


@pytest.mark.rule("BC-2.1", "BC-2.2", "BC-2.3", "BC-2.4", "BC-2.5", "BC-2.6", "BC-2.7")
def test_2_seven_sources(law: regulation.Regulation) -> None:
    assert list(law.sources) == [1, 2, 3, 4, 5, 6, 7]
    assert law.sources[6].basis.clause == "二（六）"
    assert law.sources[6].stages


@pytest.mark.rule("BC-2.1", "BC-2.2", "BC-2.4", "BC-2.5", "BC-2.6", "BC-2.7", "BC-4.1", "A1")
@pytest.mark.parametrize(
    ("source", "leader", "document"),
    [
        (1, "省厅厅长", "领导批示督办通知单"),
        (2, None, "重点工作督办通知单"),
        (2, "省厅厅长", "领导批示督办通知单"),
        (4, "分管领导", "领导批示督办通知单"),
        (5, "局长", "领导批示督办通知单"),
        (6, None, "重点工作督办通知单"),
        (7, None, "重点工作督办通知单"),
        (7, "局长", "领导批示督办通知单"),
    ],
)
def test_2_and_4_1_a_named_leader_decides_the_notice(
    law: regulation.Regulation, source: int, leader: str | None, document: str
) -> None:
    _kind, notice = law.notice_for(source, leader)
    assert notice.document == document


def test_2_an_eighth_source_is_refused(law: regulation.Regulation) -> None:
    with pytest.raises(Refusal, match="第8项"):
        law.notice_for(8, None)


@pytest.mark.rule("BC-4.1", "BC-4.2", "BC-4.3", "BC-4.4", "ZW-3.1", "A16")
def test_4_four_modes(law: regulation.Regulation) -> None:
    assert [mode for mode, rule in law.modes.items() if not rule.basis.clause.startswith("附")] == [
        "written",
        "phone",
        "onsite",
        "joint",
    ]
    assert not law.modes["phone"].signed
    assert law.modes["phone"].document == "电话督办记录"
    assert law.modes["onsite"].requires == "chief_order"
    assert law.modes["joint"].partners == ("督察", "纪委", "政治部", "法制")


@pytest.mark.rule("BC-5.1a", "BC-5.1b", "A17")
def test_5_1_registration_needs_unit_limit_requirement_and_number(law: regulation.Regulation) -> None:
    assert {"unit", "limit", "requirement", "reference"} <= set(law.registration.requires)
    assert law.registration.proposal == "督办事项呈批表"
    assert law.registration.proposal_desks is not None
    assert [post for post, _ in posts(law.registration.proposal_desks)] == ["deputy", "chief"]
    assert law.registration.record_instead


@pytest.mark.rule("BC-5.2")
def test_5_2_director_then_chief(law: regulation.Regulation) -> None:
    assert posts(law.sign_chain.desks) == [("director", "文字审核"), ("chief", "审定签发")]
    assert law.sign_chain.basis == regulation.Basis("五（二）", "送审")


@pytest.mark.rule("BC-5.3a", "A14")
def test_5_3_dispatch_on_the_same_working_day(law: regulation.Regulation) -> None:
    assert deadlines.due(law.dispatch.limit, FRIDAY, law).on == date(2026, 3, 6)
    after_close = deadlines.due(law.dispatch.limit, FRIDAY.replace(hour=18), law)
    assert after_close.on == date(2026, 3, 9)
    assert after_close.rolled is not None
    assert "下班" in after_close.rolled


@pytest.mark.rule("BC-5.3b", "N5")
def test_5_3_receipt_within_one_working_day_of_an_instruction(law: regulation.Regulation) -> None:
    assert law.receipt.limit == regulation.Limit(1, "工作日")
    assert law.receipt.notices == law.phone_notice.notices == ("instruction",)
    assert deadlines.due(law.receipt.limit, FRIDAY, law).on == date(2026, 3, 9)


@pytest.mark.rule("BC-5.4a", "N6")
def test_5_4_the_head_reads_within_one_working_day(law: regulation.Regulation) -> None:
    assert law.reading.limit == regulation.Limit(1, "工作日")
    assert law.reading.post == "unit_head"
    assert law.reading.basis.clause == "五（四）"


@pytest.mark.rule("BC-5.5b", "BC-5.5c", "N7", "A4", "A26")
def test_5_5_urged_by_document_then_two_working_days_then_account_and_accountability(
    law: regulation.Regulation,
) -> None:
    assert law.urge.document == "督办事项催办通知书"
    assert law.urge.issue == regulation.Limit(1, "工作日")
    assert law.urge.grace == regulation.Limit(2, "工作日")
    assert law.urge.grace.basis.clause == "五（五）"
    assert law.urge.stopped_by == ("result", "progress")
    assert law.urge.then == ("account", "accountability")
    assert law.urge.account_to == ("instructing_leader", "office")
    assert law.urge.without_leader == "chief"


@pytest.mark.rule("BC-5.5a")
def test_5_5_the_office_asks_more_often_the_more_urgent_it_is(law: regulation.Regulation) -> None:
    days = [law.tracking.intervals[urgency].number for urgency in ("most_urgent", "urgent", "ordinary")]
    assert days == sorted(set(days))


@pytest.mark.rule("BC-5.6a")
def test_5_6_the_reply_is_signed_sealed_and_comes_with_a_file(law: regulation.Regulation) -> None:
    assert law.reply.document == "办结报告"
    assert law.reply.signers == ("unit_head",)
    assert law.reply.seal
    assert law.reply.copies == "both"


@pytest.mark.rule("BC-5.6b", "BC-5.4c", "A3")
def test_5_6_an_extension_is_put_on_record_and_only_before_the_limit(law: regulation.Regulation) -> None:
    assert law.extension.mode == "record"
    assert law.extension.only_before_due
    assert law.extension.requires == ("reason", "next_steps", "new_date", "head_signature")
    assert law.extension.max_times is None
    assert law.extension.max_length is None
    assert law.extension.desks is None


@pytest.mark.rule("BC-5.7", "A18", "A19")
def test_5_7_review_is_substantive_and_a_return_takes_two_working_days(law: regulation.Regulation) -> None:
    assert law.review.depth == "substantive"
    assert law.returns.limit == regulation.Limit(2, "工作日")
    assert list(law.returns.levels) == ["office", "deputy", "chief"]


@pytest.mark.rule("BC-5.8a")
def test_5_8_director_then_chief_approve_the_report(law: regulation.Regulation) -> None:
    assert law.close_chain.document == "办理报告"
    assert [post for post, _ in posts(law.close_chain.desks)] == ["director", "chief"]


@pytest.mark.rule("BC-5.8c", "A20")
def test_5_8_further_work_is_no_return_and_takes_no_points(law: regulation.Regulation) -> None:
    assert not law.further_work.scores
    assert law.further_work.limit is None


@pytest.mark.rule("BC-5.8e")
def test_5_8_a_new_instruction_leaves_the_limit_unless_it_states_one(law: regulation.Regulation) -> None:
    assert law.instruction.until == "filed"
    assert law.instruction.unstated == "unchanged"
    assert law.instruction.reopened == "type"


@pytest.mark.rule("BC-5.8d")
def test_5_8_each_stage_has_its_own_limit(law: regulation.Regulation) -> None:
    assert law.stages.own_limits


@pytest.mark.rule("BC-5.9", "N18")
def test_5_9_both_office_and_unit_file_at_the_end_of_the_year(law: regulation.Regulation) -> None:
    assert law.archive.when == "year_end"
    assert law.archive.by == ("office", "unit")
    assert law.archive.requires == ("notice", "reply", "report")


@pytest.mark.rule("BC-5.10d", "N9", "A5")
def test_5_10_three_criticisms_in_a_calendar_year(law: regulation.Regulation) -> None:
    assert law.bulletin.limit_times == 3
    assert law.bulletin.period == "calendar_year"
    assert law.bulletin.counted == "criticism"
    assert law.bulletin.then == ("accountability",)


@pytest.mark.rule("BC-6.1", "N1")
def test_6_1_general_matters_take_five_days(law: regulation.Regulation) -> None:
    rule = law.type("general")
    assert rule.limit == regulation.Limit(5, "日")
    assert rule.basis == regulation.Basis("六（一）", "一般督办事项")
    assert deadlines.due(rule.limit, FRIDAY, law).on == date(2026, 3, 11)


@pytest.mark.rule("BC-6.2", "N2")
def test_6_2_complex_matters_take_fifteen_days(law: regulation.Regulation) -> None:
    assert law.type("complex").limit == regulation.Limit(15, "日")
    assert deadlines.due(law.type("complex").limit, FRIDAY, law).on == date(2026, 3, 23)  # the 21st is a Saturday


@pytest.mark.rule("BC-6.3", "N3")
def test_6_3_dated_matters_take_the_date_that_is_stated(law: regulation.Regulation) -> None:
    assert law.type("dated").stated
    found = deadlines.stated(date(2026, 3, 14), law, today=FRIDAY.date())
    assert found.on == date(2026, 3, 14)  # a Saturday: as written
    assert found.basis.clause == "六（三）"


@pytest.mark.rule("BC-6.4", "N4", "A13")
def test_6_4_routine_matters_report_every_friday_or_the_working_day_before(law: regulation.Regulation) -> None:
    cadence = law.type("routine").cadence
    assert cadence is not None
    assert cadence.every == "week"
    assert not law.type("routine").stated
    assert deadlines.next_report(cadence, date(2026, 3, 6), law).on == date(2026, 3, 13)
    labour_day = deadlines.next_report(cadence, date(2026, 4, 24), law)
    assert labour_day.on == date(2026, 4, 30)  # Friday 1 May is a holiday
    assert labour_day.basis.clause == "六（四）"


def test_6_a_type_that_is_not_written_is_refused(law: regulation.Regulation) -> None:
    with pytest.raises(Refusal, match="decomposed"):
        law.type("decomposed")


@pytest.mark.rule("BC-7.0", "N10", "N17", "A6", "A7")
def test_7_everybody_starts_at_eighty_and_it_is_published_monthly(law: regulation.Regulation) -> None:
    assert law.scoring.method == "points"
    assert law.scoring.base == law.scoring.base_with_items == Decimal(80)
    assert law.scoring.floor_shown == 0
    assert law.scoring.cap is None
    assert law.scoring.published == "month"
    assert law.scoring.basis.clause == "七"


@pytest.mark.rule(
    "BC-7.1.1",
    "BC-7.1.2",
    "BC-7.1.3",
    "BC-7.1.4",
    "BC-7.1.5",
    "BC-7.2.1",
    "BC-7.2.2",
    "BC-7.2.3",
    "N11",
    "N12",
    "N13",
    "N14",
    "N15",
    "N16",
)
@pytest.mark.parametrize(
    ("event", "points", "clause"),
    [
        ("returned_by_office", "-0.5", "七（一）1"),
        ("returned_by_deputy", "-1", "七（一）1"),
        ("returned_by_chief", "-2", "七（一）1"),
        ("format_fault", "-0.5", "七（一）2"),
        ("unsigned", "-0.5", "七（一）2"),
        ("wrong_subject", "-1", "七（一）2"),
        ("late_reply", "-2", "七（一）3"),
        ("no_visit", "-1", "七（一）4"),
        ("visit_differs", "-2", "七（一）4"),
        ("criticised_above", "-5", "七（一）5"),
        ("praised_in_bulletin", "0.5", "七（二）"),
        ("praised_by_chief", "2", "七（二）"),
        ("praised_above", "3", "七（二）"),
    ],
)
def test_7_points(law: regulation.Regulation, event: str, points: str, clause: str) -> None:
    item = law.score_items[event]
    assert item.points == Decimal(points)
    assert item.basis.clause == clause


def test_7_no_other_points(law: regulation.Regulation) -> None:
    assert len(law.score_items) == 13


@pytest.mark.rule("BC-7.1.1", "A8")
@pytest.mark.parametrize("level", ["office", "deputy", "chief"])
def test_7_1_1_only_falsified_or_perfunctory_work_takes_points(law: regulation.Regulation, level: str) -> None:
    assert law.score_of_return(level, "falsified") is law.score_items[f"returned_by_{level}"]
    assert law.score_of_return(level, "perfunctory") is not None
    assert law.score_of_return(level, "supplement") is None
    assert law.returns.scores("falsified")
    assert not law.returns.scores("redo")


@pytest.mark.rule("BC-7.1.2", "A9")
def test_7_1_2_two_format_faults_of_one_reply_count_once(law: regulation.Regulation) -> None:
    faults = [law.score_items["format_fault"], law.score_items["unsigned"]]
    assert {(item.group, item.pick) for item in faults} == {("格式标准", "once")}
    assert law.score_items["wrong_subject"].group is None


@pytest.mark.rule("BC-7.1.3", "A10")
def test_7_1_3_once_for_each_missed_due_date(law: regulation.Regulation) -> None:
    assert law.score_items["late_reply"].per == "due_date"


@pytest.mark.rule("BC-7.1.5", "A11")
def test_7_1_5_stands_beside_the_late_reply_and_goes_to_the_party_committee(law: regulation.Regulation) -> None:
    item = law.score_items["criticised_above"]
    assert item.stands_with == ("late_reply",)
    assert item.then == ("criticism", "accountability", "account_to_party")
    assert item.account_by == ("承办单位", "责任部门")


@pytest.mark.rule("BC-7.2.1", "BC-7.2.2", "BC-7.2.3", "A12")
def test_7_2_praise_counts_once_at_its_highest(law: regulation.Regulation) -> None:
    praise = [law.score_items[f"praised_{by}"] for by in ("in_bulletin", "by_chief", "above")]
    assert {(item.group, item.pick) for item in praise} == {("表扬", "highest")}


@pytest.mark.rule("BC-8.2")
def test_8_2_findings_need_an_opinion_and_measures(law: regulation.Regulation) -> None:
    assert law.reply_sections["处理意见"].when == "substantiated"
    assert law.reply_sections["整改措施"].when == "needs_rectification"
    assert law.reply_sections["处理意见"].basis.clause == "八（二）"
    assert law.reply_sections["回访当事人情况"].when == "visit_required"
    assert [name for name, rule in law.reply_sections.items() if rule.when == "always"] == [
        "办理情况",
        "办理结果",
        "结论",
    ]


@pytest.mark.rule("BC-8.4")
def test_8_4_marked_distributed_registered_and_not_told(law: regulation.Regulation) -> None:
    rule = law.secrecy
    assert rule.marked
    assert rule.distribution
    assert rule.registered
    assert rule.not_to_party
    assert rule.then == ("accountability",)


@pytest.mark.rule("A2", "A15")
def test_periods_run_as_read_in_a2_a15(law: regulation.Regulation) -> None:
    assert law.counting.start == "dispatch"
    assert not law.counting.first_day
    assert law.counting.days == "calendar"
    assert law.counting.roll == "next"
    assert str(law.end_of_day) == "24:00"


def test_a_citation_of_a_clause_that_is_not_there_is_refused(law: regulation.Regulation) -> None:
    assert law.cite("五（五）") == law.cite("五(五)") == regulation.Basis("五（五）", "催办")
    with pytest.raises(Refusal, match="五（十一）"):
        law.cite("五（十一）")


def test_every_limit_and_every_rule_names_its_clause(law: regulation.Regulation) -> None:
    for name, limit in law.limits().items():
        assert law.cite(limit.basis.clause) == limit.basis, name


def test_an_unknown_regulation_is_refused_and_a_path_is_no_id() -> None:
    with pytest.raises(Refusal, match="没有编号"):
        regulation.load("baicheng-1999")
    with pytest.raises(Refusal, match="没有编号"):
        regulation.load("../regulations/baicheng-2020")


@pytest.mark.rule("BC-2.1", "BC-2.2", "BC-2.3", "BC-5.8b")
@pytest.mark.parametrize(("source", "goes_up"), [(1, True), (2, True), (3, True), (4, False), (5, False), (6, False)])
def test_5_8_what_comes_from_above_is_reported_upward_as_a_document(
    law: regulation.Regulation, source: int, goes_up: bool
) -> None:
    way = law.way_up(source, "省厅厅长")
    assert (way is not None) == goes_up
    if way is not None:
        case, form = way
        assert (case, form.form, form.signer) == ("all", "文件", "chief")
        assert form.basis.clause == "五（八）"


@pytest.mark.rule("BC-5.8d", "BC-2.6", "A21")
def test_5_8_a_phased_matter_has_dates_of_its_own_and_a_day_may_belong_to_two_phases(
    law: regulation.Regulation,
) -> None:
    assert law.knows("staged")
    assert law.type("staged").stated
    assert law.type("staged").basis.clause == law.stages.basis.clause == "五（八）"
    assert law.stages.document == "阶段进展报告"
    assert law.stages.shared_day
    assert [number for number, source in law.sources.items() if source.stages] == [6]


def test_baicheng_does_not_decompose(law: regulation.Regulation) -> None:
    assert list(law.types) == ["general", "complex", "dated", "routine", "staged"]
    assert not law.laid_down("分解")


@pytest.mark.rule("SK-3.2")
def test_the_covert_visit_is_the_offices_own_supplement_and_needs_the_party_committee(
    law: regulation.Regulation,
) -> None:
    mode = law.modes["covert"]
    assert mode.requires == "party_consent"
    assert not mode.signed
    assert mode.basis.clause == "附（一）"
    assert "不是制度原文" in law.clause("附").text


@pytest.mark.rule("T13", "BC-5.5a")
def test_5_5_reminders_before_the_limit_and_a_rest_between_urges(law: regulation.Regulation) -> None:
    assert law.tracking.reminders == (regulation.Limit(3, "工作日"), regulation.Limit(24, "小时"))
    assert law.urge.min_interval == regulation.Limit(24, "小时")
    found = deadlines.due(law.type("general").limit, FRIDAY, law)  # until Wednesday 11 March, 24:00
    reminded = [deadlines.before(limit, found.on, found.at, law) for limit in law.tracking.reminders]
    assert reminded == [
        datetime(2026, 3, 6, 8, 30, tzinfo=deadlines.SHANGHAI),
        datetime(2026, 3, 11, tzinfo=deadlines.SHANGHAI),
    ]


@pytest.mark.rule("BC-5.10a", "BC-5.10b", "BC-5.10c")
def test_5_10_what_is_praised_and_what_is_criticised(law: regulation.Regulation) -> None:
    assert law.bulletin.every == "irregular"
    assert law.bulletin.praised == ("工作认真", "办理质量好", "反馈及时", "领导满意")
    assert law.bulletin.criticised == ("未按规定时限反馈", "未按督办反馈模式反馈", "无正当理由未完成")


@pytest.mark.parametrize("number", ["一（一）", "一（二）", "三（三）", "三（五）", "八（一）", "八（三）"])
def test_what_is_no_rule_to_carry_out_can_still_be_read_and_cited(law: regulation.Regulation, number: str) -> None:
    assert law.cite(number).clause == number
    assert law.clause(number).text
