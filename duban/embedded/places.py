"""Where the embedded start keeps what it makes: one directory, `var/`, that can be moved or thrown away."""

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from duban.errors import Refusal

CHECKOUT = Path(__file__).resolve().parents[2]

LONGEST_SOCKET = 100
"""Bytes of a Unix socket's path; the kernel's limit is 107."""


def var() -> Path:
    """The directory of everything made at run time: DUBAN_VAR, else `var/` of the checkout. Made if missing.

    A rehearsal (DUBAN_REHEARSAL=1) has a directory of its own, because its ledger can never become a real one.
    Only the owner may list the directory; others may pass through, because PostgreSQL refuses to run as root and
    then works below it under a user of its own.
    """
    usual = CHECKOUT / "var" / "rehearsal" if os.environ.get("DUBAN_REHEARSAL") == "1" else CHECKOUT / "var"
    directory = Path(os.environ.get("DUBAN_VAR") or usual).expanduser().resolve()
    directory.mkdir(mode=0o711, parents=True, exist_ok=True)
    return directory


def private(directory: Path) -> Path:
    """The same directory, made if missing; only its owner can look into it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def logs(home: Path) -> Path:
    """The directory of all log files below this home. Made if missing."""
    return private(home / "logs")


def socket_directory(base: Path) -> Path:
    """Where the Unix sockets of what runs in `base` lie: below it, or below the temporary directory if that won't do.

    A path of many Chinese characters is soon longer than a socket's may be, and a blank or a percent sign in it
    trips readers of addresses and of ini files.
    """
    plain = base / "socket"
    short = len(os.fsencode(plain / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET
    if short and re.fullmatch(r"[\w/.+-]+", str(plain), re.ASCII):
        return plain
    return Path(tempfile.gettempdir()) / f"duban-{hashlib.sha256(os.fsencode(base)).hexdigest()[:12]}"


def make_socket_directory(base: Path, owners: set[int]) -> Path:
    """Make that directory, closed to all but its owner, who is to be one of these user ids (or nobody is let in)."""
    directory = private(socket_directory(base))
    if directory.is_symlink() or directory.stat().st_uid not in owners:
        raise Refusal(f"目录 {directory} 属于别的用户，不能放通信文件，请删除它或另设 TMPDIR 后再试")
    directory.chmod(0o700)
    return directory


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner can read (mode 600), in one piece: a reader sees the old or the new text."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def write_private_json(path: Path, content: Any) -> None:
    """The same for a JSON file, Chinese left readable."""
    write_private(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
