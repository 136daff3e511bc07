"""兰州: the three forms in which a result goes up, part by part in the order of the attachments (LZ-F1 to F3)."""

import pytest
from docx.oxml.ns import qn
from test_documents import VALUES, document, text_of

from duban import documents

MARKED = VALUES | {
    "mark": "秘密★1年",
    "copy_number": "000001",
    "urgency": "特急",
    "upward_reference": "兰公办〔2026〕7号",
    "signed_by": "李某某",
    "attachments": [{"nth": 1, "name": "清单"}, {"nth": 2, "name": "照片"}],
}
HEAD = ("000001", "秘密★1年", "特急")
BODY = (
    "上报标题的内容",
    "主送机关的内容：",
    "上报正文的内容",
    "附件：1.清单",
    "2.照片",
    "署名的内容",
    "成文日期的内容",
)
FOOT = ("（附注的内容）", "抄送：抄送的内容")


def rendered(kind: str) -> bytes:
    return documents.render(kind, MARKED, "lanzhou")


def in_order(text: str, parts: tuple[str, ...]) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


@pytest.mark.rule("LZ-F1", "LZ-3.4a", "A23")
def test_f1_the_special_report_has_its_number_and_signer_in_one_line_before_the_title() -> None:
    text = text_of(rendered("专报"))
    assert in_order(text, (*HEAD, "兰公办〔2026〕7号", "签发人：李某某", *BODY, *FOOT, "印发"))
    line = next(paragraph for paragraph in document(rendered("专报")).paragraphs if "签发人" in paragraph.text)
    assert line.text.startswith("\u3000兰公办"), "one blank on the left"
    signer = next(run for run in line.runs if "李某某" in run.text)
    assert "楷体" in str(signer._element.rPr.rFonts.get(qn("w:eastAsia")))


@pytest.mark.rule("LZ-F1")
def test_f1_the_note_follows_the_date_without_a_blank_line() -> None:
    lines = text_of(rendered("专报")).splitlines()
    assert lines[lines.index("成文日期的内容") + 1] == "（附注的内容）"


@pytest.mark.rule("LZ-F2", "LZ-3.4b", "A24")
def test_f2_the_letter_has_its_number_beside_the_marks_and_no_signer() -> None:
    text = text_of(rendered("信函"))
    assert in_order(text, ("000001", "兰公办〔2026〕7号", "秘密★1年", "特急", *BODY, *FOOT))
    assert "签发人" not in text


@pytest.mark.rule("LZ-F3", "LZ-3.4c")
def test_f3_what_a_unit_sends_up_names_the_unit_in_its_head_and_the_signer_beside_the_number() -> None:
    text = text_of(rendered("上行文"))
    assert in_order(text, (*HEAD, "承办单位的内容报告", "兰公办〔2026〕7号", "签发人：李某某", *BODY, *FOOT, "印发"))
