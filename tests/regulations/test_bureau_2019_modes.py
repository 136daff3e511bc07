"""某某局 2019: one leader approves, the matter is with the unit at once, and some know of it whom others do not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from matters import Matter

from duban import acts, organization
from duban.errors import Refusal
from duban.ledger import Actor

Make = Callable[..., Matter]
CHIEF = Actor("qin.chief", "秦维岳", "chief")
CHU = Actor("chu.deputy", "褚良才", "deputy")
ZU = Actor("zu.deputy", "祖慧敏", "deputy")


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, new_matter: Make) -> Make:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)

    def registered(**changes: Any) -> Matter:
        said = {"unit": "综合科", "source": 3, "instruction_by": "秦维岳", "due_on": "2026-03-12"}
        matter = new_matter(**said | changes)
        matter.unit = Actor("zonghe.liaison", "练小波", "liaison", "zonghe")
        return matter

    return registered


@pytest.mark.rule("MM-4.1", "MM-3.3", "T9''")
@pytest.mark.parametrize("who", [CHIEF, CHU], ids=["chief", "deputy in charge"])
def test_4_1_one_leader_approves_and_the_notice_is_issued(make: Make, who: Actor) -> None:
    matter = make()
    assert matter.state.awaiting == ("sign.leader:1",)
    with pytest.raises(Refusal, match="秦维岳、褚良才办理"):
        matter.decide("sign.leader", "审批", ZU)
    assert matter.decide("sign.leader", "审批", who).state == "issued"
    acts.deliver(matter.number)
    assert [paper.kind for paper in matter.state.documents] == ["政务督查通知单"]


@pytest.mark.rule("MM-4.1", "T9")
def test_4_1_not_approved_it_is_no_matter(make: Make) -> None:
    matter = make()
    state = matter.decide("sign.leader", "不批", CHIEF, opinion="不属于督查事项")
    assert state.state == "cancelled"


@pytest.mark.rule("MM-4.2", "T11", "T12")
def test_4_2_a_limit_is_named_and_without_receipt_and_reading_work_begins_at_once(make: Make) -> None:
    with pytest.raises(Refusal, match="写明办理期限"):
        make(due_on="")
    matter = make()
    matter.decide("sign.leader", "审批", CHIEF)
    state = acts.deliver(matter.number)
    assert (state.state, state.awaiting, state.due_on) == ("in_progress", ("reply:1",), date(2026, 3, 12))
    assert state.received_at == state.read_at == matter.event("dispatched").at


@pytest.mark.rule("MM-2.1–2.7", "A1")
@pytest.mark.parametrize(
    ("source", "up"), [(1, True), (2, True), (3, True), (4, True), (5, False), (6, True), (7, False)]
)
def test_2_every_source_takes_the_one_notice_and_knows_whether_it_goes_up(make: Make, source: int, up: bool) -> None:
    matter = make(source=source)
    assert matter.state.form["report_up"] is up
    matter.decide("sign.leader", "审批", CHIEF)
    acts.deliver(matter.number)
    assert [paper.kind for paper in matter.state.documents] == ["政务督查通知单"]


@pytest.mark.rule("MM-5.5")
def test_5_5_only_those_named_know_of_it(make: Make) -> None:
    matter = make(readers="符永清、caiwu.head")
    assert matter.state.form["readers"] == ["zonghe.head", "caiwu.head"]
    seen = {
        user: acts.may_see(matter.state, Actor(user, user, post, user.partition(".")[0]))
        for user, post in (("zonghe.head", "unit_head"), ("zonghe.liaison", "liaison"), ("caiwu.head", "unit_head"))
    }
    assert seen == {"zonghe.head": True, "zonghe.liaison": False, "caiwu.head": True}


@pytest.mark.rule("MM-5.5")
@pytest.mark.parametrize(
    ("readers", "said"),
    [("不存在", "机构文件里没有"), ("章国栋", "没有综合科的人")],
    ids=["unknown", "nobody of the unit"],
)
def test_5_5_a_list_that_nobody_could_work_with_is_refused(make: Make, readers: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        make(readers=readers)


@pytest.mark.rule("MM-3.3")
@pytest.mark.parametrize("mode", ["phone", "onsite", "joint", "covert", "own"])
def test_3_1_there_is_the_written_mode_and_no_other(make: Make, mode: str) -> None:
    with pytest.raises(Refusal, match="从书面中选择"):
        make(mode=mode)


@pytest.mark.rule("MM-5.5", "MM-3.4")
def test_5_5_the_parts_of_a_matter_are_for_its_readers_too(make: Make) -> None:
    divided = {"type": "decomposed", "parts": "综合科 汇总\n规划财务科 核对"}
    with pytest.raises(Refusal, match="“知情人员”里没有规划财务科的人，第2项分工就没有人能办"):
        make(readers="符永清", **divided)
    matter = make(readers="符永清、caiwu.head", **divided)
    matter.decide("sign.leader", "审批", CHIEF)
    acts.deliver(matter.number)
    acts.decompose(matter.number)
    part = Matter(matter.state.parts[1].number, matter.move)
    assert acts.may_see(part.state, Actor("caiwu.head", "章国栋", "unit_head", "caiwu"))
    assert not acts.may_see(part.state, Actor("caiwu.liaison", "联络员", "liaison", "caiwu"))


@pytest.mark.rule("MM-5.5", "T11b")
def test_5_5_who_may_know_is_named_anew_when_another_unit_gets_the_matter(make: Make) -> None:
    matter = make(readers="练小波")
    matter.decide("sign.leader", "审批", CHIEF)
    acts.deliver(matter.number)
    acts.decline(matter.number, matter.unit, "属财务职责")
    fields = acts.question(matter.state, matter.state.awaits("reassign") or "").fields
    assert fields["readers"]["title"] == "知情人员"
    with pytest.raises(Refusal, match=r"“知情人员”里没有.*的人"):
        matter.decide("reassign", "改派", unit="规划财务科", reason="属财务")
    reader = organization.load().unit("规划财务科").liaison
    state = matter.decide("reassign", "改派", unit="规划财务科", reason="属财务", readers=reader.name)
    assert state.form["readers"] == [reader.user]
    assert acts.may_see(state, Actor(reader.user, reader.name, "liaison", reader.unit))
    assert not acts.may_see(state, matter.unit)


def test_a_matter_that_all_may_know_of_is_not_asked_for_readers(make: Make) -> None:
    matter = make()
    matter.decide("sign.leader", "审批", CHIEF)
    acts.deliver(matter.number)
    acts.decline(matter.number, matter.unit, "属财务职责")
    assert "readers" not in acts.question(matter.state, matter.state.awaits("reassign") or "").fields
