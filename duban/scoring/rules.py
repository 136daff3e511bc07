"""A regulation's assessment chapter applied to facts: which item, how many points, what counts only once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from duban.regulation import Regulation, vocabulary
from duban.regulation.scoring_shapes import ScoreItem
from duban.scoring.entries import ZERO, Entry
from duban.scoring.facts import Fact

#: Points have two decimals wherever a regulation writes them; what a share or a line gives is rounded half up to that.
CENT = Decimal("0.01")

#: The id of a regulation -> its law: each matter keeps the version of its registration.
LawOf = Callable[[str], Regulation]
#: A fact -> the unit that it is entered for (a unit may have been merged since); "" for nobody.
UnitOf = Callable[[Fact], str]


@dataclass(frozen=True, slots=True)
class Claim:
    """An entry that the law calls for. `pick`: what of its group counts: the first ("once"), the "highest", or the
    "latest" value of something that is worth more or less as the ledger learns more (a rate)."""

    entry: Entry
    pick: str


def claims(facts: Iterable[Fact], law_of: LawOf, unit_of: UnitOf) -> Iterator[Claim]:
    """Yield what each fact calls for under the law of its matter; nothing for a fact that the law does not score."""
    for fact in _once(facts):
        law, unit = law_of(fact.regulation), unit_of(fact)
        if unit and (found := _item(fact, law)):
            yield _claim(fact, law, unit, *found)


def _once(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts without those that say a second time that a bulletin named a unit.

    The file of a period names units when the bulletin goes out; somebody may put the same bulletin on record in the
    matter as well. Two matters that one bulletin speaks of are two facts.
    """
    named: dict[tuple[str, tuple[str, ...], str], set[str]] = {}
    for fact in facts:
        if fact.told:
            known = named.setdefault((fact.unit, fact.items, fact.told), set())
            if known and ("" in known or not fact.number):
                continue
            known.add(fact.number)
        yield fact


def _item(fact: Fact, law: Regulation) -> tuple[str, ScoreItem] | None:
    """The first of the items that the fact may be which the regulation has; A8 decides on returns."""
    if fact.kind == "returned":
        rule = law.score_of_return(fact.items[0].removeprefix("returned_by_"), fact.reason)
        return (fact.items[0], rule) if rule else None
    return next(((item, law.score_items[item]) for item in fact.items if item in law.score_items), None)


def _claim(fact: Fact, law: Regulation, unit: str, item: str, rule: ScoreItem) -> Claim:
    points, note = rule.points or ZERO, fact.words
    if fact.helps and law.scoring.co_handler is not None:
        points = rounded(points * law.scoring.co_handler)
        note = f"{note}，协办折算{law.scoring.co_handler:.0%}".removeprefix("，")
    entry = Entry(
        unit=unit,
        number=fact.number,
        reference=fact.reference,
        item=item,
        item_text=vocabulary.SCORED_WORDS[item],
        clause=rule.basis.clause,
        points=points,
        at=fact.at,
        event=fact.event,
        kind=fact.kind,
        key=fact.key,
        source=fact.source,
        group=_group(fact, item, rule),
        regulation=law.id,
        actor=fact.actor,
        note=note,
        mark=fact.mark,
        withheld=fact.withheld,
    )
    return Claim(entry, rule.pick or "once")


def rounded(points: Decimal) -> Decimal:
    """Points with two decimals, half up (away from zero)."""
    return points.quantize(CENT, ROUND_HALF_UP)


def _group(fact: Fact, item: str, rule: ScoreItem) -> str:
    """What counts once: the reply of a matter, the matter, the due date, or the event; and all that it is 合并 with.

    A year stands for itself: what was entered in one says nothing about the next.
    """
    about = fact.number or fact.source
    scope = {
        "matter_time": f"{about}@{fact.round}",
        "matter": about,
        "due_date": f"{about}@{fact.due_at or fact.key}",
        # The same bulletin recorded twice, in the matter and in the file of a period, is one bulletin.
        "time": f"{about}@{fact.told or fact.key}",
    }[rule.per]
    if rule.group is not None:
        scope = f"{about}@{fact.round}"
    return f"{fact.at.year}/{rule.group or item}/{scope}"


def best(called: Iterable[Claim]) -> list[Claim]:
    """Of what counts only once the one that counts: the first, or the one with the most points; in order of time.

    Which was recorded first does not matter, only which happened first.
    """
    found: dict[tuple[str, str], Claim] = {}
    for claim in sorted(called, key=lambda one: in_time(one.entry)):
        at = claim.entry.unit, claim.entry.group
        known = found.get(at)
        if known is None or (claim.pick == "highest" and abs(claim.entry.points) > abs(known.entry.points)):
            found[at] = claim
    return sorted(found.values(), key=lambda one: in_time(one.entry))


def in_time(entry: Entry) -> tuple[object, ...]:
    """What entries are ordered by: the moment, and where several fall on one, their place in the ledger."""
    return entry.at, entry.source, entry.key, entry.item, entry.unit
