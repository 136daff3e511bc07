"""What happened, what is awaited and how a date was counted, in words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from matters import Matter

from duban import acts, organization
from duban.acts.awaiting import awaited, counted
from duban.acts.telling import HIDDEN, TOLD, line, turns
from duban.ledger.projection import HANDLERS
from duban.ledger.transitions import archiving, periodicals


def test_there_are_words_for_all_that_can_happen_to_a_matter() -> None:
    known = {*HANDLERS, "registered"} - {*periodicals.HANDLERS}
    assert known - {*TOLD, *HIDDEN} == set()
    assert {*TOLD, *HIDDEN} - known == set()
    assert "archived" in archiving.HANDLERS


def test_a_round_is_told_from_what_opened_it(matter: Matter) -> None:
    matter.in_progress().replied()
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充笔录")
    told = turns(matter.state, matter.events)
    assert [(one.number, one.words) for one in told] == [(2, "退回补办"), (1, "首次办理"), (0, "交办以前")]
    assert [line.kind for line in told[0].lines] == ["returned"]
    assert [line.kind for line in told[1].lines] == ["replied", "read", "received", "dispatched"]
    assert ("理由", "补充修改") in told[0].lines[0].said
    assert told[0].lines[0].clause == "五（七）"


def test_who_answers_for_a_phase_is_told_in_words(matter: Matter) -> None:
    org = organization.load()
    event = matter.dispatched().events[-1]
    for by, words in (("unit", "承办单位"), ("office", "办公室")):
        opened = replace(event, kind="period_opened", data={"node_name": "调研", "by": by})
        assert line(opened, org).said == (("经办", words),)


def test_what_is_awaited_says_of_whom(matter: Matter) -> None:
    assert [one.words for one in awaited(matter.state)] == ["等办公室主任审签督办通知单"]
    (desk,) = awaited(matter.state)
    assert (desk.key, [one.user for one in desk.holders]) == ("sign.director:1", ["shen.director"])
    matter.dispatched()
    assert [one.words for one in awaited(matter.state)] == ["等经侦支队领收", "等经侦支队回复", "等办公室电话通知领收"]
    acts.receive(matter.number, matter.unit)
    assert [one.words for one in awaited(matter.state)][:2] == ["等经侦支队阅批", "等经侦支队回复"]
    matter.at(3, 4)  # the limit of 阅批 has run out; it is still what comes next
    assert [one.words for one in awaited(matter.state)][:2] == ["等经侦支队阅批", "等经侦支队回复"]
    matter.replied()
    assert awaited(matter.state)[0].words == "等办公室审核回复"


@pytest.mark.rule("BC-6.1")
def test_the_days_of_the_limit_are_those_that_the_deadline_was_counted_from(matter: Matter) -> None:
    matter.dispatched()
    how = counted(matter.state, matter.events)
    assert how is not None
    assert (how.limit, how.clause, how.due_on) == ("5日", "六（一）", date(2026, 3, 9))
    assert [one.on.day for one in how.days if one.counts] == [3, 4, 5, 6, 7]
    assert [(one.on.day, one.off) for one in how.days if one.off] == [(7, "周六"), (8, "周日")]
    assert "顺延" in how.rolled


def test_working_days_skip_holidays_and_count_days_worked_instead(
    new_matter: Callable[..., Matter],
) -> None:
    matter = new_matter()
    matter.at(4, 2).in_progress().replied().at(4, 3, 10)
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充笔录")
    how = counted(matter.state, matter.events)
    assert how is not None
    assert how.limit == "2个工作日"
    off = [one for one in how.days if not one.counts]
    assert [one.on for one in how.days if one.counts][-1] == how.due_on == matter.state.due_on
    assert {one.off for one in off} >= {"清明节"}


def test_a_date_that_was_written_down_is_not_counted(matter: Matter) -> None:
    matter.in_progress().extend(date(2026, 3, 20))
    how = counted(matter.state, matter.events)
    assert how is not None
    assert (how.days, how.limit, how.due_on) == ((), "", date(2026, 3, 20))
    matter.replied().closed()
    assert awaited(matter.state) == ()
