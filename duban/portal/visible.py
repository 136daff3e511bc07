"""Which of many matters somebody may see: the ledger's rule for one, asked of a list."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from duban import acts
from duban.acts.seeing import BUREAU
from duban.ledger import Actor, State
from duban.ledger.models import MatterRow
from duban.ledger.queries import MATTERS


def visible(session: Session, actor: Actor, numbers: Collection[str]) -> set[str]:
    """Return those of the matters that the person may see; one query, which leaves other units' matters out."""
    if actor.post in BUREAU:
        return set(numbers)
    query = select(MatterRow.view).where(MatterRow.number.in_(numbers), MatterRow.version > 0, MATTERS)
    if actor.unit is not None:
        helps = MatterRow.view["cohandlers"].contains([actor.unit])
        named = MatterRow.view["form"]["readers"].contains([actor.user])
        query = query.where(or_(MatterRow.unit == actor.unit, helps, named))
    states = (State.model_validate(view) for view in session.scalars(query))
    return {state.number for state in states if acts.may_see(state, actor)}
