"""The ledger's tables. `event` is the truth; `matter` is what the events add up to and can be rebuilt from them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Interval,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Moment = DateTime(timezone=True)

GUARDED = "view -> 'released' = 'false' OR view -> 'form' -> 'readers' NOT IN ('[]', 'null')"
"""Matters that not everybody of their unit may see; few among many, so they have an index of their own."""


class Base(DeclarativeBase):
    """Tables of the ledger database; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text,
        datetime: Moment,
        timedelta: Interval,
        list[str]: ARRAY(Text),
        dict[str, Any]: JSONB,
    }


class MatterRow(Base):
    """One matter (督办件): the projection of its events, written only by `ledger.append`."""

    __tablename__ = "matter"
    __table_args__ = (
        CheckConstraint("version >= 0", name="version"),
        Index("ix_matter_wake_at", "wake_at", postgresql_where=text("wake_at IS NOT NULL")),
        Index("ix_matter_unit_state", "unit", "state"),
        Index("uq_matter_run_key", "run_key", unique=True, postgresql_where=text("run_key <> ''")),
        # What `ledger.register` asks for, word for word as it asks.
        Index("ix_matter_leader", text("((view -> 'form'::text) ->> 'instruction_by'::text)")),
        Index("ix_matter_cohandlers", text("(view -> 'cohandlers'::text)"), postgresql_using="gin"),
        Index("ix_matter_guarded", "number", postgresql_where=text(GUARDED)),
    )

    number: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str | None]
    type: Mapped[str | None]
    title: Mapped[str | None]
    unit: Mapped[str | None]
    regulation: Mapped[str | None]
    mark: Mapped[str | None]
    state: Mapped[str | None]
    desk: Mapped[str | None]
    round: Mapped[int | None]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    wake_at: Mapped[datetime | None]
    awaiting: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    registered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    run_key: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("0"))
    last_hash: Mapped[str]
    view: Mapped[dict[str, Any] | None]


PROJECTED = tuple(
    column.name
    for column in MatterRow.__table__.columns
    if column.name not in {"number", "version", "last_hash", "view"}
)
"""Columns of `matter` that are copied from `projection.State` by name."""


class EventRow(Base):
    """Append-only: triggers refuse update, delete and truncate."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("number", "seq"),
        UniqueConstraint("number", "key"),
        CheckConstraint("seq >= 1", name="seq"),
        Index("ix_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("matter.number"))
    seq: Mapped[int]
    kind: Mapped[str]
    key: Mapped[str]
    round: Mapped[int | None]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor: Mapped[dict[str, Any]]
    clause: Mapped[str]
    data: Mapped[dict[str, Any]]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class Question(Base):
    """Where Airflow asks the decision `key` of a matter; kept by the orchestration, no part of the chain."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_run_id_task_id", "run_id", "task_id"),)

    number: Mapped[str] = mapped_column(ForeignKey("matter.number"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    dag_id: Mapped[str]
    run_id: Mapped[str]
    task_id: Mapped[str]
    map_index: Mapped[int]
    region_id: Mapped[str | None]
    region_index: Mapped[int | None]
    asked_at: Mapped[datetime]


class NumberSeries(Base):
    """A series of numbers (文号、档号) in a year; the trigger lets `last` grow by one and nothing else."""

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= began_after AND began_after >= 0", name="last"),)

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_after: Mapped[int] = mapped_column(server_default=text("0"))
    last: Mapped[int]


class AllocatedNumber(Base):
    """Every number ever given out, to what and for which deed. Append-only."""

    __tablename__ = "allocated_number"
    __table_args__ = (UniqueConstraint("series", "key"),)

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str]
    key: Mapped[str]


class StoredFileRow(Base):
    """A file kept for a matter; the content lies under its SHA-256 in DUBAN_FILES. Append-only."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_sha256", "sha256"),)

    number: Mapped[str] = mapped_column(ForeignKey("matter.number"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)


class LedgerMeta(Base):
    """One row: real or rehearsal, for ever; in a rehearsal how far its clock is ahead, which only grows."""

    __tablename__ = "ledger_meta"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("rehearsal OR clock_offset = interval '0'", name="real_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default=text("1"))
    rehearsal: Mapped[bool]
    clock_offset: Mapped[timedelta] = mapped_column(server_default=text("interval '0'"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
