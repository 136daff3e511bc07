"""What goes into the ledger and what comes out: plain frozen values, valid after the session is closed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: sign-in name, name as written, and the post or unit he or she acted for."""

    user: str
    name: str
    post: str | None = None
    unit: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """The four fields as they stand in the event."""
        return asdict(self)


SYSTEM = Actor(user="system", name="督办系统")
"""The actor of everything that a step or the passing of time did, and no person."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it is in the ledger.

    `key` is the deterministic name of the deed within its matter: appending the same key twice does it once.
    `at` is when it happened (aware; None: now by the ledger's clock), `round` the round (轮次; None: the current one).
    """

    kind: str
    key: str
    actor: Actor
    clause: str
    data: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a matter. `data` is plain JSON: dates and decimals stand as text."""

    id: int
    number: str
    seq: int
    kind: str
    key: str
    round: int | None
    at: datetime
    recorded_at: datetime
    actor: Actor
    clause: str
    data: dict[str, Any]
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Item:
    """A matter's line in the register (台账): the columns of its projection, without the whole state."""

    number: str
    reference: str | None
    type: str | None
    title: str | None
    unit: str | None
    regulation: str | None
    mark: str | None
    state: str | None
    desk: str | None
    round: int | None
    due_on: date | None
    due_at: datetime | None
    wake_at: datetime | None
    awaiting: list[str]
    registered_at: datetime | None
    closed_at: datetime | None
    run_key: str | None
    version: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file kept for a matter: found by the SHA-256 of its content (hexadecimal), size in bytes."""

    sha256: str
    name: str
    size: int
    media_type: str = "application/octet-stream"
