"""The total is the length of the list, and the list is what was asked: held against a reckoning of its own."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_visible import put

from benchmarks import year
from duban import acts, clock, ledger, organization
from duban.clock import SHANGHAI
from duban.ledger import Actor, State
from duban.ledger.append import view_of
from duban.ledger.standing import ENDED
from duban.marks import MARKS
from duban.portal.pages.register_asked import LABELS, LATENESS, SORTS, STAGES, STATES_OF_MATTERS, Asked
from duban.portal.pages.register_lines import find
from duban.reports.lights import LIGHTS, Lights
from duban.statistics.asof import Standing, standing
from duban.statistics.counts import ROUNDS

EXAMPLES = int(os.environ.get("DUBAN_WALKS", "3")) * 25
PEOPLE = [
    Actor("tian.clerk", "田雨欣", "office"),
    Actor("gu.chief", "顾长风", "chief"),
    Actor("jingzhen.head", "谭志刚", "unit_head", "jingzhen"),
    Actor("zhian.liaison", "易佳宁", "liaison", "zhian"),
    Actor("kang.inspector", "某", "inspector"),
    Actor("x", "某", "auditor"),
    Actor("nobody", "来客"),
]
VALUES: dict[str, st.SearchStrategy[str]] = {
    "q": st.sampled_from(["群众", "核查", "00001", "BC-2026 号", "白公督", "%", "来信 反映", "无此"]),
    "unit": st.sampled_from([*organization.load("baicheng").units, "office"]),
    "type": st.sampled_from(["general", "complex"]),
    "state": st.sampled_from(list(STATES_OF_MATTERS)),
    "light": st.sampled_from(list(LIGHTS)),
    "leader": st.sampled_from(["顾长风", "戚望山"]),
    "month": st.sampled_from([f"2026-{month:02d}" for month in range(1, 13)]),
    "round": st.sampled_from(list(ROUNDS)),
    "overdue": st.sampled_from(list(LATENESS)),
    "open": st.sampled_from(list(STAGES)),
    "mark": st.sampled_from(list(MARKS)),
    "figure": st.just("open"),
}
asked = st.fixed_dictionaries({}, optional=VALUES).map(lambda said: dict(list(said.items())[:4]))
sorts = st.lists(st.tuples(st.sampled_from(SORTS), st.sampled_from(["asc", "desc"])), max_size=2).map(tuple)


def shown(state: State) -> bool:
    return state.released and not state.form.get("readers") and state.mark.partition("★")[0] not in MARKS[2:]


def light(state: State, one: Standing, lights: Lights) -> str:
    if one.ended:
        return ""
    return lights.of(one) if state.released else "secret"


def found_in(text: str, state: State) -> bool:
    places = [state.number, state.reference, *([state.title] if shown(state) else [])]
    return all(any(word.lower() in place.lower() for place in places) for word in text.split())


#: Name in the address -> whether a matter is meant by a value of it, as one would say it of one matter.
MEANT: dict[str, Callable[[str, State, Standing, Lights], bool]] = {
    "q": lambda value, state, _one, _lights: found_in(value, state),
    "unit": lambda value, state, _one, _lights: state.released and state.unit == value,
    "type": lambda value, state, _one, _lights: state.type == value,
    "state": lambda value, state, _one, _lights: state.state == value,
    "light": lambda value, state, one, lights: light(state, one, lights) == value,
    "leader": lambda value, state, _one, _lights: state.form.get("instruction_by") == value,
    "month": lambda value, state, _one, _lights: f"{state.registered_at.astimezone(SHANGHAI):%Y-%m}" == value,
    "round": lambda value, state, _one, _lights: (str(len(state.rounds)) if len(state.rounds) < 5 else "more") == value,
    "overdue": lambda value, _state, one, _lights: one.overdue is (value == "1"),
    "open": lambda value, state, _one, _lights: (state.state not in ENDED) is (value == "1"),
    "mark": lambda value, state, _one, _lights: (state.mark.partition("★")[0] or MARKS[0]) == value,
    "figure": lambda _value, state, _one, _lights: state.state not in ENDED,
}
assert set(MEANT) == set(LABELS)


@pytest.fixture
def everything(new_database: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, State]:
    """A year as it was played, and rows of every kind of secrecy beside it."""
    address = new_database()
    monkeypatch.setenv("DUBAN_LEDGER_URL", address)
    ledger.create_rehearsal(year.NOW)
    year.fill(address.replace("+psycopg", ""), 138, kinds=1)
    with ledger.transaction() as session:
        for nth in range(40):
            put(session, _odd(nth))
        return {item.number: ledger.state(session, item.number) for item in ledger.items(session)}


def _odd(nth: int) -> dict[str, Any]:
    """The nth of forty rows that are not as most are."""
    return {
        "number": f"BC-2026-9{nth:05d}",
        "unit": ("jingzhen", "zhian", "jindu", "office")[nth % 4],
        "cohandlers": (["zhian"] if nth % 3 == 0 else []),
        "released": nth % 5 != 0,
        "mark": ("", "内部", "秘密★1年", "")[nth // 4 % 4],
        "state": list(STATES_OF_MATTERS)[nth % len(STATES_OF_MATTERS)],
        "form": {"readers": ["jingzhen.head", "kang.inspector"]} if nth % 7 == 0 else {},
        "title": "核查群众来信的秘密",
    }


def test_the_total_is_the_list_and_the_list_is_what_was_asked(everything: dict[str, State]) -> None:
    lights = Lights()
    with ledger.transaction() as session:
        now = clock.now(session)
    standings = {number: standing(view_of(state), now) for number, state in everything.items()}

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked, sorts, st.sampled_from(PEOPLE))
    def holds(said: dict[str, str], order: tuple[tuple[str, str], ...], actor: Actor) -> None:
        meant = {
            number
            for number, state in everything.items()
            if acts.may_see(state, actor)
            and all(MEANT[name](value, state, standings[number], lights) for name, value in said.items())
        }
        question = Asked(**said, **({"sorts": order} if order else {}))  # type: ignore[arg-type]
        first = find(actor, question)
        pages = [first, *(find(actor, replace(question, page=page)) for page in range(2, first.pages + 1))]
        numbers = [line.number for found in pages for line in found.lines]
        assert set(numbers) == meant, said
        assert {found.total for found in pages} == {len(numbers)} == {len(meant)}
        assert [line.number for line in find(actor, question, most=1000).lines] == numbers
        for found in pages:
            for line in found.lines:
                state = everything[line.number]
                assert line.secret is not shown(state)
                assert line.light == light(state, standings[line.number], lights)
                assert line.overdue is standings[line.number].overdue

    holds()
