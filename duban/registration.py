"""Registration forms from a file: one row of a spreadsheet (or one object of a JSON list) is one matter.

Here is only the reading: is the file a table, does each cell hold what its column says. What the rules ask of a form is
checked where forms of every origin are checked (`acts`).
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from duban import registration_tables
from duban.errors import Refusal

LARGEST, UNPACKED, ROWS = 5 * 2**20, 60 * 2**20, 2000
#: At most so many faults are told at once: a wrong column would otherwise fill pages.
TOLD = 8


def _text(value: object) -> str:
    if isinstance(value, bool | list | dict):
        raise ValueError("应当是文字")
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a telephone number typed into a spreadsheet
    if isinstance(value, datetime | date):
        raise ValueError("是日期，应当是文字")
    return str(value).strip()


def _day(value: object) -> str:
    """ISO date of a date cell or of the ways people write dates."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", value.strip())
        match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", value.strip())
        if match:
            try:
                return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
            except ValueError:
                raise ValueError(f"“{value}”不是日历上有的日期") from None
    raise ValueError(f"“{value}”不是日期，请写成 2026-03-05 这样的形式")


def _source(value: object) -> str:
    """The number of the source (来源); people write it with its name behind it: 4 本级局领导批示."""
    text = _text(value)
    match = re.match(r"(\d{1,2})(?!\d)", text)
    return match[1] if match else text


def _yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip() in ("是", "否"):
        return value.strip() == "是"
    raise ValueError(f"只能填“是”或“否”，不能是“{value}”")


#: How the cells of the further tables are read.
CELLS: dict[str, Callable[[object], Any]] = {"text": _text, "day": _day}
#: Column -> (field of the form, how its cells are read), in the order of the printed form.
COLUMNS: dict[str, tuple[str, Callable[[object], Any]]] = {
    "标题": ("title", _text),
    "承办单位": ("unit", _text),
    "协办单位": ("cohandlers", _text),
    "来源": ("source", _source),
    "批示领导": ("instruction_by", _text),
    "批示日期": ("instruction_on", _day),
    "批示内容": ("instruction_text", _text),
    "来文依据": ("basis_document", _text),
    "工作目标": ("goal", _text),
    "办理要求": ("requirement", _text),
    "紧急程度": ("urgency", _text),
    "密级": ("mark", _text),
    "纸质件存放处": ("paper", _text),
    "发放范围": ("distribution", _text),
    "限时日期": ("due_on", _day),
    "联系电话": ("contact", _text),
    "违法违纪": ("violation", _yes),
    "要求回访": ("revisit", _yes),
    "督办方式": ("mode", _text),
    "参加部门": ("partners", _text),
    "提出要求的局领导": ("order_by", _text),
    "局长要求日期": ("order_on", _day),
    "局长要求": ("order_text", _text),
    "局长要求文号": ("order_number", _text),
    "同意的局党委领导": ("consent_by", _text),
    "局党委同意日期": ("consent_on", _day),
    "局党委同意文号": ("consent_number", _text),
    "特别重要的理由": ("own_reason", _text),
    "呈批部门": ("proposed_by", _text),
    "呈批理由": ("proposal_reason", _text),
    "呈批方式": ("proposal_route", _text),
    "上报": ("report_up", _text),
    "上报对象": ("report_to", _text),
    "知情人员": ("readers", _text),
    "专项": ("campaign", _text),
    **{
        name: (table.field, registration_tables.cell_reader(name, CELLS))
        for name, table in registration_tables.TABLES.items()
    },
}
#: Without these a table is not a registration form; what may stay empty in a row is for the rules to say.
NEEDED = ("标题", "承办单位", "来源", "办理要求")


@dataclass(frozen=True)
class Entry:
    """A form and where it stands in its file (第37行).

    `faults`: what of it could not be read, in the fields `unread`; they are not in the form.
    """

    where: str
    form: dict[str, Any]
    faults: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()


def read_forms(path: Path | str) -> list[dict[str, Any]]:
    """Return the forms of an .xlsx or .json file, with English field names; see `read_entries`."""
    return [entry.form for entry in read_entries(path)]


def read_entries(path: Path | str) -> list[Entry]:
    """Return the forms of an .xlsx or .json file, each with its place; English field names, dates as ISO text.

    Raises Refusal if the file cannot be read, a column is unknown or missing, or a cell is wrong: the sentence names
    row, column and reason. Nothing is returned unless every row is right.
    """
    path = Path(path)
    entries, faults = look(path)
    faults = [f"{entry.where}{fault}" for entry in entries for fault in entry.faults] or faults
    if faults:
        more = f"；另有 {len(faults) - TOLD} 处" if len(faults) > TOLD else ""
        raise Refusal(f"“{path.name}”有误，没有登记任何一件：{'；'.join(faults[:TOLD])}{more}。请改正后重新提交。")
    return entries


