"""A regulation's assessment chapter applied to facts: which item, how many points, what counts together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from duban.regulation import Regulation, vocabulary
from duban.regulation.scoring_shapes import ScoreItem
from duban.scoring.entries import ZERO
from duban.scoring.facts import Fact, order

#: Points have two decimals wherever a regulation writes them; what a share or a line gives is rounded half up to that.
CENT = Decimal("0.01")
WORDS = {code: words for words, code in vocabulary.SCORED_EVENTS.items()}
#: What adds; everything else takes.
PRAISE = ("praised_in_bulletin", "praised_by_chief", "praised_above")

#: The id of a regulation -> its law: each matter keeps the version of its registration.
LawOf = Callable[[str], Regulation]
#: Unit and moment of a fact -> the unit that it is entered for (a unit may have been merged or renamed since).
UnitOf = Callable[[Fact], str]


@dataclass(frozen=True, slots=True)
class Scored:
    """A fact with the item that it falls under. `group`: what counts only once has the same; `points` may be 0 (定性)."""

    fact: Fact
    unit: str
    item: str
    rule: ScoreItem
    points: Decimal
    group: str

    @property
    def id(self) -> str:
        """As `Entry.id`."""
        return f"{self.fact.source}/{self.fact.key}/{self.item}/{self.unit}"


def apply(facts: Iterable[Fact], law_of: LawOf, unit_of: UnitOf) -> list[Scored]:
    """Return what each fact is worth under the law of its matter, in the order of the facts; nothing for the rest."""
    scored = []
    for fact in facts:
        law, unit = law_of(fact.regulation), unit_of(fact)
        if unit and (found := _item(fact, law)):
            item, rule = found
            scored.append(Scored(fact, unit, item, rule, _points(rule, law, fact), _group(fact, item, rule)))
    return scored


def _item(fact: Fact, law: Regulation) -> tuple[str, ScoreItem] | None:
    """The first of the items that the fact may be which the regulation has; A8 decides on returns."""
    if fact.kind == "returned":
        rule = law.score_of_return(fact.items[0].removeprefix("returned_by_"), fact.reason)
        return (fact.items[0], rule) if rule else None
    return next(((item, law.score_items[item]) for item in fact.items if item in law.score_items), None)


def _points(rule: ScoreItem, law: Regulation, fact: Fact) -> Decimal:
    points = rule.points or ZERO
    if fact.helps and law.scoring.co_handler is not None:
        points = rounded(points * law.scoring.co_handler)
    return points


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


def best(scored: Iterable[Scored]) -> dict[tuple[str, str], Scored]:
    """Of what counts only once the one that counts, by unit and group: the first, or the one with the most points.

    Which was recorded first does not matter, only which happened first.
    """
    found: dict[tuple[str, str], Scored] = {}
    for one in sorted(scored, key=lambda one: order(one.fact)):
        known = found.get((one.unit, one.group))
        if known is None or (one.rule.pick == "highest" and abs(one.points) > abs(known.points)):
            found[one.unit, one.group] = one
    return found
