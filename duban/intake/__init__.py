"""What units send is hostile until checked: is this file safe to keep and to open, and what does it say?

The file is looked at in a child process that can neither use much memory nor time, so that a bomb ends there and not
in the portal. What the child saw are hints for the reviewer; nothing is refused or deducted for them.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from duban.errors import Refusal

log = logging.getLogger(__name__)

#: Largest file, in bytes; the page that takes uploads says the same.
LARGEST = 20 * 1024 * 1024
#: Seconds of waiting for the child; its own CPU limit is lower.
PATIENCE = 30
TOO_HEAVY = "“{name}”的内容异常复杂，检查没有完成，请在 Word 或 WPS 里新建文档，把文字粘贴进去后另存为 .docx 再报送。"


@dataclass(frozen=True)
class Received:
    """A file that is safe to keep.

    `kind` is docx, doc (also .wps), pdf or other (a scan); only a docx is read. `facts` says what was seen (True), not
    seen (False) or cannot be seen by a machine (None): title, reference, addressee, signer, seal, subject, date,
    sections, opinion (处理意见), rectification (整改措施), revisit (回访). `found` has the words, by the same names.
    """

    kind: str
    sha256: str
    size: int
    text_preview: str
    facts: dict[str, bool | None]
    found: dict[str, list[str]]


def inspect(name: str, data: bytes) -> Received:
    """Check a received file and read it if it is a .docx.

    Raises Refusal with the fault in one sentence: empty, too large, truncated, renamed, encrypted, macros, embedded
    objects, external content, or made to overload whoever opens it.
    """
    shown = Path(name.replace("\\", "/")).name[:80] or "文件"
    if not data:
        raise Refusal(f"“{shown}”是空文件，请重新选择文件后报送。")
    if len(data) > LARGEST:
        raise Refusal(
            f"“{shown}”有 {len(data) / 2**20:.1f} MB，最大 {LARGEST // 2**20} MB，请压缩图片或把附件分开报送。"
        )
    seen = _in_child(shown, data)
    if "refusal" in seen:
        raise Refusal(seen["refusal"])
    return Received(sha256=hashlib.sha256(data).hexdigest(), size=len(data), **seen)


def _in_child(name: str, data: bytes) -> dict[str, Any]:
    # A new interpreter and not a fork: the portal and the workers have threads. Isolated (-I) and without site (-S),
    # which halves its start: it gets the two folders that it needs.
    folders = [str(Path(__file__).resolve().parents[2]), str(Path(etree.__file__).resolve().parents[1])]
    code = "import sys; sys.path[:0] = sys.argv[1:3]; from duban.intake import child; child.main(sys.argv[3])"
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, *folders, name],
            input=data,
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
