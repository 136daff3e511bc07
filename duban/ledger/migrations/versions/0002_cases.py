"""The clauses of its cases stood twice in a matter's row; they stand in its cases."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("UPDATE matter SET view = view - 'accountability' WHERE view ? 'accountability'")
