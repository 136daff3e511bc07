"""The papers of period files: from the snapshot to the page, and made again to the same bytes (rules.md §4)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import docx
import pytest
from bureaus import at_work, holder
from papers_of import HOMES, REGULATIONS
from typer.testing import CliRunner

from duban import acts, clock, ledger, organization, periodicals
from duban.acts import papers
from duban.acts.act import act
from duban.cli.reports import report_app
from duban.errors import Refusal
from duban.marks import highest
from duban.periodicals.score_values import score_values


def moment(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI)


@dataclass
class Opened:
    """A period file of any bureau."""

    number: str

    @property
    def state(self) -> ledger.State:
        with ledger.transaction() as session:
            return ledger.state(session, self.number)

    @property
    def events(self) -> list[ledger.Event]:
        with ledger.transaction() as session:
            return ledger.events(session, self.number)

    @property
    def content(self) -> dict[str, Any]:
        with ledger.transaction() as session:
            return periodicals.snapshot(session, self.number)

    def draft(self) -> None:
        periodicals.draft(self.number)

    def decide(self, kind: str, option: str, **fields: Any) -> None:
        key = self.state.awaits(kind)
        assert key, f"{kind} is not awaited, but {self.state.awaiting}"
        acts.decide(self.number, key, option, fields, holder(kind.partition(".")[2]))


def documents_of(file: Opened) -> dict[str, "docx.document.Document"]:
    made = [event for event in file.events if event.kind == "documented" and "template" in event.data]
    return {one.data["kind"]: docx.Document(io.BytesIO(ledger.fetch_file(one.data["sha256"]))) for one in made}


def paper(file: Opened, kind: str) -> "docx.document.Document":
    return documents_of(file)[kind]


def text(document: "docx.document.Document") -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def rows(document: "docx.document.Document", head: str) -> list[list[str]]:
    """The rows of the table whose head has this column, without the head."""
    for table in document.tables:
        names = [cell.text.replace("　", "") for cell in table.rows[0].cells]
        if head in names:
            return [[cell.text for cell in row.cells] for row in table.rows[1:]]
    raise AssertionError(f"no table with {head}")


def pictures(document: "docx.document.Document") -> int:
    return sum(1 for part in document.part.package.iter_parts() if part.content_type == "image/png")


def same_again(file: Opened) -> None:
    """Every paper of the file made once more from events and snapshot has the same bytes."""
    with act(file.number, periodical=True) as it:
        made = [event for event in ledger.events(it.session, file.number) if "template" in event.data]
        assert made
        for event in made:
            assert papers.again(it, event) == ledger.fetch_file(event.data["sha256"]), event.data["kind"]


@pytest.mark.rule("BC-7.0", "N17", "BC-7.1.3")
def test_7_the_notice_of_the_month_says_what_the_sheet_says(late_month):
    late_month.at(4, 8)
    late_month.published(praised="刑侦支队：办理质量好")
    said, sheet = paper(late_month, "月度考核通报"), late_month.content["sheet"]
    table = rows(said, "期末分")
    assert len(table) == len(sheet["units"]) == 13
    for (rank, name, opening, added, deducted, corrected, closing, shown, matters), unit in zip(
        table, sheet["units"], strict=True
    ):
        assert (rank, name, shown, matters) == (str(unit["rank"]), unit["name"], unit["shown"], str(unit["matters"]))
        assert Decimal(opening) + Decimal(added) + Decimal(deducted) == Decimal(closing) == Decimal(unit["closing"])
        assert corrected == "0"
    (entry,) = rows(said, "条款")
    assert entry[1:3] == ["经侦支队", late_month.entry("late_reply")["reference"]]
    assert entry[4:] == ["七（一）3", "-2", late_month.entry("late_reply")["date"]]
    assert "参加考核的单位13个，基础分80分。本期记分1条，补记和更正以前期间的记分0条，处理异议0件。" in text(said)
    assert "关于2026年3月督办考核情况的通报" in text(said)
    assert "统计截至2026年3月31日24时" in text(said)
    assert rows(said, "事项")[0][1::2] == ["刑侦支队", "办理质量好"]
    assert pictures(said) == 1
    same_again(late_month)


@pytest.mark.rule("N17")
def test_7_an_objection_is_answered_on_a_paper_and_listed_in_the_notice(late_month):
    late_month.object(reason="3月11日已送达，邮件为证")
    late_month.decide("objection.office", "异议成立", reason="核对送文登记，确已送达。")
    answer = paper(late_month, "考核异议处理意见")
    words = [cell.text for row in answer.tables[0].rows for cell in row.cells]
    for said in (
        "白城市公安局经济犯罪侦查支队",
        "3月11日已送达，邮件为证",
        "核对送文登记，确已送达。",
        "七（一）3",
        "-2",
    ):
        assert said in words
    assert "异议成立，这一条不计分" in words
    late_month.at(4, 8)
    late_month.draft()
    late_month.published()
    said = paper(late_month, "月度考核通报")
    (row,) = rows(said, "异议理由")
    assert row[1] == "经侦支队"
    assert row[3:] == ["3月11日已送达，邮件为证", "异议成立，这一条不计分：核对送文登记，确已送达。"]
    assert rows(said, "条款") == [["本期没有加分、扣分"] * 7]
    same_again(late_month)


@pytest.mark.rule("N17")
def test_7_a_month_without_matters(move_to):
    move_to(moment(5, 6))
    file = Opened(periodicals.open("monthly_scoring", "2026-04"))
    file.draft()
    file.decide("score.director", "同意")
    file.decide("score.chief", "同意印发")
    periodicals.publish(file.number)
    periodicals.complete(file.number)
    said = paper(file, "月度考核通报")
    assert {row[7] for row in rows(said, "期末分")} == {"80"}
    assert {row[0] for row in rows(said, "期末分")} == {"1"}
    assert rows(said, "条款") == [["本期没有加分、扣分"] * 7]
    assert rows(said, "更正月份")[0][0] == "本期没有补记和更正"
    same_again(file)


@pytest.mark.rule("N17")
def test_7_what_belongs_to_an_earlier_month_is_listed_with_that_month(late_month):
    """An entry that was never published is in the opening score; one of a published month is a correction (更正)."""
    sheet = late_month.content["sheet"]
    unit = next(one for one in sheet["units"] if one["entries"])
    entry = unit["entries"][0]
    unit["carried"] = [entry | {"at": "2026-02-10T00:00:00+08:00", "date": "2026-02-10"}]
    unit["entries"] = [entry, entry | {"corrects": "2026-01", "points": "0.5", "note": "异议之后补记"}]
    said = score_values(sheet)
    assert (said["entry_count"], said["correction_count"]) == (1, 2)
    assert [(one["nth"], one["month"], one["note"]) for one in said["corrections"]] == [
        (1, "2026年2月", "以前没有通报，已计入期初分"),
        (2, "2026年1月", "异议之后补记"),
    ]
    (line,) = [one for one in said["scores"] if one["unit"] == unit["name"]]
    assert line["corrected"] == "+0.5"


def weekly(move_to, day: int) -> Opened:
    move_to(moment(3, day, 17))
    file = Opened(periodicals.open("weekly_progress", f"2026-03-{day}"))
    file.draft()
    periodicals.publish(file.number)
    periodicals.complete(file.number)
    return file


@pytest.mark.rule("BC-6.4", "N21")
def test_weekly_every_open_matter_and_of_a_secret_one_only_its_number(new_matter, move_to):
    late = new_matter()
    late.in_progress()
    content = ("requirement", "goal", "instruction_text", "basis_document")
    secret = dict.fromkeys(content, "") | {"mark": "机密★5年", "paper": "机要室3号柜"}
    hidden = new_matter(title="不得外传的标题", **secret)
    file = weekly(move_to, 20)
    said = paper(file, "办件进展周报")
    overdue, hidden_row = rows(said, "最近进展"), None
    every = [row for table in said.tables[:2] for row in ([c.text for c in one.cells] for one in table.rows[1:])]
    hidden_row = next(row for row in every if hidden.number in row[1])
    assert hidden_row[1].endswith("机密★5年")
    assert hidden_row[2] == "（涉密件，内容见纸质件）"
    assert "不得外传" not in "".join(cell for row in every for cell in row)
    assert overdue[0][2] == late.state.title
    assert overdue[0][6].startswith("逾期")
    marks = [one.text for one in said.paragraphs if one.style.name == "密级紧急程度" and one.text]
    assert marks == ["000001", "机密★5年"]
    assert file.content["mark"] == highest(["", "机密★5年"]) == "机密★5年"
    assert "在办2件，其中逾期1件，涉密1件" in text(said)
    same_again(file)


@pytest.mark.rule("BC-6.4")
def test_weekly_without_a_single_matter(move_to):
    file = weekly(move_to, 20)
    said = paper(file, "办件进展周报")
    assert "在办0件，其中逾期0件；期内新登记0件，办结0件，撤销0件。" in text(said)
    assert said.tables[0].rows[1].cells[0].text == "没有逾期的事项"
    same_again(file)


@pytest.mark.rule("BC-5.10a", "BC-5.10b", "BC-5.10c")
def test_5_10_the_bulletin_names_whom_the_desks_named_and_its_parts_make_the_whole(late_month):
    late_month.at(4, 8)
    late_month.published(criticised="经侦支队：超期未报")
    file = Opened(periodicals.open("bulletin", "2026-03"))
    file.draft()
    file.decide(
        "edit.office", "送审", text="三月总体平稳。\n请各单位抓紧。", praised="刑侦支队：反馈及时", criticised=""
    )
    for desk in file.state.periodical.desks:
        file.decide(f"bulletin.{desk}", "同意印发" if desk == file.state.periodical.desks[-1] else "同意")
    periodicals.publish(file.number)
    periodicals.complete(file.number)
    said = paper(file, "督办情况通报")
    table = rows(said, "按期率")
    total, closed, still = (sum(int(row[place]) for row in table) for place in (2, 4, 5))
    assert f"期内共有督办事项{total}件，其中办结{closed}件，在办{still}件" in text(said)
    assert "三月总体平稳。" in text(said)
    assert "请各单位抓紧。" in text(said)
    names = [[cell.text for cell in row.cells] for one in said.tables for row in one.rows]
    assert any(row[1:2] == ["刑侦支队"] and row[-1] == "反馈及时" for row in names)
    assert any(row[1:2] == ["经侦支队"] and row[-1] == "超期未报" for row in names)
    assert "2026年3月督办考核的得分和名次如下。" in text(said)
    assert pictures(said) == 3
    same_again(file)


@pytest.fixture(params=["bureau", "lanzhou", "jiangcheng"])
def elsewhere(request, monkeypatch, new_matter, move_to) -> Iterator[str]:
    """A matter at work in another bureau, and the first of the next month has come."""
    bureau = request.param
    monkeypatch.setenv("DUBAN_INCLUDE", str(HOMES[bureau]))
    monkeypatch.setenv("DUBAN_ORGANIZATION", bureau)
    monkeypatch.setenv("DUBAN_REGULATION", REGULATIONS[bureau])
    unit = next(iter(organization.load().units))
    at_work(new_matter, unit, due_on="2026-03-16", instruction_by=holder("chief").name, source=1)
    move_to(moment(4, 7))
    return bureau


@pytest.mark.rule("MM-3.1", "LZ-3.3", "MM-4.5")
def test_other_bureaus_have_their_own_papers_under_their_own_names(elsewhere, move_to):
    made: dict[str, docx.document.Document] = {}
    for kind, period in (("weekly_progress", "2026-04-07"), ("instruction_digest", "2026-03"), ("bulletin", "2026-03")):
        try:
            file = Opened(periodicals.open(kind, period))
        except Refusal:  # the regulation knows no such thing
            continue
        file.draft()
        while key := next((one for one in file.state.awaiting if one.startswith(("edit", "bulletin", "digest"))), None):
            question = acts.question(file.state, key)
            fields = {"text": "总体平稳。"} if "text" in question.fields else {}
            acts.decide(file.number, key, question.options[0], fields, holder(question.posts[0]))
        periodicals.publish(file.number)
        periodicals.complete(file.number)
        made |= documents_of(file)
        same_again(file)
    assert set(made) == WANTED[elsewhere]
    for name, said in made.items():
        assert "{{" not in text(said), name
        assert "{%" not in text(said), name


WANTED = {
    "bureau": {"办件进展周报", "每月进展汇总", "督查情况通报"},
    "lanzhou": {"办件进展周报", "领导批示件汇总"},
    "jiangcheng": {"办件进展周报", "督办通报"},
}


@pytest.mark.rule("BC-6.4")
@pytest.mark.parametrize(("name", "kind"), [("weekly", "办件进展周报"), ("bulletin", "督办情况通报")])
def test_a_report_on_any_day_comes_as_a_paper_too_without_a_number(matter, move_to, tmp_path, name, kind):
    matter.in_progress()
    move_to(moment(3, 20))
    result = CliRunner().invoke(report_app, [name, "--date", "2026-03-20", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    (file,) = tmp_path.glob("*.docx")
    assert result.output.count(".docx") == 1
    assert file.name.startswith(kind)
    said = docx.Document(str(file))
    assert "（未编号，仅供参阅）" in text(said)
    assert "件，" in text(said)
    first = file.read_bytes()
    CliRunner().invoke(report_app, [name, "--date", "2026-03-20", "--out", str(tmp_path)])
    assert file.read_bytes() == first
