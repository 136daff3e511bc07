"""分解: a matter and its parts, one a unit, with clocks of their own, and what they owe each other (LZ-2, MM-3.4)."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matters import FORM, Matter, person

from duban import acts, clock, included, ledger, regulation
from duban.acts.decomposing import decompose, instruct_parts
from duban.acts.tables import part_of_line
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State

#: 白城 itself says nothing of dividing a matter; an office that wants to may add it as a clause of its own.
CLAUSE = """
## 附（二）分解督办
涉及几个单位的，明确主办和协办，分解到各单位办理，由主办单位汇总。
```规则
事项类型:
  分解: {名称: 分解督办事项, 时限: 另定}
分解: {牵头称谓: 主办单位, 配合称谓: 协办单位}
```
"""
PARTS = """法制支队 核对执法依据 2026-03-11
治安支队 核查小区管理情况 2026-03-12"""


@pytest.fixture
def dividing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rules under which a matter may be divided."""
    include = shutil.copytree(included.path(), tmp_path / "include")
    rules = include / "regulations" / "baicheng-2020.md"
    text = rules.read_text(encoding="utf-8")
    if "牵头称谓" not in text:
        rules.write_text(text + CLAUSE, encoding="utf-8")
    monkeypatch.setenv("DUBAN_INCLUDE", str(include))
    yield
    assert regulation.load("baicheng-2020").knows("decomposed")


@pytest.fixture
def parent(dividing: None, new_matter: Callable[..., Matter]) -> Matter:
    """A matter of 经侦支队 due on 2026-03-16 with two parts, all received and read."""
    return divided(new_matter())


@pytest.fixture
def new_matter(dividing: None, new_matter: Callable[..., Matter]) -> Callable[..., Matter]:
    def make(**changes: Any) -> Matter:
        return new_matter(**{"type": "decomposed", "parts": PARTS, "due_on": "2026-03-16", **changes})

    return make


def divided(matter: Matter) -> Matter:
    matter.in_progress()
    decompose(matter.number)
    for part in matter.state.parts:
        one = part_of(matter, part.number)
        acts.receive(one.number, one.unit)
        acts.read(one.number, one.unit)
    return matter


def part_of(parent: Matter, number: str) -> Matter:
    unit = next(part.unit for part in parent.state.parts if part.number == number)
    return replace(parent, number=number, unit=Actor(f"{unit}.liaison", "联络员", "liaison", unit))


def parts_of(parent: Matter) -> list[Matter]:
    return [part_of(parent, part.number) for part in parent.state.parts]


def done(part: Matter) -> State:
    part.replied(f"{part.number} 办结报告")
    return part.decide("review.office", "审核合格", summary="已办。")


@pytest.mark.rule("LZ-2.1", "LZ-2.5")
def test_after_the_parents_notice_each_unit_gets_its_part_without_a_signature(parent: Matter) -> None:
    state = parent.state
    assert [(part.number, part.unit, part.due_on.day) for part in state.parts] == [
        *(("BC-2026-0001-1", "fazhi", 11), ("BC-2026-0001-2", "zhian", 12)),
    ]
    assert set(state.awaiting) == {"call:1", "reply:1", "children:1"}
    part = parts_of(parent)[0]
    assert (part.state.reference, part.state.parent) == ("白公督〔2026〕1-1号", parent.number)
    assert part.kinds() == ["registered", "dispatched", "received", "read"]
    assert (part.state.form["requirement"], part.state.form["instruction_by"]) == ("核对执法依据", "顾长风")
    assert ledger.verify() == []


@pytest.mark.rule("LZ-2.1")
def test_the_parts_go_out_once_and_not_before_the_parent_is_signed(new_matter: Callable[..., Matter]) -> None:
    matter = new_matter()
    assert decompose(matter.number).parts == ()
    matter.dispatched()
    assert matter.state.awaits("decompose") == "decompose:1"
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _n: len(decompose(matter.number).parts), range(4)))
    assert (made, matter.kinds().count("decomposed")) == ([2] * 4, 1)


@pytest.mark.rule("MM-3.4", "LZ-2.5")
def test_the_lead_reports_on_the_whole_only_when_all_parts_have_ended(parent: Matter) -> None:
    first, second = parts_of(parent)
    with pytest.raises(Refusal, match=r"BC-2026-0001-1（法制支队）、BC-2026-0001-2（治安支队）"):
        parent.replied()
    state = done(first)
    assert (state.state, first.event("part_closed").actor.user) == ("closed", "system")
    assert (parent.state.awaits("children"), parent.state.parts[0].ended) == ("children:1", "closed")
    with pytest.raises(Refusal, match="BC-2026-0001-2"):
        parent.replied()
    done(second)
    assert parent.state.awaits("children") is None
    parent.replied().closed()
    assert parent.state.state == "closed"
    assert "reported" not in first.kinds()  # the report on the whole speaks for the parts
    acts.file_away(first.number)
    assert ledger.verify() == []


