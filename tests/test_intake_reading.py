"""duban.intake.reader: what the page shows is found wherever units put it; what it does not show is not (BC-5.6a)."""

import re
from typing import Any

import docx
import pytest
from crafted import BODY, EXAMPLES, HEAD, TAIL, W, members, p, pack
from lxml import etree

from duban import documents
from duban.intake import guard, page, reader


def seen(xml: str, **more: bytes) -> dict[str, Any]:
    parts = {name.replace("__", "/") + ".xml": etree.fromstring(data) for name, data in more.items()}
    return reader.read(parts | {BODY: etree.fromstring(f"{HEAD}{xml}{TAIL}")})


SIGN = "主要领导（签字）：孟祥瑞"
PLACES = {
    "table": f"<w:tbl><w:tr><w:tc>{p(SIGN)}</w:tc></w:tr></w:tbl>",
    "nested table": f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{p(SIGN)}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
    "label and value": f"<w:tbl><w:tr><w:tc>{p('主要领导（签字）')}</w:tc><w:tc>{p('孟祥瑞')}</w:tc></w:tr></w:tbl>",
    "value with its date": (
        f"<w:tbl><w:tr><w:tc>{p('单位负责人签字')}</w:tc><w:tc>{p('孟祥瑞 2026年3月6日')}</w:tc></w:tr></w:tbl>"
    ),
    "cell in a control": (
        f"<w:tbl><w:tr><w:tc>{p('签字')}</w:tc><w:sdt><w:sdtContent><w:tc>{p('孟祥瑞')}</w:tc></w:sdtContent></w:sdt>"
        "</w:tr></w:tbl>"
    ),
    "text box": f"<w:p><w:r><w:pict><w:txbxContent>{p(SIGN)}</w:txbxContent></w:pict></w:r></w:p>",
    "insertion": f'<w:p><w:ins w:id="1"><w:r><w:t>{SIGN}</w:t></w:r></w:ins></w:p>',
    "moved here": f'<w:p><w:moveTo w:id="1"><w:r><w:t>{SIGN}</w:t></w:r></w:moveTo></w:p>',
    "content control": f"<w:sdt><w:sdtContent>{p(SIGN)}</w:sdtContent></w:sdt>",
    "inline control": f"<w:p><w:sdt><w:sdtContent><w:r><w:t>{SIGN}</w:t></w:r></w:sdtContent></w:sdt></w:p>",
    "split over runs": "<w:p><w:r><w:t>主要领导（签</w:t></w:r><w:r><w:t>字）：孟</w:t><w:t>祥瑞</w:t></w:r></w:p>",
    "link": f"<w:p><w:hyperlink><w:r><w:t>{SIGN}</w:t></w:r></w:hyperlink></w:p>",
    "field": f'<w:p><w:fldSimple w:instr="QUOTE"><w:r><w:t>{SIGN}</w:t></w:r></w:fldSimple></w:p>',
    "after a line break": f"<w:p><w:r><w:t>其他</w:t><w:br/><w:t>{SIGN}</w:t></w:r></w:p>",
    "after another name": p("审核：某某") + p("签发人：田七") + p(SIGN),
    "spaced": p("主要负责人签字：　孟祥瑞　　　2026年3月6日"),
}


@pytest.mark.parametrize("xml", PLACES.values(), ids=PLACES)
def test_the_reader_sees_what_a_reader_of_the_page_sees(xml):
    assert seen(xml)["found"]["signer"] == ["孟祥瑞"]


def style(name: str, inside: str) -> str:
    return f'<w:style w:styleId="{name}">{inside}</w:style>'


STYLES = (
    f'<w:styles xmlns:w="{W}">'
    + style("Hid", "<w:rPr><w:vanish/></w:rPr>")
    + style("Child", '<w:basedOn w:val="Hid"/>')
    + style("Shown", '<w:basedOn w:val="Hid"/><w:rPr><w:vanish w:val="0"/></w:rPr>')
    + style("Ring", '<w:basedOn w:val="Ring"/>')
    + "</w:styles>"
).encode()

