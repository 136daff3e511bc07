"""Other bureaus, other versions, another organization: quarters, caps, rates, words instead of points, a merger."""

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from scoring.conftest import moment, points, sheet
from scoring.test_facts_to_entries import period_file

from duban import included, ledger, organization, regulation
from duban.errors import Refusal
from duban.organization import Merged
from duban.scoring import facts, months, rates
from duban.scoring.entries import number_text

FIXTURES = Path(__file__).parents[1] / "regulations" / "fixtures"


@pytest.fixture
def jiangcheng(monkeypatch, chronicle):
    monkeypatch.setenv("DUBAN_INCLUDE", str(FIXTURES / "jiangcheng"))
    monkeypatch.setenv("DUBAN_REGULATION", "jiangcheng-2026")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    return chronicle


@pytest.fixture
def versions(monkeypatch, chronicle, tmp_path):
    """白城 with a second version from 9 March on, in which a late reply takes three points."""
    shutil.copytree(included.path(), tmp_path / "include")
    text = (FIXTURES / "baicheng-2026.md").read_text()
    assert "超期回复: {分值: -2分" in text
    put(tmp_path, "regulations/baicheng-2026.md", text.replace("超期回复: {分值: -2分", "超期回复: {分值: -3分"))
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path / "include"))
    monkeypatch.setenv("DUBAN_REGULATION", "baicheng-2020")
    return chronicle


def put(folder, name, text):
    (folder / "include" / name).write_text(text)


def test_a_quarter_has_its_sheet_and_a_month_of_it_can_be_looked_at(jiangcheng):
    matter = jiangcheng.matter("shuju", moment(3, 2))
    jiangcheng.say(matter, "returned", moment(3, 3), level="office")
    jiangcheng.say(matter, "reply_lapsed", moment(3, 5, 0))
    jiangcheng.say(matter, "reply_lapsed", moment(3, 9, 0))  # 每件: once a matter
    line = sheet("2026-Q1").unit("shuju")
    assert points(line.entries) == [("returned_by_office", "-1"), ("late_reply", "-3")]
    assert (str(line.opening), str(line.closing), line.rank) == ("100", "96", 6)
    assert points(sheet("2026-03").unit("shuju").entries) == points(line.entries)
    assert str(sheet("2026-Q2").unit("shuju").opening) == "96"


def test_a_month_of_a_published_quarter_does_not_show_what_was_struck_out(jiangcheng, monkeypatch):
    matter = jiangcheng.matter("shuju", moment(3, 2))
    jiangcheng.say(matter, "returned", moment(3, 5), level="office")
    jiangcheng.say(matter, "reply_lapsed", moment(3, 9, 0))
    assert points(sheet("2026-03").entries) == [("returned_by_office", "-1"), ("late_reply", "-3")]
    first = sheet("2026-Q1", waived=(sheet("2026-Q1").entries[1].id,))
    monkeypatch.setattr(months, "published", lambda _session, _org, year: [first] if year == 2026 else [])
    assert points(sheet("2026-03").entries) == [("returned_by_office", "-1")]


def test_the_cap_bounds_what_is_shown_and_not_what_is_kept(jiangcheng):
    for unit, times in (("shuju", 3), ("anquan", 4)):
        for nth in range(times):
            matter = jiangcheng.matter(unit, moment(3, 2))
            jiangcheng.say(matter, "praised", moment(3, 10 + nth), level="praised_by_chief", unit=unit)
    first, second = sheet("2026-Q1").units[:2]
    assert (first.unit, str(first.closing), str(first.shown), first.rank) == ("shuju", "112", "110", 1)
    # The same is shown, so the rank is the same, and the order is the one of the organization file.
    assert (second.unit, str(second.closing), str(second.shown), second.rank) == ("anquan", "116", "110", 1)


@pytest.mark.rule("A7")
def test_the_floor_bounds_what_is_shown_and_not_what_is_kept(chronicle):
    for _nth in range(17):
        matter = chronicle.matter("taobei", moment(3, 2))
        chronicle.say(matter, "criticised", moment(3, 10), level="criticised_above", unit="taobei")
    line = sheet("2026-03").unit("taobei")
    assert (str(line.closing), str(line.shown), line.rank) == ("-5", "0", 13)


