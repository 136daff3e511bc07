"""Everything that the page of one matter shows, gathered in one look at the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from duban import acts, clock, ledger, organization, regulation
from duban.acts.asking import head, title
from duban.acts.awaiting import awaited, counted
from duban.acts.paper_tables import CASE_WORDS
from duban.acts.possible import possible
from duban.acts.seeing import BUREAU
from duban.acts.telling import OPENED, line, turns
from duban.archive.story import Paper, told
from duban.errors import Refusal
from duban.intake.checking import VERDICTS
from duban.ledger import Actor, Event, State
from duban.ledger.standing import BEFORE_DISPATCH, WITH_UNIT
from duban.marks import is_secret
from duban.notify import listing
from duban.organization import Organization
from duban.portal.acts_table import DEEDS
from duban.reports.heading import as_of_text
from duban.reports.lights import NO_CLOCK, Lights
from duban.reports.lights import told as told_of_lights

WAYS = {"out": "发出", "in": "收到", "up": "上报", "report": "办理报告", "sheet": "办理单", "own": "记录"}
"""Way of a paper (`archive.story`) -> what is said of it."""
FLAGS = {"late_receipt": "领收超时", "late_reading": "阅批超时"}
REPLIES = ("replied", "period_reported", "own_result")
VISITS = ("visited", "inspected", "checked", "followed_up", "coordinated")
ELSEWHERE = ("标题", "文号", "办理时限", "主件")
"""Rows of the head that stand elsewhere on the page, the parent of a part for the bureau alone."""
FIRST = ("receipt", "reading", "reply", "period-report", "account", "case-account", "own-result")
"""Acts for which the matter waits: a button of their own; the others are in the list below."""


@dataclass(frozen=True)
class Contact:
    """Somebody in charge, as one line with a telephone number."""

    post: str
    name: str
    title: str
    phone: str


def gather(number: str, actor: Actor, posts: Sequence[str]) -> dict[str, Any]:
    """Return the context of the page; the person may see the matter already. Raises Refusal for a file that is gone."""
    with ledger.transaction() as session:
        state, events, now = ledger.state(session, number), ledger.events(session, number), clock.now(session)
        members = [ledger.state(session, part.number) for part in state.parts]
        notices = listing.notices(session, number) if is_bureau(actor) else []
    org = organization.load(state.organization)
    law = regulation.load(state.regulation)
    waits, how = awaited(state), counted(state, events)
    may = possible(state, actor, posts, copied=copied(state, events, actor))
    return {
        "state": state,
        "law": law,
        "title": title(state),
        "secret": is_secret(state.mark),
        "rows": [row for row in head(state) if row[0] not in ELSEWHERE],
        "type_name": law.types[state.type].name,
        "contacts": list(contacts(state, org)),
        "waits": [(wait, actor.user in {holder.user for holder in wait.holders}) for wait in waits],
        "counted": how,
        "until": as_of_text(how.due_at) if how else "",
        "light": light(state, now),
        "light_rule": told_of_lights(law).removesuffix(NO_CLOCK),
        "left": left(state, now),
        "first": [(key, DEEDS[key].name) for key in may if key in FIRST],
        "others": [(key, DEEDS[key].name) for key in may if key not in FIRST],
        "turns": turns(state, events),
        "papers": papers(events),
        "replies": list(replies(state, events)),
        "visits": [line(event, org) for event in reversed(events) if event.kind in VISITS],
        "readings": [event for event in reversed(events) if event.kind == "consulted"] if is_bureau(actor) else [],
        "cases": [(case, _case_reason(case.reason, law.urge.grace), _unit(org, case.unit)) for case in state.cases],
        "notices": notices,
        "flags": [FLAGS.get(flag, flag) for flag in state.flags] + (["回访不符"] if state.visit_differed else []),
        "parts": [(one, _unit(org, one.unit), acts.may_see(one, actor)) for one in members],
        "parent": state.parent if state.parent and is_bureau(actor) else "",
        "nodes": state.nodes,
        "opened": OPENED,
        "verdicts": VERDICTS,
        "is_bureau": is_bureau(actor),
    }


def is_bureau(actor: Actor) -> bool:
    """Say whether the person is of the office or the leadership."""
    return actor.post in BUREAU


def copied(state: State, events: Iterable[Event], actor: Actor) -> bool:
    """Say whether the person's unit, which only helps, has taken its copy of the notice."""
    key = f"copy:{state.assignment}:{actor.unit}"
    return any(event.key == key for event in events)


def contacts(state: State, org: Organization) -> Iterable[Contact]:
    """Yield who is in charge: in the unit, over it, and in the office."""
    try:
        held = org.unit_posts(state.unit)
    except Refusal:
        held = {}
    for post, person in held.items():
        yield Contact(org.title(post), person.name, person.title, person.phone)
    for holder in org.holders("deputy", state.unit):
        if state.unit in holder.units:
            yield Contact(org.title("deputy"), holder.name, holder.title, holder.phone)
    for holder in org.holders("office")[:1]:
        yield Contact(org.title("office"), holder.name, holder.title, holder.phone)


def light(state: State, now: datetime) -> str:
    """Return the light of the clock that runs, a key of LIGHTS."""
    runs = state.state in WITH_UNIT and not any(key.startswith("extend.") for key in state.awaiting)
    if is_secret(state.mark) or state.due_on is None or state.due_at is None or not runs:
        return "secret" if is_secret(state.mark) else "none"
    return Lights().at(state.regulation, state.due_on, state.due_at, now)


def left(state: State, now: datetime) -> str:
    """Return how much is left until the date, or how long it has passed, in words; empty when no clock runs."""
    if state.due_on is None or state.due_at is None or state.ended or state.state in BEFORE_DISPATCH:
        return ""
    if state.state not in WITH_UNIT:
        return "正在审核，不计时"
    days = (state.due_on - now.astimezone(clock.SHANGHAI).date()).days
    if state.due_at <= now:
        return f"已逾期{-days}天" if days < 0 else "今天已逾期"
    return f"还有{days}天" if days else "今天到期"


def papers(events: Sequence[Event]) -> list[tuple[Paper, str, str]]:
    """Return every file, newest first: itself, its way in words, and the last word of its address.

    A file keeps the name that its sender gave it when it is downloaded; in an address that name is not said, for it
    may be the title.
    """
    found = sorted(told(events).papers, key=lambda paper: paper.seq, reverse=True)
    return [(paper, WAYS.get(paper.way, ""), quote(address_name(paper.kind, paper.name))) for paper in found]


def address_name(kind: str, name: str) -> str:
    """Return what a file is called in its address: its kind and the suffix of its name."""
    return f"{kind}{PurePosixPath(name).suffix}".replace("/", "")


@dataclass(frozen=True)
class Reply:
    """One reply or report: the event, the number in its address, and what was checked by machine."""

    event: Event
    nth: int
    points: list[dict[str, str]]
    verdict: str


def replies(state: State, events: Sequence[Event]) -> Iterable[Reply]:
    """Yield the replies and reports, newest first, with what became of each."""
    verdicts = {one.number: one.verdict for one in state.rounds}
    for event in reversed(events):
        if event.kind in REPLIES:
            points = event.data.get("check", {}).get("points", [])
            yield Reply(event, event.seq, points, verdicts.get(event.round or 0, ""))


def _case_reason(reason: str, grace: object) -> str:
    return CASE_WORDS.get(reason, reason).format(grace=grace or "") if reason in CASE_WORDS else reason


def _unit(org: Organization, code: str) -> str:
    try:
        return org.unit(code).short if code else ""
    except Refusal:
        return code
