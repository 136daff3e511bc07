"""Why a unit has its score: each point with its clause, our words for it, the event, who recorded it, the paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, any_, cast, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from duban import regulation
from duban.clock import SHANGHAI
from duban.ledger.models import EventRow
from duban.regulation import Clause
from duban.scoring.entries import Entry, UnitScore

#: What a scored event is called.
EVENTS: Mapping[str, str] = {
    "returned": "退回",
    "accepted": "审核回复时发现",
    "reply_lapsed": "到期未报",
    "period_lapsed": "到期未报",
    "followed_up": "跟踪回访",
    "praised": "表扬",
    "criticised": "通报批评",
    "dispatched": "下达",
    "rate": "按率计分",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """An entry with what stands behind it. `seq` and `recorded_at`: its place in the chain; None for a rate."""

    entry: Entry
    title: str
    clause: Clause
    event: str
    recorded_by: str
    post: str
    seq: int | None
    recorded_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        recorded = self.recorded_at.isoformat() if self.recorded_at else None
        return {
            "entry": self.entry.as_json(),
            "regulation": self.title,
            "clause_title": self.clause.title,
            "clause_text": self.clause.text,
            "event": self.event,
            "recorded_by": self.recorded_by,
            "post": self.post,
            "seq": self.seq,
            "recorded_at": recorded,
        }


def explain(session: Session, entries: Iterable[Entry]) -> list[Explained]:
    """Return the entries with the words of their clauses and the records of their events; one query for all."""
    wanted = list(entries)
    query = select(EventRow.id, EventRow.seq, EventRow.recorded_at, EventRow.actor)
    ids = cast(literal([str(entry.event) for entry in wanted], ARRAY(Text)), ARRAY(EventRow.id.type))
    events = {row.id: row for row in session.execute(query.where(EventRow.id == any_(ids)))}
    found = []
    for entry in wanted:
        law, row = regulation.load(entry.regulation), events.get(entry.event)
        found.append(
            Explained(
                entry=entry,
                title=law.title,
                clause=law.clause(entry.clause),
                event=EVENTS.get(entry.kind, entry.kind),
                recorded_by=row.actor.get("name") or "" if row else "",
                post=row.actor.get("post") or "" if row else "",
                seq=row.seq if row else None,
                recorded_at=row.recorded_at.astimezone(SHANGHAI) if row else None,
            )
        )
    return found


def of_unit(session: Session, unit: UnitScore) -> list[Explained]:
    """What stands behind the points of a unit in a period, those carried from unpublished periods first."""
    return explain(session, (*unit.carried, *unit.entries))
