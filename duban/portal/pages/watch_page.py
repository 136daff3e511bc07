"""每日提示: what the office should look at today, by kind, each with its matter and with the act that helps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban import clock, ledger, watch
from duban.acts.possible import possible
from duban.ledger import Actor, State, register
from duban.ledger.models import MatterRow
from duban.ledger.standing import PERIODICALS
from duban.portal import today
from duban.portal.acts_table import DEEDS
from duban.portal.pages.page import Page
from duban.portal.signed_in import in_ledger, posts_of
from duban.reports.heading import as_of_text
from duban.watch import Finding

MOST = 100
"""Findings of a kind on the page; the others are in the register."""

ACTS: dict[str, tuple[str, ...]] = {
    "receipt": ("urge", "tracking"),
    "reading": ("urge", "tracking"),
    "due_soon": ("tracking",),
    "overdue": ("urge", "tracking"),
    "report": ("urge", "tracking"),
    "urged": ("urge", "tracking"),
    "account": ("urge", "tracking"),
    "tracking": ("tracking",),
    "case": ("case-outcome",),
}
"""Kind of finding -> the acts that help, the first that this person may do now."""

FIGURES = {"receipt": "no_receipt", "overdue": "overdue"}
"""Kind of finding -> the figure of the overview that lists all of them."""


@dataclass(frozen=True)
class Told:
    """A finding as the page shows it: the address of its file and what it is called, and of the act that helps."""

    finding: Finding
    path: str = ""
    act: str = ""
    act_name: str = ""


@dataclass(frozen=True)
class Group:
    """The findings of a kind."""

    name: str
    count: int
    told: list[Told]
    figure: str = ""


class Watch(Page):
    """The page."""

    path, menu_label, tab, icon = "/watch", "每日提示", "", "fa-solid fa-bell"

    @route("")
    async def index(self, request: Request) -> Response:
        """Show what there is to look at now."""
        actor = self.actor(request)
        said = await in_ledger(look, actor, posts_of(actor))
        return await self.show(request, "watch/watch.html", title="每日提示", **said)


def look(actor: Actor, posts: Collection[str]) -> dict[str, Any]:
    """What the page is made of, for this person as of now."""
    with ledger.transaction() as session:
        now = clock.now(session)
        found = today.findings(session, actor, now)
        by_kind = {kind: [one for one in found if one.kind == kind] for kind in watch.KINDS}
        shown = {one.number for group in by_kind.values() for one in group[:MOST] if one.number}
        states = _states(session, shown)
    groups = [
        Group(
            watch.KINDS[kind].name,
            len(some),
            [_told(one, states.get(one.number), actor, posts) for one in some[:MOST]],
            FIGURES.get(kind, ""),
        )
        for kind, some in by_kind.items()
        if some
    ]
    return {"groups": groups, "summary": watch.summary(found), "as_of": as_of_text(now), "most": MOST}


def _states(session: Session, numbers: Collection[str]) -> dict[str, State]:
    rows = session.scalars(select(MatterRow.view).where(register.among(sorted(numbers)), MatterRow.version > 0))
    return {state.number: state for state in map(State.model_validate, rows)}


def _told(finding: Finding, state: State | None, actor: Actor, posts: Collection[str]) -> Told:
    if state is None:
        return Told(finding)
    if state.type in PERIODICALS:
        return Told(finding, _file(state))
    wanted = ACTS.get(finding.kind, ())
    may = possible(state, actor, posts) if wanted else ()
    path = f"/matters/{state.number}"
    act = next((one for one in wanted if one in may), "")
    return Told(finding, path, f"{path}/do/{act}" if act else "", DEEDS[act].name if act else "")


def _file(state: State) -> str:
    """Where a period file is looked at; its decisions are answered among one's own tasks."""
    return f"/scores/{state.number}" if state.type == "monthly_scoring" else "/"
