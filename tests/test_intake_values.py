"""duban.intake: odd, huge and hostile text inside good files: nothing is evaluated, nothing visible is lost."""

import json
import time
from io import BytesIO

import docx
import pytest
from crafted import BODY, GOOD, HEAD, TAIL, members, p, pack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duban import intake
from duban.errors import Refusal
from duban.intake import guard, reader
from duban.text import clean


def read(data: bytes) -> dict:
    return reader.read(guard.open_safely("a.docx", data).parts)


def document(*paragraphs: str) -> bytes:
    made, target = docx.Document(), BytesIO()
    for text in paragraphs:
        made.add_paragraph(text)
    made.save(target)
    return target.getvalue()


AS_IT_IS = {
    "code": "{{ 7*7 }}{% for a in b %}{{ ''.__class__ }}",
    "markup": "<b>A&B</b><!-- x --><script>alert(1)</script>",
    "formula": "=1+1 =HYPERLINK(x) @SUM(A1) +1-1",
    "rare": "𠮷䶮㛃堃喆昇",
    "shell": "$(reboot) `id` ; rm -rf / | cat",
    "percent": "%s %(x)s %n {0} {x} \\d \\1",
    "quotes": "“引号”‘单’\"'`",
}


@pytest.mark.parametrize("text", AS_IT_IS.values(), ids=AS_IT_IS)
def test_text_is_text(text):
    found = read(document(f"关于{text}的报告", "一、办理经过", text, f"附件：{text}"))
    assert found["text_preview"].count(text) == 3
    assert found["found"]["attachments"] == [text]


def test_what_cannot_be_seen_goes_and_what_can_stays():
    """Direction marks and zero-width characters would show a reviewer another name than the one that is compared."""
    lines = ["主要领导（签字）：孟\u200b祥\u202e瑞", "白城市公安局\ufeff洮北分局", "2026年3月6日"]
    found = read(document(*lines))["found"]
    assert (found["signer"], found["subject"]) == (["孟祥瑞"], ["白城市公安局洮北分局"])


def test_a_control_character_shows_as_a_loss():
    body = f"{HEAD}{p('甲&#x85;乙&#x9f;丙')}{TAIL}".encode()
    assert "\ufffd" in read(pack(members() | {BODY: body}))["text_preview"]


@pytest.mark.parametrize("reference", ["&#xD800;", "&#x0;", "&#xFFFE;", "&#xDFFF;"])
def test_halves_of_characters_cannot_be_written_in_xml(reference):
    body = f"{HEAD}{p(f'甲{reference}乙')}{TAIL}".encode()
    with pytest.raises(Refusal, match="内容已经损坏"):
        read(pack(members() | {BODY: body}))


def test_a_long_text_keeps_its_end_and_its_length():
    """100 kB of text before the signature: all of it is counted, and the signature is found."""
    long = "长" * 100_000
    found = read(document("关于甲的报告", "一、办理经过", long, "主要领导（签字）：孟祥瑞", "洮北分局", "2026年3月6日"))
    assert found["sections"] == [("办理经过", 100_000)]
    assert found["found"]["signer"] == ["孟祥瑞"]
    assert len(found["text_preview"]) == reader.PREVIEW
    assert found["text_preview"].endswith("长……（全文见文件）")


def test_a_table_of_four_hundred_rows():
    cells = "".join(f"<w:tc>{p(text)}</w:tc>" for text in ("第一户", "已经回访", "满意"))
    rows = f"<w:tr>{cells}</w:tr>" * 400
    end = p("主要领导（签字）：孟祥瑞") + p("洮北分局") + p("2026年3月6日")
    body = f"{HEAD}{p('关于甲的报告')}<w:tbl>{rows}</w:tbl>{end}{TAIL}".encode()
    received = intake.inspect("a.docx", pack(members() | {BODY: body}))
    assert received.found["signer"] == ["孟祥瑞"]
    assert received.found["title"] == ["关于甲的报告"]


