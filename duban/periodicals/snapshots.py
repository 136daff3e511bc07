"""What was drafted, whole: figures, lists and entries as one canonical JSON file of the period file."""

import json
from typing import Any

from sqlalchemy.orm import Session

from duban import ledger
from duban.errors import Refusal
from duban.ledger.chain import canonical, plain

MEDIA = "application/json"


def keep(session: Session, number: str, name: str, content: dict[str, Any]) -> dict[str, Any]:
    """Store a snapshot and return how an event names it: name, sha256, size. The same content is the same file."""
    data = canonical(plain(content, "初稿")).encode()
    stored = ledger.store(session, number, name, data, MEDIA)
    return {"name": stored.name, "sha256": stored.sha256, "size": stored.size}


def read(digest: str) -> dict[str, Any]:
    """The content of a snapshot by its SHA-256. Raises Refusal when it is missing or was altered."""
    content: dict[str, Any] = json.loads(ledger.fetch_file(digest))
    return content


def snapshot(session: Session, number: str) -> dict[str, Any]:
    """All figures and lists of the draft in force of a period file. Raises Refusal before the first draft."""
    state = ledger.state(session, number)
    if state.periodical is None:
        raise Refusal(f"{number} 是督办件，不是期，没有初稿。")
    if not state.periodical.snapshot:
        raise Refusal(f"{state.title}（{number}）还没有出初稿，请先出初稿。")
    return read(state.periodical.snapshot)
