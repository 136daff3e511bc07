"""按率计分: points for a rate of a period, along the straight lines between the corners that a regulation writes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from duban.clock import SHANGHAI
from duban.regulation import Regulation, vocabulary
from duban.regulation.scoring_shapes import Corner, Rate
from duban.scoring.entries import Entry
from duban.scoring.facts import LATE, Fact, order
from duban.scoring.rules import Claim, UnitOf, rounded

if TYPE_CHECKING:  # the period files know the scores; the scores only need to know what a period is called
    from duban.periodicals.spans import Span

WORDS = {code: words for words, code in vocabulary.RATES.items()}
#: The moment of a period at which what is counted over the whole of it is entered: its last second.
LAST = time(23, 59, 59)
Counted = dict[str, tuple[int, int]]


def claims(facts: Iterable[Fact], law: Regulation, span: "Span", unit_of: UnitOf) -> Iterator[Claim]:
    """Yield what the rates of a period call for, unit by unit; nothing where too few matters are behind a rate."""
    here = [fact for fact in facts if span.starts <= fact.at.date() <= span.ends]
    for indicator, rule in law.rates.items():
        for unit, (part, base) in sorted(_COUNTS[indicator](here, unit_of).items()):
            if unit and base >= (rule.least or 1):
                yield _claim(indicator, rule, law, span, unit, part, base)


def points_at(rate: Decimal, corners: tuple[Corner, ...]) -> Decimal:
    """Return the points at a rate (0 to 1): on the line between two corners; beyond the outermost as at that one."""
    if rate >= corners[0].rate:
        return corners[0].points
    for high, low in pairwise(corners):
        if rate >= low.rate:
            share = (rate - low.rate) / (high.rate - low.rate)
            return rounded(low.points + share * (high.points - low.points))
    return corners[-1].points


def _claim(indicator: str, rule: Rate, law: Regulation, span: "Span", unit: str, part: int, base: int) -> Claim:
    words, rate = WORDS[indicator], Decimal(part) / base
    entry = Entry(
        unit=unit,
        number="",
        reference="",
        item=f"rate_{indicator}",
        item_text=words,
        clause=rule.basis.clause,
        points=points_at(rate, rule.corners),
        at=datetime.combine(span.ends, LAST, SHANGHAI),
        event=0,
        kind="rate",
        key=span.period,
        source="rate",
        group=f"{span.starts.year}/rate_{indicator}/{span.period}",
        regulation=law.id,
        note=f"{span.name}{words}{rounded(rate * 100):f}%（{base}次中{part}次）",
    )
    return Claim(entry, "latest")


def _on_time(facts: list[Fact], unit_of: UnitOf) -> Counted:
    """Of the due dates that came, those that were kept. A late reply is counted by the date that it missed."""
    kept = [fact for fact in facts if fact.kind in ("replied", "period_reported") and fact.good]
    return _counted(kept, [fact for fact in facts if fact.kind in LATE], unit_of)


def _first_pass(facts: list[Fact], unit_of: UnitOf) -> Counted:
    """Of the replies that were judged, those that were not sent back; what a leader returns after the office took it
    is one reply, and was sent back."""
    returned = {(fact.source, fact.round): fact for fact in facts if fact.kind == "returned"}
    accepted = {(fact.source, fact.round): fact for fact in facts if fact.kind == "accepted"}
    kept = [fact for reply, fact in accepted.items() if reply not in returned]
    return _counted(kept, returned.values(), unit_of)


def _received(facts: list[Fact], unit_of: UnitOf) -> Counted:
    """Of the notices that were taken or should have been, those that were taken in time."""
    late = [fact for fact in facts if fact.kind == "receipt_lapsed"]
    missed, taken = {(fact.source, unit_of(fact)) for fact in late}, []
    for fact in sorted(facts, key=order):
        if fact.kind == "received" and (fact.source, unit_of(fact)) not in missed:
            taken.append(fact)
    return _counted(taken, late, unit_of)


def _counted(good: Iterable[Fact], bad: Iterable[Fact], unit_of: UnitOf) -> Counted:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kept, facts in ((1, good), (0, bad)):
        for fact in facts:
            counted = counts[unit_of(fact)]
            counted[0] += kept
            counted[1] += 1
    return {unit: (part, base) for unit, (part, base) in counts.items()}


_COUNTS = {"on_time": _on_time, "first_pass": _first_pass, "received_on_time": _received}
