"""Where the embedded start keeps what it makes: one directory, `var/`, that can be moved or thrown away."""

import json
import os
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]


def var() -> Path:
    """The directory of everything made at run time: DUBAN_VAR, else `var/` of the checkout. Made if missing.

    Only its owner may list it; others may pass through, because PostgreSQL refuses to run as root and then
    works below it under a user of its own.
    """
    directory = Path(os.environ.get("DUBAN_VAR") or CHECKOUT / "var").expanduser().resolve()
    directory.mkdir(mode=0o711, parents=True, exist_ok=True)
    return directory


def logs(home: Path | None = None) -> Path:
    """The directory of the log files below `var/`. Made if missing, readable by its owner only."""
    directory = (home or var()) / "logs"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
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