def look(path: Path) -> tuple[list[Entry], list[str]]:
    """Return the forms of a file as `read_entries`, right or wrong, each with its faults, and those of further sheets.

    Raises Refusal only for what is no table of forms.
    """
    try:
        size = path.stat().st_size
    except OSError:
        raise Refusal(f"找不到文件“{path.name}”，请核对文件名和位置。") from None
    if size > LARGEST:
        raise Refusal(f"“{path.name}”有 {size / 2**20:.1f} MB，登记表最大 {LARGEST // 2**20} MB，请分成几个文件。")
    readers = {".xlsx": _sheet_rows, ".json": _json_rows}
    if path.suffix.lower() not in readers:
        raise Refusal(f"“{path.name}”不是登记表，请用 .xlsx 或 .json 文件。")
    entries = [Entry(where, *_form(cells)) for where, cells in readers[path.suffix.lower()](path)]
    if not entries:
        raise Refusal(f"“{path.name}”里没有督办件，请在表头下逐行填写。")
    # Which rows of further sheets are whose goes by the titles; those of a wrong row are looked at all the same.
    return entries, registration_tables.attach(path, [entry.form for entry in entries], CELLS)


def _form(cells: dict[str, object]) -> tuple[dict[str, Any], tuple[str, ...], frozenset[str]]:
    form: dict[str, Any] = {}
    faults, unread = [], set()
    for column, (field, read) in COLUMNS.items():
        if column not in cells:  # a form says nothing of what its table does not have
            continue
        value = cells[column]
        try:
            if isinstance(value, ValueError):
                raise value
            empty = value is None or (isinstance(value, str) and not value.strip())
            form[field] = read(value) if not empty else (False if read is _yes else "")
        except ValueError as fault:
            faults.append(f"“{column}”{fault}")
            unread.add(field)
    if not form.get("title") and "title" not in unread:
        faults.append("“标题”没有填写")
        unread.add("title")
    return form, tuple(faults), frozenset(unread)


def _check_columns(names: Iterable[str], file: str, where: str = "") -> None:
    names = list(names)
    if unknown := [name for name in names if name not in COLUMNS]:
        raise Refusal(f"“{file}”{where}有不认识的列“{'、'.join(unknown)}”，可用的列：{'、'.join(COLUMNS)}。")
    if double := sorted({name for name in names if names.count(name) > 1}):
        raise Refusal(f"“{file}”{where}的列“{'、'.join(double)}”出现了两次，请删去一列。")
    if missing := [name for name in NEEDED if name not in names]:
        raise Refusal(f"“{file}”{where}缺少“{'、'.join(missing)}”列，请按登记表样式填写。")


def _sheet_rows(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    sheet = _sheet(path)
    if sheet.max_row > ROWS:
        raise Refusal(f"“{path.name}”有 {sheet.max_row} 行，最多 {ROWS} 行，请删去多余的空白行或分成几个文件。")
    rows = list(sheet.iter_rows())
    head = next((n for n, row in enumerate(rows[:5]) if "标题" in {str(cell.value).strip() for cell in row}), None)
    if head is None:
        raise Refusal(f"“{path.name}”的工作表“{sheet.title}”里找不到表头（应有“标题”一列），请按登记表样式填写。")
    names = {n: str(cell.value).strip() for n, cell in enumerate(rows[head]) if cell.value is not None}
    _check_columns(names.values(), path.name)
    for area in sheet.merged_cells.ranges:
        if area.max_row > head:
            raise Refusal(f"“{path.name}”的 {area.coord} 是合并单元格，看不出各行的内容，请取消合并后逐行填写。")
    for row in rows[head + 1 :]:
        stray = [cell for n, cell in enumerate(row) if n not in names and cell.value is not None]
        if stray:
            raise Refusal(f"“{path.name}”的 {stray[0].coordinate} 有内容，但这一列没有表头，请补上表头或删去内容。")
        if any(row[n].value is not None and str(row[n].value).strip() for n in names):
            yield f"第{row[0].row}行", {name: _cell_value(row[n]) for n, name in names.items()}


def _sheet(path: Path) -> Worksheet:
    try:
        with zipfile.ZipFile(path) as package:
            if sum(info.file_size for info in package.infolist()) > UNPACKED:
                raise Refusal(f"“{path.name}”展开后异常庞大，请把内容复制到新的表格里再提交。")
            if any(info.filename.endswith("vbaProject.bin") for info in package.infolist()):
                raise Refusal(f"“{path.name}”含有宏，请另存为不含宏的 .xlsx 再提交。")
        book = openpyxl.load_workbook(path)
    except Refusal:  # is a ValueError
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, OSError):
        raise Refusal(f"“{path.name}”打不开，可能已损坏或者不是 .xlsx 表格，请用 Excel 或 WPS 另存后再提交。") from None
    sheet = registration_tables.main_sheet(book)
    if not isinstance(sheet, Worksheet):
        raise Refusal(f"“{path.name}”里没有工作表，请按登记表样式填写。")
    return sheet


def _cell_value(cell: Cell | MergedCell) -> object:
    # The value that a formula showed is not in the file when another program wrote it; guessing is worse than asking.
    if cell.data_type == "f":
        return ValueError("是公式，请改成固定的内容")
    if cell.data_type == "e":
        return ValueError(f"是错误值 {cell.value}，请改正")
    return cell.value


def _json_rows(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise Refusal(f"“{path.name}”不是 UTF-8 编码，请另存为 UTF-8 后再提交。") from None
    except (json.JSONDecodeError, RecursionError) as error:
        line = f"（第{error.lineno}行）" if isinstance(error, json.JSONDecodeError) else ""
        raise Refusal(f"“{path.name}”的 JSON 写法有误{line}，请检查引号、逗号和括号。") from None
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise Refusal(f"“{path.name}”应当是一个列表，每件督办件是其中一个对象。")
    for number, entry in enumerate(content, 1):
        _check_columns(entry, path.name, f"第{number}件")
        yield f"第{number}件", entry
