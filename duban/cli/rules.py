"""Commands about rules and days: `duban regulation check`, `duban organization check`, `duban deadline` …"""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from duban import clock, deadlines, organization, regulation, workdays
from duban.clerk_yaml import Fault
from duban.regulation import reference

regulation_app = typer.Typer(
    name="regulation",
    help="制度文件。例：duban regulation check include/regulations/baicheng-2020.md",
    no_args_is_help=True,
)


organization_app = typer.Typer(
    name="organization",
    help="机构文件。例：duban organization check include/organizations/baicheng.yaml",
    no_args_is_help=True,
)


@regulation_app.callback()
def _regulation() -> None:
    """制度文件。"""


@regulation_app.command()
def check(file: Annotated[Path, typer.Argument(help="制度文件（.md）", metavar="FILE")]) -> None:
    """检查一份制度文件：没有问题返回 0；有问题逐行列出，返回 1。

    例：duban regulation check include/regulations/baicheng-2020.md
    """
    _tell(file, regulation.check(file))


@organization_app.callback()
def _organization() -> None:
    """机构文件。"""


@organization_app.command(name="check")
def check_organization(file: Annotated[Path, typer.Argument(help="机构文件（.yaml）", metavar="FILE")]) -> None:
    """检查一份机构文件，连同写明用它的制度：没有问题返回 0；有问题逐行列出，返回 1。

    例：duban organization check include/organizations/baicheng.yaml
    """
    _tell(file, organization.check(file))


def _tell(file: Path, found: list[Fault]) -> None:
    for fault in found:
        typer.echo(f"{file}:{fault.line}：{fault.message}", err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(f"{file.name} 没有问题")


@regulation_app.command()
def shapes() -> None:
    """输出“规则”块的全部写法（Markdown），即 docs/rule-shapes.md。

    例：duban regulation shapes > docs/rule-shapes.md
    """
    typer.echo(reference.page(), nl=False)


def deadline(
    regulation_id: Annotated[str, typer.Option("--regulation", help="制度编号，例如 baicheng-2020", metavar="ID")],
    rule: Annotated[
        str,
        typer.Option(
            "--rule", help="事项类型或有期限的规则：general complex receipt reading urge returns …", metavar="R"
        ),
    ],
    start: Annotated[str, typer.Option("--from", help="起算日，例如 2026-02-13", metavar="DATE")],
    at: Annotated[str, typer.Option("--at", help="起算时刻，例如 16:30", metavar="HH:MM")] = "09:00",
) -> None:
    """推算到期日，输出 JSON：到期日、依据的条款、数了哪些日子、为什么顺延。

    例：duban deadline --regulation baicheng-2020 --rule general --from 2026-02-13
    """
    law = regulation.load(regulation_id)
    began = datetime.combine(_day(start, "--from"), _time(at), clock.SHANGHAI)
    found = deadlines.named(rule, began, law)
    limit = law.limits().get(rule)
    _print(
        {
            "due": found.on.isoformat(),
            "late_after": found.at.isoformat(),
            "regulation": law.id,
            "rule": rule,
            "limit": str(limit) if limit else None,
            "from": began.isoformat(),
            "basis": {"clause": found.basis.clause, "text": found.basis.text},
            "counted": [day.isoformat() for day in found.counted],
            "rolled": found.rolled,
        }
    )


def days_on(
    start: Annotated[str, typer.Option("--from", help="从哪一天起（当天不算），例如 2026-09-30", metavar="DATE")],
    number: Annotated[int, typer.Option("--add", help="加几个工作日，至少 1", metavar="N", min=1, max=3660)],
) -> None:
    """从某日起加若干个工作日，输出 JSON。

    例：duban workdays --from 2026-09-30 --add 2
    """
    day = _day(start, "--from")
    found = workdays.add(day, number)
    _print({"date": found.isoformat(), "from": day.isoformat(), "add": number})


def _day(text: str, option: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是日期，请写成 2026-02-13", param_hint=option) from None


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - combined with Shanghai by the caller
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是时刻，请写成 16:30", param_hint="--at") from None


def _print(value: dict[str, object]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
