"""The outbox of notices (通知): what is to be told to whom over which channel, and what became of it.

It is about sending, not about matters: no part of the hash chain, and a lost row costs a message, never a fact. The
moments are the real hour, in a rehearsal too.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from duban.ledger.models import Base

WAITING = ("pending", "sending", "failed")
"""States in which a notice is still to be sent; the index of the table is over these."""


class NoticeRow(Base):
    """One notice to one post (or group) over one channel; (number, key, kind, role, channel) is there once.

    `key` is that of the event, or `ask:` and the key of the decision that waits. `role`: the post, not the person, as
    `duban.notify.addressing` writes it. `state`: pending, sending (handed to the channel, outcome unknown), sent,
    failed (tried, to be tried again at `next_at`), given_up, moot (nothing to tell any more).
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("number", "key", "kind", "role", "channel", name="uq_notice_once"),
        CheckConstraint("state IN ('pending','sending','sent','failed','given_up','moot')", name="state"),
        CheckConstraint("tries >= 0", name="tries"),
        Index("ix_notice_next_at", "next_at", postgresql_where=text("state IN ('pending','sending','failed')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("matter.number"))
    key: Mapped[str]
    kind: Mapped[str]
    role: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'pending'"))
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    next_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_to: Mapped[str | None]
    words: Mapped[str | None]
    error: Mapped[str | None]


class NoticeChannel(Base):
    """A channel that the bureau has: events up to `after_id` are from before it, `looked_at` is the last full look."""

    __tablename__ = "notice_channel"

    name: Mapped[str] = mapped_column(primary_key=True)
    organization: Mapped[str] = mapped_column(primary_key=True)
    after_id: Mapped[int] = mapped_column(BigInteger)
    looked_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
