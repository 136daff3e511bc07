"""The container of a .docx (and .ofd): a zip whose members and relations are looked at before anything is read."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from lxml import etree

from duban.errors import Refusal
from duban.intake import pictures
from duban.intake.guard import (
    COLUMNS,
    ELEMENTS,
    MAIN_PART,
    MEMBERS,
    RATIO,
    SAVE_AGAIN,
    UNPACKED,
    XML_PART,
    Opened,
    Parts,
)

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PAGES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Pages"
#: Office data that charts and tables bring along; another zip inside has no business there.
_EMBEDDED = re.compile(r"word/embeddings/[^/]+\.(xlsx|docx|pptx)", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error)
_OBJECT = "里嵌入了其他程序的对象，不能接收，请删去后作为附件另行报送。"
_MACROS = "含有宏，不能接收，请另存为不含宏的 .docx 再报送。"


def opened(name: str, data: bytes) -> Opened:
    """Return the parts of a .docx (no parts for an .ofd). Raises Refusal naming the fault."""
    members = _members(name, data)
    if "OFD.xml" in members:
        for _name, _part in _xml_parts(name, {"OFD.xml": members["OFD.xml"]}):
            return Opened("ofd", {})
    _refuse_bad_types(name, members)
    for member, content in members.items():
        _refuse_bad_content(name, member, content)
    parts = dict(_xml_parts(name, members))
    if sum(1 for part in parts.values() for _element in part.iter()) > ELEMENTS:
        raise _bomb(name)
    for part_name, part in parts.items():
        if part_name.endswith(".rels"):
            _refuse_bad_relations(name, part)
        _refuse_wide_tables(name, part)
    return Opened("docx", parts | {MAIN_PART: _main_part(name, parts)}, _pages(parts))


def _bomb(name: str) -> Refusal:
    return Refusal(f"“{name}”展开后异常庞大，不能接收，{SAVE_AGAIN}")


def _odd(name: str) -> Refusal:
    return Refusal(f"“{name}”的内部结构不正常，不能接收，{SAVE_AGAIN}")


def _members(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            infos = package.infolist()
            _refuse_bad_members(name, infos)
            members = {}
            for info in infos:
                if not info.is_dir():
                    with package.open(info) as file:
                        # With a length, what claims 100 bytes and unpacks to gigabytes ends after 101.
                        members[info.filename] = file.read(info.file_size + 1)
    except Refusal:  # is a ValueError
        raise
    except _BROKEN:
        raise Refusal(f"“{name}”不完整或已经损坏，可能没有传完，请重新报送。") from None
    return members


def _refuse_bad_members(name: str, infos: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 1 for info in infos):
        raise Refusal(f"“{name}”设有密码，请取消密码后再报送。")
    if len(infos) > MEMBERS or sum(info.file_size for info in infos) > UNPACKED:
        raise _bomb(name)
    if any(info.file_size > 2**20 and info.file_size > RATIO * max(info.compress_size, 1) for info in infos):
        raise _bomb(name)
    # Word writes nothing but these two; the others unpack with dictionaries of gigabytes.
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise _odd(name)
    names = [info.filename.replace("\\", "/").lower() for info in infos]
    # Two members of one name: a checker reads the one and Word the other.
    if len(set(names)) != len(names):
        raise _odd(name)
    if any(one.startswith("/") or ":" in one or ".." in one.split("/") or not one.isprintable() for one in names):
        raise _odd(name)


def _refuse_bad_types(name: str, members: dict[str, bytes]) -> None:
    types = members.get("[Content_Types].xml", b"")
    if not types:
        raise Refusal(f"“{name}”不是 Word 文档（是压缩包或其他文件改名），请报送 .docx 文档。")
    lower = types.lower()
    if b"macroenabled" in lower or b"vbaproject" in lower or any("vbaproject" in one.lower() for one in members):
        raise Refusal(f"“{name}”{_MACROS}")
    if any(re.search(r"/(activex|embeddings/.*\.(bin|exe|js|vbs))", member.lower()) for member in members):
        raise Refusal(f"“{name}”{_OBJECT}")
    if MAIN.encode() not in types:
        raise Refusal(f"“{name}”不是 Word 文字文档，请报送 .docx 文档。")


def _refuse_bad_content(name: str, member: str, content: bytes) -> None:
    """What lies in the package whatever it is called: programs, packages in the package, pictures that fill memory."""
    if content.startswith((b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0")):
        raise Refusal(f"“{name}”{_OBJECT}")
    if content.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        if not _EMBEDDED.fullmatch(member):
            raise Refusal(f"“{name}”里面套着压缩包，不能接收，请把里面的文件分别报送。")
        inner = _members(name, content)
        if any("vbaproject" in one.lower() for one in inner):
            raise Refusal(f"“{name}”{_MACROS}")
        if any(one.startswith(b"PK\x03\x04") for one in inner.values()):
            raise Refusal(f"“{name}”里面套着压缩包，不能接收，请把里面的文件分别报送。")
    pictures.refuse_huge(name, PurePosixPath(member).name, content)


def _xml_parts(name: str, members: dict[str, bytes]) -> Iterator[tuple[str, etree._Element]]:
    for member, content in members.items():
        if not member.lower().endswith((".xml", ".rels", ".vml")):
            continue
        if len(content) > XML_PART:
            raise _bomb(name)
        # libxml2 would tell a DOCTYPE too, but only after it has read it.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
            raise Refusal(f"“{name}”里有不该有的实体定义，不能接收，{SAVE_AGAIN}")
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise Refusal(f"“{name}”的内容已经损坏，{SAVE_AGAIN}") from None
        if "purl.oclc.org/ooxml" in (root.nsmap.get("w") or ""):
            raise Refusal(f"“{name}”是“严格 Open XML”格式，请另存为普通的 Word 文档（.docx）再报送。")
        yield member, root


def _main_part(name: str, parts: Parts) -> etree._Element:
    """The text itself; some writers call it document2.xml, so the content types say where it is."""
    for entry in parts["[Content_Types].xml"]:
        part = parts.get(str(entry.get("PartName", "")).lstrip("/"))
        if entry.get("ContentType") == MAIN and part is not None:
            return part
    raise Refusal(f"“{name}”里没有正文，{SAVE_AGAIN}")


def _refuse_bad_relations(name: str, relations: etree._Element) -> None:
    for relation in relations:
        kind = str(relation.get("Type", "")).rpartition("/")[2].lower()
        target = str(relation.get("Target", "")).strip().lower()
        if kind == "afchunk":
            raise Refusal(f"“{name}”里夹带了另一份文件，不能接收，{SAVE_AGAIN}")
        if kind == "vbaproject":
            raise Refusal(f"“{name}”{_MACROS}")
        if kind in ("oleobject", "control"):
            raise Refusal(f"“{name}”{_OBJECT}")
        outside = str(relation.get("TargetMode", "")).lower() == "external"
        if outside and not (kind == "hyperlink" and re.match(r"(https?|mailto):", target)):
            what = {"attachedtemplate": "模板", "image": "图片", "hyperlink": "文件"}.get(kind, "内容")
            raise Refusal(f"“{name}”引用了文件以外的{what}，打开时会自动去取，不能接收，请改为插入文件本身。")


def _refuse_wide_tables(name: str, part: etree._Element) -> None:
    for tag in ("gridSpan", "gridBefore", "gridAfter"):
        for element in part.iter(_W + tag):
            value = element.get(_W + "val", "1")
            if not re.fullmatch(r"\d{1,4}", value) or int(value) > COLUMNS:
                raise _bomb(name)


def _pages(parts: Parts) -> int | None:
    """How many pages the writer last counted; only a hint."""
    said = parts["docProps/app.xml"].findtext(_PAGES, "") if "docProps/app.xml" in parts else ""
    return int(said) if re.fullmatch(r"[0-9]{1,4}", said) else None
