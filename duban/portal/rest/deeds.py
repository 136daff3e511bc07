"""Every deed of the table as a route of its own, described from the table: its words, who may, what is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as StarletteError

from duban.acts.act import post_name
from duban.acts.possible import UNIT
from duban.portal.acts_table import DAY, DEEDS, FILE, NUMBER, TICK, WANTED_DAY, Deed
from duban.portal.acts_words import FIELD_HELPS, HELPS, label
from duban.portal.doing import deed_of, do, wants_file
from duban.portal.rest.described import refusals
from duban.portal.rest.models import Accounted, Done
from duban.portal.signed_in import Signed

router = APIRouter(prefix="/api", tags=["办理"])

MOST_FIELDS, MOST_TEXT = 40, 1024 * 1024
"""Fields of a form, and bytes of one that is no file."""

SHAPES: dict[str, dict[str, Any]] = {
    DAY: {"type": "string", "anyOf": [{"format": "date"}, {"const": ""}]},
    WANTED_DAY: {"type": "string", "format": "date"},
    TICK: {"type": "string", "enum": ["是", "否", "true", "false", "1", "0", ""]},
    NUMBER: {"type": "string", "pattern": "^[0-9]{0,9}%?$"},
    FILE: {"type": "string", "contentMediaType": "application/octet-stream"},
}
"""Kind of a field -> how it is described; any other is text. Empty is as good as not there."""


def body_of(what: str, deed: Deed) -> dict[str, Any]:
    """Return the description of what is sent with a deed, as OpenAPI has it."""
    words = {
        name: {"title": label(deed.name, name)}
        | SHAPES.get(kind, {"type": "string"})
        | ({"description": FIELD_HELPS[what, name]} if (what, name) in FIELD_HELPS else {})
        for name, kind in deed.fields.items()
    }
    wanted = [name for name, kind in deed.fields.items() if kind == WANTED_DAY or (kind == FILE and wants_file(deed))]
    schema = {"type": "object", "properties": words, "additionalProperties": False}
    forms = ["multipart/form-data"] if FILE in deed.fields.values() else ["multipart/form-data", URLENCODED]
    return {
        "required": bool(wanted),
        "content": {form: {"schema": schema | ({"required": wanted} if wanted else {})} for form in forms},
    }


URLENCODED = "application/x-www-form-urlencoded"


def _who(deed: Deed) -> str:
    if deed.who != UNIT:
        return "、".join(post_name(post) for post in deed.who)
    return "承办单位的人" + ("（协办单位为本单位领收）" if deed.helpers else "")


def _route(what: str) -> Callable[..., Awaitable[Any]]:
    async def endpoint(request: Request, number: str, actor: Signed) -> Any:
        done = await do(request, actor, number, what, await form(request))
        if done.state is None:
            return {"number": number, "case": done.case}
        return {name: getattr(done.state, name) for name in ("number", "state", "round", "due_on")}

    endpoint.__name__ = what.replace("-", "_")
    return endpoint


async def form(request: Request) -> dict[str, str | UploadFile]:
    """Return what was sent; HTTPException 400 for what is broken off, too much, or no form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if int(request.headers.get("content-length", "0")) and kind not in ("multipart/form-data", URLENCODED):
        raise HTTPException(400, "请用表单（multipart/form-data）提交，各项的名称见接口说明。")
    try:
        sent = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=MOST_TEXT)
    except (StarletteError, ValueError) as broken:
        raise HTTPException(400, "提交的内容不完整或太大，请检查后再试。") from broken
    return dict(sent)


for _what, _deed in DEEDS.items():
    router.add_api_route(
        f"/matters/{{number}}/{_what}",
        _route(_what),
        methods=["POST"],
        response_model=Done | Accounted if _deed.owed else Done,
        responses=refusals(404, writes=True),
        summary=_deed.name,
        description=f"{HELPS.get(_what, '')}\n\n谁办：{_who(_deed)}。同样的内容再提交一次，不会重复记入。",
        openapi_extra={"requestBody": body_of(_what, _deed)},
    )


@router.post("/matters/{number}/{what}", include_in_schema=False, response_model=None)
async def no_deed(number: str, what: str, actor: Signed) -> NoReturn:  # noqa: ARG001
    """Say which deeds there are."""
    deed_of(what)
    raise AssertionError("every deed has a route of its own")
