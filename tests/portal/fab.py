"""Airflow's API server as production runs it: the environment and the start of docker-compose.yaml, FAB's users."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from duban.embedded.airflow import KEYS, _key

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))["services"]
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Fab:
    """The running API server and its database."""

    def __init__(self, home: Path, airflow: str, ledger: str) -> None:
        self.port, self.home = free_port(), home
        self.address = f"http://localhost:{self.port}"
        self.secret = secrets.token_hex(32)
        self.admin_password = secrets.token_hex(12)
        given = {"DUBAN_BASE_URL": self.address, "AIRFLOW_FERNET_KEY": _key(KEYS["AIRFLOW__CORE__FERNET_KEY"])}
        given |= {"AIRFLOW_JWT_SECRET": self.secret, "DUBAN_ADMIN_PASSWORD": self.admin_password}
        given |= {"AIRFLOW_API_SECRET_KEY": secrets.token_hex(32)}
        said = {**COMPOSE["api-server"]["environment"], **COMPOSE["init"]["environment"]}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "DUBAN"))},
            **{name: filled_in(value, given) for name, value in said.items()},
            # What is another here than in the containers: one PostgreSQL without passwords, no broker, our folders.
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": airflow,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": airflow.replace("psycopg2", "asyncpg"),
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
            "AIRFLOW__FAB__CONFIG_FILE": str(ROOT / "docker" / "webserver_config.py"),
            "AIRFLOW__FAB__COOKIE_SECURE": "False",  # no proxy with HTTPS stands before it here
            "AIRFLOW__FAB__CACHE_TTL": "1",  # seconds for which a user who is disabled stays in; 30 elsewhere
            "AIRFLOW_HOME": str(home / "airflow"),
            "DUBAN_LEDGER_URL": ledger,
            "DUBAN_FILES": str(home / "files"),
            "DUBAN_REHEARSAL": "1",
            "DUBAN_VAR": str(home),
            "PYTHONUTF8": "1",
        }

    @contextmanager
    def running(self) -> Iterator["Fab"]:
        """Prepare as the service `init` does, serve as `api-server` does, end with the context."""
        self._run(*COMPOSE["init"]["command"][:2], COMPOSE["init"]["command"][2].replace("$$", "$"))
        command = [*COMPOSE["api-server"]["command"].split(), "--host", "127.0.0.1", "--port", str(self.port)]
        log = (self.home / "api-server.log").open("wb")
        with subprocess.Popen(
            self._ours(command), env=self.environment, stdout=log, stderr=log, start_new_session=True
        ) as server:
            try:
                self._wait(server)
                yield self
            finally:
                os.killpg(server.pid, signal.SIGKILL)  # it holds nothing that is kept

    def _ours(self, command: list[str]) -> list[str]:
        return [sys.executable, "-m", "duban.embedded.container", *command]

    def _run(self, *command: str) -> None:
        done = subprocess.run(self._ours([*command]), env=self.environment, capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            assert server.poll() is None, (self.home / "api-server.log").read_text()[-3000:]
            try:
                if httpx.get(f"{self.address}/api/v2/version", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError((self.home / "api-server.log").read_text()[-3000:])

    def browser(self, **headers: str) -> httpx.Client:
        """Somebody's browser: keeps cookies, follows where it is sent."""
        return httpx.Client(base_url=self.address, follow_redirects=True, headers=headers, timeout=30)

    def add(self, admin: httpx.Client, user: str, role: str, password: str) -> None:
        """Create a user as the operator does."""
        said: dict[str, Any] = {"username": user, "email": f"{user}@localhost", "first_name": user, "last_name": user}
        said |= {"password": password, "roles": [{"name": role}]}
        admin.post("/auth/fab/v1/users", json=said).raise_for_status()


def filled_in(value: str, given: dict[str, str]) -> str:
    """A value of the compose file with its variables: those given, else the default, else something."""
    return re.sub(r"\$\{(\w+)(?::([-?])([^}]*))?\}", lambda m: given.get(m[1]) or (m[3] if m[2] == "-" else "x"), value)


def sign_in(browser: httpx.Client, page: str, user: str, password: str) -> httpx.Response:
    """Ask for a page, fill in the form to which one is sent, and return what comes then."""
    form = browser.get(page)
    assert form.url.path.startswith("/auth/login"), (form.status_code, form.url)
    found = TOKEN.search(form.text)
    assert found, form.text[:2000]
    said = {"csrf_token": found[1], "username": user, "password": password}
    return browser.post(str(form.url), data=said)
