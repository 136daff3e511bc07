"""Who waits for whom, in one order everywhere, so that nobody ever waits in a circle.

1. rows of matters that exist, several of them in ascending order of number;
2. the number gate: one lock for every series and for opening matters, held until the transaction ends;
3. rows of matters opened by this very transaction, which nobody else can see.

`numbering.allocate` locks its matter before the gate and `open_matter` passes the gate before it inserts, so an
act on one matter keeps the order by itself. Do not work long between taking a number and the end of the transaction.
"""

from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from duban.ledger.chain import is_storable
from duban.ledger.models import MatterRow

GATE = 0x7763_9875
"""The advisory lock's number; any constant that nothing else in this database uses."""

_HEAD = select(MatterRow.version, MatterRow.last_hash, MatterRow.view).where(MatterRow.number == bindparam("number"))
_LOCKED = _HEAD.with_for_update()


def number_gate(session: Session) -> None:
    """Waits until no other transaction is giving out numbers or opening matters."""
    session.execute(select(func.pg_advisory_xact_lock(GATE)))


def head(session: Session, number: str, *, lock: bool) -> Row[tuple[int, str, dict[str, Any] | None]] | None:
    """Version, last hash and view of a matter, its row locked if asked; None when there is no such matter."""
    if not is_storable(number):
        return None
    return session.execute(_LOCKED if lock else _HEAD, {"number": number}).one_or_none()
