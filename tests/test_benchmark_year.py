"""The year on which reports and scores are measured: copies that the ledger's own check takes for real."""

import pytest
from sqlalchemy import text

from benchmarks import year
from duban import ledger


@pytest.fixture
def years_end(new_database, monkeypatch):
    address = new_database()
    monkeypatch.setenv("DUBAN_LEDGER_URL", address)
    ledger.create_rehearsal(year.NOW)
    return address.replace("+psycopg", "")


def test_every_copied_matter_adds_up(years_end):
    events = year.fill(years_end, 100, kinds=1)
    assert ledger.verify() == []
    with ledger.transaction() as session:
        known = dict(session.execute(text("SELECT state, count(*) FROM matter GROUP BY state")).all())
        assert session.scalar(text("SELECT count(*) FROM event")) == events > 100 * 10
        assert session.scalar(text("SELECT count(DISTINCT hash) FROM event")) == events, "a copy has its own chain"
    assert sum(known.values()) == 100
    assert known["closed"] > 50
    assert len(known) > 1, "some are open"