@pytest.mark.rule("R-CO", "MM-3.4")
def test_a_unit_that_only_helps_takes_half(jiangcheng):
    parent = jiangcheng.matter("shuju", moment(3, 2), cohandlers=["anquan"])
    for code in ("shuju", "anquan"):
        part = jiangcheng.matter(code, moment(3, 2), f"{parent}-{code}", parent=parent)
        jiangcheng.say(part, "reply_lapsed", moment(3, 9, 0))
    jiangcheng.say(parent, "praised", moment(3, 20), level="praised_by_chief", unit="anquan")
    made = sheet("2026-Q1")
    assert points(made.unit("shuju").entries) == [("late_reply", "-3")]
    assert points(made.unit("anquan").entries) == [("late_reply", "-1.5"), ("praised_by_chief", "2")]
    assert "协办折算50%" in made.unit("anquan").entries[0].note


def test_points_by_rate_follow_the_line_and_name_part_and_base(jiangcheng):
    matter = jiangcheng.matter("shuju", moment(3, 2))
    for day in range(3, 12):
        jiangcheng.say(matter, "replied", moment(3, day))
        jiangcheng.say(matter, "further_work", moment(3, day, 12))
    jiangcheng.say(matter, "reply_lapsed", moment(3, 13, 0))
    jiangcheng.say(matter, "replied", moment(3, 14), on_time=False)  # the date it missed is counted already
    few = jiangcheng.matter("anquan", moment(3, 2))
    jiangcheng.say(few, "reply_lapsed", moment(3, 9, 0))
    made = sheet("2026-Q1")
    late, rate = made.unit("shuju").entries
    # 9 of 10 dates kept: 90%, a third of the way from 95% (0) down to 80% (-3): -1.
    assert (rate.item, number_text(rate.points), rate.note) == (
        "rate_on_time",
        "-1",
        "2026年第1季度按期回复率90.00%（10次中9次）",
    )
    assert (rate.date.isoformat(), rate.clause) == ("2026-03-31", late.clause)
    assert points(made.unit("anquan").entries) == [("late_reply", "-3")]  # one date only: too few for a rate
    assert points(sheet("2026-02").unit("shuju").entries) == []


def test_a_date_struck_out_by_an_objection_is_in_no_rate(jiangcheng):
    matter = jiangcheng.matter("shuju", moment(3, 2))
    for day in (3, 4, 5):
        jiangcheng.say(matter, "replied", moment(3, day))
        jiangcheng.say(matter, "further_work", moment(3, day, 12))
    jiangcheng.say(matter, "reply_lapsed", moment(3, 13, 0))
    late, rate = sheet("2026-Q1").entries
    assert (late.item, number_text(rate.points), rate.note) == (
        "late_reply",
        "-3",
        "2026年第1季度按期回复率75.00%（4次中3次）",
    )
    (rate,) = sheet("2026-Q1", waived=(late.id,)).entries
    assert (number_text(rate.points), rate.note) == ("2", "2026年第1季度按期回复率100.00%（3次中3次）")


def test_a_reply_that_a_leader_returns_after_the_office_took_it_is_one_and_was_sent_back(jiangcheng):
    matter = jiangcheng.matter("shuju", moment(3, 2))
    jiangcheng.say(matter, "accepted", moment(3, 4))
    jiangcheng.say(matter, "returned", moment(3, 5), level="chief")
    jiangcheng.say(matter, "accepted", moment(3, 9))
    with ledger.transaction() as session:
        found = facts.read(session, organization.load().id, moment(1, 1), moment(12, 1), rates=True)
    assert rates._COUNTS["first_pass"](list(found.rated), lambda fact: fact.unit) == {"shuju": (1, 2)}


def test_a_rate_of_a_published_quarter_is_corrected_when_more_is_learned(jiangcheng, monkeypatch):
    matter = jiangcheng.matter("shuju", moment(3, 2))
    for day in (3, 4, 5, 6):
        jiangcheng.say(matter, "replied", moment(3, day))
        jiangcheng.say(matter, "further_work", moment(3, day, 12))
    first = sheet("2026-Q1")
    assert points(first.unit("shuju").entries) == [("rate_on_time", "2")]
    monkeypatch.setattr(months, "published", lambda _session, _org, year: [first] if year == 2026 else [])
    assert sheet("2026-Q2").entries == ()
    jiangcheng.say(matter, "reply_lapsed", moment(3, 20, 0))
    line = sheet("2026-Q2").unit("shuju")
    # 4 of 5 dates: 80%, -3 instead of +2.
    assert points(line.entries) == [("late_reply", "-3"), ("rate_on_time", "-5")]
    assert {entry.corrects for entry in line.entries} == {"2026-Q1"}
    assert (str(line.opening), number_text(line.closing)) == ("102", "94")


