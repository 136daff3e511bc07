"""我的待办: everything that waits for one person, told from the register without building a question.

What the person's unit owes (`waiting_units`), and what is asked of a post that the person holds. Each is one query,
however many matters there are; what the ledger awaits decides, as it does in the acts themselves.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, select
from sqlalchemy.orm import Session

from duban import clock, organization, workdays
from duban.acts.questions import QUESTIONS
from duban.acts.waiting_line import COLUMNS, Lines, Waiting, days_late
from duban.acts.waiting_units import Unit
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.models import EventRow, MatterRow
from duban.watch.finding import awaits, last, latest
from duban.watch.office import BESIDE

__all__ = ["WORDS", "Waiting", "asked_of", "waiting"]

#: The word of a decision -> what is to be done.
WORDS: dict[str, str] = {
    "propose": "审批呈批表",
    "sign": "审签督办通知单",
    "revise": "修改通知单，重新送审",
    "phone": "电话下达",
    "visit": "登记实地（暗访）情况",
    "joint_record": "登记联合督办情况",
    "own_result": "登记直接办理结果",
    "call": "电话通知领收",
    "reassign": "退件待定",
    "urge": "决定是否催办",
    "new_date": "重定办理时限",
    "extend": "审批延期",
    "review": "审核回复",
    "check": "阶段检查",
    "approve": "审批办理报告",
    "upward": "修改上报稿，重新呈签",
    "sign_up": "签发上报件",
    "send_up": "登记已报送",
    "objection": "裁定考核异议",
    "score": "审签考核初稿",
    "edit": "核稿",
    "bulletin": "审签通报",
    "digest": "审签汇总",
}
#: What is left of 电话通知领收 when the unit has taken the notice before anybody called.
RECEIVED = "补记电话通知"
#: Decisions that have the matter's own clock; every other wants its answer on the day on which it came up (SK-3.5).
CLOCKED = ("own_result", "check")
#: Decisions that run beside the main line: they have been lying since the notice went out, whatever came since.
ASIDE = ("call", "joint_record")


def waiting(session: Session, actor: Actor, posts: Collection[str], now: datetime) -> list[Waiting]:
    """Everything that waits for this person `now` (aware), the nearest deadline first, what has none last.

    `posts`: all that the person holds. A covert matter, or one for named readers, is there only for who may see it.
    """
    found = [*(Unit(session, actor, now).waiting() if actor.unit else ()), *_decisions(session, actor, posts, now)]
    return sorted(found, key=lambda one: (not one.overdue, one.due_at is None, one.due_at or now, one.number, one.what))


def asked_of(key: str) -> tuple[str, str] | None:
    """The word of the decision behind a wait key and the post that it is asked of; None for what no person decides."""
    kind = key.rpartition(":")[0]
    word, _dot, desk = kind.partition(".")
    return (word, desk or organization.OFFICE) if kind in QUESTIONS or word in QUESTIONS else None


def _decisions(session: Session, actor: Actor, posts: Collection[str], now: datetime) -> Iterator[Waiting]:
    # "leader" is the chief and the deputies (`Organization.holders`).
    desks = {*posts, *(["leader"] if {"chief", "deputy"} & set(posts) else [])}
    plain = [kind for kind in QUESTIONS if "." not in kind]
    kinds = [rf"[a-z_]+\.{desk}" for desk in sorted(desks)] + (plain if organization.OFFICE in posts else [])
    if not kinds:
        return
    since = latest(EventRow.kind.not_in(BESIDE)).label("since")
    handed_over = case((awaits(*ASIDE), last("dispatched"))).label("handed_over")
    received = MatterRow.view["received_at"].astext.label("received_at")
    query: Select[Any] = select(*COLUMNS, since, handed_over, received).where(MatterRow.version > 0, awaits(*kinds))
    lines, holders = Lines(), _Holders()
    for row in session.execute(query):
        for key in row.awaiting:
            asked = asked_of(key)
            if asked and actor.user in holders.of(row, *asked):
                yield _decision(lines, row, key, asked[0], now)


class _Holders:
    """Who is asked: of several deputies the one in charge of the unit that handles it, or that proposed it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], frozenset[str]] = {}

    def of(self, row: Row[Any], word: str, post: str) -> frozenset[str]:
        """The sign-in names of those who hold the post now; nobody in a bureau whose file is gone."""
        asked = (row.organization, post, row.proposed_by if word == "propose" else row.unit)
        if asked not in self._known:
            try:
                held = organization.load(asked[0]).holders(*asked[1:])
            except Refusal:
                held = ()
            self._known[asked] = frozenset(holder.user for holder in held)
        return self._known[asked]


def _decision(lines: Lines, row: Row[Any], key: str, word: str, now: datetime) -> Waiting:
    words = RECEIVED if word == "call" and row.received_at else WORDS[word]
    what = words + (f"（第{row.round}轮）" if word == "review" and row.round > 1 else "")
    if word in CLOCKED:
        late = row.due_at is not None and row.due_at <= now
        told, due_at = days_late(row.due_at, now) if late else "", row.due_at
    else:
        came_on = ((row.handed_over if word in ASIDE else None) or row.since).astimezone(clock.SHANGHAI).date()
        due_at = datetime.combine(came_on + timedelta(days=1), time(), clock.SHANGHAI)
        days = _working_days(came_on, now)
        late, told = days > 0, f"已等{days}个工作日" if days else ""
    return lines.line(row, what, key=key, due_at=due_at, overdue=late, late=told, light="red" if late else "none")


def _working_days(came_on: Any, now: datetime) -> int:
    today = now.astimezone(clock.SHANGHAI).date()
    if came_on >= today:
        return 0
    try:
        return workdays.count(came_on, today)
    except Refusal:  # a year whose holidays are not published: the days of the calendar
        return int((today - came_on).days)
