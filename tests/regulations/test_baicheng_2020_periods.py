"""白城 2020, 六（四）: matters that are reported on week by week, in a ledger whose clock we move."""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matters import FORM, Matter, person, report

from duban import acts, clock, included, ledger
from duban.acts.reporting import report_period, return_period
from duban.errors import Refusal
from duban.ledger.standing import State


def said(matter: Matter, progress: str = "已走访十二户", carried_out: str = "已落实", **more: Any) -> State:
    return report_period(matter.number, matter.unit, progress, carried_out, **more)


@pytest.fixture
def weekly(new_matter: Callable[..., Matter]) -> Matter:
    """A routine matter, received and read on Monday 2026-03-02; reports are due on Fridays."""
    return new_matter(type="routine").in_progress()


def lapses(matter: Matter) -> list[tuple[str, int, bool]]:
    """Every date that was missed: (kind of event, number of the date, does it score)."""
    kinds = ("reply_lapsed", "period_lapsed")
    return [(e.kind, e.data["node"], e.data.get("scores", True)) for e in matter.events if e.kind in kinds]


@pytest.mark.rule("BC-6.4", "N4", "A13", "T14")
def test_6_4_each_week_is_a_round_with_its_own_friday(weekly: Matter) -> None:
    assert (weekly.state.due_on, weekly.state.awaiting) == (date(2026, 3, 6), ("call:1", "reply:1"))
    weekly.at(3, 5)
    state = said(weekly, percent=40, next_plan="下周核对账目")
    assert (state.round, state.due_on, state.current.opened_by) == (2, date(2026, 3, 13), "period")
    weekly.at(3, 12)
    assert said(weekly, "账目已核对").due_on == date(2026, 3, 20)
    event = weekly.event("period_reported")
    assert (event.clause, event.data["node_name"], event.data["on_time"]) == ("六（四）", "第2期", True)
    assert [(node.due_on.day, node.closed_at is not None) for node in weekly.state.nodes] == [
        *((6, True), (13, True), (20, False), (27, False)),
    ]


@pytest.mark.rule("SK-1.2")
def test_sk_1_2_what_is_not_carried_out_needs_its_reason_and_its_remedy(weekly: Matter) -> None:
    for given_up in ({}, {"obstacle": "人手不足"}, {"remedy": "抽调两人"}):
        with pytest.raises(Refusal, match=r"未落实的原因|解决办法"):
            said(weekly, carried_out="部分落实", **given_up)
    with pytest.raises(Refusal, match="是否落实"):
        said(weekly, carried_out="差不多")
    with pytest.raises(Refusal, match="完成比例"):
        said(weekly, percent=101)
    assert said(weekly, carried_out="未落实", obstacle="人手不足", remedy="抽调两人").round == 2


@pytest.mark.rule("BC-6.4", "T14", "T18", "A10")
def test_6_4_a_missing_week_is_overdue_by_itself_and_so_is_each_further_one(weekly: Matter) -> None:
    weekly.at(3, 7, 0, 0)
    assert (weekly.state.state, lapses(weekly)) == ("overdue", [("reply_lapsed", 1, True)])
    weekly.at(3, 9, 9)
    acts.urge(weekly.number)
    weekly.at(3, 12)
    acts.demand_account(weekly.number)
    weekly.at(3, 28, 0, 0)  # the unit owes an account and reports nothing: three more Fridays pass
    assert lapses(weekly) == [
        *(("reply_lapsed", 1, True), ("period_lapsed", 2, True), ("period_lapsed", 3, True)),
        ("period_lapsed", 4, True),
    ]
    lapsed = [event.at for event in weekly.events if event.kind == "period_lapsed"]
    assert lapsed == [datetime(2026, 3, day, tzinfo=clock.SHANGHAI) for day in (14, 21, 28)]
    assert [event.data["at_fault"] for event in weekly.events if event.kind == "period_lapsed"] == [["jingzhen"]] * 3


@pytest.mark.rule("T14", "A10")
def test_6_4_a_late_report_answers_what_was_missed_and_the_next_is_due_next_friday(weekly: Matter) -> None:
    weekly.at(3, 18)
    state = said(weekly, "三周一并报告")
    assert weekly.event("period_reported").data["covers"] == [1, 2]
    assert weekly.event("period_reported").data["on_time"] is False
    assert (state.state, state.due_on, state.node) == ("in_progress", date(2026, 3, 20), 3)
    weekly.at(3, 21)
    assert lapses(weekly)[-1] == ("reply_lapsed", 3, True)


