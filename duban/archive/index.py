"""index.html of a package: what a person opens first, without Duban, without a network and without a script."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, Template

from duban.archive import catalogue
from duban.archive.copying import Copied
from duban.archive.holding import Holding
from duban.organization import Organization


@cache
def _template() -> Template:
    # What a title says is text, whatever is in it; and a name that is missing here is a mistake, not a blank.
    from jinja2 import StrictUndefined

    pages = Environment(
        loader=PackageLoader("duban.archive", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    pages.filters["address"] = quote
    return pages.get_template("index.jinja")


def write(
    target: Path,
    holding: Holding,
    org: Organization,
    copied: Copied,
    lists: Sequence[str],
    now: datetime,
    *,
    rehearsal: bool,
) -> None:
    """Write the page; it is streamed, so that a year of many thousand files needs little memory.

    `lists` are the files of the catalogue in `data/`, `now` (aware) when the package was made.
    """
    by_number: dict[str, list[str]] = {number: [] for number in sorted(holding.ended)}
    for entry in holding.entries:
        by_number.setdefault(entry.number, []).append(entry.code)
    said = {
        "holding": holding,
        "org": org,
        "keeper": catalogue.keeper(holding, org),
        "fonds": catalogue.fonds(holding, org),
        "columns": [column.name for column in catalogue.COLUMNS],
        "rows": zip(holding.entries, catalogue.rows(holding.entries, copied.pages), strict=True),
        "papers": copied.papers,
        "by_number": by_number,
        "unit_names": {code: unit.short for code, unit in org.units.items()} | {"office": org.office},
        "lists": lists,
        "files": copied.files,
        "now": now,
        "rehearsal": rehearsal,
    }
    with target.open("w", encoding="utf-8") as stream:
        for chunk in _template().stream(said):
            stream.write(chunk)
