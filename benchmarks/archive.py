"""A year's archive: 2,000 matters with 12,000 files numbered, listed, copied, bagged and checked, file by file.

    python -m benchmarks.archive [MATTERS]      in a database and directories of its own, removed afterwards

Beside it "plain": the same files copied with the standard library into one directory and a `sha256sum` of each written
down, without 档号, events, catalogue, page, packages of the units, checking on the way and afterwards.
"""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import psutil

from benchmarks.ledger import fresh_ledger
from benchmarks.table import show
from duban import archive, clock, ledger, organization
from duban.ledger import Actor, Draft

MATTERS = 2000
YEAR = 2026
CLERK = Actor("tian.clerk", "田雨欣", post="office")
#: Kilobytes of the files of a matter: notice, record of the call, reply with its scans, draft and signed report, urge.
SIZES = (24, 16, 180, 30, 30, 22)
NAMES = ("领导批示督办通知单", "电话通知记录", "办结报告", "办理报告", "办理报告（已审批）", "督办事项催办通知书")
_DONE = datetime(YEAR, 3, 2, 9, tzinfo=clock.SHANGHAI)


def main() -> None:
    """Measure and print one table."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else MATTERS
    with TemporaryDirectory(prefix="duban-bench-") as home, fresh_ledger(), _files(Path(home) / "files"):
        fill(wanted)
        measure(wanted, Path(home))


def measure(matters: int, home: Path) -> None:
    """Archive, pack, run again, and the plain way."""
    files = matters * len(SIZES)
    entered, enter = timed(lambda: archive.enter(YEAR))
    packed, pack = timed(lambda: archive.pack(YEAR, home / "out"))
    again, second = timed(lambda: (archive.enter(YEAR), archive.pack(YEAR, home / "out")))
    copied, plain = timed(lambda: plainly(home / "files", home / "plain"))
    size = sum(package.size for package in packed) / (1 << 20)
    rows = [
        (f"events and 档号 of {entered.pieces:,} 件", enter.seconds, matters / enter.seconds, enter.peak),
        (f"{len(packed)} packages, {size:,.0f} MB", pack.seconds, files / pack.seconds, pack.peak),
        ("second run: all checked again", second.seconds, files / second.seconds, second.peak),
        (f"plain copy and checksums, {copied:,.0f} MB", plain.seconds, files / plain.seconds, plain.peak),
    ]
    notes = [
        f"A second: matters in the first line, the year's {files:,} files in the others.",
        "MB: how much more the process held at most than before.",
    ]
    assert not any(package.made for package in again[1])
    show(f"Archive of a year: {matters:,} matters, {files:,} files", ("", "s", "a second", "MB"), rows, notes)


class Taken:
    """Seconds, and the most that the process held more than before, in MB."""

    seconds: float
    peak: float


def timed(deed: Callable[[], Any]) -> tuple[Any, Taken]:
    """Do it once; how long it took, and what the process held more at most, looked at twenty times a second."""
    taken, over, process = Taken(), Event(), psutil.Process()
    before = highest = process.memory_info().rss

    def watch() -> None:
        nonlocal highest
        while not over.wait(0.05):
            highest = max(highest, process.memory_info().rss)

    watcher = Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        result = deed()
    finally:
        taken.seconds = time.perf_counter() - began
        over.set()
        watcher.join()
    taken.peak = (highest - before) / (1 << 20)
    return result, taken


def fill(matters: int) -> None:
    """Matters that are closed, with their files, as the acts leave them but for what the archive does not look at."""
    units, chance = list(organization.load().units), Random(1)
    for n in range(1, matters + 1):
        with ledger.transaction() as session:
            _matter(session, n, units[n % len(units)], chance)


def _matter(session: Any, n: int, unit: str, chance: Random) -> None:
    number, at = f"BC-{YEAR}-{n:04d}", _DONE + timedelta(minutes=n)
    ledger.open_matter(session, number)
    head = {"reference": f"白公督〔{YEAR}〕{n}号", "type": "general", "title": f"群众来信反映的第{n}个问题的处理"}
    more = {"unit": unit, "regulation": "baicheng-2020", "organization": "baicheng", "run_key": f"run-{n}"}
    form = {"form": {"source": 1 + n % 5}}
    due = {"due_on": f"{at:%Y-%m-%d}", "due_at": at.isoformat(), "call": True, "receipt": False, "reading": False}
    names, sizes = iter(NAMES), iter(SIZES)

    def event(kind: str, key: str, data: dict[str, Any]) -> None:
        ledger.append(session, number, Draft(kind, key, CLERK, "五（一）", data, at=at))

    def paper(key: str, *, made: bool = True) -> None:
        name = next(names)
        content = chance.randbytes(next(sizes) << 10)
        kept = ledger.store(session, number, f"{number} {name}.docx", content, "application/octet-stream")
        said = {"kind": name.partition("（")[0], "name": kept.name, "sha256": kept.sha256, "size": kept.size}
        event("documented", key, said | ({"template": "0" * 64} if made else {}))

    event("registered", "register", head | more | form)
    event("submitted", "submit:1", {"desks": ["chief"]})
    event("signed", "sign.chief:1", {"desk": "chief", "verdict": "pass"})
    event("dispatched", "deliver:1", due)
    paper("document:notice")
    event("called", "call:1", {})
    paper("document:call")
    paper("received:reply:1", made=False)
    event("replied", "reply:1", {"signed_by": "某某", "on_time": True})
    event("accepted", "review:1", {})
    paper("document:report")
    event("reported", "report:1", {"desks": ["chief"]})
    event("approved", "approve.chief:1", {"desk": "chief", "upward": False})
    paper("document:report.signed")
    event("urged_by_hand", "urge:h1", {"reference": f"白公催〔{YEAR}〕{n}号"})
    paper("document:urge")


def plainly(source: Path, target: Path) -> float:
    """The same contents in one directory with a list of their checksums; how many MB."""
    target.mkdir()
    size = 0
    with (target / "sha256.txt").open("w") as listed:
        for path in source.rglob("*"):
            if path.is_file():
                shutil.copyfile(path, target / path.name)
                with (target / path.name).open("rb") as stream:
                    listed.write(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {path.name}\n")
                size += path.stat().st_size
    return size / (1 << 20)


@contextmanager
def _files(place: Path) -> Iterator[None]:
    os.environ["DUBAN_FILES"] = str(place)
    os.environ |= {"DUBAN_ORGANIZATION": "baicheng", "DUBAN_REGULATION": "baicheng-2020"}
    try:
        yield
    finally:
        del os.environ["DUBAN_FILES"]


if __name__ == "__main__":
    main()
