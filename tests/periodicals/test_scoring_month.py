"""A month of scores (BC 七): drafted, open to objection, decided on desk by desk, published, never changed."""

from datetime import datetime

import pytest
from matters import person

from duban import acts, clock, ledger, periodicals
from duban.errors import Refusal
from duban.ledger import Actor
from duban.organization import load

LIAISON = Actor("jingzhen.liaison", "联络员", "liaison", "jingzhen")


def record(number, kind, level, at):
    """Something that happened then and comes into the ledger now."""
    data = {"level": level, "reason": "省厅通报", "unit": "jingzhen", "bulletin": "", "then": []}
    draft = ledger.Draft(kind, f"{kind}:late", person("office"), "七（一）5", data, at)
    with ledger.transaction() as session:
        ledger.append(session, number, draft)


@pytest.mark.rule("BC-7.1.3", "N17")
def test_7_the_draft_shows_the_entry_with_its_clause_and_opens_the_window(late_month):
    state = late_month.state
    assert (state.state, state.attempt) == ("objecting", 1)
    entry = late_month.entry("late_reply")
    assert (entry["unit"], entry["points"], entry["clause"]) == ("jingzhen", "-2", "七（一）3")
    # Three working days from Wednesday 1 April: 2, 3 April, then 清明 (4-6 April), 7 April.
    assert state.periodical.objections_until == datetime(2026, 4, 8, tzinfo=clock.SHANGHAI)
    assert state.awaiting == ("objections:1",)


@pytest.mark.rule("N17")
def test_7_reruns_of_a_draft_give_the_same(late_month):
    before = late_month.state
    assert late_month.draft() == before
    assert late_month.kinds() == ["periodical_opened", "drafted"]


@pytest.mark.rule("N17")
def test_7_nobody_objects_the_window_lapses_and_the_director_has_it(late_month):
    late_month.at(4, 7, 23)
    assert late_month.state.awaiting == ("objections:1",)
    state = late_month.at(4, 8).state
    assert (state.state, state.desk, state.awaiting) == ("approving", "director", ("score.director:1",))
    assert late_month.events[-1].at == datetime(2026, 4, 8, tzinfo=clock.SHANGHAI)
    with pytest.raises(Refusal, match="的异议期已于2026-04-07 24:00结束，不再受理异议"):
        late_month.object()


@pytest.mark.rule("N17")
def test_7_an_upheld_objection_waives_the_entry_and_the_month_is_drafted_anew(late_month):
    entry = late_month.entry("late_reply")
    late_month.object(reason="3月11日已送达，邮件为证")
    late_month.object(reason="3月11日已送达，邮件为证")  # a second click
    assert len(late_month.state.periodical.objections) == 1
    late_month.decide("objection.office", "异议成立", reason="核对送文登记，确已送达。")
    assert late_month.state.state == "objecting"  # others may still object
    state = late_month.at(4, 8).state
    assert (state.state, state.awaiting) == ("redrafting", ("draft:2",))
    state = late_month.draft()
    assert (state.awaiting, state.periodical.waived) == (("score.director:2",), (entry["id"],))
    assert late_month.entries == []
    assert late_month.unit("jingzhen")["closing"] == "80"
    published = late_month.published()
    assert published.state == "published"
    with ledger.transaction() as session:
        (event,) = ledger.events(session, late_month.number, "published")
        assert event.data["waived"] == [entry["id"]]
        assert ledger.verify(session) == []


@pytest.mark.rule("N17")
def test_7_a_rejected_objection_changes_nothing_and_is_shown_to_the_desks(late_month):
    late_month.object(reason="材料已报")
    late_month.at(4, 8)
    state = late_month.state
    assert (state.state, state.awaiting) == ("deciding", ("objection.office:1",))
    late_month.decide("objection.office", "异议不成立", reason="没有送文登记。")
    assert late_month.state.awaiting == ("score.director:1",)
    asked = acts.question(late_month.state, "score.director:1")
    assert "没有送文登记" in asked.body
    assert "| 经侦支队 |" in asked.body
    assert asked.options == ("同意", "退回重拟")
    assert late_month.entry("late_reply")["points"] == "-2"


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (
            Actor("xingzhen.liaison", "联络员", "liaison", "xingzhen"),
            "这一条计分不是刑侦支队的，只能对本单位的计分提出异议",
        ),
        (Actor("jingzhen.leader", "督办领导", "unit_leader", "jingzhen"), "异议由单位主要负责人或联络员提出"),
        (Actor("qi.deputy", "戚望山", "deputy"), "这一条计分不是您所在单位的"),
    ],
)
def test_7_only_the_head_or_liaison_of_the_unit_objects(late_month, who, says):
    with pytest.raises(Refusal, match=says):
        late_month.object(who=who)
    assert late_month.kinds() == ["periodical_opened", "drafted"]


