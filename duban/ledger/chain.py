"""The hash chain: what is hashed, in which exact form, and how one event holds on to the one before.

An event's hash is the SHA-256 of its canonical JSON (sorted keys, no spaces, UTF-8, moments in UTC to the
microsecond), which contains the hash of the event before. `plain` brings data into the shape that comes back from the
database unchanged, so the hash of what was appended is the hash of what is read.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from duban.errors import Refusal
from duban.ledger.records import Event

GENESIS = "0" * 64
"""What the first event of a matter has for the hash before it."""

EXACT = 10**15
"""Numbers up to here come back from JSON as they went in, whole or not."""

DEEPEST = 40
"""Levels of nesting in an event's data; more is no form that a person filled in."""


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def digest(event: Event) -> str:
    """The hash this event must have; `event.hash` and `event.id` are not part of it."""
    return sha256(hashed(event).encode()).hexdigest()


def hashed(event: Event) -> str:
    """The text of which an event's hash is made: its canonical JSON."""
    content = {
        "number": event.number,
        "seq": event.seq,
        "kind": event.kind,
        "key": event.key,
        "round": event.round,
        "at": _moment(event.at),
        "recorded_at": _moment(event.recorded_at),
        "actor": event.actor.as_json(),
        "clause": event.clause,
        "data": event.data,
        "prev_hash": event.prev_hash,
    }
    return canonical(content)


def canonical(value: Any) -> str:
    """One spelling for one JSON value: sorted keys, no spaces, Chinese as itself."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: Any, where: str = "内容", depth: int = 0) -> Any:
    """`value` as JSON that PostgreSQL gives back unchanged: moments and decimals as text, tuples as lists.

    Raises Refusal for text that cannot be stored, TypeError for what is no data at all, or a naive datetime.
    """
    if depth > DEEPEST:
        raise Refusal(f"{presentable(where)[:200]}嵌套得太深，台账记不下，请改成平常的填写方式。")
    match value:
        case Enum():
            return plain(value.value, where, depth)
        case None | bool():
            return value
        case str():
            return storable(str(value), where)
        case int() | float():
            return _number(value, where)
        case Decimal():
            return format(value, "f")
        case datetime():
            if value.tzinfo is None:
                raise TypeError(f"naive datetime in {where}")
            return value.isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {
                storable(str(name), where): plain(inner, f"{where}·{name}", depth + 1) for name, inner in value.items()
            }
        case list() | tuple():
            return [plain(inner, f"{where}·{n}", depth + 1) for n, inner in enumerate(value, 1)]
    raise TypeError(f"{type(value).__name__} in {where} is no JSON")


def storable(text: str, where: str) -> str:
    """`text` itself; Refusal when it holds characters that no database can keep (NUL, lone surrogates)."""
    if is_storable(text):
        return text
    raise Refusal(f"{presentable(where)[:200]}含有台账存不下的字符（空字符或残缺的字），请删去后再报。")


def presentable(text: str) -> str:
    """Any text so that it can be shown: what cannot be stored or printed becomes U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can keep this text: no NUL, no half of a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def _number(value: int | float, where: str) -> int | float:
    if not (math.isfinite(value) and abs(value) <= EXACT):
        raise Refusal(f"{presentable(where)[:200]}的数太大，台账记不准，请核对后再报。")
    return value or 0  # minus zero does not come back from the database


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
