"""Invented values for every kind of document, to look at the templates as pages.

python -m tools.samples BUREAU FOLDER [KIND ...]        writes FOLDER/KIND.docx; then convert and look
python -m tools.samples --sheet BUREAU FOLDER           writes FOLDER/BUREAU.png: every page of every kind (LibreOffice)
"""

import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import yaml

from duban import documents
from duban.documents import pdf
from tools import sample_periods

_SAID = yaml.safe_load((Path(__file__).parent / "sample_values.yaml").read_text(encoding="utf-8"))
#: kinds whose samples show marks, attachments and a note as well
_MARKED = ("信函", "上行文")


def values(bureau: str, kind: str = "") -> dict[str, Any]:
    """What a matter of that bureau could say; the same for every kind but for what only some kinds show."""
    said = {**_SAID["common"], **_SAID[bureau], **sample_periods.values(drawn=True)}
    said |= {} if "重点工作" in kind else {"stages": []}
    said |= {"partners": "督察支队、纪委"} if "联合" in kind else {}
    return said | (_SAID["marked"] if kind in _MARKED else {}) | _SAID["kinds"].get(kind, {})


#: Pages beside each other on a sheet, dots per inch, dots between pages.
COLUMNS, DPI, GAP = 6, 72, 8
Page = tuple[int, int, bytes]  # width, height, rows of RGB


def write(bureau: str, folder: Path, only: Sequence[str] = ()) -> list[Path]:
    """Write the documents that are asked for (default: every kind) and return where they are."""
    files = [folder / f"{kind}.docx" for kind in only or documents.kinds(bureau)]
    for file in files:
        file.write_bytes(documents.render(file.stem, values(bureau, file.stem), bureau))
    return files


def _pages(file: Path) -> Iterator[Page]:
    with pypdfium2.PdfDocument(file) as opened:
        for page in opened:
            shown = page.render(scale=DPI / 72, rev_byteorder=True)
            row = shown.width * 3
            rows = (bytes(shown.buffer[at * shown.stride : at * shown.stride + row]) for at in range(shown.height))
            # Sixteen shades are enough to read by, and pack to a third.
            yield shown.width, shown.height, b"".join(rows).translate(_SHADES)


_SHADES = bytes(round(value / 17) * 17 for value in range(256))


def sheet(pages: Sequence[Page]) -> bytes:
    """Tile pages, upright and lying, into a PNG on grey ground."""
    width, height = max(one[0] for one in pages), max(one[1] for one in pages)
    full = COLUMNS * (width + GAP) + GAP
    ground = b"\xbb\xbb\xbb"
    lines = [ground * full] * GAP
    for start in range(0, len(pages), COLUMNS):
        beside = pages[start : start + COLUMNS]
        for y in range(height):
            line = b"".join(
                ground * GAP + (one[2][y * one[0] * 3 : (y + 1) * one[0] * 3]).ljust(width * 3, b"\xbb")
                for one in beside
            )
            lines.append(line + ground * (full - len(line) // 3))
        lines += [ground * full] * GAP
    header = struct.pack(">IIBBBBB", full, len(lines), 8, 2, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    parts = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def main() -> None:
    """Write the documents that are asked for, or a sheet of all."""
    wanted = sys.argv[1:]
    if wanted[0] != "--sheet":
        bureau, folder, *only = wanted
        write(bureau, Path(folder), only)
        return
    bureau, folder = wanted[1:]
    with tempfile.TemporaryDirectory(prefix="duban-sheet-") as made:
        files = pdf.convert(write(bureau, Path(made)), Path(made))
        pages = [page for file in files for page in _pages(file)]
    Path(folder, f"{bureau}.png").write_bytes(sheet(pages))


if __name__ == "__main__":
    main()
