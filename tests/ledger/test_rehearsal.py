from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from plain_office import note, register
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from duban import clock, ledger
from duban.errors import Refusal

START = datetime(2026, 3, 2, 9, 0, tzinfo=clock.SHANGHAI)
INSTANT = timedelta(seconds=60)


def now() -> datetime:
    with ledger.transaction() as session:
        return clock.now(session)


def test_a_real_ledger_has_real_time(ledger_url: str) -> None:
    assert abs(now() - datetime.now(UTC)) < INSTANT
    assert now().utcoffset() == timedelta(hours=8)
    with ledger.transaction() as session:
        assert not ledger.is_rehearsal(session)


def test_a_rehearsal_begins_where_it_was_told(rehearsal_url: str) -> None:
    assert timedelta(0) <= now() - START < INSTANT
    with ledger.transaction() as session:
        assert ledger.is_rehearsal(session)


def test_its_clock_moves_forward_for_all_events_but_not_for_the_hour_of_recording(rehearsal_url: str) -> None:
    with ledger.transaction() as session:
        first = register(session)
        assert ledger.advance(session, timedelta(days=5)) - START - timedelta(days=5) < INSTANT
        second = note(session)
    with ledger.transaction() as session:
        third = note(session, key="note:2")
    assert first.at - START < INSTANT
    assert timedelta(0) <= second.at - START - timedelta(days=5) < INSTANT
    assert third.at > second.at
    assert abs(third.recorded_at - datetime.now(UTC)) < INSTANT
    assert ledger.verify() == []


@pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=-1), timedelta(days=-5)])
def test_it_never_goes_back(rehearsal_url: str, step: timedelta) -> None:
    with pytest.raises(Refusal, match="只能往前走"), ledger.transaction() as session:
        ledger.advance(session, step)


def test_a_slip_of_the_pen_is_no_century(rehearsal_url: str) -> None:
    with pytest.raises(Refusal, match="最多往前走"), ledger.transaction() as session:
        ledger.advance(session, timedelta(days=36500))


def test_time_in_a_real_ledger_stands_firm(ledger_url: str) -> None:
    with pytest.raises(Refusal, match="这是正式台账"), ledger.transaction() as session:
        ledger.advance(session, timedelta(days=1))
    with pytest.raises(IntegrityError, match="real_time"), ledger.transaction() as session:
        session.execute(text("UPDATE ledger_meta SET clock_offset = interval '1 day'"))


@pytest.mark.parametrize("kind", ["ledger_url", "rehearsal_url"])
def test_the_mark_is_for_ever(kind: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(kind)
    with pytest.raises(Refusal, match="不能改变"), ledger.transaction() as session:
        session.execute(text("UPDATE ledger_meta SET rehearsal = NOT rehearsal, clock_offset = interval '0'"))
    with pytest.raises(IntegrityError), ledger.transaction() as session:
        session.execute(text("INSERT INTO ledger_meta (id, rehearsal) VALUES (2, true)"))


def test_the_database_itself_turns_no_clock_back(rehearsal_url: str) -> None:
    with pytest.raises(Refusal, match="不能倒回"), ledger.transaction() as session:
        session.execute(text("UPDATE ledger_meta SET clock_offset = clock_offset - interval '1 second'"))


def test_a_real_ledger_becomes_no_rehearsal(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal, match="已经是正式台账"):
        ledger.create_rehearsal(START)
    monkeypatch.setenv("DUBAN_REHEARSAL", "1")
    with pytest.raises(Refusal, match="已经是正式台账"):
        ledger.upgrade()
    with pytest.raises(Refusal, match="连上的却是正式台账"):
        now()


def test_a_rehearsal_made_twice_goes_on(rehearsal_url: str) -> None:
    with ledger.transaction() as session:
        ledger.advance(session, timedelta(days=3))
    ledger.create_rehearsal(START)
    ledger.upgrade()
    assert now() - START >= timedelta(days=3)


def test_the_environment_makes_a_new_ledger_a_rehearsal(
    new_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_URL", new_database())
    monkeypatch.setenv("DUBAN_REHEARSAL", "1")
    ledger.upgrade()
    assert abs(now() - datetime.now(UTC)) < INSTANT
    with ledger.transaction() as session:
        assert ledger.is_rehearsal(session)


def test_a_real_ledger_is_not_asked_for_the_time_twice(ledger_url: str) -> None:
    now()
    with ledger.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 1"))
        session.execute = pytest.fail  # type: ignore[method-assign]
        clock.now(session)
