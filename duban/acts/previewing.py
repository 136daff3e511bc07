"""What a registration form would become, while it is being filled in: its dates, and every fault at its field.

`acts.form` refuses the first thing that is wrong, which is all that counts when a matter is registered. Somebody who is
typing, or who has a table of fifty rows, wants to know of all of them: so what is wrong is noted, something harmless is
put in its place, and the same check goes on.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duban.acts import modes, tables
from duban.acts.foreseeing import Point, by_the_day, points
from duban.acts.form_fields import LABELS, fields_of
from duban.acts.registering import acceptable
from duban.errors import Refusal
from duban.ledger import Actor
from duban.organization import Organization
from duban.regulation import Regulation, vocabulary

MOST_TRIES = 60
"""Fields of a form, and some that are tried twice."""


@dataclass(frozen=True)
class Fault:
    """A sentence about a field (empty: the whole form). `missing`: nothing has been typed there yet."""

    field: str
    sentence: str
    missing: bool


@dataclass(frozen=True)
class Preview:
    """The form as it would be registered (None: it would be refused), its dates, and what is wrong with it."""

    content: dict[str, Any] | None
    points: tuple[Point, ...]
    faults: tuple[Fault, ...]


def preview(
    form: Mapping[str, Any], law: Regulation, org: Organization, now: datetime, actor: Actor | None = None
) -> Preview:
    """Return what the form would become now; nothing is written. The type of the form is one that `law` knows.

    There are no faults exactly when `acts.register` accepts it.
    """
    content, faults = _faults(form, law, org, now, actor)
    return Preview(content, points(content or form, law, org, now), faults)


def _faults(
    form: Mapping[str, Any], law: Regulation, org: Organization, now: datetime, actor: Actor | None
) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    said, found = dict(form), dict[str, Fault]()
    labels = _labels(str(form["type"]), law, org)
    for _ in range(MOST_TRIES):
        try:
            content = acceptable(said, law, org, now, actor)
        except Refusal as refusal:
            names = spoken_of(str(refusal), labels, str(form["type"]))
            missing = bool(names) and not any(form.get(name) for name in names)
            # A second fault of a field speaks of what was put there in the place of the first.
            found.setdefault(names[0] if names else "", Fault(names[0] if names else "", str(refusal), missing))
            before = dict(said)
            for name in names:
                given = bool(said.get(name))
                said[name] = _harmless(name, given, law, org, now)
                said |= dict.fromkeys(_WITH_IT.get(name, ()), "") if given else {}
            if said == before:  # what is wrong is elsewhere than the sentence says, or lies in the rules themselves
                break
        else:
            return (None if found else content), tuple(found.values())
    return None, tuple(found.values())


def _labels(type_id: str, law: Regulation, org: Organization) -> dict[str, str]:
    asked = {one.label: name for name, one in fields_of(type_id, law, org).items()}
    return {label: name for name, label in LABELS.items()} | asked | _ALSO


_ALSO = {
    "限时日期": "due_on",
    "办理期限": "due_on",
    "来源": "source",
    "密级": "mark",
    "承办单位": "unit",
    "阶段": "stages",
    "分工": "parts",
    tables.CAMPAIGN[0]: "campaign",
}
#: What sentences say that quote no label: words in them -> field.
_WORDS = (
    (re.compile(r"^第\d+项分工|分解督办"), "parts"),
    (re.compile(r"电话督办|实地督办|联合督办|暗访|直接办理"), "mode"),
    (re.compile(r"^第[一\d]+个阶段|两个阶段|阶段名称|阶段有\d|阶段和分工"), "stages"),
    (re.compile(r"类来源"), "source"),
    (re.compile(r"^期限"), "due_on"),
)
#: A field whose answer is put aside -> those that only make sense with it.
_WITH_IT = {
    "mode": ("partners", *(name for one in vocabulary.PREREQUISITES.values() for name in modes.shown_by(one))),
    "source": ("report_up", "report_to"),
    "proposed_by": ("proposal_reason", "proposal_route"),
}


def spoken_of(sentence: str, labels: Mapping[str, str], type_id: str) -> tuple[str, ...]:
    """Return the fields that a refusal speaks of: those whose labels it quotes first, else by its words; else none."""
    for quoted in re.findall("“([^”]+)”", sentence):
        if found := [labels[label] for label in quoted.split("、") if label in labels]:
            return tuple(dict.fromkeys(found))
    if told := next((name for words, name in _WORDS if words.search(sentence)), None):
        return (told,)
    table = {tables.STAGED: ("stages",), tables.DECOMPOSED: ("parts",)}.get(type_id, ())
    if "节假日" in sentence:
        return table or ("due_on",)
    named = [(sentence.find(label), name) for label, name in labels.items() if label in sentence]
    if named:
        return (min(named)[1],)
    return table


def _harmless(name: str, given: bool, law: Regulation, org: Organization, now: datetime) -> object:
    """Something with which the check goes on: nothing in the place of what is wrong, else the least that will do."""
    if given and name not in _NEVER_EMPTY:
        return ""
    wanted = _STANDS_IN.get(name)
    return wanted(law, org, now) if wanted else ""


_NEVER_EMPTY = ("title", "unit", "source", "stages", "parts")


def _a_unit(law: Regulation, org: Organization, now: datetime) -> str:
    for code in org.units:
        try:
            return org.complete(code, law.duty, now.date()).code
        except Refusal:
            continue
    return ""


def _a_source(law: Regulation, _org: Organization, _now: datetime) -> str:
    plain = (number for number in law.sources if not law.notice_for(number, None)[1].needs_leader)
    return str(next(plain, min(law.sources)))


def _a_holder(post: str) -> Callable[[Regulation, Organization, datetime], object]:
    return lambda _law, org, _now: next((one.name for one in org.holders(post)), "")


def _a_stage(_law: Regulation, _org: Organization, now: datetime) -> list[dict[str, str]]:
    today = now.date().isoformat()
    return [{"name": "第一阶段", "starts_on": today, "ends_on": today}]


def _a_partner(law: Regulation, _org: Organization, _now: datetime) -> list[str]:
    return list(law.modes["joint"].partners[:1]) if "joint" in law.modes else []


def _today(_law: Regulation, _org: Organization, now: datetime) -> str:
    return now.date().isoformat()


def _word(_law: Regulation, _org: Organization, _now: datetime) -> str:
    return "见纸质件"


_STANDS_IN: dict[str, Callable[[Regulation, Organization, datetime], object]] = {
    "unit": _a_unit,
    "source": _a_source,
    "stages": _a_stage,
    "parts": lambda law, org, now: [{"unit": _a_unit(law, org, now), "requirement": "见纸质件"}],
    "partners": _a_partner,
    "proposed_by": _a_unit,
    "order_by": _a_holder("chief"),
    "consent_by": _a_holder("party"),
} | {
    **dict.fromkeys(("instruction_on", "due_on", "order_on", "consent_on"), _today),
    **dict.fromkeys(
        (
            *("title", "requirement", "paper", "instruction_by", "instruction_text", "order_text", "order_number"),
            *("consent_number", "own_reason", "proposal_reason"),
        ),
        _word,
    ),
}


__all__ = ["Fault", "Point", "Preview", "by_the_day", "preview", "spoken_of"]
