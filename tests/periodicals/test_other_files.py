"""Weekly report, digest, bulletin, archive: each a file, drafted, (decided,) published, with its papers, made again."""

import re
import shutil
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import pytest
from matters import person
from scores_of import File, moment
from stage import as_actor

from duban import acts, included, ledger, organization, periodicals
from duban.acts import papers
from duban.acts.act import act
from duban.errors import Refusal
from duban.ledger import Actor


def opened(kind: str, period: str, move_to, at: datetime) -> File:
    move_to(at)
    return File(periodicals.open(kind, period), move_to)


def made_again(number: str) -> dict[str, bool]:
    """Name of each paper of the file -> whether it is made to the same bytes again."""
    with act(number, periodical=True) as it:
        made = [one for one in ledger.events(it.session, number, "documented") if "template" in one.data]
        return {one.data["name"]: sha256(papers.again(it, one)).hexdigest() == one.data["sha256"] for one in made}


@pytest.mark.rule("BC-6.4", "N4")
def test_the_weekly_report_is_published_at_once(matter, move_to):
    matter.in_progress()
    matter.at(3, 12)
    file = opened("weekly_progress", "2026-03-13", move_to, moment(3, 13, 16))
    assert file.draft().awaiting == ("publish:1",)
    assert file.state.periodical.summary == {"open": 1, "overdue": 1, "new": 0}
    periodicals.publish(file.number)
    state = periodicals.complete(file.number)
    assert (state.state, state.awaiting, state.reference) == ("published", (), "")
    names = [one.name for one in state.documents]
    assert names == ["BC-ZB-2026-03-13 办件进展周报.docx", "BC-ZB-2026-03-13 办件进展周报（2026年3月13日）.xlsx"]
    assert made_again(file.number) == {"BC-ZB-2026-03-13 办件进展周报.docx": True}
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


@pytest.mark.rule("BC-5.10a")
def test_5_10_the_office_edits_the_bulletin_then_the_desks_then_it_has_a_number(matter, move_to):
    matter.in_progress()
    matter.at(3, 12)
    file = opened("bulletin", "2026-03-20", move_to, moment(3, 20))
    assert file.draft().awaiting == ("edit.office:1",)
    assert "经侦支队" in acts.question(file.state, "edit.office:1").body
    file.decide("edit.office", "送审", text="各单位要抓紧办理。", criticised="经侦支队：无正当理由未完成")
    assert file.state.awaiting == ("bulletin.director:1",)
    asked = acts.question(file.state, "bulletin.director:1")
    assert "各单位要抓紧办理。" in asked.body
    assert asked.fields["criticised"]["default"] == "经侦支队：无正当理由未完成"
    file.decide("bulletin.director", "退回重拟", opinion="再写具体些")
    file.draft()
    asked = acts.question(file.state, "edit.office:2")
    assert "再写具体些" in asked.body
    assert asked.fields["text"]["default"] == "各单位要抓紧办理。"
    file.decide(
        "edit.office", "送审", text="各单位要抓紧办理，逾期的说明原因。", criticised="经侦支队：无正当理由未完成"
    )
    file.decide("bulletin.director", "同意", criticised="经侦支队：无正当理由未完成")
    file.decide("bulletin.chief", "同意印发", criticised="经侦支队：无正当理由未完成")
    state = periodicals.publish(file.number)
    assert state.reference == "白公通〔2026〕1号"
    periodicals.complete(file.number)
    assert [event.data["unit"] for event in file.events if event.kind == "criticised"] == ["jingzhen"]
    assert all(made_again(file.number).values())
    following = opened("bulletin", "2026-04-20", move_to, moment(4, 20))
    following.draft()
    assert (following.state.form["from"], following.content["notices"]) == ("2026-03-21", [])


