"""The commands about rules and days, as a check outside would call them."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from duban import cli, included


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def duban(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the command in this process (a new one takes seconds to start) and return what it said."""

    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["duban", *words])
        try:
            cli.main()
            status = 0
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 0
        said = capsys.readouterr()
        return Done(status, said.out, said.err)

    return run


Run = Callable[..., Done]


def refused(done: Done, says: str) -> None:
    assert done.returncode == 1
    assert done.stdout == ""
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_deadline_tells_due_basis_counted_days_and_why_it_rolled(duban: Run) -> None:
    done = duban("deadline", "--regulation", "baicheng-2020", "--rule", "general", "--from", "2026-02-13")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["due"] == "2026-02-24"
    assert said["basis"] == {"clause": "六（一）", "text": "一般督办事项"}
    assert said["counted"] == [f"2026-02-{day}" for day in range(14, 19)]
    assert "春节" in said["rolled"]
    assert said["late_after"] == "2026-02-25T00:00:00+08:00"


def test_deadline_of_a_rule_from_an_hour(duban: Run) -> None:
    words = ["deadline", "--regulation", "baicheng-2020", "--rule", "dispatch", "--from", "2026-03-06", "--at"]
    assert json.loads(duban(*words, "16:30").stdout)["due"] == "2026-03-06"
    assert json.loads(duban(*words, "17:30").stdout)["due"] == "2026-03-09"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--regulation", "nix", "--rule", "general", "--from", "2026-02-13"], "没有编号为“nix”的制度"),
        (["--regulation", "baicheng-2020", "--rule", "nix", "--from", "2026-02-13"], "可用：general"),
        (["--regulation", "baicheng-2020", "--rule", "dated", "--from", "2026-02-13"], "按通知单上写明的日期"),
        (["--regulation", "baicheng-2020", "--rule", "complex", "--from", "2036-12-30"], "include/calendar/2037.yaml"),
    ],
)
def test_deadline_refuses_in_one_sentence(duban: Run, words: list[str], says: str) -> None:
    refused(duban("deadline", *words), says)


def test_workdays(duban: Run) -> None:
    done = duban("workdays", "--from", "2026-09-30", "--add", "2")
    assert json.loads(done.stdout)["date"] == "2026-10-09"


def test_workdays_of_an_unpublished_year_are_refused(duban: Run) -> None:
    refused(duban("workdays", "--from", "2036-12-30", "--add", "5"), "include/calendar/2036.yaml")


@pytest.mark.parametrize(
    "words",
    [
        ["workdays", "--from", "30.9.2026", "--add", "2"],
        ["workdays", "--from", "2026-02-30", "--add", "2"],
        ["workdays", "--from", "2026-09-30", "--add", "0"],
        ["workdays", "--from", "2026-09-30"],
        ["deadline", "--regulation", "baicheng-2020", "--rule", "general", "--from", "2026-02-13", "--at", "25:00"],
        ["regulation", "check"],
    ],
)
def test_wrong_usage_is_two(duban: Run, words: list[str]) -> None:
    done = duban(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_sound_regulation_passes(duban: Run) -> None:
    done = duban("regulation", "check", str(included.path("regulations", "baicheng-2020.md")))
    assert (done.returncode, done.stderr) == (0, "")


def test_each_fault_of_a_regulation_with_its_line(duban: Run, tmp_path: Path) -> None:
    text = included.path("regulations", "baicheng-2020.md").read_text(encoding="utf-8")
    text = text.replace("时限: 15日", "时限: 15").replace("宽限: 2个工作日", "宽限: 2个工作曰")
    file = tmp_path / "baicheng-2020.md"
    file.write_text(text, encoding="utf-8")
    done = duban("regulation", "check", str(file))
    lines = [n for n, line in enumerate(text.splitlines(), start=1) if "工作曰" in line or "时限: 15}" in line]
    assert done.returncode == 1
    assert [said.split("：")[0] for said in done.stderr.splitlines()] == [f"{file}:{line}" for line in lines]


@pytest.mark.parametrize("name", ["baicheng", "bureau", "lanzhou"])
def test_our_organizations_pass(duban: Run, name: str) -> None:
    done = duban("organization", "check", str(included.path("organizations", f"{name}.yaml")))
    assert (done.returncode, done.stderr) == (0, "")


def test_each_fault_of_an_organization_with_its_line(duban: Run, tmp_path: Path) -> None:
    text = included.path("organizations", "baicheng.yaml").read_text(encoding="utf-8")
    text = text.replace("  法制: {全称", "  法治: {全称").replace("电话: 0436-5550131", "电话: 内线")
    file = tmp_path / "baicheng.yaml"
    file.write_text(text, encoding="utf-8")
    done = duban("organization", "check", str(file))
    assert done.returncode == 1
    (line,) = [n for n, line in enumerate(text.splitlines(), start=1) if "内线" in line]
    assert done.stderr.startswith(f"{file}:{line}：电话“内线”")
    file.write_text(text.replace("电话: 内线", "电话: 0436-5550131"), encoding="utf-8")
    assert "联合督办有“法制”" in duban("organization", "check", str(file)).stderr


def test_a_file_that_is_not_there(duban: Run, tmp_path: Path) -> None:
    refused(duban("regulation", "check", str(tmp_path / "nix.md")), "读不出来")
    refused(duban("organization", "check", str(tmp_path / "nix.yaml")), "读不出来")


def test_the_command_itself_refuses_without_a_traceback() -> None:
    script = "from duban.cli import main; main()"
    words = ["workdays", "--from", "2036-12-30", "--add", "5"]
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
    refused(Done(done.returncode, done.stdout, done.stderr), "include/calendar/2036.yaml")


def test_a_routine_matter_is_due_on_its_weekday(duban: Run) -> None:
    done = duban("deadline", "--regulation", "baicheng-2020", "--rule", "routine", "--from", "2026-04-27")
    said = json.loads(done.stdout)
    assert said["due"] == "2026-04-30"
    assert said["basis"]["clause"] == "六（四）"
    assert "劳动节" in said["rolled"]


def test_the_reference_page_is_what_the_shapes_say(duban: Run) -> None:
    page = Path(__file__).parent.parent / "docs" / "rule-shapes.md"
    assert duban("regulation", "shapes").stdout == page.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["deadline"], ["workdays"], ["regulation", "check"], ["organization", "check"]])
def test_help_has_an_example(duban: Run, words: list[str]) -> None:
    done = duban(*words, "--help")
    assert done.returncode == 0
    assert f"例：duban {' '.join(words)}" in done.stdout
