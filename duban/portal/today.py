"""每日提示 as one person may read it: the findings about matters that this person may see, and those about none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from duban import watch
from duban.acts.seeing import BUREAU
from duban.ledger import Actor
from duban.portal.visible import visible
from duban.watch import Finding


def findings(session: Session, actor: Actor, now: datetime) -> list[Finding]:
    """What there is to look at `now` (aware); who only looks (检查、审计) is told nothing of a withheld matter."""
    found = watch.findings(session, now)
    if actor.post in BUREAU:
        return found
    seen = visible(session, actor, {one.number for one in found if one.number})
    return [one for one in found if not one.number or one.number in seen]
