"""从表格登记: the empty table, what each of its rows would become, and all of them registered or none."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import HTTPException
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from duban import acts, ledger, registration, registration_form
from duban.acts.form import is_secret
from duban.acts.previewing import Point, Preview, preview
from duban.documents import XLSX
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.orchestration.matters import dag_of
from duban.organization import Organization
from duban.portal import airflow_side
from duban.portal.pages import held_uploads
from duban.portal.pages.new import ground, started
from duban.portal.pages.new_form import cards
from duban.portal.pages.page import Page
from duban.portal.registering import registrar
from duban.portal.signed_in import in_ledger
from duban.registration_tables import TABLES
from duban.text import clean

PURPOSE = "batch"
PATIENCE = 55.0
"""Seconds that somebody waits for a large table; it is registered all the same, and found when it is sent again."""
SLOW = "表格很大，登记还没有做完。请过一分钟再按一次“全部登记”，不会重复登记。"
TEMPLATE = f"attachment; filename=\"register.xlsx\"; filename*=UTF-8''{quote('空白登记表.xlsx')}"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Row:
    """A row of the table: where it stands, what it would become, and every sentence about what is wrong with it."""

    where: str
    title: str
    unit: str
    points: tuple[Point, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """A table that was looked at: its rows, and the matters that it was registered as before.

    `faults`: what is wrong on its further sheets (阶段、分工).
    """

    rows: tuple[Row, ...]
    before: tuple[State, ...]
    faults: tuple[str, ...] = ()

    @property
    def wrong(self) -> int:
        """How many of the rows would be refused."""
        return sum(bool(row.faults) for row in self.rows)

    @property
    def right(self) -> bool:
        """Whether all of it would be registered."""
        return not self.wrong and not self.faults


class NewBatch(Page):
    """Many matters from one spreadsheet."""

    path, menu_label, add_to_menu = "/new/batch", "从表格登记", False

    @route("")
    async def index(self, request: Request) -> Response:
        """Show where the table goes."""
        return await self._page(request)

    @route("/template")
    async def template(self, _request: Request) -> Response:
        """Give the empty table of the regulation in force."""
        law, org, _now = await in_ledger(ground)
        content = await asyncio.to_thread(registration_form.blank, law, org)
        return Response(content, media_type=XLSX, headers={"Content-Disposition": TEMPLATE})

    @route("", methods=["POST"])
    async def look(self, request: Request) -> Response:
        """Show what every row would become; nothing is registered."""
        actor, type_id = self.actor(request), ""
        try:
            sent = await self.form(request)
            type_id = str(sent.get("type", ""))
            await in_ledger(registrar, actor, refused=403)
            name, content = await _uploaded(sent.get("file"))
            found = await _patiently(looked, name, content, type_id, actor)
            key = await in_ledger(held_uploads.hold, actor, PURPOSE, name, content)
        except HTTPException as refused:
            return await self._page(request, type_id, refused=refused.detail, status=refused.status_code)
        return await self._page(request, type_id, found=found, key=key, name=name)

    @route("/confirm", methods=["POST"])
    async def confirm(self, request: Request) -> Response:
        """Register all of the table or nothing, and start the runs."""
        actor, type_id, name = self.actor(request), "", ""
        found, key = None, ""
        try:
            sent = await self.form(request)
            type_id, key = str(sent.get("type", "")), str(sent.get("key", ""))
            await in_ledger(registrar, actor, refused=403)
            name, content = await in_ledger(held_uploads.fetch, actor, PURPOSE, key)
            await airflow_side.refuse_unready(request, dag_of(type_id))
            found = await _patiently(looked, name, content, type_id, actor)
            states = found.before or await _patiently(register, name, content, type_id, actor)
        except HTTPException as refused:
            return await self._page(
                request, type_id, found=found, key=key, name=name, refused=refused.detail, status=refused.status_code
            )
        open_now = [state for state in states if state.awaiting]
        numbers = [state.number for state in open_now]
        why = dict(zip(numbers, await airflow_side.start_all(request, open_now), strict=True))
        said = started(list(states), [why.get(state.number) for state in states])
        return await self.show(request, "new/started.html", 502 if said["late"] else 200, **said)

    async def _page(
        self,
        request: Request,
        type_id: str = "",
        *,
        found: Looked | None = None,
        key: str = "",
        name: str = "",
        refused: str = "",
        status: int = 200,
    ) -> Response:
        law, _org, _now = await in_ledger(ground)
        chosen = type_id if type_id in law.types else ""
        said: dict[str, Any] = {"law": law, "cards": cards(law), "type": chosen, "found": found, "key": key}
        said |= {"name": name, "refused": refused, "most": registration.LARGEST, "rows_most": registration.ROWS}
        return await self.show(request, "new/batch.html", status, title="从表格登记", **said)


async def _uploaded(sent: object) -> tuple[str, bytes]:
    """Return the name and the content of the file; HTTPException when there is none or it is too large."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise HTTPException(400, "没有选择文件，请选择填好的登记表（.xlsx）后再提交。")
    content = await sent.read(registration.LARGEST + 1)
    if len(content) > registration.LARGEST:
        raise HTTPException(413, f"登记表最大 {registration.LARGEST // 2**20} MB，请分成几个文件后再提交。")
    path = Path(clean(sent.filename).replace("\\", "/"))
    if path.suffix.lower() != ".xlsx":  # what programs send as JSON goes by the command line
        raise HTTPException(409, f"“{path.name[:60]}”不是登记表，请用 .xlsx 文件。")
    return f"{path.stem[:60] or '登记表'}{path.suffix[:10]}", content


