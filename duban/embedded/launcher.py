"""The launcher: PostgreSQL, the ledger and every part of Airflow, kept up until it is told to end, and gone after it.

    `duban up`, the demonstration, a test  >  launcher  >  supervisord  >  PostgreSQL and the parts of Airflow

Who ends whom: SIGTERM reaches the launcher, which tells supervisord, which stops the parts in order; then nothing below
the launcher may be left. If whoever started the launcher ends, killed or not, the kernel sends the launcher that
SIGTERM. If the launcher is killed, the kernel tells supervisord, which stops the parts. If supervisord is killed, the
launcher ends what it leaves and starts another. If a part is killed, supervisord starts it again, and what the dead
part leaves behind (workers, backends) falls to the launcher, which ends it.
"""

import argparse
import contextlib
import fcntl
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import typer

from duban.embedded import accounts, airflow, client, places, postgres, supervision
from duban.embedded.processes import (
    Ended,
    adopt_orphans,
    deaf,
    die_with_parent,
    end_everything_below,
    end_orphans,
    unwind_when_told_to_end,
)
from duban.errors import Refusal

HEALTHY_SECONDS = 300
"""How long a start may take on a slow machine; a minute is usual."""

OPEN_FILES = 65536
"""The triggerer keeps a log file open for every waiting task."""

LOOK_SECONDS = 0.5
"""How often the launcher looks whether supervisord lives and whether a dead part has left anything behind."""

LOOPBACK = "127.0.0.1"

PROGRAM = [sys.executable, "-m", "duban.embedded.launcher"]

Say = Callable[[str], None]


@dataclass(frozen=True)
class Deployment:
    """A running embedded start."""

    home: Path
    base_url: str
    process: subprocess.Popen[bytes]

    def wait(self) -> None:
        """Until Ctrl-C, usually. Raises Refusal when the launcher was killed or could not go on."""
        if self.process.wait() != 0:
            raise Refusal(f"督办系统意外停止，请查看日志 {self.home / 'logs'} 后重新启动")


def serve(
    home: Path, *, rehearsal: bool = False, host: str = LOOPBACK, port: int = 8080, say: Say = typer.echo
) -> None:
    """Start everything, say where it is, keep it up until Ctrl-C or SIGTERM, and take it all down again.

    Raises Refusal when it is up already, or does not come up (everything is down again then).
    """
    _only_one(home)
    unwind_when_told_to_end()
    supervisor: subprocess.Popen[bytes] | None = None
    try:
        people = _people()
        _raise_limits()
        adopt_orphans()
        chosen = _free_port(host, port)
        if chosen != port:
            say(f"端口 {port} 已被占用，改用 {chosen}。")
        if new_passwords := accounts.make_passwords(home, people):
            say(_shown_once(people, new_passwords))
        environment = airflow.environment(home, host, chosen, people, rehearsal)
        os.environ.update(environment)
        say(f"正在启动，数据在 {home}，日志在 {home / 'logs'} …")
        supervisor = supervision.start(home, environment)
        _bring_up(home, supervisor)
        base_url = airflow.base_url(host, chosen)
        _wait_until_healthy(home, supervisor, base_url)
        places.write_private_json(client.address_file(home), {"base_url": base_url, "launcher": os.getpid()})
        say(
            f"督办系统已就绪{'（演练）' if rehearsal else ''}，请用浏览器打开：{base_url}\n"
            f"口令保存在 {accounts.file(home)}（仅本机当前用户可读）。按 Ctrl-C 停止。"
        )
        while True:
            supervisor = _watch(home, supervisor, environment)
    except (KeyboardInterrupt, Ended):
        say("\n正在停止 …")
    finally:
        with deaf():
            client.address_file(home).unlink(missing_ok=True)
            _take_down(supervisor)
    say("已全部停止。")