@pytest.mark.rule("BC-5.10a")
def test_5_10_whom_a_desk_named_stays_named_when_the_bulletin_is_drafted_anew(matter, move_to):
    matter.in_progress()
    matter.at(3, 12)
    file = opened("bulletin", "2026-03-20", move_to, moment(3, 20))
    file.draft()
    file.decide("edit.office", "重新统计", criticised="经侦支队：未按时反馈")
    file.draft()
    file.decide("edit.office", "送审", text="抓紧。")
    file.decide("bulletin.director", "退回重拟", opinion="改一个字", praised="刑侦支队：反馈及时")
    file.draft()
    asked = acts.question(file.state, "edit.office:3").fields
    assert asked["criticised"]["default"] == "经侦支队：未按时反馈"
    file.decide("edit.office", "送审")
    file.decide("bulletin.director", "同意", praised="")  # emptied is not left out
    file.decide("bulletin.chief", "同意印发")
    periodicals.publish(file.number)
    named = [(event.kind, event.data["unit"]) for event in file.events if event.kind in ("praised", "criticised")]
    assert named == [("criticised", "jingzhen")]


@pytest.mark.rule("BC-5.10a")
def test_5_10_a_bulletin_that_is_not_issued_is_put_aside_and_may_be_opened_again(matter, move_to):
    file = opened("bulletin", "2026-03", move_to, moment(4, 1))
    file.draft()
    file.decide("edit.office", "不印发")
    assert (file.state.state, file.state.awaiting) == ("cancelled", ())
    assert periodicals.open("bulletin", "2026-03") == "BC-TB-2026-0002"
    assert periodicals.open("bulletin", "2026-03") == "BC-TB-2026-0002"


@pytest.mark.rule("BC-5.10a", "N17")
def test_5_10_a_bulletin_carries_the_last_published_ranking_and_whom_it_named(late_month, move_to):
    late_month.at(4, 8).published(praised="刑侦支队：反馈及时")
    file = opened("bulletin", "2026-04-10", move_to, moment(4, 10))
    file.draft()
    assert file.content["ranking"]["reference"] == "白公通〔2026〕1号"
    assert [(one["kind"], one["unit"]) for one in file.content["notices"]] == [("praised", "xingzhen")]
    body = acts.question(file.state, "edit.office:1").body
    assert "得分排名（2026年3月督办考核）" in body
    assert "反馈及时" in body


@pytest.mark.rule("BC-5.10a")
def test_5_10_a_notice_between_draft_and_publication_of_a_bulletin_is_in_the_next(late_month, move_to):
    late_month.at(4, 8)
    file = opened("bulletin", "2026-04-08", move_to, moment(4, 8, 10))
    file.draft()
    move_to(moment(4, 9))
    late_month.published(criticised="经侦支队：未按时反馈")
    move_to(moment(4, 10))
    file.decide("edit.office", "送审", text="抓紧。", praised="刑侦支队：反馈及时")
    file.decide("bulletin.director", "同意")
    file.decide("bulletin.chief", "同意印发")
    periodicals.publish(file.number)
    following = opened("bulletin", "2026-04-20", move_to, moment(4, 20))
    following.draft()
    assert [(one["kind"], one["unit"]) for one in following.content["notices"]] == [("criticised", "jingzhen")]


@pytest.mark.rule("BC-5.10a")
def test_5_10_a_criticism_recorded_in_the_matter_too_is_named_once(late_month, matter, move_to):
    late_month.at(4, 8).published(criticised="经侦支队：未按时反馈", praised="经侦支队：态度好")
    reference = late_month.state.reference
    acts.criticise(matter.number, person("office"), "criticised", "未按时反馈", bulletin=reference)
    file = opened("bulletin", "2026-04-08", move_to, moment(4, 8, 10))
    file.draft()
    named = [*file.content["report"]["named"], *file.content["notices"]]
    assert sorted((one["kind"], one["unit"], one["bulletin"]) for one in named) == [
        ("criticised", "jingzhen", reference),
        ("praised", "jingzhen", reference),
    ]


@pytest.mark.rule("BC-5.10a")
def test_5_10_a_unit_that_the_file_has_no_more_is_still_told_of(late_month, move_to, monkeypatch):
    late_month.at(4, 8).published(praised="刑侦支队：反馈及时")
    known = organization.load()
    left = replace(known, units={code: one for code, one in known.units.items() if code != "xingzhen"})
    monkeypatch.setattr(organization, "load", lambda *_: left)
    file = opened("bulletin", "2026-04-10", move_to, moment(4, 10))
    file.draft()
    assert [one["unit_name"] for one in file.content["notices"]] == ["xingzhen（机构文件已无此单位）"]