HIDDEN = {
    "hidden": p(SIGN, "<w:rPr><w:vanish/></w:rPr>"),
    "hidden by its style": p(SIGN, '<w:rPr><w:rStyle w:val="Hid"/></w:rPr>'),
    "hidden by the style below": p(SIGN, '<w:rPr><w:rStyle w:val="Child"/></w:rPr>'),
    "hidden by the paragraph": p(SIGN).replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="Child"/></w:pPr>', 1),
    "deleted": f'<w:p><w:del w:id="1"><w:r><w:delText>{SIGN}</w:delText></w:r></w:del></w:p>',
    "deleted, as other programs write it": f'<w:p><w:del w:id="1"><w:r><w:t>{SIGN}</w:t></w:r></w:del></w:p>',
    "deleted row": f'<w:tbl><w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc>{p(SIGN)}</w:tc></w:tr></w:tbl>',
    "moved away": f'<w:p><w:moveFrom w:id="1"><w:r><w:t>{SIGN}</w:t></w:r></w:moveFrom></w:p>',
    "field code": f"<w:p><w:r><w:instrText>{SIGN}</w:instrText></w:r></w:p>",
    "prompt of an empty control": (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p(SIGN)}</w:sdtContent></w:sdt>"
    ),
    "prompt on the line": (
        "<w:p><w:r><w:t>主要领导（签字）：</w:t></w:r><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        "<w:r><w:t>单击输入文字</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    ),
}


@pytest.mark.parametrize("xml", HIDDEN.values(), ids=HIDDEN)
def test_what_the_page_does_not_show_does_not_count(xml):
    assert seen(xml, word__styles=STYLES)["facts"]["signer"] is False


def test_comments_are_not_the_text():
    comments = f'<w:comments xmlns:w="{W}"><w:comment>{p(SIGN)}</w:comment></w:comments>'.encode()
    facts = seen(p("正文"), word__comments=comments)["facts"]
    assert (facts["signer"], facts["commented"]) == (False, True)


@pytest.mark.parametrize(
    "run",
    [
        '<w:rPr><w:vanish w:val="0"/></w:rPr>',
        '<w:rPr><w:rStyle w:val="Shown"/></w:rPr>',
        '<w:rPr><w:rStyle w:val="Ring"/></w:rPr>',
        '<w:rPr><w:rStyle w:val="Hid"/><w:vanish w:val="false"/></w:rPr>',
    ],
)
def test_vanish_switched_off_is_visible(run):
    assert seen(p(SIGN, run), word__styles=STYLES)["facts"]["signer"] is True


def test_a_fallback_is_not_read_twice():
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<w:p><w:r><mc:AlternateContent {mc}><mc:Choice><w:t>一次</w:t></mc:Choice><mc:Fallback><w:t>一次</w:t>"
    assert seen(f"{both}</mc:Fallback></mc:AlternateContent></w:r></w:p>")["text_preview"] == "一次"


@pytest.mark.parametrize("part", ["word__header1", "word__footer2"])
def test_headers_and_footers_are_read(part):
    margin = f'<w:hdr xmlns:w="{W}">{p("白公督〔2026〕7号")}</w:hdr>'.encode()
    assert seen(p("正文"), **{part: margin})["found"]["reference"] == ["白公督〔2026〕7号"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("（督办文号：白公督〔2026〕7号）", "白公督〔2026〕7号"),
        ("白公督[2026]7号", "白公督[2026]7号"),
        ("白公督【2026】07号", "白公督【2026】07号"),
        ("白公督〔2026〕 第7号", "白公督〔2026〕第7号"),
        ("白公督 〔2026〕 7 号", "白公督〔2026〕7号"),
        ("䶮公督〔2026〕7号", "䶮公督〔2026〕7号"),
    ],
)
def test_the_number_is_found_as_people_write_it(written, number):
    assert seen(p(written))["found"]["reference"] == [number]


@pytest.mark.parametrize(
    "name",
    ["孟祥瑞", "㛃䶮", "𠮷田堃", "欧阳喆昇", "买买提·艾力", "雷 锋", "雷　锋"],
)
def test_names_of_every_kind(name):
    wanted = name.replace(" ", "").replace("　", "")
    assert seen(p(f"主要领导（签字）：{name}"))["found"]["signer"] == [wanted]
    row = f"<w:tbl><w:tr><w:tc>{p('主要领导签字')}</w:tc><w:tc>{p(name)}</w:tc></w:tr></w:tbl>"
    assert seen(row)["found"]["signer"] == [wanted]


