"""The commands on matters, as somebody at the server types them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from matters import Matter, report
from typer.testing import CliRunner

from duban import ledger
from duban.cli import app
from duban.demo.cast import EXAMPLES

COMMANDS = [name for command in app.registered_commands if (name := command.name)]


@pytest.fixture
def duban(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """Runs a command as `main` does: a refusal is one sentence on stderr and exit status 1."""
    monkeypatch.setenv("DUBAN_VAR", str(tmp_path / "var"))  # no Airflow there
    monkeypatch.delenv("DUBAN_AIRFLOW_URL", raising=False)
    runner = CliRunner()

    def run(*arguments: str) -> Any:
        return runner.invoke(app, list(arguments))

    return run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps_with_an_example(duban: Callable[..., Any], name: str) -> None:
    result = duban(name, "--help")
    assert result.exit_code == 0
    assert f"duban {name}" in result.output


def test_a_unit_works_from_the_command_line(duban: Callable[..., Any], matter: Matter, tmp_path: Path) -> None:
    number = matter.dispatched().number
    assert "已领收待阅批" in duban("receive", number, "--by", "祝明哲").output
    assert "办理中" in duban("read", number, "--opinion", "请法制大队办").output
    extended = duban(
        "extend", number, "--reason", "待鉴定", "--plan", "办结", "--until", "2026-03-16", "--signed-by", "谭志刚"
    )
    assert "第2轮，时限 2026-03-16" in extended.output
    file = tmp_path / "办结报告.docx"
    file.write_bytes(report())
    assert "已回复待审" in duban("reply", number, str(file), "--signed-by", "谭志刚").output


def test_items_filter_and_print_json(duban: Callable[..., Any], new_matter: Callable[..., Matter]) -> None:
    ours, other = new_matter(), new_matter(unit="治安支队")
    ours.in_progress()
    assert "共 2 件" in duban("items").output
    rows = json.loads(duban("items", "--json", "--unit", "经侦支队", "--state", "办理中").output)
    assert [(row["number"], row["state_text"], row["due_on"]) for row in rows] == [
        (ours.number, "办理中", "2026-03-09")
    ]
    assert json.loads(duban("items", "--json", "--overdue").output) == []
    ours.at(3, 10)
    assert [row["number"] for row in json.loads(duban("items", "--json", "--overdue").output)] == [ours.number]
    assert other.state.unit == "zhian"


def test_show_tells_what_happened_with_its_clause(duban: Callable[..., Any], matter: Matter) -> None:
    number = matter.dispatched().number
    assert "五（三）" in duban("show", number).output
    told = json.loads(duban("show", number, "--json").output)
    assert told["events"][-1]["kind"] == "documented"


def test_a_spreadsheet_is_registered_whole_or_not_at_all(
    duban: Callable[..., Any], rehearsal_url: str, tmp_path: Path
) -> None:
    forms = json.loads((EXAMPLES / "matters.json").read_text(encoding="utf-8"))
    rows = forms if isinstance(forms, list) else forms[next(iter(forms))]
    unit = next(name for name in ("承办单位", "unit") if name in rows[4])
    bad = tmp_path / "登记表.json"
    bad.write_text(json.dumps([*rows[:4], rows[4] | {unit: "火星分局"}], ensure_ascii=False), encoding="utf-8")
    refused = duban("register", str(bad))
    assert "火星分局" in str(refused.exception)
    assert "共 0 件" in duban("items").output
    done = duban("register", str(EXAMPLES / "matters.xlsx"))
    assert "已登记 12 件" in done.output
    assert "流程未启动" in done.output
    assert "已登记 12 件" in duban("register", str(EXAMPLES / "matters.xlsx")).output, "the same file again"
    with ledger.transaction() as session:
        assert len(ledger.items(session)) == 12


def test_documents_are_written_where_one_wants_them(duban: Callable[..., Any], matter: Matter, tmp_path: Path) -> None:
    number = matter.dispatched().number
    duban("documents", number, "--out", str(tmp_path / "文书"))
    assert [file.name for file in (tmp_path / "文书").iterdir()] == [f"{number} 领导批示督办通知单.docx"]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["show", "BC-2026-9999"], 1, "台账里没有编号为 BC-2026-9999 的督办件"),
        (["items", "--state", "飞了"], 1, "没有“飞了”这种状态"),
        (["receive"], 2, "Missing argument"),
        (["extend", "BC-2026-0001", "--until", "三月"], 2, "until"),
    ],
)
def test_errors_go_to_stderr_in_one_sentence(
    rehearsal_url: str, arguments: list[str], status: int, sentence: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from duban.cli import main; main()", *arguments], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (status, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
