"""What is put on record and moves nothing: praise, criticism, coordination, visits, cases (T34)."""

from duban.ledger.transitions.moves import Handler

HANDLERS: dict[str, Handler] = {}
