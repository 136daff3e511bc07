"""The register, one matter, what happened to it, and its files, over HTTP.

Whoever reads of a marked matter more than its line in the register is entered in the ledger (BC-8.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy import select, text
from starlette.datastructures import QueryParams

from duban import acts, clock, ledger, organization, regulation
from duban.acts.form import is_secret
from duban.ledger import Actor, State, register
from duban.ledger.engine import snapshot
from duban.ledger.models import MatterRow
from duban.portal.doing import matter_of
from duban.portal.pages.matter_shown import is_bureau
from duban.portal.pages.register_asked import read
from duban.portal.pages.register_lines import PATIENCE
from duban.portal.pages.register_query import Asking
from duban.portal.rest.described import refusals
from duban.portal.rest.models import Asked, File, Happened, Line, Matter
from duban.portal.signed_in import Signed, in_ledger

router = APIRouter(prefix="/api", tags=["督办件"])

TOTAL = "X-Total-Count"
COUNTED = {"description": "符合条件的一共几件（不论 limit、offset）", "schema": {"type": "integer"}}
BY_DUE = (("due_on", "asc"), ("number", "asc"))
"""The order where none is asked for."""

TYPES = ("application/pdf", "image/png", "image/jpeg")
"""Of the files' own types those that are told as they are; every other is told as bytes."""


@router.get(
    "/matters",
    response_model=list[Line],
    responses=refusals() | {200: {"description": "督办件", "headers": {TOTAL: COUNTED}}},
    summary="台账：能看到的督办件，按期限排列",
)
async def matters(actor: Signed, asked: Annotated[Asked, Query()], response: Response) -> Any:
    """List the matters that the person may see, by due date or as asked; how many there are in all is in a header.

    条件与网页上督办台账的相同，都可以不写；limit、offset 分页，一共几件在答复头 X-Total-Count 里。
    """
    total, found = await in_ledger(_listed, actor, asked, refused=400)
    response.headers[TOTAL] = str(total)
    return [_line(one) for one in found]


def _listed(actor: Actor, asked: Asked) -> tuple[int, list[dict[str, Any]]]:
    """Return how many matters there are under these conditions, and the lines asked of them."""
    words = asked.model_dump(exclude={"limit", "offset", "overdue", "open"})
    words |= {"overdue": "1"} if asked.overdue else {}
    words |= {"open": str(int(asked.open))} if asked.open is not None else {}
    said = read(QueryParams(words))
    said = said if asked.sort else replace(said, sorts=BY_DUE)
    with snapshot() as session:
        session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
        now = clock.now(session)
        types = tuple(regulation.current(now.date()).types)
        asking = Asking(session, actor, organization.load(), now, said, types)
        numbers = asking.numbers(asked.limit, asked.offset)
        columns = [getattr(MatterRow, name) for name in Line.model_fields]
        rows = session.execute(select(*columns).where(register.among(numbers))).mappings()
        found = {row["number"]: dict(row) for row in rows}
        return asking.count(), [found[number] for number in numbers]


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"title": "（涉密件）"} if is_secret(line["mark"] or "") else line


@router.get("/matters/{number}", response_model=Matter, responses=refusals(404), summary="一件的现状和经过")
async def matter(number: str, actor: Signed) -> Any:
    """Return where the matter stands and all that happened to it.

    给承办单位和检查、审计人员的，不含谁翻阅过（`consulted`）、分办件的主件（`parent`），知情人员名单（`form.readers`）只给名单上的人。
    """
    await matter_of(number, actor)
    state = await in_ledger(acts.consult, number, actor)
    return {"state": told(state, actor), "events": await in_ledger(_events, number, 0, actor)}


def told(state: State, actor: Actor) -> State:
    """Return of the matter what this person is told: the parent of a part, and who else is named, the bureau alone."""
    if is_bureau(actor):
        return state
    return state.model_copy(update={"parent": "", "form": _form(state.form, actor)})


def _form(form: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    named = actor.user in (form.get("readers") or ())
    return {name: value for name, value in form.items() if name != "readers" or named}


@router.get(
    "/matters/{number}/events", response_model=list[Happened], responses=refusals(404), summary="一件的经过，逐条"
)
async def events(number: str, actor: Signed, after: int = 0) -> Any:
    """Return what happened to the matter, oldest first, behind the entry with the `seq` in `after`.

    给承办单位和检查、审计人员的，不含谁翻阅过（`consulted`），`seq` 因此不一定连续；
    登记的内容里也没有分办件的主件，知情人员名单只给名单上的人。
    """
    await matter_of(number, actor)
    await in_ledger(acts.consult, number, actor)
    return await in_ledger(_events, number, after, actor)


def _events(number: str, after: int, actor: Actor) -> list[dict[str, Any]]:
    with ledger.transaction() as session:
        found = [asdict(event) for event in ledger.events(session, number) if event.seq > after]
    if is_bureau(actor):
        return found
    return [event | {"data": _data(event["data"], actor)} for event in found if event["kind"] != "consulted"]


def _data(data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Return what an entry says, as `told` tells the state; its checksum stays that of the whole entry."""
    kept = {name: value for name, value in data.items() if name != "parent"}
    return kept | {"form": _form(kept["form"], actor)} if "form" in kept else kept


@router.get("/matters/{number}/files", response_model=list[File], responses=refusals(404), summary="一件的文书和附件")
async def files(number: str, actor: Signed) -> Any:
    """List the files of the matter by name."""
    await matter_of(number, actor)
    return await in_ledger(kept, await in_ledger(acts.consult, number, actor))


def kept(state: State) -> list[File]:
    """Return the files of a matter, with the kind of paper that each is and where it is fetched."""
    kinds = {(one.sha256, one.name): one.kind for one in state.documents}
    with ledger.transaction() as session:
        found = ledger.files(session, state.number)
    return [
        File(
            **asdict(one),
            kind=kinds.get((one.sha256, one.name), ""),
            href=f"/matters/{state.number}/files/{one.sha256}",
        )
        for one in found
    ]


@router.get(
    "/matters/{number}/files/{sha256}",
    response_class=Response,
    responses=refusals(404) | {200: {"description": "文件", "content": {"application/octet-stream": {}}}},
    summary="下载文书或附件",
)
async def file(number: str, sha256: str, actor: Signed) -> Response:
    """Return the content of a file of this matter, to be saved; the name comes with it."""
    await matter_of(number, actor)
    found = next((one for one in await in_ledger(_files, number) if one.sha256 == sha256), None)
    if found is None:
        raise HTTPException(404, f"督办件 {number} 没有这个文件，请从文件清单里取地址。")
    content = await in_ledger(ledger.fetch_file, sha256)
    await in_ledger(acts.consult, number, actor)
    return Response(
        content,
        media_type=found.media_type if found.media_type in TYPES else "application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"},
    )


def _files(number: str) -> list[ledger.StoredFile]:
    with ledger.transaction() as session:
        return ledger.files(session, number)
