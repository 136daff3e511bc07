"""A decision 需要决定的事项: the question, what may be answered, and the answer, which goes into the ledger.

The ledger is the one way through: Airflow's task is parked until the ledger no longer awaits the key, whatever took it
away (`orchestration.poller`), so it goes on by itself, as it does after an answer at the door. Whoever answers here has
nothing to do in Airflow, and needs no right there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban import acts, clock, ledger, organization, regulation
from duban.acts.asking import Question
from duban.acts.foreseeing import in_words, points
from duban.errors import Refusal
from duban.ledger import Actor, Event, State
from duban.ledger.standing import Document
from duban.portal.airflow_side import decision_link
from duban.portal.pages.decision_form import answered, inputs, rendered, typed
from duban.portal.pages.page import Page
from duban.portal.signed_in import in_ledger

MOST = 8
"""Papers shown beside a question; all of them are on the page of the matter."""


@dataclass(frozen=True)
class Asked:
    """What is asked now: the question, who holds its posts, and whether whoever looks is one of them."""

    question: Question
    holders: tuple[str, ...]
    mine: bool


class Decisions(Page):
    """Each question at an address of its own."""

    path, menu_label, add_to_menu = "/decisions", "需要决定", False

    @route("")
    async def index(self, request: Request) -> Response:
        """Lead to the list of what waits."""
        return self.go(request, "/")

    @route("/{number}/{key}")
    async def one(self, request: Request) -> Response:
        """Show a question to who is asked, or what became of it; of a marked matter that is a reading."""
        state = await self.matter(request, str(request.path_params["number"]))
        return await self._shown(request, state)

    @route("/{number}/{key}", methods=["POST"])
    async def decide(self, request: Request) -> Response:
        """Record the answer; a refusal comes back with all that was filled in."""
        number, key = str(request.path_params["number"]), str(request.path_params["key"])
        state = await self.matter(request, number)
        said = await self.form(request, files=0)
        option, actor = str(said.get("option", "")), self.actor(request)
        try:
            await in_ledger(_decide, state, key, option, said, actor)
        except HTTPException as refused:
            now = await self.matter(request, number)
            return await self._shown(request, now, said, refused.detail, refused.status_code)
        return self.go(request, "/", f"已办理：{state.reference or state.title}，{option}。")

    async def _shown(
        self,
        request: Request,
        state: State,
        said: Mapping[str, Any] | None = None,
        refused: str = "",
        status: int = 200,
    ) -> Response:
        key, actor = str(request.path_params["key"]), self.actor(request)
        asked = await in_ledger(_asked, state, key, actor, refused=404)
        if asked is not None and not asked.mine:
            shown = {"title": "由别人办理", "state": state, "asked": asked, "refused": refused}
            return await self.show(request, "decisions/others.html", 403 if status == 200 else status, **shown)
        state = await in_ledger(acts.consult, state.number, actor)
        shared = {"state": state, "refused": refused, "airflow": await in_ledger(decision_link, state, key)}
        if asked is None:
            done = await in_ledger(_done, state.number, key)
            left = typed(said or {})
            return await self.show(
                request, "decisions/over.html", status, title="已经办理", done=done, left=left, **shared
            )
        question = asked.question
        shared |= await in_ledger(_if_issued, state, key)
        return await self.show(
            request,
            "decisions/one.html",
            status,
            title=question.subject,
            asked=asked,
            body=rendered(question.body),
            inputs=inputs(question, said),
            papers=papers(state),
            reply=state.rounds[-1].reply if state.rounds else "",
            **shared,
        )


def _asked(state: State, key: str, actor: Actor) -> Asked | None:
    """What is asked under this key now; None when it is not (any more). Refusal for what nobody decides."""
    if key not in state.awaiting:
        return None
    question = acts.question(state, key)
    holders = organization.load(state.organization).holders(question.posts, question.unit or state.unit)
    names = tuple(f"{holder.title}{holder.name}" for holder in holders)
    return Asked(question, names, actor.user in {holder.user for holder in holders})


def _if_issued(state: State, key: str) -> dict[str, Any]:
    """The dates that the matter would have if its notice went out today, for who signs it: it names none before."""
    if not key.startswith("sign."):
        return {}
    law, org = regulation.load(state.regulation), organization.load(state.organization)
    with ledger.transaction() as session:
        found = points({**state.form, "type": state.type}, law, org, clock.now(session))
    stated = bool(state.form.get("due_on"))
    return {"points": found, "limit": "通知单写明的日期" if stated else in_words(state.type, law)}


def _decide(state: State, key: str, option: str, said: Mapping[str, Any], actor: Actor) -> State:
    """Answer in the words of the question that was shown; the ledger says whether it still stands."""
    if key not in state.awaiting:
        fields: dict[str, Any] = {}  # a second click, or somebody was quicker: the ledger knows which
    else:
        question = acts.question(state, key)
        if not option:
            raise Refusal(f"请选择{'、'.join(question.options)}中的一项。")
        fields = answered(question, said)
    return acts.decide(state.number, key, option, fields, actor)


def _done(number: str, key: str) -> Event | None:
    with ledger.transaction() as session:
        return ledger.event(session, number, key)


def papers(state: State) -> list[Document]:
    """The papers to read before deciding: the reply that is judged first, then the latest."""
    reply = state.rounds[-1].reply if state.rounds else ""
    latest = sorted(state.documents, key=lambda one: (one.sha256 != reply, -one.at.timestamp()))
    return list({one.sha256: one for one in latest}.values())[:MOST]
