"""The shapes against bureaus that are unlike Baicheng (rules.md §6), and one that is made up to be unlike all three."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from duban import deadlines, regulation
from duban.errors import Refusal

FIXTURES = Path(__file__).parent / "fixtures"


def law_of(name: str) -> regulation.Regulation:
    text = (FIXTURES / f"{name}.md").read_text(encoding="utf-8")
    law, faults = regulation.parse(text, name)
    assert faults == []
    assert law is not None
    return law


def test_moumou_differs_as_its_text_says() -> None:
    law = law_of("moumou-2019")
    assert [(desk.post, desk.act) for desk in law.sign_chain.desks] == [("leader", "审批")]
    assert law.types["general"].limit is None
    assert law.types["general"].stated
    assert law.types["general"].leader_overrides
    assert law.reply.signers == ("deputy",)
    assert law.reply.copies == "either"
    assert not law.reply.seal
    assert law.review.depth == "none"
    assert law.urge.before_due
    assert law.urge.discretionary
    assert law.urge.grace is None
    assert law.cadence.every == "month"
    assert law.scoring.method == "qualitative"
    assert all(item.points is None for item in law.score_items.values())
    assert law.extension.requires == ("reason",)
    assert [desk.post for desk in law.close_chain.desks] == ["chief"]
    assert law.secrecy.named_readers


def test_what_moumou_does_not_say_is_silent_not_guessed() -> None:
    law = law_of("moumou-2019")
    assert law.receipt.limit is None
    assert law.reading.limit is None
    assert law.returns.limit is None
    assert law.returns.levels == {}
    assert not law.laid_down("领收")
    assert law.receipt.basis == regulation.SILENT
    with pytest.raises(Refusal, match="没有规定时限"):
        deadlines.due(law.receipt.limit, datetime(2026, 3, 2, 9, tzinfo=deadlines.SHANGHAI), law)


def test_lanzhou_differs_as_its_text_says() -> None:
    law = law_of("lanzhou")
    assert [(desk.post, desk.act) for desk in law.sign_chain.desks] == [("deputy", "阅示")]
    assert law.sign_chain.basis.clause == "三（一）1"
    assert law.limits() == {}
    assert law.review.depth == "formal"
    assert law.reply.copies == "both"
    assert law.urge.document is None
    assert law.urge.then == ("listed",)
    assert {case: (rule.series, rule.signer, rule.layout) for case, rule in law.upward.items()} == {
        "leader_above": ("兰公办", "leader", "专报"),
        "body_above": ("兰公督字", "deputy", "信函"),
        "from_unit": ("兰公×报", "unit_head", "上行文"),
    }
    assert law.scoring.method is None
    assert law.score_items == {}
    assert law.duty.single_channel
    assert law.modes["own"].requires == "special_importance"
    assert law.counting.start == "receipt"


def test_made_up_bureau_counts_working_days_and_the_first_day() -> None:
    law = law_of("jiangcheng-2026")
    start = datetime(2026, 3, 2, 9, tzinfo=deadlines.SHANGHAI)  # a Monday
    found = deadlines.due(law.types["general"].limit, start, law)
    assert found.on == date(2026, 3, 10)
    assert found.counted[0] == date(2026, 3, 2)
    assert found.at == datetime(2026, 3, 10, 17, tzinfo=deadlines.SHANGHAI)
    hours = deadlines.due(law.receipt.limit, start, law)
    assert hours.at == datetime(2026, 3, 2, 13, tzinfo=deadlines.SHANGHAI)


def test_made_up_bureau_extends_only_by_approval_and_not_without_end() -> None:
    extension = law_of("jiangcheng-2026").extension
    assert extension.mode == "approve"
    assert extension.desks is not None
    assert [desk.post for desk in extension.desks] == ["director", "deputy"]
    assert extension.max_times == 1
    assert str(extension.max_length) == "10个工作日"


def test_made_up_bureau_urges_in_three_colours() -> None:
    steps = law_of("jiangcheng-2026").urge.warnings
    assert [(step.name, step.when.side, str(step.when.limit)) for step in steps] == [
        ("黄", "before", "3个工作日"),
        ("橙", "on", "None"),
        ("红", "after", "2日"),
    ]
    assert steps[2].document == "红色催办函"


def test_made_up_bureau_scores_from_a_hundred_with_a_cap_and_a_co_handler_factor() -> None:
    scoring = law_of("jiangcheng-2026").scoring
    assert (scoring.base, scoring.cap, scoring.co_handler) == (Decimal(100), Decimal(110), Decimal("0.5"))


def test_made_up_bureau_reports_monthly_on_a_day_that_rolls_forward() -> None:
    law = law_of("jiangcheng-2026")
    cadence = law.types["routine"].cadence
    assert cadence is not None
    found = deadlines.next_report(cadence, date(2026, 9, 1), law)
    assert found.on == date(2026, 9, 28)  # the 25th is 中秋节, Friday to Sunday
    assert found.rolled is not None
    assert "中秋节" in found.rolled


def test_a_version_ends_when_the_next_begins() -> None:
    law = law_of("jiangcheng-2026")
    assert (law.valid_from, law.valid_to) == (date(2026, 1, 1), date(2027, 1, 1))
    assert law.in_force(date(2026, 12, 31))
    assert not law.in_force(date(2027, 1, 1))
