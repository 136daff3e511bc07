"""What became of an act: the events by which it is in the ledger, who did it already, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import UploadFile

from duban import acts, ledger, organization
from duban.acts.awaiting import Awaited, awaited
from duban.acts.telling import line
from duban.ledger import Actor, Event, State
from duban.ledger.standing import STATES
from duban.portal.acts_table import DEEDS, Deed
from duban.portal.doing import find
from duban.portal.pages.words import moment, until

EVENTS: Mapping[str, tuple[str, ...]] = {
    "receipt": ("received", "copy_received"),
    "reading": ("read",),
    "decline": ("declined",),
    "reply": ("replied",),
    "period-report": ("period_reported",),
    "progress": ("progress_reported",),
    "extension": ("extended", "extension_requested"),
    "account": ("accounted",),
    "case-account": ("account_rendered",),
    "instruction": ("instructed",),
    "withdrawal": ("withdrawn",),
    "further-work": ("further_work",),
    "paper-reply": ("replied",),
    "period-return": ("returned",),
    "extension-objection": ("extension_objected",),
    "urge": ("urged_by_hand",),
    "tracking": ("tracked",),
    "inspection": ("inspected",),
    "visit": ("visited",),
    "own-result": ("own_result",),
    "follow-up": ("followed_up",),
    "praise": ("praised",),
    "criticism": ("criticised",),
    "coordination": ("coordinated",),
    "leak": ("leaked",),
    "accountability": ("accountability_opened",),
    "case-outcome": ("accountability_closed",),
    "leader-return": ("returned",),
}
"""Path of the act -> the kinds of events by which it is in the ledger."""
ONCE = ("receipt", "reading")
"""Acts that are done once for the matter."""


def words_of(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed, and of a file its name."""
    return {name: value.filename or "" if isinstance(value, UploadFile) else value for name, value in sent.items()}


def look(number: str) -> State:
    """Return the matter as it stands."""
    with ledger.transaction() as session:
        return ledger.state(session, number)


def happened(number: str) -> tuple[list[Event], int]:
    """Return all that happened, and the number of the last event."""
    with ledger.transaction() as session:
        events = ledger.events(session, number)
    return events, events[-1].seq if events else 0


def ours(key: str, events: Sequence[Event]) -> list[Event]:
    """Return the events by which an act is in the ledger."""
    return [event for event in events if event.kind in EVENTS[key]]


def owes(number: str, actor: Actor) -> bool:
    """Say whether the person's unit accounts in a case of this matter; not in one that is not there."""
    with ledger.transaction() as session:
        state = find(session, number)
        return state is not None and any(acts.may_account(session, state, actor, case.id) for case in state.cases)


def already(event: Event, state: State) -> str:
    """Say who did it and when: 郝一鸣 3月5日 15:04 已经办过：领收."""
    words = line(event, organization.load(state.organization)).words
    return f"{event.actor.name}{moment(event.at)}已经办过：{words}"


def settled(key: str, events: Sequence[Event], state: State) -> str:
    """Say why an act is over for good: done, where it is done once, or the matter has ended; empty where it is not."""
    name, done = DEEDS[key].name, ours(key, events)
    if key in ONCE and done:
        return f"已于{moment(done[-1].at)}由{done[-1].actor.name}{name}，不用再办。"
    if not state.ended:
        return ""
    on = f"已于{moment(state.closed_at)}" if state.closed_at else "已"
    return f"这一件{on}{STATES[state.state]}，不再办理“{name}”。"


def afterwards(deed: Deed, state: State) -> str:
    """Say what was done and what comes next."""
    done = f"已办：{deed.name}。"
    if state.ended:
        return done
    waits = awaited(state)
    return f"{done}接下来{waits[0].words}{_by(waits[0], state)}。" if waits else done


def _by(wait: Awaited, state: State) -> str:
    """Say by when: the date of the matter as its day, another limit to the minute."""
    if wait.until is None:
        return ""
    if wait.until == state.due_at and state.due_on:
        return f"（{state.due_on.month}月{state.due_on.day}日到期）"
    return f"（{until(wait.until)}以前）"
