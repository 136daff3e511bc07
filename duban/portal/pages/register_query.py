"""The register asked: which matters, how many, in which order; at one moment, so that total and list agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, and_, case, cast, column, func, not_, null, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from duban import clock
from duban.errors import Refusal
from duban.ledger import Actor, register
from duban.ledger.models import MatterRow
from duban.ledger.queries import LATE, MATTERS, is_late
from duban.ledger.standing import ENDED
from duban.marks import MARKS, SECRET_MARKS
from duban.organization import Organization
from duban.portal.pages.register_asked import AGAIN, STATES_OF_MATTERS, Asked
from duban.portal.visible import seen_by
from duban.reports import figures
from duban.reports.lights import Lights
from duban.statistics.asof import CLOCKS
from duban.statistics.counts import ROUNDS

URGENT_FIRST = ("red", "orange", "yellow", "green", "none")
"""Lights as they are put in order; what has none comes last."""
_LEVEL = func.split_part(func.coalesce(MatterRow.mark, ""), "★", 1)
_ENDED = MatterRow.state.in_(ENDED)
Condition = ColumnElement[bool]


def withheld() -> Condition:
    """Matters of which a list shows no content: state secrets, those for named readers, covert ones not released."""
    return or_(_LEVEL.in_(SECRET_MARKS), register.guarded())


@dataclass
class Asking:
    """One question to the register: by whom, in which bureau, as of when (aware); `types`: ids in their order."""

    session: Session
    actor: Actor
    org: Organization
    now: datetime
    asked: Asked
    types: tuple[str, ...] = ()

    def count(self) -> int:
        """How many matters there are."""
        return self.session.scalar(select(func.count()).select_from(MatterRow).where(*self.where())) or 0

    def numbers(self, most: int | None = None, skip: int = 0) -> list[str]:
        """The numbers of the matters in their order: at most so many (None: all), after so many."""
        query = select(MatterRow.number).where(*self.where()).limit(most).offset(skip)
        if any(name == "light" for name, _way in self.asked.sorts):
            query = query.outerjoin(self.ranked, self.ranked.c.number == MatterRow.number)
        return list(self.session.scalars(query.order_by(*self._order())))

    def where(self) -> list[Condition]:
        """Every condition: what is a matter, what this person may see, what is asked for."""
        asked = (_CONDITIONS[name](self, value) for name, value in self.asked.filters().items())
        return [MatterRow.version > 0, MATTERS, seen_by(self.actor), *asked]

    def _order(self) -> Iterator[ColumnElement[Any]]:
        for name, way in self.asked.sorts:
            for one in _ORDERS[name](self):
                yield (one.desc() if way == "desc" else one.asc()).nulls_last()
        yield MatterRow.number.desc()

    @cached_property
    def lit(self) -> dict[str, str]:
        """The light of each open matter that may show one, as `Lights.of` gives it; others are not looked at."""
        lights = Lights()
        # Of what is late by itself nobody needs the timers, and so nothing is unpacked.
        timers = case((MatterRow.state.in_(LATE), null()), else_=register.TIMERS)
        columns = (MatterRow.number, MatterRow.regulation, MatterRow.due_on, MatterRow.due_at, MatterRow.round)
        query = select(*columns, MatterRow.state.in_(LATE).label("late"), timers.label("timers"))
        query = query.where(MatterRow.version > 0, MATTERS, not_(_ENDED), not_(withheld()))
        found = {}
        for row in self.session.execute(query):
            runs = row.late or any(f"{kind}:{row.round}" in (row.timers or {}) for kind in CLOCKS)
            known = runs and row.due_on is not None and row.due_at is not None
            found[row.number] = lights.at(row.regulation, row.due_on, row.due_at, self.now) if known else "none"
        return found

    @cached_property
    def ranked(self) -> Any:
        """The lights as a table beside the ledger's: the light is no column, it changes with every minute."""
        shown = {number: URGENT_FIRST.index(light) for number, light in self.lit.items() if light in URGENT_FIRST}
        numbers, ranks = cast(list(shown), ARRAY(Text)), cast(list(shown.values()), ARRAY(Integer))
        columns = func.unnest(numbers, ranks).table_valued(column("number", Text), column("rank", Integer))
        return columns.render_derived(name="ranked")


