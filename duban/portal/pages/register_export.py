"""The register as files: what the page shows under the same conditions in the same order, all pages of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from duban.documents import DOCX, XLSX
from duban.marks import highest
from duban.portal.pages.register_lines import Found
from duban.portal.pages.register_paper import landscape
from duban.reports.heading import as_of_text
from duban.reports.tables import INSTRUCTION, LIGHT, LINE, Told, cells_of, columns_of
from duban.reports.xlsx import Column, Sheet, Table, workbook

NAME = "督办台账"

TOLD: tuple[Told, ...] = (*LINE, LIGHT, *INSTRUCTION)
"""The columns of the spreadsheet: those of the page, and what a line has beside."""
ON_PAPER: tuple[Told, ...] = (
    ("编号、文号", 23, lambda line: "\n".join(part for part in (line.number, line.reference) if part)),
    ("事项", 28, lambda line: line.title),
    ("类型", 9, lambda line: line.type_name),
    ("承办单位", 11, lambda line: line.unit_name + (f"（协办：{line.cohandlers}）" if line.cohandlers else "")),
    ("状态", 9, lambda line: line.state_name),
    ("灯号", 6, lambda line: line.light_name.removesuffix("灯")),
    ("轮次", 5, lambda line: None if line.secret else line.round),
    ("到期日", 10, lambda line: line.due_on),
    ("时限情况", 9, lambda line: line.due_text),
    ("批示领导", 8, lambda line: line.instruction_by),
    ("登记日期", 10, lambda line: line.registered_on),
)
"""The columns of the table for print, as wide as they are to each other."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, how many matters one holds, how it is made (found, whether in a rehearsal)."""

    media_type: str
    most: int
    make: Callable[[Found, bool], bytes]


def notes(found: Found, rehearsal: bool) -> tuple[str, ...]:
    """What stands below the title: mark of the compilation, bureau, state of affairs, what was asked, how many."""
    mark = highest(line.mark for line in found.lines)
    head = [f"密级：{mark}"] if mark else []
    if rehearsal:
        head.append("演练数据，不作办理依据")
    return (
        *head,
        f"{found.org.name}　{found.org.office}　情况截至：{as_of_text(found.now)}",
        f"查询条件：{found.words}",
        f"共{found.total}件",
    )


def spreadsheet(found: Found, rehearsal: bool) -> bytes:
    """The matters as a spreadsheet."""
    rows = [(nth, *cells_of(TOLD, line)) for nth, line in enumerate(found.lines, start=1)]
    table = Table("", (Column("序号", 6), *columns_of(TOLD)), rows)
    return workbook([Sheet(NAME, f"{found.org.name}{NAME}", notes(found, rehearsal), (table,))], found.now)


def paper(found: Found, rehearsal: bool) -> bytes:
    """The matters as a table on pages that lie."""
    columns = (Column("序号", 5), *columns_of(ON_PAPER))
    rows = [(nth, *cells_of(ON_PAPER, line)) for nth, line in enumerate(found.lines, start=1)]
    title = f"{found.org.name}{NAME}"
    return landscape(title, notes(found, False), columns, rows, made_at=found.now, rehearsal=rehearsal)


KINDS: Mapping[str, Kind] = {
    "xlsx": Kind(XLSX, 10_000, spreadsheet),
    "docx": Kind(DOCX, 1_000, paper),
}


def file_name(found: Found, kind: str) -> str:
    """What the file is called: 督办台账（2026年3月6日）.xlsx."""
    return f"{NAME}（{found.now:%Y-%m-%d}）.{kind}"
