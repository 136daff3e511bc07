"""The commands for what turns up while a matter runs, as somebody at the server types them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from matters import Matter
from typer.testing import CliRunner

from duban.cli import app
from duban.errors import Refusal


@pytest.fixture
def duban(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Runs a command that has to succeed and returns what it prints; what it refuses is raised."""
    monkeypatch.setenv("DUBAN_VAR", str(tmp_path / "var"))  # no Airflow there
    monkeypatch.delenv("DUBAN_AIRFLOW_URL", raising=False)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, list(arguments))
        if result.exception is not None:
            raise result.exception
        return result.output

    return run


def test_what_the_office_puts_on_record_while_a_unit_is_at_work(duban: Callable[..., str], matter: Matter) -> None:
    number = matter.in_progress().number
    duban("track", number, "--how", "电话", "--text", "正在取证")
    duban("urge", number, "--how", "电话", "--text", "请抓紧")
    duban("inspect", number, "--people", "田雨欣", "--on", "2026-03-02", "--findings", "台账齐全")
    matter.extend(matter.today().replace(day=16))
    assert "时限 2026-03-12" in duban("object-extension", number, "--reason", "理由不充分", "--due", "2026-03-12")
    split = ("--unit", "经侦支队", "--unit", "刑侦支队")
    duban("coordinate", number, *split, "--ruling", "经侦牵头", "--by", "戚望山", "--on", "2026-03-02")
    duban("papers", number)
    assert {"tracked", "urged_by_hand", "inspected", "extension_objected", "coordinated"} <= set(matter.kinds())


def test_a_unit_declines_from_the_command_line(duban: Callable[..., str], matter: Matter) -> None:
    assert "退件待定" in duban("decline", matter.dispatched().number, "--reason", "不属本单位职责")


def test_after_the_closing_visits_praise_cases_and_further_work(duban: Callable[..., str], matter: Matter) -> None:
    number = matter.in_progress().replied().closed().number
    visit = ("--party", "王小明", "--on", "2026-03-02", "--how", "电话", "--opinion", "没有人来过")
    duban("follow-up", number, *visit, "--differs")
    duban("praise", number, "--level", "通报表扬", "--reason", "办理及时")
    above = duban("criticise", number, "--level", "致上级通报", "--reason", "反馈超时", "--other", "法制支队")
    case = "case:criticised:1"
    assert f"未了结的问责 {case}" in above
    for unit, name in (("经侦支队", "谭志刚"), ("法制支队", "蔺守正")):
        duban("render-account", number, "--case", case, "--unit", unit, "--text", "经过", "--signed-by", name)
    assert "未了结" not in duban("resolve-case", number, "--case", case, "--outcome", "提醒谈话")
    assert "case:leaked:1" in duban("leak", number, "--text", "告知当事人", "--person", "某民警")
    assert "第2轮" in duban("further-work", number, "--requirement", "跟踪一个月", "--due", "2026-04-03")


def test_what_is_refused_is_one_sentence(duban: Callable[..., str], matter: Matter) -> None:
    number = matter.in_progress().number
    with pytest.raises(Refusal, match="要有电子文稿"):
        duban("reply-on-paper", number, "--place", "文件柜", "--signed-by", "谭志刚")
    with pytest.raises(Refusal, match="没有“偷懒”这种追责情形"):
        duban("hold-to-account", number, "--ground", "偷懒", "--reason", "逾期")
