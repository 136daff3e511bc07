"""某某局 2019: no duty to check, urging at the office's choice, the deputy signs (rules.md MM, §6)."""

from datetime import date
from io import BytesIO

import docx
import pytest
from bureaus import Make, at_work, holder, through
from matters import Matter, report

from duban import acts
from duban.errors import Refusal
from duban.ledger import fetch_file


@pytest.fixture(autouse=True)
def bureau(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)


def matter_of(make: Make, unit: str = "规划财务科", **changes: object) -> Matter:
    said = {"source": 5, "due_on": "2026-03-09", "instruction_by": "秦维岳"}
    return at_work(make, unit, **said | changes)


def replied(matter: Matter, text: str = "办理情况") -> Matter:
    acts.reply(matter.number, matter.unit, "办理情况.docx", report(text), "褚良才")
    return matter


def papers(matter: Matter) -> list[str]:
    return [paper.kind for paper in matter.state.documents]


@pytest.mark.rule("MM-4.1", "MM-3.3")
def test_4_1_the_notice_bears_the_name_of_the_leader_who_signed_it(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    notice = next(paper for paper in matter.state.documents if paper.kind == "政务督查通知单")
    cells = [
        cell.text for row in docx.Document(BytesIO(fetch_file(notice.sha256))).tables[-1].rows for cell in row.cells
    ]
    signed = matter.state.signatures["leader"]["by"]
    assert f"{signed}\n2026年3月2日" in cells


@pytest.mark.rule("MM-4.4")
def test_4_4_the_deputy_in_charge_signs_the_reply(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="须经分管领导审核签字"):
        acts.reply(matter.number, matter.unit, "办理情况.docx", report(), "")
    for wrong in ("章国栋", "祖慧敏"):  # the head of the unit; the deputy in charge of others
        with pytest.raises(Refusal, match=f"签字人“{wrong}”不符"):
            acts.reply(matter.number, matter.unit, "办理情况.docx", report(), wrong)
    assert replied(matter).state.state == "replied"


@pytest.mark.rule("MM-4.4")
def test_4_4_paper_alone_will_do(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    state = acts.reply_on_paper(matter.number, matter.clerk, "文件柜2", "褚良才", "已核对预算执行。")
    assert (state.state, state.current.reply, matter.event("replied").data["place"]) == ("replied", "", "文件柜2")


@pytest.mark.rule("MM-3.2")
def test_3_1_the_office_takes_what_it_gets_and_checks_nothing(new_matter: Make) -> None:
    matter = replied(matter_of(new_matter, violation=True))
    question = acts.question(matter.state, "review.office:1")
    assert question.options[0] == "接收汇总"
    assert set(question.fields) == {"summary", "conclusion", "opinion", "reason", "requirement", "due_on"}
    assert "系统核对" not in question.body
    state = matter.decide("review.office", "接收汇总", summary="已核对预算执行。")
    assert state.state == "accepted"


@pytest.mark.rule("MM-4.4", "T30", "T32")
def test_4_4_the_chief_signs_and_it_is_reported_in_one_form(new_matter: Make) -> None:
    matter = replied(matter_of(new_matter, source=3, report_to="市政府办公室"))
    matter.decide("review.office", "接收汇总", summary="已核对预算执行。")
    acts.write_report(matter.number)
    assert matter.state.awaiting == ("approve.chief:1",)
    through(matter, "approve", "批准办结")
    acts.draft_upward(matter.number)
    through(matter, "sign_up", "签发")
    state = matter.decide("send_up", "已报送", to="市政府办公室", how="公文系统")
    assert (state.state, state.upward["reference"]) == ("closed", "某局报〔2026〕1号")
    assert papers(matter)[-1] == "统一报送"


@pytest.mark.rule("MM-4.3", "A25")
def test_4_3_before_the_deadline_the_office_may_urge_with_its_form(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    acts.urge_by_hand(matter.number, matter.clerk, "document", "请在3月9日前报来。")
    assert papers(matter)[-1] == "政务督查催办单"
    assert (matter.state.state, matter.event("urged_by_hand").data["reference"]) == (
        "in_progress",
        "某局督催〔2026〕1号",
    )
    with pytest.raises(Refusal, match="没有规定用“其他”催办"):
        acts.urge_by_hand(matter.number, matter.clerk, "other", "会上催办")


@pytest.mark.rule("MM-4.3")
def test_4_3_after_the_deadline_the_office_decides_and_writes_the_date_itself(new_matter: Make) -> None:
    matter = matter_of(new_matter).at(3, 10)
    assert matter.state.awaits("urge.office") == "urge.office:1"
    with pytest.raises(Refusal, match="请填写“限期”"):
        matter.decide("urge.office", "发催办单")
    state = matter.decide("urge.office", "发催办单", due_on="2026-03-12")
    assert (state.state, papers(matter)[-1]) == ("urged", "政务督查催办单")
    assert state.timers["urged_reply:1"].isoformat() == "2026-03-12T17:30:00+08:00"
    matter.at(3, 13)
    assert (matter.state.state, matter.state.cases) == ("overdue", ())  # nothing is laid down: the office decides again
    assert matter.state.awaits("urge.office") == "urge.office:1.2"
    matter.decide("urge.office", "发催办单", due_on="2026-03-16")
    assert papers(matter).count("政务督查催办单") == 2
    acts.report_progress(matter.number, matter.unit, "正在核对", date(2026, 3, 20))
    assert (matter.state.round, matter.state.due_on) == (2, date(2026, 3, 20))


@pytest.mark.rule("MM-6.4", "T15")
def test_6_why_it_cannot_be_done_in_time_is_explained_in_writing(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="未办结原因"):
        acts.extend(matter.number, matter.unit, "", "", date(2026, 3, 16), "")
    state = acts.extend(matter.number, matter.unit, "等待省厅数据", "", date(2026, 3, 16), "")
    assert (state.round, state.due_on, papers(matter)[-1]) == (2, date(2026, 3, 16), "未办结情况说明")
    with pytest.raises(Refusal, match="没有规定办公室可以不同意"):
        acts.object_extension(matter.number, matter.clerk, "理由不充分")


@pytest.mark.rule("MM-6.4")
def test_6_who_neither_does_it_nor_says_why_is_reported_to_the_party_group(new_matter: Make) -> None:
    matter = matter_of(new_matter).at(3, 10)
    acts.hold_to_account(matter.number, matter.clerk, "逾期不办又不能说明原因", "三次催办没有回音")
    case = matter.state.cases[0]
    assert (case.clause, case.unit, case.owes) == ("六", "caiwu", ("caiwu",))
    assert papers(matter)[-2:] == ["问责登记表", "向局党组书面说明通知"]
    acts.hold_to_account(matter.number, matter.clerk, "逾期不办又不能说明原因", "三次催办没有回音")
    acts.hold_to_account(matter.number, matter.clerk, "逾期不办又不能说明原因", "重定时限后又没有回音")
    assert [one.id for one in matter.state.cases] == [case.id, f"{case.id}.2"]
    acts.render_account(matter.number, matter.clerk, case.id, "规划财务科", "人员抽调，已补办", "章国栋")
    assert acts.resolve_case(matter.number, matter.clerk, case.id, "诫勉谈话").cases[0].outcome == "诫勉谈话"


@pytest.mark.rule("MM-6.2", "MM-6.3")
def test_6_praise_from_above_and_criticism_count_without_numbers(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    acts.praise(matter.number, matter.clerk, "praised_above", "省厅肯定批示", "厅批〔2026〕5号")
    with pytest.raises(Refusal, match="没有“主要领导表扬”这一级"):
        acts.praise(matter.number, matter.clerk, "praised_by_chief", "好")
    acts.criticise(matter.number, matter.clerk, "criticised", "质量差")
    assert matter.event("criticised").data["then"] == ["criticism"]
    assert matter.state.cases == ()  # no number of criticisms is laid down


@pytest.mark.rule("T36", "MM-4.1")
def test_t36_the_chief_lets_a_matter_go(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="须经主要领导秦维岳批准"):
        acts.withdraw(matter.number, matter.clerk, "事项取消", "褚良才")
    assert acts.withdraw(matter.number, holder("office"), "事项取消", "秦维岳").state == "cancelled"
