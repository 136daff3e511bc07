"""The door 门: what people give to Airflow goes into the ledger first.

Airflow commits an answer or starts a run in its own database; a worker killed right then loses it, and a rule that
refuses it comes too late. So a middleware stands before two of Airflow's requests (the UI sends the same ones): it
knows who asks, lets the ledger accept or refuse, and only then hands on. A refusal is one Chinese sentence in
``detail``, which the UI shows; nothing has been written then. Requests about other DAGs pass untouched.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from fastapi import HTTPException
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duban import acts, ledger
from duban.errors import Refusal
from duban.ledger import State
from duban.ledger.standing import PERIODICALS
from duban.orchestration import questions
from duban.orchestration.matters import FILE_TYPES
from duban.orchestration.notes import note_of
from duban.orchestration.runs import find_number, next_id
from duban.portal import period_form
from duban.portal.airflow_side import MOST_TRIES, is_at_work, refuse_unstartable
from duban.portal.registering import REPEAT_WITHIN, digest, registrar
from duban.portal.signed_in import AWAY, in_ledger, may, person, user_of

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
"""A form with 100,000 characters is refused by the ledger in words; what is larger than this is no form."""

SEGMENT = r"([^/]+)"
ANSWER = re.compile(rf"/api/v2/dags/{SEGMENT}/dagRuns/{SEGMENT}/taskInstances/{SEGMENT}(?:/{SEGMENT})?/hitlDetails/?")
START = re.compile(rf"/api/v2/dags/{SEGMENT}/dagRuns/?")

Handler = Callable[["_Request"], Awaitable[None]]


class Door:
    """ASGI middleware on Airflow's API server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take care of the two requests, pass every other on as it is."""
        handler = _handler(scope) if scope["type"] == "http" else None
        if handler is None:
            await self.app(scope, receive, send)
            return
        request = _Request(self.app, scope, receive, send)
        try:
            await handler(request)
        except HTTPException as refused:
            answer = JSONResponse({"detail": refused.detail}, refused.status_code, headers=refused.headers)
            await answer(scope, receive, send)
        except DBAPIError:
            # Airflow asks its own database who is signed in; nothing has been written by then.
            log.exception("Airflow's database cannot be asked")
            await JSONResponse({"detail": AWAY}, 503)(scope, receive, send)


def _handler(scope: Scope) -> Handler | None:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if scope["method"] == "PATCH" and (found := ANSWER.fullmatch(path)) and found[1] in FILE_TYPES:
        return partial(_answer, dag_id=found[1], run_id=found[2], task_id=found[3])
    if scope["method"] == "POST" and (found := START.fullmatch(path)) and found[1] in FILE_TYPES:
        return partial(_start, dag_id=found[1])
    return None


