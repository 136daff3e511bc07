"""Doing one of the deeds of the table (`duban.portal.acts_table`): the one way for the pages and for REST.

Whoever may not see the matter learns no more than that it is not theirs; whoever sees it and holds no post of the deed
is refused by name; what was typed is read field by field; then the act of the domain is done, in a thread.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.requests import Request

from duban import acts, ledger
from duban.acts.possible import UNIT
from duban.ledger import Actor, State
from duban.ledger.chain import is_storable
from duban.ledger.models import MatterRow
from duban.portal.acts_table import DEEDS, FILE, Deed, read_fields
from duban.portal.acts_words import label
from duban.portal.airflow_side import follow
from duban.portal.signed_in import in_ledger, posts_of

UPLOAD_CAP = 20 * 1024 * 1024
"""Bytes of one file: a report with scanned pages fits, an archive does not."""

Form = Mapping[str, str | UploadFile]
"""What was sent: words, and under ``file`` the file."""


@dataclass(frozen=True)
class Done:
    """What came of a deed: the matter after it; none where only a case was accounted for in another unit's matter."""

    number: str
    state: State | None
    case: str = ""


def deed_of(what: str) -> Deed:
    """Return the deed of this name in the table; HTTPException 404 that names those there are."""
    if what not in DEEDS:
        raise HTTPException(404, f"没有“{what[:40]}”这一操作，可用：{'、'.join(DEEDS)}。")
    return DEEDS[what]


async def matter_of(number: str, actor: Actor) -> State:
    """Return the matter, if this person may see it; HTTPException 404 in the same words whether it is there or not."""
    found = await in_ledger(_found, number)
    if found is None or not acts.may_see(found, actor):
        raise HTTPException(404, absent(number))
    return found


def absent(number: str) -> str:
    """Return the sentence for a matter that is not there, and for one that is not this person's to see."""
    return f"没有编号为 {number} 的督办件，或它不是您单位的。"


def find(session: Session, number: str) -> State | None:
    """Return the matter or period file of this number, None if there is none."""
    row = session.get(MatterRow, number) if is_storable(number) else None
    return State.model_validate(row.view) if row is not None and row.view is not None else None


def _found(number: str) -> State | None:
    with ledger.transaction() as session:
        return find(session, number)


async def do(request: Request, actor: Actor, number: str, what: str, form: Form) -> Done:
    """Do a deed to a matter in the name of a person; start another run where it opens a matter that had ended.

    HTTPException with one sentence: 400 what was typed is wrong, 403 not this person's to do, 404 no such deed or no
    such matter for this person, 409 refused by the rules, 413 file too large, 503 ledger away. Then nothing is written.
    """
    deed = deed_of(what)
    if deed.owed:
        said = await _said(deed, form)
        if await _owes(number, actor, said["case"]):
            await in_ledger(lambda: deed.act(number, actor, **said))
            return Done(number, None, said["case"])  # the matter itself may be another unit's
    before = await matter_of(number, actor)
    refuse_others(deed, before, actor)
    said = await _said(deed, form)
    after = await in_ledger(lambda: deed.act(number, actor, **said))
    if deed.reopens:
        await follow(request, before, after)
    return Done(number, after)


def refuse_others(deed: Deed, state: State, actor: Actor) -> None:
    """Refuse (HTTPException 403) who is not of the unit that handles the matter, or holds none of the posts."""
    if deed.who == UNIT:
        units = (state.unit, *(state.cohandlers if deed.helpers else ()))
        if actor.unit not in units:
            raise HTTPException(403, f"督办件 {state.number} 由承办单位的联络员或领导办理，{actor.name}不能代办。")
    elif not set(deed.who) & set(posts_of(actor)):
        raise HTTPException(403, f"“{deed.name}”由办公室或有关领导办理，{actor.name}没有权限。")


def wants_file(deed: Deed) -> bool:
    """Say whether the deed cannot be done without a file."""
    taken = inspect.signature(deed.act).parameters.get("content")
    return FILE in deed.fields.values() and taken is not None and taken.default is inspect.Parameter.empty


async def _owes(number: str, actor: Actor, case: str) -> bool:
    """Return whether the person's unit accounts in this case of a matter, which may be another unit's."""

    def read(state: State) -> bool:
        with ledger.transaction() as session:
            return acts.may_account(session, state, actor, case)

    found = await in_ledger(_found, number)
    return found is not None and await in_ledger(read, found)


async def _said(deed: Deed, form: Form) -> dict[str, Any]:
    """Return what came with the deed, as it takes it; a file becomes its name and its content."""
    sent = _file(deed, form)
    words = {name: value for name, value in form.items() if name != "file"}
    fields = await in_ledger(lambda: read_fields(deed, words), refused=400)
    if sent is None:
        return fields
    content = await sent.read(UPLOAD_CAP + 1)
    if len(content) > UPLOAD_CAP:
        raise HTTPException(413, too_large(UPLOAD_CAP))
    return fields | {"name": sent.filename or "", "content": content}


def _file(deed: Deed, form: Form) -> UploadFile | None:
    """Return the file that was sent; a page sends an empty one where none was chosen."""
    sent = form.get("file")
    if isinstance(sent, UploadFile) and not sent.filename and not sent.size:
        sent = None
    if sent and FILE not in deed.fields.values():
        raise HTTPException(400, f"“{deed.name}”不收文件，请去掉后再提交。")
    if sent and not isinstance(sent, UploadFile):
        raise HTTPException(400, f"“{label(deed.name, 'file')}”应当是文件，请选择后再提交。")
    if not sent and wants_file(deed):
        raise HTTPException(400, f"“{label(deed.name, 'file')}”没有上传文件，请选择后再提交。")
    return sent or None


def too_large(cap: int) -> str:
    """Return the sentence for what is larger than so many bytes."""
    return f"提交的内容超过 {cap // 1024 // 1024} MB，请压缩图片或删减附件后再试。"
