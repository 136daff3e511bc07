"""兰州: how a matter comes in and goes out: the deputy in charge reads it, or the office does it itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from matters import FORM, Matter, report

from duban import acts, organization
from duban.errors import Refusal
from duban.ledger import Actor

Make = Callable[..., Matter]
OWN = {"mode": "own", "unit": "", "own_reason": "涉及全市稳定，局长办公会定由办公室直接办。"}


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, new_matter: Make) -> Make:
    monkeypatch.setenv("DUBAN_REGULATION", "lanzhou")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)

    def registered(**changes: Any) -> Matter:
        said = {"unit": "城关分局", "source": 5, "instruction_by": "靳伯言", "due_on": "2026-03-12"}
        matter = new_matter(**said | changes)
        matter.unit = Actor("chengguan.liaison", "郗小晴", "liaison", "chengguan")
        return matter

    return registered


@pytest.fixture
def in_charge() -> Actor:
    return Actor("he.deputy", "贺连城", "deputy")


@pytest.mark.rule("LZ-3.1.1", "T9'")
def test_3_1_1_the_deputy_in_charge_reads_it_and_no_chief_signs(make: Make, in_charge: Actor) -> None:
    matter = make()
    assert matter.state.awaiting == ("sign.deputy:1",)
    with pytest.raises(Refusal, match="分管领导贺连城办理"):
        matter.decide("sign.deputy", "阅示", Actor("long.deputy", "陇秋原", "deputy"))
    state = matter.decide("sign.deputy", "阅示", in_charge)
    assert (state.state, list(state.signatures)) == ("issued", ["deputy"])


@pytest.mark.rule("LZ-3.1.1", "LZ-3.2", "T11")
def test_3_2_where_no_receipt_is_laid_down_the_unit_has_it_at_once_and_reads(make: Make, in_charge: Actor) -> None:
    matter = make()
    matter.decide("sign.deputy", "阅示", in_charge)
    state = acts.deliver(matter.number)
    assert (state.state, set(state.awaiting)) == ("received", {"reply:1", "reading:1"})
    assert (state.received_at, state.due_on) == (matter.event("dispatched").at, date(2026, 3, 12))
    assert "reading:1" not in state.timers  # 及时: no number, so nobody is late
    assert [paper.kind for paper in state.documents] == ["督办通知"]
    assert acts.read(matter.number, matter.unit).state == "in_progress"


@pytest.mark.rule("LZ-1.1–1.9", "A1")
@pytest.mark.parametrize("source", range(1, 10))
def test_1_every_source_takes_the_one_notice_with_or_without_an_instruction(
    make: Make, in_charge: Actor, source: int
) -> None:
    for leader in ("靳伯言", ""):
        said = {"instruction_by": leader} | ({} if leader else {"instruction_on": "", "instruction_text": ""})
        matter = make(source=source, **said)
        matter.decide("sign.deputy", "阅示", in_charge)
        acts.deliver(matter.number)
        assert [paper.kind for paper in matter.state.documents] == ["督办通知"]


@pytest.mark.rule("LZ-1.1–1.9", "LZ-3.4a", "LZ-3.4b")
@pytest.mark.parametrize(
    ("source", "up"), [(1, False), (2, False), (3, True), (4, True), (5, False), (6, True), (7, True), (8, True)]
)
def test_3_4_what_bodies_and_leaders_above_gave_goes_up(make: Make, source: int, up: bool) -> None:
    assert make(source=source).state.form["report_up"] is up
    if not up:
        with pytest.raises(Refusal, match="没有规定这类来源怎样上报"):
            make(source=source, report_up="是")


@pytest.mark.rule("LZ-3.1.2", "T10s")
def test_3_1_2_the_office_does_it_itself_and_no_unit_is_asked(make: Make, in_charge: Actor) -> None:
    matter = make(**OWN)
    assert (matter.state.unit, matter.state.awaiting) == (organization.OFFICE, ("sign.deputy:1",))
    assert "兰州市公安局办公室" in acts.question(matter.state, "sign.deputy:1").body
    matter.decide("sign.deputy", "阅示", in_charge)
    state = acts.deliver(matter.number)
    assert (state.state, state.round, state.awaiting) == ("in_progress", 1, ("own_result:1",))
    with pytest.raises(Refusal, match="办理情况”没有填写"):
        matter.decide("own_result", "办理完毕")
    with pytest.raises(Refusal, match="办理人员”没有填写"):
        matter.decide("own_result", "办理完毕", summary="已约谈并整改。")
    with pytest.raises(Refusal, match="晚于今天"):
        matter.decide("own_result", "办理完毕", summary="已整改。", people="金若兰", on="2026-03-03")
    state = matter.decide("own_result", "办理完毕", summary="已约谈并整改。", conclusion="属实。", people="金若兰")
    assert (state.state, state.awaiting) == ("accepted", ("report:1",))
    acts.write_report(matter.number)
    state = matter.decide("approve.director", "批准办结", Actor("zong.director", "宗效平", "director"))
    assert (state.state, "accepted" in matter.kinds(), "replied" in matter.kinds()) == ("closed", False, False)
    papers = [paper.kind for paper in matter.state.documents]
    assert papers == ["直接办理记录", "督办报告", "督办报告"], "the second report bears the approval"


@pytest.mark.rule("LZ-3.1.2")
def test_3_1_2_of_a_secret_the_office_says_where_the_paper_is_and_nothing_else(make: Make, in_charge: Actor) -> None:
    secret = {"mark": "秘密★1年", "paper": "保密室", "requirement": "", "instruction_text": "", "own_reason": ""}
    matter = make(**OWN | secret)
    matter.decide("sign.deputy", "阅示", in_charge)
    key = acts.deliver(matter.number).awaiting[0]
    with pytest.raises(Refusal, match="不得录入本系统，请写“见纸质件”"):
        matter.decide("own_result", "办理完毕", summary="已约谈。", people="丁铭")
    said = acts.question(matter.state, key).fields["summary"]["default"]
    assert matter.decide("own_result", "办理完毕", summary=said, people="丁铭").state == "accepted"
    assert matter.event("own_result").data["summary"] == "（内容见纸质件）"


@pytest.mark.rule("LZ-3.1.2")
def test_3_1_2_late_with_its_own_matter_the_office_is_late_on_record(make: Make, in_charge: Actor) -> None:
    matter = make(**OWN)
    matter.decide("sign.deputy", "阅示", in_charge)
    acts.deliver(matter.number)
    state = matter.at(3, 13, 0, 0).state
    assert (state.state, state.current.lapsed, state.awaiting) == ("overdue", True, ("own_result:1",))
    for _ in range(2):
        state = acts.report_own(matter.number, matter.clerk, "已办结。", "", "丁铭")
    assert (state.state, matter.kinds().count("own_result")) == ("accepted", 1)
    assert matter.event("own_result").data["on_time"] is False


@pytest.mark.rule("LZ-3.1.2", "T16", "T25")
def test_3_1_2_a_new_instruction_or_a_return_goes_back_to_the_office(make: Make, in_charge: Actor) -> None:
    matter = make(**OWN)
    matter.decide("sign.deputy", "阅示", in_charge)
    acts.deliver(matter.number)
    assert matter.instruct(due_on=date(2026, 3, 20)).awaiting == ("own_result:2",)
    matter.decide("own_result", "办理完毕", summary="已办结。", people="丁铭")
    acts.write_report(matter.number)
    assert matter.instruct("再查。", due_on=date(2026, 3, 25)).awaiting == ("own_result:3",)


@pytest.mark.rule("LZ-3.1.2")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"own_reason": ""}, "特别重要的理由”没有填写"),
        ({"unit": "城关分局"}, "“承办单位”请留空"),
        ({"cohandlers": "西固分局"}, "“协办单位”请留空"),
        ({"type": "decomposed"}, "请交承办单位"),
        ({"mode": "written", "unit": "城关分局"}, "用不着"),
        ({"mode": "phone"}, "从书面、直接办理中选择"),
        ({"mode": "written", "own_reason": "", "unit": "office"}, "请登记为直接办理"),
    ],
    ids=str,
)
def test_3_1_2_only_what_is_of_special_importance(make: Make, changes: dict[str, str], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        make(**(OWN | changes))


def test_3_1_2_people_of_units_have_nothing_to_do_with_it(make: Make, in_charge: Actor) -> None:
    matter = make(**OWN)
    matter.decide("sign.deputy", "阅示", in_charge)
    acts.deliver(matter.number)
    assert not acts.may_see(matter.state, matter.unit)
    with pytest.raises(Refusal, match="不能代办"):
        acts.report_own(matter.number, matter.unit, "办完了。", "", "丁铭")
    with pytest.raises(Refusal, match="直接办理，没有承办单位的手续"):
        acts.reply(matter.number, acts.OPERATOR, "办结报告.docx", report(), "文照川")


@pytest.mark.rule("LZ-2.2–2.3", "LZ-2.4")
@pytest.mark.parametrize(
    ("user", "may"), [("chengguan.liaison", True), ("chengguan.checker", True), ("chengguan.head", False)]
)
def test_2_4_what_comes_and_goes_passes_through_one_channel(make: Make, in_charge: Actor, user: str, may: bool) -> None:
    someone = organization.load("lanzhou").person(user)
    actor = Actor(user, someone.name, someone.posts[0], someone.unit)
    matter = make()
    matter.decide("sign.deputy", "阅示", in_charge)
    acts.deliver(matter.number)
    sent = (matter.number, actor, "办结报告.docx", report(), "文照川")
    if may:
        assert acts.reply(*sent).state == "replied"
        return
    with pytest.raises(Refusal, match="只经本单位办公室"):
        acts.reply(*sent)
    assert matter.state.state == "received"


@pytest.mark.rule("LZ-2.3", "R-UCHECK")
def test_2_3_a_unit_where_nobody_looks_replies_through_is_given_nothing(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = organization.load("lanzhou").unit("城关分局")
    monkeypatch.setattr(organization.Organization, "unit", lambda _org, _name: replace(known, checker=None))
    with pytest.raises(Refusal, match=r"城关分局.*审核人"):
        make()


@pytest.mark.rule("LZ-2.4")
def test_2_4_a_helping_unit_takes_its_copy_through_the_same_channel(make: Make, in_charge: Actor) -> None:
    matter = make(cohandlers="西固分局")
    matter.decide("sign.deputy", "阅示", in_charge)
    acts.deliver(matter.number)
    people = organization.load("lanzhou").unit("西固分局").posts
    head, checker = (Actor(people[p].user, people[p].name, p, "xigu") for p in ("unit_head", "unit_checker"))
    with pytest.raises(Refusal, match="只经本单位办公室"):
        acts.receive(matter.number, head)
    acts.receive(matter.number, checker)
    assert matter.event("copy_received").data["unit"] == "xigu"


def test_what_lanzhou_does_not_know_is_not_offered(make: Make) -> None:
    for changes in ({"proposed_by": "城关分局", "proposal_reason": "需要"}, {"readers": "文照川"}):
        with pytest.raises(Refusal, match="没有规定"):
            make(**changes)
    assert FORM["unit"]
