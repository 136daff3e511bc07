"""What the register (督办台账) is asked by, beyond the columns of its rows; made for a hundred thousand matters.

A matter's whole state lies outside its row and is unpacked when it is looked into, so nothing here looks into those of
all matters: each expression below has its index (migration 0003), written the same in both places.
"""

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    not_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from duban.ledger.models import GUARDED, MatterRow

LEADER: ColumnElement[str] = literal_column("(matter.view -> 'form' ->> 'instruction_by')", Text)
"""The leader whose instruction it is (批示领导); empty or NULL where there is none."""
_COHANDLERS: ColumnElement[object] = literal_column("(matter.view -> 'cohandlers')", JSONB)
_READERS: ColumnElement[object] = literal_column("(matter.view -> 'form' -> 'readers')", JSONB)
_RELEASED: ColumnElement[bool] = literal_column("(matter.view -> 'released' = 'true')")
TIMERS: ColumnElement[dict[str, str]] = literal_column("(matter.view -> 'timers')", JSONB)
"""Until when the clocks of a matter run, by the key of what is awaited; looking at it unpacks the matter's state."""
_PUBLISHED: ColumnElement[bool] = literal_column("(matter.view -> 'periodical' ->> 'published_at' IS NOT NULL)")
_GUARDED: ColumnElement[bool] = literal_column(f"({GUARDED})")

_LEADERS = text(
    "WITH RECURSIVE known AS ("
    " (SELECT view -> 'form' ->> 'instruction_by' AS name FROM matter"
    "  WHERE view -> 'form' ->> 'instruction_by' > '' ORDER BY 1 LIMIT 1)"
    " UNION ALL"
    " SELECT (SELECT view -> 'form' ->> 'instruction_by' FROM matter"
    "  WHERE view -> 'form' ->> 'instruction_by' > known.name ORDER BY 1 LIMIT 1)"
    " FROM known WHERE known.name IS NOT NULL"
    ") SELECT name FROM known WHERE name IS NOT NULL"
)


def guarded() -> ColumnElement[bool]:
    """Matters that not everybody of their unit sees: covert and not released, or for named readers. They are few."""
    return MatterRow.number.in_(_numbers(_GUARDED))


def covert() -> ColumnElement[bool]:
    """Matters of which only the bureau knows as yet (暗访件，未公开)."""
    return MatterRow.number.in_(_numbers(and_(_GUARDED, not_(_RELEASED))))


def named(user: str) -> ColumnElement[bool]:
    """Released matters that have this person (sign-in name) among their named readers."""
    return MatterRow.number.in_(_numbers(and_(_GUARDED, _RELEASED, _READERS.op("@>")(_json(user)))))


def helped_by(unit: str) -> ColumnElement[bool]:
    """Matters that the unit with this code helps with (协办)."""
    return MatterRow.number.in_(_numbers(_COHANDLERS.op("@>")(_json(unit))))


def published(kind: str) -> ColumnElement[bool]:
    """Period files of this kind (the id of a DAG) that are published."""
    return and_(MatterRow.type == kind, _PUBLISHED)


def leaders(session: Session) -> list[str]:
    """Whose instructions there are in the ledger, each name once; as many looks into an index as there are names."""
    return list(session.scalars(_LEADERS))


def among(numbers: object) -> ColumnElement[bool]:
    """The matters with these numbers, however many."""
    return MatterRow.number == func.any(cast(bindparam(None, numbers, unique=True), ARRAY(Text)))


def _numbers(condition: ColumnElement[bool]) -> Select[str]:
    # Uncorrelated, so that it is answered once and from its index.
    return select(MatterRow.number).where(condition).correlate(None)


def _json(word: str) -> ColumnElement[object]:
    return cast(bindparam(None, [word], type_=JSONB, unique=True), JSONB)