class _Request:
    """One request: its body read once, and handed on with another body if need be."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self.app, self.scope, self.receive, self.send = app, scope, receive, send
        self.request = Request(scope, receive)

    async def json(self) -> dict[str, Any]:
        """Return the body as an object; HTTPException 400 or 413 otherwise."""
        body = bytearray()
        async for chunk in self.request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise HTTPException(413, "提交的内容太大，请精简后再试，长的材料请作附件。")
        try:
            parsed = json.loads(body)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise HTTPException(400, "提交的内容不是有效的 JSON 对象，请检查后再试。")
        return parsed

    async def hand_on(self, content: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Let Airflow answer a request with this body; return its status, headers and body."""
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = [(k, v) for k, v in self.scope["headers"] if k.lower() not in (b"content-length", b"content-type")]
        headers += [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
        unread = [body]
        status, answer_headers, answer = 500, list[tuple[bytes, bytes]](), bytearray()

        async def receive() -> Message:
            if unread:
                return {"type": "http.request", "body": unread.pop(), "more_body": False}
            return await self.receive()

        async def send(message: Message) -> None:
            nonlocal status, answer_headers
            if message["type"] == "http.response.start":
                status, answer_headers = message["status"], list(message.get("headers", []))
            elif message["type"] == "http.response.body":
                answer.extend(message.get("body", b""))

        try:
            await self.app({**self.scope, "headers": headers}, receive, send)
        except Exception:
            log.exception("Airflow failed after the ledger had accepted")
            return 500, [], b""
        return status, answer_headers, bytes(answer)

    async def reply(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Send an answer of Airflow on as it is."""
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def reply_json(self, content: dict[str, Any], status: int = 200) -> None:
        """Send an answer of our own."""
        await JSONResponse(content, status)(self.scope, self.receive, self.send)


async def _answer(request: _Request, *, dag_id: str, run_id: str, task_id: str) -> None:
    """A person's decision: the ledger takes it (or refuses it), then Airflow wakes the task that asked."""
    user = await user_of(request.request)
    if not await may(user, "PUT", DagAccessEntity.HITL_DETAIL, dag_id):
        raise HTTPException(403, "您没有办理这一事项的权限，请联系管理员。")
    content = await request.json()
    option, fields = _option(content), content.get("params_input") or {}
    if not isinstance(fields, dict):
        raise HTTPException(400, "params_input 应为一个对象，请检查后再试。")
    region_id, region_index = _region(request.request)
    number, key = await in_ledger(_asked, dag_id, run_id, task_id, region_id, region_index)
    await in_ledger(lambda: acts.decide(number, key, option, dict(fields), person(user)))
    status, headers, body = await request.hand_on(content)
    if status < 400:
        await request.reply(status, headers, body)
        return
    # The answer is in the ledger, so the task goes on by itself; the person has nothing to repeat.
    log.warning("%s %s is in the ledger, but Airflow said %d: %s", number, key, status, body[:300])
    await request.reply_json(
        {
            "responded_by": {"id": str(user.get_id()), "name": str(user.get_display_name())},
            "responded_at": datetime.now(UTC).isoformat(),
            "chosen_options": [option],
            "params_input": fields,
        }
    )


def _option(content: dict[str, Any]) -> str:
    chosen = content.get("chosen_options")
    if not isinstance(chosen, list) or len(chosen) != 1 or not isinstance(chosen[0], str):
        raise HTTPException(400, "请选择一个选项（只能选一个）。")
    return chosen[0]


def _region(request: Request) -> tuple[str | None, int | None]:
    """Return which pass of a loop the request is about, as Airflow reads it."""
    region_id, region_index = request.query_params.get("region_id"), request.query_params.get("region_index")
    try:
        return (str(UUID(region_id)) if region_id else None), (int(region_index) if region_index else None)
    except ValueError:
        raise HTTPException(400, "region_id 或 region_index 不是有效的值。") from None


def _asked(dag_id: str, run_id: str, task_id: str, region_id: str | None, region_index: int | None) -> tuple[str, str]:
    with ledger.transaction() as session:
        asked = questions.asked_at(session, dag_id, run_id, task_id, region_id, region_index)
    if asked is None:
        raise Refusal("这一事项已在别处重新提出或已经结束，请刷新“需要操作”后再办。")
    return asked


async def _start(request: _Request, *, dag_id: str) -> None:
    """A new matter: the ledger registers it (or refuses it), then Airflow starts its run under its number."""
    user = await user_of(request.request)
    if not await may(user, "POST", DagAccessEntity.RUN, dag_id):
        raise HTTPException(403, "您没有登记督办件的权限，请联系管理员。")
    content = await request.json()
    form = content.get("conf") or {}
    if not isinstance(form, dict):
        raise HTTPException(400, "登记表应为一个对象，请检查后再试。")
    await in_ledger(refuse_unstartable, dag_id)
    if "number" in form:
        await _restart(request, content, dag_id, form)
        return
    given = content.get("dag_run_id")
    key = await in_ledger(_key, f"{dag_id}/{given}" if given else None, user, dag_id, form)
    who = await in_ledger(lambda: registrar(person(user)), refused=403)
    if dag_id in PERIODICALS:
        await _start_period(request, dag_id, form, key)
        return
    form = {**form, "type": FILE_TYPES[dag_id]}
    state = await in_ledger(lambda: acts.register(form, who, key), refused=400)
    status, headers, body = await request.hand_on(_run(state.number, note_of(state)))
    if status < 400:
        await request.reply(status, headers, body)
    elif status == 409:
        await request.reply_json({"detail": f"这一件刚才已登记为 {state.number}，流程正在进行，不必重复提交。"}, 409)
    else:
        log.error("%s is registered, but its run was not started: %d %s", state.number, status, body[:300])
        sentence = f"已登记为 {state.number}，但流程没有启动。请稍后原样再提交一次，不会重复登记。"
        await request.reply_json({"detail": sentence}, 502)


async def _start_period(request: _Request, dag_id: str, form: dict[str, Any], key: str) -> None:
    """A period by hand: its file is opened (or found), then its run starts; one that is at work goes on alone."""
    state = await in_ledger(period_form.opened, dag_id, form, key, refused=400)
    if await in_ledger(is_at_work, dag_id, state):
        await request.reply_json({"detail": f"{state.title}（{state.number}）正在办理，不必重复提交。"}, 409)
        return
    run_id = state.number
    for _ in range(MOST_TRIES):
        status, headers, body = await request.hand_on(_run(state.number, note_of(state)) | {"dag_run_id": run_id})
        if status != 409:
            break
        run_id = next_id(state, after="" if run_id == state.number else run_id)  # an earlier run of it was lost
    await request.reply(status, headers, body)


async def _restart(request: _Request, content: dict[str, Any], dag_id: str, form: dict[str, Any]) -> None:
    """A run for a matter that is registered already: started by the command line, or once more after a loss."""
    state = await in_ledger(_known, form, dag_id, refused=400)
    number = state.number
    # Whatever note was sent: what a run says of its matter is not for whoever starts it to choose.
    run = _run(number, note_of(state)) | {"dag_run_id": content.get("dag_run_id") or number}
    status, headers, body = await request.hand_on(run)
    if status == 409:
        await request.reply_json({"detail": f"督办件 {number} 的流程已经在了，不必再启动。"}, 409)
    else:
        await request.reply(status, headers, body)


def _known(form: dict[str, Any], dag_id: str) -> State:
    number = form["number"]
    if set(form) != {"number"} or not isinstance(number, str) or not number:
        raise Refusal("编号由系统编排：登记新的督办件请不要填写 number；重新启动流程时只填 number。")
    with ledger.transaction() as session:
        state = ledger.state(session, number)
    if state.type != FILE_TYPES[dag_id]:
        raise Refusal(f"督办件 {number} 不是这一类型，请用它自己的流程启动。")
    return state


def _run(number: str, note: object) -> dict[str, Any]:
    """Return the body of the request that starts the run; nothing of the matter's content goes into Airflow."""
    return {"dag_run_id": number, "logical_date": None, "conf": {"number": number}, "note": note}


def _key(given: str | None, user: Any, dag_id: str, form: dict[str, Any]) -> str:
    """Return the key of the registration: the run id given by a program, else what makes a second click the same.

    The same form by the same person in the same ten minutes (or continued from the ten before) is one matter.
    """
    if given:
        return given
    words = digest(user.get_name(), dag_id, form)
    now = int(time.time()) // REPEAT_WITHIN
    before = f"form:{words}:{now - 1}"
    return before if find_number(before, None) else f"form:{words}:{now}"