@contextlib.contextmanager
def running(
    home: Path, *, rehearsal: bool = False, host: str = LOOPBACK, port: int = 8080, log: Path | None = None
) -> Iterator[Deployment]:
    """A launcher beside the caller's own work: yields when everything is healthy, takes everything down at the end.

    What the launcher says goes to `log`, or to the caller's own output. Raises Refusal when it does not come up.
    """
    options = ["--home", str(home), "--host", host, "--port", str(port), *(["--rehearsal"] if rehearsal else [])]
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else None
        launcher = subprocess.Popen(
            [*PROGRAM, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the caller, who ends this block
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        stack.callback(_end, launcher)
        while not _is_ready(home, launcher):
            if launcher.poll() is not None:
                raise Refusal(f"督办系统没有启动起来，原因见上；各部分的日志在 {home / 'logs'}")
            time.sleep(0.1)
        yield Deployment(home, client.base_url(home), launcher)


def _is_ready(home: Path, launcher: subprocess.Popen[bytes]) -> bool:
    """Has this very launcher said where it is? Another one's address may lie there for a moment yet."""
    with contextlib.suppress(OSError, ValueError):
        said: dict[str, Any] = json.loads(client.address_file(home).read_text(encoding="utf-8"))
        return said.get("launcher") == launcher.pid
    return False


def _end(launcher: subprocess.Popen[bytes]) -> None:
    with deaf():
        launcher.terminate()
        launcher.wait()


def _people() -> Iterable[accounts.Person]:
    from duban import organization

    people: Iterable[accounts.Person] = organization.load().people
    return people


def _only_one(home: Path) -> None:
    """One launcher a directory. The lock goes with this process; a stale address of a killed one is removed."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    descriptor = os.open(home / "launcher", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refusal(
            f"这个目录 {home} 的督办系统已经在运行（或正在停止），请先停止它，或用 --var 另指一个目录"
        ) from None
    client.address_file(home).unlink(missing_ok=True)


def _raise_limits() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _free_port(host: str, wanted: int) -> int:
    """The port that was asked for, or the next free one above it, or any."""
    for port in (*range(wanted, wanted + 20), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                chosen: int = probe.getsockname()[1]
                return chosen
    raise Refusal(f"在 {host} 上找不到可用的端口，请换一个地址或用 --port 指定端口")


def _bring_up(home: Path, supervisor: subprocess.Popen[bytes]) -> None:
    """PostgreSQL is up, both databases are there and migrated, the parts of Airflow are started."""
    _wait(home, supervisor, postgres.START_SECONDS, lambda: postgres.stays(home), "数据库")
    for database in ("duban", "airflow"):
        postgres.create(home, database)
    with (places.logs(home) / "prepare.log").open("ab") as log:
        preparing = [sys.executable, "-m", "duban.embedded.prepare"]
        prepared = subprocess.run(preparing, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if prepared.returncode != 0:
        said = Path(log.name).read_text(encoding="utf-8", errors="replace").splitlines()
        raise Refusal(f"数据库没有准备好：{said[-1] if said else ''}（日志 {log.name}）")
    supervision.start_airflow(home)


def _wait_until_healthy(home: Path, supervisor: subprocess.Popen[bytes], base_url: str) -> None:
    def healthy() -> bool:
        try:
            answer = httpx.get(f"{base_url}{client.API}/monitor/health", timeout=5, trust_env=False)
            if not (answer.is_success and all(part["status"] == "healthy" for part in answer.json().values())):
                return False
            # Airflow builds the tasks' side of its API at the first request to it, and answers nobody meanwhile
            # (seconds, on a busy machine half a minute): now, and not when the first form is sent.
            return httpx.get(f"{base_url}/execution/health", timeout=HEALTHY_SECONDS, trust_env=False).is_success
        except (httpx.HTTPError, ValueError):
            return False

    _wait(home, supervisor, HEALTHY_SECONDS, healthy, "调度系统")


def _wait(home: Path, supervisor: subprocess.Popen[bytes], seconds: float, done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if supervisor.poll() is not None or time.monotonic() > deadline:
            raise Refusal(f"{what}没有启动起来，请查看日志 {home / 'logs'}")
        time.sleep(0.2)


def _watch(home: Path, supervisor: subprocess.Popen[bytes], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """One look: end what dead parts have left behind; if supervisord itself has died, everything begins again."""
    time.sleep(LOOK_SECONDS)
    if supervisor.poll() is None:
        end_orphans({supervisor.pid})
        return supervisor
    end_everything_below()
    successor = supervision.start(home, environment)
    _bring_up(home, successor)
    return successor


def _take_down(supervisor: subprocess.Popen[bytes] | None) -> None:
    if supervisor is not None and supervisor.poll() is None:
        supervisor.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            supervisor.wait(2 * supervision.STOP_SECONDS + 10)
    end_everything_below()


def _shown_once(people: Iterable[accounts.Person], new_passwords: dict[str, str]) -> str:
    from duban import organization

    units = organization.load().units
    known = {
        person.user: (person.name, units[person.unit].name if person.unit else "", person.title) for person in people
    }
    lines = [
        f"  {user:<18}{password}  {' '.join(filter(None, known.get(user, ('系统管理员',))))}"
        for user, password in new_passwords.items()
    ]
    return "\n".join(["首次启动，已生成账号和口令（只显示这一次）：", *lines, ""])


def main() -> int:
    """What `running` starts: python -m duban.embedded.launcher."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--rehearsal", action="store_true")
    options = parser.parse_args()
    try:
        serve(options.home, rehearsal=options.rehearsal, host=options.host, port=options.port)
    except Refusal as refusal:
        typer.echo(refusal, err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
