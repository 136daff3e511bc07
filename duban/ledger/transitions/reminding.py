"""提醒、分级催办: what is said before a deadline and by hand (T13)."""

from duban.ledger.transitions.moves import Handler

HANDLERS: dict[str, Handler] = {}
