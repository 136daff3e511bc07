"""年度归档 as a period file: what a year's archive holds is put on record, then the packages, then it is published."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import archive, ledger
from duban.acts.act import SYSTEM, Act, act
from duban.acts.papers import keep
from duban.archive.catalogue import NAME
from duban.documents import DOCX, XLSX
from duban.embedded import places
from duban.ledger import State
from duban.ledger.models import EventRow, MatterRow
from duban.marks import highest
from duban.periodicals import snapshots
from duban.periodicals.reading import of

PLACE = "DUBAN_ARCHIVES"
"""The directory in which packages are made; without it `archives` in the directory `var/`."""
_MEDIA = {".docx": DOCX, ".xlsx": XLSX}


def collect(number: str) -> State:
    """Give everything that ended in the year its 档号 and put on record what the archive holds and what it lacks.

    Safe to run twice and to kill: every matter is a transaction of its own, and keeps the numbers that it has.
    """
    with ledger.transaction() as session:
        state = ledger.state(session, number)
    if of(state, "year_end_archive").awaits("collect") is None:
        return state
    year = int(of(state).periodical.period)
    archive.enter(year)
    with act(number, periodical=True) as it:
        if (key := it.state.awaits("collect")) is None:
            return it.state
        found = archive.collect(it.session, year, it.org)
        missing = _missing(it.session, year, it.org.id) | {one: list(words) for one, words in found.missing.items()}
        content = found.as_json() | {"missing": missing, "number": number, "title": it.state.title, "behind": []}
        content["mark"] = highest(one.mark for one in found.carried)
        kept = snapshots.keep(it.session, number, f"{number} 归档清单.json", content)
        summary = {"archived": len(found.archived), "carried": len(found.carried), "missing": len(missing)}
        return it.record(
            "collected", key, SYSTEM, of(it.state).periodical.clause, {"snapshot": kept, "summary": summary}
        )


def _missing(session: Session, year: int, organization: str) -> dict[str, list[str]]:
    """What was found missing when each matter was archived."""
    lacks = (
        select(EventRow.number, EventRow.data)
        .join(MatterRow, MatterRow.number == EventRow.number)
        .where(MatterRow.view["organization"].astext == organization)
        .where(EventRow.kind == "archived", EventRow.data["year"].as_integer() == year, EventRow.data["missing"] != [])
    )
    return {row.number: row.data["missing"] for row in session.execute(lacks.order_by(EventRow.number))}


def pack(number: str) -> State:
    """Make the packages of the office and of each unit, and keep the office's catalogue with the file.

    Safe to run twice and to kill: a package is there whole or not at all. Raises Refusal as `archive.pack`.
    """
    with ledger.transaction() as session:
        state = ledger.state(session, number)
    if of(state, "year_end_archive").awaits("pack") is None:
        return state
    made = archive.pack(int(of(state).periodical.period), place() / number)
    with act(number, periodical=True) as it:
        if (key := it.state.awaits("pack")) is None:
            return it.state
        for package in made:
            if not package.unit:
                _keep_catalogue(it, package.path)
        packages = [_told(package) for package in made]
        return it.record("packed", key, SYSTEM, of(it.state).periodical.clause, {"packages": packages})


def place() -> Path:
    """Where packages are made: DUBAN_ARCHIVES, else `archives` in the directory `var/`. Made if missing."""
    chosen = os.environ.get(PLACE)
    return places.private(Path(chosen) if chosen else places.var() / "archives")


def _told(package: archive.Package) -> dict[str, Any]:
    said = package.as_json()
    return {name: said[name] for name in ("name", "unit", "pieces", "files", "size", "mark", "digest")}


def _keep_catalogue(it: Act, package: Path) -> None:
    for path in sorted((package / "data").glob(f"{NAME}*")):
        if media := _MEDIA.get(path.suffix):
            keep(
                it,
                f"{it.number} {path.name}",
                path.read_bytes(),
                NAME,
                f"catalogue:{path.name}",
                {"made": "table"},
                media,
            )
