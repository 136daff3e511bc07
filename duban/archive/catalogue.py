"""归档文件目录: the list of a year's 件 in nine columns (DA/T 22-2015 5.5.2), as spreadsheet and as document."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from duban import documents
from duban.archive.holding import Entry, Holding
from duban.organization import Organization
from duban.reports.xlsx import Cell, Column, Sheet, Table, workbook

NAME = "归档文件目录"
#: The paper's use in the catalogue of the bureau's documents.
USE = "归档目录"
COLUMNS = (
    *(Column("序号", 6), Column("档号", 28), Column("文号", 20), Column("责任者", 22), Column("题名", 46)),
    *(Column("日期", 10), Column("密级", 10), Column("页数", 6), Column("备注", 30)),
)
FIELDS = ("nth", "code", "reference", "author", "title", "on", "mark", "pages", "note")


def rows(entries: Sequence[Entry], pages: Mapping[str, int | None]) -> Iterator[tuple[Cell, ...]]:
    """The nine columns of each 件; `pages` by 档号."""
    for nth, one in enumerate(entries, start=1):
        count = pages.get(one.code)
        yield (nth, one.code, one.reference, one.author, one.title, one.on, one.mark, count, one.note)


def spreadsheet(holding: Holding, org: Organization, pages: Mapping[str, int | None], at: datetime) -> bytes:
    """The whole list in one sheet; `at` (aware) is when it was made."""
    title = f"{keeper(holding, org)}{holding.year}年度{NAME}"
    notes = [f"全宗号：{fonds(holding, org)}　共{len(holding.entries)}件　密级：{holding.mark or '无'}"]
    table = Table("", COLUMNS, list(rows(holding.entries, pages)))
    return workbook([Sheet(NAME, title, tuple(notes), (table,))], at)


def paper(holding: Holding, org: Organization, pages: Mapping[str, int | None], *, rehearsal: bool) -> dict[str, bytes]:
    """The list of each 保管期限 in the bureau's own template: name of the file -> .docx; none without a template."""
    kind = next((name for name, one in documents.kinds(org.id).items() if USE in one.uses), None)
    if kind is None:
        return {}
    found = {}
    for term in dict.fromkeys(entry.retention for entry in holding.entries):
        entries = [entry for entry in holding.entries if entry.retention == term]
        listed = [dict(zip(FIELDS, map(_said, row), strict=True)) for row in rows(entries, pages)]
        values: dict[str, Any] = {
            "archive_year": str(holding.year),
            "fonds": fonds(holding, org),
            "retention": term,
            "office_code": entries[0].code.split("-")[3],
            "file_count": str(len(entries)),
            "archived_files": listed,
            "bureau": org.name,
            "office_name": org.office,
            "mark": holding.mark,
        }
        found[f"{NAME}（{term}）.docx"] = documents.render(kind, values | {"rehearsal": rehearsal}, org.id)
    return found


def keeper(holding: Holding, org: Organization) -> str:
    """Whose archive it is."""
    return org.unit(holding.unit).name if holding.unit else org.office


def fonds(holding: Holding, org: Organization) -> str:
    """全宗号 of the office or of the unit."""
    return org.archiving.unit_fonds.get(holding.unit, org.fonds)


def write(directory: Path, named: Mapping[str, bytes]) -> None:
    """Put these files into a directory."""
    for name, content in named.items():
        (directory / name).write_bytes(content)


def _said(cell: Cell) -> str:
    return "" if cell is None else str(cell)
