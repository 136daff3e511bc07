"""Kinds that are kept as evidence and read by a person: .doc, .wps, .pdf and scans. Are they whole and harmless?"""

import re
from io import BytesIO
from typing import Any

import olefile

from duban.errors import Refusal
from duban.intake import pictures
from duban.intake.guard import SAVE_AGAIN, Opened

_LOCKED = "设有密码，请取消密码后再报送。"
#: Annotations are looked at on so many pages; links that start programs are put on the first.
_LOOKED_AT = 50
#: A whole PDF of one empty page.
BLANK = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n160\n%%EOF\n"
)


def opened(name: str, data: bytes, kind: str) -> Opened:
    """Return the format (doc, pdf, png, jpg, tif) and the pages. Raises Refusal naming the fault."""
    if kind == "ole":
        return Opened("doc", {}, _old_word(name, data))
    if kind == "pdf":
        return Opened("pdf", {}, _pdf(name, data))
    _refuse_torn_picture(name, data, kind)
    pictures.refuse_huge(name, name, data)
    return Opened(kind, {}, 1 if kind != "tif" else None)


def _old_word(name: str, data: bytes) -> int | None:
    torn = Refusal(f"“{name}”不完整或已经损坏，可能没有传完，请重新报送。")
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            streams = ["/".join(path).lower() for path in ole.listdir(streams=True, storages=True)]
            text = ole.openstream("WordDocument").read(64) if "worddocument" in streams else b""
            pages = ole.get_metadata().num_pages
    except Exception:  # a hostile directory makes olefile fail in many ways; each of them means that nobody can read it
        raise torn from None
    if "encryptedpackage" in streams:
        raise Refusal(f"“{name}”{_LOCKED}")
    if any(part in ("macros", "vba", "_vba_project") for stream in streams for part in stream.split("/")):
        raise Refusal(f"“{name}”含有宏，不能接收，请另存为不含宏的 .docx 再报送。")
    if any(stream.endswith("\x01ole10native") for stream in streams):
        raise Refusal(f"“{name}”里嵌入了其他程序的对象，不能接收，请删去后作为附件另行报送。")
    if "worddocument" not in streams:
        raise Refusal(f"“{name}”不是 Word 文字文档（可能是表格、演示文稿或安装包改名），{SAVE_AGAIN}")
    if len(text) < 12:
        raise torn
    if text[11] & 1:  # [MS-DOC] FibBase: fEncrypted
        raise Refusal(f"“{name}”{_LOCKED}")
    return pages if isinstance(pages, int) and 0 < pages < 10_000 else None


def _pdf(name: str, data: bytes) -> int:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%%EOF" not in data[-2048:]:
        raise Refusal(f"“{name}”不完整，可能没有传完，请重新导出 PDF 后再报送。")
    if b"/Encrypt" in data:
        raise Refusal(f"“{name}”{_LOCKED}")
    try:
        reader = pypdf.PdfReader(BytesIO(data), strict=False)
        pages = len(reader.pages)
        active = bool(re.search(rb"/(JavaScript|Launch)\b", data)) or _acts_by_itself(reader)
        attached = "/EmbeddedFiles" in _entry(reader.root_object, "/Names")
    except Exception:  # as above: what pypdf cannot read in any way, viewers may still run
        raise Refusal(f"“{name}”不完整或已经损坏，请重新打印成 PDF 后再报送。") from None
    if active:
        raise Refusal(f"“{name}”里带有会自动执行的内容，不能接收，请重新打印成 PDF 后再报送。")
    if attached:
        raise Refusal(f"“{name}”里夹带了别的文件，不能接收，请重新打印成 PDF，把附件另行报送。")
    if pages == 0:
        raise Refusal(f"“{name}”里一页也没有，请重新导出 PDF 后再报送。")
    return pages


def _entry(holder: Any, key: str) -> Any:
    value: Any = holder.get(key) if hasattr(holder, "get") else None
    value = value.get_object() if hasattr(value, "get_object") else value
    return {} if value is None else value


def _acts_by_itself(reader: Any) -> bool:
    """Whether opening or clicking it runs something; also where a compressed stream hides the words."""
    root: Any = reader.root_object
    actions = [_entry(root, "/OpenAction")]
    if "/JavaScript" in _entry(root, "/Names"):
        return True
    for page in reader.pages[:_LOOKED_AT]:
        more = list(_entry(page, "/AA").values()) if _entry(page, "/AA") else []
        actions += [one.get_object() if hasattr(one, "get_object") else one for one in more]
        actions += [_entry(note.get_object(), "/A") for note in list(_entry(page, "/Annots"))[:500]]
    return any(isinstance(one, dict) and one.get("/S") in ("/JavaScript", "/Launch") for one in actions)


def _refuse_torn_picture(name: str, data: bytes, kind: str) -> None:
    torn = {
        "png": b"IEND" not in data[-64:],
        # Telephones write a preview or a comment after the end of the picture itself.
        "jpg": b"\xff\xd9" not in data[-65536:],
        "tif": not 8 <= int.from_bytes(data[4:8], "little" if data[:1] == b"I" else "big") < len(data),
    }
    if torn[kind]:
        raise Refusal(f"图片“{name}”不完整，可能没有传完，请重新扫描或拍照后报送。")
