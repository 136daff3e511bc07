"""What PostgreSQL's jsonb does to numbers and text must not break a chain: tried with anything that may be stored."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from plain_office import note, register
from test_chain import values

from duban import ledger
from duban.ledger.chain import digest


@pytest.fixture
def registered(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=values)
@example(value=-0.0)
@example(value=[1e15, 1e-15, 10**15, 1.0, "\u2028\x01\ufffe"])
def test_an_event_read_back_has_the_hash_it_was_given(registered: None, value: Any) -> None:
    with ledger.transaction() as session:
        key = f"note:{len(ledger.events(session, 'BC-2026-0001'))}"
        appended = note(session, key=key, value=value)
    with ledger.transaction() as session:
        read = ledger.events(session, "BC-2026-0001")[-1]
    assert read == appended
    assert digest(read) == read.hash
