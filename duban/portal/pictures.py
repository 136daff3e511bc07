"""督办图表: ranking, overdue by age, rounds, load of each unit, as pictures with the figures behind them.

For the office and the leaders; a unit reads its own figures elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from starlette.responses import HTMLResponse

from duban import clock, ledger, organization
from duban.periodicals import spans
from duban.portal.acts_table import BUREAU
from duban.portal.signed_in import Signed, in_ledger
from duban.reports.board import Board, board
from duban.reports.heading import as_of_text

if TYPE_CHECKING:
    from duban.charts import Chart
    from duban.statistics.figures import Partition

router = APIRouter()

#: The drawings carry their own styles; nothing else may run, load or be sent.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@dataclass(frozen=True)
class Shown:
    """A picture, what it is about, and the table of its figures: each row a label and its cells, and what it counts."""

    svg: str
    words: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[object, ...], tuple[str, ...]], ...]


@router.get("/pictures", response_class=HTMLResponse)
async def pictures(actor: Signed) -> HTMLResponse:
    """Show the pictures of the bureau as of now."""
    if actor.post not in BUREAU:
        raise HTTPException(403, f"督办图表供办公室和局领导查看，{actor.name}没有权限。")
    return HTMLResponse(await in_ledger(_page), headers={"Content-Security-Policy": POLICY})


def _page() -> str:
    with ledger.transaction() as session:
        org, now = organization.load(), clock.now(session)
        figures, rehearsal = board(session, org, now), ledger.is_rehearsal(session)
    return _template().render(org=org, as_of=as_of_text(now), rehearsal=rehearsal, pictures=_drawn(figures))


def _drawn(figures: Board) -> list[Shown]:
    from duban import charts  # matplotlib takes a second to load

    load = figures.load
    published = figures.published
    period = spans.read(published.period).name if published else ""
    ranked = tuple((name, (points,), ()) for name, points in figures.ranking)
    return [
        _shown(
            charts.ranking(figures.ranking, period, published.base if published else None),
            f"{period}已经公布的考核得分。" if ranked else "本年还没有公布考核得分。",
            ("单位", "得分（分）"),
            ranked,
        ),
        _shown(
            charts.overdue_by_age(_counts(figures.overdue)),
            f"现在逾期的督办件{figures.overdue.base.value}件，按已经逾期的天数分。",
            ("逾期时间", "件数"),
            _rows(figures.overdue),
        ),
        _shown(
            charts.rounds_per_matter(_counts(figures.rounds)),
            f"本年在办和办过的督办件{figures.total.value}件，按办了几轮分。",
            ("轮次", "件数"),
            _rows(figures.rounds),
        ),
        _shown(
            charts.load_per_unit([(one.name, one.open.value, one.asked.value) for one in load]),
            "各单位手上的督办件，和本年要求它报送的次数（交办、退回、续办、新批示、定期报送各算一次）。",
            ("单位", "在办（件）", "要求报送（次）"),
            tuple((one.name, (one.open.value, one.asked.value), one.asked.numbers) for one in load),
        ),
    ]


def _shown(
    chart: Chart,
    about: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, tuple[object, ...], tuple[str, ...]], ...],
) -> Shown:
    from duban import charts

    return Shown(charts.svg(chart), chart.words, about, columns, rows)


def _counts(whole: Partition) -> list[tuple[str, int]]:
    return [(part.name, part.figure.value) for part in whole.parts]


def _rows(whole: Partition) -> tuple[tuple[str, tuple[object, ...], tuple[str, ...]], ...]:
    return tuple((part.name, (part.figure.value,), part.figure.numbers) for part in whole.parts)


@lru_cache(maxsize=1)
def _template() -> Template:
    pages = Environment(loader=PackageLoader("duban.portal", "."), autoescape=True, undefined=StrictUndefined)
    return pages.get_template("pictures.jinja")
