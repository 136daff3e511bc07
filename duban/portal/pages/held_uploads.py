"""What somebody uploaded and has only looked at so far: kept for an hour until they confirm it, or forget it.

It lies below DUBAN_FILES (`uploads/`), the one place that every process of the API server shares; nothing in the ledger
names it. A key cannot be guessed, and it opens what was uploaded only for the person and the purpose it was made for.
The hour is one of the real clock: this is housekeeping, no matter of the bureau's.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from contextlib import suppress
from hashlib import sha256
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from duban.embedded import places
from duban.errors import Refusal
from duban.intake import LARGEST
from duban.ledger import Actor

KEPT = 3600
"""Seconds after which what was uploaded is gone."""
MOST = 10
"""Uploads of one person kept at once; with one more the oldest goes."""

_KEY = re.compile(r"[0-9a-f]{12}-[A-Za-z0-9_-]{43}")
_GONE = "上传的文件只保留一小时，已经不在了，请重新上传。"


def hold(actor: Actor, purpose: str, name: str, content: bytes) -> str:
    """Keep an upload for this person and purpose; return the key under which they fetch it within the hour.

    Raises Refusal for what is too large and when the place cannot be written to.
    """
    if len(content) > LARGEST:
        raise Refusal(f"“{name}”超过 {LARGEST // 2**20} MB，请压缩图片或分成几个文件后再提交。")
    fs, place = _place(actor)
    key = f"{int(time.time()):012x}-{secrets.token_urlsafe(32)}"
    head = json.dumps({"name": name, "purpose": purpose, "user": actor.user}).encode()
    try:
        fs.makedirs(place, exist_ok=True)
        if isinstance(fs, LocalFileSystem):
            os.chmod(place, 0o700)
        _tidy(fs, place)
        fs.pipe_file(f"{place}/{key}", head + b"\n" + content)
    except OSError as error:
        raise Refusal("上传的文件存不下来，请检查文件目录 DUBAN_FILES 后再试。") from error
    return key


def fetch(actor: Actor, purpose: str, key: str) -> tuple[str, bytes]:
    """Return the name and the content kept under the key; a Refusal when it is gone, or somebody else's."""
    if not _KEY.fullmatch(key) or _age(key) > KEPT:
        raise Refusal(_GONE)
    fs, place = _place(actor)
    try:
        head, _newline, content = fs.cat_file(f"{place}/{key}").partition(b"\n")
    except OSError as error:
        raise Refusal(_GONE) from error
    said = json.loads(head)
    if (said["user"], said["purpose"]) != (actor.user, purpose):
        raise Refusal(_GONE)
    return str(said["name"]), content


def drop(actor: Actor, key: str) -> None:
    """Forget an upload that has served; one that is gone already is no matter."""
    fs, place = _place(actor)
    if _KEY.fullmatch(key):
        with suppress(OSError):
            fs.rm_file(f"{place}/{key}")


def _place(actor: Actor) -> tuple[Any, str]:
    """A directory a person; what its name says of them is nothing."""
    address = os.environ.get("DUBAN_FILES") or str(places.var() / "files")
    fs, root = fsspec.url_to_fs(address)
    return fs, f"{root.rstrip('/')}/uploads/{sha256(actor.user.encode()).hexdigest()[:24]}"


def _age(key: str) -> float:
    return time.time() - int(key.partition("-")[0], 16)


def _tidy(fs: Any, place: str) -> None:
    """Make room: what is old goes, everybody's; and of this person's the oldest beyond what one may keep."""
    fs.invalidate_cache()
    everybody = [str(path) for path in fs.find(place.rpartition("/")[0])]
    held = {path: path.rpartition("/")[2] for path in everybody if _KEY.fullmatch(path.rpartition("/")[2])}
    old = [path for path, key in held.items() if _age(key) > KEPT]
    mine = sorted(path for path in held if path.startswith(f"{place}/") and path not in old)
    for path in [*old, *mine[: max(0, len(mine) - MOST + 1)]]:
        with suppress(OSError):  # another process was quicker
            fs.rm_file(path)
