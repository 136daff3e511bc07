"""立项: a matter comes into the ledger with its number, and its notice goes to the desks that sign it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import clock, ledger, numbering, organization, regulation
from duban.acts.act import Act
from duban.acts.beginning import begin
from duban.acts.form import checked
from duban.acts.modes import refuse_self_observed
from duban.acts.proposing import propose
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.models import MatterRow
from duban.ledger.standing import State

#: The series of 督办文号 in the organization file.
SERIES = "督办"


def check(form: Mapping[str, Any], actor: Actor | None = None) -> dict[str, Any]:
    """The form as it would be registered now (by `actor`); nothing is written. Raises Refusal with the first fault."""
    with ledger.transaction() as session:
        now = clock.now(session)
    return acceptable(form, regulation.current(now.date()), organization.load(), now, actor)


def acceptable(
    form: Mapping[str, Any],
    law: regulation.Regulation,
    org: organization.Organization,
    now: datetime,
    actor: Actor | None = None,
) -> dict[str, Any]:
    """The form `checked`, and by whom it may be registered at all. Raises Refusal with the first fault."""
    content = checked(form, law, org, now)
    units = (content["unit"], *content["cohandlers"], *(part["unit"] for part in content.get("parts", ())))
    for asking in (actor.unit if actor else None, content["proposed_by"]):
        refuse_self_observed(content["mode"], units, asking)
    return content


def register(form: Mapping[str, Any], actor: Actor, key: str) -> State:
    """Register one matter (T1, T6) and take the first step of its mode, or lay the proposal on its first desk (T2).

    It keeps the regulation in force today. The same key registers once. Raises Refusal when the form is refused;
    then no number is used.
    """
    with ledger.transaction() as session:
        return register_in(session, form, actor, key)


def register_all(
    forms: Sequence[Mapping[str, Any]], actor: Actor, key: str, where: Sequence[str] | None = None
) -> list[State]:
    """Register all of the matters or none. Raises Refusal naming the row that is refused.

    `where`: what the place of each form is called (第37行) when they came from a table.
    """
    states = []
    with ledger.transaction() as session:
        for row, form in enumerate(forms, start=1):
            try:
                states.append(register_in(session, form, actor, f"{key}/{row}"))
            except Refusal as refusal:
                place = where[row - 1] if where else f"第{row}件"
                raise Refusal(
                    f"{place}（{form.get('title') or '无标题'}）：{refusal}全部{len(forms)}件均未登记。"
                ) from refusal
    return states


def register_in(session: Session, form: Mapping[str, Any], actor: Actor, key: str) -> State:
    """`register` in a transaction of the caller's, who settles first under which key (`ledger.locks.number_gate`)."""
    if known := _registered(session, key):
        return ledger.state(session, known)
    now = clock.now(session)
    law, org = regulation.current(now.date()), organization.load()
    content = acceptable(form, law, org, now, actor)
    n = numbering.allocate(session, SERIES, now.year, key)
    # Again, now behind the gate of the numbers: two requests with one key may have come at once.
    if known := _registered(session, key):
        return ledger.state(session, known)
    number = f"{org.number_prefix}-{now.year}-{n:04d}"
    return enter(session, number, f"{org.prefix}〔{now.year}〕{n}号", content, law, actor, key, now)


def enter(
    session: Session,
    number: str,
    reference: str,
    content: Mapping[str, Any],
    law: regulation.Regulation,
    actor: Actor,
    key: str,
    now: datetime,
) -> State:
    """Open the file of a matter whose form is `checked` and take the first step of its mode (T1, T2, T6)."""
    ledger.open_matter(session, number)
    clause = law.registration.basis.clause
    data = {
        "reference": reference,
        "type": content["type"],
        "title": content["title"],
        "unit": content["unit"],
        "regulation": law.id,
        "organization": organization.load().id,
        "mark": content["mark"],
        "mode": content["mode"],
        "released": content["mode"] != "covert",
        "cohandlers": content["cohandlers"],
        "form": content,
        "run_key": key,
    }
    draft = ledger.Draft(kind="registered", key="register", actor=actor, clause=clause, data=data, at=now, round=0)
    ledger.append(session, number, draft)
    it = Act(session, number, now, ledger.state(session, number))
    return propose(it, actor) if content["proposed_by"] else begin(it, actor)


def _registered(session: Session, key: str) -> str | None:
    return session.scalar(select(MatterRow.number).where(MatterRow.run_key == key))