PATTERNS = {
    "brackets": "（" * 200_000,
    "spaces in brackets": "（" + " " * 200_000,
    "signature and spaces": "主要领导（签字）：" + "　" * 200_000,
    "han": "关于" * 100_000,
    "digits": "1" * 200_000 + "年",
    "numbers of documents": "白公督〔2026〕" * 20_000,
    "dates": "2026年3月6日" * 20_000,
    "headings": "一、" * 100_000,
    "colons": "主送：" * 60_000,
}


@pytest.mark.parametrize("text", PATTERNS.values(), ids=PATTERNS)
def test_no_text_takes_a_search_for_ever(text):
    data = pack(members() | {BODY: f"{HEAD}{p(text)}{p(text[: len(text) // 2])}{TAIL}".encode()})
    began = time.process_time()
    read(data)
    assert time.process_time() - began < 3


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80), max_size=12))
def test_whatever_people_write_is_read_and_shown(lines):
    """Any characters in any order: facts come out, within their limits, as JSON, and the visible text is there."""
    xml = "".join(p(one.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")) for one in lines)
    usable = xml.replace("\ufffe", "").replace("\uffff", "")
    found = read(pack(members() | {BODY: f"{HEAD}{usable}{TAIL}".encode()}))
    json.dumps(found)
    shown = "".join(clean(one.replace("\ufffe", "").replace("\uffff", "")) for one in lines)
    wanted = "".join(shown.split())
    preview = "".join(found["text_preview"].split())
    cut = preview.removesuffix("……（全文见文件）")
    assert wanted == preview if cut == preview else wanted.startswith(cut)
    assert all(len(words) <= reader.MOST for words in found["found"].values())


MARKED = ["秘密★1年", "机密", "绝密★启用前", "密级：机密★10年", "秘 密 ★ 1 年"]


@pytest.mark.rule("BC-8.4", "MM-5.5")
@pytest.mark.parametrize("mark", MARKED)
def test_a_file_that_is_marked_a_state_secret_is_not_taken(mark):
    """Standards §6: no state secrets on this system; nothing of the text is in the sentence."""
    with pytest.raises(Refusal, match="国家秘密不得在本系统报送，文件没有保存") as refused:
        intake.inspect("a.docx", document(mark, "关于甲某案件的报告", "正文"))
    assert "甲某" not in str(refused.value)


def test_the_mark_is_found_in_the_header_and_the_word_in_the_text_is_no_mark():
    made, target = docx.Document(), BytesIO()
    made.sections[0].header.paragraphs[0].text = "秘密★6个月"
    made.save(target)
    with pytest.raises(Refusal, match="秘密★6个月"):
        intake.inspect("a.docx", target.getvalue())
    assert intake.inspect("a.docx", document("内部", "关于保守秘密教育情况的报告", "不涉及国家秘密。")).kind == "docx"


def _mutate(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    out = bytearray(data)
    for at, length, new in edits:
        start = at % (len(out) + 1)
        out[start : start + length] = new
    return bytes(out)


EDITS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 40), st.binary(max_size=40)), min_size=1, max_size=8)


def _is_a_sentence(refusal: Refusal) -> None:
    assert str(refusal).endswith("。")
    assert "a.docx" in str(refusal)


def _outcome(data: bytes) -> object:
    """A refusal in one sentence, or facts within the limits; anything else fails the test."""
    try:
        opened = guard.open_safely("a.docx", data)
    except Refusal as refusal:
        _is_a_sentence(refusal)
        return refusal
    found = reader.read(opened.parts)
    assert len(json.dumps(found)) < 100_000
    return found


@settings(max_examples=300, deadline=None)
@given(EDITS)
def test_mutated_bytes_end_in_a_refusal_or_in_facts(edits):
    _outcome(_mutate(GOOD, edits))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(members())), EDITS)
def test_mutated_parts_in_a_whole_container_end_in_a_refusal_or_in_facts(name, edits):
    _outcome(pack(members() | {name: _mutate(members()[name], edits)}))


@settings(max_examples=25, deadline=None)
@given(EDITS)
def test_mutated_bytes_never_crash_the_parent(edits):
    began = time.monotonic()
    try:
        received = intake.inspect("a.docx", _mutate(GOOD, edits))
    except Refusal as refusal:
        _is_a_sentence(refusal)
    else:
        assert received.kind == "docx"
    assert time.monotonic() - began < intake.PATIENCE
