"""The outbox of notices: what is to be told to whom, and what became of it. IF NOT EXISTS, as it may be run again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("number", "key", "kind", "role", "channel")),
        sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'pending'")),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("made_at", _MOMENT, nullable=False, server_default=NOW),
        sa.Column("next_at", _MOMENT, nullable=False, server_default=NOW),
        sa.Column("tried_at", _MOMENT),
        sa.Column("sent_at", _MOMENT),
        *(sa.Column(name, sa.Text) for name in ("sent_to", "words", "error")),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.ForeignKeyConstraint(["number"], ["matter.number"], name="fk_notice_number"),
        sa.UniqueConstraint("number", "key", "kind", "role", "channel", name="uq_notice_once"),
        sa.CheckConstraint("state IN ('pending','sending','sent','failed','given_up','moot')", name="state"),
        sa.CheckConstraint("tries >= 0", name="tries"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_notice_next_at",
        "notice",
        ["next_at"],
        postgresql_where=sa.text("state IN ('pending','sending','failed')"),
        if_not_exists=True,
    )
    op.create_table(
        "notice_channel",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organization", sa.Text, nullable=False),
        sa.Column("after_id", sa.BigInteger, nullable=False),
        sa.Column("looked_at", _MOMENT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("name", "organization", name="pk_notice_channel"),
        if_not_exists=True,
    )
