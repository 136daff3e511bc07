"""The spreadsheet that people fill in and read: three tables and, before them, a page that says what goes where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from duban.history import telling
from duban.history.deed_words import DEEDS
from duban.history.forms import EVENTS, HELP, MATTERS, NUMBERS, SHEETS
from duban.ledger.append import COLUMNS, event_of
from duban.ledger.models import EventRow, MatterRow, NumberSeries
from duban.ledger.queries import MATTERS as REAL
from duban.ledger.standing import State

Cells = Mapping[str, Any]

#: Widths of columns in characters; every other column is MIDDLING.
WIDTHS = {
    "标题": 44,
    "办理要求": 50,
    "批示内容": 36,
    "说明": 60,
    "文号": 22,
    "编号": 14,
    "事项": 12,
    "来源": 22,
    "阶段": 36,
}
MIDDLING = 13
#: Matters read at once.
BATCH = 500
#: So many rows below the last get the lists to choose from.
BELOW = 2000

RULES = (
    "这份表用来把启用督办系统以前的督办件和它们的经过接过来，统计、考核、周报和归档从此覆盖全年。填好以后先运行 "
    "duban import-history 本文件 --check，按提示改正；没有问题了再去掉 --check 接管。有一处不对就一件也不接管。",
    "“督办件”一件一行；“经过”一件事一行，按先后写，用“编号”与督办件对应。“已用文号”可以不填：催办、上报等文号在纸面上用到第几号，"
    "系统从下一号接着编（督办文号不用填，取“督办件”里最大的一个）。",
    "只写日期、没有写时间的，按当天中午12时记；同一天的几行按表里的先后。"
    "日期写 2026-03-05、2026/3/5、2026年3月5日、20260305 都可以，没有年份的不行。",
    "通知单上写明的期限写在“下达”行的“新期限”，没有写的按当天施行的制度计算。逾期、催办不答等由时间带来的情况由系统按日期推算，不用写；"
    "催办写实际发出的。以前的事不再补发提醒和催办，也不补做文书，原件在原来的案卷里。",
    "还在办的，写到哪里就停在哪里，接管以后从那里接着办；已经逾期而没有催办过的，接管以后按制度催办。",
    "涉密件（秘密以上）只登记编号、密级、代称标题和纸质件存放处，办理要求、批示内容和经过的“说明”都不填。",
    "单位用机构文件里的名称。撤并的单位写当时承办、现在机构文件里还列着的名称。",
)


def write(session: Session, path: Path) -> int:
    """The matters of the ledger as this session sees it, in the form of a year's list; how many they are."""
    first = _first_units(session)
    series = session.execute(select(*NumberSeries.__table__.columns).order_by(NumberSeries.series, NumberSeries.year))
    numbers = telling.numbers([(row.series, row.year, row.last) for row in series])
    count = session.scalar(select(func.count()).select_from(MatterRow).where(REAL)) or 0
    matters = (
        telling.matter(state, first.get(state.number, state.unit)) for some in _batches(session) for state in some
    )
    fill(path, matters, _events(session), numbers)
    return count


def _first_units(session: Session) -> dict[str, str]:
    """The unit that a matter was given to at first, for those that were given to another."""
    query = select(EventRow.number, EventRow.data["from_unit"].astext.label("unit"))
    rows = session.execute(query.where(EventRow.kind == "reassigned").order_by(EventRow.number, EventRow.seq.desc()))
    return {row.number: row.unit for row in rows}


def _batches(session: Session) -> Iterator[list[State]]:
    """Every matter as it stands, by number, some hundreds at a time."""
    after = ""
    while True:
        query = select(MatterRow.number, MatterRow.view).where(REAL, MatterRow.number > after)
        rows = session.execute(query.order_by(MatterRow.number).limit(BATCH)).all()
        if not rows:
            return
        after = rows[-1].number
        yield [State.model_validate(row.view) for row in rows]


def _events(session: Session) -> Iterator[Cells]:
    """The rows of 经过, matter by matter."""
    for some in _batches(session):
        states = {state.number: state for state in some}
        query = select(*COLUMNS).where(EventRow.number.in_(states)).order_by(EventRow.number, EventRow.seq)
        for number, group in groupby(session.execute(query), key=lambda row: row.number):
            yield from telling.steps(states[number], [event_of(row) for row in group])


