"""兰州: its own chain, urging, review and three ways up, by the same acts (rules.md LZ, §6)."""

from dataclasses import replace
from datetime import date

import pytest
from bureaus import Make, at_work, made, through, without_instruction
from matters import Matter, report

from duban import acts, organization
from duban.errors import Refusal

LATE = date(2026, 3, 9)


@pytest.fixture(autouse=True)
def lanzhou(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "lanzhou")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)


def matter_of(make: Make, unit: str = "城关分局", **changes: object) -> Matter:
    said = {"source": 5, "due_on": LATE.isoformat(), "instruction_by": "靳伯言"}
    return at_work(make, unit, **said | changes)


def replied(matter: Matter, text: str = "办结报告") -> Matter:
    head = organization.load().unit(matter.state.unit).head.name
    acts.reply(matter.number, matter.unit, "办结报告.docx", report(text), head)
    return matter


def closing(matter: Matter) -> Matter:
    matter.decide("review.office", "审核合格", summary="已核查。")
    acts.write_report(matter.number)
    through(matter, "approve", "批准办结")
    return matter


def papers(matter: Matter) -> list[str]:
    return [paper.kind for paper in matter.state.documents]


@pytest.mark.rule("LZ-3.1.1", "T9'")
def test_3_1_the_deputy_in_charge_of_the_unit_sees_it_and_nobody_signs_after(new_matter: Make) -> None:
    matter = made(new_matter, "城关分局", source=5, due_on=LATE.isoformat(), instruction_by="靳伯言")
    assert matter.state.awaiting == ("sign.deputy:1",)
    assert through(matter, "sign", "签发").awaiting == ("deliver:1",)


@pytest.mark.rule("LZ-2.6")
def test_2_nothing_is_reported_without_the_heads_word(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="须经单位主要领导审核签字"):
        acts.reply(matter.number, matter.unit, "办结报告.docx", report(), "")
    assert replied(matter).state.state == "replied"


@pytest.mark.rule("LZ-3.4c")
def test_3_4_a_units_report_has_a_number_in_the_units_own_series(new_matter: Make) -> None:
    first, second, other = matter_of(new_matter), matter_of(new_matter), matter_of(new_matter, "西固分局")
    numbers = [replied(one).event("replied").data["reference"] for one in (first, second, other)]
    assert numbers == ["兰公城报〔2026〕1号", "兰公城报〔2026〕2号", "兰公西报〔2026〕1号"]
    assert papers(first)[-1] == "上行文"


