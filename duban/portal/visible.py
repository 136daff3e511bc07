"""Which of many matters somebody may see: `acts.may_see` as a condition of the database, asked of a list at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, not_, or_, select, true
from sqlalchemy.orm import Session

from duban.acts.seeing import BUREAU, READERS, SCORES
from duban.ledger import Actor, register
from duban.ledger.models import MatterRow
from duban.ledger.queries import MATTERS


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The matters that this person may see: exactly those of which `acts.may_see` says so."""
    if actor.post in BUREAU:
        return true()
    open_to = _mine(actor)
    named = register.named(actor.user)
    seen = and_(MATTERS, named if open_to is None else or_(and_(open_to, not_(register.guarded())), named))
    return or_(seen, register.published(SCORES)) if actor.post in READERS else seen


def _mine(actor: Actor) -> ColumnElement[bool] | None:
    """What of the matters without a list of readers is this person's to see, None for nothing."""
    if actor.post in READERS:
        return true()
    if actor.unit is None:
        return None
    return or_(MatterRow.unit == actor.unit, register.helped_by(actor.unit))


def visible(session: Session, actor: Actor, numbers: Collection[str]) -> set[str]:
    """Return those of the matters that the person may see; one query."""
    if actor.post in BUREAU:
        return set(numbers)
    query = select(MatterRow.number).where(register.among(list(numbers)), MatterRow.version > 0, seen_by(actor))
    return set(session.scalars(query))
