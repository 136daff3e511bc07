"""The launcher: everything below it comes back when it dies and is gone when the launcher is, however that ends.

The parts of Airflow are played here by a part that does the worst: it forks a worker into a session of its own.
"""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from duban.embedded import client, launcher, supervision

MARK = "DUBAN_TEST_HOME"

PLAYED = """
import sys
from duban.embedded import airflow, launcher, postgres
PART = "import subprocess, time; subprocess.Popen(['sleep', '300'], start_new_session=True); time.sleep(300)"
airflow.command = lambda *arguments: (sys.executable, '-c', PART)
def bring_up(home, supervisor):
    launcher._wait(home, supervisor, 30, lambda: postgres.stays(home), 'database')
    launcher.supervision.start_airflow(home)
launcher._bring_up = bring_up
launcher._wait_until_healthy = lambda *arguments: None
sys.exit(launcher.main())
"""

UP = f"""
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background has it ignored
from duban.cli import serve
from duban.embedded import launcher
launcher.PROGRAM = [sys.executable, '-c', {PLAYED!r}]
serve.start(Path(sys.argv[1]), rehearsal=False, port=18080)
"""


class Launched:
    """`duban up`, whose whole family can be told by a variable in its environment."""

    def __init__(self, home: Path) -> None:
        self.home = home
        environment = os.environ | {MARK: str(home), "DUBAN_VAR": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", UP, str(home)], env=environment, stdout=subprocess.DEVNULL
        )
        eventually(lambda: client.address_file(home).exists())
        # duban up, launcher, supervisord, keeper, server, four parts, and a worker of each
        eventually(lambda: len(self.parts()) == 5 and len(self.family()) >= 13)
        self.launcher = json.loads(client.address_file(home).read_text())["launcher"]

    def parts(self) -> dict[str, int]:
        return {part["name"]: part["pid"] for part in supervision.parts(self.home) if part["pid"]}

    def family(self) -> set[int]:
        return set(family(self.home))


def family(home: Path) -> Iterator[int]:
    """Who has our mark in the environment (workers, too), and the server, which rewrites its own memory."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                mine = process.environ().get(MARK) == str(home)
                if mine or str(home) in " ".join(process.cmdline()):
                    yield process.pid


def eventually(holds: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


@contextlib.contextmanager
def up(home: Path) -> Iterator[Launched]:
    """One that is up; whatever a failing test leaves is ended."""
    try:
        yield Launched(home)
    finally:
        while left := set(family(home)):
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """One for all the tests after which it is still up."""
    with up(tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.mark.parametrize(
    ("whom", "number"),
    [("up", signal.SIGTERM), ("up", signal.SIGINT), ("up", signal.SIGKILL), ("launcher", signal.SIGKILL)],
)
def test_nothing_is_left_however_it_ends(tmp_path: Path, whom: str, number: signal.Signals) -> None:
    with up(tmp_path) as running:
        os.kill(running.process.pid if whom == "up" else running.launcher, number)
        running.process.wait(60)
        if number is signal.SIGKILL and whom == "up":
            eventually(lambda: not running.family())
        assert not running.family()
        assert not client.address_file(tmp_path).exists()


def test_a_killed_part_comes_back_and_what_it_left_is_ended(launched: Launched) -> None:
    old = launched.parts()["scheduler"]
    [left] = psutil.Process(old).children()
    os.kill(old, signal.SIGKILL)
    eventually(lambda: launched.parts().get("scheduler") not in {None, old})
    eventually(lambda: not psutil.pid_exists(left.pid))
    assert len(launched.parts()) == 5


def test_a_killed_database_comes_back(launched: Launched) -> None:
    pid_file = launched.home / "postgres" / "data" / "postmaster.pid"
    old = int(pid_file.read_text().split()[0])
    os.kill(old, signal.SIGKILL)
    eventually(lambda: pid_file.exists() and int(pid_file.read_text().split()[0]) != old)
    eventually(lambda: len(launched.parts()) == 5)


def test_a_killed_supervisor_is_replaced_and_nothing_runs_twice(launched: Launched) -> None:
    before = launched.family() - {launched.process.pid, launched.launcher}
    os.kill(int((launched.home / "supervisord.pid").read_text()), signal.SIGKILL)
    eventually(lambda: not before & launched.family())
    eventually(lambda: len(launched.parts()) == 5)


def test_one_launcher_a_directory(launched: Launched) -> None:
    second = subprocess.run(
        [sys.executable, "-m", launcher.__name__, "--home", str(launched.home)], capture_output=True, text=True
    )
    assert second.returncode == 1
    assert "已经在运行" in second.stderr
    assert "Traceback" not in second.stderr
    assert json.loads(client.address_file(launched.home).read_text())["launcher"] == launched.launcher


def test_secrets_are_their_owners_and_the_directory_is_closed(launched: Launched) -> None:
    for name in ("passwords.json", "keys.env", "airflow.json"):
        assert stat.S_IMODE((launched.home / name).stat().st_mode) == 0o600, name
    for name in ("logs", "files", "airflow", "socket"):
        assert stat.S_IMODE((launched.home / name).stat().st_mode) == 0o700, name
    assert "AIRFLOW__" not in (launched.home / "supervisord.conf").read_text()
