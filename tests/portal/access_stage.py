"""Everybody before the portal as it is mounted, and one matter of every sort that access.yaml knows."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from matters import FORM, Matter
from mounted import application, signed_in
from test_parts import dividing  # noqa: F401 - fixture

from duban import acts, clock, ledger, periodicals
from duban.acts.decomposing import decompose
from duban.portal import airflow_side, doing

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "access.yaml").read_text(encoding="utf-8"))
PEOPLE: dict[str, str] = TABLE["people"]


class Browser:
    """One person's program and browser at the portal; without a post: nobody is signed in."""

    def __init__(self, app: Any, user: str | None) -> None:
        self.client = TestClient(app, headers=signed_in(user), follow_redirects=False)

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {}
        if method == "POST":
            if not path.startswith("/api/"):
                self.client.get("/duban/")
                headers = {"X-CSRFToken": self.client.cookies.get("starlette_admin_csrftoken", "")}
            more = ({"json": ANSWER} if path.startswith("/api/decisions") else {"data": {}}) | more
        return self.client.request(method, f"/duban{path}", headers=headers, **more)


@pytest.fixture
def open_browser(rehearsal_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], Browser]:
    async def nothing(*_args: Any) -> None:
        return None

    monkeypatch.setattr(airflow_side, "start", nothing)
    monkeypatch.setattr(doing, "follow", nothing)
    app = application()
    return lambda user: Browser(app, user)


ANSWER = {"option": "没有这一项"}
SECRET = {
    "title": "代称：某项工作",
    "mark": "秘密★1年",
    "requirement": "",
    "instruction_text": "",
    "paper": "机要室2号柜",
}
COVERT = {"mode": "covert", "consent_by": "顾长风", "consent_on": "2026-03-02", "consent_number": "局党委纪要第3号"}
PARTS = "治安支队 核查场所\n网安支队 核查网络"


@pytest.fixture
def rules(dividing: None) -> None:  # noqa: F811
    """Rules under which a matter may be divided and its readers named; 白城 has neither."""
    file = Path(os.environ["DUBAN_INCLUDE"]) / "regulations" / "baicheng-2020.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  标明密级: 是\n", "  标明密级: 是\n  指定人员: 是\n"), encoding="utf-8")


@pytest.fixture
def matters(
    rules: None,
    new_matter: Callable[..., Matter],
    move_to: Callable[[datetime], None],
) -> dict[str, str]:
    """The number of one matter of every sort that the table knows; each has a file."""
    made = {
        "plain": new_matter().dispatched(),
        "marked": new_matter(mark="内部").dispatched(),
        "secret": new_matter(**SECRET).dispatched(),
        "divided": new_matter(**{**FORM, "type": "decomposed", "parts": PARTS, "due_on": "2026-03-16"}).in_progress(),
        "helped": new_matter(cohandlers="治安支队").dispatched(),
        "readers": new_matter(readers="祝明哲").dispatched(),
        "covert": new_matter(**COVERT),
    }
    decompose(made["divided"].number)
    move_to(datetime(2026, 4, 1, 9, tzinfo=clock.SHANGHAI))
    numbers = {name: one.number for name, one in made.items()}
    numbers["part"] = made["divided"].state.parts[0].number
    numbers["period"] = periodicals.open("monthly_scoring", "2026-03")
    periodicals.draft(numbers["period"])
    for number in numbers.values():
        acts.lapse(number)
        with ledger.transaction() as session:
            ledger.store(session, number, "附件.txt", number.encode(), "text/plain")
    return numbers
