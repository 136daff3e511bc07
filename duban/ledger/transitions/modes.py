"""督办方式: by phone, on site, jointly, covertly, by the office itself (T7p, T10s, T11b)."""

from duban.ledger.transitions.moves import Handler

HANDLERS: dict[str, Handler] = {}
