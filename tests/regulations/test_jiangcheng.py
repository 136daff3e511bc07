"""A fourth bureau, made up of rules that none of the three has: regulation and organization file, and no Python."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from duban import deadlines, organization, regulation

JIANGCHENG = Path(__file__).parent / "fixtures" / "jiangcheng"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=deadlines.SHANGHAI)


@pytest.fixture(autouse=True)
def included(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that has nothing but this folder, and names its regulation only."""
    monkeypatch.setenv("DUBAN_INCLUDE", str(JIANGCHENG))
    monkeypatch.setenv("DUBAN_REGULATION", "jiangcheng-2026")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)


def test_both_files_are_sound_and_fit_each_other() -> None:
    assert regulation.check(JIANGCHENG / "regulations" / "jiangcheng-2026.md") == []
    assert organization.check(JIANGCHENG / "organizations" / "jiangcheng.yaml") == []


def test_the_regulation_brings_its_organization() -> None:
    assert organization.load().id == "jiangcheng"


def test_working_days_the_first_day_counted_until_close_of_business() -> None:
    law = regulation.load()
    found = deadlines.due(law.types["general"].limit, MONDAY, law)
    assert found.on == date(2026, 3, 10)
    assert found.counted[0] == date(2026, 3, 2)
    assert found.at == datetime(2026, 3, 10, 17, tzinfo=deadlines.SHANGHAI)


def test_notice_and_receipt_within_hours() -> None:
    law = regulation.load()
    assert deadlines.due(law.dispatch.limit, MONDAY, law).at == MONDAY.replace(hour=11)
    assert deadlines.due(law.receipt.limit, MONDAY, law).at == MONDAY.replace(hour=13)


def test_three_desks_sign() -> None:
    assert [desk.post for desk in regulation.load().sign_chain.desks] == ["director", "deputy", "chief"]


def test_extended_only_by_approval_through_two_desks_once_and_not_without_end() -> None:
    extension = regulation.load().extension
    assert extension.mode == "approve"
    assert extension.desks is not None
    assert [desk.post for desk in extension.desks] == ["director", "deputy"]
    assert extension.max_times == 1
    assert str(extension.max_length) == "10个工作日"


def test_three_colours_each_with_its_paper_and_its_moment() -> None:
    law = regulation.load()
    due = deadlines.due(law.types["general"].limit, MONDAY, law)
    told = [
        (step.name, step.document, deadlines.moment(step.when, due.on, due.at, law).date())
        for step in law.urge.warnings
    ]
    assert told == [
        ("黄色提示", "黄色提示单", date(2026, 3, 5)),
        ("橙色预警", "橙色预警单", date(2026, 3, 10)),
        ("红色督办", "红色督办令", date(2026, 3, 12)),
    ]


def test_from_a_hundred_with_a_cap_and_half_for_co_handlers() -> None:
    scoring = regulation.load().scoring
    assert (scoring.base, scoring.cap, scoring.co_handler) == (Decimal(100), Decimal(110), Decimal("0.5"))
    assert scoring.published == "quarter"


def test_monthly_on_a_day_that_rolls_forward() -> None:
    law = regulation.load()
    cadence = law.types["routine"].cadence
    assert cadence is not None
    found = deadlines.next_report(cadence, date(2026, 9, 1), law)
    assert found.on == date(2026, 9, 28)  # the 25th is 中秋节, Friday to Sunday
    assert found.rolled is not None
    assert "中秋节" in found.rolled


def test_by_phone_and_jointly_with_partners_of_its_own() -> None:
    law, bureau = regulation.load(), organization.load()
    assert law.modes["phone"].document == "电话督办记录"
    assert set(law.modes["joint"].partners) == set(bureau.partners)


def test_a_version_ends_when_it_says_so() -> None:
    law = regulation.load()
    assert law.in_force(date(2026, 12, 31))
    assert not law.in_force(date(2027, 1, 1))