PICTURE = '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"/>'
DRAWN = f"<w:drawing>{PICTURE}</w:drawing>"


def test_a_seal_that_cannot_be_seen_is_unknown_and_never_missing():
    assert seen(p("白城市公安局（印）"))["facts"]["seal"] is True
    assert seen(p("白城市公安局（盖章）"))["facts"]["seal"] is None
    assert seen(f"<w:p><w:r>{DRAWN}</w:r></w:p>")["facts"]["seal"] is None
    assert seen(p("白城市公安局"))["facts"]["seal"] is None


@pytest.mark.parametrize(
    "xml",
    [
        p("主要领导（签字）：").replace("</w:r>", f"{DRAWN}</w:r>"),
        f"<w:tbl><w:tr><w:tc>{p('领导签字')}</w:tc><w:tc><w:p><w:r>{DRAWN}</w:r></w:p></w:tc></w:tr></w:tbl>",
    ],
    ids=["line", "cell"],
)
def test_a_signature_that_is_a_picture_is_unknown_and_never_missing(xml):
    assert seen(xml)["facts"]["signer"] is None


EMPTY = [
    "主要领导（签字）：",
    "主要领导（签字）：　　年　月　日",
    "主要领导（签字）：________",
    "签字：　　联系人：祝明哲",
]


@pytest.mark.parametrize("line", EMPTY)
def test_an_empty_signature_line_is_no_signature(line):
    assert seen(p(line) + p("白城市公安局") + p("2026年3月6日"))["facts"]["signer"] is False


#: 督办 reports as twelve offices would lay them out; every field has to come out the same.
TITLE, NUMBER, OFFICE = "关于农村客运超员整治情况的报告", "白公督〔2026〕5号", "白城市公安局办公室"
UNIT, NAME, DAY = "洮南市公安局", "葛振东", "2026年3月17日"
TEXT = {"办理经过": "检查客运车辆412台次。", "处理意见": "对两名民警给予诫勉。", "整改措施": "每周检查不少于两次。"}
EXPECTED = {
    "title": TITLE, "reference": NUMBER, "addressee": OFFICE, "signer": NAME, "subject": UNIT, "date": DAY,
}  # fmt: skip


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{p(cell) if '<' not in cell else cell}</w:tc>" for cell in cells) + "</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def sections(mark: str = "一、") -> str:
    numerals = dict(zip(TEXT, "一二三", strict=True))
    return "".join(p(mark.replace("一", numerals[head]) + head) + p(text) for head, text in TEXT.items())


def wrapped(xml: str, around: str) -> str:
    """Every paragraph's runs inside something: an insertion, a content control, a link."""
    return xml.replace("<w:r>", f"<w:{around}><w:r>").replace("</w:r>", f"</w:r></w:{around}>")


