"""A year of 白城 computed by hand (fixtures/baicheng_year.yaml), month by month published, against what is computed."""

import re
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from matters import person
from periodicals.conftest import File
from scoring.conftest import Chronicle, moment, sheet

from duban import clock, ledger, organization, periodicals
from duban.scoring import months

BY_HAND: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "fixtures" / "baicheng_year.yaml").read_text())
ABOUT = ("day", "at", "month", "matter", "kind")


def worked_out(said: str) -> tuple[Decimal, Decimal]:
    """`80 - 0.5 = 79.5`: where it begins and where it ends; the sum in between must come out."""
    left, right = said.split("=")
    first, *rest = re.findall(r"[+-]?\s*[\d.]+", left)
    total = Decimal(first) + sum(Decimal(one.replace(" ", "")) for one in rest)
    assert total == Decimal(right), said
    return Decimal(first), total


def happened(year: Chronicle, numbers: dict[str, str], month: int, fact: dict[str, Any]) -> str:
    at = time.fromisoformat(fact.get("at", "10:00"))
    when = moment(fact.get("month", month), fact["day"], at.hour, at.minute)
    said = {name: value for name, value in fact.items() if name not in ABOUT}
    return year.say(numbers[fact["matter"]], fact["kind"], when, **said)


def entry_of(file: File, number: str) -> str:
    return next(one["id"] for one in file.entries if one["number"] == number)


@pytest.mark.rule(*(f"N{n}" for n in range(10, 18)), *(f"A{n}" for n in range(6, 13)), "BC-7.0", "BC-7.1.1", "BC-7.1.2",
                  "BC-7.1.3", "BC-7.1.4", "BC-7.1.5", "BC-7.2.1", "BC-7.2.2", "BC-7.2.3")  # fmt: skip
def test_a_year_comes_out_as_it_was_computed_by_hand(year, move_year):
    numbers: dict[str, str] = {}
    for letter, said in BY_HAND["matters"].items():
        more = {name: value for name, value in said.items() if name != "unit"}
        if parent := more.get("parent"):
            more["parent"] = numbers[parent]
        numbers[letter] = year.matter(said["unit"], moment(1, 4), f"BC-2026-{100 + len(numbers)}", **more)
    closing = dict.fromkeys(organization.load().units, Decimal(80))
    published = []
    for period, said in BY_HAND["months"].items():
        month = int(period[5:])
        for fact in (*said.get("late", ()), *said["facts"]):
            happened(year, numbers, month, fact)
        struck = tuple(
            f"{numbers[one]}/{entry.key}/{entry.item}/{entry.unit}"
            for one in said.get("upheld", ())
            for entry in sheet(period).entries
            if entry.number == numbers[one]
        )
        made = sheet(period, waived=struck)
        for unit, arithmetic in said["scores"].items():
            opening, end = worked_out(arithmetic)
            line = made.unit(unit)
            assert (line.opening, line.closing) == (opening, end), f"{period} {unit}"
            closing[unit] = end
        assert {unit.unit: unit.closing for unit in made.units} == closing, period
        assert {unit: made.unit(unit).rank for unit in said["ranks"]} == said["ranks"], period
        for unit, corrected in said.get("corrections", {}).items():
            assert [entry.corrects for entry in made.unit(unit).entries] == [corrected]
        if month < 12:  # the working days of 2027 are not published, so the window of December cannot be counted
            published.append(publish(period, said, numbers, move_year))
            assert published[-1] == made.as_json(), period
    whole = sheet("2026")
    for unit, arithmetic in BY_HAND["year"].items():
        opening, end = worked_out(arithmetic)
        line = whole.unit(unit)
        assert (line.opening, line.closing) == (opening, end), unit
        assert line.delta == end - 80
    with ledger.transaction() as session:
        assert [one.as_json() for one in months.published(session, "baicheng", 2026)] == published
        assert ledger.verify(session) == []


def publish(period: str, said: dict[str, Any], numbers: dict[str, str], move: Any) -> dict[str, Any]:
    """The month goes through the hands of people: objections, the director, the chief, who names whom he praises."""
    following = int(period[5:]) + 1
    move(moment(following, 1))
    file = File(periodicals.open("monthly_scoring", period), move)
    file.draft()
    for verdict, word in (("upheld", "异议成立"), ("rejected", "异议不成立")):
        for letter in said.get(verdict, ()):
            entry = entry_of(file, numbers[letter])
            unit = entry.rpartition("/")[2]
            liaison = organization.load().units[unit].liaison
            actor = ledger.Actor(liaison.user, liaison.name, "liaison", unit)
            periodicals.object_to(file.number, actor, entry, "送达时间有误")
            file.decide("objection.office", word, person("office"), reason="已核对送文登记。")
    if file.state.awaits("objections"):
        move(file.state.periodical.objections_until)
        file.at(following, file.state.periodical.objections_until.day, 9)
    if file.state.awaits("draft"):
        file.draft()
    named = "\n".join(f"{organization.load().unit(unit).short}：{why}" for unit, why in said.get("named", {}).items())
    file.published(praised=named)
    sheet_json: dict[str, Any] = file.content["sheet"]
    return sheet_json


@pytest.fixture
def move_year(year):
    def move(to):
        with ledger.transaction() as session:
            if (now := clock.now(session)) < to:
                ledger.advance(session, to - now)

    return move


@pytest.mark.rule("A12")
def test_the_arithmetic_of_the_fixture_is_right():
    for said in BY_HAND["months"].values():
        for arithmetic in said["scores"].values():
            worked_out(arithmetic)
    with pytest.raises(AssertionError):
        worked_out("80 - 0.5 = 80")
