"""What the assessment chapter of 白城 makes of what happened (BC 七), clause by clause, and of odd turns of events."""

from decimal import Decimal

import pytest
from scoring.conftest import moment, points, sheet

from duban import ledger, organization
from duban.scoring.entries import ScoreSheet


def of(unit, period="2026-03", **more):
    """What was entered for a unit."""
    return points(sheet(period, **more).unit(unit).entries)


@pytest.mark.rule("BC-7.0", "N10", "A6")
def test_7_a_month_without_matters_leaves_every_unit_at_its_base(chronicle):
    made = sheet("2026-03")
    assert {unit.closing for unit in made.units} == {Decimal(80)}
    assert {unit.rank for unit in made.units} == {1}
    assert made.entries == ()
    assert [unit.unit for unit in made.units] == list(organization.load().units)


@pytest.mark.rule("BC-7.1.1", "N11", "A8")
def test_7_1_1_a_return_takes_by_its_level_and_only_for_its_reasons(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    for day, level, reason in (
        (3, "office", "perfunctory"),
        (4, "office", "supplement"),
        (5, "deputy", "falsified"),
        (6, "chief", "perfunctory"),
        (9, "chief", "redo"),
    ):
        chronicle.say(matter, "returned", moment(3, day), level=level, reason=reason)
    assert of("taobei") == [
        ("returned_by_office", "-0.5"),
        ("returned_by_deputy", "-1"),
        ("returned_by_chief", "-2"),
    ]


@pytest.mark.rule("BC-7.1.1", "N11")
def test_7_1_1_each_return_of_a_reply_counts(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "returned", moment(3, 3), level="office")
    chronicle.say(matter, "returned", moment(3, 4), level="office")
    assert of("taobei") == [("returned_by_office", "-0.5")] * 2


@pytest.mark.rule("BC-7.1.2", "N12", "A9")
def test_7_1_2_a_bad_form_and_a_missing_signature_in_one_reply_are_one_deduction(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "accepted", moment(3, 4), format_fault=True, unsigned=True, subject_mismatch=True)
    assert of("taobei") == [("format_fault", "-0.5"), ("wrong_subject", "-1")]


@pytest.mark.rule("BC-7.1.2", "N12")
def test_7_1_2_the_fault_of_another_reply_counts_again(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "accepted", moment(3, 4), format_fault=True)
    chronicle.say(matter, "further_work", moment(3, 5))
    chronicle.say(matter, "accepted", moment(3, 9), format_fault=True)
    assert of("taobei") == [("format_fault", "-0.5")] * 2


@pytest.mark.rule("BC-7.1.3", "N13", "A10")
def test_7_1_3_each_missed_date_takes_two_points_however_long_it_is_missed(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "reply_lapsed", moment(3, 8, 0))
    chronicle.say(matter, "reply_lapsed", moment(3, 8, 0, 1), due_at=moment(3, 8, 0).isoformat())  # the same date
    chronicle.say(matter, "returned", moment(3, 17), level="office", reason="supplement")
    chronicle.say(matter, "reply_lapsed", moment(3, 20, 0))
    assert of("taobei") == [("late_reply", "-2")] * 2


@pytest.mark.rule("BC-7.1.3", "N13", "A10", "BC-6.4")
def test_7_1_3_a_week_that_passed_while_the_office_held_the_matter_is_nobodys_fault(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "period_lapsed", moment(3, 7, 0))
    chronicle.say(matter, "period_lapsed", moment(3, 14, 0), excuse="under_review", scores=False, at_fault=[])
    chronicle.say(matter, "reply_lapsed", moment(3, 21, 0), scores=False, counted_by="lapse:node:3")
    assert of("taobei") == [("late_reply", "-2")]


@pytest.mark.rule("BC-7.1.4", "N14")
def test_7_1_4_no_visit_and_a_visit_that_finds_something_else(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "accepted", moment(3, 4), no_visit=True)
    chronicle.say(matter, "followed_up", moment(3, 10), consistent=True)
    chronicle.say(matter, "followed_up", moment(3, 11), consistent=False)
    chronicle.say(matter, "followed_up", moment(3, 12), consistent=False)  # the same reply
    assert of("taobei") == [("no_visit", "-1"), ("visit_differs", "-2")]


@pytest.mark.rule("BC-7.1.5", "N15", "A11")
def test_7_1_5_criticism_from_above_stands_beside_the_late_reply(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "reply_lapsed", moment(3, 8, 0))
    chronicle.say(matter, "criticised", moment(3, 20), level="criticised_above", unit="taobei")
    assert of("taobei") == [("late_reply", "-2"), ("criticised_above", "-5")]


@pytest.mark.rule("BC-7.2.1", "BC-7.2.2", "BC-7.2.3", "N16", "A12")
def test_7_2_only_the_highest_praise_of_one_matter_counts(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    for day, level in ((10, "praised_in_bulletin"), (11, "praised_above"), (12, "praised_by_chief")):
        chronicle.say(matter, "praised", moment(3, day), level=level, unit="taobei")
    assert of("taobei") == [("praised_above", "3")]


@pytest.mark.rule("N16", "A12")
def test_7_2_two_matters_praised_in_one_bulletin_are_two(chronicle):
    for _nth in range(2):
        matter = chronicle.matter("taobei", moment(3, 2))
        chronicle.say(matter, "praised", moment(3, 10), level="praised_in_bulletin", unit="taobei", bulletin="第3期")
    assert of("taobei") == [("praised_in_bulletin", "0.5")] * 2


def test_a_matter_handed_over_by_telephone_is_received(chronicle):
    number = chronicle.matter("taobei", moment(3, 2), by="phoned")
    chronicle.say(number, "reply_lapsed", moment(3, 9, 0))
    line = sheet("2026-03").unit("taobei")
    assert (line.matters, points(line.entries)) == (1, [("late_reply", "-2")])


def test_two_entries_for_one_fact_are_one(chronicle):
    """The file of a month names a unit; somebody puts the same bulletin on record in the matter too."""
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "praised", moment(3, 12), level="praised_in_bulletin", unit="taobei", bulletin="第3期")
    file = period_file(chronicle)
    chronicle.say(file, "praised", moment(3, 10), level="praised_in_bulletin", unit="taobei", bulletin="第3期")
    (entry,) = sheet("2026-03").entries
    assert (entry.source, entry.number, str(entry.points)) == (file, "", "0.5")


def period_file(chronicle, number="BC-KH-2026-02"):
    said = {"reference": "", "type": "monthly_scoring", "title": "2026年2月督办考核", "unit": ""}
    said |= {"regulation": "baicheng-2020", "organization": "baicheng", "form": {"period": "2026-02"}, "run_key": ""}
    with ledger.transaction() as session:
        ledger.open_matter(session, number)
        draft = ledger.Draft("periodical_opened", "open", ledger.SYSTEM, "七", said, moment(3, 2), 0)
        ledger.append(session, number, draft)
    return number


def test_the_unit_at_fault_is_the_one_that_had_the_matter_then(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "reply_lapsed", moment(3, 8, 0))
    chronicle.say(matter, "reassigned", moment(3, 10), unit="daan", from_unit="taobei")
    chronicle.say(matter, "dispatched", moment(3, 11))
    chronicle.say(matter, "reply_lapsed", moment(3, 17, 0))
    made = sheet("2026-03")
    assert points(made.unit("taobei").entries) == points(made.unit("daan").entries) == [("late_reply", "-2")]
    # Told late, of a day on which the first unit still had it.
    chronicle.say(matter, "returned", moment(3, 9), level="office")
    assert of("taobei") == [("late_reply", "-2"), ("returned_by_office", "-0.5")]


def test_a_part_scores_on_its_own_unit_and_its_parent_on_nobody_while_it_is_open(chronicle):
    parent = chronicle.matter("taobei", moment(3, 2), cohandlers=["daan"])
    part = chronicle.matter("daan", moment(3, 2), f"{parent}-1", parent=parent)
    chronicle.say(part, "reply_lapsed", moment(3, 8, 0))
    chronicle.say(parent, "reply_lapsed", moment(3, 8, 0), scores=False, at_fault=["daan"], open_parts=[part])
    made = sheet("2026-03")
    assert points(made.unit("daan").entries) == [("late_reply", "-2")]
    assert made.unit("taobei").entries == ()
    assert (made.unit("daan").matters, made.unit("taobei").matters) == (1, 1)


def test_a_late_parent_whose_parts_are_done_is_the_leads_fault(chronicle):
    parent = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(parent, "reply_lapsed", moment(3, 8, 0), scores=True, at_fault=["taobei"], open_parts=[])
    assert of("taobei") == [("late_reply", "-2")]


@pytest.mark.rule("SK-3.2")
def test_a_covert_matter_is_in_no_score_until_it_is_released(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2), mode="covert", released=False)
    chronicle.say(matter, "reply_lapsed", moment(3, 8, 0))
    assert of("taobei") == []
    chronicle.say(matter, "released", moment(3, 20))
    assert of("taobei") == [("late_reply", "-2")]


