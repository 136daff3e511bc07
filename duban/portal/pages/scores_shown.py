"""What the pages of the scores show: periods in a list, a unit's entries with their clauses, the whole sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from duban import clock, ledger, organization, periodicals, regulation
from duban.acts import may_see
from duban.acts.seeing import BUREAU, SCORES
from duban.acts.waiting_line import COLUMNS, state_of
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.engine import snapshot
from duban.ledger.models import MatterRow
from duban.organization import Organization
from duban.periodicals import reading, score_told
from duban.scoring import months
from duban.scoring.entries import is_withheld

Said = Mapping[str, Any]


def listed_lines(actor: Actor) -> list[dict[str, Any]]:
    """The periods that this person is told of, the latest first; for a unit with its own points in each.

    Of a marked one the points stand on its own page only, where the reading is entered (BC-8.4).
    """
    with ledger.transaction() as session:
        states = [one for one in reading.listed(session, SCORES) if score_told.told_to(one, actor)]
        states = [one for one in states if may_see(one, actor) or actor.unit is not None]
    found = []
    for state in states:
        line = score_told.line(state, actor) | {"mark": state.mark}
        if actor.unit is not None and not state.mark:
            content = periodicals.snapshots.read(reading.of(state).periodical.snapshot)
            line["own"] = score_told.own_part(content, actor.unit, ranked=state.state == "published")
        found.append(line)
    return found


def running(actor: Actor) -> dict[str, Any]:
    """The month that runs, as it would be scored now. Refusal where the regulation does not score."""
    with snapshot() as session:
        now, org = clock.now(session), organization.load()
        law = regulation.current(now.date())
        sheet, _published = months.sheet(session, law, org, f"{now:%Y-%m}")
    content = {"sheet": sheet.as_json()}
    own = score_told.own_part(content, actor.unit, ranked=False) if actor.unit else None
    whole = content["sheet"] if actor.unit is None and actor.post in BUREAU else None
    return {
        "title": f"{months.span_of(sheet.period).name}计分（未公布，仅供核对）",
        "law": law,
        "head": None,
        "unit": unit_shown(own, (), actor),
        "sheet": sheet_shown(whole, (), org),
        "ranking": None,
        "scored": sheet.method == "points",
        "state": None,
        "papers": (),
        "refused": "",
        "said": {},
    }


def unit_shown(unit: Said | None, objections: Sequence[Said], actor: Actor) -> dict[str, Any] | None:
    """A unit's line with each entry as it is shown (`_entry`), those of earlier periods first."""
    if unit is None:
        return None
    entries = [*unit["carried"], *unit["entries"]]
    seen = _seen({one["number"] for one in entries if one["number"]}, actor)
    by_entry = {one["entry"]: one for one in objections}
    shown = [_entry(one, seen, by_entry.get(one["id"]), carried=one in unit["carried"]) for one in entries]
    return {**unit, "shown_entries": shown}


def sheet_shown(sheet: Said | None, objections: Sequence[Said], org: Organization) -> dict[str, Any] | None:
    """The whole sheet: every unit with its entries."""
    if sheet is None:
        return None
    by_entry = {one["entry"]: one for one in objections}
    units = []
    for unit in sheet["units"]:
        entries = [*unit["carried"], *unit["entries"]]
        numbers = {one["number"] for one in entries}
        shown = [_entry(one, numbers, by_entry.get(one["id"]), carried=one in unit["carried"]) for one in entries]
        units.append({**unit, "shown_entries": shown})
    return {**sheet, "shown_units": units, "bureau": org.name}


def _entry(entry: Said, seen: set[str], objection: Said | None, *, carried: bool) -> dict[str, Any]:
    """An entry with the words of its clause, and where its matter and its paper may be opened."""
    withheld = is_withheld(entry)
    opens = entry["number"] in seen and not withheld
    paper = entry["document"] if opens and entry["source"] == entry["number"] else None
    return {
        **entry,
        "carried": carried,
        "clause_text": _clause(entry),
        "opens": opens,
        "paper": paper,
        "objection": objection,
        "withheld": withheld,
    }


def _clause(entry: Said) -> str:
    try:
        law = regulation.load(entry["regulation"])
        return f"《{law.title}》{law.clause(entry['clause']).text}"
    except Refusal:  # a version whose file is gone, or that numbers its clauses otherwise now
        return ""


def _seen(numbers: set[str], actor: Actor) -> set[str]:
    """Those of the matters whose page this person may open."""
    with ledger.transaction() as session:
        rows = session.execute(select(*COLUMNS).where(MatterRow.number.in_(numbers))).all()
    return {row.number for row in rows if may_see(state_of(row), actor)}
