"""The further tables of a registration form: the phases (阶段) and the parts (分工) of the matters in it.

In a spreadsheet each is a sheet of its own, whose column 事项 names the matter by its title; rows without one hold for
every matter that has none of its own, so that a campaign writes its phases once. In JSON they are lists in the
matter. Here they are only read; what the rules ask of them is checked with the form (`acts.tables`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from duban.acts.tables import refuse_wrong_stages
from duban.errors import Refusal

Reader = Callable[[object], Any]
MATTER = "事项"


@dataclass(frozen=True)
class Table:
    """A table beside the form: the field it fills, its columns (name -> key, how it is read), which must be there."""

    field: str
    columns: Mapping[str, tuple[str, str]]
    needed: tuple[str, ...]


#: Sheet (or key of a JSON matter) -> what stands in it; how a cell is read is named `text` or `day`.
TABLES: dict[str, Table] = {
    "阶段": Table(
        "stages",
        {
            "阶段": ("name", "text"),
            "开始": ("starts_on", "day"),
            "结束": ("ends_on", "day"),
            "报送日": ("due_on", "day"),
            "由谁办": ("by", "text"),
        },
        ("阶段", "开始", "结束"),
    ),
    "分工": Table(
        "parts",
        {"承办单位": ("unit", "text"), "要求": ("requirement", "text"), "期限": ("due_on", "day")},
        ("承办单位", "要求"),
    ),
}


@dataclass(frozen=True)
class Row:
    """One row of such a table: where it stands, whose it is (empty: everybody's), what it says."""

    where: str
    matter: str
    cells: dict[str, str]


def main_sheet(book: Workbook) -> object:
    """The sheet with the matters: the one that was open; if that is one of the tables, the first that is none."""
    if book.active is None or book.active.title not in TABLES:
        return book.active
    return next((sheet for sheet in book.worksheets if sheet.title not in TABLES), None)


def cell_reader(table: str, readers: Mapping[str, Reader]) -> Reader:
    """How a column of this name in the form itself is read: lines of text, or a list of rows (JSON).

    `readers` reads the cells of such a row: `text`, `day`. It raises ValueError with the reason for what is wrong.
    """

    def read(value: object) -> object:
        if not isinstance(value, list):
            return readers["text"](value)
        rows = []
        for n, entry in enumerate(value, start=1):
            if not isinstance(entry, dict):
                raise ValueError(f"第{n}行应当是一个对象")
            cells, faults = _read(TABLES[table], entry, readers)
            if faults:
                raise ValueError(f"第{n}行{faults[0]}")
            rows.append(cells)
        return rows

    return read


def attach(path: Path, forms: Sequence[dict[str, Any]], readers: Mapping[str, Reader]) -> list[str]:
    """Put the rows of the further sheets of an .xlsx into the forms that they belong to; return the faults.

    Each fault is a sentence with sheet, row, column and reason; after a fault the forms are of no use.
    """
    if path.suffix.lower() != ".xlsx":
        return []
    faults: list[str] = []
    titles = {str(form.get("title")) for form in forms}
    for name, sheet in _sheets(path):
        rows, wrong = _rows(name, sheet, readers)
        faults += wrong
        faults += [
            f"{row.where}“{MATTER}”登记表里没有“{row.matter}”" for row in rows if row.matter not in {"", *titles}
        ]
        for form in forms:
            own = [row for row in rows if row.matter == form.get("title")]
            taken = own or [row for row in rows if not row.matter]
            if not taken:
                continue
            if form.get(TABLES[name].field):
                faults.append(f"“{form.get('title', '')}”的{name}写了两处，请删去登记表“{name}”一列里的内容")
                continue
            form[TABLES[name].field] = [row.cells for row in taken]
            faults += _out_of_order(name, taken)
    return list(dict.fromkeys(faults))


def _sheets(path: Path) -> Iterator[tuple[str, Worksheet]]:
    book = openpyxl.load_workbook(path)
    for name in TABLES:
        if name in book.sheetnames and isinstance(book[name], Worksheet):
            yield name, book[name]


def _rows(name: str, sheet: Worksheet, readers: Mapping[str, Reader]) -> tuple[list[Row], list[str]]:
    table, place = TABLES[name], f"工作表“{name}”"
    lines = list(sheet.iter_rows())
    head = next(
        (n for n, line in enumerate(lines[:5]) if table.needed[0] in {_word(cell.value) for cell in line}), None
    )
    if head is None:
        return [], [f"{place}找不到表头（应有“{table.needed[0]}”一列）"]
    names = {n: _word(cell.value) for n, cell in enumerate(lines[head]) if _word(cell.value)}
    if faults := _column_faults(list(names.values()), table, place):
        return [], faults
    rows, faults = [], []
    for line in lines[head + 1 :]:
        values = {column: _plain(line[n]) for n, column in names.items()}
        if all(_empty(value) for value in values.values()):
            continue
        where = f"{place}第{line[0].row}行"
        cells, wrong = _read(table, {key: value for key, value in values.items() if key != MATTER}, readers)
        faults += [f"{where}{fault}" for fault in wrong]
        rows.append(Row(where, _word(values.get(MATTER)), cells))
    return rows, faults


def _column_faults(names: list[str], table: Table, place: str) -> list[str]:
    known = {MATTER, *table.columns}
    faults = [
        f"{place}有不认识的列“{name}”，可用的列：{'、'.join((MATTER, *table.columns))}"
        for name in names
        if name not in known
    ]
    faults += [f"{place}的列“{name}”出现了两次" for name in dict.fromkeys(names) if names.count(name) > 1]
    return faults + [f"{place}缺少“{name}”列" for name in table.needed if name not in names]


def _read(table: Table, cells: Mapping[str, object], readers: Mapping[str, Reader]) -> tuple[dict[str, str], list[str]]:
    """The cells of one row by key, and what is wrong with them."""
    faults = [f"有不认识的列“{name}”" for name in cells if name not in table.columns]
    said: dict[str, str] = {}
    for column, (key, kind) in table.columns.items():
        value, said[key] = cells.get(column), ""
        if _empty(value):
            if column in table.needed:
                faults.append(f"“{column}”没有填写")
            continue
        try:
            if isinstance(value, ValueError):
                raise value
            said[key] = readers[kind](value)
        except ValueError as fault:
            faults.append(f"“{column}”{fault}")
    return said, faults


def _out_of_order(name: str, rows: Sequence[Row]) -> list[str]:
    """Phases that overlap or stand in the wrong order, told with their rows; what is past, the rules find."""
    if name != "阶段" or any(not (row.cells["starts_on"] and row.cells["ends_on"]) for row in rows):
        return []
    stages = [row.cells | {"due_on": row.cells["due_on"] or row.cells["ends_on"], "by": ""} for row in rows]
    try:
        refuse_wrong_stages(stages, date.min, [row.where for row in rows])
    except Refusal as refusal:
        return [str(refusal).rstrip("。")]
    return []


def _plain(cell: Any) -> object:
    # The value that a formula showed is not in the file when another program wrote it; guessing is worse than asking.
    if cell.data_type == "f":
        return ValueError("是公式，请改成固定的内容")
    if cell.data_type == "e":
        return ValueError(f"是错误值 {cell.value}，请改正")
    return cell.value


def _word(value: object) -> str:
    return "" if value is None else str(value).strip()


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
