"""Regular reports, phases and divided matters where other bureaus' rules hold: the code is the same."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from bureaus import at_work, holder, through, without_instruction
from matters import Matter

from duban import acts, clock, included, ledger, organization
from duban.errors import Refusal
from duban.ledger import Actor

JIANGCHENG = Path(__file__).parent / "fixtures" / "jiangcheng"


@pytest.fixture
def bureau(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.setenv("DUBAN_ORGANIZATION", "bureau")


@pytest.fixture
def jiangcheng(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    include = shutil.copytree(JIANGCHENG, tmp_path / "include")
    if not (include / "calendar" / "2026.yaml").exists():
        shutil.copytree(included.path() / "calendar", include / "calendar", dirs_exist_ok=True)
    monkeypatch.setenv("DUBAN_INCLUDE", str(include))
    monkeypatch.setenv("DUBAN_REGULATION", "jiangcheng-2026")
    monkeypatch.setenv("DUBAN_ORGANIZATION", "jiangcheng")


def liaison(unit: str) -> Actor:
    one = organization.load().unit(unit)
    return Actor(one.liaison.user, one.liaison.name, "liaison", one.code)


@pytest.mark.rule("MM-3.1", "MM-3.5", "N17", "T14")
def test_mm_3_5_goals_and_key_work_are_reported_month_by_month(bureau: None, new_matter: Callable[..., Matter]) -> None:
    monthly = at_work(new_matter, "规划财务科", type="routine", **without_instruction())
    assert monthly.state.due_on == date(2026, 3, 25)
    with pytest.raises(Refusal, match="未落实的原因"):
        acts.report_period(monthly.number, monthly.unit, "完成六成", "部分落实")
    state = acts.report_period(monthly.number, monthly.unit, "完成六成", "已落实", percent=60)
    assert state.due_on == date(2026, 4, 24)  # the 25th is a Saturday: the working day before it
    monthly.at(5, 8)
    missed = [(e.kind, e.data["node"], e.data.get("scores", True)) for e in monthly.events if "lapsed" in e.kind]
    assert ("reply_lapsed", 2, True) in missed
    assert monthly.event("period_reported").clause == "三（二）"


@pytest.mark.rule("MM-3.4")
def test_mm_3_4_the_lead_section_answers_for_the_whole_and_the_others_for_their_share(
    bureau: None, new_matter: Callable[..., Matter]
) -> None:
    parts = "人事教育科 报送人员清册 2026-03-10\n信息中心 导出数据"
    lead = at_work(
        new_matter, "规划财务科", type="decomposed", parts=parts, due_on="2026-03-16", **without_instruction()
    )
    first, second = acts.decompose(lead.number).parts
    signed_by = holder("deputy", lead.state.unit).name
    with pytest.raises(Refusal, match=r"信息中心.*牵头单位"):
        acts.reply(lead.number, lead.unit, "汇总.docx", _report("汇总"), signed_by)
    lead.at(3, 17)
    said = lead.event("reply_lapsed").data
    assert (said["at_fault"], said["scores"]) == ([first.unit, second.unit], False)
    for part in (first, second):
        one = Matter(part.number, lead.move, unit=liaison(part.unit))
        if one.state.awaits("receipt"):
            acts.receive(one.number, one.unit)
        acts.reply(one.number, one.unit, "报告.docx", _report(part.number), holder("deputy", part.unit).name)
        one.decide("review.office", "接收汇总", summary="已报。", who=holder("office"))
    assert acts.reply(lead.number, lead.unit, "汇总.docx", _report("汇总"), signed_by).state == "replied"
    assert ledger.verify() == []


def test_a_bureau_of_its_own_making_needs_no_code_for_its_phases(
    jiangcheng: None, new_matter: Callable[..., Matter]
) -> None:
    units = list(organization.load().units.values())
    staged = at_work(
        new_matter,
        units[0].short,
        type="staged",
        source=3,
        stages="试点 3月2日 3月12日\n评估 3月13日 3月20日 办公室\n推广 3月23日 4月30日",
        **without_instruction(),
    )
    assert [node.due_on for node in staged.state.nodes] == [date(2026, 3, 12), date(2026, 3, 20), date(2026, 4, 30)]
    assert staged.state.nodes[0].due_at <= datetime(2026, 3, 13, tzinfo=clock.SHANGHAI)
    acts.reply(staged.number, staged.unit, "试点.docx", _report("试点"), "单位主要领导")
    staged.decide("review.office", acts.question(staged.state, "review.office:1").options[0], summary="已试点。",
                  who=holder("office"))  # fmt: skip
    assert staged.state.awaits("check") == "check:2"
    through(staged, "check", "检查完毕")
    assert ledger.verify() == []


def _report(text: str) -> bytes:
    from matters import report

    return report(text)
