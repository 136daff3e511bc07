"""登记 by a person, in Airflow's form or on a page: who may, and what makes the second click the same matter."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import clock, ledger
from duban.acts.registering import register_in
from duban.acts.seeing import BUREAU
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.ledger.models import EventRow, MatterRow

REPEAT_WITHIN = 600
"""Seconds within which the same form from the same person is the same matter (a second click, a retry)."""

_FORM_ID = re.compile(r"[0-9a-f]{32}")


def registrar(actor: Actor) -> Actor:
    """Return the person if they may register: of the office or the leadership (五（一）); others are given matters."""
    if actor.unit is not None or actor.post not in BUREAU:
        raise Refusal(f"立项登记由办公室办理，{actor.name}没有这一权限。")
    return actor


def digest(user: str, dag_id: str, form: Mapping[str, Any]) -> str:
    """Return what is the same for the same form of the same person, and for no other."""
    said = json.dumps([user, dag_id, form], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def new_form() -> str:
    """Return what a page's form carries to be known again: one sheet of paper, one matter."""
    return secrets.token_hex(16)


def registered(sheet: str, actor: Actor, dag_id: str, form: Mapping[str, Any]) -> State | None:
    """Return the matter that this sheet of a page is already, None if it is none yet; Refusal as `register`."""
    with ledger.transaction() as session:
        number = ledger.number_of_run(session, _key(session, sheet, digest(actor.user, dag_id, form)))
        return ledger.state(session, number) if number else None


def register(sheet: str, actor: Actor, dag_id: str, form: Mapping[str, Any]) -> State:
    """Register what a page's form says, or return the same matter if it is registered already.

    A second click and a page sent again are the same sheet. A page that the browser fetched anew (the back button)
    is another sheet with the same words: within ten minutes that is the same matter too, as at Airflow's form. A sheet
    that was registered and comes again with other words is refused: another matter needs another sheet.
    """
    with ledger.transaction() as session:
        # Settled behind the gate of the numbers: two sheets with the same words may have come at once.
        ledger.locks.number_gate(session)
        key = _key(session, sheet, digest(actor.user, dag_id, form))
        return register_in(session, form, actor, key)


def _key(session: Session, sheet: str, words: str) -> str:
    """Return the key under which a sheet with these words is registered, the same for whatever is the same matter."""
    if not _FORM_ID.fullmatch(sheet):
        raise Refusal("这一页打开不完整，没有登记，请从“新建督办件”重新打开。")
    # From the index in whatever order the database puts texts: digits and small letters lie between these two.
    first, last = f"page:{sheet}:", f"page:{sheet}:{'z' * len(words)}"
    same = select(MatterRow.run_key, MatterRow.number).where(MatterRow.run_key.between(first, last))
    for key, number in session.execute(same):
        if key == first + words:
            return first + words
        raise Refusal(
            f"这张表刚才已登记为 {number}，内容与这次的不同。要改这一件请打开它办理，"
            "要登记另一件请从“新建督办件”另开一张表。"
        )
    lately = EventRow.at > clock.now(session) - timedelta(seconds=REPEAT_WITHIN)
    alike = select(MatterRow.run_key).join(EventRow, EventRow.number == MatterRow.number)
    alike = alike.where(lately, EventRow.kind == "registered", MatterRow.run_key.like(f"page:%:{words}"))
    return session.scalar(alike.order_by(EventRow.id).limit(1)) or first + words