def fill(path: Path, matters: Iterable[Cells], events: Iterable[Cells], numbers: Iterable[Cells] = ()) -> None:
    """Write the spreadsheet with these rows; each is a mapping of column names to values."""
    # Without time stamps of its own: the same rows are the same bytes.
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None), "title": "历史台账"})
        _help(book)
        for name, rows in ((MATTERS, matters), (EVENTS, events), (NUMBERS, numbers)):
            _table(book, name, rows)


def _table(book: Workbook, name: str, rows: Iterable[Cells]) -> None:
    sheet, columns = book.add_worksheet(name), SHEETS[name]
    head = {"bold": True, "bg_color": "#D9E2EC", "border": 1, "align": "center", "text_wrap": True, "valign": "vcenter"}
    must, may = book.add_format(head | {"bg_color": "#F6D9A8"}), book.add_format(head)
    formats = {True: must, False: may}
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
    for n, (column, about) in enumerate(columns.items()):
        sheet.write_string(0, n, column, formats[about.needed])
        sheet.set_column(n, n, WIDTHS.get(column, MIDDLING), None if "日" in column or "期限" in column else text)
    sheet.freeze_panes(1, 2)
    last = 0
    for last, row in enumerate(rows, start=1):
        for n, column in enumerate(columns):
            _cell(sheet, last, n, row.get(column, ""), day, text)
    _choices(sheet, list(columns), last + BELOW)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _cell(sheet: Worksheet, row: int, column: int, value: Any, day: Any, text: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif value not in ("", None):
        sheet.write_string(row, column, str(value), text)


def _choices(sheet: Worksheet, columns: Sequence[str], last: int) -> None:
    """Lists to choose from; other words may still be typed."""
    lists = {
        "事项": list(DEEDS),
        "类型": ["一般", "复杂", "限时", "日常", "分阶段", "分解"],
        "紧急程度": ["平件", "加急", "特急"],
    }
    lists |= {"密级": ["无", "内部", "秘密", "机密", "绝密"]}
    for name, words in lists.items():
        if name in columns:
            n = columns.index(name)
            shown = (
                words
                if len(",".join(words)) <= 255
                else f"={HELP}!$A${_first_deed()}:$A${_first_deed() + len(words) - 1}"
            )
            sheet.data_validation(1, n, last, n, {"validate": "list", "source": shown, "error_type": "information"})


def _first_deed() -> int:
    return next(n for n, line in enumerate(_lines(), start=1) if line[0] == "下达") - list(DEEDS).index("下达")


def _lines() -> Iterator[tuple[str, str, str, str]]:
    """The page of help: style, and up to three cells."""
    yield "历史台账：怎样填写", "", "", "title"
    for rule in RULES:
        yield rule, "", "", "text"
    for name, columns in SHEETS.items():
        yield f"工作表“{name}”的列", "必填", "写什么；例子", "head"
        for column, about in columns.items():
            example = (
                f"{about.words}；例如 {about.example}"
                if about.example and about.words
                else about.words or about.example
            )
            yield column, "必填" if about.needed else "", example, ""
    yield "“事项”可以用的词", "也可以写", "怎样填", "head"
    for deed in DEEDS.values():
        yield deed.word, "、".join(deed.also), deed.words, ""


def _help(book: Workbook) -> None:
    sheet = book.add_worksheet(HELP)
    wrap = {"text_wrap": True, "valign": "top"}
    styles = {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "text": book.add_format(wrap),
        "head": book.add_format({"bold": True, "bg_color": "#D9E2EC", "border": 1}),
        "": book.add_format(wrap | {"border": 1}),
    }
    for n, width in enumerate((22, 26, 90)):
        sheet.set_column(n, n, width)
    for n, (*values, style) in enumerate(_lines()):
        if style == "text":
            sheet.merge_range(n, 0, n, 2, values[0], styles[style])
            sheet.set_row(n, 15 * (1 + len(values[0]) // 62))
            continue
        for column, value in enumerate(values):
            sheet.write_string(n, column, value, styles[style])
