"""The sheets of each report: figures and shares on the first, the lists behind them on the others."""

from collections.abc import Callable, Sequence
from typing import Any

from duban.reports.bulletin import PRAISED, Bulletin
from duban.reports.digest import STANDS, Digest
from duban.reports.heading import Heading
from duban.reports.lines import Line
from duban.reports.progress import REPORTED, Progress, Report
from duban.reports.weekly import Weekly
from duban.reports.xlsx import Cell, Column, Sheet, Table
from duban.statistics.counts import Summary
from duban.statistics.figures import Figure, Partition
from duban.statistics.load import ASKS

#: How a line of a list is told: head of the column, its width, what stands in it.
_Told = tuple[str, float, Callable[[Line], Cell]]
_LINE: tuple[_Told, ...] = (
    ("编号", 14, lambda line: line.number),
    ("文号", 16, lambda line: line.reference),
    ("密级", 8, lambda line: line.mark),
    ("事项", 36, lambda line: line.title),
    ("类型", 12, lambda line: line.type_name),
    ("承办单位", 14, lambda line: line.unit_name),
    ("协办", 12, lambda line: line.cohandlers),
    ("状态", 11, lambda line: line.state_name),
    ("轮次", 6, lambda line: None if line.secret else line.round),
    ("登记日期", 11, lambda line: line.registered_on),
    ("到期日", 11, lambda line: line.due_on),
    ("时限情况", 11, lambda line: line.due_text),
)
_LIGHT: _Told = ("灯号", 8, lambda line: line.light_name)
_PROGRESS: tuple[_Told, ...] = (
    ("最近进展", 36, lambda line: line.progress),
    ("进展日期", 11, lambda line: line.progress_on),
)
_CHANGES: _Told = ("本期变化", 30, lambda line: "；".join(line.changes))
_INSTRUCTION: tuple[_Told, ...] = (
    ("批示领导", 10, lambda line: line.instruction_by),
    ("批示日期", 11, lambda line: line.instruction_on),
)


def weekly(report: Weekly) -> list[Sheet]:
    """The weekly report: the figures, every open matter by unit, those overdue."""
    told = (*_LINE, _LIGHT, *_PROGRESS, _CHANGES)
    every = [line for unit in report.units for line in unit.lines]
    late = sorted(
        (line for line in every if line.number in set(report.overdue.numbers)),
        key=lambda line: (line.days_left or 0, line.number),
    )
    secret_late = set(report.secret.numbers) & set(report.overdue.numbers)
    figures = (
        ("在办", report.open),
        ("其中：逾期", report.overdue),
        ("其中：涉密（只列编号、密级、承办单位）", report.secret),
        ("其中：涉密且逾期", Figure.of(secret_late)),
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
            [(unit.name, unit.open.value, unit.overdue.value, *_values(unit.lights)) for unit in report.units],
            ("合计", report.open.value, report.overdue.value, *_values(report.lights)),
        ),
    )
    first = _overview(
        report.heading,
        (report.lights_told,),
        (
            _figures(figures),
            _shares("灯号", report.lights),
            units,
            _shares("在办件按单位", report.by_unit),
            _shares("逾期件按天数", report.ages),
        ),
    )
    return [first, _list("在办件", report.heading, every, told), _list("逾期件", report.heading, late, told)]


def progress(report: Progress) -> list[Sheet]:
    """The month's progress: the figures, and what every unit reported on each matter."""
    told = (*_LINE[:8], *_LINE[10:12], *_PROGRESS, _CHANGES)
    more = (("本期报送", 12), ("完成%", 8), ("落实情况", 12), ("未落实原因", 24), ("解决办法", 24), ("下步计划", 24))
    columns = (*_columns(told), *(Column(*one) for one in more))
    rows = [(*_row(told, one.line), *_reported(one)) for unit in report.units for one in unit.reports]
    units = Table(
        "各单位",
        (Column("承办单位", 24), Column("督办件", 10), *(Column(name, 12) for name in REPORTED.values())),
        _summed(
            [(unit.name, unit.matters.value, *_values(unit.reported)) for unit in report.units],
            ("合计", report.reported.base.value, *_values(report.reported)),
        ),
    )
    rate = Table("报送率", _RATES, [_rate(report.rate)])
    first = _overview(
        report.heading, (), (*_summary(report.summary), _shares("报送情况", report.reported), rate, units)
    )
    return [first, _sheet("进展明细", report.heading, columns, rows)]


