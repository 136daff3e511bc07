"""Spreadsheets: tables under headings, with frozen heads, ready to print on A4. Text is never a formula or a link.

The same sheets give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

#: What a cell may hold; a Decimal is a percentage (66.7 is shown as 66.7%).
Cell = str | int | Decimal | date | None
#: Characters that a cell of the format holds.
MOST = 32_767
_TYPE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"},
    "note": {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True},
    "caption": {"font_name": "黑体", "font_size": 11, "valign": "vcenter"},
    "head": {
        "font_name": "黑体",
        "font_size": 10,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
    },
    "text": _TYPE | {"border": 1},
    "number": _TYPE | {"border": 1, "align": "center", "num_format": "0"},
    "percent": _TYPE | {"border": 1, "align": "center", "num_format": "0.0%"},
    "date": _TYPE | {"border": 1, "align": "center", "num_format": "yyyy-mm-dd"},
}
_A4 = 9
#: Characters of a note in one printed line, by the widths of its sheet; a row is so high.
_ROW = 14.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head and its width in characters."""

    name: str
    width: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a caption (may be empty), as many cells each as there are columns."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: title, notes below it, tables. With one table its head stays in sight and is printed on every page."""

    name: str
    title: str
    notes: tuple[str, ...]
    tables: tuple[Table, ...]


def workbook(sheets: Sequence[Sheet], made_at: datetime) -> bytes:
    """The file; `made_at` (aware) is what it says of its own making. Raises ValueError for a row of another width."""
    out = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, plain) as book:
        book.set_properties({"title": sheets[0].title, "created": made_at.replace(tzinfo=None)})
        formats = {name: book.add_format(said) for name, said in _FORMATS.items()}
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats)
    return out.getvalue()


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    widths = _widths(sheet)
    last = len(widths) - 1
    for at, width in enumerate(widths):
        page.set_column(at, at, width)
    _across(page, 0, last, sheet.title, formats["title"])
    page.set_row(0, 28)
    row = 1
    for note in sheet.notes:
        _across(page, row, last, note, formats["note"])
        page.set_row(row, _ROW * (1 + int(len(note) * 2 / max(sum(widths), 1))))
        row += 1
    for table in sheet.tables:
        row = _table(page, row, table, formats, alone=len(sheet.tables) == 1)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.center_horizontally()
    page.set_footer("&C第 &P 页，共 &N 页")


def _table(page: Any, row: int, table: Table, formats: dict[str, Any], *, alone: bool) -> int:
    if table.caption:
        page.write_string(row, 0, table.caption, formats["caption"])
        row += 1
    for at, column in enumerate(table.columns):
        page.write_string(row, at, column.name, formats["head"])
    if alone:
        page.freeze_panes(row + 1, 0)
        page.repeat_rows(row)
        page.autofilter(row, 0, row + len(table.rows), len(table.columns) - 1)
    for cells in table.rows:
        if len(cells) != len(table.columns):
            raise ValueError(f"{table.caption}: {len(cells)} cells in {len(table.columns)} columns")
        row += 1
        for at, cell in enumerate(cells):
            _cell(page, row, at, cell, formats)
    return row + (1 if alone else 2)


def _cell(page: Any, row: int, at: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None | "":
            page.write_blank(row, at, None, formats["text"])
        case str():
            page.write_string(row, at, cell[:MOST], formats["text"])
        case Decimal():
            page.write_number(row, at, float(cell / 100), formats["percent"])
        case int():
            page.write_number(row, at, cell, formats["number"])
        case date():
            page.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), formats["date"])  # noqa: DTZ001


def _across(page: Any, row: int, last: int, words: str, how: Any) -> None:
    if last:
        page.merge_range(row, 0, row, last, "", how)
    page.write_string(row, 0, words, how)


def _widths(sheet: Sheet) -> list[float]:
    most = max((len(table.columns) for table in sheet.tables), default=1)
    return [
        max((table.columns[at].width for table in sheet.tables if at < len(table.columns)), default=10)
        for at in range(most)
    ]
