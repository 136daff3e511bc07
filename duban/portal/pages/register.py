"""督办台账: every matter that somebody may see, asked by what stands in the address, as a page and as files.

The list is the library's; what it would let people do with rows (create, edit, delete, import, look up, act) is closed:
those routes have no line in `access.ROUTES`, and nothing of them is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

from fastapi import HTTPException
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import StringField
from starlette_admin.routing import route
from starlette_admin.types import ListParams
from starlette_admin.views import BaseModelView

from duban.errors import Refusal
from duban.portal import access
from duban.portal.pages.page import Page
from duban.portal.pages.register_asked import SIZES, SORTS, read
from duban.portal.pages.register_export import KINDS, file_name
from duban.portal.pages.register_lines import Found, find
from duban.portal.signed_in import in_ledger
from duban.reports.lines import Line

COLUMNS = {
    "number": "编号、文号",
    "title": "事项",
    "type": "类型",
    "unit": "承办单位",
    "state": "状态",
    "light": "灯号",
    "round": "轮次",
    "due_on": "到期",
    "leader": "批示领导",
    "registered_on": "登记",
}
"""Columns of the page -> their heads."""


class Register(BaseModelView):
    """The list of matters, read only."""

    key, pk_attr, path = "register", "number", "/register/list"
    menu_label, tab, icon, display_name = "督办台账", "台账", "fa-solid fa-book", "督办件"
    list_template = "register/list.html"
    fields: Sequence[Any] = [StringField(name, label=label) for name, label in COLUMNS.items()]
    sortable_fields = SORTS
    page_size, page_size_options = SIZES[0], SIZES
    actions, row_actions = (), ()
    exporters, importers = (), ()
    column_visibility = row_click_navigate = False

    def is_accessible(self, request: Request) -> bool:
        """Say whether the menu shows it."""
        actor = getattr(request.state, "actor", None)
        return actor is not None and access.refusal("GET", "/{key}/list", actor) is None

    def is_active(self, request: Request) -> bool:
        """Say whether the page shown is this one."""
        return bool(request.scope["path"].removeprefix(request.scope.get("root_path", "")) == self.path)

    def can_view_detail(self, *_args: Any) -> bool:
        """No: a matter has its own page."""
        return False

    can_create = can_edit = can_delete = can_export = can_import = can_view_detail  # type: ignore[assignment]

    def _parse_list_params(self, request: Request, query_params: QueryParams | None = None) -> ListParams:
        try:
            asked = read(query_params if query_params is not None else request.query_params)
        except Refusal as refusal:
            raise HTTPException(400, str(refusal)) from refusal
        request.state.asked = asked
        return ListParams(page=asked.page, page_size=asked.page_size, sorts=list(asked.sorts))  # type: ignore[arg-type]

    async def find_all(self, request: Request, *_args: Any, **_more: Any) -> Sequence[Line]:
        """Ask the register once for all that the page shows."""
        found: Found = await in_ledger(find, request.state.actor, request.state.asked, refused=400)
        request.state.found = found
        return found.lines

    async def count(self, request: Request, *_args: Any, **_more: Any) -> int:
        """Return how many there are, as they were when the list was made."""
        return int(request.state.found.total)

    async def serialize(self, obj: Line, *_args: Any, **_more: Any) -> dict[str, Any]:
        """Return a line as the template reads it."""
        return {"number": obj.number, "line": obj}

    def _active_filter_chips(self, *_args: Any) -> tuple[str, list[Any]]:
        return "and", []  # the library's would speak of its own filters

    def chips(self, request: Request) -> list[tuple[str, str]]:
        """Return what was asked in words, and the address without it, one by one."""
        found: Found = request.state.found
        return [
            (f"{label}：{words}", _address(request, {name: None, "page": None})) for name, label, words in found.chips
        ]

    def _filter_builder_fields(self, *_args: Any) -> list[dict[str, Any]]:
        return []

    def link(self, request: Request, **changes: Any) -> str:
        """Return this page's address with some of its words changed; None takes one away."""
        return _address(request, changes)

    def sorting(self, request: Request, column: str) -> str | None:
        """Return the address of the list in the order of a column, None for one that gives no order."""
        if column not in SORTS:
            return None
        way = dict(request.state.asked.sorts).get(column)
        return _address(request, {"sort": f"{column}__{'desc' if way == 'asc' else 'asc'}", "page": None})

    def files(self, request: Request) -> dict[str, str]:
        """Return the kinds of file and the addresses at which this very list is one."""
        query = _address(request, {"page": None, "page_size": None})
        return {kind: f"/register/files/{kind}{query}" for kind in KINDS}

    async def find_by_pk(self, *_args: Any) -> None:
        """Nothing is found so: a matter has its own page."""

    async def find_by_pks(self, *_args: Any) -> Sequence[Any]:
        """Nothing is found so."""
        return []

    async def _closed(self, *_args: Any) -> NoReturn:
        raise HTTPException(403, "台账只能查看，办理请从督办件的页面进入。")

    create = edit = delete = _closed  # type: ignore[assignment]


def _address(request: Request, changes: dict[str, Any]) -> str:
    said = [(name, value) for name, value in request.query_params.multi_items() if value and name not in changes]
    return "?" + urlencode(said + [(name, str(value)) for name, value in changes.items() if value is not None])


class RegisterFiles(Page):
    """The list as a file."""

    path, menu_label, add_to_menu = "/register/files", "督办台账（导出）", False

    def is_accessible(self, request: Request) -> bool:
        """Say whether this person may have files; there is no page of this address alone."""
        actor = getattr(request.state, "actor", None)
        return actor is not None and access.refusal("GET", f"{self.path}/{{kind}}", actor) is None

    @route("/{kind}")
    async def file(self, request: Request) -> Response:
        """Answer with all matters under the conditions of the address, or say that there are too many for one file."""
        kind = request.path_params["kind"]
        if kind not in KINDS:
            raise HTTPException(404, f"台账可以导出为{'、'.join(KINDS)}，没有“{kind[:10]}”。")
        how, rehearsal = KINDS[kind], bool(request.state.rehearsal)

        def make() -> tuple[bytes, str]:
            found = find(self.actor(request), read(request.query_params), how.most)
            return how.make(found, rehearsal), file_name(found, kind)

        data, name = await in_ledger(make, refused=400)
        headers = {"Content-Disposition": f"attachment; filename=duban.{kind}; filename*=UTF-8''{quote(name)}"}
        return Response(data, media_type=how.media_type, headers=headers)
