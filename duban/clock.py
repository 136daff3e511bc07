"""The one clock: real time, or in a rehearsal (演练) ledger real time plus the distance it was moved forward.

Nothing else in Duban asks the operating system for the time, so that a rehearsal moves deadlines, documents
and events alike. The clock stands on its own below the ledger: it reads the mark, it never writes it.
"""

import os
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from duban.errors import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")

_real: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()  # only "it is real" may be kept: that mark never changes


def now(session: Session) -> datetime:
    """The present moment of this ledger, aware, Asia/Shanghai.

    In a real ledger no question is asked of the database after the first. In a rehearsal the offset is read each
    time, since another process may have moved it. Raises Refusal when the ledger was not created yet.
    """
    return datetime.now(SHANGHAI) if is_real(session) else _shifted(_offset(session))


def is_real(session: Session) -> bool:
    """Whether this is a real ledger (正式台账) and not a rehearsal; Refusal when the database was not set up yet."""
    engine = engine_of(session)
    if engine not in _real:
        rehearsal = session.execute(text("SELECT rehearsal FROM ledger_meta")).scalar_one_or_none()
        if rehearsal is None:
            raise Refusal("台账数据库还没有标明是正式还是演练，请先运行 duban db upgrade。")
        if rehearsal:
            return False
        if os.environ.get("DUBAN_REHEARSAL") == "1":
            raise Refusal("环境写明是演练（DUBAN_REHEARSAL=1），连上的却是正式台账，请核对 DUBAN_LEDGER_URL。")
        _real[engine] = True
    return True


def engine_of(session: Session) -> Engine:
    """The engine behind a session, also when the session was bound to one connection."""
    bind = session.get_bind()
    return bind.engine if isinstance(bind, Connection) else bind


def _offset(session: Session) -> timedelta:
    offset: timedelta = session.execute(text("SELECT clock_offset FROM ledger_meta")).scalar_one()
    return offset


def _shifted(offset: timedelta) -> datetime:
    # Added in UTC: an offset is elapsed time, not a difference of wall clocks.
    return (datetime.now(UTC) + offset).astimezone(SHANGHAI)
