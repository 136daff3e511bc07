"""Addresses that lead elsewhere: that of the pictures of before, and from a run in Airflow to its matter."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban import acts, ledger
from duban.ledger import Actor
from duban.ledger.standing import PERIODICALS
from duban.orchestration.runs import find_number
from duban.portal.pages.page import Page
from duban.portal.signed_in import in_ledger


class Pictures(Page):
    """督办图表 stand in the overview now."""

    path, add_to_menu = "/pictures", False

    @route("")
    async def index(self, request: Request) -> Response:
        """Lead to the overview."""
        return self.go(request, "/overview")


class Runs(Page):
    """The link on the page of a run in Airflow."""

    path, add_to_menu = "/runs", False

    def is_accessible(self, _request: Request) -> bool:
        """Open to whoever may use the route; the address itself is no page."""
        return True

    @route("/{run_id}")
    async def index(self, request: Request) -> Response:
        """Lead to what the run is about, if this person may see that."""
        path = await in_ledger(_about, str(request.path_params["run_id"]), self.actor(request))
        if not path:
            raise HTTPException(404, "这一次流程还没有登记督办件，或者它的督办件不是给您看的。")
        return self.go(request, path)


def _about(run_id: str, actor: Actor) -> str:
    # A later run of a matter is called by its number and how many it had: BC-2026-0012.2.
    number = find_number(run_id, None) or find_number(run_id.partition(".")[0], None)
    if number is None:
        return ""
    with ledger.transaction() as session:
        state = ledger.state(session, number)
    if state.type == "monthly_scoring":
        return f"/scores/{number}"
    if not acts.may_see(state, actor):
        return ""
    return "/overview" if state.type in PERIODICALS else f"/matters/{number}"
