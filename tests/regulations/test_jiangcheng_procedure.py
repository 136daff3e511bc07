"""A fourth bureau: extensions only by approval, three colours of urging, and no Python for it."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from bureaus import Make, at_work, holder, made, through
from matters import Matter, report

from duban import acts, clock, ledger, watch
from duban.acts.noting import counted_since
from duban.errors import Refusal
from duban.statistics import standings

JIANGCHENG = Path(__file__).parent / "fixtures" / "jiangcheng"
DUE = date(2026, 3, 10)  # seven working days, the day of receipt counted


@pytest.fixture(autouse=True)
def jiangcheng(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_INCLUDE", str(JIANGCHENG))
    monkeypatch.setenv("DUBAN_REGULATION", "jiangcheng-2026")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)


def matter_of(make: Make, **changes: object) -> Matter:
    return at_work(make, "网络安全处", **{"source": 2, "instruction_by": "江海澄"} | changes)


def asks(matter: Matter, until: date = date(2026, 3, 20), reason: str = "等待测评") -> Matter:
    acts.extend(matter.number, matter.unit, reason, "测评后整改", until, "岑今朝")
    return matter


def papers(matter: Matter) -> list[str]:
    return [paper.kind for paper in matter.state.documents]


def test_the_period_begins_with_the_receipt_and_the_reminders_move_with_it(new_matter: Make) -> None:
    matter = made(new_matter, "网络安全处", source=2, instruction_by="江海澄")
    through(matter, "sign", "签发")
    acts.deliver(matter.number)
    matter.at(3, 3)
    acts.receive(matter.number, matter.unit)
    assert matter.state.due_on == date(2026, 3, 11)
    assert {key for key in matter.state.timers if key.startswith("warn.")} == {"warn.1:1", "warn.2:1"}
    assert matter.state.timers["warn.2:1"].date() == date(2026, 3, 11)


# 四（三）延期


@pytest.mark.rule("T15")
def test_4_3_only_two_desks_may_grant_more_time(new_matter: Make) -> None:
    matter = asks(matter_of(new_matter))
    assert (matter.state.round, matter.state.due_on, matter.state.awaits("extend.director")) == (
        1,
        DUE,
        "extend.director:1",
    )
    assert papers(matter)[-1] == "延期申请表"
    question = acts.question(matter.state, "extend.director:1")
    assert "等待测评" in question.body
    assert "due_on" not in question.fields
    matter.decide("extend.director", "同意", opinion="情况属实")
    assert "情况属实" in acts.question(matter.state, "extend.deputy:1").body
    state = matter.decide("extend.deputy", "同意", holder("deputy", "anquan"))
    assert (state.round, state.due_on, state.current.opened_by) == (2, date(2026, 3, 20), "extended")
    assert state.awaiting == ("reply:2",)


@pytest.mark.rule("T15", "A3")
def test_4_3_asked_in_time_the_clock_stands_until_it_is_decided(new_matter: Make) -> None:
    matter = asks(matter_of(new_matter)).at(3, 13)
    assert (matter.state.state, matter.state.current.lapsed) == ("in_progress", False)
    with ledger.transaction() as session:
        found = watch.findings(session, clock.now(session))
        assert not ledger.items(session, overdue=True), "the register counts as the reports do"
        assert not [one for one in found if one.kind == "overdue"]
        assert not [one for one in standings(session, clock.now(session)) if one.overdue]
    through(matter, "extend", "同意")
    assert (matter.state.round, matter.state.due_on) == (2, date(2026, 3, 20))
    assert "reply_lapsed" not in matter.kinds()


@pytest.mark.rule("T15", "T18")
def test_4_3_refused_after_the_deadline_it_lapses_at_the_refusal_and_not_before(new_matter: Make) -> None:
    matter = asks(matter_of(new_matter)).at(3, 12, 10)
    with pytest.raises(Refusal, match="不同意的理由"):
        matter.decide("extend.director", "不同意")
    state = matter.decide("extend.director", "不同意", opinion="应当早报")
    assert (state.state, state.current.lapsed, state.awaits("extend.deputy")) == ("overdue", True, None)
    assert matter.event("reply_lapsed").at >= matter.event("extension_refused").at


@pytest.mark.rule("T15")
def test_4_3_refused_before_the_deadline_the_old_one_stands_and_it_may_be_asked_for_again(new_matter: Make) -> None:
    matter = asks(matter_of(new_matter))
    matter.decide("extend.director", "不同意", opinion="应当早报")
    assert matter.state.timers["reply:1"] == matter.state.due_at
    for _ in range(2):
        asks(matter)  # the same words, asked once more
    assert matter.state.awaits("extend.director") == "extend.director:2"
    assert matter.kinds().count("extension_requested") == 2
    with pytest.raises(Refusal, match="已有一份延期申请"):
        asks(matter, reason="第三个理由")


@pytest.mark.rule("T15", "T17")
def test_4_3_a_reply_may_come_meanwhile_and_the_request_is_moot(new_matter: Make) -> None:
    matter = asks(matter_of(new_matter)).at(3, 12)
    acts.reply(matter.number, matter.unit, "报告.docx", report(), "岑今朝")
    assert matter.state.awaiting == ("review.office:1",)
    assert matter.event("replied").data["on_time"] is True
    with pytest.raises(Refusal, match="不再需要办理"):
        acts.decide(matter.number, "extend.director:1", "同意", {}, matter.director)


def test_4_3_once_and_no_longer_than_ten_working_days(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="最晚延到 2026-03-24"):
        asks(matter, date(2026, 3, 25))
    through(asks(matter, date(2026, 3, 24)), "extend", "同意")
    with pytest.raises(Refusal, match="最多延期1次"):
        asks(matter, date(2026, 3, 30), "又一个理由")


def test_4_3_the_last_desk_may_grant_less_and_must_when_the_date_has_passed(new_matter: Make) -> None:
    matter = asks(matter_of(new_matter), date(2026, 3, 12))
    matter.decide("extend.director", "同意")
    matter.at(3, 13)
    deputy = holder("deputy", "anquan")
    with pytest.raises(Refusal, match="在审批期间已过"):
        matter.decide("extend.deputy", "同意", deputy)
    with pytest.raises(Refusal, match="最晚延到"):
        matter.decide("extend.deputy", "同意", deputy, due_on="2026-04-30")
    assert matter.decide("extend.deputy", "同意", deputy, due_on="2026-03-18").due_on == date(2026, 3, 18)


@pytest.mark.rule("T15x")
def test_4_3_asked_too_late_it_is_kept_and_nobody_is_asked(new_matter: Make) -> None:
    matter = asks(matter_of(new_matter).at(3, 11))
    assert (matter.state.state, matter.event("extended").data["effective"]) == ("overdue", False)
    assert "extension_requested" not in matter.kinds()


# 四（四）三色催办


@pytest.mark.rule("A25", "T13")
def test_4_4_yellow_orange_red_each_on_its_day_with_its_paper(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    days = [(3, 5), (3, 10), (3, 12)]
    for nth, (month, number) in enumerate(days, start=1):
        matter.at(month, number, 8, 29)
        assert matter.kinds().count("warned") == nth - 1
        matter.at(month, number, 8, 30)
        assert matter.kinds().count("warned") == nth
        acts.write_papers(matter.number)
        acts.write_papers(matter.number)
    assert [event.data["name"] for event in matter.events if event.kind == "warned"] == [
        "黄色提示",
        "橙色预警",
        "红色督办",
    ]
    assert [paper for paper in papers(matter) if paper != "批示督办单"] == ["黄色提示单", "橙色预警单", "红色督办令"]
    assert matter.state.pending_papers == ()


@pytest.mark.rule("A25")
def test_4_4_red_comes_though_the_urge_goes_out_before_it_and_not_after_a_reply(new_matter: Make) -> None:
    matter = matter_of(new_matter).at(3, 11, 9)
    acts.urge(matter.number)
    assert "warn.3:1" in matter.state.timers
    acts.reply(matter.number, matter.unit, "报告.docx", report(), "岑今朝")
    matter.at(3, 13)
    assert [event.data["which"] for event in matter.events if event.kind == "warned"] == [1, 2]


def test_4_4_a_broken_template_stops_neither_the_clock_nor_the_other_papers(
    new_matter: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    include = shutil.copytree(JIANGCHENG, tmp_path / "include")
    (include / "templates" / "jiangcheng" / "黄色提示单.docx").write_bytes(b"broken")
    monkeypatch.setenv("DUBAN_INCLUDE", str(include))
    matter = matter_of(new_matter).at(3, 10, 12)
    assert (papers(matter)[-1], matter.state.pending_papers) == ("橙色预警单", ("黄色提示单",))
    with pytest.raises(Refusal, match="黄色提示单"):
        acts.write_papers(matter.number)
    assert matter.state.pending_papers == ("黄色提示单",)


def test_4_4_the_paper_is_made_whoever_notices_that_it_is_due(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    matter.move(datetime(2026, 3, 10, 12, tzinfo=clock.SHANGHAI))
    acts.report_progress(matter.number, matter.unit, "正在整改")
    assert (papers(matter)[-2:], matter.state.pending_papers) == (["黄色提示单", "橙色预警单"], ())


@pytest.mark.rule("A25")
def test_4_4_a_paper_of_the_whole_is_made_though_a_part_brought_it_up(new_matter: Make) -> None:
    parts = "数据资源处 核对数据 2026-03-12"
    whole = matter_of(new_matter, type="decomposed", parts=parts, due_on="2026-03-12")
    acts.decompose(whole.number)
    whole.move(datetime(2026, 3, 9, 12, tzinfo=clock.SHANGHAI))  # three working days before the date
    acts.lapse(f"{whole.number}-1")
    assert (papers(whole)[-1], whole.state.pending_papers) == ("黄色提示单", ())


def test_4_4_only_a_result_stops_the_urge_then_an_account_and_no_case(new_matter: Make) -> None:
    matter = matter_of(new_matter).at(3, 11, 9)
    acts.urge(matter.number)
    state = acts.report_progress(matter.number, matter.unit, "正在整改", date(2026, 3, 20))
    assert (state.state, state.round) == ("urged", 1)
    matter.at(3, 16, 18)
    assert (matter.state.state, matter.state.cases) == ("account", ())
    acts.demand_account(matter.number)
    assert matter.event("demanded").data["to"] == ["办公室", "分管领导"]
    assert papers(matter)[-1] == "书面情况说明通知"


# 四（五）, 七


def test_4_5_a_reply_without_signature_is_refused_where_no_points_are_taken_for_it(new_matter: Make) -> None:
    matter = matter_of(new_matter)
    with pytest.raises(Refusal, match="审核签字"):
        acts.reply(matter.number, matter.unit, "报告.docx", report(), "")


def test_7_twelve_months_are_counted_by_the_calendar() -> None:
    for now, began in ((2024, 12, 31), (2023, 12, 31)), ((2028, 2, 29), (2027, 2, 28)), ((2027, 3, 1), (2026, 3, 1)):
        moment, since = (datetime(*day, tzinfo=clock.SHANGHAI) for day in (now, began))
        assert counted_since("twelve_months", moment) == since


def test_7_two_criticisms_within_twelve_months_across_new_year(new_matter: Make) -> None:
    first, second = matter_of(new_matter), matter_of(new_matter)
    acts.criticise(first.number, first.clerk, "criticised", "逾期未报")
    move = datetime(2026, 12, 30, 9, tzinfo=clock.SHANGHAI)
    with ledger.transaction() as session:
        ledger.advance(session, move - clock.now(session))
    acts.criticise(second.number, second.clerk, "criticised", "敷衍")
    (case,) = second.state.cases
    assert (case.clause, case.unit, case.id) == ("七", "anquan", "case:bulletins:anquan:2026-12-30")