@pytest.mark.rule("LZ-3.4c")
def test_3_4_a_unit_without_a_letter_gets_no_number_made_of_its_name(
    new_matter: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter, known = matter_of(new_matter), organization.load().unit("城关分局")
    monkeypatch.setattr(organization.Organization, "unit", lambda _org, _name: replace(known, letter=""))
    with pytest.raises(Refusal, match="城关分局在机构文件里没有写“代字”"):
        replied(matter)
    assert matter.state.state == "in_progress"


@pytest.mark.rule("LZ-3.2")
def test_3_2_the_form_is_looked_at_and_what_is_wrong_is_reported_again(new_matter: Make) -> None:
    matter = replied(matter_of(new_matter))
    question = acts.question(matter.state, "review.office:1")
    assert question.options == ("审核合格", "退回补办", "续办")
    assert {"format_fault", "no_paper"} <= set(question.fields)
    assert "不扣分" in question.fields["reason"]["description"]
    assert "记录在案" in question.fields["format_fault"]["description"]
    with pytest.raises(Refusal, match="纸质件还没有收到"):
        matter.decide("review.office", "审核合格", summary="已核查。", no_paper=True)
    state = matter.decide("review.office", "退回补办", reason="重新查报", requirement="补充结果")
    assert (state.state, state.round, papers(matter)[-1]) == ("returned", 2, "重新上报通知")
    replied(matter, "再报")
    matter.decide("review.office", "审核合格", summary="已核查。")
    acts.write_report(matter.number)
    assert "主任退回重报" in acts.question(matter.state, "approve.director:2").options
    state = through(matter, "approve", "主任退回重报", reason="重新查报", requirement="核对数据")
    assert (state.state, state.round) == ("returned", 3)


@pytest.mark.rule("LZ-3.3")
def test_3_3_what_is_late_is_listed_and_the_office_urges_as_it_sees_fit(new_matter: Make) -> None:
    matter = matter_of(new_matter).at(3, 10)
    assert matter.event("reply_lapsed").data["listed"] is True
    assert (matter.state.state, matter.state.awaits("urge.office")) == ("overdue", "urge.office:1")
    assert acts.urge(matter.number).state == "overdue"  # there is no urge that goes out by itself
    assert acts.question(matter.state, "urge.office:1").options == ("电话催办", "其他方式催办", "暂不催办")
    with pytest.raises(Refusal, match="催办内容"):
        matter.decide("urge.office", "电话催办")
    state = matter.decide("urge.office", "电话催办", text="倪国梁答应周五报来", due_on="2026-03-13")
    assert (state.state, state.awaits("urged_reply")) == ("urged", "urged_reply:1")
    matter.at(3, 16)
    assert (matter.state.awaits("urge.office"), matter.state.cases) == ("urge.office:1.2", ())
    matter.decide("urge.office", "暂不催办", text="分局正在办理大案", due_on="2026-03-18")
    assert (matter.state.state, matter.state.awaits("urged_reply")) == ("overdue", "urged_reply:1.2")
    matter.at(3, 19)
    assert matter.state.awaits("urge.office") == "urge.office:1.3"
    assert replied(matter).state.state == "replied"


@pytest.mark.rule("LZ-3.3")
def test_3_3_there_is_no_urge_notice_to_send(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="没有规定催办文书"):
        acts.urge_by_hand(matter.number, matter.clerk, "document", "限期报送")
    acts.urge_by_hand(matter.number, matter.clerk, "other", "会上催办")
    assert matter.event("urged_by_hand").data["reference"] == ""


@pytest.mark.rule("LZ-3.4a", "LZ-3.4b", "A24", "T30", "T32")
@pytest.mark.parametrize(
    ("leader", "paper", "desk", "number"),
    [("马某某", "专报", "leader", "兰公办〔2026〕1号"), ("", "信函", "deputy", "兰公督字〔2026〕1号")],
    ids=["a leader above", "a body above"],
)
def test_3_4_each_way_up_has_its_form_its_signer_and_its_series(
    new_matter: Make, leader: str, paper: str, desk: str, number: str
) -> None:
    said = {"instruction_by": leader} if leader else without_instruction()
    matter = closing(replied(matter_of(new_matter, source=4, report_to="甘肃省公安厅", **said)))
    assert matter.state.state == "report_up"
    acts.draft_upward(matter.number)
    assert matter.state.awaits(f"sign_up.{desk}")
    through(matter, "sign_up", "签发")
    state = matter.decide("send_up", "已报送", to="甘肃省公安厅", how="机要交换")
    assert (state.state, state.upward["reference"], papers(matter)[-1]) == ("closed", number, paper)


@pytest.mark.rule("LZ-3.4a")
def test_3_4_only_a_leader_of_the_bureau_signs_what_goes_up(new_matter: Make) -> None:
    matter = closing(replied(matter_of(new_matter, source=4, instruction_by="马某某")))
    acts.draft_upward(matter.number)
    with pytest.raises(Refusal, match="不能代办"):
        matter.decide("sign_up.leader", "签发", matter.director)


@pytest.mark.rule("T36", "T33")
def test_t36_where_the_deputy_signs_the_deputy_lets_it_go(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="须经主管副局长贺连城或靳伯言批准"):
        acts.withdraw(matter.number, matter.clerk, "事项取消", "宗效平")
    assert acts.withdraw(matter.number, matter.clerk, "事项取消", "贺连城").state == "cancelled"


@pytest.mark.rule("LZ-2.4")
def test_2_who_drags_it_out_with_grave_consequences_answers_for_it(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="没有“别的”这种追责情形"):
        acts.hold_to_account(matter.number, matter.clerk, "别的", "两次退件")
    for _ in range(2):
        acts.hold_to_account(matter.number, matter.clerk, "推诿拖延造成严重后果", "两次退件")
    assert [(case.clause, case.owes) for case in matter.state.cases] == [("二", ())]


@pytest.mark.rule("T15")
def test_nobody_extends_where_the_regulation_knows_no_extension(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="不准延期"):
        matter.extend(date(2026, 3, 20))
