"""`duban score`: the table, the JSON, why a unit has its points, and what another regulation would make of it."""

import json
import shutil

import pytest
from matters import Matter, person
from scoring.conftest import moment
from typer.testing import CliRunner

from duban import acts, included, ledger, periodicals
from duban.cli import app
from duban.errors import Refusal


def run(*args: str) -> str:
    result = CliRunner().invoke(app, ["score", *args])
    assert result.exit_code == 0, result.output
    return result.output


def refused(*args: str) -> str:
    result = CliRunner().invoke(app, ["score", *args])
    assert isinstance(result.exception, Refusal), result.output
    return str(result.exception)


@pytest.fixture
def late(matter: Matter) -> Matter:
    """Late, then accepted with a bad form."""
    matter.in_progress().at(3, 10)
    matter.replied().accepted(format_fault=True)
    return matter


@pytest.mark.rule("N13", "BC-7.1.2", "BC-7.1.3")
def test_score_shows_each_unit_with_its_entries(late: Matter) -> None:
    said = run("--month", "2026-03")
    assert said.startswith("2026年3月督办考核（现算，未通报）　依据《白城市公安局政务工作督办制度》七\n")
    assert " 13   经侦支队    80       -2.5     77.5     1\n" in said
    assert "2026-03-10  -2分  超期回复  七（一）3  白公督〔2026〕1号  应于2026年3月9日报来" in said
    assert "-0.5分  格式不规范  七（一）2  白公督〔2026〕1号  证据：办结报告.docx" in said


def test_score_as_json_has_opening_entries_closing_and_rank(late: Matter) -> None:
    said = json.loads(run("--month", "2026-03", "--json"))
    line = next(unit for unit in said["units"] if unit["unit"] == "jingzhen")
    assert (line["opening"], line["closing"], line["rank"], line["delta"]) == ("80", "77.5", 13, "-2.5")
    assert {"clause", "number", "points", "document", "date", "event"} <= line["entries"][0].keys()
    assert [entry["points"] for entry in line["entries"]] == ["-2", "-0.5"]
    assert said["published"] is False


def test_what_fell_due_is_counted_though_nobody_looked(matter: Matter) -> None:
    matter.in_progress()
    matter.move(moment(3, 12))
    assert "reply_lapsed" not in matter.kinds()
    assert "-2分  超期回复" in run("--month", "2026-03")
    assert "reply_lapsed" in matter.kinds()


def test_explain_names_clause_event_person_and_paper(late: Matter) -> None:
    said = run("--explain", "经侦支队", "2026-03")
    assert "经侦支队：基础分80，期初80，本期-2.5，期末77.5，显示77.5，第13名" in said
    assert "条款：《白城市公安局政务工作督办制度》七（一）3 反馈时限：超期回复的每件次扣2分。" in said
    assert "事由：2026-03-10 00:00 到期未报，应于2026年3月9日报来，BC-2026-0001第" in said
    assert "记录人：督办系统" in said
    assert "记录人：田雨欣" in said
    assert "文书：办结报告.docx" in said
    (first, second) = json.loads(run("--explain", "jingzhen", "2026-03", "--json"))["explained"]
    assert (first["clause_title"], first["entry"]["item"], second["recorded_by"]) == (
        "反馈时限",
        "late_reply",
        "田雨欣",
    )


