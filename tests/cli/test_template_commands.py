import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from duban import included
from duban.cli import templates as commands
from duban.errors import Refusal

app = typer.Typer()
app.add_typer(commands.template_app)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["template", *arguments])


def test_all_templates_of_a_bureau_and_of_all() -> None:
    one, every = run("check", "--organization", "baicheng"), run("check")
    assert (one.exit_code, every.exit_code) == (0, 0)
    assert "份模板没有问题" in one.output
    assert len(every.output) > len(one.output)


def test_faults_are_listed_with_their_file_and_the_status_is_1(tmp_path: Path) -> None:
    good = included.path("templates", "baicheng", "退办意见.docx")
    bad = tmp_path / "坏.docx"
    bad.write_bytes(good.read_bytes()[:1000])
    found = run("check", str(good), str(bad))
    assert found.exit_code == 1
    assert f"{bad}：不完整或已经损坏" in found.output
    assert "2 份模板，1 份要改" in found.output
    assert run("check", str(tmp_path / "没有.docx")).exit_code == 1


def test_an_unknown_bureau_is_refused() -> None:
    found = run("check", "--organization", "没有")
    assert isinstance(found.exception, Refusal)


def test_text_is_printed_and_a_bad_file_refused(tmp_path: Path) -> None:
    copy = tmp_path / "git-blob"  # git gives a file of its own, by any name
    shutil.copy(included.path("templates", "baicheng", "退办意见.docx"), copy)
    assert "退办（补办）意见" in run("text", str(copy)).output
    copy.write_bytes(b"x")
    assert isinstance(run("text", str(copy)).exception, Refusal)


@pytest.mark.parametrize("command", ["check", "text"])
def test_help_gives_an_example(command: str) -> None:
    assert "例：duban template" in run(command, "--help").output
