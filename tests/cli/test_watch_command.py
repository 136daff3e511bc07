"""`duban watch`: the list on the screen and as JSON, whether or not there is an Airflow to ask."""

import json
from typing import Any

import pytest
from matters import Matter
from typer.testing import CliRunner

from duban.cli import app, runs


def run(*args: str) -> str:
    result = CliRunner().invoke(app, ["watch", *args])
    assert result.exit_code == 0, result.output
    return result.output


def test_watch_lists_by_kind_and_says_no_title(matter: Matter) -> None:
    assert run() == "今日没有需要提示的事项。\n"
    matter.in_progress().at(3, 12)
    said = run()
    assert "【逾期】\n  白公督〔2026〕1号（经侦支队）逾期3天（五（五））" in said
    assert "安居小区" not in said
    kinds = {one["kind"]: one for one in json.loads(run("--json"))}
    assert (kinds["overdue"]["number"], kinds["overdue"]["kind_text"]) == (matter.number, "逾期")


def test_watch_finds_a_changed_ledger_unless_it_is_to_be_quick(matter: Matter, rehearsal_url: str) -> None:
    import psycopg

    with psycopg.connect(rehearsal_url.replace("duban@", "postgres@"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE event SET data = data || '{\"x\": 1}' WHERE kind = 'registered'")
    assert "【台账核对】" in run()
    assert "【台账核对】" not in run("--quick")


class Airflow:
    """Lists its runs a page at a time."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids

    def __enter__(self) -> "Airflow":
        return self

    def __exit__(self, *_: object) -> None: ...

    def get(self, path: str, *, offset: int, limit: int, **_: Any) -> Any:
        page = self.ids[offset : offset + min(limit, 100)]
        return {"dag_runs": [{"dag_run_id": one, "conf": {}} for one in page]}


def test_a_matter_whose_run_is_gone(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [f"BC-2025-{n:04}" for n in range(250)]
    monkeypatch.setattr(runs.client, "is_configured", lambda: True)
    monkeypatch.setattr(runs.client, "connect", lambda: Airflow([*others, f"{matter.number}.2"]))
    assert runs.lost() == set()
    monkeypatch.setattr(runs.client, "connect", lambda: Airflow(others))
    assert runs.lost() == {matter.number}
    assert "没有在办的流程" in run("--quick")
    monkeypatch.setattr(runs.client, "is_configured", lambda: False)
    assert runs.lost() is None
