"""Who asks: what is no good as a sign-in leads to the sign-in, and who is not on the roll reads one sentence."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import HTTPException
from starlette.requests import Request

from duban.portal import signed_in


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


def test_who_is_not_on_the_roll_reads_one_sentence(site: Callable[[str], Any]) -> None:
    page = site("passer.by").get("/")
    assert page.status_code == 403
    assert "机构文件里没有用户名“passer.by”" in page.text
    assert "督办台账（导出）" not in page.text
