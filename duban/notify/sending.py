"""From the outbox to the channels: what is due is sent, retried with growing pauses, and given up after a day.

A notice is marked as `sending` before it is handed to the channel and as `sent` after: who is killed in between sends
it again, so at the worst somebody reads the same words twice, and nothing is lost. Nothing here ever raises because of
a channel, and no channel waits for another.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from duban import clock, ledger
from duban.errors import Refusal
from duban.ledger import NoticeRow, State
from duban.ledger.models import MatterRow
from duban.ledger.notices import WAITING
from duban.notify import addressing, wording
from duban.notify.kinds import KINDS
from duban.notify.planning import TOO_LATE
from duban.organization import Organization, Person
from duban.organization.notifying import UNIT

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240))
"""How long until the next try after the first, the second … failure; the last one again and again."""
STALE = timedelta(minutes=10)
"""After this long whoever was sending is dead, and somebody else sends again."""
BYTES = 1800
"""How long a message may be: 企业微信 takes 2,048 bytes. What does not fit goes into the next message."""
AT_ONCE = 20
"""How many notices one message tells at most."""
FAILURES = 2
"""After so many failures one after the other a connection is left alone until the next time."""
BUDGET = 80.0
"""Seconds after which nothing new is begun: the next run goes on."""
WORKERS = 6
VACANT = "机构文件里这一岗位现在没有人，补上后自动发出"
"""Why a notice waits whose post nobody holds."""

_STALE = (NoticeRow.state == "sending") & (NoticeRow.tried_at < func.now() - STALE)
_READY = or_(NoticeRow.state.in_(("pending", "failed")) & (NoticeRow.next_at <= func.now()), _STALE)

#: The name of an Airflow connection -> the addresses in it. Raises Refusal where there is none.
Resolve = Callable[[str], Sequence[str]]


@dataclass
class Outcome:
    """What became of the notices that were due: how many were sent, failed, were given up, and had nothing to say."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    moot: int = 0

    def __str__(self) -> str:
        """In one line, for the run's note."""
        told = f"发出{self.sent}条，没有发成{self.failed}条"
        return told + f"，放弃{self.given_up}条，不必再发{self.moot}条"


@dataclass(frozen=True)
class _Line:
    """Notices to one role over one channel, which go into messages together."""

    channel: str
    role: str
    connection: str


def send_due(org: Organization, resolve: Resolve, budget: float = BUDGET) -> Outcome:
    """Send what is due, for at most `budget` seconds; any number of processes may do so at once.

    `resolve` is called here, before anything is sent, once a connection.
    """
    outcome, until = Outcome(), time.monotonic() + budget
    with ledger.transaction() as session:
        rehearsal = not clock.is_real(session)
        if rehearsal and not org.notifying.rehearsal:
            return outcome
        outcome.given_up += _give_up(session)
        lines = _due(session, org)
    by_connection: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        by_connection[line.connection].append(line)
    addresses = {name: _addresses(resolve, name) for name in by_connection}
    counting = Lock()

    def work(name: str) -> None:
        failures = 0
        for line in by_connection[name]:
            more = True
            while more and failures < FAILURES and time.monotonic() < until:
                done, more = _send_one(org, line, addresses[name], rehearsal)
                # That nobody holds a post is no fault of the connection.
                failures = failures + 1 if done.failed and not addressing.is_vacant(org, line.role) else 0
                with counting:
                    for word, count in vars(done).items():
                        setattr(outcome, word, getattr(outcome, word) + count)

    with ThreadPoolExecutor(min(WORKERS, len(by_connection)) or 1) as pool:
        list(pool.map(work, by_connection))
    return outcome


def _addresses(resolve: Resolve, name: str) -> Sequence[str] | str:
    """The addresses of a connection, or why there are none."""
    try:
        return tuple(resolve(name))
    except Refusal as refusal:
        return str(refusal)


def _due(session: Session, org: Organization) -> list[_Line]:
    """Which roles have something due over which channel, the longest waiting first."""
    known = {one.name: one for one in org.notifying.channels}
    mine = MatterRow.view["organization"].astext == org.id
    query = (
        select(NoticeRow.channel, NoticeRow.role)
        .join(MatterRow, MatterRow.number == NoticeRow.number)
        .where(NoticeRow.channel.in_(known), mine, _READY)
        .group_by(NoticeRow.channel, NoticeRow.role)
        .order_by(func.min(NoticeRow.next_at))
    )
    lines = []
    for row in session.execute(query):
        unit = row.role.partition("@")[2]
        lines.append(_Line(row.channel, row.role, known[row.channel].connection.replace(UNIT, unit or "office")))
    return lines


def _give_up(session: Session) -> int:
    """What could not be sent for a day is given up; the daily watch names it."""
    old = NoticeRow.made_at < func.now() - TOO_LATE
    waiting = NoticeRow.state.in_(("pending", "failed")) | _STALE
    why = func.coalesce(NoticeRow.error, "一天没有发成")
    query = update(NoticeRow).where(waiting, old).values(state="given_up", error=why).returning(NoticeRow.id)
    return len(session.execute(query).all())