def test_what_the_office_does_itself_scores_nobody(chronicle):
    matter = chronicle.matter("office", moment(3, 2))
    chronicle.say(matter, "reply_lapsed", moment(3, 8, 0))
    assert sheet("2026-03").entries == ()


def test_the_moment_decides_the_month(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2))
    chronicle.say(matter, "returned", moment(3, 31, 23, 59), level="office")
    chronicle.say(matter, "reply_lapsed", moment(4, 1, 0))  # due on 31 March until 24:00
    made = sheet("2026-04").unit("taobei")
    assert of("taobei") == [("returned_by_office", "-0.5")]
    assert points(made.entries) == [("late_reply", "-2")]
    assert (str(made.opening), points(made.carried)) == ("79.5", [("returned_by_office", "-0.5")])
    assert "应于2026年3月31日报来" in made.entries[0].note


def test_a_sheet_comes_back_from_json_as_it_was(chronicle):
    matter = chronicle.matter("taobei", moment(3, 2), mark="内部")
    chronicle.say(matter, "returned", moment(3, 4), level="office")
    made = sheet("2026-03")
    assert ScoreSheet.from_json(made.as_json()) == made
    (entry,) = made.as_json()["units"][-1]["entries"]
    assert entry["id"] == f"{matter}/returned:2/returned_by_office/taobei"
    assert (entry["points"], entry["date"], entry["mark"], entry["clause"]) == (
        "-0.5",
        "2026-03-04",
        "内部",
        "七（一）1",
    )
