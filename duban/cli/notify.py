"""`duban notify`, `duban notices`: what goes to the posts over the bureau's channels, and what went."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from duban import ledger, organization
from duban.embedded import client
from duban.errors import Refusal
from duban.notify import listing, trying

DAG = "send_notices"


def notify(
    check: Annotated[bool, typer.Option("--check", help="只看：现在会发什么、发给谁，不发")] = False,
    test: Annotated[str, typer.Option("--test", help="给办公室试发一条，写渠道的名称")] = "",
) -> None:
    """现在就发送到期的通知（平时每两分钟自动发）。

    例：duban notify --check
    """
    org = organization.load()
    if not org.notifying.channels:
        raise Refusal(f"{org.name}的机构文件里没有写“通知”的渠道，不发通知；写法见 docs/notices.md。")
    if check:
        _check(org)
        return
    if test and test not in {one.name for one in org.notifying.channels}:
        known = "、".join(one.name for one in org.notifying.channels)
        raise Refusal(f"机构文件的“通知”里没有叫“{test}”的渠道；现有：{known}。")
    if not client.is_configured():
        raise Refusal("没有连接 Airflow（渠道的地址在它的连接里），请先启动，或用 DUBAN_AIRFLOW_URL 指明地址。")
    with client.connect() as airflow:
        conf = {"test": test} if test else {}
        run = airflow.post(f"/dags/{DAG}/dagRuns", {"logical_date": None, "conf": conf})
    typer.echo(f"已开始发送（{run['dag_run_id']}），结果写在这次运行的备注里，名单见 duban notices。")


def _check(org: organization.Organization) -> None:
    for channel in org.notifying.channels:
        typer.echo(f"渠道“{channel.name}”：连接 {channel.connection}")
    found = trying.preview(org)
    for name, to, who, words in found:
        typer.echo(f"【{name}】{to}{f'（{who}）' if who else ''}：{words}")
    typer.echo(f"现在要发{len(found)}条。")


def notices(
    number: Annotated[str, typer.Argument(help="督办件编号，不写即全部")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    limit: Annotated[int, typer.Option(help="最多列多少条", min=1)] = 500,
) -> None:
    """列出发过和待发的通知，最近的在前。

    例：duban notices BC-2026-0012
    """
    with ledger.transaction() as session:
        if number:
            ledger.state(session, number)
        found = listing.notices(session, number or None, limit)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1, default=str))
        return
    for one in found:
        when = one.sent_at or one.made_at
        who = f"（{one.sent_to}）" if one.sent_to else ""
        why = f"：{one.error}" if one.error else ""
        typer.echo(
            f"{when:%Y-%m-%d %H:%M}  {one.number}  {one.kind}  {one.to}{who}  {one.channel}  {one.state_text}{why}"
        )
    typer.echo(f"共{len(found)}条。")


#: name of the command -> function, in the order in which `duban --help` lists them.
COMMANDS: dict[str, Callable[..., Any]] = {"notify": notify, "notices": notices}
