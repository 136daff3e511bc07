"""分解: a matter split into parts, one a unit, and what they tell their parent."""

from duban.ledger.transitions.moves import Handler

HANDLERS: dict[str, Handler] = {}
