"""duban.intake: what units send is hostile until checked (notes on documents; BC-5.6a). The container and the child."""

import hashlib
import subprocess
import sys
import time
import zipfile

import pytest
from crafted import (
    BODY,
    GOOD,
    HEAD,
    TAIL,
    TYPES,
    W,
    added,
    body,
    changed,
    duplicate,
    flagged_encrypted,
    jpeg,
    lying_size,
    members,
    ole,
    p,
    pack,
    pdf,
    png,
    relation,
    tiff,
    word97,
)

from duban import intake
from duban.errors import Refusal
from duban.intake import container, guard, reader

ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
STRICT = members()[BODY].replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
VBA_TYPE = '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
SHEET = pack({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})

HOSTILE = {
    "truncated": (GOOD[: len(GOOD) // 2], "不完整"),
    "last bytes missing": (GOOD[:-3], "不完整"),
    "head torn off": (GOOD[10:], "文件开头已经损坏"),
    "zeros": (bytes(2000), "文件开头已经损坏"),
    "html": (b"\xef\xbb\xbf <html><body>x</body></html>", "内容是网页"),
    "mht": (b"MIME-Version: 1.0\n", "内容是网页"),
    "word 2003 xml": (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "内容是网页或 XML"),
    "pdf renamed": (pdf(), "扩展名与内容不符，内容是 .pdf"),
    "doc renamed": (word97(), "扩展名与内容不符，内容是 .doc或.wps"),
    "picture renamed": (png(8, 8), "扩展名与内容不符，内容是 .png"),
    "rtf": (b"{\\rtf1 x}", "RTF"),
    "program": (b"MZ\x90\x00", "是程序文件"),
    "rar": (b"Rar!\x1a\x07", "是压缩包"),
    "heic": (b"\x00\x00\x00\x18ftypheic", "转换成 .jpg"),
    "bare zip": (pack({"a.txt": b"x"}), "压缩包"),
    "empty zip": (pack({}), "压缩包"),
    "spreadsheet": (changed(TYPES, "wordprocessingml.document.main", "spreadsheetml.sheet.main"), "不是 Word 文字"),
    "macro type": (changed(TYPES, container.MAIN, MACRO_TYPE), "含有宏"),
    "macro part": (added("word/vbaProject.bin", b"x"), "含有宏"),
    "macro part by its type": (changed(TYPES, "</Types>", VBA_TYPE), "含有宏"),
    "macro relation": (relation("vbaProject", "x.bin", "Internal"), "含有宏"),
    "strict": (pack(members() | {BODY: STRICT}), "严格 Open XML"),
    "entities": (added(BODY, f"{ENTITIES}{HEAD}<w:p><w:r><w:t>&b;</w:t></w:r></w:p>{TAIL}".encode()), "实体定义"),
    "external dtd": (added("word/x.xml", b'<!DOCTYPE a SYSTEM "http://x.invalid/a.dtd"><a/>'), "实体定义"),
    "utf-16 entities": (added("word/x.xml", f"{ENTITIES}<a>&b;</a>".encode("utf-16")), "实体定义"),
    "broken xml": (added("word/x.xml", b"<a><b></a>"), "已经损坏"),
    "deep xml": (added("word/x.xml", b"<a>" * 100_000 + b"</a>" * 100_000), "已经损坏"),
    "no text": (changed(TYPES, 'PartName="/word/document.xml"', 'PartName="/word/elsewhere.xml"'), "没有正文"),
    "altChunk": (relation("aFChunk", "a.mht", "Internal"), "夹带了另一份文件"),
    "altChunk in capitals": (relation("AFCHUNK", "a.mht", "Internal"), "夹带了另一份文件"),
    "ole object": (relation("oleObject", "embeddings/o.bin", "Internal"), "其他程序的对象"),
    "control": (relation("control", "controls/c.xml", "Internal"), "其他程序的对象"),
    "active x": (added("word/activeX/activeX1.bin", b"x"), "其他程序的对象"),
    "program inside": (added("word/media/a.png", b"MZ\x90"), "其他程序的对象"),
    "old document inside": (added("word/media/a.png", ole({"x": b"x"})), "其他程序的对象"),
    "zip inside": (added("word/media/a.png", pack({"a": b"x"})), "套着压缩包"),
    "rar inside": (added("word/x.dat", b"Rar!\x1a"), "套着压缩包"),
    "zip in a sheet inside": (added("word/embeddings/a.xlsx", pack({"a": pack({"b": b"x"})})), "套着压缩包"),
    "bomb in a sheet inside": (added("word/embeddings/a.xlsx", pack({"a": bytes(9 * 2**20)})), "异常庞大"),
    "macro in a sheet inside": (added("word/embeddings/a.xlsx", pack({"xl/vbaProject.bin": b"x"})), "含有宏"),
    "remote template": (relation("attachedTemplate", "http://x.invalid/a.dotm"), "以外的模板"),
    "linked picture": (relation("image", "http://x.invalid/a.png"), "以外的图片"),
    "link to a file": (relation("hyperlink", "file:///c:/x.exe"), "以外的文件"),
    "link to a script": (relation("hyperlink", "javascript:alert(1)"), "以外的文件"),
    "shared folder": (relation("frame", "\\\\x.invalid\\a"), "以外的内容"),
    "duplicate member": (duplicate(), "内部结构不正常"),
    "same name in capitals": (added("word/DOCUMENT.xml", b"<a/>"), "内部结构不正常"),
    "path upwards": (added("../../etc/x", b"x"), "内部结构不正常"),
    "path upwards with backslashes": (added("word\\..\\..\\x", b"x"), "内部结构不正常"),
    "path from the root": (added("/etc/x", b"x"), "内部结构不正常"),
    "path of a drive": (added("C:/x", b"x"), "内部结构不正常"),
    "name with a direction mark": (added("word/\u202egpj.exe", b"x"), "内部结构不正常"),
    "lzma": (pack(members(), zipfile.ZIP_LZMA), "内部结构不正常"),
    "bzip2": (pack(members(), zipfile.ZIP_BZIP2), "内部结构不正常"),
    "encrypted member": (flagged_encrypted(), "设有密码"),
    "encrypted by Word": (ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "设有密码"),
    "lying size": (lying_size(100, b"x" * 500_000), "不完整或已经损坏"),
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
    "gridBefore": (body('<w:trPr><w:gridBefore w:val="9999"/></w:trPr>'), "异常庞大"),
    "huge png": (added("word/media/a.png", png(60_000, 60_000)), "图片 a.png 太大"),
    "huge jpeg": (added("word/media/a.jpeg", jpeg(60_000, 60_000)), "图片 a.jpeg 太大"),
    "huge tiff": (added("word/media/a.tiff", tiff(60_000, 60_000)), "图片 a.tiff 太大"),
    "huge tiff, other order": (added("word/media/a.tiff", tiff(60_000, 60_000, ">")), "图片 a.tiff 太大"),
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


def test_a_lying_size_does_not_unpack_what_it_hides(tmp_path):
    """A directory that says 1,000 bytes where 300 MB come out: refused within a third of that memory."""
    file = tmp_path / "a.docx"
    file.write_bytes(lying_size(1000, bytes(300 * 2**20)))
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (100 * 2**20 + int(sys.argv[2]),) * 2)\n"
        "from duban.errors import Refusal; from duban.intake import guard\n"
        "try: guard.open_safely('a.docx', open(sys.argv[1], 'rb').read())\n"
        "except Refusal as refusal: print(refusal)"
    )
    bare = 2**27
    done = subprocess.run(
        [sys.executable, "-c", code, str(file), str(bare)], capture_output=True, text=True, check=True
    )
    assert "不完整或已经损坏" in done.stdout


def test_the_data_behind_a_chart_is_let_through():
    assert guard.open_safely("回复.docx", added("word/embeddings/Microsoft_Excel.xlsx", SHEET)).format == "docx"


@pytest.mark.parametrize("target", ["http://www.example.com/", "https://www.example.com/", "mailto:a@example.com"])
def test_links_that_a_person_clicks_are_let_through(target):
    assert guard.open_safely("回复.docx", relation("hyperlink", target)).format == "docx"


def test_a_relation_to_nowhere_can_be_read():
    assert guard.open_safely("回复.docx", relation("image", "media/gone.png", "Internal")).format == "docx"


def test_text_under_another_part_name_is_found():
    parts = members()
    parts["word/document2.xml"] = parts.pop(BODY)
    parts[TYPES] = parts[TYPES].replace(b"/word/document.xml", b"/word/document2.xml")
    assert reader.read(guard.open_safely("回复.docx", pack(parts)).parts)["found"]["subject"] == [
        "白城市公安局洮北分局"
    ]


@pytest.mark.rule("BC-5.6a", "BC-5.4b")
def test_a_good_reply_through_the_child():
    received = intake.inspect("12 办结报告.docx", GOOD)
    assert (received.kind, received.format, received.size) == ("docx", "docx", len(GOOD))
    assert received.sha256 == hashlib.sha256(GOOD).hexdigest()
    assert received.found["reference"] == ["白公督〔2026〕12号"]
    assert received.found["signer"] == ["孟祥瑞"]
    assert received.found["subject"] == ["白城市公安局洮北分局"]
    assert received.found["date"] == ["2026年3月6日"]
    assert received.found["addressee"] == ["白城市公安局办公室"]
    assert received.found["title"] == ["关于反映某派出所民警办案拖延问题的核查情况的报告"]
    assert received.found["sections"] == ["办理经过", "办理结果", "处理意见", "整改措施", "回访情况", "结论"]
    assert all(received.facts[name] for name in ("signer", "seal", "opinion", "rectification", "revisit", "conclusion"))
    assert all(length > 10 for _heading, length in received.sections)
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
    "another file": "open('/etc/hostname').read()",
    "the network": "__import__('socket').socket()",
    "another program": "__import__('os').execv('/bin/true', ['true'])",
}


