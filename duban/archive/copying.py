"""The files of a package, copied from the store under names that any system can hold, each checked on the way."""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from duban.archive import pages
from duban.archive.holding import Holding
from duban.ledger.files import copy_file

#: Characters of a name that are kept: with what stands before it, a name stays below the 255 bytes of a file system.
MOST = 60
#: What Windows reserves, and % besides: a %0A in a name is a new line to whoever reads a manifest of BagIt (RFC 8493).
_RESERVED = re.compile(r"[\\/:*?\"<>|%\x00-\x1f\x7f]")


@dataclass
class Copied:
    """What was copied: for each 档号 its files (role, path in the package) and pages, None where nobody knows."""

    papers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    pages: dict[str, int | None] = field(default_factory=dict)
    files: int = 0
    size: int = 0


def copy(holding: Holding, stage: Path, *, counted: bool = False) -> Copied:
    """Copy every paper of the package into `stage`; with `counted` LibreOffice lays out what does not say its pages.

    Raises Refusal for a file that is not what was stored, OSError when it cannot be written.
    """
    done = Copied()
    known: dict[str, dict[Path, int | None]] = {}
    unknown: list[Path] = []
    for entry in holding.entries:
        folder = stage / entry.folder
        if entry.papers:
            folder.mkdir(parents=True, exist_ok=True)
        for nth, paper in enumerate(entry.papers, start=1):
            target = folder / f"{nth:02d} {paper.role} {safe(paper.name)}"
            done.size += copy_file(paper.sha256, target)
            done.files += 1
            shown = f"data/{target.relative_to(stage).as_posix()}"
            done.papers.setdefault(entry.code, []).append((paper.role, shown))
            known.setdefault(entry.code, {})[target] = pages.stated(target, made=paper.made)
            if paper.made and target.suffix.lower() == ".docx":
                unknown.append(target)
    laid_out = pages.laid_out(unknown) if counted else {}
    done.pages = {code: _sum([laid_out.get(path, count) for path, count in known[code].items()]) for code in known}
    return done


def safe(name: str) -> str:
    """A file name that Windows, a USB stick and a zip can hold: no reserved characters, not too long, one spelling."""
    plain = _RESERVED.sub("＿", unicodedata.normalize("NFC", name)).strip(" .")
    suffix = PurePath(plain).suffix[:12]
    stem = plain.removesuffix(suffix)[:MOST].strip(" .") or "文件"
    return f"{stem}{suffix}"


def _sum(known: list[int | None]) -> int | None:
    """The pages of a 件; None as long as those of one of its papers are not known."""
    numbers = [count for count in known if count is not None]
    return sum(numbers) if len(numbers) == len(known) else None