def test_before_the_parts_are_out_the_lead_cannot_report(new_matter: Callable[..., Matter]) -> None:
    with pytest.raises(Refusal, match="还没有下达"):
        new_matter().in_progress().replied()


@pytest.mark.rule("LZ-2.5")
def test_a_part_keeps_within_its_parents_date(parent: Matter) -> None:
    part = parts_of(parent)[0]
    with pytest.raises(Refusal, match=r"晚于主件 BC-2026-0001 的期限 2026-03-16.*牵头单位"):
        part.extend(date(2026, 3, 17))
    assert part.extend(date(2026, 3, 13)).due_on == date(2026, 3, 13)
    with pytest.raises(Refusal, match="晚于主件"):
        part.instruct(due_on=date(2026, 3, 20))
    parent.extend(date(2026, 3, 25))
    assert part.extend(date(2026, 3, 20)).due_on == date(2026, 3, 20)
    part.replied()
    with pytest.raises(Refusal, match="晚于主件"):
        part.decide("review.office", "退回补办", reason="补充修改", requirement="补", due_on="2026-03-26")


@pytest.mark.rule("LZ-2.5")
def test_the_parents_date_is_not_brought_before_that_of_its_parts(parent: Matter) -> None:
    with pytest.raises(Refusal, match="分办件 BC-2026-0001-1 的期限 2026-03-11"):
        parent.instruct("提前。", due_on=date(2026, 3, 10))
    state = instruct_parts(parent.number, parent.clerk, "顾长风", "提前。", parent.today(), due_on=date(2026, 3, 10))
    assert (state.due_on, [part.state.due_on.day for part in parts_of(parent)]) == (date(2026, 3, 10), [10, 10])
    again = instruct_parts(parent.number, parent.clerk, "顾长风", "提前。", parent.today(), due_on=date(2026, 3, 10))
    assert (again.round, len(again.instructions)) == (state.round, 1)


@pytest.mark.rule("T16")
def test_an_instruction_on_the_parent_may_go_to_the_open_parts(parent: Matter) -> None:
    first, second = parts_of(parent)
    done(first)
    instruct_parts(parent.number, parent.clerk, "顾长风", "一并核查物业。", parent.today(), due_on=date(2026, 3, 30))
    assert (parent.state.due_on, second.state.due_on) == (date(2026, 3, 30), date(2026, 3, 12))
    assert [len(one.state.instructions) for one in (parent, first, second)] == [1, 0, 1]


@pytest.mark.rule("MM-3.4", "LZ-2.5")
def test_when_a_part_is_late_its_unit_is_at_fault_and_the_lead_is_not(parent: Matter) -> None:
    first, second = parts_of(parent)
    done(first)
    parent.at(3, 17, 0, 1)
    assert parent.event("reply_lapsed").data["at_fault"] == ["zhian"]
    assert parent.event("reply_lapsed").data["scores"] is False
    second.at(3, 17, 0, 2)
    assert second.event("reply_lapsed").data.get("scores", True) is True  # the part missed its own date
    done(second)
    assert parent.replied().state.state == "replied"


@pytest.mark.rule("MM-3.4")
def test_when_all_parts_are_in_the_lead_is_at_fault(parent: Matter) -> None:
    for part in parts_of(parent):
        done(part)
    parent.at(3, 17)
    data = parent.event("reply_lapsed").data
    assert (data["at_fault"], data["scores"], data["open_parts"]) == (["jingzhen"], True, [])


@pytest.mark.rule("MM-3.4")
def test_a_part_that_lies_with_the_office_is_nobodys_fault(parent: Matter) -> None:
    first, second = parts_of(parent)
    done(first)
    second.replied()
    parent.at(3, 17)
    assert (parent.event("reply_lapsed").data["at_fault"], parent.event("reply_lapsed").data["scores"]) == ([], False)


@pytest.mark.rule("MM-3.4")
def test_whose_fault_it_was_is_decided_at_the_hour_when_the_date_passed(parent: Matter) -> None:
    first, second = parts_of(parent)
    done(first)
    parent.move(datetime(2026, 3, 18, 9, tzinfo=parent.state.registered_at.tzinfo))
    second.replied()  # nobody had looked at the parent since its date passed
    second.decide("review.office", "审核合格", summary="已办。")
    assert parent.event("reply_lapsed").data["at_fault"] == ["zhian"]
    assert parent.kinds().index("reply_lapsed") > parent.kinds().index("part_ended")  # the first part's
    assert parent.kinds()[-1] == "part_ended"  # the second part's, after all that time had done
    assert parent.event("reply_lapsed").recorded_at < second.event("replied").recorded_at


