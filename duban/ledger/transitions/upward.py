"""上报: the result goes up with its own number and signer (T30–T32)."""

from duban.ledger.transitions.moves import Handler

HANDLERS: dict[str, Handler] = {}
