"""The register as a page and a file show it: its lines, what may be chosen in its form, what it was asked in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from duban import clock, organization, regulation
from duban.acts.seeing import BUREAU
from duban.errors import Refusal
from duban.ledger import Actor, register
from duban.ledger.engine import snapshot
from duban.ledger.models import MatterRow
from duban.ledger.queries import MATTERS
from duban.marks import MARKS
from duban.organization import Organization
from duban.portal.pages.register_asked import LABELS, LATENESS, STAGES, STATES_OF_MATTERS, Asked, known
from duban.portal.pages.register_query import Asking
from duban.portal.visible import seen_by
from duban.reports import figures, names
from duban.reports.lights import LIGHTS, Lights
from duban.reports.lines import Line, line
from duban.statistics.asof import standing
from duban.statistics.counts import ROUNDS

COVERT = "（暗访件，公开前不列内容）"
"""What stands where the title would of a covert matter that is not released."""
BATCH = 500
"""Matters whose whole state is held at once."""
PATIENCE = "15s"
"""How long the database works on one question: whoever asked has given up by then."""

Choices = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Found:
    """An answer of the register: `total` matters, of which `lines` are shown; as of `now`, in these words."""

    asked: Asked
    now: datetime
    org: Organization
    total: int
    lines: Sequence[Line]
    choices: Choices
    chips: tuple[tuple[str, str, str], ...]  # name in the address, label, words

    @property
    def words(self) -> str:
        """What was asked, in one line."""
        return "；".join(f"{label}：{words}" for _name, label, words in self.chips) or "全部督办件"

    @property
    def pages(self) -> int:
        """How many pages there are; one for an empty list."""
        return max(-(-self.total // self.asked.page_size), 1)


def find(actor: Actor, asked: Asked, most: int | None = None) -> Found:
    """Answer a question to the register; Refusal for a unit, a type or a figure that is none.

    One page of it; with `most` all of it, and a Refusal when there are more than that.
    """
    with snapshot() as session:
        session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
        org, now = organization.load(), clock.now(session)
        choices = _choices(session, actor, org, now)
        said = asked.filters().items()
        chips = tuple((name, LABELS[name], _words(name, value, choices, org)) for name, value in said)
        asking = Asking(session, actor, org, now, asked, tuple(choices["type"]))
        total = asking.count()
        if most is not None:
            if total > most:
                raise Refusal(_too_many(total, most))
            numbers = asking.numbers(most)
        else:
            asked = replace(asked, page=min(asked.page, max(-(-total // asked.page_size), 1)))
            numbers = asking.numbers(asked.page_size, (asked.page - 1) * asked.page_size)
        shown = list(lines_of(session, org, numbers, now))
    return Found(asked, now, org, total, shown, choices, chips)


def lines_of(session: Session, org: Organization, numbers: Sequence[str], now: datetime) -> Iterator[Line]:
    """The lines of these matters in this order, as they stand `now` (aware)."""
    lights = Lights()
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        query = select(MatterRow.number, MatterRow.view).where(register.among(list(some)))
        views: dict[str, Any] = {row.number: row.view for row in session.execute(query)}
        found = {number: standing(views[number], now) for number in some}
        units = names.units(org, (one.unit for one in found.values()))
        types = names.types_of(found.values())
        for number, one in found.items():
            if views[number]["released"]:
                made = line(one, org, units, types, lights.of(one))
            else:
                # Not even its unit (SK-3.2): a list is passed on, and whoever is looked at must not learn of it.
                made = Line(one.number, one.mark, "", "", True, "secret", overdue=one.overdue, title=COVERT)
            yield replace(made, light="", light_name="") if one.ended else made


def _choices(session: Session, actor: Actor, org: Organization, now: datetime) -> dict[str, dict[str, str]]:
    """What may be chosen in the form: of units, types and months what there is for this person, and what may come."""
    mine = (MatterRow.version > 0, MATTERS, seen_by(actor))
    kinds = select(MatterRow.unit, MatterRow.type, MatterRow.regulation, func.min(MatterRow.registered_at))
    kinds = kinds.where(*mine).group_by(MatterRow.unit, MatterRow.type, MatterRow.regulation)
    rows: list[tuple[str, str, str, datetime]] = [tuple(row) for row in session.execute(kinds)]  # type: ignore[misc]
    law = regulation.current(now.date())
    types = {key: rule.name for key, rule in law.types.items()}
    for _unit, kind, law_id, _since in rows:
        types.setdefault(kind, _type(law_id, kind))
    return {
        "unit": names.units(org, {*org.units, *(row[0] for row in rows)}),
        "state": STATES_OF_MATTERS,
        "open": STAGES,
        "overdue": LATENESS,
        "light": LIGHTS,
        "type": types,
        "leader": {name: name for name in _leaders(session, actor, org)},
        "month": _months(min((row[3] for row in rows), default=now).astimezone(clock.SHANGHAI).date(), now.date()),
        "round": ROUNDS,
        "mark": {mark: mark for mark in MARKS},
    }


def _words(name: str, value: str, choices: Choices, org: Organization) -> str:
    """A value in the words of the form; Refusal for a unit or a type that is none."""
    if name == "figure":
        return figures.name(value, org) or value  # the query refuses one that is none
    if name in ("unit", "type"):
        return known(name, value, choices[name])
    return choices.get(name, {}).get(value, value)


def _type(law_id: str, kind: str) -> str:
    try:
        return regulation.load(law_id).types[kind].name
    except (Refusal, KeyError):
        return kind  # the file of that regulation is gone


def _leaders(session: Session, actor: Actor, org: Organization) -> list[str]:
    """The bureau's leaders, and to whom everything is open also those of years before."""
    now = [one.name for one in org.holders("leader")]
    return list(dict.fromkeys([*now, *(register.leaders(session) if actor.post in BUREAU else ())]))


def _months(first: date, last: date) -> dict[str, str]:
    """Every month from the first matter to now, the latest first."""
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    said = (divmod(month, 12) for month in range(end, min(begin, end) - 1, -1))
    return {f"{year}-{month + 1:02d}": f"{year}年{month + 1}月" for year, month in said}


def _too_many(total: int, most: int) -> str:
    return f"符合条件的有{total}件，一次最多导出{most}件，请再加条件（如承办单位、登记月份），分几次导出。"
