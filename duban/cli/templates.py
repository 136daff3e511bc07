"""Commands about templates: `duban template check`, `duban template text`."""

from pathlib import Path
from typing import Annotated

import typer

from duban import templates

template_app = typer.Typer(
    name="template",
    help="文书模板。例：duban template check --organization baicheng",
    no_args_is_help=True,
)


@template_app.callback()
def _template() -> None:
    """文书模板。"""


@template_app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="模板（.docx）；不写就检查全部", metavar="FILE…", show_default=False)
    ] = None,
    organization: Annotated[str, typer.Option(help="只检查这个机关的模板，例如 baicheng", metavar="ID")] = "",
) -> None:
    """检查文书模板：没有问题返回 0；有问题逐条列出、说明怎样改，返回 1。

    例：duban template check include/templates/baicheng/退办意见.docx
    """
    checked = [templates.check(file) for file in files] if files else templates.check_all(organization or None)
    for one in checked:
        for fault in one.faults:
            typer.echo(f"{one.path}：{fault}", err=True)
        for hint in one.hints:
            typer.echo(f"{one.path}：提示：{hint}")
    faulty = sum(1 for one in checked if one.faults)
    if faulty:
        typer.echo(f"{len(checked)} 份模板，{faulty} 份要改", err=True)
        raise typer.Exit(1)
    typer.echo(f"{len(checked)} 份模板没有问题")


@template_app.command()
def text(file: Annotated[Path, typer.Argument(help="模板（.docx）", metavar="FILE")]) -> None:
    """把模板的文字、栏目和样式按行输出，供比较两个版本（git diff 也用它，见 CONTRIBUTING.md）。

    例：duban template text include/templates/baicheng/退办意见.docx
    """
    typer.echo(templates.text(file), nl=False)