TOP = p(TITLE) + p(f"（督办文号：{NUMBER}）") + p(f"{OFFICE}：") + p("现将情况报告如下。")
END = p(f"主要领导（签字）：{NAME}") + p(f"{UNIT}（印）") + p(DAY) + p("（联系人：佟晓光，电话：0436-5550116）")
LETTER = TOP + sections() + END
FORM = [
    row("标题", TITLE), row("督办文号", NUMBER), row("主送", OFFICE), *(row(h, t) for h, t in TEXT.items()),
    row("单位负责人（签字）", NAME), row("承办单位（盖章）", UNIT), row("日期", DAY),
]  # fmt: skip
HEADER = f'<w:hdr xmlns:w="{W}">{p(NUMBER)}{p(f"签发人：{NAME}")}</w:hdr>'.encode()
LAYOUTS: dict[str, tuple[str, dict[str, bytes]]] = {
    "letter": (LETTER, {}),
    "letter, title of two lines": (LETTER.replace(p(TITLE), p(TITLE[:9]) + p(TITLE[9:])), {}),
    "letter, title broken by hand": (LETTER.replace(TITLE, f"{TITLE[:9]}</w:t><w:br/><w:t>{TITLE[9:]}"), {}),
    "letter with spaces": (
        LETTER.replace(DAY, "2026 年 3 月 17 日").replace(NUMBER, "白公督 〔2026〕 5号").replace(UNIT, "洮南市 公安局"),
        {},
    ),
    "unit and date on one line": (LETTER.replace(p(f"{UNIT}（印）") + p(DAY), p(f"{UNIT}　　{DAY}")), {}),
    "headings on the line": (
        TOP + "".join(p(f"{n}、{h}。{t}") for n, (h, t) in zip("一二三", TEXT.items(), strict=True)) + END, {},
    ),
    "brackets for numerals": (TOP + p("一、总体情况") + sections("（一）") + END, {}),
    "form": (table(*FORM), {}),
    "form in controls": (
        table(*FORM).replace("<w:p>", "<w:sdt><w:sdtContent><w:p>").replace("</w:p>", "</w:p></w:sdtContent></w:sdt>"),
        {},
    ),
    "text in one cell": (table(f"<w:tr><w:tc>{LETTER}</w:tc></w:tr>"), {}),
    "written with revisions": (
        wrapped(LETTER, "ins") + f"<w:p><w:del><w:r><w:delText>{'2027年1月1日'}</w:delText></w:r></w:del></w:p>", {},
    ),
    "number and signer in the header": (
        LETTER.replace(p(f"（督办文号：{NUMBER}）"), "").replace(p(f"主要领导（签字）：{NAME}"), ""),
        {"word__header1": HEADER},
    ),
    "end in a text box": (
        TOP + sections() + f"<w:p><w:r><w:pict><w:txbxContent>{END}</w:txbxContent></w:pict></w:r></w:p>", {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("xml", "more"), LAYOUTS.values(), ids=LAYOUTS)
def test_every_field_on_every_layout(xml, more):
    found = seen(xml, **more)
    assert {name: "".join(found["found"][name]) for name in EXPECTED} == EXPECTED
    facts = found["facts"]
    assert (facts["course"], facts["opinion"], facts["rectification"]) == (True, True, True)
    lengths = dict(found["sections"])
    assert [lengths[head] for head in TEXT] == [len(text) for text in TEXT.values()]


@pytest.mark.parametrize(
    ("heading", "fact"),
    [
        ("一、核查情况", "course"),
        ("二、工作成效", "result"),
        ("三、处理建议：", "opinion"),
        ("（三）责任追究情况", "opinion"),
        ("整改落实情况：", "rectification"),
        ("4.回访群众情况", "revisit"),
        ("一、落实情况", "carried_out"),
        ("二、未落实的原因", "obstacle"),
        ("三、下一步工作安排", "remedy"),
    ],
)
@pytest.mark.rule("SK-1.2", "BC-8.2")
def test_sections_are_known_by_the_headings_that_units_use(heading, fact):
    assert seen(p(heading) + p("写明了有关的具体内容。"))["facts"][fact] is True
    assert seen(p(heading) + p("签发人：某某"))["facts"][fact] is not True


def test_what_stands_under_the_parts_of_a_section_stands_under_the_section():
    xml = (
        p("一、处理意见")
        + p("（一）对民警")
        + p("给予诫勉。")
        + p("（二）对所长")
        + p("批评教育。")
        + p("二、结论")
        + p("属实。")
    )
    assert seen(xml)["sections"] == [("处理意见", 10), ("对民警", 5), ("对所长", 5), ("结论", 3)]


def test_what_is_only_spoken_of_is_for_a_person_to_judge():
    assert seen(p("经查，没有需要整改的问题，不再回访。"))["facts"]["rectification"] is None
    assert seen(p("正文"))["facts"]["rectification"] is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("问题部分属实", True),
        ("经查实，存在问题", True),
        ("反映的问题不属实", False),
        ("是否属实正在核查", None),
        ("正文", None),
    ],
)
def test_whether_it_is_said_to_be_true(text, said):
    assert seen(p(text))["facts"]["substantiated"] is said


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2026年3月6日", "2026年3月6日"),
        ("2026年03月06日", "2026年03月06日"),
        ("二〇二六年三月六日", "二〇二六年三月六日"),
        ("2026-03-06", "2026-03-06"),
        ("2026.3.6", "2026.3.6"),
        ("2026年3月6日（印）", "2026年3月6日"),
    ],
)
def test_the_date_is_the_last_line_that_is_one(written, date):
    assert seen(p("2025年1月1日") + p("洮南市公安局") + p(written) + p("附记"))["found"]["date"] == [date]


