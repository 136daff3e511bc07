"""From a file to rows: which sheet, which row, which column, and what each cell says."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from duban.errors import Refusal
from duban.history import cells
from duban.history.faults import Fault
from duban.history.forms import ALIASES, EVENTS, FOOTERS, MATTERS, PASSED_OVER, SHEETS, Column

LARGEST, UNPACKED, ROWS = 60 * 2**20, 800 * 2**20, 300_000
#: The head of a table stands in one of the first rows; above it people write titles.
HEAD_WITHIN = 10

#: A cell that cannot be read as what it is (a formula, an error), or part of a merged area.
Line = tuple[int, list[object]]


@dataclass
class Row:
    """One row: where it stands (“经过”第12行) and its values by the key of their column."""

    where: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """The value, or an empty string where the cell is empty."""
        return self.values.get(key, "")


@dataclass
class Table:
    """The rows of one sheet, and what is wrong in it."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(path: Path) -> dict[str, Table]:
    """Every table of an .xlsx or a .json file in the form of `forms`.

    Raises Refusal when it is no such file or a sheet is missing; what is wrong within a sheet stands in `faults`.
    """
    size = size_of(path)
    if size > LARGEST:
        raise Refusal(f"“{path.name}”有 {size / 2**20:.0f} MB，最大 {LARGEST // 2**20} MB，请按年度分成几个文件。")
    readers = {".xlsx": _of_sheets, ".json": _of_json}
    if path.suffix.lower() not in readers:
        raise Refusal(f"“{path.name}”不是历史台账，请用 .xlsx 或 .json 文件（.xls 的请另存为 .xlsx）。")
    return readers[path.suffix.lower()](path)


