"""表扬和批评: whom the deciding desk names in a notice; each counts as any other praise or criticism does (BC-5.10)."""

import re
from typing import Any

from duban import organization, regulation
from duban.acts import noting
from duban.acts.act import Act
from duban.acts.asking import Field, text_field
from duban.acts.cases import make_case_paper, open_case
from duban.acts.words import LONGEST
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.counting import counting_gate
from duban.ledger.standing import State
from duban.text import optional

REASON = 500  # characters of the reason for one unit
#: Field of the answer -> what it is called, the kind of event, its level in the assessment.
NAMED = {
    "praised": ("通报表扬", "praised", "praised_in_bulletin"),
    "criticised": ("通报批评", "criticised", "criticised"),
}
_LINE = re.compile(r"([^：:]+)[：:](.+)")


def fields(state: State) -> dict[str, Field]:
    """The two fields, with what an earlier desk proposed; none where the regulation has no such notice."""
    law = regulation.load(state.regulation)
    return {name: _field(state, name) for name in NAMED if _known(law, NAMED[name][2])}


def _known(law: regulation.Regulation, level: str) -> bool:
    return level in law.score_items or law.laid_down("通报")


def _field(state: State, name: str) -> Field:
    label = NAMED[name][0]
    rule = regulation.load(state.regulation).bulletin
    grounds = rule.praised if name == "praised" else rule.criticised
    hint = f"每行一个单位，写成“单位：理由”；没有的留空。{'情形：' + '、'.join(grounds) + '。' if grounds else ''}"
    return text_field(label, hint, written(state, proposed(state, name)), lines=True)


def proposed(state: State, name: str) -> list[dict[str, str]]:
    """Whom the desks last named, in this draft or the one before it; that is what the next one starts with."""
    return list(state.periodical.named.get(name, ())) if state.periodical else []


def written(state: State, named: list[dict[str, str]]) -> str:
    """As a person writes it: a line a unit."""
    org = organization.load(state.organization)
    return "\n".join(f"{org.unit(one['unit']).short}：{one['reason']}" for one in named)


def read(it: Act, said: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Whom the two fields of an answer name. Raises Refusal for a line that is no "unit: reason", an unknown unit, one
    named twice, or both praised and criticised for the same reason."""
    found = {
        # Left out is not emptied: what the desk before proposed stands.
        name: _named(it, name, said[name]) if name in said else proposed(it.state, name)
        for name in NAMED
    }
    if both := {(one["unit"], one["reason"]) for one in found["praised"]} & {
        (one["unit"], one["reason"]) for one in found["criticised"]
    }:
        unit = it.org.unit(sorted(both)[0][0]).short
        raise Refusal(f"{unit}以同一理由既表扬又批评，请核对“通报表扬”和“通报批评”。")
    return found


def _named(it: Act, name: str, said: object) -> list[dict[str, str]]:
    label, _kind, level = NAMED[name]
    text = optional(said, label, LONGEST)
    if text and not _known(it.law, level):
        raise Refusal(f"《{it.law.title}》没有规定{label}，请删去“{label}”的内容。")
    found: list[dict[str, str]] = []
    for nth, line in enumerate((one.strip() for one in text.splitlines() if one.strip()), start=1):
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise Refusal(f"“{label}”第{nth}行“{line[:40]}”没有写成“单位：理由”，请改正。")
        unit = it.org.unit(parts[1].strip()).code
        if any(one["unit"] == unit for one in found):
            raise Refusal(f"“{label}”里{it.org.unit(unit).short}写了两次，请合并成一行。")
        found.append({"unit": unit, "reason": optional(parts[2], f"{label}第{nth}行的理由", REASON)})
    return found


def gates(it: Act, named: dict[str, list[dict[str, str]]]) -> None:
    """Wait until nobody else counts for these units: in one order, before any number is taken (see ledger.locks)."""
    for unit in sorted({one["unit"] for name in NAMED for one in named.get(name, ())}):
        counting_gate(it.session, unit)


def record(it: Act, actor: Actor, named: dict[str, list[dict[str, str]]]) -> None:
    """Put praise and criticism on record in the period file; a criticism that fills the number opens its case here.

    `actor`: whoever decided. Call `gates` first.
    """
    for name, (_label, kind, level) in NAMED.items():
        for one in sorted(named.get(name, ()), key=lambda one: one["unit"]):
            item = it.law.score_items.get(level)
            data: dict[str, Any] = {
                "level": level,
                "reason": one["reason"],
                "unit": one["unit"],
                "bulletin": it.state.reference,
            }
            if kind == "criticised":
                data |= {"then": list(item.then) if item else []}
            key = f"{kind}:{it.state.attempt}:{one['unit']}"
            it.record(kind, key, actor, noting.clause_of(it, level), data)
            if kind == "criticised":
                _cases(it, actor, key, one)


def _cases(it: Act, actor: Actor, key: str, one: dict[str, str]) -> None:
    """What follows a criticism beyond the points, as it follows one in a matter; a case's paper is made with it."""
    item = it.law.score_items.get("criticised")
    follows = set(item.then) if item else set()
    if item and follows & {"accountability", "account_to_party"}:
        owes = [one["unit"]] if "account_to_party" in follows else []
        open_case(it, f"case:{key}", actor, item.basis.clause, one["reason"], one["unit"], owes=owes)
        make_case_paper(it, f"case:{key}")
    noting.case_of_number(it, actor, one["unit"])