@pytest.mark.rule("MM-6.1", "MM-6.2", "MM-6.3")
def test_a_qualitative_regulation_lists_and_gives_no_points(chronicle, monkeypatch):
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    codes = list(organization.load().units)
    matter = chronicle.matter(codes[0], moment(3, 2))
    chronicle.say(matter, "reply_lapsed", moment(3, 9, 0))
    chronicle.say(matter, "praised", moment(3, 10), level="praised_above", unit=codes[0])
    chronicle.say(matter, "returned", moment(3, 11), level="office")  # not among what counts at the end of the year
    made = sheet("2026")
    assert made.method == "qualitative"
    assert points(made.unit(codes[0]).entries) == [("late_reply", "0"), ("praised_above", "0")]
    assert {unit.rank for unit in made.units} == {None}


@pytest.mark.rule("LZ-3.3")
def test_a_regulation_without_assessment_refuses_in_a_sentence(chronicle, monkeypatch):
    monkeypatch.setenv("DUBAN_REGULATION", "lanzhou")
    with pytest.raises(Refusal, match=r"没有规定考核，没有得分可算"):
        sheet("2026-03")


@pytest.mark.rule("MM-7")
def test_each_matter_keeps_the_version_of_its_registration_in_the_middle_of_a_month(versions):
    old = versions.matter("taobei", moment(3, 2))
    new = versions.matter("daan", moment(3, 10), regulation="baicheng-2026")
    versions.say(old, "reply_lapsed", moment(3, 16, 0))
    versions.say(new, "reply_lapsed", moment(3, 16, 0))
    made = sheet("2026-03")
    (one,), (two,) = made.unit("taobei").entries, made.unit("daan").entries
    assert [(str(entry.points), entry.regulation) for entry in (one, two)] == [
        ("-2", "baicheng-2020"),
        ("-3", "baicheng-2026"),
    ]


def merged(org, unit, into, on):
    """The organization with a unit merged into another."""
    units = dict(org.units) | {unit: replace(org.units[unit], merged=Merged(into, on))}
    return replace(org, units=MappingProxyType(units))


def test_what_happens_to_a_merged_unit_is_entered_for_its_heir(chronicle):
    matter = chronicle.matter("taonan", moment(3, 2))
    chronicle.say(matter, "reply_lapsed", moment(3, 9, 0))
    chronicle.say(matter, "returned", moment(3, 20), level="office")
    org = merged(organization.load(), "taonan", "taobei", date(2026, 3, 15))
    with ledger.transaction() as session:
        made = months.compute(session, regulation.load(), org, "2026-03")
        following = months.compute(session, regulation.load(), org, "2027-01")
    gone, heir = made.unit("taonan"), made.unit("taobei")
    assert (str(gone.closing), gone.rank, gone.note) == ("78", None, "2026-03-15起并入洮北分局")
    assert (points(heir.entries), str(heir.closing), heir.rank) == ([("returned_by_office", "-0.5")], "79.5", 12)
    assert made.units[-1] == gone
    assert following.unit("taonan") is None  # the year in which it was there is over


def test_a_merger_written_down_after_publication_enters_nothing_twice(chronicle, monkeypatch):
    matter = chronicle.matter("taonan", moment(3, 2))
    chronicle.say(matter, "reply_lapsed", moment(3, 20, 0))
    first = sheet("2026-03")
    monkeypatch.setattr(months, "published", lambda _session, _org, year: [first] if year == 2026 else [])
    org = merged(organization.load(), "taonan", "taobei", date(2026, 3, 15))
    with ledger.transaction() as session:
        made = months.compute(session, regulation.load(), org, "2026-04")
    assert made.entries == ()


