"""Files of the matters: kept once under the SHA-256 of their content, on disk before the event that names them.

The place is DUBAN_FILES, any fsspec address; without it `files` in the directory `var/`. A transaction that fails
leaves a content that nothing names, which harms nobody and serves the next attempt.
"""

import os
import re
from errno import EACCES, EDQUOT, EIO, ENOSPC, EROFS
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from duban.embedded import places
from duban.errors import Refusal
from duban.ledger import locks
from duban.ledger.append import unknown
from duban.ledger.chain import storable
from duban.ledger.models import StoredFileRow
from duban.ledger.records import StoredFile

_SHA256 = re.compile("[0-9a-f]{64}")
BLOCK = 1 << 20
"""Bytes of a content that are in memory at once while it is copied."""


def store(session: Session, number: str, name: str, data: bytes, media_type: str) -> StoredFile:
    """Keeps a file for a matter and returns how to find it; the same file again is the same entry.

    The content is written and flushed before this returns. Raises Refusal when the matter is unknown, the name cannot
    be stored, or the place cannot be written to.
    """
    for text, where in ((name, "文件名"), (media_type, "文件类型")):
        storable(text, where)
    if locks.head(session, number, lock=False) is None:
        raise unknown(number)
    kept = StoredFile(sha256=sha256(data).hexdigest(), name=name, size=len(data), media_type=media_type)
    try:
        _write(kept, data)
    except OSError as error:
        raise Refusal(f"文件“{name}”存不进去（{_reason(error)}），请检查文件目录 DUBAN_FILES 后再试。") from error
    row = {"number": number, "sha256": kept.sha256, "name": name, "media_type": media_type, "size": kept.size}
    session.execute(insert(StoredFileRow).values(row).on_conflict_do_nothing())
    return kept


def fetch_file(digest: str) -> bytes:
    """The content whose SHA-256 is `digest`; Refusal when it is missing or is not what was stored."""
    if not _SHA256.fullmatch(digest):
        raise Refusal("没有这个文件，请核对后再取。")
    fs, path = _place(digest)
    try:
        data: bytes = fs.cat_file(path)
    except OSError as error:
        raise Refusal(f"存档文件 {digest[:12]}… 读不到，请检查文件目录 DUBAN_FILES。") from error
    if sha256(data).hexdigest() != digest:
        raise Refusal(f"存档文件 {digest[:12]}… 的内容与存入时不一致，请运行 duban verify 并从备份恢复。")
    return data


def copy_file(digest: str, target: Path) -> int:
    """Copies the content whose SHA-256 is `digest` to a new file and returns its size; no more memory than a block.

    Raises Refusal when the content is missing or is not what was stored; OSError as it is when `target` cannot be
    written, for only the caller knows what that means.
    """
    if not _SHA256.fullmatch(digest):
        raise Refusal("没有这个文件，请核对后再取。")
    fs, path = _place(digest)
    seen, size = sha256(), 0
    try:
        source = fs.open(path, "rb")
    except OSError as error:
        raise Refusal(f"存档文件 {digest[:12]}… 读不到，请检查文件目录 DUBAN_FILES。") from error
    with source, target.open("xb") as stream:
        while block := source.read(BLOCK):
            seen.update(block)
            size += stream.write(block)
    if seen.hexdigest() != digest:
        raise Refusal(f"存档文件 {digest[:12]}… 的内容与存入时不一致，请运行 duban verify 并从备份恢复。")
    return size


def files(session: Session, number: str) -> list[StoredFile]:
    """The files kept for a matter, by name."""
    columns = (StoredFileRow.sha256, StoredFileRow.name, StoredFileRow.size, StoredFileRow.media_type)
    rows = session.execute(select(*columns).where(StoredFileRow.number == number).order_by(StoredFileRow.name))
    return [StoredFile(*row) for row in rows]


def fault_of(digest: str, size: int) -> str | None:
    """What is wrong with a stored content, in Chinese; None when it is as it was stored."""
    fs, path = _place(digest)
    try:
        found = fs.info(path)["size"]
        if found != size:
            return f"大小不对（应为 {size} 字节，现为 {found} 字节）"
        with fs.open(path, "rb") as stream:
            actual = file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return "不见了"
    except OSError as error:
        return f"读不出来（{_reason(error)}）"
    return None if actual == digest else "内容被改动过"


_REASONS = {ENOSPC: "磁盘已满", EDQUOT: "空间配额已满", EACCES: "没有权限", EROFS: "目录是只读的", EIO: "磁盘读写出错"}


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, "目录不可用")


def _place(digest: str) -> tuple[Any, str]:
    address = os.environ.get("DUBAN_FILES") or str(places.var() / "files")
    fs, root = fsspec.url_to_fs(address)
    return fs, f"{root.rstrip('/')}/{digest[:2]}/{digest}"


def _write(kept: StoredFile, data: bytes) -> None:
    fs, path = _place(kept.sha256)
    if fs.exists(path) and fs.info(path)["size"] == kept.size:
        return
    if not isinstance(fs, LocalFileSystem):
        fs.pipe_file(path, data)  # object stores show a file whole or not at all
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        with draft.open("xb") as stream:
            stream.write(data)
            _flush(stream)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    _flush_directory(target.parent)


def _flush(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _flush_directory(directory: Path) -> None:
    # Without this the name itself may be lost in a power cut, after the event that names it was committed.
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
