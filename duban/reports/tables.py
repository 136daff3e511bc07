"""What the sheets of the reports are made of: figures, shares, rates, summaries, lists of matters."""

from collections.abc import Callable, Sequence

from duban.reports.heading import Heading
from duban.reports.lines import Line
from duban.reports.xlsx import Cell, Column, Sheet, Table
from duban.statistics.counts import Summary
from duban.statistics.figures import Figure, Partition, Rate

#: How a line of a list is told: head of the column, its width, what stands in it.
Told = tuple[str, float, Callable[[Line], Cell]]
LINE: tuple[Told, ...] = (
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
LIGHT: Told = ("灯号", 8, lambda line: line.light_name)
PROGRESS: tuple[Told, ...] = (
    ("最近进展", 36, lambda line: line.progress),
    ("进展日期", 11, lambda line: line.progress_on),
)
CHANGES: Told = ("本期变化", 30, lambda line: "；".join(line.changes))
INSTRUCTION: tuple[Told, ...] = (
    ("批示领导", 10, lambda line: line.instruction_by),
    ("批示日期", 11, lambda line: line.instruction_on),
)


RATES = (
    Column("指标", 24),
    Column("子项", 12),
    Column("件数", 8),
    Column("基数", 16),
    Column("件数", 8),
    Column("率", 9),
)


def summary_tables(said: Summary) -> tuple[Table, ...]:
    """A summary as tables: every partition of it with its shares, and its rates."""
    total = (("总件数", said.total), ("其中：分办件", said.parts))
    return (
        count_table(total),
        share_table("总件数＝结转＋新登记", said.origin),
        share_table("总件数＝办结＋撤销＋在办", said.outcome),
        share_table("在办件", said.open),
        share_table("办结件", said.closed),
        Table("各项比率", RATES, [rate_row(rate) for rate in said.rates]),
    )


def summary_columns(name: str) -> tuple[Column, ...]:
    """The columns of a table of summaries; `name` heads the first."""
    words = ("总件数", "结转", "新登记", "办结", "撤销", "在办", "期限内", "逾期", "呈批审核中", "按期办结", "逾期办结")
    return (Column(name, 18), *(Column(word, 9) for word in (*words, "办结率", "按期办结率", "逾期率")))


def summary_rows(said: Sequence[Summary], whole: Summary) -> list[tuple[Cell, ...]]:
    """A row for each summary, and the whole below them."""
    return [_summary_row(one.name, one) for one in said] + [_summary_row("合计", whole)]


def _summary_row(name: str, one: Summary) -> tuple[Cell, ...]:
    found = [value for part in (one.origin, one.outcome, one.open, one.closed) for value in counts(part)]
    return (name, one.total.value, *found, *(rate.percent if rate.percent is not None else "—" for rate in one.rates))


def count_table(figures: Sequence[tuple[str, Figure]], caption: str = "件数") -> Table:
    """Figures by name."""
    columns = (Column("指标", 24), Column("件数", 12))
    return Table(caption, columns, [(name, figure.value) for name, figure in figures])


def share_table(caption: str, said: Partition) -> Table:
    """A partition with its percentages and their sum."""
    rows: list[tuple[Cell, ...]] = [
        (part.name, part.figure.value, percent if percent is not None else "—")
        for part, percent in zip(said.parts, said.percents, strict=True)
    ]
    known = [percent for percent in said.percents if percent is not None]
    rows.append(("合计", said.base.value, sum(known) if known else "—"))
    return Table(caption, (Column("类别", 24), Column("件数", 12), Column("占比", 12)), rows)


def rate_row(rate: Rate) -> tuple[Cell, ...]:
    """A rate: its part and its base with their names, and the percentage."""
    percent = rate.percent if rate.percent is not None else "—"
    return (rate.name, rate.part_name, rate.part.value, rate.base_name, rate.base.value, percent)


def counts(said: Partition) -> tuple[int, ...]:
    """The counts of the classes of a partition, in order."""
    return tuple(part.figure.value for part in said.parts)


def list_sheet(name: str, head: Heading, found: Sequence[Line], told: tuple[Told, ...]) -> Sheet:
    """A sheet of matters, a line each."""
    rows = [(nth, *cells_of(told, line)) for nth, line in enumerate(found, start=1)]
    return table_sheet(name, head, (Column("序号", 6), *columns_of(told)), rows)


def columns_of(told: tuple[Told, ...]) -> tuple[Column, ...]:
    """The columns of lines that are told so."""
    return tuple(Column(name, width) for name, width, _cell in told)


def cells_of(told: tuple[Told, ...], line: Line) -> tuple[Cell, ...]:
    """The cells of a line that is told so."""
    return tuple(cell(line) for _name, _width, cell in told)


def table_sheet(name: str, head: Heading, columns: tuple[Column, ...], rows: Sequence[Sequence[Cell]]) -> Sheet:
    """A sheet with one table under the head of the report."""
    return Sheet(name, f"{head.title}：{name}", notes_of(head), (Table("", columns, rows),))


def overview(head: Heading, notes: tuple[str, ...], tables: tuple[Table, ...]) -> Sheet:
    """The first sheet: the figures."""
    rounding = "率和占比四舍五入到一位小数；各类占比按最大余数法取齐到100.0%。"
    return Sheet("总览", head.title, (*notes_of(head), *notes, rounding), tables)


def notes_of(head: Heading) -> tuple[str, ...]:
    """What stands below the title: mark, bureau, rule, period, state of affairs, day of issue."""
    said = head.as_json()
    issued = f"印发日期：{said['issued_on_text']}　" if said["issued_on_text"] else ""
    mark = (f"密级：{head.mark}",) if head.mark else ()
    return (
        *mark,
        f"{head.organization_name}　{head.office}　依据：《{head.regulation_title}》{head.clause}",
        f"期间：{said['period_text']}　情况截至：{said['as_of_text']}　{issued}".rstrip("　"),
    )