def test_7_an_objection_names_an_entry_and_a_reason(late_month):
    with pytest.raises(Refusal, match="没有“BC-2026-0001/x”这一条计分"):
        periodicals.object_to(late_month.number, LIAISON, "BC-2026-0001/x", "不对")
    with pytest.raises(Refusal, match="“异议理由”没有填写"):
        late_month.object(reason="  ")
    late_month.object(reason="送达时间有误")
    with pytest.raises(Refusal, match="对这一条计分，祝明哲已于2026-04-01提出异议，不能再提"):
        late_month.object(reason="还有别的理由")


def test_7_no_objection_to_a_matter_or_before_the_draft(matter, move_to):
    with pytest.raises(Refusal, match="是督办件，不是期"):
        periodicals.object_to(matter.number, LIAISON, "x", "不对")
    move_to(datetime(2026, 4, 1, 9, tzinfo=clock.SHANGHAI))
    number = periodicals.open("monthly_scoring", "2026-03")
    with pytest.raises(Refusal, match="还没有出初稿"):
        periodicals.object_to(number, LIAISON, "x", "不对")
    with pytest.raises(Refusal, match="还没有出初稿"), ledger.transaction() as session:
        periodicals.snapshot(session, number)


@pytest.mark.rule("N17")
def test_7_each_desk_may_send_it_back_and_no_second_window_opens_for_the_same_entries(late_month):
    late_month.at(4, 8)
    with pytest.raises(Refusal, match="意见（退回重拟的理由）"):
        late_month.decide("score.director", "退回重拟")
    late_month.decide("score.director", "退回重拟", opinion="说明写得不清楚")
    state = late_month.state
    assert (state.state, state.awaiting, state.periodical.redraft) == ("redrafting", ("draft:2",), "说明写得不清楚")
    assert late_month.draft().awaiting == ("score.director:2",)
    assert "说明写得不清楚" in acts.question(late_month.state, "score.director:2").body
    late_month.decide("score.director", "同意")
    late_month.decide("score.chief", "退回重拟", opinion="再核")
    assert late_month.draft().awaiting == ("score.director:3",)


@pytest.mark.rule("N17")
def test_7_an_entry_that_the_first_draft_did_not_show_opens_the_window_again(late_month, matter):
    late_month.at(4, 8)
    record(matter.number, "criticised", "criticised_above", datetime(2026, 3, 30, 10, tzinfo=clock.SHANGHAI))
    late_month.decide("score.director", "退回重拟", opinion="漏了一条")
    state = late_month.draft()
    assert late_month.unit("jingzhen")["delta"] == "-7"
    assert (state.state, state.awaiting) == ("objecting", ("objections:2",))
    assert late_month.object("criticised_above").periodical.objections[0].entry.startswith("BC-2026-0001/")


@pytest.mark.rule("N17", "BC-5.10a", "BC-5.10b", "BC-5.10c")
def test_7_published_with_number_praise_and_criticism(late_month):
    late_month.at(4, 8)
    late_month.decide("score.director", "同意", praised="刑侦支队：反馈及时")
    asked = acts.question(late_month.state, "score.chief:1")
    assert asked.fields["praised"]["default"] == "刑侦支队：反馈及时"
    late_month.decide("score.chief", "同意印发", praised="刑侦支队：反馈及时", criticised="经侦支队:未按规定时限反馈")
    state = periodicals.publish(late_month.number)
    assert (state.state, state.reference, state.awaiting) == ("published", "白公通〔2026〕1号", ("papers:1",))
    assert periodicals.publish(late_month.number) == state
    events = {event.kind: event for event in late_month.events}
    assert events["praised"].data == {
        "level": "praised_in_bulletin",
        "reason": "反馈及时",
        "unit": "xingzhen",
        "bulletin": "白公通〔2026〕1号",
    }
    assert events["praised"].actor.user == person("chief").user
    assert events["criticised"].data["unit"] == "jingzhen"
    sent = events["published"].data["to"]
    assert {"office", "chief", *load().units} == set(sent) - {"director", "deputy"}, "a notice goes to every unit"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("praised", "刑侦支队反馈及时", "“通报表扬”第1行“刑侦支队反馈及时”没有写成“单位：理由”"),
        ("praised", "刑侦：好\n没有的单位：好", "没有的单位|刑侦"),
        ("criticised", "经侦支队：差\n经侦支队：很差", "“通报批评”里经侦支队写了两次"),
        ("criticised", "经侦支队：", "没有写成“单位：理由”"),
    ],
)
def test_7_a_line_that_names_nobody_is_refused(late_month, field, value, says):
    late_month.at(4, 8)
    with pytest.raises(Refusal, match=says):
        late_month.decide("score.director", "同意", **{field: value})
    assert late_month.state.awaiting == ("score.director:1",)


