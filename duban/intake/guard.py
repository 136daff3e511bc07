"""Is a received file what it says, and safe to open? Runs in the child process.

The limits are those under which every real document passed and every crafted one failed; see the tests.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from lxml import etree

from duban.errors import Refusal

MEMBERS, UNPACKED, RATIO, XML_PART, ELEMENTS, PIXELS = 400, 80 * 2**20, 150, 16 * 2**20, 400_000, 40_000_000
#: Word itself stops at 63 columns; a number of millions makes readers allocate a table of that width.
COLUMNS = 200

_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
)
#: What a file of each kind may be called.
_SUFFIXES = {
    "docx": {".docx"},
    "ole": {".doc", ".wps"},
    "pdf": {".pdf"},
    "png": {".png"},
    "jpg": {".jpg", ".jpeg"},
    "tif": {".tif", ".tiff"},
}
_KINDS = {"ole": "doc", "pdf": "pdf", "png": "other", "jpg": "other", "tif": "other"}
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
MAIN_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAVE_AGAIN = "请在 Word 或 WPS 里打开核对后另存为 .docx 再报送。"

Parts = dict[str, etree._Element]


def open_safely(name: str, data: bytes) -> tuple[str, Parts]:
    """Return the kind (docx, doc, pdf, other) and, for a docx, its XML parts by name. Raises Refusal otherwise."""
    kind = next((kind for start, kind in _SIGNATURES if data.startswith(start)), "")
    if kind == "zip":
        parts = _docx(name, data)
        _refuse_renamed(name, "docx")
        return "docx", parts
    if kind == "rtf":
        raise Refusal(f"“{name}”是 RTF 格式，{_SAVE_AGAIN}")
    if not kind:
        if PurePosixPath(name).suffix.lower() == ".docx":
            raise Refusal(f"“{name}”不是 Word 文档，或者文件开头已经损坏，{_SAVE_AGAIN}")
        raise Refusal(f"无法识别“{name}”的格式，请报送 .docx 文档，扫描件用 .pdf 或图片。")
    if kind == "ole":
        _refuse_bad_ole(name, data)
    if kind == "pdf":
        _refuse_bad_pdf(name, data)
    _refuse_renamed(name, kind)
    return _KINDS[kind], {}


def _refuse_renamed(name: str, kind: str) -> None:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in _SUFFIXES[kind]:
        real = "或".join(sorted(_SUFFIXES[kind]))
        raise Refusal(f"“{name}”的扩展名与内容不符，内容是 {real} 格式，请改正文件名后再报送。")


def _refuse_bad_ole(name: str, data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refusal(f"“{name}”设有打开密码，请取消密码后再报送。")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Refusal(f"“{name}”含有宏，不能接收，请另存为不含宏的 .docx 再报送。")


def _refuse_bad_pdf(name: str, data: bytes) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise Refusal(f"“{name}”不完整，可能没有传完，请重新导出 PDF 后再报送。")
    if b"/Encrypt" in data:
        raise Refusal(f"“{name}”设有密码，请取消密码后再报送。")
    if re.search(rb"/(JavaScript|Launch)\b", data):
        raise Refusal(f"“{name}”里带有会自动执行的内容，不能接收，请重新打印成 PDF 后再报送。")


def _docx(name: str, data: bytes) -> Parts:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            infos = package.infolist()
            _refuse_bad_members(name, infos)
            members = {info.filename: package.read(info) for info in infos if not info.is_dir()}
    except Refusal:  # is a ValueError
        raise
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error):
        raise Refusal(f"“{name}”不完整或已经损坏，可能没有传完，请重新报送。") from None
    _refuse_bad_types(name, members)
    parts = dict(_xml_parts(name, members))
    if sum(1 for part in parts.values() for _element in part.iter()) > ELEMENTS:
        raise _bomb(name)
    for part_name, part in parts.items():
        if part_name.endswith(".rels"):
            _refuse_bad_relations(name, part)
        _refuse_wide_tables(name, part)
    for member, content in members.items():
        if _pixels(content) > PIXELS:
            raise Refusal(f"“{name}”里的图片 {PurePosixPath(member).name} 太大，请压缩图片后再报送。")
    return parts | {MAIN_PART: _main_part(name, parts)}


def _main_part(name: str, parts: Parts) -> etree._Element:
    """The text itself; some writers call it document2.xml, so the content types say where it is."""
    for entry in parts["[Content_Types].xml"]:
        part = parts.get(str(entry.get("PartName", "")).lstrip("/"))
        if entry.get("ContentType") == _MAIN and part is not None:
            return part
    raise Refusal(f"“{name}”里没有正文，{_SAVE_AGAIN}")


def _bomb(name: str) -> Refusal:
    return Refusal(f"“{name}”展开后异常庞大，不能接收，{_SAVE_AGAIN}")


def _refuse_bad_members(name: str, infos: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 1 for info in infos):
        raise Refusal(f"“{name}”设有密码，请取消密码后再报送。")
    if len(infos) > MEMBERS or sum(info.file_size for info in infos) > UNPACKED:
        raise _bomb(name)
    if any(info.file_size > 2**20 and info.file_size > RATIO * max(info.compress_size, 1) for info in infos):
        raise _bomb(name)
    names = [info.filename.lower() for info in infos]
    # Two members of one name: a checker reads the one and Word the other.
    if len(set(names)) != len(names) or any(".." in PurePosixPath(one).parts or one[:1] in "/\\" for one in names):
        raise Refusal(f"“{name}”的内部结构不正常，不能接收，{_SAVE_AGAIN}")


def _refuse_bad_types(name: str, members: dict[str, bytes]) -> None:
    types = members.get("[Content_Types].xml", b"")
    if not types:
        raise Refusal(f"“{name}”不是 Word 文档（是压缩包或其他文件改名），请报送 .docx 文档。")
    if b"macroEnabled" in types or any("vbaproject" in member.lower() for member in members):
        raise Refusal(f"“{name}”含有宏，不能接收，请另存为不含宏的 .docx 再报送。")
    if any(re.search(r"/(activex|embeddings/.*\.(bin|exe|js|vbs))", member.lower()) for member in members):
        raise Refusal(f"“{name}”里嵌入了其他程序的对象，不能接收，请删去后作为附件另行报送。")
    if _MAIN.encode() not in types:
        raise Refusal(f"“{name}”不是 Word 文字文档，请报送 .docx 文档。")


def _xml_parts(name: str, members: dict[str, bytes]) -> Iterator[tuple[str, etree._Element]]:
    for member, content in members.items():
        if not member.lower().endswith((".xml", ".rels", ".vml")):
            continue
        if len(content) > XML_PART:
            raise _bomb(name)
        # libxml2 would tell a DOCTYPE too, but only after it has read it.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
            raise Refusal(f"“{name}”里有不该有的实体定义，不能接收，{_SAVE_AGAIN}")
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise Refusal(f"“{name}”的内容已经损坏，{_SAVE_AGAIN}") from None
        if "purl.oclc.org/ooxml" in (root.nsmap.get("w") or ""):
            raise Refusal(f"“{name}”是“严格 Open XML”格式，请另存为普通的 Word 文档（.docx）再报送。")
        yield member, root


def _refuse_bad_relations(name: str, relations: etree._Element) -> None:
    for relation in relations:
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        target = str(relation.get("Target", "")).strip().lower()
        if kind == "aFChunk":
            raise Refusal(f"“{name}”里夹带了另一份文件，不能接收，{_SAVE_AGAIN}")
        if kind in ("oleObject", "control", "vbaProject"):
            raise Refusal(f"“{name}”里嵌入了其他程序的对象，不能接收，请删去后作为附件另行报送。")
        outside = str(relation.get("TargetMode", "")).lower() == "external"
        if outside and not (kind == "hyperlink" and re.match(r"(https?|mailto):", target)):
            what = {"attachedTemplate": "模板", "image": "图片", "hyperlink": "文件"}.get(kind, "内容")
            raise Refusal(f"“{name}”引用了文件以外的{what}，打开时会自动去取，不能接收，请改为插入文件本身。")


def _refuse_wide_tables(name: str, part: etree._Element) -> None:
    for tag in ("gridSpan", "gridBefore", "gridAfter"):
        for element in part.iter(_W + tag):
            value = element.get(_W + "val", "1")
            if not re.fullmatch(r"\d{1,4}", value) or int(value) > COLUMNS:
                raise _bomb(name)


def _pixels(content: bytes) -> int:
    """Width x height that a PNG or JPEG claims; 0 for anything else."""
    if content.startswith(b"\x89PNG"):
        return int.from_bytes(content[16:20], "big") * int.from_bytes(content[20:24], "big")
    if content.startswith(b"\xff\xd8\xff"):
        at = 2
        while at + 9 < len(content) and content[at] == 0xFF:
            if content[at + 1] in (0xC0, 0xC1, 0xC2):
                return int.from_bytes(content[at + 5 : at + 7], "big") * int.from_bytes(content[at + 7 : at + 9], "big")
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0
