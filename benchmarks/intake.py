"""Milliseconds to take in a reply, beside bare python-docx on the same files; and what hostile files do to either.

python -m benchmarks.intake bare|duban FILE       one hostile file in this process, as JSON: what `measure` starts
"""

import io
import json
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import docx

from benchmarks.deployment import say, scratch
from benchmarks.table import Cell, ratio, show
from duban import intake
from duban.embedded import places
from duban.errors import Refusal
from duban.intake import child, guard, reader

AGAIN = 15
#: What bare python-docx may use of a hostile file before it is ended: seconds of CPU, bytes of memory.
SECONDS, MEMORY = 15, 2 * 2**30
_REPLY = next((places.CHECKOUT / "examples" / "replies").glob("12 *.docx"))
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LINK = (
    '<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    'Target="http://x.invalid/a.png" TargetMode="External"/></Relationships>'
)

Found = dict[str, Any]


def measure() -> Found:
    """Good files several times each, hostile ones once; milliseconds."""
    good = {}
    for name, data in {"a reply of a page": _REPLY.read_bytes(), **_large()}.items():
        say(f"reading {name}")
        good[name] = {
            "size": len(data),
            "bare": _several(lambda data=data: _bare(data)),
            "read": _several(lambda data=data: reader.read(guard.open_safely("a.docx", data).parts)),
            "whole": _several(lambda data=data: intake.inspect("a.docx", data)),
        }
    hostile = {}
    with scratch() as home:
        for name, data in _hostile().items():
            say(f"opening {name}")
            file = home / "a.docx"
            file.write_bytes(data)
            hostile[name] = {"size": len(data)} | {who: _alone(who, file) for who in ("bare", "duban")}
    return {"good": good, "hostile": hostile}


def _several(act: Callable[[], object]) -> float:
    took = []
    for _ in range(AGAIN):
        began = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - began))
    return median(took)


def _bare(data: bytes) -> int:
    """What a few lines with python-docx get: paragraphs, tables, headers."""
    document = docx.Document(io.BytesIO(data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    texts += [paragraph.text for section in document.sections for paragraph in section.header.paragraphs]
    return sum(map(len, texts))


def _large() -> dict[str, bytes]:
    document, table = docx.Document(), docx.Document()
    document.add_paragraph("关于排查整治情况的报告")
    for number in range(300):
        document.add_paragraph(f"第{number}项：" + "逐户排查，逐项登记，逐一回访。" * 12)
    rows = table.add_table(400, 5)
    for cell in rows._cells:
        cell.text = "已经办理"
    return {"a reply of 160 kB of text": _saved(document), "a reply with a table of 400 rows": _saved(table)}


def _saved(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _hostile() -> dict[str, bytes]:
    wide = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="100000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    many = "<w:p><w:r><w:t>一</w:t></w:r></w:p>" * 2_000_000
    return {
        "a table 100,000,000 columns wide": _with("word/document.xml", _text(wide)),
        "2,000,000 paragraphs": _with("word/document.xml", _text(many)),
        "200 MB in a part of its own": _with("word/media/a.bin", bytes(200 * 2**20)),
        "a picture on somebody's server": _with("word/_rels/document.xml.rels", _LINK),
        "half a file": _REPLY.read_bytes()[: _REPLY.stat().st_size // 2],
    }


def _text(xml: str) -> bytes:
    return f'<w:document xmlns:w="{_WORD}"><w:body>{xml}</w:body></w:document>'.encode()


def _with(name: str, data: bytes | str) -> bytes:
    """The example reply with one member of its container changed; a string is put before the end of it."""
    with zipfile.ZipFile(_REPLY) as package:
        members = {one: package.read(one) for one in package.namelist()}
    if isinstance(data, str):
        data = members[name].replace(b"</Relationships>", data.encode())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for one, content in (members | {name: data}).items():
            package.writestr(one, content)
    return target.getvalue()


def _alone(who: str, file: Path) -> Found:
    command = [sys.executable, "-m", "benchmarks.intake", who, str(file)]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=places.CHECKOUT, capture_output=True, text=True)
    took = time.perf_counter() - began
    if done.returncode == 0:
        found: Found = json.loads(done.stdout.splitlines()[-1])
        return found
    out_of_memory = "MemoryError" in done.stderr
    how = (
        f"ended by the limit of {MEMORY // 2**20} MB" if out_of_memory else f"ended by the limit of {SECONDS} s of CPU"
    )
    return {"took": 1000 * took, "outcome": how}


def once(who: str, file: Path) -> Found:
    """One file, in a process that was started for it."""
    data, outcome = file.read_bytes(), "opened"
    if who == "bare":
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    began = time.perf_counter()
    try:
        _bare(data) if who == "bare" else intake.inspect(file.name, data)
    except Refusal:
        outcome = "refused"
    except MemoryError:
        raise
    except Exception as error:  # whatever a bare reader ends with is what a clerk would have seen
        outcome = type(error).__name__
    return {"took": 1000 * (time.perf_counter() - began), "outcome": outcome}


def print_tables(found: Found) -> None:
    """Good files: how much longer than bare; hostile ones: what becomes of either."""
    rows: list[list[Cell]] = []
    for name, one in found["good"].items():
        shares = [ratio(one["read"], one["bare"]), one["whole"], ratio(one["whole"], one["bare"])]
        rows.append([name, f"{one['size'] / 1024:.0f}", one["bare"], one["read"], *shares])
    head = ["", "KB", "bare python-docx", "guard + reader", "of bare", "in its own process", "of bare"]
    notes = [
        "Bare: paragraphs, tables and headers joined. Ours: every member and relation checked first, then the fields;"
    ]
    notes.append(
        "in its own process: what a unit waits for, an interpreter with limits of memory and CPU for each file."
    )
    show("Taking in a reply: milliseconds", head, rows, notes)
    rows = []
    for name, one in found["hostile"].items():
        for who, label in (("bare", "bare python-docx"), ("duban", "Duban")):
            said = one[who]
            rows.append([f"{name}  {label}", f"{one['size'] / 1024:.0f}", said["took"], said["outcome"]])
    limits = f"{child.CPU} s of CPU and {child.MEMORY // 2**20} MB"
    notes = [f"Bare with a limit of {SECONDS} s of CPU and {MEMORY // 2**20} MB, without which it would go on; Duban's"]
    notes.append(f"process with {limits}. Opened: read, and nothing noticed.")
    show("Hostile files", ["", "KB", "ms", "what happened"], rows, notes)


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], Path(sys.argv[2]))))
