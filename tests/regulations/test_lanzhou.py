"""Lanzhou, clause by clause: what its text says, and that what it does not say stays silent (rules.md LZ, §6)."""

from datetime import date, datetime
from pathlib import Path

import pytest

from duban import deadlines, included, organization, regulation
from duban.errors import Refusal

START = datetime(2026, 3, 2, 9, tzinfo=deadlines.SHANGHAI)


@pytest.fixture(scope="module")
def law() -> regulation.Regulation:
    return regulation.load("lanzhou")


@pytest.fixture(scope="module")
def bureau() -> organization.Organization:
    return organization.load("lanzhou")


@pytest.mark.rule(*(f"LZ-1.{n}" for n in range(1, 10)))
def test_1_nine_sources_each_under_its_clause(law: regulation.Regulation) -> None:
    numerals = "一二三四五六七八九"
    assert [source.basis.clause for source in law.sources.values()] == [f"一（{n}）" for n in numerals]
    assert {law.notice_for(source, None)[1].document for source in law.sources} == {"督办通知"}


@pytest.mark.rule("LZ-3.4a", "LZ-3.4b", "LZ-1.4")
@pytest.mark.parametrize(
    ("source", "leader", "form"),
    [
        (1, None, None),
        (2, None, None),
        (3, None, "正式文件"),
        (4, None, "正式文件"),
        (4, "省厅厅长", "专报"),
        (5, "局长", None),
        (6, None, "正式文件"),
        (7, None, "正式文件"),
        (8, None, "正式文件"),
        (9, None, None),
    ],
)
def test_3_4_the_source_and_the_leader_decide_the_way_up(
    law: regulation.Regulation, source: int, leader: str | None, form: str | None
) -> None:
    way = law.way_up(source, leader)
    assert (way[1].form if way else None) == form


@pytest.mark.rule("LZ-3.4a", "LZ-3.4b", "LZ-3.4c", "A24", "R-UPPER")
def test_3_4_three_kinds_each_with_its_number_and_its_signer(law: regulation.Regulation) -> None:
    assert {case: (rule.form, rule.series, rule.signer, rule.layout) for case, rule in law.upward.items()} == {
        "leader_above": ("专报", "兰公办", "leader", "专报"),
        "body_above": ("正式文件", "兰公督字", "deputy", "信函"),  # the attachment governs: a letter
        "from_unit": ("内部文", "兰公×报", "unit_head", "上行文"),
    }
    assert {rule.basis.clause for rule in law.upward.values()} == {"三（四）"}


@pytest.mark.rule("LZ-3.4c")
def test_3_4_every_unit_has_a_letter_of_its_own(bureau: organization.Organization) -> None:
    assert bureau.letters("兰公×报", "城关分局") == "兰公城报"
    assert bureau.letters("兰公办") == "兰公办"
    letters = [unit.letter for unit in bureau.units.values()]
    assert all(letters)
    assert len(set(letters)) == len(letters)


@pytest.mark.rule("LZ-2.1", "LZ-2.5", "R-LEAD", "R-CO")
def test_2_matters_are_decomposed_between_a_lead_and_co_handlers(law: regulation.Regulation) -> None:
    assert law.knows("decomposed")
    assert law.type("decomposed").basis.clause == law.decomposition.basis.clause == "二"
    assert (law.decomposition.lead, law.decomposition.co_handler) == ("主办部门", "协办部门")


@pytest.mark.rule("LZ-2.2", "LZ-2.3", "R-UCHECK")
def test_2_the_liaison_reports_and_the_office_head_of_the_unit_looks_it_through(
    law: regulation.Regulation, bureau: organization.Organization
) -> None:
    assert [post for _, post in law.duty.posts()] == ["unit_head", "liaison", "unit_checker"]
    assert law.reply.checker == "unit_checker"
    for unit in bureau.units.values():
        assert list(unit.posts) == ["unit_head", "unit_checker", "liaison"]
        assert bureau.complete(unit.code, law.duty) is unit


