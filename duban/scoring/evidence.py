"""The paper behind an entry: what the same act made, or the report in which a fault was found."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from duban.ledger.models import EventRow
from duban.scoring.entries import Entry, Evidence

#: Kinds of events that have a paper: a missed date has none, nothing came.
WITH_PAPER = ("accepted", "returned", "followed_up", "praised", "criticised")
#: The key of a file that a unit sent begins so (`acts.papers.attach`).
RECEIVED = "received:"


def attach(session: Session, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with their papers; one query for all of them."""
    numbers = sorted({entry.source for entry in entries if entry.kind in WITH_PAPER and entry.document is None})
    if not numbers:
        return list(entries)
    data = EventRow.data
    query = (
        select(EventRow.number, EventRow.id, EventRow.key, EventRow.at, data["name"].astext.label("name"))
        .add_columns(data["sha256"].astext.label("sha256"))
        .where(EventRow.kind == "documented", EventRow.number == any_(literal(numbers, ARRAY(Text))))
        .order_by(EventRow.id)
    )
    papers: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query):
        papers[row.number].append(row)
    return [replace(entry, document=entry.document or _paper(entry, papers.get(entry.source, ()))) for entry in entries]


def _paper(entry: Entry, papers: Sequence[Row[Any]]) -> Evidence | None:
    if entry.kind == "accepted":  # the last report that had come by then
        fitting = [one for one in papers if one.id < entry.event and one.key.startswith(RECEIVED)][-1:]
    elif entry.kind in WITH_PAPER:  # one act, one moment
        fitting = [one for one in papers if one.id > entry.event and one.at == entry.at][:1]
    else:
        return None
    return Evidence(fitting[0].name, fitting[0].sha256) if fitting and fitting[0].sha256 else None
