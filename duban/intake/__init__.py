"""What units send is hostile until checked: is this file safe to keep and to open, and what does it say?

The file is looked at in a child process that can neither use much memory nor time, so that a bomb ends there and not
in the portal. What the child saw are hints for the reviewer (`duban.intake.checking`); nothing is refused or deducted
for them.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from duban.errors import Refusal
from duban.text import clean

log = logging.getLogger(__name__)

#: Largest file, in bytes; the page that takes uploads says the same.
LARGEST = 20 * 1024 * 1024
#: Seconds of waiting for the child; its own CPU limit is lower.
PATIENCE = 30
TOO_HEAVY = "“{name}”的内容异常复杂，检查没有完成，请在 Word 或 WPS 里新建文档，把文字粘贴进去后另存为 .docx 再报送。"
MARKED = (
    "“{name}”标有密级“{mark}”：国家秘密不得在本系统报送，文件没有保存，请按保密规定走纸质渠道，并联系办公室；"
    "属于工作秘密的请改标“内部”。"
)

#: What a file of each format may be called. WPS calls its own files .wps; inside they are .doc files.
SUFFIXES = {
    "docx": (".docx",),
    "doc": (".doc", ".wps"),
    "pdf": (".pdf",),
    "ofd": (".ofd",),
    "png": (".png",),
    "jpg": (".jpg", ".jpeg"),
    "tif": (".tif", ".tiff"),
}
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "png": "image/png",
    "jpg": "image/jpeg",
    "tif": "image/tiff",
}
#: What people call a format.
FORMATS = {
    "docx": "Word 文档（.docx）",
    "doc": "旧版 Word 文档（.doc）",
    "wps": "WPS 文档（.wps）",
    "pdf": "PDF 文件",
    "ofd": "OFD 文件",
    "png": "图片（.png）",
    "jpg": "图片（.jpg）",
    "tif": "图片（.tif）",
}


@dataclass(frozen=True)
class Received:
    """A file that is safe to keep.

    `kind` is docx, or unread: kept as evidence, for a person to read. `format` is docx, doc, wps, pdf, ofd, png, jpg or
    tif; `pages` is what the file says of itself. `facts` says what was seen (True), not seen (False) or cannot be told
    by a machine (None): title, reference, addressee, signer, seal, subject, date, mark, attachments, sections; the
    parts of a report course, result, conclusion, opinion, rectification, revisit, carried_out, obstacle, remedy; what
    it says (substantiated, unfinished) and what was left in it (revised, commented, other_paper). `found` has the
    words, `sections` the headings with the number of characters under each.
    """

    kind: str
    format: str
    sha256: str
    size: int
    pages: int | None
    text_preview: str
    facts: dict[str, bool | None]
    found: dict[str, list[str]]
    sections: tuple[tuple[str, int], ...]


def inspect(name: str, data: bytes) -> Received:
    """Check a received file and read it if it is a .docx.

    Raises Refusal with the fault in one sentence: empty, too large, truncated, renamed, encrypted, macros, embedded
    objects, external content, made to overload whoever opens it, or marked as a state secret (standards §6).
    """
    shown = shown_name(name)
    if not data:
        raise Refusal(f"“{shown}”是空文件，请重新选择文件后报送。")
    if len(data) > LARGEST:
        raise Refusal(
            f"“{shown}”有 {len(data) / 2**20:.1f} MB，最大 {LARGEST // 2**20} MB，请压缩图片或把附件分开报送。"
        )
    seen = _in_child(shown, data)
    if "refusal" in seen:
        raise Refusal(seen["refusal"])
    if marks := seen["found"].get("mark"):
        raise Refusal(MARKED.format(name=shown, mark=marks[0]))
    if seen["format"] == "doc" and shown.lower().endswith(".wps"):
        seen["format"] = "wps"
    return Received(
        kind="docx" if seen["format"] == "docx" else "unread",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        sections=tuple((heading, length) for heading, length in seen.pop("sections")),
        **seen,
    )


def media_type(name: str) -> str:
    """The type to keep and to hand out a file under; of one that was inspected the suffix says what it is."""
    suffix = PurePosixPath(name).suffix.lower()
    return next((MEDIA[kind] for kind, suffixes in SUFFIXES.items() if suffix in suffixes), "application/octet-stream")


def shown_name(name: str) -> str:
    """A file's name as sentences show it: no folders, nothing invisible, one line, not long, its suffix kept."""
    text = "".join(one for one in clean(name.replace("\\", "/")).replace("\n", " ") if one.isprintable())
    path = PurePosixPath(text.rpartition("/")[2].strip())
    stem, suffix = (path.stem, path.suffix) if len(path.suffix) <= 10 else (path.name, "")
    return f"{stem[:70]}{suffix}" if path.name.strip(".") else "文件"


def _in_child(name: str, data: bytes) -> dict[str, Any]:
    # A new interpreter and not a fork: the portal and the workers have threads. Isolated (-I) and without site (-S),
    # which halves its start: it gets the two folders that it needs.
    folders = [str(Path(__file__).resolve().parents[2]), str(Path(etree.__file__).resolve().parents[1])]
    code = "import sys; sys.path[:0] = sys.argv[1:3]; from duban.intake import child; child.main()"
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, *folders],
            input=json.dumps(name).encode() + b"\n" + data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        raise Refusal(TOO_HEAVY.format(name=name)) from None
    if done.returncode != 0:
        log.error("reading %r ended with %s: %s", name, done.returncode, done.stderr.decode(errors="replace")[-2000:])
        raise Refusal(TOO_HEAVY.format(name=name))
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen
