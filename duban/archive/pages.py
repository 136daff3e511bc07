"""页数: how many pages a file has, where the file itself says so. Else it stays blank for whoever sorts them.

A .docx has no pages until it is laid out: Word and WPS write down how many there were when it was saved, and that is
taken for what came in. Papers made here are counted when LibreOffice is asked to (`duban archive --pages`); it is
never given what came from outside.
"""

import re
import shutil
import zipfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader

from duban.documents import pdf
from duban.errors import Refusal

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
PROPERTIES = "docProps/app.xml"
#: Bytes of the properties of a document that are looked at; what is longer is no honest one.
MOST = 65_536


def stated(path: Path, *, made: bool = False) -> int | None:
    """The pages of a file by what it says itself; None where it does not, or where what it says is its template's."""
    suffix = path.suffix.lower()
    if suffix in PICTURES:
        return 1
    if suffix == ".pdf":
        return _pdf(path)
    return None if made or suffix != ".docx" else _word(path)


def laid_out(files: Collection[Path]) -> Mapping[Path, int]:
    """The pages of these .docx as LibreOffice lays them out; those it cannot read are left out.

    Raises Refusal where LibreOffice is not installed.
    """
    if files and pdf.program() is None:
        raise Refusal(pdf.MISSING)
    found: dict[Path, int] = {}
    wanted = list(files)
    for start in range(0, len(wanted), pdf.BATCH):
        found |= _laid_out(wanted[start : start + pdf.BATCH])
    return found


def _laid_out(files: Sequence[Path]) -> dict[Path, int]:
    with TemporaryDirectory(prefix="duban-pages-") as home:
        # Numbers for names: two papers of one name in two folders are two papers.
        copies = [Path(shutil.copyfile(file, Path(home) / f"{nth}.docx")) for nth, file in enumerate(files)]
        with suppress(Refusal):  # those that it cannot convert have no pages that we know of
            pdf.convert(copies, Path(home) / "out")
        printed = ((file, Path(home) / "out" / f"{copy.stem}.pdf") for file, copy in zip(files, copies, strict=True))
        counted = ((file, _pdf(path)) for file, path in printed if path.is_file())
        return {file: pages for file, pages in counted if pages}


def _pdf(path: Path) -> int | None:
    try:
        return len(PdfReader(path).pages) or None
    except Exception:  # whatever a damaged file does to its reader: nobody knows its pages
        return None


def _word(path: Path) -> int | None:
    try:
        with zipfile.ZipFile(path) as parts, parts.open(PROPERTIES) as stream:
            said = re.search(rb"<Pages>([0-9]{1,4})</Pages>", stream.read(MOST))
    except Exception:  # as above; zlib, lzma and bz2 have errors of their own
        return None
    return int(said[1]) or None if said else None
