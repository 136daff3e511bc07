"""`duban watch`: what the office looks at each morning."""

import json
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer

from duban import clock, ledger, watch
from duban.cli import runs


def watch_command(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="不核对台账（上万件时核对要一分钟左右）")] = False,
) -> None:
    """列出今天要留意的：逾期、未领收、未报、问责、缺日历、没有流程的督办件，并核对台账。

    只写编号和单位，不写督办内容。

    例：duban watch --json
    """
    lost = runs.lost()
    found = [] if quick else watch.broken()
    with ledger.transaction() as session:
        found += watch.findings(session, clock.now(session), lost)
    if as_json:
        rows = [asdict(finding) | {"kind_text": watch.KINDS[finding.kind].name} for finding in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for kind, group in groupby(found, lambda finding: finding.kind):
        typer.echo(f"【{watch.KINDS[kind].name}】")
        for finding in group:
            typer.echo(f"  {finding.sentence}" + (f"（{finding.clause}）" if finding.clause else ""))
    typer.echo(watch.summary(found) + "。")
