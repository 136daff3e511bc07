"""A session that ends while a form is filled in: the sign-in leads back to the form, and what was typed is kept."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import TOKEN
from matters import Matter

Site = Callable[..., Any]


@pytest.mark.parametrize(
    ("sent_to", "from_page", "comes_back"),
    [
        ("/scores/KH-2026-02/objections", "/scores/KH-2026-02", "/scores/KH-2026-02"),
        ("/scores/KH-2026-02/objections", "", "/scores/KH-2026-02"),
        ("/scores/KH-2026-02/objections", "/scores/KH-2026-02/objections", "/scores/KH-2026-02"),
        ("/new/batch/confirm", "/new/batch", "/new/batch"),
        ("/new/batch/confirm", "", "/new/batch"),
        ("/new/start", "/new/start", "/new"),
        ("/new/start", "/new/case", "/new/case"),
        ("/new/case", "/new/case?unit=jingzhen", "/new/case?unit=jingzhen"),
        ("/matters/BC-2026-0001/do/reply", "", "/matters/BC-2026-0001/do/reply"),
        ("/scores/KH-2026-02/objections", "http://elsewhere.example/duban/new", "/scores/KH-2026-02"),
    ],
)
def test_the_sign_in_leads_back_to_a_page_that_opens(
    site: Site, monkeypatch: pytest.MonkeyPatch, sent_to: str, from_page: str, comes_back: str
) -> None:
    asked: list[str] = []
    manager = SimpleNamespace(get_url_login=lambda next_url: asked.append(next_url) or "/auth/login")
    monkeypatch.setattr("airflow.api_fastapi.app.get_auth_manager", lambda: manager)
    page = from_page if "//" in from_page else f"http://duban.example/duban{from_page}"
    headers = {"referer": page} if from_page else {}
    browser = site("tian.clerk")
    token = TOKEN.search(browser.get("/new/batch").text)
    assert token
    browser.client.cookies.delete("who")
    answer = browser.client.post(f"/duban{sent_to}", data={"csrftoken": token[1]}, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login")
    assert asked == [f"/duban{comes_back}"]


def test_only_what_was_taken_is_marked_as_taken(site: Site, matter: Matter) -> None:
    matter.in_progress()
    browser, page = site("jingzhen.liaison"), f"/matters/{matter.number}/do/progress"
    refused = browser.post(page, {"text": ""})
    assert refused.status_code == 409
    assert "duban_taken" not in refused.headers.get("set-cookie", "")
    done = browser.post(page, {"text": "已取证"})
    assert f"duban_taken=%2Fduban%2Fmatters%2F{matter.number}%2Fdo%2Fprogress;" in done.headers["set-cookie"]
