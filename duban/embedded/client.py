"""Airflow's REST interface as the command line, the demonstration and the tests use it: sign in, ask, tell."""

import json
import os
import time
from pathlib import Path
from typing import Any, Self

import httpx

from duban.embedded import accounts, places
from duban.errors import Refusal

API = "/api/v2"
RENEW_SECONDS = 3600
"""A token is valid for a day; a demonstration may run over night."""


def address_file(home: Path) -> Path:
    """Where a running embedded start says how to reach it; there while it is healthy."""
    return home / "airflow.json"


def base_url(home: Path) -> str:
    """The address of a running embedded start."""
    address: str = json.loads(address_file(home).read_text(encoding="utf-8"))["base_url"]
    return address


def is_configured(home: Path | None = None) -> bool:
    """Is there an Airflow to speak to: named in DUBAN_AIRFLOW_URL, or an embedded one that is up?"""
    return bool(os.environ.get("DUBAN_AIRFLOW_URL")) or address_file(home or places.var()).exists()


def connect(user: str = accounts.OPERATOR, home: Path | None = None) -> "Client":
    """Sign in to the Airflow that is configured.

    DUBAN_AIRFLOW_URL, DUBAN_AIRFLOW_USER and DUBAN_AIRFLOW_PASSWORD name it; without them it is the embedded start,
    whose passwords its owner can read. Raises Refusal when there is none, it does not answer or does not know us.
    """
    home = home or places.var()
    if named := os.environ.get("DUBAN_AIRFLOW_URL"):
        return Client(named, os.environ.get("DUBAN_AIRFLOW_USER", user), os.environ.get("DUBAN_AIRFLOW_PASSWORD", ""))
    if not is_configured(home):
        raise Refusal("督办系统没有启动，请先运行 make up，或用 DUBAN_AIRFLOW_URL 指明地址")
    password = accounts.passwords(home).get(user)
    if password is None:
        raise Refusal(f"账号 {user} 没有口令，请核对机构文件中的人员后重新启动")
    return Client(base_url(home), user, password)


class Client:
    """One signed-in user. Paths are below /api/v2; answers come back as parsed JSON. Use it as a context manager."""

    def __init__(self, base_url: str, user: str, password: str) -> None:
        self.base_url = base_url
        self.user = user
        self._password = password
        self._signed_in_at: float | None = None
        #: Seconds for which a request is sent again when nobody answers it or the server fails: acts may be repeated.
        self.stubborn = 0.0
        # This is a call within the bureau: a proxy named in the environment has no business in it.
        self._http = httpx.Client(base_url=base_url, timeout=30, trust_env=False)

    def get(self, path: str, **query: Any) -> Any:
        """GET; Refusal if Airflow refuses."""
        return self.request("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> Any:
        """POST a JSON body."""
        return self.request("POST", path, json=body if body is not None else {})

    def patch(self, path: str, body: Any, **query: Any) -> Any:
        """PATCH with a JSON body."""
        return self.request("PATCH", path, json=body, params=query)

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Any request; Refusal with Airflow's own words when it says no."""
        answer = self.send(method, path, **options)
        if answer.is_error:
            raise Refusal(f"调度系统拒绝了请求（{answer.status_code}）：{_detail(answer)}")
        return answer.json() if answer.content else None

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any request, the answer as it came: for whoever wants to look at the status. Refusal if nobody answers."""
        return self._send(method, API + path, options)

    def outside(self, path: str, method: str = "POST", **options: Any) -> httpx.Response:
        """A request to a page or interface of the same server that is not Airflow's own (the ledger's)."""
        return self._send(method, path, options)

    def _send(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        end = time.monotonic() + self.stubborn
        while True:
            try:
                answer = self._once(method, path, options)
            except httpx.HTTPError as error:
                if time.monotonic() > end:
                    raise Refusal(f"连不上调度系统 {self.base_url}：{error}。请确认它已启动后再试") from error
            else:
                if not answer.is_server_error or time.monotonic() > end:
                    return answer
            time.sleep(1)

    def _once(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        if self._signed_in_at is None or time.monotonic() - self._signed_in_at > RENEW_SECONDS:
            self._sign_in()
        return self._http.request(method, path, **options)

    def _sign_in(self) -> None:
        answer = self._http.post("/auth/token", json={"username": self.user, "password": self._password})
        if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.BAD_REQUEST}:
            raise Refusal(f"账号 {self.user} 或口令不对，不能登录 {self.base_url}")
        answer.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self._signed_in_at = time.monotonic()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _detail(answer: httpx.Response) -> str:
    try:
        detail = answer.json().get("detail", answer.text)
    except ValueError:
        detail = answer.text
    return detail if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)
