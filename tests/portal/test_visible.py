"""A list shows somebody exactly what the rule for one matter says, whoever asks, whatever is in the ledger."""

from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from duban import acts, clock, ledger
from duban.ledger import Actor, State
from duban.ledger.append import projected, view_of
from duban.ledger.models import MatterRow
from duban.ledger.standing import PERIODICALS, STATES, Period
from duban.portal.visible import seen_by, visible

UNITS = ("jingzhen", "zhian", "jindu")
USERS = ("jingzhen.head", "zhian.liaison", "kang.inspector", "a%b_c", '"')
POSTS = (*acts.seeing.BUREAU, "inspector", "auditor", "liaison", "unit_head", "unit_leader", "unit_checker", "guest")

NOW = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)

actors = st.builds(
    Actor,
    user=st.sampled_from(USERS),
    name=st.just("某某"),
    post=st.none() | st.sampled_from(POSTS),
    unit=st.none() | st.sampled_from(UNITS),
)
forms = st.dictionaries(st.just("readers"), st.none() | st.lists(st.sampled_from(USERS), max_size=3))
matters = st.fixed_dictionaries(
    {
        "unit": st.sampled_from((*UNITS, "office")),
        "cohandlers": st.lists(st.sampled_from(UNITS), max_size=2, unique=True),
        "released": st.booleans(),
        "mark": st.sampled_from(["", "内部", "秘密★1年"]),
        "state": st.sampled_from(sorted(STATES)),
        "form": forms,
    }
)
period_files = st.fixed_dictionaries(
    {
        "unit": st.just("office"),
        "type": st.sampled_from(sorted(PERIODICALS)),
        "periodical": st.sampled_from([Period(period="2026-03"), Period(period="2026-03", published_at=NOW)]),
    }
)
numbers = count(1)


def put(session: Session, changes: dict[str, Any]) -> State:
    """A row as the ledger writes one, whatever stands in it."""
    said = {
        "number": f"BC-2026-{next(numbers):04d}",
        "reference": "",
        "type": "general",
        "title": "核查",
        "regulation": "baicheng-2020",
        "organization": "baicheng",
        "form": {},
        "registered_at": NOW,
    }
    state = State.model_validate(said | changes)
    row = {"number": state.number, "version": 1, "last_hash": "", "view": view_of(state)} | projected(state)
    session.execute(insert(MatterRow).values(row))
    return state


@pytest.mark.rule("MM-5.5", "SK-3.2", "BC-8.4")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(matters | period_files, min_size=1, max_size=8), st.lists(actors, min_size=1, max_size=6))
def test_a_list_shows_what_the_rule_says_of_each(
    rehearsal_url: str, given_matters: list[dict[str, Any]], given_actors: list[Actor]
) -> None:
    with ledger.engine().connect() as connection, Session(connection) as session:
        session.execute(text("INSERT INTO matter (number, last_hash) VALUES ('BC-2026-0000', '')"))  # only opened
        every = [put(session, changes) for changes in given_matters]
        for actor in given_actors:
            said = {state.number for state in every if acts.may_see(state, actor)}
            query = select(MatterRow.number).where(MatterRow.version > 0, seen_by(actor))
            assert set(session.scalars(query)) == said
            assert visible(session, actor, [state.number for state in every]) == said
        session.rollback()
