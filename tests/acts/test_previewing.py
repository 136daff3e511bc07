"""The form while it is typed: every fault at its field, and the dates that handing over would make."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from matters import FORM, Matter, person

from duban import acts, clock, organization, regulation
from duban.acts.previewing import Preview, by_the_day, preview
from duban.errors import Refusal
from duban.ledger import Actor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.SHANGHAI)
PLAIN = {**FORM, "source": 6, "instruction_by": "", "instruction_on": "", "instruction_text": ""}
INSTRUCTION = {"source": 4, "instruction_by": "顾长风", "instruction_text": "请查"}
STAGES = "调研梳理 3月2日 3月10日\n集中填报 3月10日 3月20日\n检查督促 3月20日 3月31日 办公室"


def look(law_id: str = "baicheng-2020", now: datetime = NOW, **changes: Any) -> Preview:
    law = regulation.load(law_id)
    return preview({**PLAIN, **changes}, law, organization.load(law.organization), now)


def faults(law_id: str = "baicheng-2020", now: datetime = NOW, **changes: Any) -> dict[str, bool]:
    return {fault.field: fault.missing for fault in look(law_id, now, **changes).faults}


def test_what_is_right_has_no_fault_and_is_what_is_registered(matter: Matter) -> None:
    found = preview(FORM, regulation.load("baicheng-2020"), organization.load(), NOW)
    assert found.faults == ()
    assert found.content == matter.state.form


def test_an_empty_form_misses_what_it_needs_and_nothing_else() -> None:
    assert (
        preview({"type": "general"}, regulation.load(), organization.load(), NOW).faults[0].sentence.startswith("“标题")
    )
    empty = dict.fromkeys(FORM, "") | {"type": "general"}
    found = preview(empty, regulation.load(), organization.load(), NOW).faults
    assert {fault.field: fault.missing for fault in found} == dict.fromkeys(
        ("title", "source", "unit", "requirement"), True
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "长" * 121}, "title"),
        ({"unit": "公安厅"}, "unit"),
        ({"unit": "office"}, "unit"),
        ({"cohandlers": "经侦支队"}, "cohandlers"),
        ({"cohandlers": "不存在的支队"}, "cohandlers"),
        ({"source": "99"}, "source"),
        ({"urgency": "火急"}, "urgency"),
        ({"mark": "机要"}, "mark"),
        ({"mode": "covert"}, "consent_by"),
        ({"mode": "onsite", "order_by": "某人"}, "order_by"),
        ({"mode": "onsite", "order_by": "顾长风", "order_on": "2026-03-09"}, "order_on"),
        ({"mode": "joint"}, "partners"),
        ({"mode": "joint", "partners": "工会"}, "partners"),
        ({"mode": "own"}, "mode"),
        ({"partners": "督察"}, "partners"),
        ({"order_number": "1号"}, "order_number"),
        ({"source": 4}, "instruction_by"),
        (INSTRUCTION | {"instruction_on": "2026-03-09"}, "instruction_on"),
        ({"due_on": "2026-03-20"}, "due_on"),
        ({"type": "dated"}, "due_on"),
        ({"type": "dated", "due_on": "2026-02-20"}, "due_on"),
        ({"type": "dated", "due_on": "明天"}, "due_on"),
        ({"type": "dated", "due_on": "2039-05-05"}, "due_on"),
        ({"type": "staged"}, "stages"),
        ({"type": "staged", "stages": "一段 3月2日"}, "stages"),
        ({"type": "staged", "stages": "一段 3月9日 3月2日"}, "stages"),
        ({"type": "staged", "stages": "一段 2026-02-30 2026-03-01"}, "stages"),
        ({"type": "staged", "stages": "一段 2039-05-05 2039-05-06"}, "stages"),
        ({"type": "staged", "stages": "一段 3月2日 3月9日\n二段 3月5日 3月20日"}, "stages"),
        ({"stages": STAGES}, "stages"),
        ({"campaign": "长" * 61}, "campaign"),
        ({"proposal_reason": "有理由"}, "proposed_by"),
        ({"proposed_by": "不存在"}, "proposed_by"),
        ({"proposed_by": "经侦支队"}, "proposal_reason"),
        ({"proposed_by": "经侦支队", "proposal_reason": "理", "proposal_route": "口头"}, "proposal_route"),
        ({"report_up": "也许"}, "report_up"),
        ({"source": 7, "report_up": "否", "report_to": "省厅"}, "report_to"),
        ({"readers": "顾长风"}, "readers"),
        ({"violation": "也许"}, "violation"),
        ({"mark": "秘密"}, "paper"),
        ({"mark": "秘密", "paper": "柜"}, "requirement"),
        ({"mark": "秘密", "paper": "柜", "requirement": "", "mode": "phone"}, "mode"),
    ],
)  # fmt: skip
def test_every_fault_is_told_at_its_own_field(changes: dict[str, Any], field: str) -> None:
    found = faults(**changes)
    assert field in found
    assert found[field] == (not {**PLAIN, **changes}.get(field))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "decomposed"}, "parts"),
        ({"type": "decomposed", "due_on": "2026-04-01", "parts": "不存在 查"}, "parts"),
        ({"type": "decomposed", "due_on": "2026-04-01", "parts": "城关分局 查 2026-02-30"}, "parts"),
        ({"type": "decomposed", "due_on": "2026-04-01", "parts": "城关分局 查 2026-04-30"}, "parts"),
        ({"type": "decomposed", "mode": "own", "parts": "城关分局 查"}, "mode"),
        ({"mode": "own"}, "own_reason"),
    ],
)
def test_faults_of_parts(changes: dict[str, Any], field: str) -> None:
    law = regulation.load("lanzhou")
    org = organization.load(law.organization)
    form = {**PLAIN, "unit": "" if changes.get("mode") == "own" else next(iter(org.units)), "source": min(law.sources)}
    assert field in {fault.field for fault in preview({**form, **changes}, law, org, NOW).faults}


def test_several_faults_are_told_at_once() -> None:
    found = faults(title="", unit="公安厅", urgency="火急", type="dated", due_on="2026-02-20", requirement="")
    assert set(found) == {"title", "unit", "urgency", "due_on", "requirement"}
    assert [name for name, missing in found.items() if missing] == ["title", "requirement"]


@pytest.mark.rule("BC-6.1", "BC-6.3")
def test_the_dates_are_those_of_the_notice(new_matter: Callable[..., Matter]) -> None:
    for changes in (
        {"type": "general"},
        {"type": "complex"},
        {"type": "dated", "due_on": "2026-03-20"},
        {"type": "routine"},
        {"type": "routine", "due_on": "2026-03-04"},
        {"type": "staged", "stages": STAGES},
    ):
        form = PLAIN | changes
        first = look(**changes).points[0].due
        matter = new_matter(**form).dispatched()
        said = matter.event("dispatched").data
        assert (said["due_on"], said["due_at"], said["basis"], said["rolled"], said["counted"]) == (
            first.on.isoformat(), first.at.isoformat(), first.basis.clause, first.rolled, len(first.counted)
        ), changes  # fmt: skip


def test_dates_are_told_while_the_rest_is_missing_and_by_name() -> None:
    found = preview({"type": "general"}, regulation.load(), organization.load(), NOW)
    assert [(point.name, point.due.on) for point in found.points] == [("办结期限", date(2026, 3, 9))]
    assert "顺延" in str(found.points[0].due.rolled)
    days = by_the_day(found.points[0].due)
    assert [one.day for one, counts in days if counts] == [3, 4, 5, 6, 7]
    assert [one.day for one, counts in days if not counts] == [8, 9]
    staged = look(type="staged", stages=STAGES, title="")
    assert [point.name for point in staged.points] == ["调研梳理", "集中填报", "检查督促"]
    assert look(type="staged", stages="看不懂").points == ()
    assert look(type="dated", due_on="明天").points == ()
    assert by_the_day(look(type="dated", due_on="2026-03-20").points[0].due) == ()
    routine = look(type="routine", due_on="2026-04-01")
    assert [(point.name, point.due.on) for point in routine.points] == [
        ("第1期报送", date(2026, 3, 6)),
        ("最后一期报送", date(2026, 4, 1)),
    ]


def test_the_dates_of_parts_are_told_with_their_unit() -> None:
    law = regulation.load("lanzhou")
    org = organization.load(law.organization)
    first, second = list(org.units.values())[:2]
    form = {"type": "decomposed", "due_on": "2026-04-01", "parts": f"{first.name} 查 3月20日\n{second.short} 办"}
    assert [(point.name, point.due.on) for point in preview(form, law, org, NOW).points] == [
        ("办结期限", date(2026, 4, 1)),
        (f"分办：{first.short}", date(2026, 3, 20)),
    ]
    form["parts"] = [{"unit": "谁", "requirement": "查", "due_on": "2026-03-20"}]  # type: ignore[assignment]
    assert preview(form, law, org, NOW).points[1].name == "分办：谁"


@pytest.mark.rule("SK-3.2")
def test_a_unit_cannot_have_itself_observed(rehearsal_url: str) -> None:
    covert = {**PLAIN, "mode": "covert", "consent_by": organization.load().holders("party")[0].name,
              "consent_on": "2026-03-01", "consent_number": "纪要1号"}  # fmt: skip
    law, org = regulation.load(), organization.load()
    assert preview(covert, law, org, NOW, person("office")).faults == ()
    own = org.unit("jingzhen").liaison
    actor = Actor(own.user, own.name, "liaison", "jingzhen")
    assert [fault.field for fault in preview(covert, law, org, NOW, actor).faults] == ["mode"]
    with pytest.raises(Refusal, match="暗访"):
        acts.check(covert, actor)