@pytest.mark.rule("MM-3.4", "LZ-2.5", "BC-5.5c")
def test_who_answers_for_a_parent_that_stays_late_is_the_unit_at_fault(parent: Matter) -> None:
    done(parts_of(parent)[0])
    parent.at(3, 17, 9)
    acts.urge(parent.number)
    parent.at(3, 20, 9)
    assert [case.unit for case in parent.state.cases] == ["zhian"]


@pytest.mark.rule("T36")
def test_with_the_parent_its_open_parts_are_withdrawn(parent: Matter) -> None:
    first, second = parts_of(parent)
    done(first)
    acts.withdraw(parent.number, parent.clerk, "另行安排", parent.chief.name)
    assert [one.state.state for one in (parent, first, second)] == ["cancelled", "closed", "cancelled"]
    assert [part.ended for part in parent.state.parts] == ["closed", "cancelled"]
    assert parent.state.awaiting == (f"file:{parent.state.round}",)
    assert ledger.verify() == []


@pytest.mark.rule("T36")
def test_a_part_may_be_withdrawn_alone(parent: Matter) -> None:
    first, second = parts_of(parent)
    acts.withdraw(first.number, parent.clerk, "不再需要", parent.chief.name)
    done(second)
    assert parent.replied().state.state == "replied"


def test_a_part_that_has_ended_is_not_taken_up_again(parent: Matter) -> None:
    first, _second = parts_of(parent)
    done(first)
    with pytest.raises(Refusal, match="主件 BC-2026-0001"):
        first.instruct(due_on=date(2026, 3, 12))
    with pytest.raises(Refusal, match="主件 BC-2026-0001"):
        acts.leader_return(first.number, first.chief, "chief", "perfunctory", "重办")


def test_two_parts_that_end_at_once_both_count(parent: Matter) -> None:
    first, second = parts_of(parent)
    first.replied()
    second.replied()

    def accept(part: Matter) -> State:
        return part.decide("review.office", "审核合格", summary="已办。")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(accept, (first, second)))
    assert [part.ended for part in parent.state.parts] == ["closed", "closed"]
    assert (parent.state.awaits("children"), ledger.verify()) == (None, [])


def test_a_parent_withdrawn_while_its_parts_report_ends_with_all_of_them_ended(parent: Matter) -> None:
    first, second = parts_of(parent)

    def try_it(act: Callable[[], object]) -> str:
        try:
            act()
        except Refusal as refusal:
            return str(refusal)
        return ""

    deeds: list[Callable[[], object]] = [
        lambda: first.replied("一"),
        lambda: acts.withdraw(parent.number, parent.clerk, "另行安排", parent.chief.name),
        lambda: second.replied("二"),
        lambda: acts.report_progress(first.number, first.unit, "进展"),
    ]
    with ThreadPoolExecutor(4) as pool:
        refused = [said for said in pool.map(try_it, deeds) if said]
    assert all("已撤销" in said or "正在审核" in said for said in refused)
    assert {one.state.state for one in (parent, first, second)} == {"cancelled"}
    assert ledger.verify() == []


