"""呈批: a matter that a department proposes and its leaders agree to (T2–T5)."""

from duban.ledger.transitions.moves import Handler

HANDLERS: dict[str, Handler] = {}
