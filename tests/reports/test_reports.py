"""What each report says of matters in every turn that they take, and of a period in which hardly anything was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bureaus import at_work
from matters import Matter
from reckoning import assert_reconciles, rows, tables
from typer.testing import CliRunner

from duban import acts, clock, ledger, organization, regulation
from duban.cli import app
from duban.errors import Refusal
from duban.organization import Merged
from duban.reports import lights, making, spans
from duban.reports.heading import Period, as_of_text, end_of
from duban.statistics import standings

Make = Callable[..., Matter]
COVERT = {"mode": "covert", "consent_by": "顾长风", "consent_on": "2026-03-01", "consent_number": "白公党纪〔2026〕3号"}
SECRET = {"mark": "机密★5年", "paper": "保密室", "requirement": "", "instruction_text": "", "title": "甲号事项"}
VISIT = {
    "people": "田雨欣、冯立言",
    "place": "办案区",
    "on": "2026-03-02",
    "findings": "三起警情没有登记。",
    "causes": "制度没有落实。",
    "measures": "补录警情。",
}


def moment(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI)


def made(kind: str, on: date | None = None, org: Any = None) -> tuple[dict[str, Any], bytes]:
    """A report as of now, or of the end of a day before, as JSON and as a spreadsheet."""
    with ledger.transaction() as session:
        now, law = clock.now(session), regulation.load()
        period = spans.period(kind, on or now.date(), law, now)
        report = making.report(kind, session, law, org or organization.load(), period)
    said = report.as_json()
    assert_reconciles(said, kind)
    return said, making.spreadsheet(kind, report)


def lines(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {line["number"]: line for unit in said["units"] for line in unit["lines"]}


def told(said: Any) -> str:
    return str(said)


# 周报


@pytest.mark.rule("BC-6.4", "A13")
def test_6_4_the_week_begins_after_the_last_friday_that_was_a_working_day(rehearsal_url: str) -> None:
    law = regulation.load("baicheng-2020")
    now = moment(12, 31)
    days = {
        "2026-03-20": "2026-03-14",  # Friday to Friday
        "2026-03-18": "2026-03-14",  # asked for by hand in the middle of the week
        "2026-04-30": "2026-04-25",  # Friday is 劳动节: the report is of Thursday …
        "2026-05-08": "2026-05-01",  # … and the next week goes on after it
    }
    for last, first in days.items():
        assert spans.period("weekly", date.fromisoformat(last), law, now).first == date.fromisoformat(first), last


@pytest.mark.rule("T13", "T18", "BC-6.4")
def test_5_5_lights_follow_the_reminders_of_the_regulation(matter: Matter) -> None:
    matter.in_progress()
    seen = {}
    for day, hour in ((2, 10), (3, 9), (4, 9), (6, 9), (9, 23), (10, 9)):
        matter.at(3, day, hour)
        line = lines(made("weekly")[0])[matter.number]
        seen[day] = (line["light"], line["days_left"], line["due_text"])
    assert matter.state.rounds[0].due_on == date(2026, 3, 9)  # five days on a Saturday, moved to Monday
    assert seen == {
        2: ("green", 7, "还有7天"),
        3: ("green", 6, "还有6天"),
        4: ("yellow", 5, "还有5天"),  # 到期提醒: three working days before
        6: ("yellow", 3, "还有3天"),
        9: ("yellow", 0, "今天到期"),
        10: ("red", -1, "逾期1天"),
    }
    assert "《白城市公安局政务工作督办制度》五（五）" in made("weekly")[0]["lights_told"]


@pytest.mark.rule("T13")
def test_a_regulation_that_urges_by_colour_gives_its_own_lights(
    new_matter: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_INCLUDE", str(Path(__file__).parents[1] / "regulations" / "fixtures" / "jiangcheng"))
    monkeypatch.setenv("DUBAN_REGULATION", "jiangcheng-2026")
    matter = at_work(new_matter, "网络安全处", source=2, instruction_by="江海澄")
    assert matter.state.rounds[-1].due_on == date(2026, 3, 10)
    seen = {}
    for day in (4, 5, 9, 10, 11, 12):
        matter.at(3, day, 10)
        line = lines(made("weekly")[0])[matter.number]
        seen[day] = (line["light"], line["overdue"])
    assert seen == {
        4: ("green", False),
        5: ("yellow", False),
        9: ("yellow", False),
        10: ("orange", False),
        11: ("orange", True),  # late, and the red step comes two working days after the deadline
        12: ("red", True),
    }
    said = made("weekly")[0]
    assert [part["name"] for part in said["lights"]["parts"]][:4] == ["绿灯", "黄灯", "橙灯", "红灯"]
    assert "到期前3个工作日起黄灯（黄色提示）" in said["lights_told"]


def test_a_regulation_without_reminders_has_no_yellow_and_says_so() -> None:
    law = regulation.load("lanzhou")
    assert "不设黄灯" in lights.told(law)
    assert "orange" not in lights.shown(law)


@pytest.mark.rule("T15", "A10")
def test_what_lies_with_the_office_has_no_light_and_is_not_overdue(new_matter: Make) -> None:
    waiting, replied = new_matter(), new_matter().in_progress().replied()
    replied.at(3, 20)
    said = made("weekly")[0]
    assert {lines(said)[one.number]["light"] for one in (waiting, replied)} == {"none"}
    assert said["overdue"]["value"] == 0


@pytest.mark.rule("T18", "BC-6.4")
def test_all_that_is_overdue_is_listed_however_old(new_matter: Make) -> None:
    old = new_matter().in_progress().at(3, 10)
    old.at(11, 2)
    young = new_matter().in_progress().at(11, 10)
    said, book = made("weekly")
    assert {old.number, young.number} == set(said["overdue"]["numbers"])
    assert [row["编号"] for row in rows(book, "逾期件")] == [old.number, young.number]
    ages = {part["key"]: part["figure"]["value"] for part in said["ages"]["parts"]}
    assert (ages["more"], ages["3"]) == (1, 1)
    assert rows(book, "逾期件")[0]["时限情况"] == "逾期246天"


def test_a_line_tells_the_last_progress_and_what_changed_in_the_week(matter: Matter) -> None:
    matter.in_progress().at(3, 5)
    acts.report_progress(matter.number, matter.unit, "已走访\n十二户，正在核对。")
    matter.at(3, 10)
    acts.urge_by_hand(matter.number, matter.clerk, "phone", "请抓紧。")
    line = lines(made("weekly", date(2026, 3, 6))[0])[matter.number]
    assert (line["progress"], line["progress_on"]) == ("已走访 十二户，正在核对。", "2026-03-05")
    assert line["changes"] == ["3月2日登记", "3月2日交办（限3月9日）", "3月2日领收", "3月5日报进展"]
    assert lines(made("weekly")[0])[matter.number]["changes"] == ["3月10日逾期", "3月10日催办"]


# 涉密、暗访、指定人员


@pytest.mark.rule("BC-8.4", "SK-3.2")
def test_of_a_state_secret_only_number_mark_and_unit_are_shown(new_matter: Make) -> None:
    secret = new_matter(**SECRET).in_progress().at(3, 12)
    plain = new_matter().in_progress()
    acts.criticise(secret.number, secret.clerk, "criticised", "见纸质件")
    for kind, sheet in (("weekly", "在办件"), ("bulletin", "逾期件")):
        said, book = made(kind)
        assert "甲号" not in told(said) + told(tables(book))
        assert said["heading"]["mark"] == "机密★5年"  # a compilation carries the highest mark of its parts
        row = next(row for row in rows(book, sheet) if row["编号"] == secret.number)
        shown = {name for name, value in row.items() if value is not None}
        assert shown == {"序号", "编号", "密级", "事项", "承办单位"}
        assert row["事项"] == "（涉密件，内容见纸质件）"
    said, _book = made("weekly")
    assert said["secret"]["numbers"] == said["overdue"]["numbers"] == [secret.number]
    assert set(said["open"]["numbers"]) == {secret.number, plain.number}


@pytest.mark.rule("SK-3.2")
def test_a_covert_matter_is_in_nothing_before_its_release(new_matter: Make) -> None:
    covert = new_matter(**COVERT, title="夜间值守情况的暗访")
    new_matter().in_progress()
    covert.at(3, 4)
    for kind in ("weekly", "bulletin"):
        said, book = made(kind)
        assert covert.number not in told(said) + told(tables(book))
        assert "暗访" not in told(said) + told(tables(book))
    covert.at(3, 5).decide("visit", "转承办单位办理", **VISIT)
    covert.at(3, 6)
    assert covert.number in made("weekly")[0]["open"]["numbers"]
    with ledger.transaction() as session:  # and what is printed of an earlier day still does not have it
        assert covert.number not in {one.number for one in standings(session, moment(3, 4))}


@pytest.mark.rule("MM-5.5")
def test_what_only_named_people_may_see_is_listed_without_content(
    new_matter: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    reader = organization.load().unit("规划财务科").head.user
    matter = at_work(
        new_matter,
        "规划财务科",
        source=3,
        instruction_by="秦维岳",
        due_on="2026-03-20",
        title="某项谈话",
        readers=reader,
    )
    said, book = made("monthly")
    assert "某项谈话" not in told(said) + told(tables(book))
    assert said["summary"]["total"]["numbers"] == [matter.number]


# 月份之间


@pytest.mark.rule("T24", "A10")
def test_a_matter_returned_in_one_month_and_accepted_in_the_next_is_open_in_the_first(matter: Matter) -> None:
    matter.at(3, 24).in_progress().replied().at(3, 26)
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充核查。")
    then = made("bulletin", date(2026, 3, 26))[0]
    matter.at(4, 1).replied("补充核查的报告").closed()
    matter.at(4, 30, 23)
    march, april = made("bulletin", date(2026, 3, 31))[0], made("bulletin")[0]
    for said in (then, march):
        assert said["summary"]["outcome"]["parts"][2]["figure"]["numbers"] == [matter.number]
        assert said["summary"]["rates"][0]["text"] == "0.0%"
    assert april["summary"]["origin"]["parts"][0]["figure"]["numbers"] == [matter.number]  # 上期结转
    assert april["summary"]["outcome"]["parts"][0]["figure"]["numbers"] == [matter.number]
    assert april["summary"]["rates"][0]["text"] == "100.0%"


@pytest.mark.parametrize("law", ["baicheng-2020", "bureau-2019", "lanzhou"])
def test_a_month_without_matters_has_its_reports_without_a_single_rate(
    law: str, rehearsal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", law)
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    count = 0
    for kind in making.KINDS:
        try:
            said, book = made(kind)
        except Refusal:
            continue
        count += 1
        assert "None" not in told(tables(book)["总览"])
        assert not any(one["value"] for one in figures(said))
    assert count >= 2


def figures(said: Any) -> list[dict[str, Any]]:
    if isinstance(said, list):
        return [one for each in said for one in figures(each)]
    if not isinstance(said, dict):
        return []
    if said.keys() == {"value", "numbers"}:
        return [said]
    return [one for each in said.values() for one in figures(each)]


# 单位


def test_a_unit_that_is_in_no_file_any_more_keeps_its_matters_under_its_code(matter: Matter) -> None:
    matter.in_progress().at(3, 12)
    org = organization.load()
    without = replace(org, units={code: unit for code, unit in org.units.items() if code != "jingzhen"})
    for kind in ("weekly", "bulletin"):
        said, book = made(kind, org=without)
        assert "jingzhen（机构文件已无此单位）" in told(tables(book))
        assert said["overdue"]["numbers"] == [matter.number]


def test_the_matters_of_a_merged_unit_are_with_its_heir_from_that_day_on(matter: Matter) -> None:
    matter.in_progress().at(3, 12)
    org = organization.load()
    merged = replace(org.units["jingzhen"], merged=Merged("xingzhen", date(2026, 3, 11)))
    org = replace(org, units={**org.units, "jingzhen": merged})
    (now,) = made("weekly", org=org)[0]["units"]
    (before,) = made("weekly", date(2026, 3, 10), org=org)[0]["units"]
    assert (now["unit"], before["unit"]) == ("xingzhen", "jingzhen")
    load = {unit["unit"]: unit["asked"]["value"] for unit in made("bulletin", org=org)[0]["load"]}
    assert load["xingzhen"] == 1
    assert "jingzhen" not in load


@pytest.mark.rule("T11b")
def test_reports_asked_for_are_with_the_unit_that_was_asked(matter: Matter) -> None:
    matter.dispatched().at(3, 3)
    acts.decline(matter.number, matter.unit, "不是我单位职责")
    matter.decide("reassign", "改派", unit="刑侦支队", reason="属刑侦支队职责。")
    matter.issued()
    acts.deliver(matter.number)
    load = {unit["unit"]: unit for unit in made("bulletin")[0]["load"]}
    assert [load[unit]["asked"]["value"] for unit in ("jingzhen", "xingzhen")] == [1, 1]
    assert [load[unit]["open"]["value"] for unit in ("jingzhen", "xingzhen")] == [0, 1]


# 批示件汇总、进展汇总


@pytest.mark.rule("LZ-3.3")
def test_3_3_who_did_not_reply_is_named_until_there_is_an_answer(
    new_matter: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "lanzhou")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    matter = at_work(
        new_matter, "城关分局", source=4, instruction_by="靳伯言", due_on="2026-03-20", report_to="省公安厅"
    )
    good = at_work(new_matter, "西固分局", source=4, instruction_by="靳伯言", due_on="2026-05-29", report_to="省公安厅")
    for number in (matter.number, good.number):
        acts.lapse(number)
    matter.at(3, 31)
    first, book = made("digest")
    assert first["listed"]["numbers"] == [matter.number]
    row = next(row for row in rows(book, "批示件") if row["编号"] == matter.number)
    assert (row["批示领导"], row["状态"], row["逾期天数"]) == ("靳伯言", "逾期未反馈", 11)
    assert "逾期11天未反馈，予以通报" in row["通报意见"]
    matter.at(4, 30)
    assert made("digest")[0]["listed"]["numbers"] == [matter.number]  # named again: still nothing
    assert made("digest", date(2026, 3, 19))[0]["listed"]["value"] == 0


@pytest.mark.rule("MM-3.1", "MM-3.5", "N17")
def test_3_1_who_reported_this_month_and_who_did_not(new_matter: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    said = {"source": 3, "instruction_by": "秦维岳", "type": "routine"}
    diligent, lazy = (at_work(new_matter, unit, **said) for unit in ("规划财务科", "人事教育科"))
    diligent.at(3, 20)
    acts.report_period(diligent.number, diligent.unit, "完成过半", "部分落实", "人手不足", "已经调配", "下月完成", 50)
    lazy.at(3, 31)
    report, book = made("monthly")
    parts = {part["key"]: part["figure"]["numbers"] for part in report["reported"]["parts"]}
    assert (parts["reported"], parts["missing"]) == ([diligent.number], [lazy.number])
    assert report["rate"]["text"] == "50.0%"
    row = next(row for row in rows(book, "进展明细") if row["编号"] == diligent.number)
    assert (row["完成%"], row["落实情况"], row["未落实原因"]) == (50, "部分落实", "人手不足")
    assert row["最近进展"] == "完成过半"


# 文件和命令


def test_a_spreadsheet_takes_text_for_text_and_can_be_printed(new_matter: Make) -> None:
    matter = new_matter(title='=HYPERLINK("http://x","点我")', unit="经侦支队").in_progress()
    said, book = made("weekly")
    file = openpyxl.load_workbook(BytesIO(book))
    sheet = file["在办件"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value and "HYPERLINK" in str(cell.value))
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert sheet.freeze_panes is not None
    setup = sheet.page_setup
    assert (setup.orientation, int(setup.paperSize), int(setup.fitToHeight)) == ("landscape", 9, 0)
    assert sheet.print_title_rows
    assert said["open"]["numbers"] == [matter.number]


def test_the_same_report_gives_the_same_bytes(matter: Matter) -> None:
    matter.in_progress().at(3, 12)
    on = date(2026, 3, 11)
    assert made("weekly", on)[1] == made("weekly", on)[1]


def test_the_state_of_affairs_and_the_day_of_issue_stand_apart(matter: Matter) -> None:
    matter.in_progress().at(3, 20)
    head = made("bulletin", date(2026, 3, 13))[0]["heading"]
    assert (head["as_of_text"], head["issued_on_text"]) == ("2026年3月13日24时", "2026年3月20日")
    assert as_of_text(moment(3, 14, 0)) == "2026年3月13日24时"
    assert as_of_text(moment(3, 13, 23).replace(minute=59, second=59)) == "2026年3月13日24时"
    assert as_of_text(moment(3, 13, 17)) == "2026年3月13日17时"
    assert as_of_text(moment(3, 13, 17).replace(minute=5)) == "2026年3月13日17时5分"


def test_what_lapses_at_the_end_of_the_last_day_is_of_the_next(matter: Matter) -> None:
    matter.in_progress().at(3, 20)
    with ledger.transaction() as session:
        law, org = regulation.load(), organization.load()
        midnight = Period("2026-03-09", date(2026, 3, 3), date(2026, 3, 9), moment(3, 10, 0))
        assert midnight.moment == end_of(date(2026, 3, 9))
        assert making.report("weekly", session, law, org, midnight).overdue.value == 0  # type: ignore[union-attr]


def test_a_year_without_published_holidays_stops_no_report(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    matter.in_progress().at(3, 12)

    def unknown(*_asked: object) -> datetime:
        raise Refusal("2027年的节假日安排尚未录入，不能推算工作日")

    monkeypatch.setattr(lights.deadlines, "before", unknown)
    said, book = made("weekly")
    assert lines(said)[matter.number]["light"] == "red"
    assert "2027年的节假日安排尚未录入" in said["gaps"][0]
    page = openpyxl.load_workbook(BytesIO(book))["总览"]
    assert said["gaps"][0] in [cell.value for row in page.iter_rows() for cell in row]


def test_the_command_puts_the_files_there_and_says_where(matter: Matter, tmp_path: Path) -> None:
    matter.in_progress().at(3, 20)
    out = tmp_path / "报表"
    done = CliRunner().invoke(app, ["report", "weekly", "--date", "2026-03-13", "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    endings = sorted(file.suffix for file in out.iterdir() if file.stem == "办件进展周报 2026-03-13")
    assert endings == [".docx", ".json", ".xlsx"]
    assert "2026年3月7日至2026年3月13日，情况截至2026年3月13日24时" in done.output


@pytest.mark.parametrize(
    ("kind", "on", "said"),
    [
        ("weekly", "2026-03-03", "2026年3月3日还没有到（今天是2026年3月2日）"),
        ("monthly", "2026-03-02", "没有规定每月进展汇总"),
        ("digest", "2026-03-02", "没有规定领导批示件汇总"),
    ],
)
def test_a_day_to_come_and_a_report_that_no_rule_asks_for_are_refused(
    rehearsal_url: str, tmp_path: Path, kind: str, on: str, said: str
) -> None:
    done = CliRunner().invoke(app, ["report", kind, "--date", on, "--out", str(tmp_path / "x")])
    assert isinstance(done.exception, Refusal)
    assert said in str(done.exception)
    assert not (tmp_path / "x").exists()


def test_a_file_that_cannot_be_written_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    making.put(tmp_path, "a.xlsx", b"before")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.os, "fsync", full)
    with pytest.raises(Refusal, match="磁盘空间"):
        making.put(tmp_path, "a.xlsx", b"after")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.xlsx", b"before")]


def test_shares_are_printed_as_percentages(new_matter: Make) -> None:
    for _ in range(3):
        new_matter()
    table = tables(made("bulletin")[1])["总览"]
    closed = next(one for one in table if one[1][0] == "办结")
    assert closed[-1] == ["合计", 3, 1]
    assert Decimal(str(closed[3][2])) == Decimal("1")