def digest(report: Digest) -> list[Sheet]:
    """The digest of instructions: the figures, and the list with what is said of the units."""
    told = (*_INSTRUCTION, *_LINE[:6], _LINE[10], *_PROGRESS)
    columns = (Column("序号", 6), *_columns(told), Column("状态", 11), Column("逾期天数", 9), Column("通报意见", 28))
    rows = [
        (
            one.nth,
            *_row(told, one.line),
            "" if one.line.secret else STANDS[one.stands],
            one.days_overdue or None,
            one.opinion,
        )
        for one in report.instructions
    ]
    figures = (("批示件", report.total), ("其中：涉密", report.secret), ("予以通报", report.listed))
    tables = (
        _figures(figures),
        _shares("办理情况", report.stands),
        Table("办结率", _RATES, [_rate(report.rate)]),
        _shares("按批示领导", report.by_leader),
        _shares("按承办单位", report.by_unit),
        _shares("逾期件按天数", report.ages),
    )
    return [_overview(report.heading, (), tables), _sheet("批示件", report.heading, columns, rows)]


def bulletin(report: Bulletin) -> list[Sheet]:
    """The figures of a bulletin: of the bureau, per unit, per type; overdue, load, who is named."""
    average = "—" if report.rounds_on_average is None else str(report.rounds_on_average)
    figures = (
        ("逾期", report.overdue),
        ("涉密", report.secret),
        ("表扬", report.praised),
        ("批评", report.criticised),
    )
    tables = (
        *_summary(report.summary),
        _figures(figures, "其中"),
        _shares("按承办单位", report.by_unit),
        _shares("按类型", report.by_type),
        _shares("逾期件按天数", report.ages),
        _shares(f"轮次（已下达的平均 {average} 轮）", report.rounds),
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
    head = report.heading
    return [
        _overview(head, (), tables),
        _sheet("各单位", head, _summary_columns("承办单位"), _summary_rows(report.units, report.summary)),
        _sheet("各类型", head, _summary_columns("类型"), _summary_rows(report.types, report.summary)),
        _list("逾期件", head, report.overdue_lines, (*_LINE, *_PROGRESS)),
        _load(report),
        _asks(report),
        Sheet("表扬批评", f"{head.title}：表扬批评", _notes(head), (named,)),
    ]


_NAMED = (
    *(("表扬/批评", 10), ("单位", 14), ("编号", 14), ("事项", 36), ("级别", 14), ("理由", 36)),
    *(("通报或批示文号", 18), ("日期", 11), ("依据条款", 12)),
)
_RATES = (
    Column("指标", 24),
    Column("子项", 12),
    Column("件数", 8),
    Column("基数", 16),
    Column("件数", 8),
    Column("率", 9),
)


def _load(report: Bulletin) -> Sheet:
    columns = (Column("承办单位", 16), *(Column(name, 10) for name in ("在办", "逾期", "协办", "要求报送")))
    columns += (*(Column(name, 12) for name in ASKS.values()), Column("同日到期", 10))
    rows: list[tuple[Cell, ...]] = []
    for one in report.load:
        counts = (one.open, one.overdue, one.helping, one.asked)
        rows.append((one.name, *(figure.value for figure in counts), *_values(one.why), one.same_day.value))
    return _sheet("负担", report.heading, columns, rows)


def _asks(report: Bulletin) -> Sheet:
    """Every report that was asked for, by unit and the day it is due, so that nobody asks twice for the same."""
    widths = (("承办单位", 16), ("编号", 16), ("轮次", 8), ("因何要求", 18), ("要求日期", 12), ("应报日期", 12))
    rows: list[tuple[Cell, ...]] = []
    for load in report.load:
        for ask in load.asks:
            told: tuple[Cell, ...] = (ask.round, ASKS[ask.why], ask.asked_on, ask.due_on)
            rows.append((load.name, ask.number, *((None,) * 4 if ask.secret else told)))
    return _sheet("要求报送", report.heading, tuple(Column(*one) for one in widths), rows)


def _summary(said: Summary) -> tuple[Table, ...]:
    total = (("总件数", said.total), ("其中：分办件", said.parts))
    return (
        _figures(total),
        _shares("总件数＝结转＋新登记", said.origin),
        _shares("总件数＝办结＋撤销＋在办", said.outcome),
        _shares("在办件", said.open),
        _shares("办结件", said.closed),
        Table("各项比率", _RATES, [_rate(rate) for rate in said.rates]),
    )


def _summary_columns(name: str) -> tuple[Column, ...]:
    words = ("总件数", "结转", "新登记", "办结", "撤销", "在办", "期限内", "逾期", "呈批审核中", "按期办结", "逾期办结")
    return (Column(name, 18), *(Column(word, 9) for word in (*words, "办结率", "按期办结率", "逾期率")))


def _summary_rows(said: Sequence[Summary], whole: Summary) -> list[tuple[Cell, ...]]:
    return [_summary_row(one.name, one) for one in said] + [_summary_row("合计", whole)]


def _summary_row(name: str, one: Summary) -> tuple[Cell, ...]:
    counts = [value for part in (one.origin, one.outcome, one.open, one.closed) for value in _values(part)]
    return (name, one.total.value, *counts, *(rate.percent if rate.percent is not None else "—" for rate in one.rates))


def _figures(figures: Sequence[tuple[str, Figure]], caption: str = "件数") -> Table:
    columns = (Column("指标", 24), Column("件数", 12))
    return Table(caption, columns, [(name, figure.value) for name, figure in figures])


def _shares(caption: str, said: Partition) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (part.name, part.figure.value, percent if percent is not None else "—")
        for part, percent in zip(said.parts, said.percents, strict=True)
    ]
    known = [percent for percent in said.percents if percent is not None]
    rows.append(("合计", said.base.value, sum(known) if known else "—"))
    return Table(caption, (Column("类别", 24), Column("件数", 12), Column("占比", 12)), rows)


