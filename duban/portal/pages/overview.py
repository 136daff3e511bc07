"""概览: the figures of the bureau, or for its people those of a unit; each number leads to its list in the register."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban import clock, ledger, organization
from duban.acts.seeing import BUREAU, SCORES
from duban.ledger import Actor
from duban.ledger.models import MatterRow
from duban.organization import Organization
from duban.periodicals import spans
from duban.portal.pages import overview_shown as shown
from duban.portal.pages.page import Page
from duban.portal.signed_in import in_ledger
from duban.portal.visible import seen_by
from duban.reports import names
from duban.reports.board import board
from duban.reports.heading import as_of_text
from duban.scoring import months
from duban.scoring.entries import ScoreSheet, UnitScore, number_text


@dataclass(frozen=True)
class Overview:
    """All that the page is made of."""

    as_of: str
    whose: str
    tiles: list[tuple[str, shown.Cell]]
    sections: list[shown.Section]
    scores: str  # number of the period file that the ranking was published by
    period: str  # that it is of
    own: UnitScore | None  # the unit's line of it


class Dashboard(Page):
    """The page; the old address of the pictures leads to it."""

    path, menu_label, tab, icon = "/overview", "概览", "概览", "fa-solid fa-chart-column"

    @route("")
    async def index(self, request: Request) -> Response:
        """Show the figures as of now."""
        actor = self.actor(request)
        found, may = await in_ledger(overview, actor), actor.post in BUREAU
        return await self.show(
            request, "overview/overview.html", title="概览", found=found, may=may, points=number_text
        )


def overview(actor: Actor) -> Overview:
    """The overview of this person as of now."""
    with ledger.transaction() as session:
        org, now = organization.load(), clock.now(session)
        whole = board(session, org, now)
        unit = "" if actor.post in BUREAU else actor.unit or ""
        seen = None if actor.post in BUREAU else _seen(session, actor)
        sheet, number = _published(session, org, now.year)
    view = shown.View.of(whole, seen, unit, org)
    return Overview(
        as_of=as_of_text(whole.as_of),
        whose=names.unit(org, unit) if unit else org.name,
        tiles=shown.tiles(view),
        sections=list(shown.sections(view, sheet)),
        scores=number,
        period=spans.read(sheet.period).name if sheet else "",
        own=sheet.unit(unit) if sheet and unit else None,
    )


def _seen(session: Session, actor: Actor) -> set[str]:
    return set(session.scalars(select(MatterRow.number).where(MatterRow.version > 0, seen_by(actor))))


def _published(session: Session, org: Organization, year: int) -> tuple[ScoreSheet | None, str]:
    """The scores published last, this year or the year before, and the number of their period file."""
    sheets = months.published(session, org.id, year) or months.published(session, org.id, year - 1)
    if not sheets:
        return None, ""
    view = MatterRow.view
    file = select(MatterRow.number).where(
        MatterRow.type == SCORES,
        MatterRow.state == "published",
        view["organization"].astext == org.id,
        view["form"]["period"].astext == sheets[-1].period,
    )
    return sheets[-1], session.scalar(file.limit(1)) or ""
