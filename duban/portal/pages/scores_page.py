"""督办考核: a unit's own months of scores, entry by entry, and its objections; for the bureau the whole sheet.

Who learns what is `periodicals.score_told`. Other period files 期 (通报, 汇总, 周报 …) are shown here to who may see
them: what was drafted, and the papers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban import acts, ledger, organization, periodicals, regulation
from duban.acts.seeing import BUREAU, SCORES
from duban.acts.waiting import WORDS, asked_of
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.periodicals import reading, score_told, showing
from duban.portal.doing import find
from duban.portal.pages.decision_form import rendered
from duban.portal.pages.files import sent
from duban.portal.pages.page import Page
from duban.portal.pages.scores_shown import listed_lines, running, sheet_shown, unit_shown
from duban.portal.signed_in import in_ledger


class Scores(Page):
    """The months of scores."""

    path, menu_label, tab, icon = "/scores", "督办考核", "考核", "fa-solid fa-ranking-star"

    @route("")
    async def index(self, request: Request) -> Response:
        """List the periods, the latest first."""
        lines = await in_ledger(listed_lines, self.actor(request))
        return await self.show(request, "scores/list.html", title="督办考核", lines=lines)

    @route("/running")
    async def running(self, request: Request) -> Response:
        """Show the month that runs as it would be scored now: published nowhere, for checking only."""
        actor = self.actor(request)
        if actor.unit is None and actor.post not in BUREAU:
            raise HTTPException(403, "本月计分还没有公布，只供办公室、局领导和承办单位核对。")
        said = await in_ledger(running, actor)
        return await self.show(request, "scores/month.html", running=True, **said)

    @route("/{number}")
    async def month(self, request: Request) -> Response:
        """Show one period file."""
        return await self._shown(request)

    @route("/{number}/objections", methods=["POST"])
    async def objection(self, request: Request) -> Response:
        """Object to an entry of one's own unit; a refusal comes back with the reason that was written."""
        said = await self.form(request, files=0)
        number, entry = str(request.path_params["number"]), str(said.get("entry", ""))
        await self._file(request, number)
        try:
            await in_ledger(periodicals.object_to, number, self.actor(request), entry, str(said.get("reason", "")))
        except HTTPException as refused:
            return await self._shown(request, said, refused.detail, refused.status_code)
        return self.go(request, f"/scores/{number}", "异议已提交，办公室裁定后在这里答复。")

    @route("/{number}/files/{sha256}/{name}")
    async def paper(self, request: Request) -> Response:
        """Send a paper of the file that this person may open: to units the notice, once it is published."""
        number, sha256 = str(request.path_params["number"]), str(request.path_params["sha256"])
        state, actor = await self._file(request, number), self.actor(request)
        if sha256 not in {one.sha256 for one in await in_ledger(score_told.papers, state, actor)}:
            raise HTTPException(404, f"{state.title}（{number}）没有这份文件，或者还没有印发。")
        await in_ledger(acts.consult, number, actor)
        return await sent(state.number, sha256)

    async def _file(self, request: Request, number: str) -> State:
        """The period file, if there is anything in it for this person: of scores a unit's own part.

        One sentence for what is not there, is a matter, or is not told to this person.
        """
        actor = self.actor(request)

        def look() -> State:
            with ledger.transaction() as session:
                state = find(session, number)
            if state is None or state.periodical is None or not _told(state, actor):
                raise Refusal(f"没有编号为 {number} 的考核，或者还没有公布。")
            return state

        return await in_ledger(look, refused=404)

    async def _shown(
        self, request: Request, said: Mapping[str, Any] | None = None, refused: str = "", status: int = 200
    ) -> Response:
        number, actor = str(request.path_params["number"]), self.actor(request)
        await self._file(request, number)
        state = await in_ledger(acts.consult, number, actor)
        shared: dict[str, Any] = {
            "state": state,
            "papers": await in_ledger(score_told.papers, state, actor),
            "refused": refused,
            "said": said or {},
            "asked": asked,
        }
        if state.type != SCORES:
            body = await in_ledger(_chapters, state)
            return await self.show(request, "scores/period.html", status, title=state.title, body=body, **shared)
        told = await in_ledger(_month, state, actor)
        return await self.show(request, "scores/month.html", status, running=False, **told, **shared)


def _told(state: State, actor: Actor) -> bool:
    return acts.may_see(state, actor) or (state.type == SCORES and score_told.told_to(state, actor))


def asked(key: str) -> str:
    """Say what a person decides under this key; nothing for what no person does."""
    found = asked_of(key)
    return WORDS[found[0]] if found else ""


def _chapters(state: State) -> Any:
    period = reading.of(state).periodical
    if not period.snapshot or state.type not in showing.TYPES:
        return rendered("还没有出初稿。" if not period.snapshot else "内容见所附文件。")
    return rendered("\n\n".join(showing.chapters(state, periodicals.snapshots.read(period.snapshot))))


def _month(state: State, actor: Actor) -> dict[str, Any]:
    head = score_told.line(state, actor)
    if not state.attempt:
        return {"title": state.title, "head": head, "unit": None, "sheet": None, "ranking": None, "law": None}
    content = periodicals.snapshots.read(reading.of(state).periodical.snapshot)
    told = score_told.told(state, content, actor)
    law, org = regulation.load(state.regulation), organization.load(state.organization)
    return {
        "title": state.title,
        "head": head | {"may_object": head["may_object"] and score_told.may_object(actor)},
        "law": law,
        "unit": unit_shown(told.get("unit"), head["objections"], actor),
        "sheet": sheet_shown(told.get("sheet"), head["objections"], org),
        "ranking": told.get("ranking"),
        "scored": content["sheet"]["method"] == "points",
    }
