"""周报、阶段: matters that are reported on at several dates, each with a clock of its own (T14)."""

from duban.ledger.transitions.moves import Handler

HANDLERS: dict[str, Handler] = {}