def test_a_published_month_is_shown_as_it_was_published(late: Matter) -> None:
    late.move(moment(4, 1))
    number = periodicals.open("monthly_scoring", "2026-03")
    state = periodicals.draft(number)
    late.move(state.periodical.objections_until)
    acts.lapse(number)
    for desk, option in (("director", "同意"), ("chief", "同意印发")):
        key = f"score.{desk}:1"
        acts.decide(number, key, option, {"opinion": "", "praised": "", "criticised": ""}, person(desk))
    periodicals.publish(number)
    before = run("--month", "2026-03")
    assert "（已通报）" in before
    at = moment(3, 20)
    data = {"party": "王某", "on": "2026-03-20", "how": "电话", "opinion": "没有办", "consistent": False}
    with ledger.transaction() as session:
        ledger.append(
            session, late.number, ledger.Draft("followed_up", "late", person("office"), "七（一）4", data, at)
        )
    assert run("--month", "2026-03") == before
    following = run("--month", "2026-04")
    assert "-2分  回访不符  七（一）4  白公督〔2026〕1号  回访与回复不符  更正2026-03" in following
    assert " 13   经侦支队    77.5     -2       75.5     1\n" in following


@pytest.mark.rule("MM-7")
def test_another_version_shows_what_would_change(late: Matter, tmp_path, monkeypatch) -> None:
    shutil.copytree(included.path(), tmp_path / "include")
    text = included.path("regulations", "baicheng-2020.md").read_text()
    text = text.replace("编号: baicheng-2020", "编号: baicheng-2027").replace("2020-06-05", "2027-01-01", 1)
    text = text.replace("单位: 白城", "替代: baicheng-2020\n单位: 白城", 1)
    text = text.replace("超期回复: {分值: -2分", "超期回复: {分值: -3分")
    text = text.replace("  格式不规范: {分值: -0.5分, 计次: 每件次, 合并: 格式标准, 合并取: 一次}\n", "")
    text = text.replace("  主要领导未签: {分值: -0.5分, 计次: 每件次, 合并: 格式标准, 合并取: 一次}\n", "")
    (tmp_path / "include" / "regulations" / "baicheng-2027.md").write_text(text)
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path / "include"))
    for period in (("--month", "2026-03"), ("--year", "2026")):
        said = run("--regulation", "baicheng-2027", *period)
        assert "经侦支队    77.5     77       -0.5     13\n" in said
        late = "应于2026年3月9日报来（原-2分）"
        assert f"    改  2026-03-10  -3分  超期回复  七（一）3  白公督〔2026〕1号  {late}" in said
        assert "    减  2026-03-10  -0.5分  格式不规范" in said
    plain = json.loads(run("--regulation", "baicheng-2027", "--month", "2026-03", "--json"))
    changed = next(unit for unit in plain["units"] if unit["unit"] == "jingzhen")
    assert changed["difference"] == "-0.5"
    assert [entry["change"] for entry in changed["entries"]] == ["changes", "vanishes"]
    assert "没有一条加减分会变。" in run("--regulation", "baicheng-2020", "--month", "2026-03")


@pytest.mark.rule("MM-6.1", "LZ-3.3")
def test_the_other_bureaus_list_or_refuse(late: Matter, monkeypatch) -> None:
    said = run("--regulation", "bureau-2019", "--month", "2026-03")
    assert "有一方不计分，分数没有可比的" in said
    assert "经侦支队    77.5     —        —        13→—" in said
    assert "没有规定考核" in refused("--regulation", "lanzhou", "--month", "2026-03")


def test_a_qualitative_bureau_has_a_list(matter: Matter, monkeypatch) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    said = run("--year", "2026")
    assert "本制度只定性、不计分；下列情形供年终考评：\n  没有" in said


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "只写一个"),
        (("--month", "2026-03", "--year", "2026"), "只写一个"),
        (("--month", "2026-3"), "“2026-3”不是考核的期间，请写成月份（2026-03）"),
        (("--month", "2026-03-01"), "不是考核的期间"),
        (("--month", "2026-05"), "2026年5月还没有到"),
        (("--explain", "没有的", "2026-03"), "没有叫“没有的”的承办单位"),
        (("--month", "2026-03", "--regulation", "nope"), "没有编号为“nope”的制度"),
    ],
)
def test_what_cannot_be_scored_is_refused_in_a_sentence(matter: Matter, args: tuple[str, ...], says: str) -> None:
    assert says in refused(*args)
