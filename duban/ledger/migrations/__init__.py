"""Alembic migrations of the ledger; run through `duban db upgrade`."""
