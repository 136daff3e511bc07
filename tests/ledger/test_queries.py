from datetime import datetime, timedelta
from typing import Any

import pytest
from plain_office import note, register
from sqlalchemy import event

from duban import clock, ledger

NOW = datetime(2026, 3, 10, 0, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def matters(ledger_url: str) -> None:
    def add(n: int, state: str, unit: str, due: timedelta | None, **more: Any) -> None:
        register(session, f"M-{n}", state=state, unit=unit, due_at=NOW + due if due is not None else None, **more)

    hour = timedelta(hours=1)
    with ledger.transaction() as session:
        add(1, "in_progress", "jingzhen", hour, awaiting=["reply:1"], wake_at=NOW + hour)
        add(2, "in_progress", "jingzhen", -hour, awaiting=["reply:1", "receipt:1"], wake_at=NOW - hour)
        add(3, "urged", "zhian", -2 * hour, awaiting=["urged_reply:1"], wake_at=NOW)
        add(4, "replied", "zhian", -hour, awaiting=["review.office:1"])
        add(5, "closed", "jingzhen", None)
        add(6, "in_progress", "zhian", timedelta(0))
        ledger.open_matter(session, "M-7")


def numbers(**asked: Any) -> list[str]:
    with ledger.transaction() as session:
        return [item.number for item in ledger.items(session, **asked)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["M-3", "M-2", "M-4", "M-6", "M-1", "M-5"]),
        ({"unit": "jingzhen"}, ["M-2", "M-1", "M-5"]),
        ({"state": "in_progress"}, ["M-2", "M-6", "M-1"]),
        ({"state": ["urged", "closed"]}, ["M-3", "M-5"]),
        ({"state": []}, []),
        ({"overdue": True, "now": NOW}, ["M-3", "M-2", "M-6"]),
        ({"overdue": True, "now": NOW - timedelta(hours=2)}, ["M-3"]),
        ({"overdue": True, "unit": "zhian", "state": "in_progress", "now": NOW}, ["M-6"]),
        ({"unit": "no such"}, []),
        ({"unit": "坏\0"}, []),
    ],
)
def test_the_register(asked: dict[str, Any], found: list[str]) -> None:
    assert numbers(**asked) == found


def test_a_line_of_the_register() -> None:
    with ledger.transaction() as session:
        item = next(item for item in ledger.items(session) if item.number == "M-2")
    assert (item.unit, item.awaiting, item.version) == ("jingzhen", ["reply:1", "receipt:1"], 1)
    assert item.due_at == NOW - timedelta(hours=1)


def test_waits_that_are_over() -> None:
    waits = [("M-1", "reply:1"), ("M-2", "receipt:1"), ("M-2", "reply:2"), ("M-5", "reply:1"), ("M-404", "reply:1")]
    with ledger.transaction() as session:
        assert sorted(ledger.gone(session, waits)) == [("M-2", "reply:2"), ("M-404", "reply:1"), ("M-5", "reply:1")]
        assert ledger.gone(session, []) == []
        note(session, "M-1", awaiting=[])
        assert ("M-1", "reply:1") in ledger.gone(session, waits)


def test_thousands_of_waits_are_one_question() -> None:
    asked: list[str] = []
    event.listen(ledger.engine(), "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    waits = [("M-1", "reply:1")] * 2500 + [("M-1", f"gone:{n}") for n in range(2500)]
    with ledger.transaction() as session:
        assert len(ledger.gone(session, waits)) == 2500
    assert len(asked) == 1


def test_whom_time_wakes() -> None:
    with ledger.transaction() as session:
        assert ledger.due_to_wake(session, NOW) == ["M-2", "M-3"]
        assert ledger.due_to_wake(session, NOW - timedelta(microseconds=1)) == ["M-2"]
        note(session, "M-2", wake_at=None)
        assert ledger.due_to_wake(session, NOW) == ["M-3"]


def test_the_matter_of_a_run() -> None:
    with ledger.transaction() as session:
        register(session, "M-8", run_key="manual__甲")
        assert ledger.number_of_run(session, "manual__甲") == "M-8"
        assert ledger.number_of_run(session, "manual__甲", lock=True) == "M-8"
        assert ledger.number_of_run(session, "manual__乙") is None
        assert ledger.number_of_run(session, "坏\0") is None
