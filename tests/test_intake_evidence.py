"""duban.intake: .doc, .wps, .pdf, .ofd and scans are kept as evidence, whole and harmless, and read by a person."""

import zlib

import pytest
from crafted import GOOD, added, jpeg, ofd, ole, pack, pdf, png, tiff, word97
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duban import intake
from duban.errors import Refusal
from duban.intake import guard, pictures

KEPT = {
    "doc": ("a.doc", word97(), "doc", None),
    "wps": ("a.WPS", word97(), "wps", None),
    "pdf": ("a.pdf", pdf(pages=3), "pdf", 3),
    "ofd": ("a.ofd", ofd(), "ofd", None),
    "scan": ("a.png", png(4961, 7016), "png", 1),
    "photograph": ("a.JPG", jpeg(4000, 3000), "jpg", 1),
    "photograph with a preview behind": ("a.jpeg", jpeg(4000, 3000, b"\xff\xd9" + bytes(5000)), "jpg", 1),
    "fax": ("a.tif", tiff(1728, 2200), "tif", None),
    "fax of another machine": ("a.tiff", tiff(1728, 2200, ">"), "tif", None),
}


@pytest.mark.rule("BC-5.6a")
@pytest.mark.parametrize(("name", "data", "kind", "pages"), KEPT.values(), ids=KEPT)
def test_other_kinds_are_kept_as_evidence_and_read_by_nobody(name, data, kind, pages):
    received = intake.inspect(name, data)
    assert (received.kind, received.format, received.pages) == ("unread", kind, pages)
    assert set(received.facts.values()) == {None}
    assert (received.found, received.sections, received.text_preview) == ({}, (), "")
    assert intake.media_type(name) == intake.MEDIA[kind.replace("wps", "doc")]


HIDDEN = zlib.compress(b"/Type/Action/S/JavaScript/JS(app.alert(1))")
JAVASCRIPT = "<</S/JavaScript/JS(x)>>"
ESCAPED = "<</S/Java#53cript/JS(x)>>"
BAD = {
    "locked doc": ("a.doc", word97(flags=0x0100), "设有密码"),
    "locked docx called doc": ("a.doc", ole({"EncryptedPackage": b"x"}), "设有密码"),
    "doc with macros": ("a.doc", word97(**{"Macros/dir": b"x"}), "含有宏"),
    "wps with macros": ("a.wps", word97(**{"_VBA_PROJECT_CUR/VBA": b"x"}), "含有宏"),
    "doc with a package": ("a.doc", word97(**{"ObjectPool/\x01Ole10Native": b"x"}), "其他程序的对象"),
    "spreadsheet called doc": ("a.doc", ole({"Workbook": b"x"}), "不是 Word 文字文档"),
    "installer called doc": ("a.doc", ole({"x": b"MZ"}), "不是 Word 文字文档"),
    "torn doc": ("a.doc", word97()[:700], "不完整或已经损坏"),
    "only the head of a doc": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "不完整或已经损坏"),
    "torn pdf": ("a.pdf", pdf()[:-8], "不完整"),
    "pdf of nothing": ("a.pdf", b"%PDF-1.7\n%%EOF\n", "不完整或已经损坏"),
    "pdf without pages": ("a.pdf", pdf(pages=0), "一页也没有"),
    "pages in a ring": ("a.pdf", pdf().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"), "不完整或已经损坏|一页也没有"),
    "locked pdf": ("a.pdf", pdf(trailer="/Encrypt 100 0 R"), "设有密码"),
    "script in pdf": ("a.pdf", pdf(catalogue=f"/OpenAction{JAVASCRIPT}"), "自动执行"),
    "script by another spelling": ("a.pdf", pdf(catalogue=f"/OpenAction{ESCAPED}"), "自动执行"),
    "script of names": ("a.pdf", pdf(catalogue="/Names<</Java#53cript<</Names[]>>>>"), "自动执行"),
    "program behind a link": ("a.pdf", pdf(page="/Annots[<</A<</S/#4caunch/F(x.exe)>>>>]"), "自动执行"),
    "script of a page": ("a.pdf", pdf("<</O " + ESCAPED + ">>", page="/AA 100 0 R"), "自动执行"),
    "file in pdf": ("a.pdf", pdf(catalogue="/Names<</EmbeddedFiles<</Names[]>>>>"), "夹带了别的文件"),
    "torn png": ("a.png", png(800, 600, b""), "图片“a.png”不完整"),
    "torn jpeg": ("a.jpg", jpeg(800, 600, b""), "图片“a.jpg”不完整"),
    "torn tiff": ("a.tif", tiff(800, 600)[:8], "图片“a.tif”不完整"),
    "huge png": ("a.png", png(60_000, 60_000), "图片太大"),
    "huge jpeg": ("a.jpg", jpeg(60_000, 60_000), "图片太大"),
    "huge tiff": ("a.tif", tiff(60_000, 60_000), "图片太大"),
    "program": ("a.exe", b"MZ", "是程序文件"),
    "nothing known": ("a.dat", b"\x01\x02\x03", "无法识别“a.dat”的格式"),
    "docx called pdf": ("a.pdf", GOOD, "扩展名与内容不符，内容是 .docx"),
    "docx called doc": ("a.doc", GOOD, "扩展名与内容不符，内容是 .docx"),
    "pdf called doc": ("a.doc", pdf(), "扩展名与内容不符，内容是 .pdf"),
    "ofd called docx": ("a.docx", ofd(), "扩展名与内容不符，内容是 .ofd"),
    "entities in an ofd": ("a.ofd", pack({"OFD.xml": b'<!DOCTYPE a [<!ENTITY a "x">]><a>&a;</a>'}), "实体定义"),
    "bomb in an ofd": ("a.ofd", pack({"OFD.xml": b"<a/>", "b": bytes(9 * 2**20)}), "异常庞大"),
    "docx with macros called doc": ("a.doc", added("word/vbaProject.bin", b"x"), "含有宏"),
}


@pytest.mark.parametrize(("name", "data", "sentence"), BAD.values(), ids=BAD)
def test_faults_of_other_kinds(name, data, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        guard.open_safely(name, data)
    assert name in str(refused.value)


@pytest.mark.parametrize("which", ["locked doc", "script by another spelling", "pages in a ring", "huge tiff"])
def test_the_same_through_the_child(which):
    """The child has to load what it needs before it closes everything to itself."""
    name, data, sentence = BAD[which]
    with pytest.raises(Refusal, match=sentence):
        intake.inspect(name, data)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(30, 40), 1200),
        (jpeg(30, 40), 1200),
        (tiff(30, 40), 1200),
        (tiff(30, 40, ">"), 1200),
        (b"\x89PNG", 0),
        (b"\xff\xd8\xff", 0),
        (b"\xff\xd8\xff\xe0\x00\x00" * 100, 0),
        (b"II*\x00", 0),
        (b"II*\x00\x08\x00\x00\x00" + b"\xff" * 50, 0),
        (b"text", 0),
    ],
)
def test_what_size_a_picture_claims(content, size):
    assert pictures.pixels(content) == size


EDITS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 30), st.binary(max_size=30)), min_size=1, max_size=6)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(KEPT)), EDITS)
def test_mutated_evidence_is_kept_or_refused_in_one_sentence(which, edits):
    name, whole, _kind, _pages = KEPT[which]
    data = bytearray(whole)
    for at, length, new in edits:
        start = at % (len(data) + 1)
        data[start : start + length] = new
    said = "。"
    try:
        assert guard.open_safely(name, bytes(data)).parts == {}
    except Refusal as refusal:
        said = str(refusal)
    assert said.endswith("。")
