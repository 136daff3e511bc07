"""The bureau of 2019, clause by clause: what its text says, and what it leaves silent (rules.md MM, §6)."""

from datetime import date
from pathlib import Path

import pytest

from duban import deadlines, included, organization, regulation


@pytest.fixture(scope="module")
def law() -> regulation.Regulation:
    return regulation.load("bureau-2019")


@pytest.fixture(scope="module")
def bureau() -> organization.Organization:
    return organization.load("bureau")


@pytest.mark.rule(*(f"MM-2.{n}" for n in range(1, 8)))
def test_2_seven_kinds_of_matters_and_which_of_them_go_up(law: regulation.Regulation) -> None:
    assert [source.basis.clause for source in law.sources.values()] == [f"二（{n}）" for n in "一二三四五六七"]
    assert [number for number in law.sources if law.way_up(number, None)] == [1, 2, 3, 4, 6]
    assert {law.notice_for(source, "局长")[1].document for source in law.sources} == {"政务督查通知单"}


@pytest.mark.rule("MM-3.1", "MM-3.5")
def test_3_progress_is_reported_monthly_not_weekly(law: regulation.Regulation) -> None:
    cadence = law.type("routine").cadence
    assert cadence is not None
    assert cadence.every == law.cadence.every == "month"
    assert deadlines.next_report(cadence, date(2026, 3, 2), law).on == date(2026, 3, 25)
    assert deadlines.next_report(cadence, date(2026, 4, 1), law).on == date(2026, 4, 24)  # the 25th is a Saturday
    assert not any(rule.cadence and rule.cadence.every == "week" for rule in law.types.values())


@pytest.mark.rule("MM-3.1")
def test_3_what_is_added_at_short_notice_has_a_type_of_its_own(law: regulation.Regulation) -> None:
    assert law.type("dated").name == "临时追加、限时办结事项"
    assert law.type("dated").stated


@pytest.mark.rule("MM-3.2")
def test_3_1_the_office_need_not_check_what_is_reported(law: regulation.Regulation) -> None:
    assert law.review.depth == "none"
    assert law.review.basis.clause == "三（一）"


@pytest.mark.rule("MM-3.3")
def test_3_1_a_new_matter_takes_the_supervision_notice(law: regulation.Regulation) -> None:
    assert law.notices["general"].document == "政务督查通知单"
    assert law.modes["written"].signed
    assert list(law.modes) == ["written"]


@pytest.mark.rule("MM-3.4")
def test_3_2_the_lead_answers_first_and_the_others_for_their_part(law: regulation.Regulation) -> None:
    rule = law.decomposition
    assert law.knows("decomposed")
    assert (rule.lead, rule.lead_duty) == ("牵头科室", "主要责任")
    assert (rule.co_handler, rule.co_handler_duty) == ("配合科室", "相应责任")


@pytest.mark.rule("MM-3.5")
def test_3_2_each_unit_has_a_head_and_one_person_for_it(
    law: regulation.Regulation, bureau: organization.Organization
) -> None:
    assert [post for _, post in law.duty.posts()] == ["unit_head", "liaison"]
    assert all(list(unit.posts) == ["unit_head", "liaison"] for unit in bureau.units.values())


@pytest.mark.rule("MM-4.1", "T9''")
def test_4_1_a_leader_approves_the_chief_or_the_deputy_in_charge(
    law: regulation.Regulation, bureau: organization.Organization
) -> None:
    assert [(desk.post, desk.act) for desk in law.sign_chain.desks] == [("leader", "审批")]
    assert [holder.user for holder in bureau.holders("leader", "zhifa")] == ["qin.chief", "zu.deputy"]


@pytest.mark.rule("MM-4.2")
def test_4_2_a_limit_must_be_stated(law: regulation.Regulation) -> None:
    assert "limit" in law.registration.requires
    assert all(rule.stated for name, rule in law.types.items() if name != "routine")


@pytest.mark.rule("MM-4.3")
def test_4_3_the_leaders_date_overrides_the_offices(law: regulation.Regulation) -> None:
    assert all(rule.leader_overrides for name, rule in law.types.items() if name != "routine")


@pytest.mark.rule("MM-4.3", "A25")
def test_4_3_urged_before_the_limit_too_and_with_a_paper_only_where_the_office_thinks_it_necessary(
    law: regulation.Regulation,
) -> None:
    assert law.urge.before_due
    assert law.urge.discretionary
    assert law.urge.forms == ("phone", "document")
    assert law.urge.document == "政务督查催办单"
    assert law.urge.grace is None
    assert law.urge.then == ()


@pytest.mark.rule("MM-4.4")
def test_4_4_the_deputy_in_charge_signs_and_one_copy_will_do(
    law: regulation.Regulation, bureau: organization.Organization
) -> None:
    assert law.reply.signers == ("deputy",)
    assert law.reply.copies == "either"
    assert not law.reply.seal
    assert [(desk.post, desk.act) for desk in law.close_chain.desks] == [("chief", "签字确认")]
    assert law.upward["all"].form == "统一报送"
    assert law.upward["all"].signer == "chief"


@pytest.mark.rule("MM-4.5")
def test_4_5_a_bulletin_comes_out_regularly(law: regulation.Regulation) -> None:
    assert law.bulletin.document == "督查情况通报"
    assert law.bulletin.every == "month"
    assert law.bulletin.limit_times is None


@pytest.mark.rule("MM-5.5")
def test_5_5_only_named_people_know(law: regulation.Regulation) -> None:
    assert law.secrecy.named_readers
    assert law.secrecy.basis.clause == "五（五）"


@pytest.mark.rule("MM-6.1", "MM-6.2", "MM-6.3")
def test_6_assessed_in_words_at_the_end_of_the_year(law: regulation.Regulation) -> None:
    assert law.scoring.method == "qualitative"
    assert law.scoring.published == "year"
    assert set(law.score_items) == {"praised_above", "late_reply", "criticised"}
    assert all(item.points is None and item.consider for item in law.score_items.values())
    assert law.score_items["criticised"].then == law.score_items["late_reply"].then == ("criticism",)


@pytest.mark.rule("MM-6.4")
def test_6_three_things_go_to_the_party_group(law: regulation.Regulation) -> None:
    assert list(law.grounds) == ["逾期不办又不能说明原因", "谎报瞒报", "影响局系统评先评优考核"]
    for ground in law.grounds.values():
        assert ground.then == ("report_to_party", "criticism", "accountability", "discipline")
        assert ground.basis.clause == "六"


@pytest.mark.rule("MM-6.4")
def test_6_who_cannot_finish_says_why_in_writing(law: regulation.Regulation) -> None:
    assert law.extension.mode == "record"
    assert law.extension.requires == ("reason", "new_date")
    assert law.extension.only_before_due
    assert not law.extension.office_may_object


@pytest.mark.rule("MM-7")
def test_7_in_force_since_the_first_day_of_2019(law: regulation.Regulation) -> None:
    assert law.in_force(date(2019, 1, 1))
    assert not law.in_force(date(2018, 12, 31))


def test_what_the_text_does_not_say_is_silent_not_guessed(law: regulation.Regulation) -> None:
    assert law.receipt.limit is None
    assert law.reading.limit is None
    assert set(law.limits()) == {"returns"}
    for rule in ("领收", "阅批", "阶段反馈", "归档", "回复内容"):
        assert not law.laid_down(rule), rule
    assert list(law.types) == ["general", "dated", "routine", "decomposed"]


def test_the_organization_has_everything_that_the_regulation_asks_for() -> None:
    assert organization.check(Path(included.path("organizations", "bureau.yaml"))) == []