@pytest.mark.rule("LZ-2.4")
def test_2_one_channel_and_who_shirks_answers_for_it(law: regulation.Regulation) -> None:
    assert law.duty.single_channel
    ground = law.grounds["推诿拖延造成严重后果"]
    assert ground.held == ("unit_head", "unit_leader")
    assert ground.then == ("accountability",)
    assert ground.basis.clause == "二"


@pytest.mark.rule("LZ-2.6")
def test_2_no_result_goes_up_without_the_head_of_the_unit(law: regulation.Regulation) -> None:
    assert law.reply.signers == ("unit_head",)


@pytest.mark.rule("LZ-3.1.1", "T9'")
def test_3_1_the_deputy_in_charge_reads_and_nobody_else_signs(
    law: regulation.Regulation, bureau: organization.Organization
) -> None:
    assert [(desk.post, desk.act) for desk in law.sign_chain.desks] == [("deputy", "阅示")]
    assert law.sign_chain.basis.clause == "三（一）1"
    assert [holder.user for holder in bureau.holders("deputy", "zhian")] == ["long.deputy"]


@pytest.mark.rule("LZ-3.1.2", "T10s")
def test_3_1_what_is_of_special_importance_the_office_does_itself(law: regulation.Regulation) -> None:
    assert list(law.modes) == ["written", "own"]
    assert law.modes["own"].requires == "special_importance"
    assert law.modes["own"].basis.clause == "三（一）2"


@pytest.mark.rule("LZ-3.2")
def test_3_2_paper_and_file_together_to_the_director_in_charge(law: regulation.Regulation) -> None:
    assert law.reply.document == "办结报告"
    assert law.reply.copies == "both"
    assert law.review.depth == "formal"
    assert law.close_chain.document == "督办报告"
    assert [(desk.post, desk.act) for desk in law.close_chain.desks] == [("director", "审签")]
    assert law.returns.document == "重新上报通知"
    assert law.returns.reasons == ("redo",)


@pytest.mark.rule("LZ-3.2")
def test_3_2_the_units_leader_reads_at_once_but_within_no_number_of_days(law: regulation.Regulation) -> None:
    assert law.reading.post == "unit_leader"
    assert law.reading.limit is None
    assert law.receipt.limit is None


@pytest.mark.rule("LZ-3.3")
def test_3_3_urged_in_any_form_and_listed_when_late_with_no_paper_no_limit_and_no_points(
    law: regulation.Regulation,
) -> None:
    assert law.urge.forms == ("phone", "document", "other")
    assert law.urge.discretionary
    assert (law.urge.document, law.urge.grace, law.urge.issue) == (None, None, None)
    assert law.urge.then == ("listed",)
    assert law.digest.document == "领导批示件汇总"
    assert deadlines.next_report(law.digest, date(2026, 3, 2), law).on == date(2026, 3, 5)
    assert law.digest.basis.clause == "三（三）"


@pytest.mark.rule("LZ-3.2", "LZ-3.3")
def test_every_date_is_stated_and_what_the_text_does_not_say_is_silent_not_guessed(law: regulation.Regulation) -> None:
    assert list(law.types) == ["general", "decomposed"]
    assert all(rule.stated for rule in law.types.values())
    assert set(law.limits()) == {"returns"}
    for rule in ("领收", "延期", "考核", "计分", "阶段反馈", "通报"):
        assert not law.laid_down(rule), rule
    assert law.extension.mode is None
    assert law.scoring.method is None
    assert law.score_items == {}
    assert law.receipt.basis == regulation.SILENT
    with pytest.raises(Refusal, match="没有规定时限"):
        deadlines.due(law.receipt.limit, START, law)
    with pytest.raises(Refusal, match="没有规定“routine”"):
        law.type("routine")


def test_the_organization_has_everything_that_the_regulation_asks_for() -> None:
    assert organization.check(Path(included.path("organizations", "lanzhou.yaml"))) == []
