"""What is a received file really, and is it safe to open? Runs in the child process.

What a file is, its first bytes say; its name has to agree. Containers and other kinds are then looked at by the module
that knows them. The limits are those under which every real document passed and every crafted one failed.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from duban.errors import Refusal
from duban.intake import SUFFIXES

#: A .docx is opened only within these: members, bytes unpacked, ratio of a member, bytes of an XML part, elements.
MEMBERS, UNPACKED, RATIO, XML_PART, ELEMENTS = 400, 80 * 2**20, 150, 16 * 2**20, 400_000
#: Pixels of a picture; a page of A4 scanned at 600 dpi has 35 million.
PIXELS = 40_000_000
#: Word itself stops at 63 columns; a number of millions makes readers allocate a table of that width.
COLUMNS = 200
MAIN_PART = "word/document.xml"
SAVE_AGAIN = "请在 Word 或 WPS 里打开核对后另存为 .docx 再报送。"

Parts = dict[str, etree._Element]


@dataclass(frozen=True)
class Opened:
    """A file that was let through: its format, its XML parts if it is a .docx, how many pages it says it has."""

    format: str
    parts: Parts
    pages: int | None = None


#: What a file begins with -> its format. zip and ole hold several; which one, their contents say.
SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf'\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"RIFF", "picture"),
    (b"\x00\x00\x00\x18ftyp", "picture"),
    (b"\x00\x00\x00\x1cftyp", "picture"),
    (b"\x00\x00\x00\x20ftyp", "picture"),
    (b"\x00\x00\x00\x24ftyp", "picture"),
    (b"\x00\x00\x00\x28ftyp", "picture"),
)
#: What nobody can keep as a reply -> why, and what to send instead.
_NOT_TAKEN = {
    "rtf": "是 RTF 格式，" + SAVE_AGAIN,
    "html": "内容是网页或 XML 文本，" + SAVE_AGAIN,
    "program": "是程序文件，不能接收，请报送 .docx 文档，扫描件用 .pdf 或图片。",
    "archive": "是压缩包，请解压后把里面的文件分别报送。",
    "picture": "是不常用的图片格式，请转换成 .jpg 或 .png 后再报送。",
}


def sniffed(data: bytes) -> str:
    """What the first bytes say: zip, ole, pdf, png, jpg, tif, rtf, html, program, archive, picture; "" if nothing."""
    for start, kind in SIGNATURES:
        if data.startswith(start):
            return kind
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if head.startswith((b"<", b"mime-version")) else ""


def open_safely(name: str, data: bytes) -> Opened:
    """Return what the file is and, for a .docx, its XML parts. Raises Refusal naming the fault otherwise."""
    # Here, so that only what this file needs is loaded: most are .docx, and the start of the child is what takes time.
    kind, suffix = sniffed(data), PurePosixPath(name).suffix.lower()
    if kind == "zip":
        from duban.intake import container

        opened = container.opened(name, data)
    elif kind in ("ole", "pdf", "png", "jpg", "tif"):
        from duban.intake import evidence

        opened = evidence.opened(name, data, kind)
    elif kind in _NOT_TAKEN:
        raise Refusal(f"“{name}”{_NOT_TAKEN[kind]}")
    elif suffix == ".docx":
        raise Refusal(f"“{name}”不是 Word 文档，或者文件开头已经损坏，{SAVE_AGAIN}")
    else:
        raise Refusal(f"无法识别“{name}”的格式，请报送 .docx 文档，扫描件用 .pdf 或图片。")
    if suffix not in SUFFIXES[opened.format]:
        real = "或".join(SUFFIXES[opened.format])
        raise Refusal(f"“{name}”的扩展名与内容不符，内容是 {real} 格式，请改正文件名后再报送。")
    return opened
