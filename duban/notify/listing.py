"""What was told to whom: the outbox as people read it, and what the daily watch says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from duban import clock, organization
from duban.errors import Refusal
from duban.ledger.notices import NoticeRow
from duban.organization import OFFICE

STATES: Mapping[str, str] = {
    "pending": "待发",
    "sending": "正在发",
    "sent": "已发",
    "failed": "没有发成，再试",
    "given_up": "发不出去",
    "moot": "不必再发",
}
_GROUPS = {OFFICE: "办公室群", "everyone": "全体群"}


@dataclass(frozen=True)
class Notice:
    """One notice as people read it. Moments are aware, Asia/Shanghai, the real hour; "" where nothing is said.

    `to`: the post, `sent_to`: who held it when it was sent (or the group). `words`: what was said, None before.
    """

    number: str
    kind: str
    to: str
    channel: str
    state: str
    state_text: str
    tries: int
    made_at: datetime
    sent_at: datetime | None
    sent_to: str
    words: str
    error: str


def notices(session: Session, number: str | None = None, limit: int = 500) -> list[Notice]:
    """The notices about one matter or period file (all without a number), the latest first, at most `limit`.

    For people of the bureau: it names posts and people, and of unmarked matters the title.
    """
    query = select(NoticeRow).order_by(NoticeRow.id.desc()).limit(limit)
    if number is not None:
        query = query.where(NoticeRow.number == number)
    return [_told(row) for row in session.scalars(query)]


def _told(row: NoticeRow) -> Notice:
    sent = row.sent_at.astimezone(clock.SHANGHAI) if row.sent_at else None
    return Notice(
        number=row.number,
        kind=row.kind,
        to=role_name(row.role),
        channel=row.channel,
        state=row.state,
        state_text=STATES[row.state],
        tries=row.tries,
        made_at=row.made_at.astimezone(clock.SHANGHAI),
        sent_at=sent,
        sent_to=row.sent_to or "",
        words=row.words or "",
        error=row.error or "",
    )


def role_name(role: str) -> str:
    """A role in words: 经侦支队联络员, 分管领导, 经侦支队群."""
    post, _at, unit = role.partition("@")
    post = post.partition("#")[0]
    try:
        org = organization.load()
        if not post:
            return _GROUPS.get(unit) or f"{org.unit(unit).short}群"
        return (org.unit(unit).short if unit else "") + org.title(post)
    except Refusal:  # the file is being edited, or does not know it any more
        return role


def unsent(session: Session, since: datetime) -> dict[str, tuple[int, str]]:
    """By channel how many notices were given up since then (aware), or wait for another try, and why the last was."""
    bad = NoticeRow.state.in_(("given_up", "failed")) & (NoticeRow.made_at >= since)
    query = select(NoticeRow.channel, func.count(), func.max(NoticeRow.id)).where(bad).group_by(NoticeRow.channel)
    found = {}
    for channel, count, last in session.execute(query.order_by(NoticeRow.channel)).all():
        found[channel] = (count, session.scalar(select(NoticeRow.error).where(NoticeRow.id == last)) or "")
    return found