def size_of(path: Path) -> int:
    """The size of a file in bytes. Raises Refusal when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        raise Refusal(f"找不到文件“{path.name}”，请核对文件名和位置。") from None


def _of_sheets(path: Path) -> dict[str, Table]:
    try:
        with zipfile.ZipFile(path) as package:
            if sum(info.file_size for info in package.infolist()) > UNPACKED:
                raise Refusal(f"“{path.name}”展开后异常庞大，请把内容复制到新的表格里再提交。")
        book = openpyxl.load_workbook(path)
    except Refusal:
        raise
    except Exception:  # a damaged package fails in as many ways as there are places in it
        raise Refusal(f"“{path.name}”打不开，可能已损坏或者不是 .xlsx 表格，请用 Excel 或 WPS 另存后再提交。") from None
    named = {sheet.title.strip(): sheet for sheet in book.worksheets}
    missing = [name for name in (MATTERS, EVENTS) if name not in named]
    if missing:
        have = "、".join(named)
        raise Refusal(f"“{path.name}”里没有工作表“{'、'.join(missing)}”（现有：{have}），请按历史台账的样式填写。")
    return {name: _of_sheet(name, named[name]) for name in SHEETS if name in named}


def _of_sheet(name: str, sheet: Worksheet) -> Table:
    table, place = Table(), f"“{name}”"
    if sheet.max_row > ROWS:
        table.faults.append(Fault(place, f"有 {sheet.max_row} 行，最多 {ROWS} 行，请删去多余的空白行或分成几个文件"))
        return table
    filled, spread = _merged(sheet)
    lines: Iterator[Line] = (
        (number, [_plain(cell) for cell in row]) for number, row in enumerate(sheet.iter_rows(), start=1)
    )
    head, names = _head(name, lines)
    if not names:
        needed = "、".join(_needed(name))
        table.faults.append(Fault(place, f"找不到表头，第一行应当是列名（至少要有 {needed}）"))
        return table
    columns = _columns(table, place, name, names)
    for area, top, _bottom in spread:
        if top > head:
            table.faults.append(
                Fault(f"{place}{area}", "是横跨几列的合并单元格，看不出各格的内容，请取消合并后逐格填写")
            )
    for number, line in lines:
        for column, value in filled.get(number, {}).items():
            line[column] = value
        _take(table, place, number, line, columns, names)
    return table


def _merged(sheet: Worksheet) -> tuple[dict[int, dict[int, object]], list[tuple[str, int, int]]]:
    """What a merged column says of each of its rows; and the areas that run over several columns.

    One cell drawn down over several rows says the same of each: so people write a matter's number beside its events.
    """
    filled: dict[int, dict[int, object]] = {}
    spread = []
    for area in sheet.merged_cells.ranges:
        if area.min_col != area.max_col:
            spread.append((area.coord, area.min_row, area.max_row))
            continue
        value = _plain(sheet.cell(area.min_row, area.min_col))
        for number in range(area.min_row + 1, area.max_row + 1):
            filled.setdefault(number, {})[area.min_col - 1] = value
    return filled, spread


def _plain(cell: Any) -> object:
    # The value that a formula showed is not in the file when another program wrote it; guessing is worse than asking.
    if cell.data_type == "f":
        return ValueError("是公式，请改成固定的内容")
    if cell.data_type == "e":
        return ValueError(f"是错误值 {cell.value}，请改正")
    return cell.value


def _head(name: str, lines: Iterator[Line]) -> tuple[int, list[str]]:
    """The number of the row with the column names, and the names; none when there is no such row near the top."""
    for number, line in lines:
        names = [_column_name(name, value) for value in line]
        if len({*_needed(name)} & {*names}) >= min(2, len(_needed(name))):
            return number, names
        if number >= HEAD_WITHIN:
            break
    return 0, []


def _column_name(sheet: str, value: object) -> str:
    said = (
        "" if value is None or isinstance(value, ValueError) else cells.narrow(str(value)).replace("\n", "").strip("*")
    )
    said = said.replace(" ", "")
    return ALIASES[sheet].get(said, said)


def _needed(name: str) -> list[str]:
    return [column for column, about in SHEETS[name].items() if about.needed]


def _columns(table: Table, place: str, name: str, names: Sequence[str]) -> dict[int, tuple[str, Column]]:
    known, found = SHEETS[name], dict[int, tuple[str, Column]]()
    for n, column in enumerate(names):
        if not column or column in PASSED_OVER:
            continue
        at = f"{place}{get_column_letter(n + 1)}列"
        if column not in known:
            table.faults.append(Fault(at, f"不认识列名“{column}”，可用的列：{'、'.join(known)}"))
        elif column in [name for name, _about in found.values()]:
            table.faults.append(Fault(at, f"列名“{column}”出现了两次，请删去一列"))
        else:
            found[n] = (column, known[column])
    have = [column for column, _about in found.values()]
    if missing := [column for column in _needed(name) if column not in have]:
        table.faults.append(Fault(place, f"缺少“{'、'.join(missing)}”列，请按样式补上"))
    return found


def _take(
    table: Table, place: str, number: int, line: list[object], columns: dict[int, tuple[str, Column]], names: list[str]
) -> None:
    """One line of a sheet: nothing, a row, or what is wrong with it."""
    shown = [value for value in line if not cells.empty(value)]
    if not shown or (len(shown) <= 3 and str(shown[0]).strip().startswith(FOOTERS)):
        return
    where = f"{place}第{number}行"
    for n, value in enumerate(line):
        if n not in columns and not cells.empty(value) and (n >= len(names) or not names[n]):
            fault = "有内容，但这一列没有列名，请补上列名或删去内容"
            table.faults.append(Fault(f"{place}{get_column_letter(n + 1)}{number}", fault))
    said = {column: (about, line[n] if n < len(line) else None) for n, (column, about) in columns.items()}
    if all(cells.empty(value) for _about, value in said.values()):
        return
    _read_row(table, Row(where, number), said)


def _read_row(table: Table, row: Row, said: Mapping[str, tuple[Column, object]]) -> None:
    for column, (about, value) in said.items():
        if cells.empty(value):
            if about.needed:
                table.faults.append(Fault(f"{row.where}“{column}”", "没有填写，请补上"))
            continue
        try:
            if isinstance(value, ValueError):
                raise value
            row.values[about.key] = about.read(value)
        except ValueError as fault:
            table.faults.append(Fault(f"{row.where}“{column}”", str(fault)))
            row.values[about.key] = None  # known to be wrong: not told a second time
    table.rows.append(row)


def _of_json(path: Path) -> dict[str, Table]:
    content = load_json(path)
    if not isinstance(content, dict) or not all(isinstance(content.get(name), list) for name in (MATTERS, EVENTS)):
        raise Refusal(f"“{path.name}”应当有“{MATTERS}”和“{EVENTS}”两张表，请按历史台账的样式填写。")
    return {name: _of_list(name, content.get(name) or []) for name in SHEETS if name in content}


def load_json(path: Path) -> Any:
    """The content of a JSON file. Raises Refusal when it is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Refusal(f"“{path.name}”不是 JSON 文件，可能没有写完整，请重新导出。") from None


def _of_list(name: str, rows: Sequence[Any]) -> Table:
    table, known = Table(), SHEETS[name]
    for n, entry in enumerate(rows, start=1):
        row = Row(f"“{name}”第{n}项", n)
        if not isinstance(entry, dict):
            table.faults.append(Fault(row.where, "应当是一个对象"))
            continue
        entry = {_column_name(name, key): value for key, value in entry.items()}
        for key in entry.keys() - known.keys() - {*PASSED_OVER}:
            table.faults.append(Fault(row.where, f"不认识“{key}”，可用：{'、'.join(known)}"))
        _read_row(table, row, {column: (about, entry.get(column)) for column, about in known.items()})
    return table
