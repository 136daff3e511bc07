"""What a month of scores shows people: the ranking, the entries, those of one unit."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from duban.errors import Refusal
from duban.scoring.entries import is_withheld

MOST = 60  # rows of a table on a page that people decide on; all of it is in the papers


def entries_in(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every entry that a draft enters, with the carried ones of earlier periods."""
    for unit in content["sheet"]["units"]:
        yield from unit["entries"]
        yield from unit["carried"]


def entry_of(content: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    """The entry with this id. Raises Refusal when the draft has none."""
    for one in entries_in(content):
        if one["id"] == wanted:
            return one
    raise Refusal(f"这一期的初稿里没有“{wanted[:80]}”这一条计分，请核对条目编号。")


def told(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry as it goes to the units: of a withheld matter number, mark, unit, points and clause (MM 五（五）)."""
    # What it is grouped with may name the bulletin that praised it.
    blank = {"reference": "", "note": "", "group": "", "document": None}
    return {**entry} | (blank if is_withheld(entry) else {})


def unit_in(content: Mapping[str, Any], unit: str) -> dict[str, Any] | None:
    """The line of a unit with its entries, None when it is not on the sheet."""
    return next((one for one in content["sheet"]["units"] if one["unit"] == unit), None)


def ranking(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rank, unit and points of every unit and no entries: what everybody may see once it is published."""
    wanted = ("rank", "unit", "name", "full_name", "opening", "delta", "closing", "shown", "matters", "note")
    return [{name: unit[name] for name in wanted} for unit in content["sheet"]["units"]]


def in_points(content: Mapping[str, Any]) -> bool:
    """Whether the regulation scores in points; a qualitative one only lists what counts (MM 六)."""
    return bool(content["sheet"]["method"] == "points")


def points(text: str) -> str:
    """Points with their sign: +0.5, -2, 0."""
    return f"+{text}" if Decimal(text) > 0 else text


def ranking_table(content: Mapping[str, Any]) -> str:
    """The ranking as a Markdown table."""
    rows = [
        (one["rank"] or "—", one["name"], one["opening"], points(one["delta"]), one["shown"], one["matters"])
        for one in ranking(content)
    ]
    return table(("名次", "单位", "期初", "本期", "期末", "督办件"), rows)


def entries_table(content: Mapping[str, Any]) -> str:
    """The entries as a Markdown table; empty where there are none."""
    names = {unit["unit"]: unit["name"] for unit in content["sheet"]["units"]}
    scored = in_points(content)
    rows = [
        (
            names.get(one["unit"], one["unit"]),
            one["reference"] or one["number"] or "—",
            one["item_text"] + (f"（更正{one['corrects']}）" if one["corrects"] else ""),
            one["clause"],
            *([points(one["points"])] if scored else []),
            one["date"],
        )
        for one in entries_in(content)
    ]
    return table(("单位", "文号", "情形", "条款", *(["分值"] if scored else []), "日期"), rows) if rows else ""


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """A Markdown table whose cells hold text and nothing else; what is too long for a page is counted."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows[:MOST]]
    if len(rows) > MOST:
        lines.append(f"\n（共{len(rows)}行，这里只列前{MOST}行，其余见初稿全文。）")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    return str(value).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", "<br>")
