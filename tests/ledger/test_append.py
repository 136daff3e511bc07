from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from plain_office import CLERK, UNIT, note, register
from sqlalchemy import text

from duban import clock, ledger
from duban.errors import Refusal
from duban.ledger import Draft

NUMBER = "BC-2026-0001"


def test_what_goes_in_comes_out(ledger_url: str) -> None:
    sent = datetime(2026, 3, 4, 23, 59, 59, 999999, tzinfo=clock.SHANGHAI)
    data = {
        "title": "督办𠮷",
        "due_on": date(2026, 3, 9),
        "points": Decimal("-0.50"),
        "share": 0.5,
        "sent": sent,
        "awaiting": ("reply:1", "receipt:1"),
        "nested": {"文书": [1, None, True]},
    }
    with ledger.transaction() as session:
        first = register(session, **data)
        second = ledger.append(session, NUMBER, Draft("noted", "note:1", UNIT, "五（四）", at=sent, round=3))
    with ledger.transaction() as session:
        assert ledger.events(session, NUMBER) == [first, second]
        assert ledger.event(session, NUMBER, "note:1") == second
        assert ledger.event(session, NUMBER, "note:2") is None
        state = ledger.state(session, NUMBER)
    assert first.data == {
        "title": "督办𠮷",
        "due_on": "2026-03-09",
        "points": "-0.50",
        "share": 0.5,
        "sent": "2026-03-04T23:59:59.999999+08:00",
        "awaiting": ["reply:1", "receipt:1"],
        "nested": {"文书": [1, None, True]},
    }
    assert (first.seq, second.seq) == (1, 2)
    assert second.prev_hash == first.hash
    assert (second.at, second.round, second.actor) == (sent, 3, UNIT)
    assert first.at.utcoffset() == timedelta(hours=8)
    assert (state.title, state.due_on, state.awaiting) == ("督办𠮷", date(2026, 3, 9), ("reply:1", "receipt:1"))


def test_the_same_key_is_done_once(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)
        first = note(session, title="第一次")
    with ledger.transaction() as session:
        again = note(session, title="第二次")
        assert again == first
        assert ledger.state(session, NUMBER).title == "第一次"
        assert len(ledger.events(session, NUMBER)) == 2


def test_the_same_key_in_another_matter_is_another_deed(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session, "A-1")
        register(session, "A-2")
        assert note(session, "A-1").number == "A-1"
        assert note(session, "A-2").number == "A-2"


def test_a_matter_that_moved_on_refuses_who_did_not_see_it(ledger_url: str) -> None:
    draft = Draft("noted", "note:2", UNIT, "五（四）")
    with ledger.transaction() as session:
        register(session)
        note(session)
    with pytest.raises(Refusal, match="已有新的变化"), ledger.transaction() as session:
        ledger.append(session, NUMBER, draft, expected_version=1)
    with ledger.transaction() as session:
        assert ledger.append(session, NUMBER, draft, expected_version=2).seq == 3
    with ledger.transaction() as session:
        assert ledger.append(session, NUMBER, draft, expected_version=2).seq == 3, "a repetition is no conflict"


def test_what_is_refused_leaves_nothing(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)
    with pytest.raises(Refusal, match="不许"), ledger.transaction() as session:  # noqa: PT012 - the first goes well
        note(session, title="先成后败")
        ledger.append(session, NUMBER, Draft("forbidden", "x", UNIT, "五（四）"))
    with ledger.transaction() as session:
        assert len(ledger.events(session, NUMBER)) == 1
        assert ledger.state(session, NUMBER).title == ""
    assert ledger.verify() == []


@pytest.mark.parametrize("number", ["BC-2026-9999", "", "空\0", "半\ud83d"])
def test_an_unknown_matter_is_named(ledger_url: str, number: str) -> None:
    with ledger.transaction() as session:
        with pytest.raises(Refusal, match="没有编号为"):
            ledger.state(session, number)
        with pytest.raises(Refusal, match="没有编号为"):
            note(session, number)
        assert ledger.events(session, number) == []
        assert ledger.event(session, number, "note:1") is None


