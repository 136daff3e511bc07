"""The sheets of each report: figures and shares on the first, the lists behind them on the others."""

from duban.reports.bulletin import PRAISED, Bulletin
from duban.reports.digest import STANDS, Digest
from duban.reports.progress import REPORTED, Progress, Report
from duban.reports.tables import (
    CHANGES,
    INSTRUCTION,
    LIGHT,
    LINE,
    PROGRESS,
    RATES,
    cells_of,
    columns_of,
    count_table,
    counts,
    list_sheet,
    notes_of,
    overview,
    rate_row,
    share_table,
    summary_columns,
    summary_rows,
    summary_tables,
    table_sheet,
)
from duban.reports.weekly import Weekly
from duban.reports.xlsx import Cell, Column, Sheet, Table
from duban.statistics.figures import Figure
from duban.statistics.load import ASKS


def weekly(report: Weekly) -> list[Sheet]:
    """The weekly report: the figures, every open matter by unit, those overdue."""
    told = (*LINE, LIGHT, *PROGRESS, CHANGES)
    every = [line for unit in report.units for line in unit.lines]
    overdue = set(report.overdue.numbers)
    late = sorted(
        (line for line in every if line.number in overdue), key=lambda line: (line.days_left or 0, line.number)
    )
    secret_late = overdue & set(report.secret.numbers)
    figures = (
        ("在办", report.open),
        ("其中：逾期", report.overdue),
        ("其中：涉密、指定人员阅看（只列编号、密级、承办单位）", report.secret),
        ("其中：不列明细且逾期", Figure.of(secret_late)),
        ("本期新登记", report.new),
        ("本期办结", report.closed),
        ("本期撤销", report.cancelled),
    )
    units = Table(
        "各单位",
        (
            Column("承办单位", 24),
            Column("在办", 10),
            Column("逾期", 10),
            *(Column(part.name, 10) for part in report.lights.parts),
        ),
        _summed(
            [(unit.name, unit.open.value, unit.overdue.value, *counts(unit.lights)) for unit in report.units],
            ("合计", report.open.value, report.overdue.value, *counts(report.lights)),
        ),
    )
    first = overview(
        report.heading,
        (report.lights_told, *report.gaps),
        (
            count_table(figures),
            share_table("灯号", report.lights),
            units,
            share_table("在办件按单位", report.by_unit),
            share_table("逾期件按天数", report.ages),
        ),
    )
    return [first, list_sheet("在办件", report.heading, every, told), list_sheet("逾期件", report.heading, late, told)]


def progress(report: Progress) -> list[Sheet]:
    """The month's progress: the figures, and what every unit reported on each matter."""
    told = (*LINE[:8], *LINE[10:12], *PROGRESS, CHANGES)
    more = (("本期报送", 12), ("完成%", 8), ("落实情况", 12), ("未落实原因", 24), ("解决办法", 24), ("下步计划", 24))
    columns = (*columns_of(told), *(Column(*one) for one in more))
    rows = [(*cells_of(told, one.line), *_reported(one)) for unit in report.units for one in unit.reports]
    units = Table(
        "各单位",
        (Column("承办单位", 24), Column("督办件", 10), *(Column(name, 12) for name in REPORTED.values())),
        _summed(
            [(unit.name, unit.matters.value, *counts(unit.reported)) for unit in report.units],
            ("合计", report.reported.base.value, *counts(report.reported)),
        ),
    )
    rate = Table("报送率", RATES, [rate_row(report.rate)])
    first = overview(
        report.heading, (), (*summary_tables(report.summary), share_table("报送情况", report.reported), rate, units)
    )
    return [first, table_sheet("进展明细", report.heading, columns, rows)]


def digest(report: Digest) -> list[Sheet]:
    """The digest of instructions: the figures, and the list with what is said of the units."""
    told = (*INSTRUCTION, *LINE[:6], LINE[10], *PROGRESS)
    columns = (Column("序号", 6), *columns_of(told), Column("状态", 11), Column("逾期天数", 9), Column("通报意见", 28))
    rows = [
        (
            one.nth,
            *cells_of(told, one.line),
            "" if one.line.secret else STANDS[one.stands],
            one.days_overdue or None,
            one.opinion,
        )
        for one in report.instructions
    ]
    figures = (("批示件", report.total), ("其中：涉密、指定人员阅看", report.secret), ("予以通报", report.listed))
    tables = (
        count_table(figures),
        share_table("办理情况", report.stands),
        Table("办结率", RATES, [rate_row(report.rate)]),
        share_table("按批示领导", report.by_leader),
        share_table("按承办单位", report.by_unit),
        share_table("逾期件按天数", report.ages),
    )
    return [overview(report.heading, (), tables), table_sheet("批示件", report.heading, columns, rows)]


