"""`duban db`, `duban verify`, `duban rehearse`: making the ledger, checking it, moving a rehearsal's clock."""

import os
import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

from duban import clock, ledger
from duban.errors import Refusal

db_app = typer.Typer(no_args_is_help=True, help="台账数据库：建立、升级、检查。")

DATETIME_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
STEPS = {"d": "days", "h": "hours", "m": "minutes"}


@db_app.command()
def upgrade(
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="新建的是演练台账（以后不能改为正式）。")] = False,
    start: Annotated[
        datetime | None,
        typer.Option(
            formats=DATETIME_FORMATS, help="演练从哪一刻开始（北京时间，省略则为现在），须与 --rehearsal 同用。"
        ),
    ] = None,
) -> None:
    """建立台账数据库，或把它升级到当前程序的版本。

    地址取自 DUBAN_LEDGER_URL；没有设置时用内置数据库。

    例：duban db upgrade --rehearsal --start 2026-03-02T09:00
    """
    if rehearsal:
        _in_the_rehearsal_directory()
    if start and not rehearsal:
        raise typer.BadParameter("--start 只用于演练台账，请同时写 --rehearsal。", param_hint="--start")
    begins = (start.replace(tzinfo=clock.SHANGHAI) if start else datetime.now(clock.SHANGHAI)) if rehearsal else None
    ledger.upgrade(rehearsal_start=begins)
    with ledger.transaction() as session:
        kind = "演练" if ledger.is_rehearsal(session) else "正式"
        typer.echo(f"台账已是最新（{kind}台账，现在是 {clock.now(session):%Y-%m-%d %H:%M}）。")


@db_app.command()
def check() -> None:
    """台账数据库是否建好并与当前程序一致：是则退出码 0，否则说明怎么办并退出 1。

    例：duban db check
    """
    if not ledger.is_current():
        raise Refusal("台账数据库还没有建好或与程序版本不一致，请运行 duban db upgrade。")
    typer.echo("台账数据库与程序版本一致。")


def verify() -> None:
    """核对整个台账：每条记录的校验链、每件的状态、每个存档文件、每个编号。完好则退出码 0，否则逐条列出并退出 1。

    例：duban verify
    """
    faults = ledger.verify()
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise Refusal(f"台账有 {len(faults)} 处不符（见上），请停止办件，从备份核对恢复。")
    typer.echo("台账完好。")


def rehearse(
    advance: Annotated[str | None, typer.Option(help="往前走多久：5d（天）、8h（小时）、30m（分钟）。")] = None,
    to: Annotated[
        datetime | None, typer.Option(formats=DATETIME_FORMATS, help="走到哪一刻（北京时间），例如 2026-03-09T09:00。")
    ] = None,
) -> None:
    """把演练台账的时间往前调；正式台账的时间不能动。

    例：duban rehearse --advance 5d
    """
    if (advance is None) == (to is None):
        raise typer.BadParameter("请在 --advance 与 --to 中写一个。", param_hint="--advance / --to")
    _in_the_rehearsal_directory()
    with ledger.transaction() as session:
        step = to.replace(tzinfo=clock.SHANGHAI) - clock.now(session) if to else duration(advance or "")
        moved = ledger.advance(session, step)
    typer.echo(f"演练时间现在是 {moved:%Y-%m-%d %H:%M}。")


def _in_the_rehearsal_directory() -> None:
    # Without an address of one's own a rehearsal lives beside the real ledger, never in its place.
    if not os.environ.get("DUBAN_LEDGER_URL"):
        os.environ["DUBAN_REHEARSAL"] = "1"


def duration(text: str) -> timedelta:
    """`5d`, `8h`, `30m` or a sequence of them (`1d12h`) as a length of time. Raises BadParameter for anything else."""
    parts = re.findall(r"([0-9]{1,6})([dhm])", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise typer.BadParameter(f"看不懂时长“{text}”，请写成 5d、8h、30m 这样。", param_hint="--advance")
    return sum((timedelta(**{STEPS[unit]: int(number)}) for number, unit in parts), timedelta())