def _send_one(org: Organization, line: _Line, addresses: Sequence[str] | str, rehearsal: bool) -> tuple[Outcome, bool]:
    """Send one message with as many of these notices as fit; whether there may be more."""
    person = addressing.person_of(org, line.role)
    with ledger.transaction() as session:
        rows = list(
            session.scalars(
                select(NoticeRow)
                .where(NoticeRow.channel == line.channel, NoticeRow.role == line.role, _READY)
                .order_by(NoticeRow.id)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            )
        )
        moot, told = _told(session, org, line.role, rows, rehearsal)
        for row in moot:
            row.state, row.error = "moot", None
        for row, words in told:
            row.state, row.tries, row.words = "sending", row.tries + 1, words or None
            row.tried_at = func.now()
        ids = [row.id for row, _words in told]
    if not ids:
        return Outcome(moot=len(moot)), len(moot) == AT_ONCE
    error, final = VACANT, False
    if not addressing.is_vacant(org, line.role):
        error, final = _over(addresses, [words for _row, words in told], person, rehearsal)
    with ledger.transaction() as session:
        _mark(session, ids, error, final, _name(org, line.role, person))
    count = {"sent": len(ids)} if not error else {"given_up" if final else "failed": len(ids)}
    return Outcome(moot=len(moot), **count), len(rows) > len(ids) + len(moot) or len(rows) == AT_ONCE


def _told(
    session: Session, org: Organization, role: str, rows: Sequence[NoticeRow], rehearsal: bool
) -> tuple[list[NoticeRow], list[tuple[NoticeRow, str]]]:
    """Which of these have nothing to tell any more, and the words of the others as far as one message holds them.

    No words while nobody holds the post: what may be said is asked of whoever comes.
    """
    numbers = {row.number for row in rows}
    views = session.scalars(select(MatterRow.view).where(MatterRow.number.in_(numbers)))
    states = {state.number: state for state in map(State.model_validate, views)}
    moot, told = list[NoticeRow](), list[tuple[NoticeRow, str]]()
    vacant = addressing.is_vacant(org, role)
    for row in rows:
        state = states[row.number]
        if _over_by_now(row, state):
            moot.append(row)
            continue
        if vacant:
            told.append((row, ""))
            continue
        if not addressing.may_be_told(state, org, role):
            moot.append(row)
            continue
        words = wording.sentence(org, state, row.kind, row.key)
        body = wording.message([*(known for _row, known in told), words], rehearsal=rehearsal)
        if told and len(body.encode()) > BYTES:
            break
        told.append((row, words))
    return moot, told


def _over_by_now(row: NoticeRow, state: State) -> bool:
    if row.key.startswith("ask:"):
        return row.key.removeprefix("ask:") not in state.awaiting
    kind = KINDS.get(row.kind)
    return kind is None or (kind.while_open and state.ended)


def _over(addresses: Sequence[str] | str, lines: list[str], person: Person | None, rehearsal: bool) -> tuple[str, bool]:
    """What went wrong, "" if nothing did, and whether trying again is useless."""
    if isinstance(addresses, str):
        return addresses, False
    from duban.notify import channels  # Apprise takes a second to be there; most runs have nothing to send

    body = wording.message(lines, rehearsal=rehearsal)
    try:
        return channels.send(addresses, wording.title(rehearsal=rehearsal), body, person), False
    except channels.UnaddressedError as lacking:
        return str(lacking), True


def _mark(session: Session, ids: Sequence[int], error: str, final: bool, name: str) -> None:
    mine = update(NoticeRow).where(NoticeRow.id.in_(ids), NoticeRow.state == "sending")
    if not error:
        session.execute(mine.values(state="sent", sent_at=func.now(), sent_to=name, error=None))
    elif final:
        session.execute(mine.values(state="given_up", sent_to=name, error=error))
    else:
        for tries, pause in enumerate((*PAUSES[:-1],), start=1):
            values = {"state": "failed", "error": error, "next_at": func.now() + pause}
            session.execute(mine.where(NoticeRow.tries == tries).values(values))
        last = {"state": "failed", "error": error, "next_at": func.now() + PAUSES[-1]}
        session.execute(mine.where(NoticeRow.tries >= len(PAUSES)).values(last))


def _name(org: Organization, role: str, person: Person | None) -> str:
    if person is not None:
        return person.name
    group = addressing.group_of(role)
    if group in org.units:
        return f"{org.units[group].short}群"
    return {"office": "办公室群", "everyone": "全体群"}.get(group, role)


def waiting(session: Session) -> int:
    """How many notices are still to be sent."""
    return session.scalar(select(func.count()).select_from(NoticeRow).where(NoticeRow.state.in_(WAITING))) or 0