def bulletin(report: Bulletin) -> list[Sheet]:
    """The figures of a bulletin: of the bureau, per unit, per type; overdue, load, who is named."""
    average = "—" if report.rounds_on_average is None else str(report.rounds_on_average)
    figures = (
        ("逾期", report.overdue),
        ("涉密、指定人员阅看", report.secret),
        ("表扬", report.praised),
        ("批评", report.criticised),
    )
    tables = (
        *summary_tables(report.summary),
        count_table(figures, "其中"),
        share_table("按承办单位", report.by_unit),
        share_table("按类型", report.by_type),
        share_table("逾期件按天数", report.ages),
        share_table(f"轮次（已下达的平均 {average} 轮）", report.rounds),
    )
    named = Table(
        "",
        tuple(Column(*one) for one in _NAMED),
        [
            (
                *("表扬" if one.kind == PRAISED else "批评", one.unit_name, one.number, one.title, one.level),
                *(one.reason, one.bulletin, one.on, one.clause),
            )
            for one in report.named
        ],
    )
    graded = Table(
        "",
        tuple(Column(*one) for one in _GRADED),
        [(one.unit_name, one.number, one.title, one.node, one.grade, one.on) for one in report.graded],
    )
    head = report.heading
    return [
        overview(head, (), tables),
        table_sheet("各单位", head, summary_columns("承办单位"), summary_rows(report.units, report.summary)),
        table_sheet("各类型", head, summary_columns("类型"), summary_rows(report.types, report.summary)),
        list_sheet("逾期件", head, report.overdue_lines, (*LINE, *PROGRESS)),
        _load(report),
        _asks(report),
        Sheet("表扬批评", f"{head.title}：表扬批评", notes_of(head), (named,)),
        Sheet("检查评定", f"{head.title}：检查评定", notes_of(head), (graded,)),
    ]


_GRADED = (
    ("单位", 16),
    ("编号", 18),
    ("标题", 40),
    ("阶段", 20),
    ("评定", 10),
    ("日期", 12),
)
_NAMED = (
    *(("表扬/批评", 10), ("单位", 14), ("编号", 14), ("事项", 36), ("级别", 14), ("理由", 36)),
    *(("通报或批示文号", 18), ("日期", 11), ("依据条款", 12)),
)


def _load(report: Bulletin) -> Sheet:
    columns = (Column("承办单位", 16), *(Column(name, 10) for name in ("在办", "逾期", "协办", "要求报送")))
    columns += (*(Column(name, 12) for name in ASKS.values()), Column("同日到期", 10))
    rows: list[tuple[Cell, ...]] = []
    for one in report.load:
        lying = (one.open, one.overdue, one.helping, one.asked)
        rows.append((one.name, *(figure.value for figure in lying), *counts(one.why), one.same_day.value))
    return table_sheet("负担", report.heading, columns, rows)


def _asks(report: Bulletin) -> Sheet:
    """Every report that was asked for, by unit and the day it is due, so that nobody asks twice for the same."""
    widths = (("承办单位", 16), ("编号", 16), ("轮次", 8), ("因何要求", 18), ("要求日期", 12), ("应报日期", 12))
    rows: list[tuple[Cell, ...]] = []
    for load in report.load:
        for ask in load.asks:
            told: tuple[Cell, ...] = (ask.round, ASKS[ask.why], ask.asked_on, ask.due_on)
            rows.append((load.name, ask.number, *((None,) * 4 if ask.secret else told)))
    return table_sheet("要求报送", report.heading, tuple(Column(*one) for one in widths), rows)


def _reported(one: Report) -> tuple[Cell, ...]:
    if one.line.secret:
        return (None,) * 6
    return (REPORTED[one.reported], one.percent, one.carried_out, one.obstacle, one.remedy, one.next_plan)


def _summed(rows: list[tuple[Cell, ...]], whole: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    return [*rows, whole]
