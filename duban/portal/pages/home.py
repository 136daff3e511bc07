"""我的待办: what waits for whoever asks, what they have done today, and the short ways to the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban import clock, ledger
from duban.acts.done_today import Done, done_today
from duban.acts.seeing import BUREAU
from duban.acts.waiting import Waiting, waiting
from duban.clock import SHANGHAI
from duban.ledger import Actor
from duban.portal.pages.page import Page
from duban.portal.signed_in import in_ledger, posts_of
from duban.watch.finding import last_day

REFRESH = 240
"""Seconds after which the list is asked for again by itself; there is no form on this page that it could disturb."""
MOST = 200
"""Cards on the page; the counts are of all."""
GROUPS = {"late": "逾期", "today": "今天", "week": "本周", "later": "以后"}


@dataclass(frozen=True)
class Group:
    """The things that are due in one span of time, in the order of their deadlines."""

    key: str
    name: str
    items: tuple[Waiting, ...]
    shown: tuple[Waiting, ...]


class Home(Page):
    """The first page of everybody."""

    path, menu_label, tab, icon = "/", "我的待办", "待办", "fa-solid fa-list-check"

    @route("")
    async def index(self, request: Request) -> Response:
        """Show what waits, by when, and below it what was done today."""
        actor = self.actor(request)
        posts = posts_of(actor)
        found, done, now = await in_ledger(_gather, actor, posts)
        answer = await self.show(
            request,
            "home/index.html",
            title="我的待办",
            groups=groups(found, now),
            count=len(found),
            shown=MOST,
            done=done,
            bureau=actor.post in BUREAU,
            looks=bool({"inspector", "auditor"} & set(posts)) and not found,
            due=due_words,
        )
        answer.headers["Refresh"] = str(REFRESH)
        return answer


def _gather(actor: Actor, posts: Sequence[str]) -> tuple[list[Waiting], list[Done], datetime]:
    with ledger.transaction() as session:
        now = clock.now(session)
        return waiting(session, actor, posts, now), done_today(session, actor, now), now


def groups(found: Sequence[Waiting], now: datetime) -> list[Group]:
    """Put what waits into what is late, due today, due by Sunday, and later or without a limit; none that is empty."""
    sorted_in: dict[str, list[Waiting]] = {key: [] for key in GROUPS}
    for one in found:
        sorted_in[_span(one, now.astimezone(SHANGHAI).date())].append(one)
    return list(_filled(sorted_in))


def _filled(sorted_in: dict[str, list[Waiting]]) -> Iterator[Group]:
    room = MOST
    for key, name in GROUPS.items():
        if items := sorted_in[key]:
            yield Group(key, name, tuple(items), tuple(items[:room]))
            room = max(0, room - len(items))


def _span(one: Waiting, today: date) -> str:
    if one.overdue:
        return "late"
    if one.due_at is None:
        return "later"
    on = last_day(one.due_at)
    sunday = today + timedelta(days=6 - today.weekday())
    return "today" if on <= today else "week" if on <= sunday else "later"


def due_words(one: Any) -> str:
    """Say until when: 3月5日 周四, with the hour where it is not the end of the day; nothing without a limit."""
    if one.due_at is None:
        return ""
    local, on = one.due_at.astimezone(SHANGHAI), last_day(one.due_at)
    hour = "" if on != local.date() or (local.hour, local.minute) == (23, 59) else f" {local:%H:%M}"
    return f"{on.month}月{on.day}日 周{'一二三四五六日'[on.weekday()]}{hour}"
