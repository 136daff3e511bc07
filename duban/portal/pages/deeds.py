"""One act, as a form: what is asked, the clause it stands on, and after it what was done and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban import acts
from duban.acts.asking import title
from duban.acts.awaiting import awaited
from duban.acts.possible import possible
from duban.ledger import State
from duban.portal.acts_table import Deed
from duban.portal.acts_words import HELPS, clause_of
from duban.portal.doing import UPLOAD_CAP, deed_of, do, refuse_others
from duban.portal.pages import deeds_reply
from duban.portal.pages.deeds_done import afterwards, already, happened, look, ours, owes, settled, words_of
from duban.portal.pages.deeds_form import about, fields
from duban.portal.pages.matter import OfMatter
from duban.portal.pages.matter_shown import copied
from duban.portal.signed_in import in_ledger, posts_of

OURS = ("seen", "upload", "sha256", "send")
"""What the form says beside the fields of the act: the last event that whoever filled it in had seen, and of a file."""
AGAIN = "文件没有保存，请重新选择。"


class Deeds(OfMatter):
    """Every act of the table, the unit's and the office's."""

    @route("/{number}/do/{key}")
    async def ask(self, request: Request) -> Response:
        """Show the empty form; what stands in the query is filled in."""
        number, key = str(request.path_params["number"]), str(request.path_params["key"])
        deed, actor = deed_of(key), self.actor(request)
        state = await self.about(request, number, deed)
        if not deed.owed:
            refuse_others(deed, state, actor)
        said = {name: value for name, value in request.query_params.items() if name in deed.fields}
        if key == deeds_reply.KEY and "upload" in request.query_params:
            try:
                return await deeds_reply.found(self, request, state)
            except HTTPException as refused:
                return await self.again(request, state, key, said, refused)
        return await self.again(request, state, key, said)

    @route("/{number}/do/{key}", methods=["POST"])
    async def take(self, request: Request) -> Response:
        """Do the act; refused, show the form again with the sentence and what was typed."""
        number, key = str(request.path_params["number"]), str(request.path_params["key"])
        deed = deed_of(key)
        state = await self.about(request, number, deed)
        try:
            sent = await self.form(request)
        except HTTPException as broken:
            return await self.again(request, state, key, {}, broken)
        try:
            return await self.did(request, state, key, sent)
        except HTTPException as refused:
            if refused.status_code == 404:
                raise
            return await self.again(request, state, key, words_of(sent), refused)

    async def did(self, request: Request, state: State, key: str, sent: dict[str, Any]) -> Response:
        """Do the act and send the browser to the matter, with what was done and what comes next."""
        number, actor, deed = state.number, self.actor(request), deed_of(key)
        if key == deeds_reply.KEY:
            return await deeds_reply.take(self, request, state, sent)
        before = (await in_ledger(happened, number))[1]
        if key == "follow-up" and not sent.get("consistent"):
            raise HTTPException(400, "“与回复一致”没有选择，请选择是或否后再提交。")
        said = {name: value for name, value in sent.items() if name not in OURS}
        done = await do(request, actor, number, key, said)
        if done.state is None or not acts.may_see(done.state, actor):
            return self.go(request, "/", f"{deed.name}已报送。")
        events, _last = await in_ledger(happened, number)
        mine = [one for one in ours(key, events) if one.seq > before and one.actor.user == actor.user]
        if not mine and (earlier := ours(key, events)):
            return self.go(request, f"/matters/{number}", f"{already(earlier[-1], done.state)}，没有重复登记。", "info")
        return self.go(request, f"/matters/{number}", await in_ledger(afterwards, deed, done.state))

    async def about(self, request: Request, number: str, deed: Deed) -> State:
        """Return the matter; of a case in which the person's unit accounts also one that they may not see."""
        actor = self.actor(request)
        if deed.owed and await in_ledger(owes, number, actor):
            return await in_ledger(look, number)
        return await self.matter(request, number)

    async def again(
        self,
        request: Request,
        state: State,
        key: str,
        said: Mapping[str, str],
        refused: HTTPException | None = None,
    ) -> Response:
        """Show the form with what was said so far, and why it was refused; of a marked matter that is a reading."""
        actor, deed = self.actor(request), deed_of(key)
        now_state = await in_ledger(acts.consult, state.number, actor)
        events, last = await in_ledger(happened, state.number)
        it = await in_ledger(about, now_state, actor)
        seen = int(said["seen"]) if said.get("seen", "").isdecimal() else last
        newer = [one for one in ours(key, events) if one.seq > seen]
        may = possible(now_state, actor, posts_of(actor), copied=copied(now_state, events, actor))
        if refused is None and key not in may and (over := settled(key, events, now_state)):
            shown: dict[str, Any] = {"state": now_state, "over": over, "back": acts.may_see(now_state, actor)}
            return await self.show(request, "matter/settled.html", title=deed.name, **shown)
        return await self.show(
            request,
            "matter/do.html",
            refused.status_code if refused else 200,
            title=deed.name,
            key=key,
            state=now_state,
            subject=title(now_state) if acts.may_see(now_state, actor) else "",
            asked=fields(key, deed, it, said),
            help=HELPS[key],
            clause=clause_of(key, it.law, now_state),
            law=it.law,
            refused=refused.detail if refused else "",
            newer=already(newer[-1], now_state) if newer else "",
            unusual=key not in may,
            waits=[wait.words for wait in awaited(now_state)],
            seen=last,
            most=UPLOAD_CAP,
            file_again=AGAIN if refused and "file" in deed.fields and (said.get("file") or not said) else "",
            back=acts.may_see(now_state, actor),
        )
