"""`duban archive`: look first, archive, run again, check."""

from pathlib import Path

import pytest
from matters import Matter
from typer.testing import CliRunner

from duban import cli
from duban.errors import Refusal


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, ["archive", *arguments])
    if isinstance(done.exception, Refusal):
        return 1, str(done.exception)
    return done.exit_code, done.output


def test_look_archive_again_and_check(matter: Matter, tmp_path: Path) -> None:
    matter.in_progress().replied().closed()
    before = matter.kinds()
    code, said = run("--year", "2026", "--preview")
    assert (code, matter.kinds()) == (0, before)
    assert f"待归档1个督办件（期刊），共2件；已归档0个。\n  {matter.number}" in said

    code, said = run("--year", "2026", "--out", str(tmp_path / "out"))
    assert code == 0
    assert "2026年度归档：新列入1个督办件（期刊），共2件；结转下年0个。" in said
    assert "本年还没有过完" in said
    assert "经侦支队的归档包已做好" in said

    code, said = run("--year", "2026", "--out", str(tmp_path / "out"))
    assert "没有新列入的，此前已列入1个" in said
    assert said.count("此前已经做好，核对无误") == 2

    assert run("--verify", str(tmp_path / "out"))[0] == 0
    next((tmp_path / "out").rglob("*.docx")).write_bytes(b"x")
    code, said = run("--verify", str(tmp_path / "out"))
    assert (code, said) == (1, "1个归档包与做好时不符（见上），请查明原因。")


def test_a_package_that_was_not_finished_is_none(tmp_path: Path) -> None:
    (tmp_path / ".BC-GD-2026-office.partial").mkdir()
    (tmp_path / ".BC-GD-2026-office.partial" / "bagit.txt").write_text("x")
    code, said = run("--verify", str(tmp_path))
    assert (code, "没有归档包" in said) == (1, True)


def test_one_unit_alone(matter: Matter, tmp_path: Path) -> None:
    matter.in_progress().replied().closed()
    assert run("--year", "2026", "--out", str(tmp_path / "out"), "--unit", "经侦支队")[0] == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["BC-GD-2026-jingzhen"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--year", "2027", "--out", "x"], 1, "2027年还没有开始"),
        (["--year", "2026", "--out", "x", "--unit", "没有的"], 1, "没有叫“没有的”的承办单位"),
        (["--verify", "没有的文件夹"], 1, "没有归档包"),
        (["--out", "x"], 2, "--year"),
        (["--year", "2026"], 2, "--out"),
        (["--year", "abc", "--out", "x"], 2, "--year"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(
    rehearsal_url: str, arguments: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, told = run(*arguments)
    assert found == code
    assert said in told
    assert not (tmp_path / "x").exists()
