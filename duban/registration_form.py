"""The empty spreadsheet of 登记表: the columns that a bureau's regulation knows, pick lists, and a page that explains.

`duban.registration` reads it back. The sheet that is open is the one with the matters; the others explain.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from duban.acts.form_fields import DATE, PICK, TICK, Field, fields_of
from duban.errors import Refusal
from duban.organization import Organization
from duban.registration import COLUMNS, NEEDED, ROWS
from duban.registration_tables import MATTER, TABLES
from duban.regulation import Regulation

SHEET, HELP, LISTS = "登记表", "填写说明", "可选内容"


def blank(law: Regulation, org: Organization) -> bytes:
    """Return the empty .xlsx for the matters of this bureau."""
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = SHEET
    asked = _asked(law, org)
    columns = [column for column, (field, _read) in COLUMNS.items() if field in asked and column not in TABLES]
    _head(first, columns, NEEDED)
    _lists(book, first, columns, asked, law, org)
    for name, table in TABLES.items():
        if table.field in asked:
            _head(book.create_sheet(name), [MATTER, *table.columns], table.needed)
    _help(book.create_sheet(HELP), columns, asked, law)
    book.active = book.index(first)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _asked(law: Regulation, org: Organization) -> dict[str, Field]:
    """The fields of all types that the regulation knows, each once."""
    return {name: one for type_id in law.types for name, one in fields_of(type_id, law, org).items()}


def _head(sheet: Worksheet, columns: list[str], needed: tuple[str, ...]) -> None:
    for n, column in enumerate(columns, start=1):
        cell = sheet.cell(1, n, column)
        cell.font = Font(bold=True, color="C92A2A" if column in needed else None)
        sheet.column_dimensions[get_column_letter(n)].width = 40 if "要求" in column or column == "标题" else 16
    sheet.freeze_panes = "A2"


def _lists(
    book: Workbook, sheet: Worksheet, columns: list[str], asked: Mapping[str, Field], law: Regulation, org: Organization
) -> None:
    """Pick lists under the columns; their words stand on a sheet of their own: in a rule there is little room."""
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    at = 0
    for n, column in enumerate(columns, start=1):
        words = list(_words(asked[COLUMNS[column][0]], law, org))
        if not words:
            continue
        at += 1
        for row, word in enumerate(words, start=1):
            lists.cell(row, at, word)
        place = get_column_letter(at)
        rule = DataValidation("list", f"='{LISTS}'!${place}$1:${place}${len(words)}", allow_blank=True)
        rule.error, rule.errorTitle = "请从列表中选择。", column
        sheet.add_data_validation(rule)
        rule.add(f"{get_column_letter(n)}2:{get_column_letter(n)}{ROWS}")


def _words(one: Field, law: Regulation, org: Organization) -> Iterator[str]:
    """What may be chosen, as the reader of the table understands it."""
    if one.name == "unit":
        for unit in org.units.values():
            try:
                yield org.complete(unit.code, law.duty).short
            except Refusal:
                continue
    elif one.name == "source":
        yield from (f"{number} {source.name}" for number, source in law.sources.items())
    elif one.name == "report_up":
        yield from one.choices
    elif one.kind == PICK:
        yield from one.choices.values()
    elif one.kind == TICK:
        yield from ("是", "否")


def _help(sheet: Worksheet, columns: list[str], asked: Mapping[str, Field], law: Regulation) -> None:
    rows = [
        ("", f"一行登记一件，按《{law.title}》；要么全部登记，要么一件也不登记。督办类型在上传时选择。"),
        ("", "红字的列不能删，其他的列用不着可以删。编号和督办文号由系统编排，不要填写。不要用公式和合并单元格。"),
        *((column, _about(asked[COLUMNS[column][0]])) for column in columns),
        *((f"工作表“{name}”", _of_table(name)) for name, table in TABLES.items() if table.field in asked),
    ]
    for n, (column, words) in enumerate(rows, start=1):
        sheet.cell(n, 1, column).font = Font(bold=True)
        sheet.cell(n, 2, words).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 90


def _about(one: Field) -> str:
    date = "日期写成 2026-03-05。" if one.kind == DATE else ""
    clauses = "、".join(f"{basis.clause}{basis.text}" for basis in one.bases)
    return one.help + date + (f"（{clauses}）" if clauses else "")


def _of_table(name: str) -> str:
    return f"分{name}的事项在这里一行写一项；“{MATTER}”写登记表里的标题，不写就是对所有没有另写的事项。"
