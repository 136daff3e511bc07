"""From the ledger into the outbox: what has happened since the last look, one row a role and channel, each once.

Ids of events are given out before their transactions end, so an event may appear after one with a higher id. Each look
therefore reads the last hour again; what is in the outbox already is not entered twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from duban import clock
from duban.acts.waiting import asked_of
from duban.ledger import NoticeChannel, NoticeRow, State
from duban.ledger.models import EventRow, MatterRow
from duban.notify import addressing
from duban.notify.addressing import EVERYONE
from duban.notify.kinds import ASKED, ASKED_OF_PERIOD, KINDS, PUBLISHED, Happened
from duban.organization import Organization
from duban.organization.notifying import OF_BUREAU

AGAIN = timedelta(hours=1)
"""How far back each look reads: longer than any transaction in the ledger stays open."""
TOO_LATE = timedelta(days=1)
"""What could not be told within this time is not told any more: it would be news of yesterday."""
LOCK = 0x7763_9876
"""The advisory lock of whoever plans; two at once would only do the same work twice."""
_TOGETHER = 500

Wanted = tuple[str, str, str, str, str]  # number, key, kind, role, channel


def plan(session: Session, org: Organization) -> int:
    """Enter into the outbox what is new, for each channel that the bureau has; return how many notices that is.

    Nothing for a bureau without channels, and in a rehearsal only where its file says 演练: 发. A channel that is new
    begins now; one that is gone is forgotten. Safe to run at any time and as often as one likes.
    """
    if not active(session, org):
        return 0
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    began = _channels(session, org)
    first = min(began.values())
    events = _since(session, first)
    states = _states(session, {event.number for _id, event in events}, org)
    wanted = list(_wanted(org, began, events, states))
    session.execute(
        NoticeChannel.__table__.update().where(NoticeChannel.organization == org.id).values(looked_at=func.now())  # type: ignore[attr-defined]
    )
    return _enter(session, wanted)


def active(session: Session, org: Organization) -> bool:
    """Whether this ledger sends anything over this bureau's channels."""
    return bool(org.notifying.channels) and (clock.is_real(session) or org.notifying.rehearsal)


def _channels(session: Session, org: Organization) -> dict[str, int]:
    """By channel the id of the event after which it looks."""
    names = [one.name for one in org.notifying.channels]
    mine = NoticeChannel.organization == org.id
    session.execute(delete(NoticeChannel).where(mine, NoticeChannel.name.not_in(names)))
    latest = session.scalar(select(func.coalesce(func.max(EventRow.id), 0)))
    rows = [{"name": name, "organization": org.id, "after_id": latest} for name in names]
    session.execute(insert(NoticeChannel).values(rows).on_conflict_do_nothing())
    found = {}
    for row in session.execute(select(NoticeChannel).where(mine)).scalars():
        since = max(row.looked_at - AGAIN, session.execute(select(func.now())).scalar_one() - TOO_LATE)
        before = select(EventRow.id).where(EventRow.recorded_at < since).order_by(EventRow.id.desc()).limit(1)
        found[row.name] = max(row.after_id, session.scalar(before) or 0)
    return found


def _since(session: Session, after: int) -> list[tuple[int, Happened]]:
    said = [EventRow.data[name].astext.label(name) for name in ("unit", "sent", "effective", "taken_over")]
    said.append(EventRow.data["to"].label("to"))
    query = select(EventRow.id, EventRow.number, EventRow.key, EventRow.kind, EventRow.at, *said)
    rows = session.execute(query.where(EventRow.id > after).order_by(EventRow.id))
    return [(row.id, _happened(row)) for row in rows]


def _happened(row: Row[Any]) -> Happened:
    at = row.at.astimezone(clock.SHANGHAI)
    to = tuple(map(str, row.to)) if row.kind == "published" else ()
    told = (row.unit or "", row.sent, row.effective, row.taken_over == "true", to)
    return Happened(row.number, row.key, row.kind, at, *told)


def _states(session: Session, numbers: Iterable[str], org: Organization) -> dict[str, State]:
    """How these files stand, those of this bureau."""
    mine = MatterRow.view["organization"].astext == org.id
    found: dict[str, State] = {}
    ordered = sorted(numbers)
    for at in range(0, len(ordered), _TOGETHER):
        query = select(MatterRow.view).where(MatterRow.number.in_(ordered[at : at + _TOGETHER]), mine)
        found |= {state.number: state for view in session.scalars(query) if (state := State.model_validate(view))}
    return found


def _wanted(
    org: Organization, began: dict[str, int], events: Sequence[tuple[int, Happened]], states: dict[str, State]
) -> Iterator[Wanted]:
    moved: dict[str, int] = defaultdict(int)
    for at, event in events:
        state = states.get(event.number)
        if state is None or event.taken_over:  # what happened before Duban is no news
            continue
        moved[event.number] = at
        for name, kind in KINDS.items():
            if event.kind in kind.events and kind.told(event, state):
                posts = org.notifying.posts[name]
                if event.to:
                    posts = tuple(post for post in posts if post in event.to or post not in OF_BUREAU)
                yield from _rows(org, began, at, state, event.key, name, _units(org, state, event, name), posts)
    for number, at in moved.items():
        state = states[number]
        name = ASKED if state.periodical is None else ASKED_OF_PERIOD
        for key in state.awaiting:
            if (asked := asked_of(key)) is not None:
                posts = _asked(asked[1], org.notifying.posts[name])
                yield from _rows(org, began, at, state, f"ask:{key}", name, (), posts)


def _units(org: Organization, state: State, event: Happened, kind: str) -> tuple[str, ...]:
    """The units of which an event is news: never one that the matter has not reached yet."""
    if state.periodical is not None:
        if event.kind == "drafted":  # every unit may object to its own entries
            today = event.at.date()
            return tuple(code for code in org.units if org.standing_for(code, today) == code)
        return (
            (event.unit,) if event.kind == "objection_decided" else tuple(one for one in event.to if one in org.units)
        )
    if not state.rounds or state.rounds[-1].verdict == "reassigned":
        return ()
    return (state.unit, *state.cohandlers) if KINDS[kind].helpers else (state.unit,)


def _asked(post: str, told: tuple[str, ...]) -> tuple[str, ...]:
    """The posts asked, of those that the bureau wants told; "leader" is the chief and the deputies."""
    return tuple(one for one in (("chief", "deputy") if post == "leader" else (post,)) if one in told)


def _rows(
    org: Organization,
    began: dict[str, int],
    at: int,
    state: State,
    key: str,
    kind: str,
    units: tuple[str, ...],
    posts: tuple[str, ...],
) -> Iterator[Wanted]:
    charge = str(state.form["proposed_by"]) if key.startswith("ask:propose.") else state.unit
    for channel in org.notifying.channels:
        if began[channel.name] >= at or not channel.takes(kind) or (channel.to == EVERYONE and kind != PUBLISHED):
            continue
        for role in addressing.roles(org, channel, state, posts, units, charge):
            if addressing.may_be_told(state, org, role):
                yield (state.number, key, kind, role, channel.name)


def _enter(session: Session, wanted: Sequence[Wanted]) -> int:
    names = ("number", "key", "kind", "role", "channel")
    entered = 0
    ordered = list(dict.fromkeys(wanted))
    for at in range(0, len(ordered), _TOGETHER):
        rows = [dict(zip(names, one, strict=True)) for one in ordered[at : at + _TOGETHER]]
        done = insert(NoticeRow).values(rows).on_conflict_do_nothing().returning(NoticeRow.id)
        entered += len(session.execute(done).all())
    return entered