def _rate(rate: Any) -> tuple[Cell, ...]:
    percent = rate.percent if rate.percent is not None else "—"
    return (rate.name, rate.part_name, rate.part.value, rate.base_name, rate.base.value, percent)


def _reported(one: Report) -> tuple[Cell, ...]:
    if one.line.secret:
        return (None,) * 6
    return (REPORTED[one.reported], one.percent, one.carried_out, one.obstacle, one.remedy, one.next_plan)


def _summed(rows: list[tuple[Cell, ...]], whole: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    return [*rows, whole]


def _values(said: Partition) -> tuple[int, ...]:
    return tuple(part.figure.value for part in said.parts)


def _list(name: str, head: Heading, found: Sequence[Line], told: tuple[_Told, ...]) -> Sheet:
    rows = [(nth, *_row(told, line)) for nth, line in enumerate(found, start=1)]
    return _sheet(name, head, (Column("序号", 6), *_columns(told)), rows)


def _columns(told: tuple[_Told, ...]) -> tuple[Column, ...]:
    return tuple(Column(name, width) for name, width, _cell in told)


def _row(told: tuple[_Told, ...], line: Line) -> tuple[Cell, ...]:
    return tuple(cell(line) for _name, _width, cell in told)


def _sheet(name: str, head: Heading, columns: tuple[Column, ...], rows: Sequence[Sequence[Cell]]) -> Sheet:
    return Sheet(name, f"{head.title}：{name}", _notes(head), (Table("", columns, rows),))


def _overview(head: Heading, notes: tuple[str, ...], tables: tuple[Table, ...]) -> Sheet:
    rounding = "率和占比四舍五入到一位小数；各类占比按最大余数法取齐到100.0%。"
    return Sheet("总览", head.title, (*_notes(head), *notes, rounding), tables)


def _notes(head: Heading) -> tuple[str, ...]:
    said = head.as_json()
    issued = f"印发日期：{said['issued_on_text']}　" if said["issued_on_text"] else ""
    mark = (f"密级：{head.mark}",) if head.mark else ()
    return (
        *mark,
        f"{head.organization_name}　{head.office}　依据：《{head.regulation_title}》{head.clause}",
        f"期间：{said['period_text']}　情况截至：{said['as_of_text']}　{issued}".rstrip("　"),
    )
