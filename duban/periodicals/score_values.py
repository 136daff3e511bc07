"""A score sheet as its JSON says it (`duban.scoring`) -> the values of 考核通报 and of the answer to an objection."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from duban.acts.act import Act
from duban.acts.paper_values import day
from duban.documents import Picture
from duban.ledger import Event
from duban.marks import is_secret
from duban.periodicals import snapshots, spans
from duban.periodicals.reading import of
from duban.periodicals.scoring import entries_in, points, told
from duban.reports.lines import NAMED_READERS
from duban.scoring.entries import is_withheld

Said = Mapping[str, Any]
#: Said of an entry that belongs to an earlier period of the year and was never published.
CARRIED = "以前没有通报，已计入期初分"
RULINGS = {True: "异议成立，这一条不计分", False: "异议不成立，维持原计分", None: "还没有处理"}


def score_values(sheet: Said) -> dict[str, Any]:
    """What a template may use of a score sheet (`ScoreSheet.as_json()`): ranking, entries, corrections, chart."""
    units = sheet["units"]
    named = {one["unit"]: one["name"] for one in units}
    every = [told(entry) for unit in units for entry in unit["entries"]]
    carried = [told(entry) for unit in units for entry in unit["carried"]]
    entries = [one for one in every if not one["corrects"]]
    corrections = [one for one in every if one["corrects"]]
    earlier = [*(one | {"note": CARRIED} for one in carried), *corrections]
    ranked = [(one["name"], Decimal(one["shown"])) for one in units if one["rank"] is not None]
    return {
        "unit_count": len(ranked) or len(units),
        "entry_count": len(entries),
        "correction_count": len(earlier),
        "base_points": sheet["base"],
        "base_text": _bounds(sheet),
        "scores": [_score(one) for one in units],
        "score_entries": [_entry(nth, one, named) for nth, one in enumerate(entries, start=1)],
        "corrections": [_entry(nth, one, named) for nth, one in enumerate(earlier, start=1)],
        "ranking_chart": _ranking(ranked, sheet) if ranked and sheet["method"] == "points" else None,
    }


def _bounds(sheet: Said) -> str:
    """Why what is shown may differ from what was reckoned (A10): floor and cap, where the regulation has them."""
    floor, cap = sheet["floor"], sheet["cap"]
    said = [f"不低于{floor}分" if floor is not None else "", f"不高于{cap}分" if cap is not None else ""]
    bounds = "、".join(one for one in said if one)
    return f"期末分＝期初分＋加分＋扣分（其中更正已计入加分、扣分）{f'；得分显示时{bounds}' if bounds else ''}。"


def _score(unit: Said) -> dict[str, Any]:
    corrected = sum((Decimal(one["points"]) for one in unit["entries"] if one["corrects"]), Decimal(0))
    return {
        "rank": unit["rank"] or "—",
        "unit": unit["name"] + (f"（{unit['note']}）" if unit["note"] else ""),
        "opening": unit["opening"],
        "added": points(unit["added"]),
        "deducted": unit["deducted"],
        "change": points(unit["delta"]),
        "corrected": points(_plain(corrected)),
        "closing": unit["closing"],
        "shown": unit["shown"],
        "matters": unit["matters"],
    }


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"


def _entry(nth: int, entry: Said, named: Mapping[str, str]) -> dict[str, Any]:
    """One entry (`told`) with its clause and its evidence."""
    mark, document = entry["mark"], entry["document"]
    corrects = entry["corrects"]
    return {
        "nth": nth,
        "unit": named.get(entry["unit"], entry["unit"]),
        "reference": (entry["reference"] or entry["number"] or "—") + (f"　{mark}" if mark else ""),
        "item": entry["item_text"],
        "clause": entry["clause"],
        "points": points(entry["points"]),
        "on": entry["date"],
        "evidence": document["name"].rpartition(".")[0] if document else "",
        "month": _month(corrects or entry["date"][:7]),
        "note": entry["note"],
    }


def _month(period: str) -> str:
    return spans.read(period).name


def _ranking(rows: Sequence[tuple[str, Decimal]], sheet: Said) -> Callable[[], Picture]:
    def draw() -> Picture:
        from duban import charts  # matplotlib takes a second to load, and most papers have no chart

        return charts.picture(charts.ranking(rows, spans.read(sheet["period"]).name, Decimal(sheet["base"])))

    return draw


def objections_values(it: Act, events: Sequence[Event]) -> dict[str, Any]:
    """Every objection to this file with the entry that it is about and what the office decided."""
    objections = of(it.state).periodical.objections
    entries = _drafted(events) if objections else {}
    rows = []
    for one in objections:
        entry = entries.get(one.entry, {})
        # Of a state secret the reasons say no more than where the paper is; the notice goes to every unit.
        withheld = is_withheld(entry) and not is_secret(entry["mark"])
        rows.append(
            {
                "nth": one.number,
                "unit": it.org.unit(one.unit).short,
                "item": entry.get("item_text", one.entry),
                "reference": entry.get("reference") or entry.get("number", ""),
                "points": points(entry["points"]) if entry else "",
                "reason": NAMED_READERS if withheld else one.reason,
                "ruling": RULINGS[one.upheld],
                "answer": "" if withheld else one.answer,
            }
        )
    return {"objections": rows, "objection_count": len(rows)}


def _drafted(events: Sequence[Event]) -> dict[str, dict[str, Any]]:
    """Every entry of every draft by its id: what was upheld is in no later one."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.kind == "drafted":
            content = snapshots.read(event.data["snapshot"]["sha256"])
            found |= {one["id"]: told(one) for one in entries_in(content)}
    return found


def objection_values(it: Act, events: Sequence[Event]) -> dict[str, Any]:
    """考核异议处理意见: the objection that was decided last, its entry, who decided what and why."""
    decided = next((event for event in reversed(events) if event.kind == "objection_decided"), None)
    if decided is None:
        return {}
    asked = next(one for one in of(it.state).periodical.objections if one.number == decided.data["objection"])
    entry = _drafted(events).get(asked.entry, {})
    on = entry.get("date", "")
    return {
        "objection_unit": it.org.unit(asked.unit).name,
        "objection_by": asked.by,
        "objection_on": day(asked.at),
        "objection_entry": entry.get("item_text", asked.entry) + (f"（{day(date.fromisoformat(on))}）" if on else ""),
        "objection_points": points(entry["points"]) if entry else "",
        "objection_clause": entry.get("clause", ""),
        "objection_reference": entry.get("reference") or entry.get("number", ""),
        "objection_text": asked.reason,
        "objection_ruling": RULINGS[decided.data["upheld"]],
        "objection_answer": decided.data["reason"],
        "objection_decided_by": decided.actor.name,
        "objection_decided_on": day(decided.at),
    }
