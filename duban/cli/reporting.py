"""Commands for matters that are reported on at several dates and for matters that are divided among units."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from duban import acts
from duban.acts import OPERATOR
from duban.cli import runs
from duban.cli.matters import Number
from duban.errors import Refusal
from duban.ledger.standing import STATES, State
from duban.regulation import vocabulary

Progress = Annotated[str, typer.Option(help="进展情况")]
CarriedOut = Annotated[str, typer.Option("--carried-out", help=f"是否落实：{'、'.join(vocabulary.CARRIED_OUT)}")]
Percent = Annotated[int | None, typer.Option(help="完成比例，0 到 100")]


def period(
    number: Number,
    progress: Progress,
    carried_out: CarriedOut,
    obstacle: Annotated[str, typer.Option(help="未落实的原因")] = "",
    remedy: Annotated[str, typer.Option(help="解决办法")] = "",
    next_plan: Annotated[str, typer.Option(help="下步计划")] = "",
    percent: Percent = None,
    file: Annotated[Path | None, typer.Option(help="附上的 .docx", exists=True, dir_okay=False)] = None,
) -> None:
    """报送周报（月报）。

    例：duban period BC-2026-0012 --progress 已走访十二户 --carried-out 已落实 --percent 40
    """
    name, content = (file.name, file.read_bytes()) if file else ("", None)
    said = (progress, carried_out, obstacle, remedy, next_plan, percent)
    _said(acts.report_period(number, OPERATOR, *said, name=name, content=content))


def return_period(
    number: Number,
    requirement: Annotated[str, typer.Option(help="补充什么、改什么")],
    reason: Annotated[str, typer.Option(help=f"退回理由：{'、'.join(vocabulary.RETURN_REASONS)}")] = "补充修改",
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="补办期限")] = None,
) -> None:
    """退回最近一期周报（月报），请单位补充。

    例：duban return-period BC-2026-0012 --requirement 补充数据 --due 2026-03-12
    """
    if reason not in vocabulary.RETURN_REASONS:
        raise Refusal(f"退回理由不能是“{reason}”，请从{'、'.join(vocabulary.RETURN_REASONS)}中选择。")
    code = vocabulary.RETURN_REASONS[reason]
    _said(acts.return_period(number, OPERATOR, code, requirement, due.date() if due else None))


def decompose(number: Number) -> None:
    """下达分办件（主件签发下达以后；流程在运行的由流程自动下达）。

    例：duban decompose BC-2026-0012
    """
    state = acts.decompose(number)
    if not state.parts:
        raise Refusal(f"督办件 {number} 没有待下达的分办件，请核对督办类型和是否已经下达。")
    runs.start([part.number for part in state.parts if not part.ended])
    for part in state.parts:
        typer.echo(f"{part.number}  {part.unit}  时限 {part.due_on}")


def _said(state: State) -> None:
    typer.echo(f"{state.number}：{STATES[state.state]}（第{state.round}轮，时限 {state.due_on}）")


#: name of the command -> function, in the order in which `duban --help` lists them.
COMMANDS: dict[str, Callable[..., Any]] = {
    "period": period,
    "return-period": return_period,
    "decompose": decompose,
}
