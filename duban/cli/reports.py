"""`duban report`: the reports of the office on any day, without waiting for their run."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from duban import clock, ledger, organization, regulation
from duban.ledger.engine import snapshot
from duban.reports import making, spans

report_app = typer.Typer(
    name="report",
    help="出报表：周报、每月进展汇总、批示件汇总、通报的数字（只看台账，不立期、不发布）。",
    no_args_is_help=True,
)
On = Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="截至哪一天，默认今天")]
Out = Annotated[Path, typer.Option("--out", help="放在哪个目录", file_okay=False)]
Json = Annotated[bool, typer.Option("--json", help="另存一份 JSON（全部数字和名单）")]


@report_app.command()
def weekly(out: Out, on: On = None, as_json: Json = False) -> None:
    """办件进展周报：全部在办件的灯号、剩余或逾期天数、最近进展、本周变化，逾期的一件不漏。

    例：duban report weekly --date 2026-03-20 --out 报表
    """
    _make("weekly", on, out, as_json)


@report_app.command()
def monthly(out: Out, on: On = None, as_json: Json = False) -> None:
    """每月进展汇总：各单位本月报了什么、哪些没有报。

    例：duban report monthly --date 2026-03-31 --out 报表
    """
    _make("monthly", on, out, as_json)


@report_app.command()
def digest(out: Out, on: On = None, as_json: Json = False) -> None:
    """领导批示件汇总：每件批示的办理情况，逾期未反馈的予以通报。

    例：duban report digest --date 2026-03-31 --out 报表
    """
    _make("digest", on, out, as_json)


@report_app.command()
def bulletin(out: Out, on: On = None, as_json: Json = False) -> None:
    """督办（督查）情况通报的数字：全局、各单位、各类型，逾期、轮次、负担，表扬和批评。

    例：duban report bulletin --date 2026-03-31 --out 报表
    """
    _make("bulletin", on, out, as_json)


def _make(kind: str, on: datetime | None, out: Path, as_json: bool) -> None:
    with snapshot() as session:
        now = clock.now(session)
        day: date = on.date() if on else now.date()
        law, org = regulation.current(day), organization.load()
        period = spans.period(kind, day, law, now)
        made = making.report(kind, session, law, org, period)
        rehearsal = ledger.is_rehearsal(session)
    files = [making.put(out, making.file_name(made, ".xlsx"), making.spreadsheet(kind, made))]
    if paper := making.document(kind, made, rehearsal=rehearsal):
        files.append(making.put(out, making.file_name(made, ".docx"), paper))
    if as_json:
        text = json.dumps(made.as_json(), ensure_ascii=False, indent=1)
        files.append(making.put(out, making.file_name(made, ".json"), text.encode()))
    said = made.heading.as_json()
    typer.echo(f"{said['title']}：{said['period_text']}，情况截至{said['as_of_text']}。")
    for file in files:
        typer.echo(str(file))
