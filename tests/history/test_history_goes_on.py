"""Matters that were open when the year was taken over go on like any other, with papers from now on."""

from datetime import date, timedelta

import pytest
from matters import report

from duban import acts, clock, ledger
from duban.acts import OPERATOR
from duban.history.taking import Taken
from duban.ledger.standing import State


def state(number: str) -> State:
    with ledger.transaction() as session:
        return ledger.state(session, number)


def decide(number: str, kind: str, option: str, **fields: object) -> State:
    now = state(number)
    key = now.awaits(kind)
    assert key, now.awaiting
    asked = acts.question(now, key)
    given = {name: about["default"] for name, about in asked.fields.items()} | fields
    return acts.decide(number, key, option, given, OPERATOR)


def close(number: str) -> State:
    if state(number).awaits("review.office"):
        decide(number, "review.office", "审核合格", summary="已办结。")
    acts.write_report(number)
    decide(number, "approve.director", "同意上报")
    decide(number, "approve.chief", "批准办结")
    return acts.file_away(number)


def papers(number: str) -> list[str]:
    return [one.kind for one in state(number).documents]


def move(days: int) -> date:
    with ledger.transaction() as session:
        ledger.advance(session, timedelta(days=days))
        return clock.now(session).date()


@pytest.mark.parametrize("number", ["BC-2026-0029", "BC-2026-0030"])
def test_what_lay_with_the_office_is_reported_and_closed(number: str, taken: Taken) -> None:
    after = close(number)
    assert (after.state, after.awaiting, after.pending_papers) == ("closed", (), ())
    assert papers(number).count("办理报告") >= 1
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


def test_an_account_that_is_due_is_demanded_and_goes_on(taken: Taken) -> None:
    number = "BC-2026-0028"
    acts.demand_account(number)
    assert len(papers(number)) == 2  # the demand and the entry of the case
    acts.account(number, OPERATOR, "没有安排好。", "谭志刚")
    assert decide(number, "new_date", "确定新时限", due_on="2026-10-15").round == 2


def test_a_week_that_was_missed_is_urged_with_the_next_number(taken: Taken) -> None:
    acts.urge("BC-2026-0031")
    assert papers("BC-2026-0031") == ["督办事项催办通知书"]


def test_reminders_come_from_now_on(taken: Taken) -> None:
    number = "BC-2026-0027"  # due on 2026-10-20
    assert set(state(number).timers) == {"remind.1:2", "remind.2:2", "reply:2"}
    move(18)
    acts.lapse(number)
    assert state(number).reminded == ("remind.1:2",)


def test_a_reply_of_today_closes_what_was_given_out_then(taken: Taken) -> None:
    number = "BC-2026-0026"
    acts.reply(number, OPERATOR, "办结报告.docx", report("关于老旧监控更换进度的办结报告"), "葛振东")
    assert close(number).state == "closed"
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
