"""A bureau with channels, a robot and a mail server on this machine that keep what they are told."""

import json
import os
import shutil
import socketserver
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from scores_of import late_month  # noqa: F401 - a fixture

from duban import ledger, organization
from duban.embedded.places import CHECKOUT
from duban.errors import Refusal
from duban.notify import listing, planning, sending
from duban.notify.listing import Notice
from duban.notify.sending import Outcome

BLOCK = """
通知:
  地址: https://duban.example.gov.cn/duban
  演练: 发
  渠道:
"""
UNITS = '    工作群: {连接: "robot_{单位}", 发到: 单位群}\n'
MAIL = "    邮件: {连接: mail, 发到: 本人}\n"


@dataclass
class Robot:
    """A web hook; `answers` says what it does for a path: a status, a text, seconds of silence."""

    port: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    text: bytes = b'{"errcode": 0}'
    silent: float = 0

    def url(self, path: str = "x") -> str:
        return f"json://127.0.0.1:{self.port}/{path}"

    @property
    def said(self) -> str:
        return "\n".join(one["message"] for one in self.heard)


@pytest.fixture
def robot() -> Iterator[Robot]:
    made = Robot()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.heard.append({"path": self.path, **body})
            time.sleep(made.silent)
            self.send_response(made.status)
            self.end_headers()
            self.wfile.write(made.text)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.daemon_threads = True
    made.port = server.server_port
    Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@dataclass
class Mailbox:
    port: int = 0
    mails: list[tuple[str, str]] = field(default_factory=list)  # to, the whole mail


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """As much of SMTP as a mail needs."""
    made = Mailbox()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            to = ""
            while line := self.rfile.readline().decode():
                word = line[:4].upper()
                if word == "RCPT":
                    to = line.split("<")[1].split(">")[0]
                if word == "DATA":
                    self.wfile.write(b"354 go\r\n")
                    text = b""
                    while not text.endswith(b"\r\n.\r\n"):
                        text += self.rfile.readline()
                    made.mails.append((to, text.decode()))
                self.wfile.write(b"221 bye\r\n" if word == "QUIT" else b"250 ok\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
    server.daemon_threads = True
    made.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def channels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Gives the bureau these channels (lines of the block) and returns its file; `change` replaces words in it."""

    def give(lines: str = UNITS, more: str = "", change: dict[str, str] | None = None) -> Path:
        home = tmp_path / "include"
        if not home.exists():
            shutil.copytree(CHECKOUT / "include", home)
        file = home / "organizations" / "baicheng.yaml"
        text = (CHECKOUT / "include" / "organizations" / "baicheng.yaml").read_text(encoding="utf-8")
        for before, after in (change or {}).items():
            assert before in text
            text = text.replace(before, after)
        file.write_text(text + BLOCK + lines + more, encoding="utf-8")
        moment = time.time_ns()
        os.utime(file, ns=(moment, moment))
        monkeypatch.setenv("DUBAN_INCLUDE", str(home))
        return file

    return give


@dataclass
class Post:
    """Plans and sends as the job does, with these addresses behind the connections."""

    addresses: Callable[[str], Sequence[str]]

    def plan(self) -> int:
        with ledger.transaction() as session:
            return planning.plan(session, organization.load())

    def run(self) -> Outcome:
        self.plan()
        return sending.send_due(organization.load(), self.addresses)

    def listed(self, *states: str) -> list[Notice]:
        with ledger.transaction() as session:
            return [one for one in listing.notices(session, limit=5000) if not states or one.state in states]

    def age(self, interval: str, where: str = "true") -> None:
        """Make every notice that much older, and whatever waits for its time."""
        with ledger.transaction() as session:
            moments = ", ".join(
                f"{name} = {name} - interval '{interval}'" for name in ("made_at", "next_at", "tried_at")
            )
            session.connection().exec_driver_sql(f"UPDATE notice SET {moments} WHERE {where}")


@pytest.fixture
def post(robot: Robot, mailbox: Mailbox) -> Post:
    def addresses(connection: str) -> Sequence[str]:
        if connection == "mail":
            return [f"mailto://127.0.0.1:{mailbox.port}?from=duban@example.gov.cn&to={{邮箱}}"]
        if connection == "nowhere":
            raise Refusal("Airflow 里没有能用的连接 nowhere")
        return [robot.url(connection)]

    return Post(addresses)