async def _patiently(act: Callable[..., Result], *args: Any) -> Result:
    """Do what may take long for a large table, in a thread; HTTPException with the sentence of a refusal."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(act, *args), PATIENCE)
    except Refusal as refusal:
        raise HTTPException(409, str(refusal)) from refusal
    except TimeoutError as slow:
        raise HTTPException(503, SLOW) from slow


def looked(name: str, content: bytes, type_id: str, actor: Actor) -> Looked:
    """Read a table and say what each row would become; Refusal for what is no table of forms.

    It is `right` exactly when `register` takes it.
    """
    law, org, now = ground()
    _refuse_unknown_type(type_id, law.types, law.title)
    entries, beside = _read(name, content, registration.look)
    key = _key(content)
    with ledger.transaction() as session:
        if ledger.number_of_run(session, f"{key}/1"):
            numbers = [ledger.number_of_run(session, f"{key}/{n}") for n in range(1, len(entries) + 1)]
            return Looked((), tuple(ledger.state(session, number) for number in numbers if number))
    rows = tuple(
        _row(entry, preview({"type": type_id, **entry.form}, law, org, now, actor), org, beside) for entry in entries
    )
    return Looked(rows, (), tuple(f"{fault}。" for fault in beside))


def _row(entry: registration.Entry, found: Preview, org: Organization, beside: Sequence[str]) -> Row:
    """What a row would become. Of a cell that could not be read one thing is said, and no date is told with it."""
    marked = is_secret(str(entry.form.get("mark") or "")) or "mark" in entry.unread
    title = "（涉密件）" if marked else str(entry.form.get("title", ""))
    unread = {*entry.unread, *((table.field for table in TABLES.values()) if beside else ())}
    faults = [f"{fault}。" for fault in entry.faults]
    faults += [fault.sentence for fault in found.faults if fault.field not in unread]
    return Row(entry.where, title, _unit(entry.form, org), () if unread else found.points, tuple(faults))


def register(name: str, content: bytes, type_id: str, actor: Actor) -> tuple[State, ...]:
    """Register every row of a table or none: Refusal with the first that is refused. A file is registered once."""
    entries = _read(name, content, registration.read_entries)
    forms = [{"type": type_id, **entry.form} for entry in entries]
    return tuple(acts.register_all(forms, actor, _key(content), [entry.where for entry in entries]))


def _refuse_unknown_type(type_id: str, known: Any, title: str) -> None:
    if type_id not in known:
        words = "、".join(rule.name for rule in known.values())
        raise Refusal(f"请先选择督办类型；《{title}》规定的有：{words}。")


def _read(name: str, content: bytes, read: Callable[[Path], Result]) -> Result:
    with tempfile.TemporaryDirectory(prefix="duban-") as place:
        path = Path(place) / name
        path.write_bytes(content)
        return read(path)


def _key(content: bytes) -> str:
    # As the command line has it: the same file is the same registration, whichever way it comes.
    return f"file:{hashlib.sha256(content).hexdigest()}"


def _unit(form: dict[str, Any], org: Organization) -> str:
    try:
        return org.unit(str(form.get("unit") or "")).short
    except Refusal:
        return str(form.get("unit") or "")


__all__ = ["Looked", "NewBatch", "Row", "looked", "register"]
