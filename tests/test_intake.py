"""duban.intake: what units send is hostile until checked (notes on documents; BC-5.6a, BC-7.1.2)."""

import hashlib
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from lxml import etree

from duban import intake
from duban.errors import Refusal
from duban.intake import guard, reader

EXAMPLES = Path(__file__).parent.parent / "examples" / "replies"
GOOD = next(EXAMPLES.glob("12 *.docx")).read_bytes()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = f'<w:document xmlns:w="{W}"><w:body>'
TAIL = "</w:body></w:document>"
TYPES, RELS, BODY = "[Content_Types].xml", "word/_rels/document.xml.rels", "word/document.xml"


def members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
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


def lying_size() -> bytes:
    """The directory says 100 bytes; much more comes out."""
    data = bytearray(pack(members() | {"word/media/a.bin": b"x" * 500_000}))
    at = data.rindex(b"PK\x01\x02", 0, data.index(b"word/media/a.bin", data.index(b"PK\x01\x02")))
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def png(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def jpeg(width: int, height: int) -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" * 12


ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
STRICT = members()[BODY].replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"

HOSTILE = {
    "truncated": (GOOD[: len(GOOD) // 2], "不完整"),
    "head torn off": (GOOD[10:], "文件开头已经损坏"),
    "not a document": (b"<html>", "不是 Word 文档"),
    "pdf renamed": (PDF, "扩展名与内容不符，内容是 .pdf"),
    "doc renamed": (OLE, "扩展名与内容不符，内容是 .doc"),
    "rtf": (b"{\\rtf1 x}", "RTF"),
    "bare zip": (pack({"a.txt": b"x"}), "压缩包"),
    "spreadsheet": (changed(TYPES, "wordprocessingml.document.main", "spreadsheetml.sheet.main"), "不是 Word 文字"),
    "macro type": (changed(TYPES, guard._MAIN, "application/vnd.ms-word.document.macroEnabled.main+xml"), "含有宏"),
    "macro part": (added("word/vbaProject.bin", b"x"), "含有宏"),
    "strict": (pack(members() | {BODY: STRICT}), "严格 Open XML"),
    "entities": (added(BODY, f"{ENTITIES}{HEAD}<w:p><w:r><w:t>&b;</w:t></w:r></w:p>{TAIL}".encode()), "实体定义"),
    "external dtd": (added("word/x.xml", b'<!DOCTYPE a SYSTEM "http://x.invalid/a.dtd"><a/>'), "实体定义"),
    "utf-16 entities": (added("word/x.xml", f"{ENTITIES}<a>&b;</a>".encode("utf-16")), "实体定义"),
    "broken xml": (added("word/x.xml", b"<a><b></a>"), "已经损坏"),
    "no text": (changed(TYPES, 'PartName="/word/document.xml"', 'PartName="/word/elsewhere.xml"'), "没有正文"),
    "altChunk": (relation("aFChunk", "a.mht", "Internal"), "夹带了另一份文件"),
    "ole object": (relation("oleObject", "embeddings/o.bin", "Internal"), "其他程序的对象"),
    "control": (relation("control", "controls/c.xml", "Internal"), "其他程序的对象"),
    "active x": (added("word/activeX/activeX1.bin", b"x"), "其他程序的对象"),
    "remote template": (relation("attachedTemplate", "http://x.invalid/a.dotm"), "以外的模板"),
    "linked picture": (relation("image", "http://x.invalid/a.png"), "以外的图片"),
    "link to a file": (relation("hyperlink", "file:///c:/x.exe"), "以外的文件"),
    "link to a script": (relation("hyperlink", "javascript:alert(1)"), "以外的文件"),
    "shared folder": (relation("frame", "\\\\x.invalid\\a"), "以外的内容"),
    "duplicate member": (duplicate(), "内部结构不正常"),
    "same name in capitals": (added("word/DOCUMENT.xml", b"<a/>"), "内部结构不正常"),
    "path upwards": (added("../../etc/x", b"x"), "内部结构不正常"),
    "encrypted member": (flagged_encrypted(), "设有密码"),
    "lying size": (lying_size(), "不完整或已经损坏"),
    "many members": (pack(members() | {f"word/{n}": b"" for n in range(guard.MEMBERS)}), "异常庞大"),
    "high ratio": (added("word/media/a.bin", bytes(8 * 2**20)), "异常庞大"),
    "many elements": (
        pack(members() | {BODY: f"{HEAD}{'<w:p/>' * guard.ELEMENTS}{TAIL}".encode()}, zipfile.ZIP_STORED),
        "异常庞大",
    ),
    "gridSpan": (
        body('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="100000000"/></w:tcPr></w:tc></w:tr></w:tbl>'),
        "异常",
    ),
    "wide table": (body('<w:tc><w:tcPr><w:gridSpan w:val="5000"/></w:tcPr></w:tc>'), "异常庞大"),
    "gridSpan no number": (body('<w:tc><w:tcPr><w:gridSpan w:val="1e8"/></w:tcPr></w:tc>'), "异常庞大"),
    "huge png": (added("word/media/a.png", png(60_000, 60_000)), "图片 a.png 太大"),
    "huge jpeg": (added("word/media/a.jpeg", jpeg(60_000, 60_000)), "图片 a.jpeg 太大"),
}


@pytest.mark.parametrize(("data", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_each_fault_is_named(data, sentence):
    with pytest.raises(Refusal) as refused:
        guard.open_safely("回复.docx", data)
    assert "“回复.docx”" in str(refused.value)
    assert sentence in str(refused.value)


def test_bulk_without_any_ratio_is_refused_before_it_is_unpacked():
    parts = {f"word/media/{n}.bin": bytes(10**6) for n in range(85)}
    with pytest.raises(Refusal, match="异常庞大"):
        guard.open_safely("回复.docx", pack(members() | parts, zipfile.ZIP_STORED))


def test_one_xml_part_may_not_be_a_book():
    part = f"{HEAD}<w:p><w:r><w:t>{'x' * guard.XML_PART}</w:t></w:r></w:p>{TAIL}".encode()
    with pytest.raises(Refusal, match="异常庞大"):
        guard.open_safely("回复.docx", pack(members() | {BODY: part}, zipfile.ZIP_STORED))


OTHER = {
    "doc": ("a.doc", OLE, "doc"),
    "wps": ("a.WPS", OLE, "doc"),
    "pdf": ("a.pdf", PDF, "pdf"),
    "scan": ("a.png", png(800, 600), "other"),
    "photograph": ("a.JPG", jpeg(800, 600), "other"),
}


@pytest.mark.parametrize(("name", "data", "kind"), OTHER.values(), ids=OTHER)
def test_other_kinds_are_kept_as_evidence_and_read_by_nobody(name, data, kind):
    received = intake.inspect(name, data)
    assert received.kind == kind
    assert set(received.facts.values()) == {None}
    assert received.text_preview == ""


BAD_OTHER = {
    "locked doc": ("a.doc", OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    "doc with macros": ("a.doc", OLE + "_VBA_PROJECT".encode("utf-16-le"), "含有宏"),
    "torn pdf": ("a.pdf", PDF[:-8], "不完整"),
    "locked pdf": ("a.pdf", PDF.replace(b"/Type", b"/Encrypt 5 0 R/Type"), "设有密码"),
    "script in pdf": ("a.pdf", PDF.replace(b"/Type", b"/JavaScript(x)/Type"), "自动执行"),
    "program": ("a.exe", b"MZ", "无法识别"),
    "docx called pdf": ("a.pdf", GOOD, "扩展名与内容不符，内容是 .docx"),
}


@pytest.mark.parametrize(("name", "data", "sentence"), BAD_OTHER.values(), ids=BAD_OTHER)
def test_faults_of_other_kinds(name, data, sentence):
    with pytest.raises(Refusal, match=sentence):
        guard.open_safely(name, data)


@pytest.mark.parametrize("target", ["http://www.example.com/", "https://www.example.com/", "mailto:a@example.com"])
def test_links_that_a_person_clicks_are_let_through(target):
    assert guard.open_safely("回复.docx", relation("hyperlink", target))[0] == "docx"


def test_text_under_another_part_name_is_found():
    parts = members()
    parts["word/document2.xml"] = parts.pop(BODY)
    parts[TYPES] = parts[TYPES].replace(b"/word/document.xml", b"/word/document2.xml")
    assert reader.read(guard.open_safely("回复.docx", pack(parts))[1])["found"]["subject"] == ["白城市公安局洮北分局"]


def test_a_good_reply_through_the_child():
    received = intake.inspect("12 办结报告.docx", GOOD)
    assert (received.kind, received.size) == ("docx", len(GOOD))
    assert received.sha256 == hashlib.sha256(GOOD).hexdigest()
    assert set(received.facts.values()) == {True}
    assert received.found["reference"] == ["白公督〔2026〕12号"]
    assert received.found["signer"] == ["孟祥瑞"]
    assert received.found["subject"] == ["白城市公安局洮北分局"]
    assert received.found["date"] == ["2026年3月6日"]
    assert received.found["addressee"] == ["白城市公安局办公室"]
    assert received.found["title"] == ["关于反映某派出所民警办案拖延问题的核查情况的报告"]
    assert received.found["sections"][:3] == ["办理经过", "办理结果", "处理意见"]
    assert received.text_preview.startswith("关于反映")
    assert len(received.text_preview) <= reader.PREVIEW


def test_the_child_passes_the_refusal_on():
    with pytest.raises(Refusal, match=r"“伪装\.docx”含有宏"):
        intake.inspect("D:\\文件\\伪装.docx", added("word/vbaProject.bin", b"x"))


@pytest.mark.parametrize("data", [b"", bytes(intake.LARGEST + 1)], ids=["empty", "too large"])
def test_size_is_looked_at_before_anything_is_opened(data, monkeypatch):
    monkeypatch.setattr(intake, "_in_child", lambda *_: pytest.fail("opened"))
    with pytest.raises(Refusal, match=r"空文件|最大 20 MB"):
        intake.inspect("a.docx", data)


def test_a_child_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr(intake.sys, "executable", "/bin/false")
    with pytest.raises(Refusal, match=r"“a\.docx”的内容异常复杂"):
        intake.inspect("a.docx", GOOD)


def test_a_child_that_never_ends_is_a_refusal(monkeypatch, tmp_path):
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(intake.sys, "executable", str(sleeper))
    monkeypatch.setattr(intake, "PATIENCE", 0.2)
    with pytest.raises(Refusal, match="内容异常复杂"):
        intake.inspect("a.docx", GOOD)


GREED = {
    "memory": "bytearray(2**30)",
    "time": "sum(range(10**9))",
    "disk": "open('greedy', 'w').write('x' * 100_000)",
}


@pytest.mark.parametrize("what", GREED)
def test_the_child_has_limits(what, tmp_path):
    """Each of these ends well in a process without limits."""
    code = (
        "from duban.intake import child, guard\n"
        f"child.CPU = {1 if what == 'time' else 20}\n"
        f"guard.open_safely = lambda *_: ({GREED[what]}, ('docx', {{}}))[1]\n"
        "child.main('a.docx')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"", capture_output=True, timeout=60, check=False, cwd=tmp_path
    )
    assert done.returncode != 0
    assert done.stdout == b""


def seen(xml: str, **more: bytes) -> dict:
    parts = {name: etree.fromstring(data) for name, data in more.items()}
    return reader.read(parts | {BODY: etree.fromstring(f"{HEAD}{xml}{TAIL}")})


def p(text: str, run: str = "") -> str:
    return f"<w:p><w:r>{run}<w:t>{text}</w:t></w:r></w:p>"


SIGN = "主要领导（签字）：孟祥瑞"
PLACES = {
    "table": f"<w:tbl><w:tr><w:tc>{p(SIGN)}</w:tc></w:tr></w:tbl>",
    "nested table": f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{p(SIGN)}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
    "text box": f"<w:p><w:r><w:pict><w:txbxContent>{p(SIGN)}</w:txbxContent></w:pict></w:r></w:p>",
    "insertion": f'<w:p><w:ins w:id="1"><w:r><w:t>{SIGN}</w:t></w:r></w:ins></w:p>',
    "content control": f"<w:sdt><w:sdtContent>{p(SIGN)}</w:sdtContent></w:sdt>",
    "inline control": f"<w:p><w:sdt><w:sdtContent><w:r><w:t>{SIGN}</w:t></w:r></w:sdtContent></w:sdt></w:p>",
    "split over runs": "<w:p><w:r><w:t>主要领导（签</w:t></w:r><w:r><w:t>字）：孟</w:t><w:t>祥瑞</w:t></w:r></w:p>",
    "link": f"<w:p><w:hyperlink><w:r><w:t>{SIGN}</w:t></w:r></w:hyperlink></w:p>",
    "after a line break": f"<w:p><w:r><w:t>其他</w:t><w:br/><w:t>{SIGN}</w:t></w:r></w:p>",
}


@pytest.mark.parametrize("xml", PLACES.values(), ids=PLACES)
def test_the_reader_sees_what_a_reader_of_the_page_sees(xml):
    assert seen(xml)["found"]["signer"] == ["孟祥瑞"]


def test_headers_and_footers_are_read():
    header = f'<w:hdr xmlns:w="{W}">{p("白公督〔2026〕7号")}</w:hdr>'.encode()
    assert seen(p("正文"), **{"word/header1.xml": header})["found"]["reference"] == ["白公督〔2026〕7号"]


HIDDEN = {
    "hidden": p(SIGN, "<w:rPr><w:vanish/></w:rPr>"),
    "deleted": f'<w:p><w:del w:id="1"><w:r><w:delText>{SIGN}</w:delText></w:r></w:del></w:p>',
    "moved away": f'<w:p><w:moveFrom w:id="1"><w:r><w:t>{SIGN}</w:t></w:r></w:moveFrom></w:p>',
    "field code": f"<w:p><w:r><w:instrText>{SIGN}</w:instrText></w:r></w:p>",
}


@pytest.mark.parametrize("xml", HIDDEN.values(), ids=HIDDEN)
def test_what_the_page_does_not_show_does_not_count(xml):
    assert seen(xml)["facts"]["signer"] is False


def test_vanish_switched_off_is_visible_and_a_fallback_is_not_read_twice():
    assert seen(p(SIGN, '<w:rPr><w:vanish w:val="0"/></w:rPr>'))["facts"]["signer"] is True
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<w:p><w:r><mc:AlternateContent {mc}><mc:Choice><w:t>一次</w:t></mc:Choice><mc:Fallback><w:t>一次</w:t>"
    assert seen(f"{both}</mc:Fallback></mc:AlternateContent></w:r></w:p>")["text_preview"] == "一次"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("（督办文号：白公督〔2026〕7号）", "白公督〔2026〕7号"),
        ("白公督[2026]7号", "白公督[2026]7号"),
        ("白公督〔2026〕 第7号", "白公督〔2026〕第7号"),
        ("白公督 〔2026〕 7 号", "白公督〔2026〕7号"),
    ],
)
def test_the_number_is_found_as_people_write_it(written, number):
    assert seen(p(written))["found"]["reference"] == [number]


def test_a_seal_that_cannot_be_seen_is_unknown_and_never_missing():
    picture = '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"/>'
    assert seen(p("白城市公安局（印）"))["facts"]["seal"] is True
    assert seen(f"<w:p><w:r><w:drawing>{picture}</w:drawing></w:r></w:p>")["facts"]["seal"] is True
    assert seen(p("白城市公安局"))["facts"]["seal"] is None


def test_an_empty_signature_line_is_no_signature():
    assert seen(p("主要领导（签字）：") + p("白城市公安局") + p("2026年3月6日"))["facts"]["signer"] is False


@pytest.mark.parametrize(
    ("pattern", "signed", "subject"),
    [
        ("06 *（未签字）*", False, "白城市公安局刑事侦查支队"),
        ("06 *（补办后）*", True, "白城市公安局刑事侦查支队"),
        ("07 *（署名不符）*", True, "镇赉县公安局治安管理大队"),
    ],
)
def test_the_faults_of_the_example_replies_are_seen(pattern, signed, subject):
    (path,) = EXAMPLES.glob(pattern)
    found = reader.read(guard.open_safely(path.name, path.read_bytes())[1])
    assert found["facts"]["signer"] is signed
    assert found["found"]["subject"] == [subject]


def test_an_empty_document_has_nothing_and_breaks_nothing():
    facts = seen("")["facts"]
    assert facts.pop("seal") is None
    assert set(facts.values()) == {False}
