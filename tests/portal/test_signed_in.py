"""Who asks: what is no good as a sign-in leads to the sign-in, and who is not on the roll reads one sentence."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient
from mounted import application
from sqlalchemy.exc import OperationalError
from starlette.requests import Request

from duban.portal import api, signed_in


@pytest.mark.parametrize(
    "refused",
    [HTTPException(401, "Token Expired"), HTTPException(403, "Invalid JWT token"), ValueError("User is not active")],
)
def test_what_is_no_good_as_a_sign_in_asks_to_sign_in_again(
    refused: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def get_user(*_: Any) -> Any:
        raise refused

    monkeypatch.setattr(signed_in, "get_user", get_user)
    with pytest.raises(HTTPException) as told:
        asyncio.run(signed_in.user_of(Request({"type": "http", "headers": []})))
    assert (told.value.status_code, told.value.detail) == (401, "没有登录，或者登录已经失效，请重新登录。")


@pytest.mark.parametrize("path", ["/", "/api/matters"])
def test_without_airflows_database_nobody_signs_in_and_everybody_is_told(
    path: str, rehearsal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def get_user(*_: Any) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr(signed_in, "get_user", get_user)
    browser = TestClient(application(api.create()), raise_server_exceptions=False)
    answer = browser.get(f"/duban{path}")
    assert answer.status_code == 503
    assert "数据库暂时没有应答" in answer.text


def test_who_has_waited_long_enough_is_told_that_it_may_yet_be_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_in, "PATIENCE", 0.05)
    recorded = threading.Event()

    def act() -> None:
        time.sleep(0.3)
        recorded.set()

    with pytest.raises(HTTPException) as told:
        asyncio.run(signed_in.in_ledger(act))
    assert recorded.wait(5), "nobody stops it"
    assert told.value.status_code == 503
    assert "可能已经记入" in told.value.detail
    assert "没有办成" not in told.value.detail


def test_a_fault_of_the_program_is_said_on_a_page_of_ours(rehearsal_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def broken(request: Request) -> Any:
        raise RuntimeError("a word that nobody outside may read")

    browser = TestClient(application(api.create(broken)), raise_server_exceptions=False)
    page = browser.get("/duban/")
    assert (page.status_code, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "系统出错，这次没有办成" in page.text
    assert "nonce-" in page.headers["content-security-policy"]
    assert "nobody outside" not in page.text
    assert "nobody outside" in caplog.text


def test_who_is_not_on_the_roll_reads_one_sentence(site: Callable[[str], Any]) -> None:
    page = site("passer.by").get("/")
    assert page.status_code == 403
    assert "机构文件里没有用户名“passer.by”" in page.text
    assert "督办台账（导出）" not in page.text
