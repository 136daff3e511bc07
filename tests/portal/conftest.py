"""The pages as somebody's browser gets them, without Airflow: forms carry the token that the page gave them."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import pytest
from devserver import application as build
from fastapi.testclient import TestClient

application = cache(build)  # building it takes longer than most pages
TOKEN = re.compile(r'name="csrftoken" value="([^"]+)"')


class Site:
    """One person's browser at the portal; paths are below /duban."""

    def __init__(self, who: str | None) -> None:
        self.client = TestClient(application(), base_url="http://duban.example", follow_redirects=False)
        if who:
            self.client.cookies.set("who", who)

    def get(self, path: str, **more: Any) -> httpx.Response:
        """A page."""
        return self.client.get(f"/duban{path}", **more)

    def post(
        self, path: str, data: dict[str, Any] | None = None, page: str | None = None, **more: Any
    ) -> httpx.Response:
        """Send the form that stands on `page` (default: at the same address) with these fields, and its token."""
        found = TOKEN.search(self.get(page or path).text)
        token = {"csrftoken": found[1]} if found else {}
        return self.client.post(f"/duban{path}", data={**token, **(data or {})}, **more)

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """The page to which an answer sends the browser."""
        return self.client.get(answer.headers["location"])


@pytest.fixture
def site(rehearsal_url: str) -> Callable[[str | None], Site]:
    """Opens a browser for whoever is named (None: nobody signed in)."""
    return Site