def test_what_an_objection_struck_out_does_not_come_back_under_the_heir(chronicle, monkeypatch):
    matter = chronicle.matter("taonan", moment(3, 2))
    chronicle.say(matter, "reply_lapsed", moment(3, 20, 0))
    chronicle.say(matter, "period_lapsed", moment(3, 25, 0), at_fault=["taonan", "daan"])
    struck = tuple(entry.id for entry in sheet("2026-03").unit("taonan").entries)
    first = sheet("2026-03", waived=struck)
    assert [entry.unit for entry in first.entries] == ["daan"]  # an objection is one unit's
    monkeypatch.setattr(months, "published", lambda _session, _org, year: [first] if year == 2026 else [])
    org = merged(organization.load(), "taonan", "taobei", date(2026, 3, 15))
    with ledger.transaction() as session:
        made = months.compute(session, regulation.load(), org, "2026-04")
    assert (len(struck), made.entries) == (2, ())


def test_a_merger_to_come_leaves_each_unit_its_own_praise(chronicle):
    file = period_file(chronicle)
    for unit in ("taonan", "taobei"):
        said = {"level": "praised_in_bulletin", "unit": unit, "bulletin": "第3期"}
        chronicle.say(file, "praised", moment(3, 10), **said)
    org = merged(organization.load(), "taonan", "taobei", date(2026, 9, 1))
    with ledger.transaction() as session:
        made = months.compute(session, regulation.load(), org, "2026-03")
    assert {unit.unit: points(unit.entries) for unit in made.units if unit.entries} == {
        "taonan": [("praised_in_bulletin", "0.5")],
        "taobei": [("praised_in_bulletin", "0.5")],
    }


@pytest.mark.parametrize("day", [date(2026, 3, 5), date(2026, 9, 1)])
def test_a_merger_leaves_each_unit_its_own_rate(jiangcheng, day):
    for unit in ("shuju", "anquan"):
        matter = jiangcheng.matter(unit, moment(2, 2))
        for one in (3, 4, 5):
            jiangcheng.say(matter, "replied", moment(2, one))
            jiangcheng.say(matter, "further_work", moment(2, one, 12))
    org = merged(organization.load(), "anquan", "shuju", day)
    with ledger.transaction() as session:
        made = months.compute(session, regulation.load(), org, "2026-Q1")
    assert [points(made.unit(unit).entries) for unit in ("shuju", "anquan")] == [[("rate_on_time", "2")]] * 2


@pytest.mark.rule("A6")
def test_the_other_reading_of_the_base_gives_units_with_matters_another(chronicle, monkeypatch, tmp_path):
    shutil.copytree(included.path(), tmp_path / "include")
    text = included.path("regulations", "baicheng-2020.md").read_text()
    changed = text.replace("有督办件的基础分: 80分", "有督办件的基础分: 100分")
    assert changed != text
    put(tmp_path, "regulations/baicheng-2020.md", changed)
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path / "include"))
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.matter("taobei", moment(3, 3))
    chronicle.say(matter, "reply_lapsed", moment(3, 9, 0))
    made = sheet("2026-03")
    assert points(made.unit("taobei").entries) == [("base_with_items", "20"), ("late_reply", "-2")]
    assert (str(made.unit("taobei").closing), str(made.unit("daan").closing)) == ("98", "80")
    assert str(sheet("2026-04").unit("taobei").opening) == "98"


def test_a_late_event_of_the_last_year_is_a_correction_in_the_first_month_of_this(chronicle, monkeypatch):
    matter = chronicle.matter("taobei", moment(11, 3, year=2025))
    chronicle.say(matter, "reply_lapsed", moment(11, 10, 0, year=2025))
    last = sheet("2025-12")
    assert str(last.unit("taobei").closing) == "78"
    monkeypatch.setattr(months, "published", lambda _session, _org, year: [last] if year == 2025 else [])
    assert sheet("2026-01").entries == ()
    chronicle.say(matter, "returned", moment(12, 1, year=2025), level="chief")
    (entry,) = sheet("2026-01").entries
    assert (str(entry.points), entry.corrects, entry.unit) == ("-2", "2025-12", "taobei")
    line = sheet("2026-01").unit("taobei")
    assert (str(line.opening), str(line.closing)) == ("80", "78")


@pytest.mark.parametrize("period", ["2026-13", "2026-03-01", "三月", "2026-Q5", ""])
def test_a_period_that_is_none_is_refused(chronicle, period):
    with pytest.raises(Refusal, match="2026-03"):
        sheet(period)


def test_number_text_is_what_a_person_writes():
    written = [number_text(Decimal(one)) for one in ("80", "-0.50", "1E+2", "-0.00", "2.00", "0.05")]
    assert written == ["80", "-0.5", "100", "0", "2", "0.05"]
