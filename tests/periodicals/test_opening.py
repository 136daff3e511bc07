"""Opening a period file: once, under its number, when its period is over, apart from the matters."""

from datetime import datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from duban import clock, ledger, periodicals, watch
from duban.errors import Refusal
from duban.ledger.models import MatterRow
from duban.ledger.standing import PERIODICALS
from duban.periodicals import spans

APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=clock.SHANGHAI)


def read(number):
    with ledger.transaction() as session:
        return ledger.state(session, number)


@pytest.mark.rule("N17")
def test_a_month_of_scores_is_one_file(move_to):
    move_to(APRIL)
    number = periodicals.open("monthly_scoring", "2026-03", "monthly_scoring/scheduled__1")
    assert number == "BC-KH-2026-03"
    assert periodicals.open("monthly_scoring", "2026-03", "another-run") == number
    assert periodicals.open("monthly_scoring", "2026-03") == number
    state = read(number)
    assert (state.title, state.state, state.awaiting) == ("2026年3月督办考核", "opened", ("draft:1",))
    assert state.form | {"as_of": ""} == {
        "period": "2026-03",
        "kind": "month",
        "from": "2026-03-01",
        "to": "2026-03-31",
        "as_of": "",
    }
    assert datetime.fromisoformat(state.form["as_of"]) == datetime(2026, 3, 31, 23, 59, 59, 999999, clock.SHANGHAI)
    with ledger.transaction() as session:
        assert [one.clause for one in ledger.events(session, number)] == ["七"]
        assert ledger.verify(session) == []


@pytest.mark.parametrize(
    ("kind", "period", "says"),
    [
        ("monthly_scoring", "2026-04", "2026年4月还没有过完（到2026-04-30为止），请在2026-05-01以后再办考核。"),
        ("monthly_scoring", "2026-Q1", "的考核按月份（2026-03）办理"),
        ("monthly_scoring", "2026-13", "不是一个期间"),
        ("monthly_scoring", "２０２６", "不是一个期间"),
        ("weekly_progress", "2026-04-02", "还没有到，今天是2026-04-01"),
        ("year_end_archive", "2026", "还没有过完"),
        ("instruction_digest", "2026-03", "没有规定汇总"),
        ("general_item", "2026-03", "没有“general_item”这一种期"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_a_sentence(move_to, kind, period, says):
    move_to(APRIL)
    with pytest.raises(Refusal) as refused:
        periodicals.open(kind, period)
    assert says in str(refused.value)
    assert str(refused.value).count("。") == 1
    with ledger.transaction() as session:
        assert session.scalars(select(MatterRow.number)).all() == []


def test_every_kind_has_its_own_number(move_to):
    move_to(datetime(2027, 1, 4, 9, 0, tzinfo=clock.SHANGHAI))
    opened = [
        periodicals.open("weekly_progress", "2026-11-20"),
        periodicals.open("bulletin", "2026-12", "bulletin/run-1"),
        periodicals.open("bulletin", "2026-12", "bulletin/run-2"),
        periodicals.open("bulletin", "2026-12", "bulletin/run-1"),
        periodicals.open("year_end_archive", "2026"),
    ]
    assert opened == ["BC-ZB-2026-11-20", "BC-TB-2027-0001", "BC-TB-2027-0002", "BC-TB-2027-0001", "BC-GD-2026"]


def test_a_weekly_report_goes_on_where_the_last_one_ended(move_to):
    move_to(datetime(2026, 3, 20, 17, 0, tzinfo=clock.SHANGHAI))
    first = read(periodicals.open("weekly_progress", "2026-03-06")).form
    second = read(periodicals.open("weekly_progress", "2026-03-20")).form
    assert (first["from"], first["to"]) == ("2026-02-28", "2026-03-06")
    assert (second["from"], second["to"], second["as_of"][:16]) == ("2026-03-07", "2026-03-20", "2026-03-20T17:00")


def test_the_register_and_the_watch_do_not_take_it_for_a_matter(matter, move_to):
    move_to(APRIL)
    periodicals.open("monthly_scoring", "2026-03")
    with ledger.transaction() as session:
        assert [one.number for one in ledger.items(session)] == [matter.number]
        found = watch.findings(session, clock.now(session))
        assert {one.number for one in found} <= {matter.number, ""}
        assert not [one for one in found if one.kind == "failed"]


def test_spans_know_their_days():
    months = [spans.read(f"2026-{month:02d}") for month in range(1, 13)]
    for one, following in pairwise(months):
        assert following.starts - one.ends == spans.ONE
    assert months[-1].ends == spans.read("2026").ends == spans.read("2026-Q4").ends
    assert spans.containing(APRIL, "quarter").period == "2026-Q2"
    assert spans.containing(APRIL, "month").name == "2026年4月"
    assert set(PERIODICALS) == set(periodicals.KINDS)


@pytest.mark.rule("N17")
def test_7_no_month_is_drafted_before_the_one_before_it_is_published(late_month, move_to):
    """What March waives or still takes in would be wrong in April for ever."""
    late_month.object(reason="已送达")
    move_to(datetime(2026, 5, 6, 9, tzinfo=clock.SHANGHAI))
    april = periodicals.open("monthly_scoring", "2026-04")
    with pytest.raises(Refusal, match=r"2026年3月督办考核（BC-KH-2026-03）已建期、还没有印发.*请先把BC-KH-2026-03印发"):
        periodicals.draft(april)
    assert read(april).awaiting == ("draft:1",)
    late_month.at(5, 6, 10).decide("objection.office", "异议成立", reason="确已送达")
    late_month.draft()
    late_month.published()
    periodicals.draft(april)
    with ledger.transaction() as session:
        content = periodicals.snapshot(session, april)
    assert list(periodicals.scoring.entries_in(content)) == []
