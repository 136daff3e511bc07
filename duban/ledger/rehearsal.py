"""The mark of a rehearsal (演练) ledger and its clock: both set when the ledger is made, and hard to misuse.

The database itself refuses to change the mark and to turn the clock back (see the first migration), so no mistake
in this code can make time in a real ledger.
"""

import os
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from duban import clock
from duban.errors import Refusal

FARTHEST = timedelta(days=3660)
"""How far one step forward may go: past ten years it is a slip of the pen."""

_MARK = text(
    "INSERT INTO ledger_meta (id, rehearsal, clock_offset) VALUES (1, :rehearsal, :offset) ON CONFLICT DO NOTHING"
)


def is_rehearsal(session: Session) -> bool:
    """Whether this ledger is a rehearsal; Refusal when the database was not set up yet."""
    return not clock.is_real(session)


def advance(session: Session, by: timedelta) -> datetime:
    """Moves the rehearsal's clock forward and returns the new present moment.

    Raises Refusal in a real ledger, and for a step back or of no length.
    """
    if not is_rehearsal(session):
        raise Refusal("这是正式台账，时间不能调整；需要演练请另建演练台账（duban db upgrade --rehearsal）。")
    if by <= timedelta(0):
        raise Refusal("演练时间只能往前走，请给出大于零的时长，例如 5d、8h、30m。")
    if by > FARTHEST:
        raise Refusal(f"一次最多往前走 {FARTHEST.days} 天，请核对时长。")
    session.execute(text("UPDATE ledger_meta SET clock_offset = clock_offset + :by"), {"by": by})
    # Whoever sleeps until a deadline has to look at the clock again.
    session.execute(text("SELECT pg_notify('duban', 'clock')"))
    return clock.now(session)


def mark(connection: Connection, start: datetime | None) -> None:
    """Marks a new ledger: real, or a rehearsal whose clock shows `start` now. An existing mark stays as it is.

    Raises Refusal when a rehearsal is asked for and the ledger is real.
    """
    offset = start - datetime.now(UTC) if start else timedelta(0)
    connection.execute(_MARK, {"rehearsal": start is not None, "offset": offset})
    if start and not connection.execute(text("SELECT rehearsal FROM ledger_meta")).scalar_one():
        raise Refusal("这个数据库已经是正式台账，不能改作演练；请另建一个库用于演练。")


def asked_for() -> bool:
    """Whether the environment (DUBAN_REHEARSAL=1) says that a new ledger is to be a rehearsal."""
    return os.environ.get("DUBAN_REHEARSAL") == "1"
