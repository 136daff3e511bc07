"""The figures of the overview: what each says, and that all of them reconcile whatever happened to the matters."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from matters import Matter

from duban import acts, clock, ledger, organization
from duban.ledger.models import MatterRow
from duban.ledger.standing import ENDED, PERIODICALS, STATES
from duban.reports import board, figures
from duban.reports.board import Board
from duban.statistics import Span, loads, standings

Make = Callable[..., Matter]


def now_board() -> Board:
    with ledger.transaction() as session:
        return board.board(session, organization.load(), clock.now(session))


def numbers(key: str) -> tuple[str, ...] | None:
    with ledger.transaction() as session:
        return figures.numbers(session, organization.load(), clock.now(session), key)


def assert_reconciles(seen: Board) -> None:
    """Every whole is its classes, the year is what came and what became of it (ValueError otherwise)."""
    for base, family in (("open", "group"), ("open", "light"), ("overdue", "overdue"), ("year.total", "rounds")):
        assert figures.whole(seen, base, family).base.value == seen[base].value
    figures.whole(seen, "year.total", "type")
    figures.origin(seen)
    figures.outcome(seen)
    figures.rates(seen)
    for key in ("load.open", "load.overdue"):
        each = [number for unit in seen.family(key) for number in seen[f"{key}.{unit}"].numbers]
        covert = set(seen[key.removeprefix("load.")].numbers) & set(seen["light.secret"].numbers)
        assert sorted([*each, *covert]) == list(seen[key.removeprefix("load.")].numbers)


def test_an_empty_ledger_has_figures_of_nothing(rehearsal_url: str) -> None:
    seen = now_board()
    assert_reconciles(seen)
    assert [rate.text for rate in figures.rates(seen)] == ["—", "—"]
    assert {key: numbers(key) for key in figures.NAMES} == dict.fromkeys(figures.NAMES, ())


@pytest.mark.rule("BC-5.10a")
def test_a_matter_is_in_the_figures_of_where_it_stands(new_matter: Make) -> None:
    one, other = new_matter(), new_matter(unit="治安支队", cohandlers="法制支队")
    assert numbers("open") == numbers("year.registered") == (one.number, other.number)
    assert numbers("group.before") == numbers("waiting.director") == (one.number, other.number)
    one.dispatched()
    assert numbers("no_receipt") == numbers("group.untaken") == (one.number,)
    assert numbers("waiting.director") == (other.number,)
    other.decide("sign.director", "同意")
    assert (numbers("waiting.director"), numbers("waiting.leaders")) == ((), (other.number,))
    assert numbers("load.helping.fazhi") == (other.number,)
    acts.receive(one.number, one.unit)
    acts.read(one.number, one.unit)
    assert (numbers("group.working"), numbers("no_receipt")) == ((one.number,), ())
    assert numbers("load.open.jingzhen") == numbers("open@jingzhen") == (one.number,)
    assert numbers("load.asked.jingzhen") == (one.number,)
    due = one.state.due_on
    assert due is not None
    assert numbers("due_this_week") == numbers("due_today") == ()
    one.at(due.month, due.day, 9)
    assert numbers("due_this_week") == numbers("due_today") == (one.number,)
    one.at(due.month, due.day + 5, 9)
    assert numbers("overdue") == numbers("overdue.7") == numbers("group.overdue") == (one.number,)
    assert numbers("light.red") == numbers("load.overdue.jingzhen") == (one.number,)
    assert numbers("overdue@zhian") == numbers("overdue.3") == ()
    assert_reconciles(now_board())


@pytest.mark.rule("BC-5.10a")
def test_what_was_closed_this_year_is_counted_by_how_it_was_closed(new_matter: Make) -> None:
    plain, again, late, withdrawn = (new_matter() for _ in range(4))
    plain.in_progress().replied().closed()
    for one in (again, late):
        one.in_progress()
    again.replied().decide("review.office", "退回补办", reason="敷衍塞责", requirement="请补充。")
    again.replied("补办").closed()
    acts.withdraw(withdrawn.number, withdrawn.clerk, "重复", "顾长风")
    late.at(3, 12)
    late.replied().closed()
    assert numbers("year.total") == tuple(one.number for one in (plain, again, late, withdrawn))
    assert numbers("year.on_time") == (plain.number, again.number)
    assert numbers("year.late") == (late.number,)
    assert numbers("year.first_pass") == (plain.number, late.number)
    assert numbers("year.sent_back") == (again.number,)
    assert numbers("year.cancelled") == (withdrawn.number,)
    assert [rate.text for rate in figures.rates(now_board())] == ["66.7%", "66.7%"]
    assert now_board().times_asked("jingzhen") == 4  # handed out three times, sent back once
    assert numbers("load.asked.jingzhen") == (plain.number, again.number, late.number)
    assert_reconciles(now_board())


def asked_by_the_bulletin() -> dict[str, int]:
    """How many reports each unit was asked for, as the bulletin counts them."""
    with ledger.transaction() as session:
        now = clock.now(session)
        units = {"jingzhen": "", "zhian": ""}
        each = loads(session, standings(session, now), units, Span(date(2026, 1, 1), now.date()))
        return {one.unit: one.asked.value for one in each if one.asked.value}


def test_a_report_is_asked_of_the_unit_that_had_the_matter_then(new_matter: Make) -> None:
    moved = new_matter().dispatched()
    acts.decline(moved.number, moved.unit, "属治安支队职责。")
    assert numbers("group.declined") == (moved.number,)
    moved.decide("reassign", "改派", unit="治安支队", reason="属治安支队职责")
    moved.at(3, 3)
    moved.dispatched()
    seen = now_board()
    asked = {unit: seen.times_asked(unit) for unit in seen.family("load.asked")}
    assert asked == asked_by_the_bulletin() == {"jingzhen": 1, "zhian": 1}
    assert numbers("load.open.zhian") == (moved.number,)
    acts.withdraw(moved.number, moved.clerk, "重复", "顾长风")
    ended = now_board()
    assert {unit: ended.times_asked(unit) for unit in ended.family("load.asked")} == asked_by_the_bulletin() == asked


def test_covert_matters_are_there_for_those_who_may_see_them(new_matter: Make) -> None:
    covert = new_matter(mode="covert", consent_by="顾长风", consent_on="2026-03-02", consent_number="局党委纪要第3号")
    seen = now_board()
    assert seen["open"].numbers == seen["light.secret"].numbers == (covert.number,)
    assert seen.of(set())["open"].numbers == ()
    assert seen.family("load.open") == []
    assert numbers("open@jingzhen") == (), "of whom it is must not be told"
    assert_reconciles(seen)
    acts.withdraw(covert.number, covert.clerk, "查否", "顾长风")
    assert numbers("year.cancelled") == (covert.number,)
    assert numbers("year.cancelled@jingzhen") == ()


@pytest.mark.parametrize("key", ["", "open.", "overdue", "overdue.2", "open@nobody", "load.open.nobody", "x", "light"])
def test_only_a_key_that_is_one_has_a_list(rehearsal_url: str, key: str) -> None:
    known = key == "overdue"
    assert (figures.name(key) is not None, numbers(key) is not None) == (known, known)


def test_every_key_has_its_words() -> None:
    assert figures.name("overdue.7") == "逾期4至7天"
    assert figures.name("load.open.jingzhen") == "经侦支队在办"
    assert figures.name("overdue@jingzhen") == "经侦支队：逾期"
    assert figures.name("type.general") == "本年在办和办过，一般督办"


def test_every_state_of_a_matter_has_its_group() -> None:
    periodical = set(list(STATES)[list(STATES).index("opened") :])
    assert set(STATES) - periodical - set(ENDED) == set(board._GROUP_OF)
    assert set(board._GROUP_OF.values()) == set(board.GROUPS)


def test_a_board_is_kept_until_something_happens(new_matter: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Any] = []
    read = board._read
    monkeypatch.setattr(board, "_read", lambda *given: reads.append(given) or read(*given))
    new_matter()
    moment = datetime(2026, 3, 2, 9, 30, 5, tzinfo=clock.SHANGHAI)
    with ledger.transaction() as session:
        for second in (5, 50):
            board.board(session, organization.load(), moment.replace(second=second))
        assert len(reads) == 1
        board.board(session, organization.load(), moment.replace(minute=31))
        assert len(reads) == 2
    new_matter()
    with ledger.transaction() as session:
        assert board.board(session, organization.load(), moment.replace(minute=31))["open"].value == 2
    assert len(reads) == 3


def test_period_files_are_in_no_figure(new_matter: Make) -> None:
    from duban import periodicals

    one = new_matter()
    periodicals.open("weekly_progress", "2026-03-02")
    with ledger.transaction() as session:
        assert session.query(MatterRow).filter(MatterRow.type.in_(PERIODICALS)).count() == 1
    assert numbers("year.total") == (one.number,)
