"""The one way into the ledger: an event, its link in the chain and the matter's new state, in one transaction."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from duban import clock
from duban.errors import Refusal
from duban.ledger import locks, projection
from duban.ledger.chain import GENESIS, digest, is_storable, plain, presentable, storable
from duban.ledger.models import PROJECTED, EventRow, MatterRow
from duban.ledger.records import Actor, Draft, Event

EVENT, MATTER = cast(Table, EventRow.__table__), cast(Table, MatterRow.__table__)
COLUMNS = tuple(EVENT.columns)
LATER = ("archived", "periodical")
"""Fields of a state that are left out of its row while they are empty."""

# Built once: putting these statements together would cost more than running them. Event and row go in one journey.
_DONE = select(*COLUMNS).where(EVENT.c.number == bindparam("of"), EVENT.c.key == bindparam("done"))
_INSERT = insert(EVENT).values({column.name: bindparam(f"event_{column.name}") for column in COLUMNS[1:]})
_RECORDED = _INSERT.returning(EVENT.c.id).cte("recorded")
_RECORD = (
    update(MATTER)
    .where(MATTER.c.number == bindparam("of"))
    .values({name: bindparam(f"matter_{name}") for name in (*PROJECTED, "version", "last_hash", "view")})
    .returning(select(_RECORDED.c.id).scalar_subquery())
)


def open_matter(session: Session, number: str) -> None:
    """Makes room for a new matter; the first event must follow in the same transaction.

    Raises Refusal when the number is empty, cannot be stored or is taken.
    """
    storable(number, "督办件编号")
    if not number.strip():
        raise Refusal("督办件编号是空的，请填写编号。")
    locks.number_gate(session)
    if locks.head(session, number, lock=False):
        raise Refusal(f"编号 {number} 已经登记过，不能再登记一次，请换一个编号。")
    session.execute(insert(MATTER).values(number=number, last_hash=GENESIS))


def append(session: Session, number: str, draft: Draft, *, expected_version: int | None = None) -> Event:
    """Records what happened to matter `number` and returns the event; the same key again returns the first event.

    The matter's row is locked until the transaction ends. `expected_version` is the version the caller decided on.
    Raises Refusal when the matter is unknown, has moved on from `expected_version`, or a text cannot be stored,
    and whatever `projection.apply` refuses; nothing is written then.
    """
    head = locks.head(session, number, lock=True)
    if head is None:
        raise unknown(number)
    storable(draft.key, "记录的标识")
    # Looked up only after the lock: whoever had it may just have appended this very key.
    if earlier := event(session, number, draft.key):
        return earlier
    if expected_version is not None and head.version != expected_version:
        raise Refusal(f"督办件 {number} 在您打开之后已有新的变化，请刷新页面、看过现状后再办。")
    before = None if head.view is None else projection.State.model_validate(head.view)
    new = _linked(session, number, draft, head.version, head.last_hash, before)
    after = projection.apply(before, new)
    return replace(new, id=session.execute(_RECORD, _written(new, after)).scalar_one())


def state(session: Session, number: str, lock: bool = False) -> projection.State:
    """The matter's state now; with `lock` nobody else can change it until this transaction ends.

    Raises Refusal when there is no such matter.
    """
    head = locks.head(session, number, lock=lock)
    if head is None or head.view is None:
        raise unknown(number)
    return projection.State.model_validate(head.view)


def events(session: Session, number: str, *kinds: str) -> list[Event]:
    """The events of a matter (only those of `kinds`, if any are named), the oldest first.

    None for a matter that is not there.
    """
    if not is_storable(number):
        return []
    query = select(*COLUMNS).where(EVENT.c.number == number).order_by(EVENT.c.seq)
    rows = session.execute(query.where(EVENT.c.kind.in_(kinds)) if kinds else query)
    return [event_of(row) for row in rows]


def event(session: Session, number: str, key: str) -> Event | None:
    """The event recorded under this key; None if that has not been done."""
    if not (is_storable(number) and is_storable(key)):
        return None
    found = session.execute(_DONE, {"of": number, "done": key}).one_or_none()
    return event_of(found) if found else None


def unknown(number: str) -> Refusal:
    """The refusal for a matter that is not in the ledger."""
    return Refusal(f"台账里没有编号为 {presentable(number)[:60]} 的督办件，请核对编号。")


def event_of(row: Row[Any]) -> Event:
    """An event from its row in the database."""
    values = row._asdict()
    moments = {name: values[name].astimezone(clock.SHANGHAI) for name in ("at", "recorded_at")}
    return Event(**{**values, **moments, "actor": Actor(**values["actor"])})


def view_of(state: projection.State) -> dict[str, Any]:
    """The whole state as the JSON that stands in the matter's row."""
    view: dict[str, Any] = plain(state.model_dump(mode="json"), "状态")
    # Most matters have none of these; and the rows of a ledger from before there were any have them not.
    return {name: value for name, value in view.items() if value or name not in LATER}


def projected(state: projection.State) -> dict[str, Any]:
    """The values of the matter's columns, by column name."""
    values = {name: getattr(state, name) for name in PROJECTED}
    return {**values, "awaiting": list(state.awaiting)}


def _linked(
    session: Session, number: str, draft: Draft, version: int, last_hash: str, before: projection.State | None
) -> Event:
    at = draft.at or clock.now(session)
    if at.tzinfo is None:
        raise TypeError("naive datetime in Draft.at")
    event = Event(
        id=0,
        number=number,
        seq=version + 1,
        kind=storable(draft.kind, "记录的种类"),
        key=draft.key,
        round=draft.round if draft.round is not None or before is None else before.round,
        at=at.astimezone(clock.SHANGHAI),
        recorded_at=datetime.now(UTC).astimezone(clock.SHANGHAI),  # the real hour, in a rehearsal too
        actor=Actor(**plain(draft.actor.as_json(), "办理人")),
        clause=storable(draft.clause, "依据条款"),
        data=plain(draft.data),
        prev_hash=last_hash,
        hash="",
    )
    return replace(event, hash=digest(event))


def _written(event: Event, after: projection.State) -> dict[str, Any]:
    recorded = {column.name: getattr(event, column.name) for column in COLUMNS[1:]} | {"actor": event.actor.as_json()}
    row = {"version": event.seq, "last_hash": event.hash, "view": view_of(after), **projected(after)}
    return {
        "of": event.number,
        **{f"event_{name}": value for name, value in recorded.items()},
        **{f"matter_{name}": value for name, value in row.items()},
    }
