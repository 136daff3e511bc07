"""发送通知 as Airflow has it: its connections, its one task, and no such DAG where there are no channels."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException
from matters import Matter

from duban import organization
from duban.embedded.places import CHECKOUT
from duban.errors import Refusal
from duban.orchestration import notices

sys.path.insert(0, str(CHECKOUT / "tests" / "orchestration"))
from graphs import graph

Channels = Callable[..., Path]
OFFICE = "    办公室: {连接: duban_office, 发到: 办公室群}\n"


def connection(monkeypatch: pytest.MonkeyPatch, name: str, config: Any) -> None:
    said = {"conn_type": "apprise", "extra": {"config": config}}
    monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(said))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    noted: list[str] = []

    def go(**params: Any) -> str:
        ti = SimpleNamespace(update_dagrun_note=noted.append)
        monkeypatch.setattr(notices, "get_current_context", lambda: {"ti": ti, "params": params})
        return notices.send()

    return go


def test_an_office_without_channels_has_no_such_dag(channels: Channels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_REHEARSAL", raising=False)
    assert graph("send_notices") is None
    file = channels(OFFICE)
    dag = graph("send_notices")
    assert isinstance(dag, DAG)
    assert (dag.max_active_runs, dag.catchup, list(dag.task_dict)) == (1, False, ["send"])
    assert dag.params.get_param("test").schema["enum"] == [None, "办公室"]
    monkeypatch.setenv("DUBAN_REHEARSAL", "1")
    assert graph("send_notices") is not None
    file.write_text(file.read_text(encoding="utf-8").replace("演练: 发", "演练: 不发"), encoding="utf-8")
    assert graph("send_notices") is None


@pytest.mark.parametrize("many", [False, True])
def test_a_connection_of_airflow_holds_the_addresses(many: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"path": "wecombot://key", "tag": "督办"}
    connection(monkeypatch, "duban_office", [one, {"path": "feishu://x"}] if many else one)
    assert notices.addresses("duban_office") == ["wecombot://key", *(["feishu://x"] if many else [])]
    connection(monkeypatch, "duban_office", {"url": "secret-key"})
    with pytest.raises(Refusal, match="config 要写成") as refused:
        notices.addresses("duban_office")
    assert "secret-key" not in str(refused.value)
    connection(monkeypatch, "duban_office", "{broken secret-key")
    with pytest.raises(Refusal, match="没有能用的连接 duban_office") as refused:
        notices.addresses("duban_office")
    assert "secret-key" not in str(refused.value)


def test_a_run_sends_what_is_due(
    channels: Channels, robot: Any, matter: Matter, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels(OFFICE)
    connection(monkeypatch, "duban_office", {"path": robot.url()})
    assert run() == "新增0条，发出0条，没有发成0条，放弃0条，不必再发0条"
    matter.in_progress().replied()
    assert run().startswith("新增2条，发出2条")
    assert "审核回复：" in robot.said


def test_a_connection_that_is_not_there_fails_its_notices_and_no_run(
    channels: Channels, matter: Matter, run: Any, post: Any
) -> None:
    channels("    办公室: {连接: duban_not_there, 发到: 办公室群}\n")
    run()
    matter.in_progress().replied()
    assert run().startswith("新增2条，发出0条，没有发成2条")
    assert "没有能用的连接 duban_not_there" in post.listed()[0].error


def test_a_channel_can_be_tried(channels: Channels, robot: Any, run: Any, rehearsal_url: str, monkeypatch: Any) -> None:
    channels(OFFICE)
    connection(monkeypatch, "duban_office", {"path": robot.url()})
    assert run(test="办公室").startswith("试发成功")
    assert robot.said.startswith("【演练】这是督办系统的试发消息")
    robot.status = 403
    with pytest.raises(AirflowFailException, match="duban_office：渠道没有收下（HTTP 403）"):
        run(test="办公室")
    with pytest.raises(Refusal, match="没有叫“大喇叭”的渠道；现有：办公室"):
        run(test="大喇叭")
    assert organization.load().notifying.channels