@pytest.mark.rule("T14")
def test_6_4_the_same_words_on_one_day_are_one_report_and_in_the_next_week_another(weekly: Matter) -> None:
    assert said(weekly).round == said(weekly).round == 2
    with pytest.raises(Refusal, match="本期已经报过"):
        said(weekly, "又有新情况")
    weekly.at(3, 9)
    assert said(weekly).round == 3


@pytest.mark.rule("A13")
def test_a13_a_friday_off_goes_back_to_the_working_day_before_it(
    new_matter: Callable[..., Matter], move_to: Callable[[datetime], None]
) -> None:
    move_to(datetime(2026, 9, 21, 9, tzinfo=clock.SHANGHAI))  # 09-25 is 中秋节, 10-02 is 国庆节
    weekly = new_matter(type="routine").in_progress()
    found = [weekly.state.due_on]
    for day in ((9, 23), (9, 29), (10, 8)):
        found.append(said(weekly.at(*day), f"{day}").due_on)
    assert found == [date(2026, 9, 24), date(2026, 9, 30), date(2026, 10, 9), date(2026, 10, 16)]


@pytest.mark.rule("A13")
def test_a13_two_fridays_that_go_back_to_one_day_are_one_date(
    new_matter: Callable[..., Matter],
    move_to: Callable[[datetime], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    include = shutil.copytree(included.path(), tmp_path / "include")
    calendar = include / "calendar" / "2026.yaml"
    text = calendar.read_text(encoding="utf-8").replace("2026-04-04 至 2026-04-06", "2026-04-04 至 2026-04-19")
    calendar.write_text(text, encoding="utf-8")  # the Fridays 10 and 17 April are off; both go back to the third
    monkeypatch.setenv("DUBAN_INCLUDE", str(include))
    move_to(datetime(2026, 3, 30, 9, tzinfo=clock.SHANGHAI))
    weekly = new_matter(type="routine").in_progress()
    weekly.at(4, 30)
    found = [node.due_on for node in weekly.state.nodes]
    assert found[:3] == [date(2026, 4, 3), date(2026, 4, 24), date(2026, 4, 30)]
    assert [number for _kind, number, _scores in lapses(weekly)] == [1, 2]


@pytest.mark.rule("T14", "T23", "BC-5.7")
def test_5_7_the_office_may_send_a_weekly_report_back_and_the_next_friday_stands(weekly: Matter) -> None:
    with pytest.raises(Refusal, match="没有可以退回"):
        return_period(weekly.number, weekly.clerk, "supplement", "补充数据")
    said(weekly.at(3, 4))
    state = return_period(weekly.number, weekly.clerk, "supplement", "补充数据", date(2026, 3, 9))
    assert (state.state, state.due_on, state.node) == ("returned", date(2026, 3, 9), 1)
    assert return_period(weekly.number, weekly.clerk, "supplement", "补充数据", date(2026, 3, 9)).round == state.round
    weekly.at(3, 9)
    state = said(weekly, "补充了数据")
    assert (state.state, state.due_on, state.node) == ("in_progress", date(2026, 3, 13), 2)


@pytest.mark.rule("T14", "T26o")
def test_a_returned_report_that_does_not_come_back_does_not_hide_the_next_friday(weekly: Matter) -> None:
    said(weekly.at(3, 4))
    return_period(weekly.number, weekly.clerk, "supplement", "补充数据", date(2026, 3, 9))
    weekly.at(3, 14)
    assert lapses(weekly) == [("reply_lapsed", 1, True), ("period_lapsed", 2, True)]


@pytest.mark.rule("BC-6.4", "T17")
def test_6_4_the_final_report_ends_the_weeks_once_the_office_accepts_it(weekly: Matter) -> None:
    said(weekly.at(3, 4))
    weekly.at(3, 10).replied()
    with pytest.raises(Refusal, match="正在审核"):
        said(weekly, "还有一周")
    weekly.at(3, 16)  # a Friday passes while the office reads: nobody owes a weekly report any more
    assert lapses(weekly) == [] or lapses(weekly) == [("period_lapsed", 2, False)]
    weekly.closed()
    assert (weekly.state.state, weekly.state.timers) == ("closed", {})
    weekly.at(5, 1)
    assert [one for one in lapses(weekly) if one[2]] == []
    assert ledger.verify() == []


@pytest.mark.rule("BC-6.4", "T23")
def test_6_4_a_final_report_sent_back_is_reported_again_and_no_week_beside_it(weekly: Matter) -> None:
    weekly.at(3, 4).replied()
    weekly.decide("review.office", "退回补办", reason="补充修改", requirement="补充附件", due_on="2026-03-18")
    weekly.at(3, 17)  # two Fridays later
    with pytest.raises(Refusal, match="再报办结报告"):
        said(weekly)
    assert [one for one in lapses(weekly) if one[2]] == []
    weekly.replied("补充后的办结报告").closed()
    assert weekly.state.state == "closed"


@pytest.mark.rule("BC-6.4")
def test_6_4_with_a_last_day_the_weeks_end_there_with_the_final_report(new_matter: Callable[..., Matter]) -> None:
    weekly = new_matter(type="routine", due_on="2026-03-18").in_progress()
    said(weekly.at(3, 4))
    state = said(weekly.at(3, 11), "第二周")
    assert (state.due_on, state.ends_on) == (date(2026, 3, 18), date(2026, 3, 18))
    with pytest.raises(Refusal, match="最后一期，请报送办结报告"):
        said(weekly.at(3, 17), "第三周")
    weekly.replied().closed()
    assert weekly.state.state == "closed"


@pytest.mark.rule("T16", "BC-5.8e")
def test_5_8_a_new_instruction_with_a_date_is_the_last_day_and_the_weeks_go_on_until_it(weekly: Matter) -> None:
    weekly.at(3, 4)
    state = weekly.instruct(due_on=date(2026, 3, 17))
    assert (state.due_on, state.ends_on) == (date(2026, 3, 6), date(2026, 3, 17))
    state = said(weekly, "第一周")
    assert state.due_on == date(2026, 3, 13)
    state = said(weekly.at(3, 10), "第二周")
    assert (state.due_on, state.timers.get("node:4")) == (date(2026, 3, 17), None)
    weekly.at(4, 1)
    assert lapses(weekly) == [("reply_lapsed", 3, True)]


@pytest.mark.rule("T16")
def test_5_8_a_last_day_before_the_next_friday_is_the_next_date(weekly: Matter) -> None:
    state = weekly.instruct(due_on=date(2026, 3, 4))
    assert (state.due_on, [node.due_on.day for node in state.nodes]) == (date(2026, 3, 4), [4])


@pytest.mark.rule("T16")
def test_5_8_a_closed_weekly_matter_is_taken_up_again_until_the_day_that_is_named(weekly: Matter) -> None:
    weekly.at(3, 3).replied().closed()
    with pytest.raises(Refusal, match="期限"):
        weekly.at(3, 24).instruct()
    state = weekly.instruct(due_on=date(2026, 4, 1))
    assert (state.state, state.due_on) == ("in_progress", date(2026, 3, 27))
    assert [one for one in lapses(weekly) if one[2]] == []  # what came while it was closed was not owed
    assert said(weekly).due_on == date(2026, 4, 1)


@pytest.mark.rule("T15")
def test_5_6_more_time_for_one_week_ends_where_the_next_is_due(weekly: Matter) -> None:
    with pytest.raises(Refusal, match="下一次（第2期）的报送日 2026-03-13"):
        weekly.extend(date(2026, 3, 16))
    assert weekly.extend(date(2026, 3, 12)).due_on == date(2026, 3, 12)
    weekly.at(3, 14)
    assert lapses(weekly) == [("reply_lapsed", 1, True), ("period_lapsed", 2, True)]


@pytest.mark.rule("T36")
def test_a_withdrawn_weekly_matter_owes_nothing(weekly: Matter) -> None:
    acts.withdraw(weekly.number, weekly.clerk, "另行安排", weekly.chief.name)
    weekly.at(4, 1)
    assert lapses(weekly) == []
    with pytest.raises(Refusal, match="已撤销"):
        said(weekly)


def test_a_year_without_a_calendar_stops_nobody(
    new_matter: Callable[..., Matter], move_to: Callable[[datetime], None]
) -> None:
    move_to(datetime(2026, 12, 24, 9, tzinfo=clock.SHANGHAI))  # nobody knows the first Friday of 2027 yet
    weekly = new_matter(type="routine").in_progress()
    assert weekly.state.due_on == date(2026, 12, 25)
    assert "plan:2" in weekly.state.timers
    weekly.at(12, 26)
    assert (weekly.state.state, lapses(weekly)) == ("overdue", [("reply_lapsed", 1, True)])
    with pytest.raises(Refusal, match="2027"):
        said(weekly)


def test_a_matter_with_one_deadline_takes_no_weekly_report(matter: Matter) -> None:
    with pytest.raises(Refusal, match="不按周（月）报送"):
        said(matter.in_progress())


@pytest.mark.rule("BC-8.4")
def test_8_4_the_weekly_report_of_a_secret_says_nothing_of_its_content(new_matter: Callable[..., Matter]) -> None:
    secret = {"mark": "秘密★1年", "paper": "保密室一柜", "requirement": "", "instruction_text": ""}
    weekly = new_matter(type="routine", **secret).in_progress()
    with pytest.raises(Refusal, match="见纸质件"):
        said(weekly, "抓获三人")
    with pytest.raises(Refusal, match="不得录入"):
        said(weekly, "见纸质件", name="周报.docx", content=report())
    said(weekly, "见纸质件")
    assert "抓获" not in str([event.data for event in weekly.events])


@pytest.mark.rule("T14", "A10")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=6))
def test_every_friday_is_either_reported_in_time_or_missed_once(
    new_ledger: Callable[[datetime | None], str], steps: list[tuple[int, bool]]
) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
    new_ledger(start)

    def move(moment: datetime) -> None:
        with ledger.transaction() as session:
            ledger.advance(session, moment - clock.now(session))

    state = acts.register({**FORM, "type": "routine"}, person("office"), "walk")
    weekly = Matter(state.number, move).in_progress()
    fridays = [start.date() + timedelta(days=4 + 7 * n) for n in range(12)]
    # What the rule says, told a second time: a report answers the oldest date still open and every date up to today.
    oldest, begins, in_time = 0, start.date(), set[int]()
    now = start
    for n, (days, reports) in enumerate(steps):
        now += timedelta(days=days)
        move(now)
        acts.lapse(weekly.number)
        if not reports:
            continue
        if now.date() < begins:
            with pytest.raises(Refusal, match="本期已经报过"):
                said(weekly, f"第{n}次")
            continue
        said(weekly, f"第{n}次")
        answered = {oldest} | {k for k in range(oldest, 12) if fridays[k] <= now.date()}
        in_time |= {k for k in answered if now.date() <= fridays[k]}
        oldest, begins = max(answered) + 1, max(now.date(), fridays[max(answered)]) + timedelta(days=1)
    assert all(node.due_on == fridays[node.number - 1] for node in weekly.state.nodes)
    missed = [k + 1 for k in range(12) if fridays[k] < now.date() and k not in in_time]
    assert sorted(node for _kind, node, scores in lapses(weekly) if scores) == missed
    assert ledger.verify() == []


# 六（二）、六（三）: the other limits


@pytest.mark.rule("BC-6.2", "N2")
def test_6_2_a_complex_matter_is_late_after_fifteen_days_and_not_before(new_matter: Callable[..., Matter]) -> None:
    matter = new_matter(type="complex").in_progress()
    assert matter.state.due_on == date(2026, 3, 17)
    matter.at(3, 17, 23, 59)
    assert "reply_lapsed" not in matter.kinds()
    matter.at(3, 18, 0, 1)
    assert matter.state.state == "overdue"


@pytest.mark.rule("BC-6.3", "N3")
def test_6_3_a_dated_matter_is_late_after_the_day_that_was_written(new_matter: Callable[..., Matter]) -> None:
    with pytest.raises(Refusal, match="期限"):
        new_matter(type="dated")
    matter = new_matter(type="dated", due_on="2026-03-25").in_progress()
    assert matter.state.due_on == date(2026, 3, 25)
    matter.at(3, 25, 23, 59)
    assert "reply_lapsed" not in matter.kinds()
    matter.at(3, 26, 0, 1)
    assert matter.state.state == "overdue"
