"""What the overview shows somebody: figures that lead to their lists, tables of them, and a picture beside a table.

For the office, the leaders and who inspects or audits these are the bureau's, over the matters that each may see; for
people of a unit those of the unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from duban import regulation
from duban.organization import Organization
from duban.periodicals import spans
from duban.reports import figures, lights, names
from duban.reports.board import Board
from duban.scoring.entries import ScoreSheet, number_text

if TYPE_CHECKING:
    from duban.charts import Chart
    from duban.statistics.figures import Partition

#: What stands at the head of the page, most pressing first.
TILES = (
    *("open", "due_today", "due_this_week", "overdue", "no_receipt"),
    *("waiting.office", "waiting.director", "waiting.leaders", "returned_again", "extended"),
)
OF_UNIT = ("open", "due_today", "due_this_week", "overdue", "no_receipt", "returned_again", "extended")


@dataclass(frozen=True)
class Cell:
    """What stands in a table; with a `key` it is the number of matters of that figure and leads to them; `words`: no
    number."""

    text: str
    key: str = ""
    words: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table; `own`: that of whoever reads it."""

    label: str
    cells: tuple[Cell, ...]
    own: bool = False


@dataclass(frozen=True)
class Section:
    """A table with what it is about, and where there is one its picture (`words`: the picture in a sentence)."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    svg: str = ""
    words: str = ""

    @property
    def drawing(self) -> Markup:
        """The picture for a template: our own drawing, in which every text is escaped."""
        return Markup(self.svg)


@dataclass(frozen=True)
class View:
    """Whose figures somebody sees: a unit's or (`unit` empty) the bureau's, over the matters that this person sees.

    `seen`: the board over these; `mine`: the same over what the unit handles.
    """

    seen: Board
    mine: Board
    unit: str
    org: Organization

    @classmethod
    def of(cls, whole: Board, seen: set[str] | None, unit: str, org: Organization) -> View:
        """The view on a whole board of whoever sees these matters (None: all)."""
        mine = whole.of(seen)
        return cls(mine, mine.of(unit=unit) if unit else mine, unit, org)

    def key(self, key: str) -> str:
        """The key under which the register shows the same."""
        return f"{key}@{self.unit}" if self.unit else key

    def cell(self, key: str) -> Cell:
        """A figure, leading to its list."""
        return Cell(str(self.mine[key].value), self.key(key))


def tiles(view: View) -> list[tuple[str, Cell]]:
    """The figures at the head, each with its words."""
    own = [(figures.NAMES[key], view.cell(key)) for key in (OF_UNIT if view.unit else TILES)]
    if view.unit:
        key = f"load.helping.{view.unit}"
        own.append(("协办", Cell(str(view.seen[key].value), key)))
    return own


def sections(view: View, published: ScoreSheet | None) -> Iterator[Section]:
    """The tables and pictures, in the order of the page."""
    from duban import charts  # matplotlib takes a second to load

    yield _whole(view, "在办件在哪里", "现在在办的督办件，按在谁手上分。", "open", "group", "在办")
    yield _whole(view, "灯号", lights.NO_CLOCK, "open", "light", "灯号")
    yield _whole(view, "类型", "本年在办和办过的督办件，按类型分。", "year.total", "type", "类型")
    yield from _year(view)
    ages = figures.whole(view.mine, "overdue", "overdue")
    about = f"现在逾期的督办件{ages.base.value}件，按已经逾期的天数分。"
    yield _partition(view, "逾期时间", about, "逾期时间", ages, charts.overdue_by_age(_counts(ages)))
    turns = figures.whole(view.mine, "year.total", "rounds")
    about = f"本年在办和办过的督办件{turns.base.value}件，按办了几轮分。"
    yield _partition(view, "办理轮次", about, "轮次", turns, charts.rounds_per_matter(_counts(turns)))
    yield _load(view)
    if (ranked := _ranking(view, published)) is not None:
        yield ranked


def _whole(view: View, title: str, about: str, base: str, family: str, head: str) -> Section:
    return _partition(view, title, about, head, figures.whole(view.mine, base, family), unknown=_unknown(view))


def _unknown(view: View) -> frozenset[str]:
    """The types of matter that the regulation of the day has not: listed only where there are matters of them."""
    law = regulation.current(view.seen.as_of.date())
    return frozenset(f"type.{kind}" for kind in figures.TYPES if kind not in law.types)


def _partition(
    view: View,
    title: str,
    about: str,
    head: str,
    whole: Partition,
    chart: Chart | None = None,
    unknown: frozenset[str] = frozenset(),
) -> Section:
    """The classes of a whole with their shares; the last line is the whole."""
    rows = [
        Row(part.name, (view.cell(part.key), Cell("—" if percent is None else f"{percent}%")))
        for part, percent in zip(whole.parts, whole.percents, strict=True)
        if part.figure.value or part.key not in unknown
    ]
    total = Row("合计", (Cell(str(whole.base.value)), Cell("100.0%" if whole.base.value else "—")))
    return Section(title, about, (head, "件数", "占比"), (*rows, total), *_drawn(chart))


def _year(view: View) -> Iterator[Section]:
    yield _partition(view, "本年登记和结转", "本年在办和办过的督办件从哪里来。", "来源", figures.origin(view.mine))
    yield _partition(view, "本年办理结果", "本年在办和办过的督办件现在怎样。", "结果", figures.outcome(view.mine))
    keys = {figures.NAMES[key]: key for key in ("year.on_time", "year.closed", "year.first_pass", "year.replied")}
    rows = tuple(
        Row(
            rate.name,
            (Cell(rate.text), view.cell(keys[rate.part_name]), view.cell(keys[rate.base_name])),
        )
        for rate in figures.rates(view.mine)
    )
    about = "按期办结：没有一轮逾期。一次通过：审核过回复、没有退回过。基数都是本年办结的督办件。"
    yield Section("本年办结质量", about, ("指标", "比率", "其中", "基数"), rows)


def _load(view: View) -> Section:
    from duban import charts

    known = [code for kind in figures.LOADS for code in view.seen.family(kind) if code]
    today = view.seen.as_of.date()
    units = names.units(view.org, known, None if view.unit else today)
    if view.unit:
        units = {view.unit: names.unit(view.org, view.unit)}
    asked = {code: view.seen.times_asked(code) for code in units}
    rows = tuple(
        Row(
            name,
            (
                *(
                    Cell(str(view.seen[f"{kind}.{code}"].value), f"{kind}.{code}")
                    for kind in ("load.open", "load.overdue", "load.helping")
                ),
                Cell(str(asked[code])),
                Cell(str(view.seen[f"load.asked.{code}"].value), f"load.asked.{code}"),
            ),
        )
        for code, name in units.items()
    )
    chart = charts.load_per_unit(
        [(name, view.seen[f"load.open.{code}"].value, asked[code]) for code, name in units.items()]
    )
    about = "单位手上的督办件，和本年要求它报送的次数（交办、退回、续办、新批示、定期报送各算一次）。"
    columns = ("单位", "在办（件）", "逾期（件）", "协办（件）", "要求报送（次）", "涉及（件）")
    return Section("各单位负担" if not view.unit else "本单位负担", about, columns, rows, *_drawn(chart))


def _ranking(view: View, published: ScoreSheet | None) -> Section | None:
    from duban import charts

    if published is None:
        return Section("考核排名", "还没有公布过考核得分。", ("名次", "单位", "得分"), ())
    period = spans.read(published.period).name
    if published.method != "points":
        return None
    ranked = [one for one in published.units if one.rank is not None]
    rows = tuple(
        Row(str(one.rank), (Cell(one.name, words=True), Cell(number_text(one.shown))), one.unit == view.unit)
        for one in ranked
    )
    chart = charts.ranking([(one.name, one.shown) for one in ranked], period, published.base)
    about = f"{period}已经公布的考核得分，是最近一次公布的；公布以后的变化记在下一期。"
    return Section("考核排名", about, ("名次", "单位", "得分（分）"), rows, *_drawn(chart))


def _drawn(chart: Chart | None) -> tuple[str, str]:
    return (_svg(chart), chart.words) if chart is not None and chart.labels else ("", "")


@lru_cache(maxsize=64)
def _svg(chart: Chart) -> str:
    """The picture; the same figures are drawn once, and a picture has nothing in it but figures and names of units."""
    from duban import charts

    return charts.svg(chart)


def _counts(whole: Partition) -> Sequence[tuple[str, int]]:
    return [(part.name, part.figure.value) for part in whole.parts]
