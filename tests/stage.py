"""A stage without Airflow: people act through the acts themselves, and the steps follow at once.

The second stage of `duban.demo.play`: what a story leaves behind is decided in the ledger, so it can be rehearsed in
seconds. Who may do what is the portal's own table of deeds.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import count
from typing import Any, TypeVar

import httpx

from duban import acts, clock, ledger, organization
from duban.acts.decomposing import decompose
from duban.acts.urging import demand_account
from duban.demo.play import Part, Play
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.portal.acts_table import DEEDS, read_fields

T = TypeVar("T")

#: Kind of wait -> the step of the graph that ends it, in the order in which they are looked for.
STEPS: dict[str, Callable[[str], State]] = {
    "deliver": acts.deliver,
    "decompose": decompose,
    "urge": acts.urge,
    "demand": demand_account,
    "report": acts.write_report,
    "upward": acts.draft_upward,
    "file": acts.file_away,
}


def as_actor(user: str) -> Actor:
    """The person behind a sign-in name, as the portal sees him or her."""
    person = organization.load().person(user)
    return Actor(person.user, person.name, person.posts[0], person.unit)


class Stage:
    """Everybody of the organization that is chosen, at the ledger of the test."""

    def __init__(self) -> None:
        self._runs = count(1)

    def register(self, form: Mapping[str, Any], dag_id: str = "general_item") -> str:
        """Fill in the form of a type; the number."""
        clerk = as_actor(organization.load().posts["office"].user)
        state = acts.register({"type": dag_id.removesuffix("_item"), **form}, clerk, f"rehearsal-{next(self._runs)}")
        return self._settled(state.number).number

    def state(self, number: str) -> State:
        """The matter as the ledger has it."""
        with ledger.transaction() as session:
            return ledger.state(session, number)

    def asked(self, number: str, kind: str) -> Any:
        """The question, if it is asked now."""
        key = self.state(number).awaits(kind)
        return acts.question(self.state(number), key) if key else None

    def answer(self, number: str, kind: str, option: str, **fields: Any) -> httpx.Response:
        """Answer as the first of those who are asked; fields that are not named keep their defaults."""
        state, asked = self.state(number), self.asked(number, kind)
        if unknown := set(fields) - set(asked.fields):
            raise Refusal(f"{kind}：没有{unknown}这几项")
        key = state.awaits(kind)
        assert key
        holder = organization.load().holders(asked.posts, asked.unit or state.unit)[0]
        given = {name: about["default"] for name, about in asked.fields.items()} | fields
        acts.decide(number, key, option, given, Actor(holder.user, holder.name, holder.post))
        self._settled(number)
        return httpx.Response(200, json={"responded_by": {"id": holder.user}})

    def send(self, number: str, what: str, user: str | None = None, **fields: Any) -> httpx.Response:
        """One of the deeds of the portal, by the unit's liaison or by `user`."""
        deed, state = DEEDS[what], self.state(number)
        actor = as_actor(user or organization.load().units[state.unit].liaison.user)
        of_unit = deed.who == ("unit",)
        posts = organization.load().person(actor.user).posts
        assert actor.unit == state.unit if of_unit else set(deed.who) & set(posts), f"{what}: {actor.name} may not"
        sent = fields.pop("file", None)
        said = read_fields(deed, fields)
        if sent:
            said |= {"name": sent[0], "content": sent[1]}
        deed.act(number, actor, **said)
        self._settled(number)
        return httpx.Response(200)

    def advance_to(self, moment: datetime) -> datetime:
        """Move the clock, and let time and the steps do their work on every matter."""
        with ledger.transaction() as session:
            if (now := clock.now(session)) < moment:
                ledger.advance(session, moment - now)
            now = clock.now(session)
            numbers = [item.number for item in ledger.items(session)]
        for number in numbers:
            self._settled(number)
        return now

    def today(self) -> date:
        """The ledger's today."""
        with ledger.transaction() as session:
            return clock.now(session).date()

    def until_state(self, number: str, *states: str) -> State:
        """Nothing comes about later: it is in one of these states, or it never will be."""
        state = self.state(number)
        if state.state not in states:
            raise Refusal(f"应为{'/'.join(states)}，现为{state.state}，等候{state.awaiting}")
        return state

    def until_awaits(self, number: str, kind: str) -> str:
        """As `until_state`."""
        return self.until(f"{kind}；等候{self.state(number).awaiting}", lambda: self.state(number).awaits(kind))

    def until(self, what: str, look: Callable[[], T | None]) -> T:
        """As `until_state`."""
        if not (found := look()):
            raise Refusal(f"没有等到：{what}")
        return found

    def _settled(self, number: str) -> State:
        """Take the steps that no person takes, until people or time are waited for."""
        state = acts.lapse(number)
        while step := next((step for kind, step in STEPS.items() if state.awaits(kind)), None):
            step(number)
            state = acts.lapse(number)
        if state.pending_papers:
            acts.write_papers(number)
        if state.parent:
            self._settled(state.parent)
        return self.state(number)


def rehearse(stage: Stage, cast: tuple[Part, ...]) -> None:
    """Play the stories without a word."""
    Play(stage, cast, say=lambda _said: None).run()
