"""`duban up`: start everything on this machine and keep it up."""

import os
from pathlib import Path
from typing import Annotated

import typer

from duban.embedded import client, launcher, places
from duban.embedded.launcher import LOOPBACK
from duban.embedded.processes import Ended, adopt_orphans, end_everything_below, unwind_when_told_to_end


def up(
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="演练：另用一个可以拨快时间的台账")] = False,
    port: Annotated[int, typer.Option(help="网页端口；被占用时自动另选")] = 8080,
    host: Annotated[str, typer.Option(help="监听地址；默认只有本机能访问")] = LOOPBACK,
    var: Annotated[Path | None, typer.Option(help="数据目录；默认 var/，演练为 var/rehearsal/")] = None,
) -> None:
    """启动数据库、台账和调度系统，直到按 Ctrl-C 为止。

    例：duban up --port 8080
    """
    if var is not None:
        os.environ["DUBAN_VAR"] = str(var)
    if rehearsal:
        os.environ["DUBAN_REHEARSAL"] = "1"
    if host != LOOPBACK:
        typer.echo(
            f"注意：网页将在 {host} 上对外开放且不加密，口令可能被窃听；正式使用请按 README 用 docker-compose 部署。",
            err=True,
        )
    start(places.var(), rehearsal=os.environ.get("DUBAN_REHEARSAL") == "1", host=host, port=port)


def start(home: Path, *, rehearsal: bool, host: str = LOOPBACK, port: int = 8080) -> None:
    """Start everything and wait until Ctrl-C or SIGTERM. Nothing is left, also where the launcher was killed."""
    adopt_orphans()
    unwind_when_told_to_end()
    try:
        with launcher.running(home, rehearsal=rehearsal, host=host, port=port) as deployment:
            deployment.wait()
    except (KeyboardInterrupt, Ended):
        pass
    finally:
        end_everything_below()
        client.address_file(home).unlink(missing_ok=True)  # a killed launcher could not
