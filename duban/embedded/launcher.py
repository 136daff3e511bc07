"""`duban up`: PostgreSQL, the ledger and every part of Airflow, kept up until Ctrl-C and gone after it.

Who ends whom: Ctrl-C or SIGTERM reaches this process, which tells supervisord, which stops the parts in order; then
nothing below this process may be left. If this process is killed, the kernel tells supervisord, which does the same.
If supervisord is killed, this process ends what it leaves and starts another. If a part is killed, supervisord starts
it again, and what the dead part leaves behind (workers, backends) falls to this process, which ends it.
"""

import argparse
import contextlib
import fcntl
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

import httpx
import typer

from duban.embedded import accounts, airflow, client, places, postgres, supervision
from duban.embedded.processes import adopt_orphans, die_with_parent, end_everything_below, end_orphans
from duban.errors import Refusal

HEALTHY_SECONDS = 300
"""How long a start may take on a slow machine; a minute is usual."""

OPEN_FILES = 65536
"""The triggerer keeps a log file open for every waiting task."""

LOOK_SECONDS = 0.5
"""How often the launcher looks whether supervisord lives and whether a dead part has left anything behind."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Deployment:
    """A running embedded start."""

    home: Path
    base_url: str


class _Stopped(BaseException):
    """SIGTERM or SIGHUP, as KeyboardInterrupt is Ctrl-C: unwinds from wherever we are."""


def serve(
    home: Path, *, rehearsal: bool = False, host: str = "127.0.0.1", port: int = 8080, say: Say = typer.echo
) -> None:
    """Start everything, say where it is, keep it up until Ctrl-C or SIGTERM, and take it all down again.

    Raises Refusal when it is up already, or does not come up (everything is down again then).
    """
    _only_one(home)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, _raise_stopped)
    supervisor: subprocess.Popen[bytes] | None = None
    try:
        people = _people()
        _raise_limits()
        adopt_orphans()
        chosen = _free_port(host, port)
        if chosen != port:
            say(f"端口 {port} 已被占用，改用 {chosen}。")
        new_passwords = accounts.make_passwords(home, people)
        environment = airflow.environment(home, host, chosen, people, rehearsal)
        os.environ.update(environment)
        say(f"正在启动，数据在 {home}，日志在 {home / 'logs'} …")
        supervisor = supervision.start(home, environment)
        _bring_up(home, supervisor)
        base_url = airflow.base_url(host, chosen)
        _wait_until_healthy(home, supervisor, base_url)
        places.write_private_json(client.address_file(home), {"base_url": base_url})
        say(_welcome(base_url, home, people, new_passwords, rehearsal))
        while True:
            supervisor = _watch(home, supervisor, environment)
    except (KeyboardInterrupt, _Stopped):
        say("\n正在停止 …")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # impatience must not leave anything behind
            signal.signal(number, signal.SIG_IGN)
        client.address_file(home).unlink(missing_ok=True)
        _take_down(supervisor)
    say("已全部停止。")


@contextlib.contextmanager
def running(home: Path, *, rehearsal: bool = False, port: int = 8080, log: Path | None = None) -> Iterator[Deployment]:
    """The same beside the caller's own work: yields when everything is healthy, takes everything down at the end.

    For the demonstration and the end-to-end tests. What the start says goes to `log`, or to the caller's own output.
    Raises Refusal when it does not come up.
    """
    arguments = ["--home", str(home), "--port", str(port), *(["--rehearsal"] if rehearsal else [])]
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else None
        launcher = subprocess.Popen(
            [sys.executable, "-m", "duban.embedded.launcher", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the caller, who ends this block
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        stack.callback(launcher.wait)
        stack.callback(launcher.terminate)
        while not client.address_file(home).exists():
            if launcher.poll() is not None:
                raise Refusal(f"督办系统没有启动起来，请查看日志 {home / 'logs'}")
            time.sleep(0.1)
        yield Deployment(home, client.base_url(home))


def _raise_stopped(*_: object) -> None:
    raise _Stopped


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
    from duban import ledger

    _wait(home, supervisor, postgres.START_SECONDS, lambda: postgres.stays(home), "数据库")
    for database in ("duban", "airflow"):
        postgres.create(home, database)
    with (places.logs(home) / "migrate.log").open("ab") as log:
        migration = subprocess.Popen(
            airflow.command("db", "migrate"), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=places.CHECKOUT
        )
        ledger.upgrade()
        ledger.dispose()
        if migration.wait() != 0:
            raise Refusal(f"调度数据库没有建好，请查看日志 {log.name}")
    supervision.start_airflow(home)


def _wait_until_healthy(home: Path, supervisor: subprocess.Popen[bytes], base_url: str) -> None:
    def healthy() -> bool:
        try:
            answer = httpx.get(f"{base_url}{client.API}/monitor/health", timeout=5, trust_env=False)
            return answer.is_success and all(part["status"] == "healthy" for part in answer.json().values())
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


def _welcome(
    base_url: str, home: Path, people: Iterable[accounts.Person], new_passwords: dict[str, str], rehearsal: bool
) -> str:
    """Where to look, and the passwords that were made just now: they are shown this once."""
    lines = [f"督办系统已就绪{'（演练）' if rehearsal else ''}，请用浏览器打开：{base_url}"]
    if new_passwords:
        known = {person.user: f"{person.name}  {person.title}" for person in people}
        lines += ["", "首次启动生成的账号和口令（只显示这一次）："]
        lines += [f"  {user:<18}{word}  {known.get(user, '系统管理员')}" for user, word in new_passwords.items()]
    lines += ["", f"口令保存在 {accounts.file(home)}（仅本机当前用户可读）。按 Ctrl-C 停止。"]
    return "\n".join(lines)


def main() -> int:
    """`python -m duban.embedded.launcher`, what `running` starts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--rehearsal", action="store_true")
    options = parser.parse_args()
    try:
        serve(options.home, rehearsal=options.rehearsal, port=options.port)
    except Refusal as refusal:
        typer.echo(refusal, err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