def test_another_bureau_has_period_files_of_its_own(late_month, move_to, monkeypatch):
    """A ledger may hold those of two: neither the number, nor the days, nor the notices of one are the other's."""
    late_month.at(4, 8).published(praised="刑侦支队：反馈及时")
    first = periodicals.open("bulletin", "2026-03-31")
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.setenv("DUBAN_ORGANIZATION", "bureau")
    file = opened("bulletin", "2026-03-31", move_to, moment(4, 9))
    assert file.number != first
    file.draft()
    assert (file.content["notices"], file.content["ranking"]) == ([], None)
    assert opened("bulletin", "2026-04-09", move_to, moment(4, 9, 10)).state.form["from"] == "2026-04-01"
    with ledger.transaction() as session:
        assert {one.organization for one in periodicals.reading.listed(session)} == {"bureau"}


@pytest.mark.rule("MM-3.1")
def test_mm_3_1_the_months_progress_passes_the_desks_that_its_rule_names(move_to, monkeypatch, tmp_path):
    shutil.copytree(included.path(), tmp_path / "include")
    law = tmp_path / "include/regulations/bureau-2019.md"
    text = law.read_text(encoding="utf-8")
    changed = re.sub(r"(进展报送: \{[^}\n]*)\}", r"\1, 审批: [主要领导: 审定]}", text, count=1)
    assert changed != text
    law.write_text(changed, encoding="utf-8")
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path / "include"))
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.setenv("DUBAN_ORGANIZATION", "bureau")
    file = opened("instruction_digest", "2026-03", move_to, moment(3, 27, 16))
    assert file.draft().awaiting == ("digest.chief:1",)
    assert acts.question(file.state, "digest.chief:1").subject.startswith("审定：")
    holder = organization.load().posts["chief"]
    file.decide("digest.chief", "同意印发", Actor(holder.user, holder.name, "chief"))
    assert file.state.awaiting == ("publish:1",)


@pytest.mark.rule("MM-6.1")
def test_mm_6_what_has_no_points_gives_a_bulletin_no_ranking(move_to, monkeypatch):
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.setenv("DUBAN_ORGANIZATION", "bureau")
    year = opened("monthly_scoring", "2026", move_to, moment(1, 4, year=2027))
    year.draft()
    periodicals.publish(year.number)
    file = opened("bulletin", "2026", move_to, moment(1, 5, year=2027))
    file.draft()
    assert file.content["ranking"] is None


@pytest.mark.rule("BC-5.9", "N18", "T35")
def test_5_9_a_year_is_collected_packed_and_published(matter, move_to, tmp_path, monkeypatch):
    monkeypatch.setenv("DUBAN_ARCHIVES", str(tmp_path / "archives"))
    matter.in_progress().replied().closed()
    file = opened("year_end_archive", "2026", move_to, moment(1, 4, year=2027))
    state = periodicals.collect(file.number)
    assert (state.state, state.awaiting) == ("collected", ("pack:1",))
    assert state.periodical.summary["archived"] == 1
    assert periodicals.collect(file.number) == state
    state = periodicals.pack(file.number)
    assert [one["unit"] for one in state.periodical.packages] == ["", "jingzhen"]
    assert periodicals.pack(file.number) == state
    periodicals.publish(file.number)
    state = periodicals.complete(file.number)
    assert (state.state, state.awaiting) == ("published", ())
    assert any("归档文件目录" in one.name for one in state.documents)
    assert matter.state.state == "archived"
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


def test_acts_of_matters_are_refused_to_a_period_file(late_month):
    clerk = person("office")
    for deed in (
        lambda: acts.praise(late_month.number, clerk, "praised_in_bulletin", "好"),
        lambda: acts.withdraw(late_month.number, clerk, "撤销", "顾长风"),
        lambda: acts.receive(late_month.number, as_actor("jingzhen.liaison")),
        lambda: acts.urge_by_hand(late_month.number, clerk, "phone", "催"),
    ):
        with pytest.raises(Refusal, match="BC-KH-2026-03 是2026年3月督办考核，不是督办件"):
            deed()