def test_attachments_are_listed():
    found = seen(p("附件：1.名单") + p("2.照片") + p("正文") + p("3.不是附件"))["found"]
    assert found["attachments"] == ["名单", "照片"]


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
    found = reader.read(guard.open_safely(path.name, path.read_bytes()).parts)
    assert found["facts"]["signer"] is signed
    assert found["found"]["subject"] == [subject]


def test_an_empty_document_has_nothing_and_breaks_nothing():
    facts = seen("")["facts"]
    assert {name for name, value in facts.items() if value is not False} == {"seal", "substantiated", "other_paper"}


#: Our own skeletons of replies (督办反馈): the bureau, the kind, the word before the signature.
SKELETONS = {"baicheng": "督办反馈", "lanzhou": "办结报告", "bureau": "办理情况回复"}


def skeleton(organization: str) -> bytes:
    hints = [
        {"nth": "一", "name": "办理情况", "hint": "（写清事实：做了什么，落实了没有；没有落实的，写原因和解决办法）"},
        {"nth": "二", "name": "处理意见", "hint": "（情况属实的，写对责任人的处理意见；不属实的写“不属实”）"},
    ]
    values = dict(documents.FIELDS) | {"reference": NUMBER, "unit": UNIT, "office_name": OFFICE, "mark": ""}
    values |= {"subject": "农村客运超员整治情况", "sections": hints}
    return documents.render(SKELETONS[organization], values, organization)


@pytest.mark.rule("BC-5.10c", "BC-5.6a")
@pytest.mark.parametrize("organization", SKELETONS)
def test_our_own_skeleton_filled_in_by_a_unit(organization):
    parts = members(skeleton(organization))
    text = parts[BODY].decode()
    for hint, words in zip(re.findall("（[^（）]*写[^（）]*）", text), TEXT.values(), strict=False):
        text = text.replace(hint, words)
    text = re.sub("年　*月　*日", DAY, text).replace("签字：", f"签字：{NAME}")
    found = reader.read(guard.open_safely("a.docx", pack(parts | {BODY: text.encode()})).parts)
    wanted = EXPECTED | {"title": EXPECTED["title"] if organization != "bureau" else "关于农村客运超员整治情况的回复"}
    assert {name: "".join(found["found"][name]) for name in wanted} == wanted
    assert [length for _heading, length in found["sections"]] == [len(words) for words in list(TEXT.values())[:2]]


@pytest.mark.parametrize("organization", SKELETONS)
def test_our_own_skeleton_left_as_it_is_says_nothing(organization):
    """What the skeleton tells to write is not what was written."""
    found = reader.read(guard.open_safely("a.docx", skeleton(organization)).parts)
    assert found["sections"] == [("办理情况", 0), ("处理意见", 0)]
    facts = found["facts"]
    assert (facts["signer"], facts["date"], facts["unfinished"]) == (False, False, False)
    assert (facts["substantiated"], facts["seal"]) == (None, None)


def test_the_mark_of_the_issuer_is_not_the_title():
    """兰公×报 (LZ-F3): the mark 某某分局报告 stands above the title."""
    head = p("城关分局报告") + p("兰公城报〔2026〕3号") + p("关于核查情况的报告") + p("兰州市公安局办公室：")
    assert seen(head)["found"]["title"] == ["关于核查情况的报告"]
    assert seen(p("值班情况报告") + p("正文。"))["found"]["title"] == ["值班情况报告"]


def test_a_table_is_read_by_rows_and_cells(tmp_path):
    """As python-docx writes one, with a cell over two columns."""
    document = docx.Document()
    made = document.add_table(2, 3)
    for cell, text in zip(made._cells, "甲乙丙丁戊己", strict=True):
        cell.text = text
    made.cell(0, 0).merge(made.cell(0, 1))
    document.save(tmp_path / "a.docx")
    parts = guard.open_safely("a.docx", (tmp_path / "a.docx").read_bytes()).parts
    lines = [(line.text, line.row, line.cell) for line in page.seen(parts).body]
    assert lines == [("甲", 1, 0), ("乙", 1, 0), ("丙", 1, 1), ("丁", 2, 0), ("戊", 2, 1), ("己", 2, 2)]