@pytest.mark.rule("LZ-2.5")
@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ("", "没有填写"),
        ("法制支队 甲\n法制支队 乙", "第2项分工的法制支队前面已经有分工"),
        ("林业局 甲", "第1项分工：.*林业局"),
        ("法制支队 甲 2026-03-17", "晚于主件的期限 2026-03-16"),
        ("法制支队 甲 2026-02-27", "已经过去"),
        ("法制支队", "第1项分工的要求"),
        ([{"unit": "法制支队", "requirement": "甲", "due_on": "三月"}], "不是有效日期"),
    ],
)
def test_a_division_that_cannot_be_is_refused_with_its_row(
    new_matter: Callable[..., Matter], parts: object, why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        new_matter(parts=parts)


def test_a_division_belongs_to_matters_that_are_divided(matter: Matter) -> None:
    with pytest.raises(Refusal, match="没有“分工”表"):
        acts.register({**FORM, "parts": PARTS}, person("office"), "x")


def test_without_a_date_a_part_ends_with_the_whole(new_matter: Callable[..., Matter]) -> None:
    parent = divided(new_matter(parts="法制支队：核对执法依据\n经侦支队 查清资金"))
    assert [part.due_on for part in parent.state.parts] == [date(2026, 3, 16)] * 2
    assert [part.unit for part in parent.state.parts] == ["fazhi", "jingzhen"]  # the lead may have a share of its own


def test_a_part_whose_date_the_signing_has_used_up_ends_with_the_whole(new_matter: Callable[..., Matter]) -> None:
    parent = divided(new_matter().at(3, 12))
    assert [part.due_on.day for part in parent.state.parts] == [16, 12]


@pytest.mark.parametrize(
    ("line", "unit", "requirement", "due_on"),
    [
        ("经侦支队 核查资金流向 2026-03-10", "经侦支队", "核查资金流向", "2026-03-10"),
        ("1、经侦支队：核查资金流向，3月10日前", "经侦支队", "核查资金流向", "2026-03-10"),
        ("经侦支队　核查 3月1日 以来的警情", "经侦支队", "核查 3月1日 以来的警情", ""),
        ("经侦支队", "经侦支队", "", ""),
    ],
)
def test_people_write_a_part_in_many_ways(line: str, unit: str, requirement: str, due_on: str) -> None:
    expected = {"unit": unit, "requirement": requirement, "due_on": due_on}
    assert part_of_line(line, date(2026, 3, 2)) == expected


@pytest.mark.rule("T11b")
def test_a_part_may_be_declined_and_go_to_another_unit(new_matter: Callable[..., Matter]) -> None:
    parent = new_matter().in_progress()
    decompose(parent.number)
    first = parts_of(parent)[0]
    acts.decline(first.number, first.unit, "执法依据归治安支队管")
    parent.decide("call", "已电话通知", callee="联络员")
    first.decide("reassign", "改派", unit="刑侦支队", reason="由刑侦支队核对")
    first.decide("sign.director", "同意")
    first.decide("sign.chief", "签发")
    state = acts.deliver(first.number)
    assert (state.unit, state.parts, state.due_on) == ("xingzhen", (), date(2026, 3, 11))
    assert [part.unit for part in parent.state.parts] == ["xingzhen", "zhian"]
    assert ledger.verify() == []


@pytest.mark.rule("MM-3.4")
def test_a_part_that_was_declined_is_nobodys_fault_until_it_is_given_again(new_matter: Callable[..., Matter]) -> None:
    parent = new_matter().in_progress()
    decompose(parent.number)
    first, second = parts_of(parent)
    acts.decline(first.number, first.unit, "不归我们管")
    acts.receive(second.number, second.unit)
    done(second)
    parent.at(3, 17)
    assert (parent.event("reply_lapsed").data["at_fault"], parent.event("reply_lapsed").data["scores"]) == ([], False)


@pytest.mark.rule("LZ-2.5", "MM-3.4", "A10")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    walk=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["reply", "review", "return", "extend", "pass", "instruct"])),
        min_size=4,
        max_size=14,
    )
)
def test_whatever_happens_a_part_keeps_within_its_parent_and_the_parent_waits(
    dividing: None, new_ledger: Callable[[datetime | None], str], walk: list[tuple[int, str]]
) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
    new_ledger(now)

    def move(moment: datetime) -> None:
        with ledger.transaction() as session:
            ledger.advance(session, moment - clock.now(session))

    form = {**FORM, "type": "decomposed", "parts": PARTS, "due_on": "2026-03-16"}
    parent = divided(Matter(acts.register(form, person("office"), "walk").number, move))
    family = [parent, *parts_of(parent)]
    for n, (who, what) in enumerate(walk):
        one = family[who]
        now += timedelta(days=1)
        move(now)
        for matter in family:
            acts.lapse(matter.number)
        before = parent.state
        deeds: dict[str, Callable[[], object]] = {
            "reply": lambda one=one, n=n: one.replied(f"第{n}份"),
            "review": lambda one=one: one.decide("review.office", "审核合格", summary="已办。"),
            "return": lambda one=one: one.decide("review.office", "退回补办", reason="补充修改", requirement="补"),
            "extend": lambda one=one, now=now: one.extend(now.date() + timedelta(days=4)),
            "instruct": lambda one=one, now=now: one.instruct(f"{now}", due_on=now.date() + timedelta(days=3)),
            "pass": lambda: None,
        }
        if what in ("review", "return") and one.state.awaits("review.office") is None:
            continue
        with suppress(Refusal):
            deeds[what]()
        ends = {part.number: part for part in parent.state.parts}
        for part in family[1:]:
            # A date that somebody wrote down keeps within the parent's; the short limit of a return may not.
            stated = part.state.current.opened_by not in ("returned",)
            if stated and not part.state.ended and before.due_at and before.due_at > now:
                assert part.state.due_on <= max(filter(None, (before.due_on, parent.state.due_on)))
            assert (ends[part.number].ended == "closed") == (part.state.state == "closed")
        if parent.state.state in ("replied", "accepted", "report_review"):
            assert all(part.ended for part in ends.values())
    for event in parent.events:
        if event.kind == "reply_lapsed":
            assert event.data["scores"] == (not event.data["open_parts"])
    assert ledger.verify() == []
