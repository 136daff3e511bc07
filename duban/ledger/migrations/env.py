"""Alembic's entry: always on a connection that `duban.ledger.schema` hands over, inside its transaction."""

from alembic import context

from duban.ledger.models import Base
from duban.ledger.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    compare_server_default=True,
)
context.run_migrations()
