"""归档包: the package of the office and of each unit as a BagIt bag (RFC 8493), whole or not there at all.

A package is put together beside its place, checked file by file and then renamed: whoever stops us leaves either the
whole package or none. What is in it comes from the ledger alone, so the next run makes the same one.
"""

import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bagit

from duban import organization
from duban.archive import catalogue, index
from duban.archive.copying import copy
from duban.archive.holding import Found, Holding, find, hold
from duban.errors import Refusal
from duban.ledger.engine import snapshot
from duban.organization import Organization

logging.getLogger("bagit").propagate = False  # what it finds is told in our words
#: What of a disk stays free beside the files: lists, manifests.
SPARE = 32 << 20
DIGEST = "Internal-Sender-Identifier"


@dataclass(frozen=True)
class Package:
    """A package that is there: `made` in this run, or found as it was made before."""

    name: str
    unit: str
    path: Path
    pieces: int
    files: int
    size: int
    mark: str
    digest: str
    made: bool
    former: str = ""  # where the one went that it takes the place of

    def as_json(self) -> dict[str, Any]:
        """The same in JSON; the path is only its name."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"path": self.path.name}


def pack(
    year: int, out: Path, units: Sequence[str] | None = None, org: Organization | None = None, *, pages: bool = False
) -> list[Package]:
    """Make the packages of the year in the directory `out`: the office's and those of all units, or only of `units`.

    `units` are codes, "" is the office. With `pages` LibreOffice counts the pages of what was made here. A package that
    is there as it should be is left alone; one that holds less than the ledger does now is kept beside the new one.
    Raises Refusal for a package that was altered, a full disk, a file that is not what was stored, and while somebody
    else packs into the same directory.
    """
    of = org or organization.load()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or error
        raise Refusal(f"归档包的目录 {out} 建不了（{why}），请换一个目录或改正权限后再运行。") from error
    with _alone(out):
        with snapshot() as session:  # no longer than the reading takes: the database does not wait for a disk
            found = find(session, year, of)
        everybody = ["", *(code for code in of.units if code in found.units)]
        jobs = (_Job(hold(found, unit), found, of, out, pages) for unit in (everybody if units is None else units))
        return [_found(job) or _made(job) for job in jobs]


@dataclass(frozen=True)
class _Job:
    holding: Holding
    found: Found
    org: Organization
    out: Path
    pages: bool

    @property
    def name(self) -> str:
        return f"{self.org.number_prefix}-GD-{self.holding.year}-{self.holding.unit or 'office'}"

    @property
    def place(self) -> Path:
        return self.out / self.name

    @property
    def stage(self) -> Path:
        return self.out / f".{self.name}.partial"


def _found(job: _Job) -> Package | None:
    if not job.place.exists():
        return None
    if faults := check(job.place):
        more = f"等{len(faults)}处" if len(faults) > 3 else ""
        raise Refusal(f"归档包 {job.place} 与做好时不符：{'；'.join(faults[:3])}{more}。请查明原因，移走后再运行。")
    info = bagit.Bag(str(job.place)).info
    if info.get(DIGEST) != job.holding.digest:
        return None
    size, _, files = str(info["Payload-Oxum"]).partition(".")
    return _package(job, int(files), int(size), made=False)


def _made(job: _Job) -> Package:
    _room(job)
    shutil.rmtree(job.stage, ignore_errors=True)
    try:
        return _written(job)
    except OSError as error:
        raise Refusal(_told(error, job)) from error
    finally:
        shutil.rmtree(job.stage, ignore_errors=True)


def _written(job: _Job) -> Package:
    job.stage.mkdir()
    copied = copy(job.holding, job.stage, counted=job.pages)
    lists = {f"{catalogue.NAME}.xlsx": catalogue.spreadsheet(job.holding, job.org, copied.pages, job.found.now)}
    lists |= catalogue.paper(job.holding, job.org, copied.pages, rehearsal=job.found.rehearsal)
    catalogue.write(job.stage, lists)
    bag = bagit.make_bag(str(job.stage), _info(job), checksums=["sha256"])
    index.write(
        job.stage / "index.html",
        job.holding,
        job.org,
        copied,
        list(lists),
        job.found.now,
        rehearsal=job.found.rehearsal,
    )
    bag.save()  # the page is one of the files that the bag vouches for
    if faults := check(job.stage):
        raise Refusal(f"归档包 {job.name} 写出后核验不符：{'；'.join(faults[:3])}。请检查磁盘后再运行。")
    os.sync()  # the name must not be on disk before what it names
    former = _set_aside(job.place)
    job.stage.rename(job.place)
    return _package(job, copied.files + len(lists), copied.size, made=True, former=former)


def _info(job: _Job) -> dict[str, str]:
    holding, org = job.holding, job.org
    whose = catalogue.keeper(holding, org)
    return {
        "Source-Organization": org.name,
        "Organization-Address": whose,
        "External-Identifier": job.name,
        "External-Description": f"{whose}{holding.year}年度督办归档文件，密级：{holding.mark or '无'}",
        "Bagging-Date": f"{job.found.now:%Y-%m-%d}",
        "Bag-Software-Agent": f"Duban {version('duban')}",
        DIGEST: holding.digest,
    }


def _package(job: _Job, files: int, size: int, *, made: bool, former: str = "") -> Package:
    holding = job.holding
    counted = (len(holding.entries), files, size)
    return Package(job.name, holding.unit, job.place, *counted, holding.mark, holding.digest, made, former)


def _set_aside(place: Path) -> str:
    """An earlier package that holds less stays, under another name: nothing that was handed over is thrown away."""
    if not place.exists():
        return ""
    nth = 1
    while (aside := place.with_name(f"{place.name}.{nth}")).exists():
        nth += 1
    place.rename(aside)
    return aside.name


def _room(job: _Job) -> None:
    wanted = (paper.sha256 for entry in job.holding.entries for paper in entry.papers)
    needed = sum(job.found.sizes.get(sha, 0) for sha in wanted) + SPARE
    free = shutil.disk_usage(job.out).free
    if needed > free:
        raise Refusal(f"{job.out} 的空间不够：归档包要 {_mb(needed)}，只剩 {_mb(free)}，请腾出空间或换一个目录。")


def _told(error: OSError, job: _Job) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        why, do = "磁盘已满", "请腾出空间后再运行一次"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        why, do = "目录不让写入", "请换一个目录或改正权限后再运行"
    else:
        why, do = error.strerror or "磁盘读写出错", "请检查磁盘后再运行"
    return f"归档包 {job.name} 没有写成（{why}），{do}；已取的档号不变，不会重复。"


def check(place: Path) -> list[str]:
    """Every fault of a package as a Chinese sentence, all of its files read; none when it is as it was made."""
    if not (place / "bagit.txt").is_file():
        return [f"{place.name} 不是归档包，或者缺 bagit.txt"]
    try:
        bag = bagit.Bag(str(place))
        lost, strange = bag.compare_manifests_with_fs()
        if lost or strange:  # told by name; `validate` stops at the sum of them all
            return [f"{path} 不见了" for path in sorted(lost)] + [f"{path} 是后来放进去的" for path in sorted(strange)]
        bag.validate()
    except bagit.BagValidationError as error:
        # The sum of the sizes may be what it stopped at: whoever has to look for the cause wants the file.
        found = [_fault(one) for one in error.details] or [f"{path} 被改动过" for path in _altered(bag)]
        return found or [f"{place.name} 的文件总数或大小不符"]
    except (bagit.BagError, OSError, ValueError) as error:
        return [f"{place.name} 读不出来（{error}）"]
    return []


def _altered(bag: bagit.Bag) -> list[str]:
    found = []
    for path, known in bag.entries.items():
        with (Path(bag.path) / path).open("rb") as stream:
            if file_digest(stream, "sha256").hexdigest() != known["sha256"]:
                found.append(path)
    return sorted(found)


def _fault(found: Exception) -> str:
    return f"{getattr(found, 'path', found)} {'被改动过' if isinstance(found, bagit.ChecksumMismatch) else '不符'}"


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """One packer at a time in a directory; the lock goes with the process, however that ends."""
    name = sha256(os.fsencode(out.resolve())).hexdigest()[:16]
    with open(Path(tempfile.gettempdir()) / f"duban-archive-{name}.lock", "w", encoding="utf-8") as gate:
        try:
            flock(gate, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise Refusal(f"另一个归档正在写入 {out}，请等它做完。") from None
        yield


def _mb(size: int) -> str:
    return f"{size / (1 << 20):.0f} MB"
