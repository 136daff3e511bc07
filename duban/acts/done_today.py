"""今天已办: what one person has put into the ledger today, in words, the latest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from duban import organization
from duban.acts import telling
from duban.acts.asking import title
from duban.acts.seeing import may_see
from duban.acts.waiting_line import COLUMNS, state_of
from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.append import COLUMNS as EVENT_COLUMNS
from duban.ledger.append import event_of
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.standing import PERIODICALS

#: The longest list of a day; who enters a year by hand does not read all of it here.
MOST = 100
#: What people do to a period file 期, which is told nowhere else.
PERIODS: Mapping[str, str] = {
    "objected": "提出考核异议",
    "objection_decided": "裁定考核异议",
    "draft_signed": "审签",
    "draft_edited": "核稿",
    "periodical_opened": "建期",
    "praised": "通报表扬",
    "criticised": "通报批评",
}


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done: when (aware), what, and of which matter; `seen`: whether its page may be opened."""

    at: datetime
    words: str
    number: str
    reference: str
    title: str
    path: str
    seen: bool


def done_today(session: Session, actor: Actor, now: datetime) -> list[Done]:
    """What this person has done since the midnight before `now` (aware); of the readings of marked matters nothing."""
    midnight = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    ids: Select[Any] = (
        select(*EVENT_COLUMNS)
        .where(EventRow.at >= midnight, EventRow.actor["user"].astext == actor.user)
        .where(EventRow.kind.not_in((*telling.HIDDEN, *telling.MINOR)))
        .order_by(EventRow.id.desc())
        .limit(MOST)
    )
    events = [event_of(row) for row in session.execute(ids)]
    files: Select[Any] = select(*COLUMNS).where(MatterRow.number.in_({event.number for event in events}))
    rows = {row.number: row for row in session.execute(files)}
    found = []
    for event in events:
        row = rows[event.number]
        period = row.type in PERIODICALS
        seen = may_see(state_of(row), actor) or period
        found.append(
            Done(
                at=event.at,
                words=_words(event, row.organization, period),
                number=event.number,
                reference=row.reference or "",
                title=title(state_of(row)) if seen else "",
                path=f"/{'scores' if period else 'matters'}/{event.number}",
                seen=seen,
            )
        )
    return found


def _words(event: Any, organization_id: str, period: bool) -> str:
    option = event.data.get("option") or ""
    if period:
        return str(PERIODS.get(event.kind, event.kind)) + (f"：{option}" if option else "")
    try:
        words = telling.line(event, organization.load(organization_id)).words
    except Refusal:  # a bureau whose file is gone
        words = event.kind
    return str(words if not option or option in words else f"{words}：{option}")