@pytest.mark.parametrize("what", GREED)
def test_the_child_has_limits(what, tmp_path):
    """Each of these ends well in a process without limits."""
    code = (
        "import socket\n"
        "from duban.intake import child, guard\n"
        f"child.CPU = {1 if what == 'time' else 20}\n"
        f"guard.open_safely = lambda *_: ({GREED[what]}, guard.Opened('docx', {{}}))[1]\n"
        "child.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b'"a.docx"\n', capture_output=True, timeout=60, check=False, cwd=tmp_path
    )
    assert done.stdout == b""
    assert done.returncode != 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\文件\\回复.docx", "回复.docx"),
        ("../../etc/回复.docx", "回复.docx"),
        ("回复\u202excod.docx", "回复xcod.docx"),
        ("回\n复\x00.docx", "回 复\ufffd.docx"),
        ("\ud800回复.docx", "\ufffd回复.docx"),
        ("𠮷䶮㛃.docx", "𠮷䶮㛃.docx"),
        ("长" * 300 + ".docx", "长" * 70 + ".docx"),
        ("{{ 7*7 }}=1+1<b>.docx", "{{ 7*7 }}=1+1<b>.docx"),
    ],
)
def test_names_are_shown_as_they_are_and_harmless(name, shown):
    """A very long name keeps its suffix, or the file would be taken for a renamed one."""
    assert intake.shown_name(name) == shown
    assert intake.inspect(name, GOOD).kind == "docx"


@pytest.mark.parametrize("name", ["", "..", "/", "\u202e"])
def test_a_file_without_a_name(name):
    assert intake.shown_name(name) == "文件"
    with pytest.raises(Refusal, match=r"扩展名与内容不符，内容是 \.docx"):
        intake.inspect(name, GOOD)


def test_hostile_files_end_in_bounded_time_in_the_child():
    """The heaviest that is let through: just under every limit."""
    rows = "".join(f"<w:tr><w:tc>{p(f'第{n}行 2026年3月6日 白公督〔2026〕{n}号')}</w:tc></w:tr>" for n in range(30_000))
    heavy = pack(
        members() | {BODY: f"{HEAD}<w:tbl>{rows}</w:tbl>{p('（' * 100_000)}{TAIL}".encode()}, zipfile.ZIP_STORED
    )
    began = time.monotonic()
    received = intake.inspect("a.docx", heavy)
    assert time.monotonic() - began < 20
    assert len(received.found["reference"]) == reader.MOST
