"""A long table for print: A4 that lies, the type of the office's papers, its head on every page (GB/T 9704-2012).

No template: what stands in it is the register's, and nobody signs it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.shared import Twips

from duban import rehearsal_mark
from duban.reports.xlsx import Cell, Column
from duban.text import clean

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SONG, _FANG, _HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
#: Twips: the page turned, its binding edge at the top; the width of its text.
_PAGE = {"page_width": 16838, "page_height": 11906, "top_margin": 1588, "right_margin": 1304, "bottom_margin": 1304}
_PAGE |= {"left_margin": 1304, "header_distance": 851, "footer_distance": 800}
_WIDE = 16838 - 2 * 1304
_EDGES = "".join(
    f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
    for side, size in (("top", 12), ("left", 12), ("bottom", 12), ("right", 12), ("insideH", 4), ("insideV", 4))
)
_FIELD = '<w:r><w:fldChar w:fldCharType="{0}"/></w:r>'


def landscape(
    title: str,
    notes: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    made_at: datetime,
    rehearsal: bool,
) -> bytes:
    """Return the .docx: title, notes, the table; with 演练 on every page in a rehearsal."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    for name, twips in _PAGE.items():
        setattr(section, name, Twips(twips))
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    end = document.element.body[-1]
    end.addprevious(_paragraph(title, _SONG, 44, "center", 640, after=160))
    for note in notes:
        end.addprevious(_paragraph(note, _FANG, 24, "left", 360))
    end.addprevious(_table(columns, rows))
    end.addprevious(_paragraph("", _FANG, 2, "left", 20))  # Word wants one after a table
    footer = section.footer
    footer.is_linked_to_previous = False
    element = footer.paragraphs[0]._p
    element.getparent().replace(element, _page_number())
    out = BytesIO()
    document.save(out)
    return _marked(out.getvalue()) if rehearsal else out.getvalue()


def _marked(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in rehearsal_mark.put_on(members).items():
            package.writestr(name, part)
    return out.getvalue()


def _table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Any:
    share = _WIDE / sum(column.width for column in columns)
    widths = [round(column.width * share) for column in columns]
    head = _row(widths, [column.name for column in columns], _HEI, head=True)
    body = "".join(_row(widths, cells, _FANG) for cells in rows)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" '
        'w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _row(widths: Sequence[int], cells: Sequence[Cell], font: str, *, head: bool = False) -> str:
    made = []
    for width, cell in zip(widths, cells, strict=True):
        centred = head or not (isinstance(cell, str) and len(cell) > 6)
        lines = _told(cell).split("\n")
        inner = "".join(_p(one, font, 21, "center" if centred else "left", 290) for one in lines)
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{inner}</w:tc>'
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(made)}</w:tr>"


def _told(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else clean(str(cell))


def _paragraph(words: str, font: str, size: int, place: str, line: int, after: int = 0) -> Any:
    return parse_xml(_p(words, font, size, place, line, after).replace("<w:p>", f"<w:p {_W}>", 1))


def _p(words: str, font: str, size: int, place: str, line: int, after: int = 0, runs: str = "") -> str:
    look = (
        f'<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}" '
        f'w:cs="Times New Roman"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )
    rule = "atLeast" if size > 2 else "exact"
    text = runs or (f'<w:r>{look}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else "")
    return (
        f'<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="{after}" w:line="{line}" '
        f'w:lineRule="{rule}"/><w:jc w:val="{place}"/>{look}</w:pPr>{text}</w:p>'
    )


def _page_number() -> Any:
    number = (
        f'{_FIELD.format("begin")}<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        f"{_FIELD.format('separate')}<w:r><w:t>1</w:t></w:r>{_FIELD.format('end')}"
    )
    dash = '<w:r><w:t xml:space="preserve">{0}</w:t></w:r>'
    runs = f"{dash.format('— ')}{number}{dash.format(' —')}"
    return parse_xml(_p("", "宋体", 28, "center", 360, runs=runs).replace("<w:p>", f"<w:p {_W}>", 1))
