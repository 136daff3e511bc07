"""Charts of the periodic papers: what a bar says is printed beside it, every axis begins at zero, and black and white
print loses nothing (hatches, no colours).

`ranking`, `overdue_by_age`, `rounds_per_matter` and `load_per_unit` make a `Chart` of figures that were counted
elsewhere; `png` draws it for a document and `svg` for a page. The same chart gives the same bytes on one machine.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any

import matplotlib as mpl
import pylopdf_fonts_zh_cn
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from duban.documents import titles
from duban.documents.pictures import DPI, MM, Picture

Number = int | Decimal
#: Millimetres. A picture is as wide as the text of a page allows, and no higher than a page holds.
WIDTH, HIGHEST, HEAD, FOOT = 150.0, 205.0, 13.0, 11.0
#: On a page that lies.
HIGHEST_LYING = 130.0
PITCH, PITCH_OF_TWO, COLUMNS_HIGH = 7.0, 9.0, 70.0
#: Points; characters of a label in one line; columns that stand beside each other.
TYPE, SMALLEST, LABEL, MOST_COLUMNS = 9.0, 3.5, 14, 10
_POINT = 25.4 / 72
_LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": "white", "edgecolor": "black", "hatch": "////", "linewidth": 0.7},
    {"facecolor": "0.72", "edgecolor": "black", "linewidth": 0.7},
)
_RC: dict[str, Any] = {
    "hatch.linewidth": 0.5,
    "text.parse_math": False,  # a name with a dollar sign is a name
    "axes.unicode_minus": False,
    "svg.hashsalt": "duban",
    "svg.fonttype": "none",  # text stays text: it can be read aloud and searched
    "axes.linewidth": 0.7,
}
#: matplotlib keeps its settings for the whole process; pages are drawn in threads.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Series:
    """What one kind of bar stands for, and a value for each label."""

    name: str
    values: tuple[Number, ...]


@dataclass(frozen=True)
class Chart:
    """A chart as figures: nothing here depends on how it is drawn. `line` is a value marked across all bars."""

    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    line: tuple[Number, str] | None = None
    standing: bool = False

    @property
    def lying(self) -> bool:
        """Whether the bars lie: names of units do not fit below standing ones."""
        return not self.standing or len(self.labels) > MOST_COLUMNS

    @property
    def words(self) -> str:
        """All of the chart in a sentence, for those who cannot see it."""
        parts = [
            f"{label}{'、'.join(f'{one.name}{said(one.values[place])}{self.unit}' for one in self.series)}"
            for place, label in enumerate(self.labels)
        ]
        return f"{self.title}：{'；'.join(parts) or '没有数据'}"


def ranking(rows: Sequence[tuple[str, Number]], period: str = "", base: Number | None = None) -> Chart:
    """Scores of the units, in the order given (that of the rank); `base` is marked where there is one."""
    line = None if base is None else (base, f"基础分{said(base)}")
    return _chart(f"{period}考核得分", "分", rows, ("得分",), line=line)


def overdue_by_age(rows: Sequence[tuple[str, int]]) -> Chart:
    """Overdue matters by how long they have been so."""
    return _chart("逾期事项按逾期时间分布", "件", rows, ("逾期",), standing=True)


def rounds_per_matter(rows: Sequence[tuple[str, int]]) -> Chart:
    """How many matters took one round, two rounds …"""
    return _chart("事项办理轮次分布", "件", rows, ("事项",), standing=True)


def load_per_unit(rows: Sequence[tuple[str, int, int]]) -> Chart:
    """Matters with each unit, and how many reports it was asked for: so that nobody is asked twice."""
    return _chart("各单位承办事项和被要求报送次数", "", rows, ("承办事项（件）", "要求报送（次）"))


def _chart(title: str, unit: str, rows: Sequence[tuple[Any, ...]], names: tuple[str, ...], **more: Any) -> Chart:
    values = tuple(Series(name, tuple(row[place] for row in rows)) for place, name in enumerate(names, start=1))
    return Chart(title, unit, tuple(" ".join(str(row[0]).split()) for row in rows), values, **more)


def picture(chart: Chart, highest: float = HIGHEST) -> Picture:
    """The chart as a picture for a document, at most `highest` millimetres high."""
    return Picture(png(chart, highest), chart.words)


def png(chart: Chart, highest: float = HIGHEST) -> bytes:
    """The chart as PNG, at most `highest` millimetres high."""
    return _saved(chart, highest, format="png", dpi=DPI, metadata={"Software": None})


def svg(chart: Chart) -> str:
    """The chart as an <svg> element for a page, as high as it needs to be."""
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None, "Title": chart.words}
    text = _saved(chart, float("inf"), format="svg", metadata=metadata).decode()
    return text[text.index("<svg") :]


def _saved(chart: Chart, highest: float, **how: Any) -> bytes:
    out = BytesIO()
    settings: dict[Any, Any] = {**mpl.rcParamsDefault, **_RC, "font.family": [family(), "sans-serif"]}
    with _ONE_AT_A_TIME, mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a rare character of a name is a box; the table has it
        draw(chart, highest).savefig(out, **how)
    return out.getvalue()


@lru_cache(maxsize=1)
def family() -> str:
    """The family in which charts are lettered: it is installed with us, so that any machine draws the same picture."""
    path = pylopdf_fonts_zh_cn.sans_path()
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


def said(value: Number) -> str:
    """A figure as it is printed: no trailing zeros, no exponent, no minus before nothing."""
    plain = Decimal(value).normalize()
    return "0" if not plain else format(plain, "f")


def draw(chart: Chart, highest: float = HIGHEST) -> Figure:
    """The figure, laid out by hand: the same words give the same places whatever was drawn before."""
    lying, count = chart.lying, max(len(chart.labels), 1)
    pitch = PITCH_OF_TWO if len(chart.series) > 1 else PITCH
    pitch = min(pitch, (highest - HEAD - FOOT) / count)
    size = max(min(TYPE, pitch * 0.88 / _POINT), SMALLEST) if lying else TYPE
    labels = [_fitted(one, two=pitch >= 2.2 * size * _POINT) if lying else one for one in chart.labels]
    wide = max((titles.width(line) for one in labels for line in one.split("\n")), default=0) * size * _POINT
    left = wide + 4 if lying else 12.0
    high = max(count * pitch, 2 * PITCH) if lying else COLUMNS_HIGH - HEAD - FOOT
    full = high + HEAD + FOOT
    figure = Figure(figsize=(WIDTH / MM, full / MM), facecolor="white")
    figure.text(0.5, 1 - 4.5 / full, chart.title, ha="center", va="center", fontsize=11)
    axes = figure.add_axes((left / WIDTH, FOOT / full, (WIDTH - left - 4) / WIDTH, high / full))
    if not chart.labels:
        axes.text(0.5, 0.5, "没有数据", ha="center", va="center", transform=axes.transAxes, fontsize=TYPE)
    _bars(axes, chart, lying, min(size, 8), crowded=len(chart.series) > 1 and pitch < PITCH)
    _ticks(axes, labels, lying, size)
    _scale(axes, chart, lying)
    if len(chart.series) > 1 and chart.labels:
        figure.legend(
            loc="center", bbox_to_anchor=(0.5, 1 - 9.8 / full), ncols=len(chart.series), fontsize=8, frameon=False
        )
    return figure


def _fitted(label: str, *, two: bool) -> str:
    """A label in one line, or in two where there is room; what is longer ends in dots (the table has it in full)."""
    most = LABEL * (2 if two else 1)
    if len(label) > most:
        label = f"{label[: most - 1]}…"
    return f"{label[:LABEL]}\n{label[LABEL:]}" if len(label) > LABEL else label


def _bars(axes: Axes, chart: Chart, lying: bool, size: float, *, crowded: bool) -> None:
    thick = 0.64 / len(chart.series)
    words = [[said(value) for value in series.values] for series in chart.series]
    longest = [max(values) for values in zip(*(series.values for series in chart.series), strict=True)]
    if crowded:  # no room for a figure beside each bar: both behind the longer one, in the order of the legend
        both = [" / ".join(each) for each in zip(*words, strict=True)]
        words = [
            [text if value == longest[place] else "" for place, (text, value) in enumerate(zip(both, one, strict=True))]
            for one in (series.values for series in chart.series)
        ]
        words[-1] = ["" if words[0][place] else text for place, text in enumerate(words[-1])]
    for nth, series in enumerate(chart.series):
        at = [place + (nth - (len(chart.series) - 1) / 2) * thick for place in range(len(series.values))]
        lengths = [float(value) for value in series.values]
        bars = (axes.barh if lying else axes.bar)(at, lengths, thick, label=series.name, **_LOOKS[nth])
        # White behind the figures, so that no line crosses them.
        behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
        for text in axes.bar_label(bars, words[nth], padding=2.5, fontsize=size, zorder=5):
            if text.get_text():
                text.set_bbox(behind)
    if chart.line is not None:
        value, name = chart.line
        (axes.axvline if lying else axes.axhline)(float(value), color="black", linewidth=0.8, linestyle=(0, (4, 2)))
        place = (float(value), 1.0) if lying else (1.0, float(value))
        axes.annotate(
            name, place, xycoords=axes.get_xaxis_transform() if lying else axes.get_yaxis_transform(),
            xytext=(0, 2), textcoords="offset points", ha="center", va="bottom", fontsize=7,
        )  # fmt: skip


def _ticks(axes: Axes, labels: list[str], lying: bool, size: float) -> None:
    names, values = (axes.yaxis, axes.xaxis) if lying else (axes.xaxis, axes.yaxis)
    names.set_ticks(range(len(labels)), labels, fontsize=size, linespacing=1.0)
    names.set_tick_params(length=0)
    values.set_tick_params(labelsize=8, length=2)
    values.grid(visible=True, color="0.85", linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _scale(axes: Axes, chart: Chart, lying: bool) -> None:
    """From zero to a little more than the longest bar; below zero only where a value is."""
    values = [float(value) for series in chart.series for value in series.values]
    values += [float(chart.line[0])] if chart.line is not None and values else []
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    bounds = (low - span * 0.1 if low < 0 else 0.0, high + span * 0.1 if any(values) else 1.0)
    count = len(chart.labels) or 1
    # The first name stands at the top, as in a table.
    axes.set_ylim(*((count - 0.5, -0.5) if lying else bounds))
    axes.set_xlim(*(bounds if lying else (-0.5, count - 0.5)))
    along = axes.xaxis if lying else axes.yaxis
    along.set_major_locator(MaxNLocator(nbins=6, integer=True))
    along.set_label_text(chart.unit, fontsize=8)
