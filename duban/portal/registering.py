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

from duban import clock, ledger
from duban.acts.seeing import BUREAU
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.models import MatterRow

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


def key_of(form_id: str, actor: Actor, dag_id: str, form: Mapping[str, Any]) -> str:
    """Return the key under which a page's form is registered; the same for whatever is the same matter.

    A second click and a page sent again are the same sheet. A page that the browser fetched anew (the back button)
    is another sheet with the same words: within ten minutes that is the same matter too, as at Airflow's form. A sheet
    that was registered and comes again with other words is refused: another matter needs another sheet.
    """
    if not _FORM_ID.fullmatch(form_id):
        raise Refusal("这一页打开不完整，没有登记，请从“新建督办件”重新打开。")
    words = digest(actor.user, dag_id, form)
    with ledger.transaction() as session:
        same = MatterRow.run_key.startswith(f"page:{form_id}:")
        alike = MatterRow.run_key.like(f"page:%:{words}")
        rows = session.execute(select(MatterRow.run_key, MatterRow.number).where(same | alike))
        for run_key, number in ((str(key), number) for key, number in rows):
            if run_key == f"page:{form_id}:{words}":
                continue
            if run_key.startswith(f"page:{form_id}:"):
                raise Refusal(
                    f"这张表刚才已登记为 {number}，内容与这次的不同。要改这一件请打开它办理，"
                    "要登记另一件请从“新建督办件”另开一张表。"
                )
            age = clock.now(session) - ledger.state(session, number).registered_at
            if age < timedelta(seconds=REPEAT_WITHIN):
                return run_key
    return f"page:{form_id}:{words}"