def test_a_number_is_opened_once(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)
    with pytest.raises(Refusal, match="已经登记过"), ledger.transaction() as session:
        register(session)
    with pytest.raises(Refusal, match="编号是空的"), ledger.transaction() as session:
        ledger.open_matter(session, " ")


@pytest.mark.parametrize("bad", ["空\0字符", "半个字\ud83d", "\udfff"])
@pytest.mark.parametrize("field", ["kind", "key", "clause", "data", "name", "nested", "actor"])
def test_text_that_no_database_keeps_is_refused_in_a_sentence(ledger_url: str, bad: str, field: str) -> None:
    words = {"kind": "noted", "key": "note:1", "clause": "五"}
    data = {"data": {"意见": bad}, "name": {bad: 1}, "nested": {"a": [{"b": [bad]}]}}.get(field, {})
    actor = ledger.Actor("li", bad) if field == "actor" else CLERK
    draft = Draft(**{**words, **({field: bad} if field in words else {})}, actor=actor, data=data)
    with ledger.transaction() as session:
        register(session)
        with pytest.raises(Refusal, match="存不下的字符") as caught:
            ledger.append(session, NUMBER, draft)
        assert "\0" not in str(caught.value)
        str(caught.value).encode()
        assert len(ledger.events(session, NUMBER)) == 1


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e16, 10**16])
def test_numbers_that_json_cannot_carry_are_refused(ledger_url: str, number: float) -> None:
    with pytest.raises(Refusal, match="数太大"), ledger.transaction() as session:
        register(session, amount=number)


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, datetime(2026, 3, 2), object()])  # noqa: DTZ001
def test_what_is_no_data_is_a_programming_error(ledger_url: str, value: object) -> None:
    with pytest.raises(TypeError), ledger.transaction() as session:
        register(session, thing=value)


def test_a_hundred_thousand_characters_are_no_trouble(ledger_url: str) -> None:
    long = "督办事项{{ 7*7 }}\t'\"\\ " * 5000
    with ledger.transaction() as session:
        register(session, title=long)
    with ledger.transaction() as session:
        assert ledger.state(session, NUMBER).title == long
    assert ledger.verify() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET clause = '九'",
        "UPDATE event SET clause = '九' WHERE false",
        "DELETE FROM event",
        "TRUNCATE event",
        "TRUNCATE matter CASCADE",
        "DELETE FROM matter",
        "DELETE FROM stored_file",
        "UPDATE stored_file SET size = 0",
        "TRUNCATE stored_file",
        "DELETE FROM allocated_number",
        "UPDATE allocated_number SET n = 9",
        "TRUNCATE allocated_number",
        "DELETE FROM number_series",
        "TRUNCATE number_series",
        "DELETE FROM ledger_meta",
        "TRUNCATE ledger_meta",
    ],
)
def test_the_database_itself_refuses_to_forget(ledger_url: str, statement: str) -> None:
    with ledger.transaction() as session:
        register(session)
    with pytest.raises(Refusal, match="只能追加"), ledger.transaction() as session:
        session.execute(text(statement))


def test_who_listens_is_told_after_the_commit(ledger_url: str) -> None:
    listener = ledger.engine().raw_connection()
    try:
        listener.driver_connection.autocommit = True
        listener.driver_connection.execute("LISTEN duban")
        with ledger.transaction() as session:
            register(session)
            note(session)
            assert not list(listener.driver_connection.notifies(timeout=0.2, stop_after=1))
        told = list(listener.driver_connection.notifies(timeout=5, stop_after=1))
        assert [(notice.channel, notice.payload) for notice in told] == [("duban", NUMBER)]
    finally:
        listener.invalidate()
