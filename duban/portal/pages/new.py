"""新建督办件: choose the type, fill in the form and see when it is due, register, and have the run started."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import HTTPException
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette_admin.routing import route

from duban import acts, clock, ledger, organization, regulation
from duban.acts import asking
from duban.acts.foreseeing import in_words
from duban.acts.form_fields import fields_of
from duban.acts.previewing import Fault, Preview, by_the_day, preview
from duban.ledger import State
from duban.orchestration.matters import dag_of
from duban.organization import Organization
from duban.portal import airflow_side, registering
from duban.portal.pages.new_form import MANY_FIELDS, cards, elsewhere, sections
from duban.portal.pages.page import Page
from duban.portal.registering import new_form, registrar
from duban.portal.signed_in import in_ledger
from duban.regulation import Regulation

FORM_ID, LOOK = "sheet", "look"
"""What the form says beside its fields: which sheet it is, and that it is only to be looked at."""
MOST_STARTED = 2000

Ground = tuple[Regulation, Organization, datetime]
"""The regulation in force, who is who, and the ledger's now."""


def ground() -> Ground:
    """Return what a form is read by; Refusal when no regulation is in force today."""
    with ledger.transaction() as session:
        now = clock.now(session)
    return regulation.current(now.date()), organization.load(), now


class New(Page):
    """The form of one matter."""

    path, menu_label, icon, tab = "/new", "新建督办件", "fa-solid fa-file-circle-plus", "新建"

    @route("")
    async def index(self, request: Request) -> Response:
        """Show the types that the regulation in force knows."""
        law, _org, _now = await in_ledger(ground)
        return await self.show(request, "new/types.html", title="新建督办件", law=law, cards=cards(law))

    @route("/start", methods=["POST"])
    async def try_again(self, request: Request) -> Response:
        """Start the runs of matters that are registered and have none (`number`, once or several times)."""
        # The library takes routes by the name of the method, the last first: before /{type} comes what sorts after it.
        await self.form(request)
        actor = self.actor(request)
        numbers = [str(one) for one in (await request.form()).getlist("number")][:MOST_STARTED]

        def look() -> list[State]:
            registrar(actor)
            with ledger.transaction() as session:
                return [ledger.state(session, number) for number in dict.fromkeys(numbers)]

        states = [one for one in await in_ledger(look, refused=404) if acts.may_see(one, actor) and one.awaiting]
        if not states:
            raise HTTPException(409, "没有要启动流程的督办件，请从台账打开核对。")
        return await self._start(request, states)

    @route("/{type}")
    async def blank(self, request: Request) -> Response:
        """Show the empty form of a type, with the day on which it would be due."""
        return await self._form(request, {}, new_form())

    @route("/{type}/preview", methods=["POST"])
    async def preview(self, request: Request) -> Response:
        """Answer what the form as it stands would become: a fragment with its dates, and the faults by field."""
        said, _sheet, _look = await self._said(request)
        law, org, now = await self._ground(request)
        found = await self._preview(request, said)
        page = await self.show(request, "new/due.html", **_due(found, law, now))
        shown = sections(str(said["type"]), law, org, now, said)
        names = {one.field.name for section in shown for one in section.asked}
        faults = [{"field": one.field if one.field in names else "", "sentence": one.sentence, "missing": one.missing}
                  for one in found.faults]  # fmt: skip
        return JSONResponse({"due": bytes(page.body).decode(), "faults": faults})

    @route("/{type}", methods=["POST"])
    async def take(self, request: Request) -> Response:
        """Register the matter and start its run; refused, show the form again with the sentence and what was typed."""
        said, sheet, look = await self._said(request)
        if look:
            return await self._form(request, said, sheet, found=await self._preview(request, said))
        actor = self.actor(request)
        try:
            await in_ledger(registrar, actor, refused=403)
            dag_id = dag_of(str(said["type"]))
            known: State | None = await in_ledger(registering.registered, sheet, actor, dag_id, said)
            if known is None:
                await airflow_side.refuse_unready(request, dag_id)
            state = known if known is not None else await in_ledger(registering.register, sheet, actor, dag_id, said)
        except HTTPException as refused:
            found = await self._preview(request, said)
            return await self._form(
                request, said, sheet, found=found, refused=refused.detail, status=refused.status_code
            )
        if known is not None and known.ended:
            return self.go(
                request, f"/matters/{known.number}", f"这一件已登记为 {known.number}，没有重复登记。", "info"
            )
        if why := await airflow_side.start(request, state):
            answer = await self.show(request, "new/started.html", 502, **started([state], [why]))
            return self.taken(request, answer)
        words = "没有重复登记" if known is not None else "流程已经启动"
        return self.go(request, f"/matters/{state.number}", f"已登记为 {state.number}（{state.reference}），{words}。")

    async def _start(self, request: Request, states: list[State]) -> Response:
        """Start the runs and show what came of it; of one matter that runs, its own page."""
        why = await airflow_side.start_all(request, states)
        if len(states) == 1 and why[0] is None:
            return self.go(request, f"/matters/{states[0].number}", f"{states[0].number} 的流程已经启动。")
        return await self.show(request, "new/started.html", 502 if any(why) else 200, **started(states, why))

    async def _ground(self, request: Request) -> Ground:
        """Return what the form is read by; 404 for a type that the regulation does not know."""
        found = await in_ledger(ground)
        if request.path_params["type"] not in found[0].types:
            known = "、".join(rule.name for rule in found[0].types.values())
            raise HTTPException(404, f"《{found[0].title}》没有规定这一类督办，可以登记：{known}。")
        return found

    async def _said(self, request: Request) -> tuple[dict[str, Any], str, bool]:
        """Return the form as `acts.register` takes it, which sheet it is, and whether it is only looked at."""
        law, org, _now = await self._ground(request)
        sent = await self.form(request)
        type_id = str(request.path_params["type"])
        given = {name: value for name, value in sent.items() if not isinstance(value, UploadFile)}
        for name in MANY_FIELDS:
            ticked = [str(one) for one in (await request.form()).getlist(name)]
            given |= {name: "、".join(dict.fromkeys(filter(None, ticked)))} if ticked else {}
        said = {name: given[name] for name in fields_of(type_id, law, org) if name in given}
        return {"type": type_id, **said}, given.get(FORM_ID, ""), LOOK in given

    async def _preview(self, request: Request, said: dict[str, Any]) -> Preview:
        law, org, now = await self._ground(request)
        return await in_ledger(preview, said, law, org, now, self.actor(request))

    async def _form(
        self,
        request: Request,
        said: dict[str, Any],
        sheet: str,
        *,
        found: Preview | None = None,
        refused: str = "",
        status: int = 200,
    ) -> Response:
        law, org, now = await self._ground(request)
        type_id = str(request.path_params["type"])
        faults: tuple[Fault, ...] = found.faults if found else ()
        if found is None:
            found = await in_ledger(preview, {"type": type_id, **said}, law, org, now)
        shown = sections(type_id, law, org, now, said, faults)
        limit, rule = in_words(type_id, law), law.types[type_id]
        due = _due(found, law, now)
        more = [one for one in elsewhere(faults, shown) if one != refused]
        context = {"type": type_id, "rule": rule, "limit": limit, "sections": shown, "sheet": sheet, "more": more,
                   "refused": refused, "units": [one.short for one in org.units.values()]}  # fmt: skip
        return await self.show(request, "new/form.html", status, title=f"新建督办件：{rule.name}", **context, **due)


def _due(found: Preview, law: Regulation, now: datetime) -> dict[str, Any]:
    points = [(one.name, one.due, law.clause(one.due.basis.clause), by_the_day(one.due)) for one in found.points]
    return {"law": law, "points": points, "today": now.date(), "from_receipt": law.counting.start == "receipt"}


def started(states: list[State], why: list[str | None]) -> dict[str, Any]:
    """Return what `new/started.html` shows: the matters, and of each why its run was not started."""
    org = organization.load()
    rows = [(state, org.unit(state.unit).short, words) for state, words in zip(states, why, strict=True)]
    return {
        "title": f"已登记 {len(states)} 件",
        "rows": rows,
        "shown_title": asking.title,
        "late": [state for state, _unit, words in rows if words],
    }
