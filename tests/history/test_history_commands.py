"""`duban import-history` and `duban export`, as somebody at the server types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sample_year import SAMPLE
from typer.testing import CliRunner

from duban import ledger
from duban.cli import app


@pytest.fixture
def duban(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    monkeypatch.setenv("DUBAN_VAR", str(tmp_path / "var"))  # no Airflow there
    monkeypatch.delenv("DUBAN_AIRFLOW_URL", raising=False)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_check_import_export_and_import_again(duban: Callable[..., Any], evening: str, tmp_path: Path) -> None:
    assert "没有发现问题：42 件" in duban("import-history", str(SAMPLE), "--check").output
    assert json.loads(duban("items", "--json").output) == []
    done = duban("import-history", str(SAMPLE))
    assert "已接管 42 件" in done.output
    assert "其中在办 7 件" in done.output
    assert "duban resume" in done.output  # no Airflow is configured: its runs are started later
    assert len(json.loads(duban("items", "--json").output)) == 42
    assert duban("verify").exit_code == 0
    again = duban("import-history", str(SAMPLE))
    assert (again.exit_code, "这份历史已经接管过" in str(again.exception)) == (1, True)
    assert "已导出 42 件" in duban("export", str(tmp_path / "台账.xlsx")).output
    assert "不认识" in str(duban("export", str(tmp_path / "台账.pdf")).exception)
    assert "不覆盖" in str(duban("export", str(tmp_path / "台账.xlsx")).exception)


def test_the_empty_form_says_in_its_first_sheet_what_goes_where(duban: Callable[..., Any], evening: str) -> None:
    empty = SAMPLE.with_name("历史台账.xlsx")
    assert "一件也没有" in str(duban("import-history", str(empty), "--check").exception)
    book = openpyxl.load_workbook(empty)
    assert book.sheetnames == ["说明", "督办件", "经过", "已用文号"]
    told = {str(cell.value) for row in book["说明"].iter_rows() for cell in row if cell.value}
    for name in ("督办件", "经过", "已用文号"):
        assert {cell.value for cell in book[name][1]} <= told, name


def test_what_goes_wrong_while_it_is_written_leaves_nothing(
    evening: str, monkeypatch: pytest.MonkeyPatch, duban: Callable[..., Any]
) -> None:
    from duban.history import taking

    written = taking.projected
    calls = iter(range(20))

    def breaks(state: Any) -> Any:
        if next(calls) == 10:
            raise OSError("power cut")
        return written(state)

    monkeypatch.setattr(taking, "projected", breaks)
    assert duban("import-history", str(SAMPLE)).exit_code == 1
    monkeypatch.setattr(taking, "projected", written)
    with ledger.transaction() as session:
        assert ledger.items(session) == []
        assert ledger.verify(session) == []
    assert "已接管 42 件" in duban("import-history", str(SAMPLE)).output
