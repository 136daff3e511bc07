"""延期审批: more time that somebody has to grant, or to which the office objects (T15)."""

from duban.ledger.transitions.moves import Handler

HANDLERS: dict[str, Handler] = {}
