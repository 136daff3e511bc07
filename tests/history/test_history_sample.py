"""The made-up year of examples/历史样例.xlsx: taken over whole, and what it leaves in the ledger."""

import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sample_year import SAMPLE

from duban import acts, ledger
from duban.acts import OPERATOR
from duban.errors import Refusal
from duban.history import taking
from duban.history.taking import Taken
from duban.ledger.models import AllocatedNumber, NumberSeries
from duban.ledger.standing import State


def state(number: str) -> State:
    with ledger.transaction() as session:
        return ledger.state(session, number)


def kinds(number: str, *wanted: str) -> list[str]:
    with ledger.transaction() as session:
        return [event.kind for event in ledger.events(session, number, *wanted)]


def only(number: str, kind: str) -> ledger.Event:
    with ledger.transaction() as session:
        (event,) = ledger.events(session, number, kind)
    return event


def test_the_whole_year_is_in_the_ledger_and_the_ledger_is_whole(taken: Taken) -> None:
    assert (taken.matters, len(taken.still_open)) == (42, 7)
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
        states = Counter(item.state for item in ledger.items(session))
        events = [event for item in ledger.items(session) for event in ledger.events(session, item.number)]
    assert (states["closed"], states["cancelled"]) == (34, 1)
    assert {event.data["taken_over"] for event in events} == {True}
    assert {event.actor.user for event in events} <= {"operator", "system"}
    assert all(event.data["source"].startswith(("“督办件”第", "“经过”第")) for event in events)
    assert len({event.recorded_at for event in events}) == 1


def test_checking_writes_nothing(evening: str) -> None:
    found = taking.check(SAMPLE)
    with ledger.transaction() as session:
        assert ledger.items(session) == []
        assert session.query(NumberSeries).all() == []
    assert found == taking.take(SAMPLE)


def test_a_second_time_it_is_refused(taken: Taken) -> None:
    with pytest.raises(Refusal, match="这 42 件台账里都已经有了，这份历史已经接管过"):
        taking.take(SAMPLE)


def test_the_series_go_on_after_the_numbers_on_paper(taken: Taken) -> None:
    with ledger.transaction() as session:
        begun = {(row.series, row.year): (row.began_after, row.last) for row in session.query(NumberSeries).all()}
        assert session.query(AllocatedNumber).all() == []
    assert begun == {("督办", 2026): (42, 42), ("催办", 2026): (5, 5), ("白公报", 2026): (3, 3)}
    assert state("BC-2026-0007").upward["reference"] == "白公报〔2026〕1号"
    assert only("BC-2026-0004", "urged").data["reference"] == "白公催〔2026〕1号"


def test_a_missed_date_lapses_at_its_own_moment_and_nobody_is_reminded(taken: Taken) -> None:
    lapsed = only("BC-2026-0004", "reply_lapsed")  # 下达 2026-01-12, 5 days: the 17th is a Saturday
    assert lapsed.at.isoformat() == "2026-01-20T00:00:00+08:00"
    with ledger.transaction() as session:
        everything = {event.kind for item in ledger.items(session) for event in ledger.events(session, item.number)}
        assert not {"reminded", "warned", "documented"} & everything
        assert all(ledger.state(session, item.number).pending_papers == () for item in ledger.items(session))


def test_an_urge_that_was_not_answered_brings_the_account_and_the_case(taken: Taken) -> None:
    turns = ("reply_lapsed", "urged", "urged_reply_lapsed", "accountability_opened", "accounted", "date_set", "replied")
    assert kinds("BC-2026-0005", *turns) == list(turns)
    assert state("BC-2026-0005").cases[0].outcome == "单位主要领导作书面检查。"


def test_who_sent_a_reply_back_and_why_decides_what_it_deducts(taken: Taken) -> None:
    said = {n: only(f"BC-2026-{n:04d}", "returned").data for n in (6, 7, 8, 22)}
    assert {n: (data["level"], data["reason"], data["scores"]) for n, data in said.items()} == {
        6: ("office", "perfunctory", True),
        7: ("deputy", "falsified", True),
        8: ("chief", "perfunctory", True),
        22: ("office", "supplement", False),
    }


def test_a_matter_of_state_secrecy_comes_with_its_head_and_nothing_else(taken: Taken) -> None:
    secret = state("BC-2026-0016")
    assert secret.state == "closed"
    assert (secret.mark, secret.form["paper"], secret.form["requirement"]) == ("秘密★5年", "办公室机要柜第3格", "")
    assert only("BC-2026-0016", "replied").data["text"] == "（内容见纸质件）"


def test_a_matter_given_to_another_unit_stands_with_the_other(taken: Taken) -> None:
    moved = state("BC-2026-0015")
    assert (moved.unit, moved.assignment, moved.state) == ("churujing", 2, "closed")


def test_regular_reports_and_phases_are_reported_on_their_dates(taken: Taken) -> None:
    weekly, staged = state("BC-2026-0013"), state("BC-2026-0014")
    dates = [(node.due_on.isoformat()[5:], node.lapsed) for node in weekly.nodes]
    assert dates == [(on, False) for on in ("02-06", "02-13", "02-14", "02-27", "03-06", "03-13")]
    assert [node.lapsed for node in staged.nodes] == [False, True, False]


def test_open_matters_stand_where_the_history_leaves_them(taken: Taken) -> None:
    waits = {number: state(number).awaiting for number in taken.still_open}
    assert waits == {
        "BC-2026-0026": ("reply:1",),
        "BC-2026-0027": ("reply:2",),
        "BC-2026-0028": ("demand:1",),
        "BC-2026-0029": ("review.office:1",),
        "BC-2026-0030": ("approve.director:1",),
        "BC-2026-0031": ("urge:3",),
        "BC-2026-0032": ("reply:1", "receipt:1"),
    }
    assert state("BC-2026-0027").due_on == date(2026, 10, 20)


def test_an_open_matter_goes_on_as_any_other(taken: Taken) -> None:
    acts.receive("BC-2026-0032", OPERATOR)
    assert acts.read("BC-2026-0032", OPERATOR).state == "in_progress"
    after = acts.urge("BC-2026-0031")
    assert after.state == "urged"
    assert only("BC-2026-0031", "urged").data["reference"] == "白公催〔2026〕6号"
    assert acts.register(dict(state("BC-2026-0001").form), OPERATOR, "next").number == "BC-2026-0043"


def test_the_examples_are_what_the_script_writes(tmp_path: Path) -> None:
    root = SAMPLE.parents[1]
    subprocess.run([sys.executable, "-m", "tools.history_examples", tmp_path], cwd=root, check=True)
    for name in ("历史台账.xlsx", "历史样例.xlsx"):
        assert (tmp_path / name).read_bytes() == (SAMPLE.parent / name).read_bytes(), name
