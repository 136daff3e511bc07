"""Whatever happened in a ledger, in whatever order: what the reports print reconciles, now and for any day before.

Walks of random acts over matters of every bureau, type and mode, as in test_random_walks; after each of them all
reports that the regulation knows are made, read back from their spreadsheets, and reckoned anew from the events alone.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from bureaus import made
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from matters import FORM, Matter, person
from reckoning import assert_reconciles, assert_sums, rows
from sqlalchemy.orm import Session
from test_random_walks import IN_TIME, JIANGCHENG, KINDS, LEADER, START, STEPS, UNIT

from duban import acts, clock, ledger, organization, regulation
from duban.errors import Refusal
from duban.ledger import projection
from duban.ledger.standing import State
from duban.reports import making, spans
from duban.statistics import standings

EXAMPLES = int(os.environ.get("DUBAN_WALKS", "3"))


def reports(session: Session, moment: datetime) -> dict[str, tuple[Any, bytes]]:
    """Every report that the regulation knows, as of a moment: its JSON and its spreadsheet."""
    law, org, found = regulation.load(), organization.load(), {}
    for kind in making.KINDS:
        with suppress(Refusal):
            period = spans.period(kind, moment.date(), law, moment)
            report = making.report(kind, session, law, org, period)
            found[kind] = (report.as_json(), making.spreadsheet(kind, report))
    return found


def replayed(session: Session, moment: datetime) -> dict[str, State]:
    """Every matter by its events alone, the long way round."""
    found = {}
    for item in ledger.items(session):
        state: State | None = None
        for event in ledger.events(session, item.number):
            if event.at <= moment:
                state = projection.apply(state, event)
        if state is not None and state.released:
            found[item.number] = state
    return found


def assert_holds(session: Session, moment: datetime) -> None:
    truth = replayed(session, moment)
    found = {one.number: one for one in standings(session, moment)}
    assert found.keys() == truth.keys()
    for number, state in truth.items():
        one = found[number]
        assert (one.state, one.unit, one.due_on, one.rounds) == (state.state, state.unit, state.due_on, state.rounds)
        assert (one.nodes, one.closed_at, one.outcome) == (state.nodes, state.closed_at, state.outcome or "open")
    still_open = {number for number, state in truth.items() if not state.ended}
    every = reports(session, moment)
    for kind, (said, data) in every.items():
        assert assert_reconciles(said, kind) > 5
        assert_sums(data)
        assert json.loads(json.dumps(said)) == said
    weekly, book = every["weekly"]
    assert set(weekly["open"]["numbers"]) == still_open
    assert {row["编号"] for row in rows(book, "在办件")} == still_open
    assert [row["序号"] for row in rows(book, "逾期件")] == list(range(1, weekly["overdue"]["value"] + 1))
    lines = {line["number"]: line for unit in weekly["units"] for line in unit["lines"]}
    assert {n for n, line in lines.items() if line["overdue"]} == set(weekly["overdue"]["numbers"])
    for part in weekly["lights"]["parts"]:
        assert {n for n, line in lines.items() if line["light"] == part["key"]} == set(part["figure"]["numbers"])
    if "bulletin" in every:
        assert_bulletin(*every["bulletin"])


def assert_bulletin(said: dict[str, Any], book: bytes) -> None:
    whole = said["summary"]
    for group in ("units", "types"):
        for name in ("origin", "outcome", "open", "closed"):
            for at, part in enumerate(whole[name]["parts"]):
                counted = [n for one in said[group] for n in one[name]["parts"][at]["figure"]["numbers"]]
                assert sorted(counted) == part["figure"]["numbers"], (group, name, part["key"])
    for unit in said["load"]:
        assert unit["asked"]["value"] == len(unit["asks"])
    assert len(rows(book, "要求报送")) == sum(unit["asked"]["value"] for unit in said["load"])
    assert len(rows(book, "逾期件")) == said["overdue"]["value"] == len(said["overdue_lines"])
    assert len(rows(book, "表扬批评")) == said["praised"]["value"] + said["criticised"]["value"]


@pytest.mark.rule("BC-5.10a", "BC-6.4", "MM-3.1", "LZ-3.3")
@pytest.mark.parametrize("law", sorted(KINDS))
def test_whatever_is_printed_reconciles(
    law: str, new_ledger: Callable[[datetime | None], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if law.startswith("jiangcheng"):
        monkeypatch.setenv("DUBAN_INCLUDE", str(JIANGCHENG))
    monkeypatch.setenv("DUBAN_REGULATION", law)
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    new_ledger(START)
    past: list[tuple[datetime, dict[str, tuple[Any, bytes]]]] = []

    @settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def any_walk(seed: int) -> None:
        chance = Random(seed)
        changes = {"unit": UNIT[law], "instruction_by": LEADER[law]} | chance.choice(KINDS[law])
        if changes.get("due_on") == IN_TIME:
            with ledger.transaction() as session:
                changes["due_on"] = (clock.now(session).date() + timedelta(days=9)).isoformat()

        def make(**more: Any) -> Matter:
            state = acts.register({**FORM, **more}, person("office"), f"walk {uuid4()}")
            return Matter(state.number, lambda _moment: None)

        matter = made(make, **changes) if changes["unit"] else make(**changes)
        for _ in range(chance.randint(20, 50)):
            if callable(deed := chance.choice(STEPS)(matter, chance)):
                with suppress(Refusal):
                    deed()
        with ledger.transaction() as session:
            behind = ledger.due_to_wake(session, clock.now(session))
        for number in behind:
            acts.lapse(number)
        with ledger.transaction() as session:
            now = clock.now(session)
            assert_holds(session, now)
            assert_holds(session, START + (now - START) * chance.random())
            past.append((now, reports(session, now)))

    any_walk()
    # What was printed then is what is printed for that moment now, whatever has happened since.
    with ledger.transaction() as session:
        for moment, said in past:
            assert reports(session, moment) == said
