"""回复 in two steps: the file is looked at and what was found is shown; then exactly that file is sent.

What was found has an address of its own (the key of the file that is kept, its checksum, who signed), so that the back
button after sending shows a page, which then says that it was sent.
"""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import HTTPException
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from duban import acts
from duban.acts.handling import look_before_reply
from duban.intake import shown_name
from duban.intake.checking import NOTE, VERDICTS
from duban.ledger import Actor, State
from duban.portal.doing import UPLOAD_CAP, deed_of, do, refuse_others, too_large
from duban.portal.pages import held_uploads
from duban.portal.pages.deeds_done import happened, look, ours
from duban.portal.pages.page import Page
from duban.portal.signed_in import in_ledger

KEY = "reply"


async def take(page: Page, request: Request, state: State, sent: dict[str, Any]) -> Response:
    """Look at the file that came, or send the one that was looked at. HTTPException with a sentence when refused."""
    refuse_others(deed_of(KEY), state, page.actor(request))
    return await (_send if sent.get("send") else _check)(page, request, state, sent)


async def _check(page: Page, request: Request, state: State, sent: dict[str, Any]) -> Response:
    """Keep the file for an hour, for this person and matter alone, and lead to what was found."""
    actor, file, signed_by = page.actor(request), sent.get("file"), str(sent.get("signed_by", ""))
    if not isinstance(file, UploadFile) or not file.filename:
        raise HTTPException(400, "没有选择文件，请选择办结报告后再核对。")
    content = await file.read(UPLOAD_CAP + 1)
    if len(content) > UPLOAD_CAP:
        raise HTTPException(413, too_large(UPLOAD_CAP))
    name = shown_name(file.filename)
    await in_ledger(look_before_reply, state.number, actor, name, content, signed_by)
    upload = await in_ledger(held_uploads.hold, actor, _purpose(state), name, content)
    said = {"upload": upload, "sha256": sha256(content).hexdigest(), "signed_by": signed_by}
    return page.go(request, f"/matters/{quote(state.number)}/do/{KEY}?{urlencode(said)}")


async def found(page: Page, request: Request, state: State) -> Response:
    """Show what was found in the file that is kept, or that it was sent. HTTPException with a sentence when refused."""
    actor, said = page.actor(request), request.query_params
    refuse_others(deed_of(KEY), state, actor)
    known = await in_ledger(_sent, state.number, said.get("sha256", ""))
    context: dict[str, Any] = {"state": state, "sent": known, "signed_by": said.get("signed_by", "")}
    if known is None:
        name, content = await _kept(actor, state, said.get("upload", ""))
        context |= {
            "report": await in_ledger(look_before_reply, state.number, actor, name, content, context["signed_by"]),
            "verdicts": VERDICTS,
            "note": NOTE,
            "name": name,
            "size": len(content),
            "sha256": sha256(content).hexdigest(),
            "upload": said.get("upload", ""),
            "seen": (await in_ledger(happened, state.number))[1],
        }
    await in_ledger(acts.consult, state.number, actor)
    return await page.show(request, "matter/check.html", title="核对结果" if known is None else "已发送", **context)


async def _send(page: Page, request: Request, state: State, sent: dict[str, Any]) -> Response:
    """Send the file that was looked at; a second time leads to the receipt of the first."""
    actor, upload = page.actor(request), str(sent.get("upload", ""))
    if (known := await in_ledger(_sent, state.number, str(sent.get("sha256", "")))) is not None:
        return page.go(request, f"/matters/{state.number}/replies/{known}", "这个文件已经发送过，这是回执。", "info")
    name, content = await _kept(actor, state, upload)
    file = UploadFile(BytesIO(content), size=len(content), filename=name)
    done = await do(request, actor, state.number, KEY, {"file": file, "signed_by": str(sent.get("signed_by", ""))})
    await in_ledger(held_uploads.drop, actor, upload)
    nth = await in_ledger(_sent, done.number, sha256(content).hexdigest())
    return page.go(request, f"/matters/{done.number}/replies/{nth}", "已发送，这是回执。接下来等办公室审核。")


async def _kept(actor: Actor, state: State, upload: str) -> tuple[str, bytes]:
    try:
        return await in_ledger(held_uploads.fetch, actor, _purpose(state), upload)
    except HTTPException as gone:
        raise HTTPException(409, "核对过的文件只保留一小时，已经不在了，请重新选择文件。") from gone


def _purpose(state: State) -> str:
    return f"{KEY}:{state.number}"


def _sent(number: str, digest: str) -> int | None:
    """Return the number of the event by which this file is the reply of the round that runs, None if it is not."""
    events, _last = happened(number)
    running = look(number).round
    known = (event for event in ours(KEY, events) if event.round == running and event.data.get("sha256") == digest)
    return next((event.seq for event in known), None) if digest else None
