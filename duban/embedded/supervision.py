"""Keeping the parts up: a supervisord, its configuration and the few words we say to it.

supervisord starts PostgreSQL and the parts of Airflow, starts again what ends, stops everything in order, and rotates
the logs. What it does not do is done in duban.embedded.launcher: ending what a killed part leaves behind, and
everything when the launcher itself is killed.
"""

import os
import shlex
import signal
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from duban.embedded import airflow, keeper, places
from duban.embedded.processes import die_with_parent

AIRFLOW_GROUP = "airflow"

RESTARTED_FOR_EVER = "1000000"
"""How often supervisord tries a part that will not start; it waits a second longer each time."""

STOP_SECONDS = 20
"""How long a part may take to end before it is killed: a running step is to finish its transaction."""

LOGS = {"redirect_stderr": "true", "stdout_logfile_maxbytes": "20MB", "stdout_logfile_backups": "3"}
"""The log of each part: 80 MB at most."""


def configuration(home: Path) -> Path:
    """Write supervisord's configuration for this `home`; its path."""
    sockets = places.make_socket_directory(home, {os.geteuid()})
    parser = RawConfigParser()
    parser.read_dict(
        {
            "supervisord": {
                "nodaemon": "true",
                "silent": "true",
                "logfile": _plain(_log(home, "supervisord")),
                "logfile_maxbytes": "5MB",
                "logfile_backups": "1",
                "pidfile": _plain(home / "supervisord.pid"),
                **({"user": "root"} if os.geteuid() == 0 else {}),
            },
            "unix_http_server": {"file": _plain(sockets / "supervisor.sock"), "chmod": "0700"},
            "supervisorctl": {"serverurl": _plain(f"unix://{sockets / 'supervisor.sock'}")},
            "rpcinterface:supervisor": {
                "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
            },
            "program:postgres": _program(
                home, "postgres", (sys.executable, "-m", keeper.__name__, str(home / "postgres"), "--stay"), "true"
            )
            | {"priority": "10"},
            f"group:{AIRFLOW_GROUP}": {"programs": ",".join(airflow.COMPONENTS), "priority": "20"},
            **{
                f"program:{name}": _program(home, name, airflow.command(*arguments), "false")
                for name, arguments in airflow.COMPONENTS.items()
            },
        }
    )
    path = home / "supervisord.conf"
    with path.open("w", encoding="utf-8") as file:
        parser.write(file)
    return path


def _program(home: Path, name: str, command: tuple[str, ...], starts_by_itself: str) -> dict[str, str]:
    return {
        "command": _plain(shlex.join(command)),
        "directory": _plain(places.CHECKOUT),
        "autostart": starts_by_itself,
        "autorestart": "true",
        "startsecs": "3",
        "startretries": RESTARTED_FOR_EVER,
        "stopwaitsecs": str(STOP_SECONDS),
        # Not the group: each part stops its own workers in its own order. The killing is for the whole group.
        "killasgroup": "true",
        "stdout_logfile": _plain(_log(home, name)),
        **LOGS,
    }


def _log(home: Path, name: str) -> Path:
    return places.logs(home) / f"{name}.log"


def _plain(value: object) -> str:
    """supervisord expands what looks like %(name)s; a path with a percent sign is to stay as it is."""
    return str(value).replace("%", "%%")


def start(home: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start supervisord, and with it PostgreSQL. However this process ends, supervisord then stops everything."""
    with _log(home, "supervisord").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration(home))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,  # Ctrl-C reaches the launcher only, which stops things in order
            preexec_fn=die_with_parent(signal.SIGTERM),
        )


def start_airflow(home: Path) -> None:
    """Start the parts of Airflow that do not run; PostgreSQL runs already and is migrated."""
    for part in parts(home):
        if part["group"] == AIRFLOW_GROUP and part["statename"] in {"STOPPED", "EXITED", "FATAL"}:
            _rpc(home).startProcess(f"{AIRFLOW_GROUP}:{part['name']}", False)


def parts(home: Path) -> list[dict[str, Any]]:
    """What supervisord knows of each part: name, statename, pid …; empty while it does not answer."""
    try:
        return list(_rpc(home).getAllProcessInfo())
    except (OSError, Fault):
        return []


def _rpc(home: Path) -> Any:
    address = f"unix://{places.socket_directory(home) / 'supervisor.sock'}"
    return ServerProxy("http://localhost", transport=SupervisorTransport(None, None, address)).supervisor
