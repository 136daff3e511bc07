from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import typer
from typer.testing import CliRunner, Result

from duban import clock, ledger
from duban.cli import ledger as commands
from duban.errors import Refusal

app = typer.Typer()
app.add_typer(commands.db_app, name="db")
app.command()(commands.verify)
app.command()(commands.rehearse)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def now() -> datetime:
    with ledger.transaction() as session:
        return clock.now(session)


def test_an_empty_database_is_not_current_until_it_is_upgraded(
    new_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_URL", new_database())
    refused = run("db", "check")
    assert refused.exit_code == 1
    assert isinstance(refused.exception, Refusal)
    assert "duban db upgrade" in str(refused.exception)
    assert "正式台账" in run("db", "upgrade").output
    assert run("db", "check").exit_code == 0
    assert run("verify").exit_code == 0


def test_a_rehearsal_is_made_with_its_hour_and_moved(
    new_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_URL", new_database())
    assert (
        "演练台账，现在是 2026-03-02 09:0" in run("db", "upgrade", "--rehearsal", "--start", "2026-03-02T09:00").output
    )
    start = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
    assert "2026-03-07 09:0" in run("rehearse", "--advance", "5d").output
    assert "2026-03-07 17:3" in run("rehearse", "--advance", "8h30m").output
    assert timedelta(days=5, hours=8, minutes=30) <= now() - start < timedelta(days=5, hours=8, minutes=32)
    assert "2026-03-09 09:00" in run("rehearse", "--to", "2026-03-09T09:00").output
    refused = run("rehearse", "--to", "2026-03-01T09:00")
    assert "只能往前走" in str(refused.exception)


@pytest.mark.parametrize(
    "arguments",
    [
        ("rehearse",),
        ("rehearse", "--advance", "5"),
        ("rehearse", "--advance", "-5d"),
        ("rehearse", "--advance", "5d "),
        ("rehearse", "--advance", "9999999d"),
        ("rehearse", "--advance", "1d", "--to", "2026-03-09T09:00"),
        ("rehearse", "--to", "明天"),
        ("db", "upgrade", "--start", "2026-03-02T09:00"),
    ],
)
def test_wrong_usage_is_2_and_changes_nothing(rehearsal_url: str, arguments: tuple[str, ...]) -> None:
    before = now()
    assert run(*arguments).exit_code == 2
    assert now() - before < timedelta(minutes=1)


def test_time_in_a_real_ledger_is_not_moved(ledger_url: str) -> None:
    refused = run("rehearse", "--advance", "1d")
    assert refused.exit_code == 1
    assert "正式台账" in str(refused.exception)


def test_a_broken_ledger_is_listed_and_fails(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "verify", lambda: ["督办件 甲 缺第 2 条记录。", "督办件 乙 缺第 3 条记录。"])
    broken = run("verify")
    assert broken.exit_code == 1
    assert broken.stderr.splitlines()[:2] == ["督办件 甲 缺第 2 条记录。", "督办件 乙 缺第 3 条记录。"]
    assert "2 处不符" in str(broken.exception)


@pytest.mark.parametrize("command", [("db", "upgrade"), ("db", "check"), ("verify",), ("rehearse",)])
def test_every_command_explains_itself_with_an_example(command: tuple[str, ...]) -> None:
    help_text = run(*command, "--help")
    assert help_text.exit_code == 0
    assert f"例：duban {' '.join(command)}" in help_text.output