def _searched(_asking: Asking, words: str) -> Condition:
    """Each word in number, reference or title; a title that is not shown is not searched either."""
    found = []
    for word in words.split():
        holds = [one.icontains(word, autoescape=True) for one in (MatterRow.number, MatterRow.reference)]
        found.append(or_(*holds, and_(MatterRow.title.icontains(word, autoescape=True), not_(withheld()))))
    return and_(*found)


def _light(asking: Asking, light: str) -> Condition:
    if light == "secret":
        return and_(not_(_ENDED), withheld())
    return register.among([number for number, one in asking.lit.items() if one == light])


def _month(_asking: Asking, month: str) -> Condition:
    first = date.fromisoformat(f"{month}-01")
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    since, until = (datetime.combine(day, time(), clock.SHANGHAI) for day in (first, after))
    return and_(MatterRow.registered_at >= since, MatterRow.registered_at < until)


def _round(_asking: Asking, rounds: str) -> Condition:
    most = max(int(key) for key in ROUNDS if key.isdecimal())
    return MatterRow.round > most if rounds == "more" else MatterRow.round == int(rounds)


def _overdue(asking: Asking, yes: str) -> Condition:
    late = func.coalesce(is_late(asking.now), False)
    return late if yes == "1" else not_(late)


def _mark(_asking: Asking, mark: str) -> Condition:
    return _LEVEL.in_(["" if mark == MARKS[0] else mark])


def _figure(asking: Asking, key: str) -> Condition:
    numbers = figures.numbers(asking.session, asking.org, asking.now, key)
    if numbers is None:
        raise Refusal(f"概览里没有“{key[:30]}”这个数字，{AGAIN}")
    return register.among(list(numbers))


_CONDITIONS: Mapping[str, Callable[[Asking, str], Condition]] = {
    "q": _searched,
    # Not those whose unit no list tells (SK-3.2): to be in the list of a unit would tell it.
    "unit": lambda _asking, unit: and_(MatterRow.unit == unit, not_(register.covert())),
    "type": lambda _asking, key: MatterRow.type == key,
    "state": lambda _asking, state: MatterRow.state == state,
    "light": _light,
    "leader": lambda _asking, leader: register.LEADER.in_([leader]),
    "month": _month,
    "round": _round,
    "overdue": _overdue,
    "open": lambda _asking, yes: not_(_ENDED) if yes == "1" else _ENDED,
    "mark": _mark,
    "figure": _figure,
}


def _listed(keys: tuple[str, ...], of: Any) -> ColumnElement[Any]:
    """The place of a value in a list; what is not in it has none."""
    return func.array_position(cast(list(keys), ARRAY(Text)), of)


def _told_unit() -> ColumnElement[Any]:
    """The unit as a list tells it: a matter of which it does not (SK-3.2) has no place among the units."""
    return case((register.covert(), null()), else_=MatterRow.unit)


_ORDERS: Mapping[str, Callable[[Asking], tuple[ColumnElement[Any], ...]]] = {
    # A number without leading zeros is longer when it is greater; the year counts first.
    "number": lambda _asking: (
        func.split_part(MatterRow.number, "-", 2),
        func.length(MatterRow.number),
        MatterRow.number.expression,
    ),
    "reference": lambda _asking: (
        func.split_part(MatterRow.reference, "〕", 1),
        func.length(MatterRow.reference),
        MatterRow.reference.expression,
    ),
    "type": lambda asking: (_listed(asking.types, MatterRow.type),),
    "unit": lambda asking: (_listed(tuple(asking.org.units), _told_unit()), _told_unit()),
    "state": lambda _asking: (_listed(tuple(STATES_OF_MATTERS), MatterRow.state),),
    "light": lambda asking: (asking.ranked.c.rank,),
    "round": lambda _asking: (MatterRow.round.expression,),
    "due_on": lambda _asking: (MatterRow.due_at.expression,),
    "leader": lambda _asking: (func.nullif(register.LEADER, ""),),
    "registered_on": lambda _asking: (MatterRow.registered_at.expression,),
}
