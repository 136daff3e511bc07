"""What holds for scores whatever happens: sums, order, reruns, corrections, ranks. No database: facts are made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring.conftest import moment

from duban import organization, regulation
from duban.regulation import Regulation
from duban.scoring import evidence, facts, months, rates
from duban.scoring.entries import ScoreSheet
from duban.scoring.facts import Fact, Facts
from duban.scoring.months import Published
from duban.scoring.rules import in_time

UNITS = ("taobei", "daan", "xingzhen")
KINDS = {
    "returned": (("returned_by_office",), ("returned_by_deputy",), ("returned_by_chief",)),
    "accepted": (("format_fault", "unsigned"), ("unsigned", "format_fault"), ("wrong_subject",), ("no_visit",)),
    "reply_lapsed": (("late_reply",),),
    "followed_up": (("visit_differs",),),
    "praised": (("praised_in_bulletin",), ("praised_by_chief",), ("praised_above",)),
    "criticised": (("criticised_above",), ("criticised",)),
}
START = moment(1, 1, 0)


@st.composite
def one_fact(draw: Any, until: int = 12 * 31 * 24) -> Fact:
    kind = draw(st.sampled_from(sorted(KINDS)))
    matter = draw(st.integers(0, 5))
    at = START + timedelta(hours=draw(st.integers(0, min(until, 364 * 24))))
    return Fact(
        source=f"BC-2026-{matter}",
        number=f"BC-2026-{matter}",
        kind=kind,
        key=f"{kind}:{draw(st.integers(0, 10**6))}",
        event=0,
        seq=0,
        round=draw(st.integers(1, 3)),
        at=at,
        actor="田雨欣",
        unit=UNITS[matter % 3],
        items=draw(st.sampled_from(KINDS[kind])),
        regulation="baicheng-2020",
        reference="",
        mark="",
        root=f"BC-2026-{matter}",
        reason=draw(st.sampled_from(("perfunctory", "supplement"))),
        due_at=at.isoformat() if kind == "reply_lapsed" else "",
        good=kind == "accepted",
    )


def facts_of(least: int = 0) -> st.SearchStrategy[list[Fact]]:
    return st.lists(one_fact(), min_size=least, max_size=25, unique_by=lambda fact: (fact.source, fact.key))


class Stage:
    """A ledger that holds just these facts."""

    def __init__(self, patch: pytest.MonkeyPatch, law: Regulation | None = None) -> None:
        self.law, self.org, self.known = law or regulation.load("baicheng-2020"), organization.load("baicheng"), ()
        patch.setattr(facts, "read", self._read)
        patch.setattr(evidence, "attach", lambda _session, entries: list(entries))

    def _read(self, _session: object, _org: str, since: datetime, until: datetime, rates: bool = False) -> Facts:
        here = tuple(fact for fact in self.known if since <= fact.at < until)
        return Facts(tuple(fact for fact in here if fact.items), (), here if rates else ())

    def sheet(self, known: Sequence[Fact], period: str, books: Published | None = None, **more: Any) -> ScoreSheet:
        self.known = tuple(known)
        return months.reckon(None, self.law, self.org, months.span_of(period), books or Published(), **more)  # type: ignore[arg-type]

    def published(self, known: Sequence[Fact], until: int) -> Published:
        """The months 1 to `until` published one after the other."""
        sheets: tuple[ScoreSheet, ...] = ()
        for month in range(1, until + 1):
            sheets = (*sheets, self.sheet(known, f"2026-{month:02d}", Published((), sheets)))
        return Published((), sheets)


@pytest.fixture(scope="module")
def stage():
    with pytest.MonkeyPatch.context() as patch:
        yield Stage(patch)


@given(known=facts_of(), month=st.integers(1, 12))
@settings(deadline=None)
def test_the_sum_of_the_entries_is_closing_less_opening(stage, known, month):
    for unit in stage.sheet(known, f"2026-{month:02d}").units:
        assert unit.opening + sum(entry.points for entry in unit.entries) == unit.closing
        assert unit.added + unit.deducted == unit.delta
        assert unit.shown == max(unit.closing, Decimal(0))


@given(known=facts_of(), shuffled=st.randoms(), month=st.integers(1, 12))
@settings(deadline=None)
def test_the_order_in_which_things_are_recorded_does_not_matter(stage, known, shuffled, month):
    other = list(known)
    shuffled.shuffle(other)
    numbered = [replace(fact, event=nth, seq=nth) for nth, fact in enumerate(other)]
    one, two = (stage.sheet(sorted(said, key=facts.order), f"2026-{month:02d}") for said in (known, numbered))
    assert [entry.id for entry in one.entries] == [entry.id for entry in two.entries]
    assert [(unit.unit, unit.closing, unit.rank) for unit in one.units] == [
        (unit.unit, unit.closing, unit.rank) for unit in two.units
    ]


@given(known=facts_of(), month=st.integers(1, 12))
@settings(deadline=None)
def test_a_rerun_is_identical(stage, known, month):
    first = stage.sheet(known, f"2026-{month:02d}")
    assert stage.sheet(known, f"2026-{month:02d}") == first
    assert ScoreSheet.from_json(first.as_json()).as_json() == first.as_json()


@given(known=facts_of(), until=st.integers(1, 11))
@settings(deadline=None)
def test_months_published_one_by_one_are_the_year_at_once(stage, known, until):
    books = stage.published(known, until)
    for before, after in pairwise(books.sheets):
        assert {one.unit: one.closing for one in before.units} == {one.unit: one.opening for one in after.units}
    at_once = stage.sheet(known, f"2026-{until:02d}")
    step_by_step = books.sheets[-1]
    assert {one.unit: one.closing for one in at_once.units} == {one.unit: one.closing for one in step_by_step.units}


@given(known=facts_of(1), late=facts_of(1), until=st.integers(1, 11))
@settings(deadline=None)
def test_a_late_event_only_ever_adds_a_correction_in_the_next_open_month(stage, known, late, until):
    closed = months.span_of(f"2026-{until:02d}").ends
    told_late = [replace(fact, key=f"{fact.key}.late") for fact in late if fact.at.date() <= closed]
    books = stage.published(known, until)
    following = f"2026-{until + 1:02d}"
    before = stage.sheet(known, following, books)
    after = stage.sheet([*known, *told_late], following, books)
    for entry in set(after.entries) - set(before.entries):
        if entry.date <= closed:
            assert entry.corrects == f"{entry.date:%Y-%m}"
    # What the published months say is not what anybody computes again; opening stays where they closed.
    closing = {unit.unit: unit.closing for unit in books.sheets[-1].units}
    assert {unit.unit: unit.opening for unit in after.units} == closing
    assert not any(entry.corrects for entry in before.entries)
    assert not any(unit.carried for unit in after.units)


@given(known=facts_of(1), late=facts_of(1), until=st.integers(1, 10))
@settings(deadline=None)
def test_however_late_it_is_told_the_year_ends_with_the_same_score_but_for_the_same_thing_told_twice(
    stage, known, late, until
):
    """All of it told in time, and some of it after months were published, come to the same, since what counts once or
    only at its highest counts so across months."""
    told_late = [replace(fact, key=f"{fact.key}.late") for fact in late]
    everything = sorted([*known, *told_late], key=facts.order)
    books = stage.published(known, until)
    in_the_end = stage.sheet(everything, "2026-12", books)
    at_once = stage.sheet(everything, "2026-12")
    assert {one.unit: one.closing for one in in_the_end.units} == {one.unit: one.closing for one in at_once.units}


@given(known=facts_of(1), month=st.integers(1, 12))
@settings(deadline=None)
def test_ranks_are_those_of_the_scores(stage, known, month):
    units = stage.sheet(known, f"2026-{month:02d}").units
    for unit in units:
        assert unit.rank == 1 + sum(other.shown > unit.shown for other in units)
    assert [unit.rank for unit in units] == sorted(unit.rank for unit in units)
    order = list(organization.load("baicheng").units)
    for first, second in pairwise(units):
        if first.rank == second.rank:
            assert order.index(first.unit) < order.index(second.unit)


@given(known=facts_of(1), data=st.data(), until=st.integers(1, 11))
@settings(deadline=None)
def test_what_an_objection_struck_out_never_comes_back(stage, known, data, until):
    period = f"2026-{until:02d}"
    entries = stage.sheet(known, period).entries
    if not entries:
        return
    struck = data.draw(st.sampled_from(entries)).id
    without = stage.sheet(known, period, waived=(struck,))
    assert struck not in {entry.id for entry in without.entries}
    following = stage.sheet(known, f"2026-{until + 1:02d}", Published((), (without,)))
    assert struck not in {entry.id for unit in following.units for entry in (*unit.entries, *unit.carried)}


@given(
    corners=st.lists(
        st.tuples(st.integers(0, 100), st.integers(-10, 10)), min_size=2, max_size=5, unique_by=lambda one: one[0]
    ),
    rate=st.integers(0, 1000),
)
def test_points_on_a_line_lie_between_those_of_its_corners(corners, rate):
    line = tuple(
        rates.Corner.model_construct(None, rate=Decimal(at) / 100, points=Decimal(points))
        for at, points in sorted(corners, reverse=True)
    )
    points = rates.points_at(Decimal(rate) / 1000, line)
    assert min(one.points for one in line) <= points <= max(one.points for one in line)
    for corner in line:
        assert rates.points_at(corner.rate, line) == corner.points
    assert points == points.quantize(Decimal("0.01"))


def test_entries_are_ordered_by_when_they_happened(stage):
    one = Fact("BC-2026-1", "BC-2026-1", "returned", "r", 0, 0, 1, START, "", "taobei", ("returned_by_office",),
               "baicheng-2020", "", "", reason="perfunctory")  # fmt: skip
    known = [replace(one, key=f"r:{day}", round=day, at=moment(3, day)) for day in (9, 3, 5)]
    entries = stage.sheet(known, "2026-03").entries
    assert [entry.date for entry in entries] == [date(2026, 3, day) for day in (3, 5, 9)]
    assert sorted(entries, key=in_time) == list(entries)