@pytest.mark.rule("BC-5.10d", "N9", "A5")
def test_5_10_the_third_notice_that_criticises_a_unit_opens_its_case(late_month, matter):
    acts.criticise(matter.number, person("office"), "criticised", "未按规定时限反馈", bulletin="白公通〔2025〕9号")
    acts.criticise(matter.number, person("office"), "criticised", "未按规定时限反馈", bulletin="白公通〔2025〕10号")
    late_month.at(4, 8)
    late_month.decide("score.director", "同意")
    late_month.decide("score.chief", "同意印发", criticised="经侦支队：未按规定时限反馈")
    state = periodicals.publish(late_month.number)
    (case,) = state.cases
    assert (case.unit, case.clause, case.reason) == ("jingzhen", "五（十）", "累计被通报3次")
    state = periodicals.complete(late_month.number)
    assert [one.kind for one in state.documents] == ["问责登记表", "月度考核通报", "表格"]
    acts.resolve_case(late_month.number, person("office"), case.id, "诫勉谈话")
    assert late_month.state.cases[0].outcome == "诫勉谈话"
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


@pytest.mark.rule("BC-5.10d", "N9", "A5")
def test_5_10_a_notice_put_on_record_in_a_matter_too_is_not_another(late_month, matter):
    late_month.at(4, 8)
    late_month.published(criticised="经侦支队：未按规定时限反馈")
    same, clerk = late_month.state.reference, person("office")
    acts.criticise(matter.number, clerk, "criticised", "未按规定时限反馈", bulletin="白公通〔2026〕90号")
    assert same
    assert acts.criticise(matter.number, clerk, "criticised", "未按规定时限反馈", bulletin=same).cases == ()
    state = acts.criticise(matter.number, clerk, "criticised", "未按规定时限反馈", bulletin="白公通〔2026〕91号")
    assert [case.reason for case in state.cases] == ["累计被通报3次"]


@pytest.mark.rule("N17")
def test_7_what_comes_later_is_a_correction_of_the_next_month_and_never_a_silent_change(late_month, matter, move_to):
    late_month.at(4, 8)
    late_month.published()
    before, events = late_month.content, len(late_month.events)
    record(matter.number, "criticised", "criticised_above", datetime(2026, 3, 30, 10, tzinfo=clock.SHANGHAI))
    assert periodicals.draft(late_month.number).state == "published"
    assert periodicals.publish(late_month.number) == periodicals.complete(late_month.number)
    move_to(datetime(2026, 5, 1, 9, tzinfo=clock.SHANGHAI))
    april = periodicals.open("monthly_scoring", "2026-04")
    state = periodicals.draft(april)
    assert (late_month.content, len(late_month.events)) == (before, events)
    assert state.periodical.summary["corrections"] == 1
    with ledger.transaction() as session:
        sheet = periodicals.snapshot(session, april)["sheet"]
    unit = next(one for one in sheet["units"] if one["unit"] == "jingzhen")
    assert unit["opening"] == "78"
    assert [(one["points"], one["corrects"]) for one in unit["entries"] if one["item"] == "criticised_above"] == [
        ("-5", "2026-03")
    ]


def test_7_a_month_without_matters_goes_straight_to_the_desks(move_to):
    move_to(datetime(2026, 4, 1, 9, tzinfo=clock.SHANGHAI))
    number = periodicals.open("monthly_scoring", "2026-03")
    state = periodicals.draft(number)
    assert state.awaiting == ("score.director:1",)
    assert "这一期没有计分" in acts.question(state, "score.director:1").body
    assert state.periodical.summary == {"units": 13, "entries": 0, "corrections": 0}
