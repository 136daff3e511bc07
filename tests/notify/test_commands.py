"""`duban notify`, `duban notices`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from matters import Matter
from typer.testing import CliRunner

from duban import ledger
from duban.cli import app
from duban.embedded import client
from duban.errors import Refusal

Channels = Callable[..., Path]
CLI = CliRunner()


def test_without_channels_there_is_nothing_to_send(rehearsal_url: str) -> None:
    said = CLI.invoke(app, ["notify", "--check"])
    assert isinstance(said.exception, Refusal)
    assert "没有写“通知”的渠道" in str(said.exception)


def test_check_says_what_would_be_sent_and_sends_nothing(
    channels: Channels, post: Any, robot: Any, matter: Matter
) -> None:
    channels()
    post.run()
    matter.dispatched()
    for _ in range(2):
        said = CLI.invoke(app, ["notify", "--check"]).stdout
        assert "渠道“工作群”：连接 robot_{单位}" in said
        assert "【工作群】经侦支队群：经侦支队收到督办件白公督〔2026〕1号" in said
        assert "现在要发2条。" in said
    assert (robot.heard, post.listed()) == ([], [])
    assert post.run().sent == 2


def test_what_was_sent_is_listed(channels: Channels, post: Any, robot: Any, matter: Matter) -> None:
    channels()
    post.run()
    matter.dispatched()
    post.run()
    said = CLI.invoke(app, ["notices", matter.number]).stdout
    assert f"{matter.number}  交办  经侦支队群（经侦支队群）  工作群  已发" in said
    assert "共2条。" in said
    rows = json.loads(CLI.invoke(app, ["notices", "--json"]).stdout)
    assert {(row["kind"], row["state"], row["channel"]) for row in rows} == {
        ("交办", "sent", "工作群"),
        ("待决定", "sent", "工作群"),
    }
    assert isinstance(CLI.invoke(app, ["notices", "BC-2026-9999"]).exception, Refusal)


def test_sending_now_and_trying_are_runs_of_the_job(
    channels: Channels, rehearsal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels()
    asked: list[Any] = []

    class Airflow:
        def __enter__(self) -> "Airflow":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def post(self, path: str, body: Any) -> Any:
            asked.append((path, body["conf"]))
            return {"dag_run_id": "manual_1"}

    monkeypatch.setattr(client, "is_configured", lambda: False)
    assert "没有连接 Airflow" in str(CLI.invoke(app, ["notify"]).exception)
    monkeypatch.setattr(client, "is_configured", lambda: True)
    monkeypatch.setattr(client, "connect", Airflow)
    assert "manual_1" in CLI.invoke(app, ["notify"]).stdout
    assert CLI.invoke(app, ["notify", "--test", "工作群"]).exit_code == 0
    assert asked == [("/dags/send_notices/dagRuns", {}), ("/dags/send_notices/dagRuns", {"test": "工作群"})]
    assert "没有叫“大喇叭”的渠道" in str(CLI.invoke(app, ["notify", "--test", "大喇叭"]).exception)
    with ledger.transaction() as session:
        assert ledger.is_rehearsal(session)
