"""The registration form 立项登记 as Airflow's trigger form shows it; what is asked is `acts.form_fields`.

Every field is valid as it starts: a run carries no more than its matter's number (the door puts the rest into the
ledger), and Airflow checks a run's conf against these fields. What is missing or wrong is said by the ledger's own
check, at the door, in one sentence, before a run exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from airflow.sdk import Param

from duban.acts.form_fields import DATE, LINES, PICK, ROWS, TEXT, TICK, UNSAID, Field, fields_of
from duban.organization import Organization
from duban.regulation import Regulation


def item_form(type_id: str, law: Regulation, org: Organization) -> dict[str, Param]:
    """Return the fields of the form for a matter of that type, in the order of the notice (rules.md §4)."""
    return {name: _PARAMS[one.kind](one) for name, one in fields_of(type_id, law, org).items()}


def _text(one: Field) -> Param:
    more: dict[str, Any] = {"format": "multiline"} if one.kind in (LINES, ROWS) else {}
    more |= {"examples": list(one.examples)} if one.examples else {}
    more |= {"maxLength": one.most} if one.most else {}
    if one.wanted and one.kind == TEXT:
        # The form does not let go of a field that may not be null and is empty; Airflow itself takes an empty text.
        return _param(one, UNSAID, "string", more)
    return _param(one, None, ["string", "null"], more)


def _pick(one: Field) -> Param:
    offered = dict(one.choices) if one.start else {UNSAID: "（请选择）", **one.choices}
    return _param(one, one.start, "string", {"enum": list(offered), "values_display": offered})


def _date(one: Field) -> Param:
    return _param(one, None, ["string", "null"], {"format": "date"})


def _tick(one: Field) -> Param:
    return _param(one, False, ["boolean", "null"], {})


def _param(one: Field, start: object, kind: object, more: dict[str, Any]) -> Param:
    return Param(start, type=kind, title=one.label, description=one.help, section=one.section, **more)


_PARAMS: dict[str, Callable[[Field], Param]] = {
    TEXT: _text,
    LINES: _text,
    ROWS: _text,
    PICK: _pick,
    DATE: _date,
    TICK: _tick,
}
