"""Period files in the archive: one issue one 件 (DA/T 22-2015 5.1.1), in the year in which it was published."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from archive_year import collected
from matters import Matter

from duban import archive, clock, ledger, periodicals


@pytest.fixture
def weekly(matter: Matter, move_to: Callable[[datetime], None]) -> str:
    """A weekly report of an open matter, published with its papers."""
    matter.in_progress()
    move_to(datetime(2026, 3, 13, 16, tzinfo=clock.SHANGHAI))
    number = periodicals.open("weekly_progress", "2026-03-13")
    periodicals.draft(number)
    periodicals.publish(number)
    periodicals.complete(number)
    return number


def test_a_weekly_report_is_one_piece_with_its_tables(weekly: str, out: Path) -> None:
    assert archive.enter(2026) == archive.Entered(matters=1, pieces=1)
    with ledger.transaction() as session:
        (event,) = ledger.events(session, weekly, "archived")
        state = ledger.state(session, weekly)
        assert ledger.verify(session) == []
    (piece,) = event.data["pieces"]
    assert (piece["code"], piece["on"]) == ("0107-WS·2026-D10-BGS-0001", "20260313")
    assert piece["title"] == state.title
    assert [paper["role"] for paper in piece["papers"]][:2] == ["正本", "附件"]
    assert not [paper for paper in piece["papers"] if paper["name"].endswith(".json")]
    assert state.state == "published"  # what was published is read from there for ever
    (office,) = archive.pack(2026, out)
    assert office.pieces == 1
    assert archive.enter(2026) == archive.Entered(0, 0)


def test_a_period_file_that_is_not_published_waits(matter: Matter, move_to: Callable[[datetime], None]) -> None:
    matter.in_progress()
    move_to(datetime(2026, 3, 13, 16, tzinfo=clock.SHANGHAI))
    periodicals.draft(periodicals.open("weekly_progress", "2026-03-13"))
    found = collected()
    assert found.waiting == ()
    assert [one.number for one in found.carried] == [matter.number]


def test_the_archive_of_a_year_is_no_piece_of_itself(
    weekly: str, move_to: Callable[[datetime], None], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_ARCHIVES", str(out))
    move_to(datetime(2027, 1, 4, 9, tzinfo=clock.SHANGHAI))
    number = periodicals.open("year_end_archive", "2026")
    for step in (periodicals.collect, periodicals.pack, periodicals.publish, periodicals.complete):
        step(number)
    assert collected(2026).archived == (weekly,)
    assert collected(2027).waiting == ()
