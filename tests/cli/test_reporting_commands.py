"""The commands for weekly reports, campaigns and divided matters, as somebody at the server types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from matters import Matter, report
from typer.testing import CliRunner

from duban.cli import app

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


@pytest.fixture
def duban(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    monkeypatch.setenv("DUBAN_VAR", str(tmp_path / "var"))  # no Airflow there
    monkeypatch.delenv("DUBAN_AIRFLOW_URL", raising=False)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.mark.rule("BC-6.4")
def test_a_week_is_reported_and_sent_back(
    duban: Callable[..., Any], new_matter: Callable[..., Matter], tmp_path: Path
) -> None:
    number = new_matter(type="routine").in_progress().number
    file = tmp_path / "周报.docx"
    file.write_bytes(report("本周进展"))
    said = ("period", number, "--progress", "已走访十二户", "--carried-out", "已落实", "--percent", "40")
    assert "第2轮，时限 2026-03-13" in duban(*said, "--file", str(file)).output
    back = duban("return-period", number, "--requirement", "补充数据", "--due", "2026-03-04")
    assert "退回补办（第3轮，时限 2026-03-04）" in back.output
    assert duban("return-period", number, "--requirement", "补", "--reason", "不好").exit_code == 1
    assert duban("decompose", number).exit_code == 1


@pytest.mark.rule("ZW-1.1", "ZW-2.1")
def test_a_campaign_is_registered_from_its_spreadsheet(duban: Callable[..., Any], rehearsal_url: str) -> None:
    done = duban("register", str(EXAMPLES / "政务公开.xlsx"), "--type", "staged")
    assert "已登记 10 件" in done.output
    assert "已登记 10 件" in duban("register", str(EXAMPLES / "政务公开.xlsx"), "--type", "staged").output
    assert len(json.loads(duban("items", "--json").output)) == 10
