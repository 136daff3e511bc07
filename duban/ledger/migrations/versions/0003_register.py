"""The register finds what is asked of it without unpacking the state of every matter."""

from alembic import op

revision = "0003"
down_revision = "0002"

INDEXES = """
CREATE INDEX IF NOT EXISTS ix_matter_leader ON matter ((view -> 'form' ->> 'instruction_by'));
CREATE INDEX IF NOT EXISTS ix_matter_cohandlers ON matter USING gin ((view -> 'cohandlers'));
CREATE INDEX IF NOT EXISTS ix_matter_guarded ON matter (number)
  WHERE view -> 'released' = 'false' OR view -> 'form' -> 'readers' NOT IN ('[]', 'null');
"""


def upgrade() -> None:
    op.execute(INDEXES)
