"""Files as units send them and as nobody should: all made here in code, none kept as a file."""

import io
import itertools
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples" / "replies"
GOOD = next(EXAMPLES.glob("12 *.docx")).read_bytes()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = f'<w:document xmlns:w="{W}"><w:body>'
TAIL = "</w:body></w:document>"
TYPES, RELS, BODY = "[Content_Types].xml", "word/_rels/document.xml.rels", "word/document.xml"


def members(data: bytes = GOOD) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def changed(name: str, old: str, new: str) -> bytes:
    parts = members()
    assert old.encode() in parts[name]
    return pack(parts | {name: parts[name].replace(old.encode(), new.encode(), 1)})


def added(name: str, data: bytes) -> bytes:
    return pack(members() | {name: data})


def body(xml: str) -> bytes:
    return added(BODY, f"{HEAD}{xml}{TAIL}".encode())


def p(text: str, run: str = "") -> str:
    return f"<w:p><w:r>{run}<w:t>{text}</w:t></w:r></w:p>"


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    entry = f'<Relationship Id="rX" Type="{R}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    return changed(RELS, "</Relationships>", entry)


def duplicate() -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as package, pytest.warns(UserWarning, match="Duplicate name"):
        package.writestr(BODY, b"<w:document/>")
    return out.getvalue()


def flagged_encrypted() -> bytes:
    at = GOOD.index(b"PK\x01\x02")
    return GOOD[: at + 8] + bytes([GOOD[at + 8] | 1]) + GOOD[at + 9 :]


def lying_size(size: int, content: bytes) -> bytes:
    """The directory says `size` bytes; more comes out."""
    data = bytearray(pack(members() | {"word/media/a.bin": content}))
    at = data.rindex(b"PK\x01\x02", 0, data.index(b"word/media/a.bin", data.index(b"PK\x01\x02")))
    data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


def png(width: int, height: int, end: bytes = b"\x00\x00\x00\x00IEND\xaeB`\x82") -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + end


def jpeg(width: int, height: int, end: bytes = b"\xff\xd9") -> bytes:
    start = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc0\x00\x11\x08"
    return start + struct.pack(">HH", height, width) + b"\x03" * 12 + end


def tiff(width: int, height: int, order: str = "<") -> bytes:
    entries = struct.pack(f"{order}HHHIII", 3, 256, 4, 1, width, 0)[:-4]
    entries += struct.pack(f"{order}HHII", 257, 4, 1, height) + struct.pack(f"{order}HHIHH", 259, 3, 1, 1, 0)
    return (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(f"{order}I", 8) + entries + bytes(4)


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file (what .doc, .xls and locked .docx files are) with these streams, `Storage/name` or `name`."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    folders = sorted({name.partition("/")[0] for name in streams if "/" in name})
    entries: list[list[object]] = [["Root Entry", 5, free, end, 0]]  # name, kind, child, first sector, size
    right: dict[int, int] = {}

    def siblings(numbers: list[int]) -> int:
        right.update(itertools.pairwise(numbers))
        return numbers[0] if numbers else free

    contents, where = [], 0
    fat: list[int] = []

    def entry(name: str, data: bytes) -> int:
        nonlocal where
        data = data.ljust(4096, b"\x00")  # shorter ones would go into a stream of their own
        data += bytes(-len(data) % sector)
        count = len(data) // sector
        fat.extend([*range(where + 1, where + count), end])
        entries.append([name, 2, free, where, len(data)])
        contents.append(data)
        where += count
        return len(entries) - 1

    top = [entry(name, data) for name, data in streams.items() if "/" not in name]
    for folder in folders:
        entries.append([folder, 1, free, 0, 0])
        place = len(entries) - 1
        top.append(place)
        inner = [entry(n.partition("/")[2], data) for n, data in streams.items() if n.startswith(folder + "/")]
        entries[place][2] = siblings(inner)
    entries[0][2] = siblings(top)
    directory = b""
    for number, (name, kind, child, first, size) in enumerate(entries):
        raw = str(name).encode("utf-16-le")
        directory += raw.ljust(64, b"\x00") + struct.pack("<HBB", len(raw) + 2, int(kind), 1)  # type: ignore[call-overload]
        directory += struct.pack("<III", free, right.get(number, free), child) + bytes(36)
        directory += struct.pack("<IQ", first, size)
    empty = bytes(64) + struct.pack("<HBB", 0, 0, 0) + struct.pack("<III", free, free, free) + bytes(48)
    directory += empty * (-len(directory) // 128 % 4)
    count = len(directory) // sector
    at_directory = where
    fat.extend([*range(where + 1, where + count), end])
    where += count
    fat.append(0xFFFFFFFD)
    table = struct.pack(f"<{len(fat)}I", *fat)
    assert len(table) <= sector
    table = table.ljust(sector, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, at_directory, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", where) + struct.pack("<I", free) * 108
    return header + b"".join(contents) + directory + table


def word97(flags: int = 0, **more: bytes) -> bytes:
    """A .doc as far as a container goes: its text stream begins with the FIB, whose flags say encrypted (0x0100)."""
    fib = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x0804, 0, flags)
    return ole({"WordDocument": fib, "1Table": b"x"} | more)


def pdf(*objects: str, pages: int = 1, catalogue: str = "", page: str = "", trailer: str = "") -> bytes:
    """A PDF with empty pages; `objects` are numbered from 100."""
    kids = " ".join(f"{n + 3} 0 R" for n in range(pages))
    made = {1: f"<</Type/Catalog/Pages 2 0 R{catalogue}>>", 2: f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"}
    made |= {n + 3: f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{page}>>" for n in range(pages)}
    made |= {100 + n: text for n, text in enumerate(objects)}
    out, places = b"%PDF-1.7\n", {}
    for number, text in made.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += f"{number} 1\n{place:010} 00000 n \n".encode()
    out += f"trailer\n<</Size {max(made) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return out


def ofd() -> bytes:
    return pack({"OFD.xml": b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>', "Doc_0/Document.xml": b"<a/>"})
