"""Taking over a running year, and handing a ledger on."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from duban.cli import runs
from duban.history import leaving, taking


def import_history(
    file: Annotated[Path, typer.Argument(help="历史台账：.xlsx，或 .json", metavar="FILE.xlsx|FILE.json")],
    check: Annotated[bool, typer.Option("--check", help="只检查，列出所有要改的地方，什么也不写")] = False,
) -> None:
    """接管历史：把启用以前的督办件和经过整本记入台账，全部记入或者一件不记。

    样式见 examples/历史台账.xlsx，第一张表是说明。先加 --check 检查。在办的件停在经过写到的地方，接着往下办。

    例：duban import-history 历史台账.xlsx --check
    """
    if check:
        found = taking.check(file)
        typer.echo(
            f"没有发现问题：{found.matters} 件，{found.events} 条记录，其中在办 {len(found.still_open)} 件。没有写入。"
        )
        return
    taken = taking.take(file)
    typer.echo(f"已接管 {taken.matters} 件，{taken.events} 条记录，其中在办 {len(taken.still_open)} 件。")
    if taken.still_open:
        started = runs.start(taken.still_open)
        typer.echo(runs.NOT_CONFIGURED if started is None else f"已为 {started} 件在办的启动流程。")


def export(
    file: Annotated[Path, typer.Argument(help="写到哪里：.json 一字不差，.xlsx 供人看", metavar="FILE.xlsx|FILE.json")],
) -> None:
    """导出台账：.json 是整本台账（连同校验值和存档文件），可以导入另一个空的台账；.xlsx 是历史台账的样式。

    例：duban export 台账.json
    """
    matters = leaving.leave(file)
    typer.echo(f"已导出 {matters} 件：{file}")


COMMANDS: dict[str, Callable[..., Any]] = {"import-history": import_history, "export": export}
