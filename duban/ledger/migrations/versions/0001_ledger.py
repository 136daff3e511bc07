"""The ledger as it began: events, matters, numbers, files, the mark; and the triggers that guard them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)

FUNCTIONS = """
CREATE FUNCTION duban_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '台账只能追加，表 % 里已有的记录不能修改或删除。', TG_TABLE_NAME USING ERRCODE = 'DU001';
END $$;

CREATE FUNCTION duban_next_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last <> OLD.last + 1 OR NEW.began_after <> OLD.began_after
     OR NEW.series <> OLD.series OR NEW.year <> OLD.year THEN
    RAISE EXCEPTION '编号只能一个一个往下取，不能跳号或回头。' USING ERRCODE = 'DU001';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION duban_keep_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.rehearsal <> OLD.rehearsal OR NEW.created_at <> OLD.created_at THEN
    RAISE EXCEPTION '台账是正式还是演练在建立时就定了，不能改变。' USING ERRCODE = 'DU001';
  END IF;
  IF NEW.clock_offset < OLD.clock_offset THEN
    RAISE EXCEPTION '演练时间只能往前走，不能倒回。' USING ERRCODE = 'DU001';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION duban_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('duban', NEW.number);
  RETURN NULL;
END $$;
"""

# Statement triggers refuse even what would touch no row; TRUNCATE knows no other kind.
TRIGGERS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event EXECUTE FUNCTION duban_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_file EXECUTE FUNCTION duban_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON allocated_number
  EXECUTE FUNCTION duban_append_only();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON matter EXECUTE FUNCTION duban_append_only();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON number_series EXECUTE FUNCTION duban_append_only();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON ledger_meta EXECUTE FUNCTION duban_append_only();
CREATE TRIGGER next_number BEFORE UPDATE ON number_series FOR EACH ROW EXECUTE FUNCTION duban_next_number();
CREATE TRIGGER keep_mark BEFORE UPDATE ON ledger_meta FOR EACH ROW EXECUTE FUNCTION duban_keep_mark();
CREATE TRIGGER tell AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION duban_tell();
"""


def upgrade() -> None:
    _matters_and_events()
    _numbers_and_files()
    op.create_table(
        "ledger_meta",
        sa.Column("id", sa.Integer, nullable=False, server_default=sa.text("1"), autoincrement=False),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        sa.Column("clock_offset", sa.Interval, nullable=False, server_default=sa.text("interval '0'")),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_meta"),
        sa.CheckConstraint("id = 1", name="single"),
        sa.CheckConstraint("rehearsal OR clock_offset = interval '0'", name="real_time"),
    )
    op.execute(FUNCTIONS)
    op.execute(TRIGGERS)


def _matters_and_events() -> None:
    op.create_table(
        "matter",
        sa.Column("number", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Text)
            for name in ("reference", "type", "title", "unit", "regulation", "mark", "state", "desk")
        ),
        sa.Column("round", sa.Integer),
        sa.Column("due_on", sa.Date),
        sa.Column("due_at", MOMENT),
        sa.Column("wake_at", MOMENT),
        sa.Column("awaiting", ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("registered_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("run_key", sa.Text),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("last_hash", sa.Text, nullable=False),
        sa.Column("view", JSONB),
        sa.PrimaryKeyConstraint("number", name="pk_matter"),
        sa.CheckConstraint("version >= 0", name="version"),
    )
    op.create_index("ix_matter_wake_at", "matter", ["wake_at"], postgresql_where=sa.text("wake_at IS NOT NULL"))
    op.create_index("ix_matter_unit_state", "matter", ["unit", "state"])
    op.create_index("uq_matter_run_key", "matter", ["run_key"], unique=True, postgresql_where=sa.text("run_key <> ''"))
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("round", sa.Integer),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor", JSONB, nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("number", "seq", name="uq_event_number_seq"),
        sa.UniqueConstraint("number", "key", name="uq_event_number_key"),
        sa.ForeignKeyConstraint(["number"], ["matter.number"], name="fk_event_number"),
        sa.CheckConstraint("seq >= 1", name="seq"),
    )
    op.create_index("ix_event_at", "event", ["at"])
    op.create_table(
        "question",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("number", "key", "dag_id", "run_id", "task_id")),
        sa.Column("map_index", sa.Integer, nullable=False),
        sa.Column("region_id", sa.Text),
        sa.Column("region_index", sa.Integer),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", "key", name="pk_question"),
        sa.ForeignKeyConstraint(["number"], ["matter.number"], name="fk_question_number"),
    )
    op.create_index("ix_question_run_id_task_id", "question", ["run_id", "task_id"])


def _numbers_and_files() -> None:
    op.create_table(
        "number_series",
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("began_after", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="pk_number_series"),
        sa.CheckConstraint("last >= began_after AND began_after >= 0", name="last"),
    )
    op.create_table(
        "allocated_number",
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("n", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("series", "year", "n", name="pk_allocated_number"),
        sa.UniqueConstraint("series", "key", name="uq_allocated_number_series_key"),
    )
    op.create_table(
        "stored_file",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("number", "sha256", "name", "media_type")),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", "sha256", "name", name="pk_stored_file"),
        sa.ForeignKeyConstraint(["number"], ["matter.number"], name="fk_stored_file_number"),
    )
    op.create_index("ix_stored_file_sha256", "stored_file", ["sha256"])
