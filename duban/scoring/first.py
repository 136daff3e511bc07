"""The matters that each unit received in the year, and what the first of them does to its base (A6)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from duban.regulation import Regulation
from duban.scoring.entries import Entry
from duban.scoring.facts import Fact
from duban.scoring.rules import Claim, UnitOf

if TYPE_CHECKING:
    from duban.periodicals.spans import Span

ITEM, WORDS = "base_with_items", "有督办件的基础分"


def received(handed: Iterable[Fact], span: "Span", unit_of: UnitOf) -> Mapping[str, int]:
    """How many matters each unit received in the year until the end of the period; a matter given back counts once."""
    start, matters = date(span.starts.year, 1, 1), dict[str, set[str]]()
    for fact in handed:
        if start <= fact.at.date() <= span.ends:
            matters.setdefault(unit_of(fact), set()).add(fact.root)
    return {unit: len(numbers) for unit, numbers in matters.items()}


def claims(handed: Iterable[Fact], law: Regulation, unit_of: UnitOf) -> Iterator[Claim]:
    """Yield the difference between the base of units with and without matters, with the first matter of the year.

    The text can be read so that its base holds only for a unit without any matter (A6); then the other one is written
    as 有督办件的基础分. Where both are the same nothing is entered.
    """
    base, with_items = law.scoring.base, law.scoring.base_with_items
    if base is None or with_items is None or base == with_items:
        return
    for fact in handed:
        entry = Entry(
            unit=unit_of(fact),
            number=fact.number,
            reference=fact.reference,
            item=ITEM,
            item_text=WORDS,
            clause=law.scoring.basis.clause,
            points=with_items - base,
            at=fact.at,
            event=fact.event,
            kind=fact.kind,
            key=fact.key,
            source=fact.source,
            group=f"{fact.at.year}/{ITEM}",
            regulation=law.id,
            actor=fact.actor,
            note="本年第一件",
            mark=fact.mark,
            withheld=fact.withheld,
        )
        yield Claim(entry, "once")
