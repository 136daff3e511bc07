"""新建督办件: the fields of a type as the page shows them, with the clause beside each and what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import datetime

from duban.acts import modes
from duban.acts.foreseeing import in_words
from duban.acts.form import CONTENT
from duban.acts.form_fields import PICK, PROPOSAL, TEXT, TICK, Field, fields_of
from duban.acts.previewing import Fault
from duban.errors import Refusal
from duban.orchestration.matters import MATTER_TYPES
from duban.organization import Organization
from duban.regulation import Clause, Regulation, vocabulary

MANY = "many"
MANY_FIELDS = ("cohandlers", "partners", "readers")
"""Fields with several answers: boxes to tick instead of names to write."""
NAMED = ("order_by", "consent_by")
"""Fields whose answer is one of the holders of a post."""


@dataclass(frozen=True)
class Card:
    """A type of matter to choose: what the office calls it, its clause, its time limit in words."""

    id: str
    word: str
    name: str
    limit: str
    clause: Clause


@dataclass(frozen=True)
class Asked:
    """A field as the page asks it; of a field with several answers `groups` are the boxes: (heading, choices)."""

    field: Field
    kind: str
    choices: Mapping[str, str] = made(default_factory=dict)
    groups: Sequence[tuple[str, Mapping[str, str]]] = ()
    clauses: tuple[Clause, ...] = ()
    value: str = ""
    values: frozenset[str] = frozenset()
    fault: str = ""
    mode: str = ""
    """Only in this mode."""
    secret: bool = False
    """What of a state secret must stay empty."""


@dataclass(frozen=True)
class Section:
    """Fields under one heading; `folded`: few matters need them."""

    name: str
    asked: tuple[Asked, ...]
    folded: bool = False


def cards(law: Regulation) -> tuple[Card, ...]:
    """Return the types that this regulation knows, in the order of the DAGs."""
    words = {code: word for word, code in vocabulary.TYPES.items()}
    known = [type_id for type_id in MATTER_TYPES.values() if type_id in law.types]
    return tuple(
        Card(one, words[one], law.types[one].name, in_words(one, law), law.clause(law.types[one].basis.clause))
        for one in known
    )


def sections(
    type_id: str,
    law: Regulation,
    org: Organization,
    now: datetime,
    said: Mapping[str, str],
    faults: Sequence[Fault] = (),
) -> tuple[Section, ...]:
    """Return the form of a type, filled with what was said, each fault at its field."""
    wrong = {one.field: one.sentence for one in reversed(faults)}
    asked = [_asked(one, law, org, now, said, wrong) for one in fields_of(type_id, law, org).values()]
    names = list(dict.fromkeys(one.field.section for one in asked))
    found = []
    for name in names:
        mine = tuple(one for one in asked if one.field.section == name)
        used = any(one.value or one.values or one.fault for one in mine)
        found.append(Section(name, mine, folded=name == PROPOSAL and not used))
    return tuple(found)


def elsewhere(faults: Sequence[Fault], asked: Sequence[Section]) -> tuple[str, ...]:
    """Return the sentences about what is no field of the page."""
    shown = {one.field.name for section in asked for one in section.asked}
    return tuple(fault.sentence for fault in faults if fault.field not in shown)


#: What is said of a field with boxes to tick, where the words of the form speak of names to write.
TICKED = {
    "cohandlers": "可以选几个单位。",
    "partners": "联合督办必填，可以选几个。",
    "readers": "指定谁可以知道这件事；不选即本单位的人都可以看。",
}


def _asked(
    one: Field, law: Regulation, org: Organization, now: datetime, said: Mapping[str, str], wrong: Mapping[str, str]
) -> Asked:
    name, given = one.name, said.get(one.name, "")
    groups = _groups(name, law, org, now)
    kind, choices = (MANY, dict[str, str]()) if groups else (one.kind, dict(one.choices))
    if name == "unit":
        choices = _may_be_given(law, org, now)
    elif name == "source":
        choices = _sources(law)
    elif name in NAMED:
        kind, choices = PICK, {person: person for person in one.examples}
    elif name == "proposed_by":
        kind, choices = PICK, {unit.code: unit.name for unit in org.units.values()}
    return Asked(
        field=replace(one, help=TICKED[name]) if groups and name in TICKED else one,
        kind=kind,
        choices=choices,
        groups=groups,
        clauses=tuple(law.clause(basis.clause) for basis in one.bases),
        value=given or ("" if kind in (TEXT, TICK, MANY) else one.start),
        values=frozenset(given.split("、")) if groups and given else frozenset(),
        fault=wrong.get(name, ""),
        mode=_modes_of(law).get(name, ""),
        secret=name in CONTENT,
    )


def _modes_of(law: Regulation) -> dict[str, str]:
    of = {name: code for code, rule in law.modes.items() if rule.requires for name in modes.shown_by(rule.requires)}
    return of | {"partners": "joint"}


def _may_be_given(law: Regulation, org: Organization, now: datetime) -> dict[str, str]:
    """The units that name everyone whom the regulation asks for: to no other a matter may be given."""
    found = {}
    for unit in org.units.values():
        try:
            org.complete(unit.code, law.duty, now.date())
        except Refusal:
            continue
        found[unit.code] = unit.name
    return found


def _sources(law: Regulation) -> dict[str, str]:
    found = {}
    for number, source in law.sources.items():
        led = source.notices and all(law.notices[kind].needs_leader for kind in source.notices)
        found[str(number)] = f"{number}. {source.name}（{source.basis.clause}{'，要有领导批示' if led else ''}）"
    return found


def _groups(name: str, law: Regulation, org: Organization, now: datetime) -> Sequence[tuple[str, Mapping[str, str]]]:
    if name == "cohandlers":
        short = {code: org.units[code].short for code in _may_be_given(law, org, now)}
        return [("", short)]
    if name == "partners":
        return [("", {partner: partner for partner in law.modes["joint"].partners})]
    if name == "readers":
        units = [("办公室和局领导", None), *((unit.short, unit.code) for unit in org.units.values())]
        people = [(label, {one.user: one.name for one in org.people if one.unit == code}) for label, code in units]
        return [(label, found) for label, found in people if found]
    return ()
