"""duban.documents: rules.md §4 documents, the notes on hostile values, GB/T 9704 page and fonts."""

import io
import re
import zipfile

import docx
import pytest
from docx.shared import Twips
from lxml import etree
from spoilt_templates import Template

from duban import documents, included
from duban.errors import Refusal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KINDS = tuple(documents.kinds())
FIVE = ("领导批示督办通知单", "重点工作督办通知单", "督办事项催办通知书", "退办意见", "办理报告")

#: Lists of many columns, on pages that lie.
LYING = {"办件进展周报", "归档文件目录"}

VALUES = {name: f"{label}的内容" for name, label in documents.FIELDS.items()} | {
    "reference": "白公督〔2026〕12号",
    "mark": "",
    "copy_number": "",
    "urgency": "",
    "issued_on": "2026年3月5日",
    "due_on": "2026年3月10日",
    "limit_text": "5日（督办制度六（一））",
    "urge_reference": "白公催〔2026〕3号",
    "urge_number": 1,
    "overdue_days": 2,
    "round": 1,
    "rounds": [
        {"round": 1, "started_on": "2026年3月5日", "due_on": "2026年3月10日", "what": "交办", "result_on": ""},
        {"round": 2, "started_on": "2026年3月11日", "due_on": "2026年3月13日", "what": "退回补办", "result_on": ""},
    ],
    "scores": [{"rank": 1, "unit": "治安支队", "shown": "80"}],
    "stages": [{"stage": "第一阶段", "from_on": "3月1日", "to_on": "3月31日", "report_on": "4月1日"}],
}


NAMED = documents.FIELDS | {field: name for field, (name, _columns) in documents.LISTS.items()}


def minimal(kind: str) -> dict[str, object]:
    """Only what the kind cannot go without."""
    english = {name: field for field, name in NAMED.items()}
    return {english[name]: VALUES[english[name]] for name in documents.kinds()[kind].required}


def text_of(data: bytes) -> str:
    """All text of body, headers and footers, one paragraph a line."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [n for n in package.namelist() if re.fullmatch(r"word/(document|header\d+|footer\d+)\.xml", n)]
        roots = [etree.fromstring(package.read(name)) for name in parts]
    return "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for root in roots for p in root.iter(f"{W}p"))


def document(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("which", ["full", "minimal", "marked rehearsal"])
def test_every_template_renders_with_optional_fields_present_and_absent(kind, which):
    marked = VALUES | {"mark": "秘密★1年", "copy_number": "000001", "urgency": "特急", "rehearsal": True}
    data = documents.render(kind, {"full": VALUES, "minimal": minimal(kind), "marked rehearsal": marked}[which])
    text = text_of(data)
    assert not re.search(r"\{\{|\{%|\}\}|%\}|None", text)
    assert document(data).paragraphs


@pytest.mark.parametrize("kind", KINDS)
def test_templates_have_no_fault_and_every_required_field_is_printed(kind):
    entry = documents.kinds()[kind]
    assert documents.check_template(entry.path) == []
    assert entry.clause
    text = text_of(documents.render(kind, VALUES))
    english = {name: field for field, name in documents.FIELDS.items()}
    fields = [name for name in entry.required if name in english]
    assert [name for name in fields if str(VALUES[english[name]]) not in text] == []


def test_the_catalogue_and_the_folder_agree():
    folder = included.path("templates", "baicheng")
    assert {path.stem for path in folder.glob("*.docx")} == set(KINDS)
    assert set(FIVE) <= set(KINDS)


def test_the_page_for_editors_names_every_field():
    page = included.path("templates", "README.md").read_text(encoding="utf-8")
    columns = [column for name, parts in documents.LISTS.values() for column in (name, *parts.values())]
    named = (*documents.FIELDS.values(), *documents.PICTURES.values(), *columns)
    assert [name for name in named if f"`{name}`" not in page] == []
    assert f"{documents.LONGEST} 字" in page


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (FIVE[0], "reference title unit instruction_by instruction_on instruction_text source_text basis_document"),
        (FIVE[0], "requirement type_text issued_on due_on limit_text feedback director chief distribution received_by"),
        (FIVE[0], "contact_name contact_phone clause director_on chief_on received_on"),
        (FIVE[1], "reference title unit source_text basis_document requirement goal weekly due_on limit_text feedback"),
        (FIVE[2], "urge_reference reference title issued_on due_on overdue_days urge_number urge_due_on consequence"),
        (FIVE[3], "return_level return_reason return_requirement return_due_on return_by return_on"),
        (FIVE[4], "instruction_text unit reply_summary conclusion office_opinion report_director report_chief"),
    ],
)
def test_fields_of_the_documents(kind, fields):
    text = text_of(documents.render(kind, VALUES))
    assert [name for name in fields.split() if str(VALUES[name]) not in text] == []


def test_rounds_and_stages_are_one_row_each():
    tables = document(documents.render("办理报告", VALUES)).tables
    assert [row.cells[0].text for table in tables for row in table.rows if row.cells[0].text in ("1", "2")] == [
        "1",
        "2",
    ]
    assert "第一阶段" in text_of(documents.render("重点工作督办通知单", VALUES))


@pytest.mark.parametrize("kind", sorted(set(KINDS) - LYING))
def test_page_is_that_of_the_standard(kind):
    """GB/T 9704: A4, 版心 156 x 225 mm, 天头 37, 订口 28."""
    (section,) = document(documents.render(kind, VALUES)).sections
    page = (section.page_width, section.page_height)
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert page == (Twips(11906), Twips(16838))
    assert margins == (Twips(2098), Twips(1588), Twips(1474), Twips(1985))


FONTS = {
    "Normal": ("仿宋_GB2312", 16),
    "文书标题": ("方正小标宋简体", 22),
    "发文机关标志": ("方正小标宋简体", 32),
    "密级紧急程度": ("黑体", 16),
    "一级标题": ("黑体", 16),
    "表内批示": ("楷体_GB2312", 14),
}


@pytest.mark.parametrize("kind", KINDS)
def test_official_fonts_and_sizes(kind):
    found = document(documents.render(kind, VALUES))
    default = found.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    for name, (font, size) in FONTS.items():
        style = found.styles[name]
        chain = [style.element.rPr, style.base_style and style.base_style.element.rPr, default]
        fonts = [rpr.find(f"{W}rFonts") for rpr in chain if rpr is not None and rpr.find(f"{W}rFonts") is not None]
        sizes = [rpr.find(f"{W}sz") for rpr in chain if rpr is not None and rpr.find(f"{W}sz") is not None]
        assert fonts[0].get(f"{W}eastAsia") == font
        assert int(sizes[0].get(f"{W}val")) == 2 * size
    assert found.styles["发文机关标志"].font.color.rgb == docx.shared.RGBColor(255, 0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_tables_fill_the_text_area_and_rows_add_up(kind):
    wide = 12756 if kind in LYING else 8844
    for table in document(documents.render(kind, VALUES)).tables:
        grid = [int(column.get(f"{W}w")) for column in table._tbl.tblGrid]
        assert sum(grid) == wide
        for row in table._tbl.tr_lst:
            assert sum(int(cell.tcPr.find(f"{W}tcW").get(f"{W}w")) for cell in row.tc_lst) == wide


@pytest.mark.rule("N21", "BC-8.4")
def test_marks_stand_at_the_top_left_in_their_order_and_only_when_there_are_any():
    plain = document(documents.render(FIVE[0], VALUES)).tables[0].cell(0, 0)
    assert [p.text for p in plain.paragraphs if p.text] == []
    values = VALUES | {"copy_number": "000001", "mark": "秘密★1年", "urgency": "特急"}
    marked = document(documents.render(FIVE[0], values)).tables[0].cell(0, 0)
    assert [p.text for p in marked.paragraphs if p.text] == ["000001", "秘密★1年", "特急"]


@pytest.mark.parametrize("kind", KINDS)
def test_rehearsal_is_on_every_page_and_only_there(kind):
    data = documents.render(kind, VALUES | {"rehearsal": True})
    (section,) = document(data).sections
    assert "演练" in section.header.paragraphs[0].text
    assert b'string="\xe6\xbc\x94\xe7\xbb\x83"' in section.header._element.xml.encode()
    assert "演练" not in text_of(documents.render(kind, VALUES))


def test_rehearsal_reaches_first_and_even_pages_too(template):
    """Staff may give a template other headers on the first and on even pages."""
    members = template.read()
    body = members["word/document.xml"].replace("</w:sectPr>", "<w:titlePg/></w:sectPr>")
    settings = members["word/settings.xml"].replace("<w:zoom ", "<w:evenAndOddHeaders/><w:zoom ")
    template.write(members | {"word/document.xml": body, "word/settings.xml": settings})
    (section,) = document(documents.render(FIVE[3], VALUES | {"rehearsal": True})).sections
    for header in (section.header, section.first_page_header, section.even_page_header):
        assert "演练" in "".join(p.text for p in header.paragraphs)


@pytest.mark.parametrize("kind", KINDS)
def test_made_again_it_is_the_same_bytes(kind):
    first = documents.render(kind, VALUES)
    documents.compiled.cache_clear()
    assert documents.render(kind, VALUES) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms" not in package.read("docProps/core.xml")
    other = dict.fromkeys(("title", "upward_title", "number", "file_count"), "别的")
    assert documents.render(kind, VALUES | other) != first


def test_nothing_tells_who_edited_the_template_or_when(template):
    members = template.read()
    core = members["docProps/core.xml"].replace("</cp:", "<cp:lastModifiedBy>张三</cp:lastModifiedBy></cp:")
    template.write(members | {"docProps/core.xml": core})
    properties = document(documents.render("退办意见", VALUES)).core_properties
    assert (properties.title, properties.author) == ("退办意见 白公督〔2026〕12号", VALUES["bureau"])
    assert properties.last_modified_by == ""


HOSTILE = {
    "code": "{{ 7*7 }}{% for a in b %}{{ ''.__class__ }}",
    "markup": "</w:t></w:r></w:p><w:p><w:r><w:t>伪造&amp;<b>A&B</b>",
    "rare": "𠮷䶮㛃堃喆昇 {_{ }_}",
    "formula": "=1+1",
    "quotes": "“引号”‘单’\"'`",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_value_is_text_and_stays_text(text):
    data = documents.render(FIVE[0], VALUES | {"requirement": text, "title": text})
    assert text_of(data).count(text) == 2
    assert len(document(data).tables) == len(document(documents.render(FIVE[0], VALUES)).tables)


def test_unusable_characters_show_and_are_logged_and_invisible_ones_go(caplog):
    text = "甲\ud800乙\x00丙\ufffe丁\u202e戊\u200b己\ufeff庚"
    found = text_of(documents.render(FIVE[0], VALUES | {"requirement": text}))
    assert "甲\ufffd乙\ufffd丙\ufffd丁戊己庚" in found
    assert "办理要求: 3 unusable" in caplog.text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\u2028", "\x85", "\n \n\n"])
def test_every_kind_of_line_end_makes_a_paragraph(end):
    data = documents.render(FIVE[0], VALUES | {"requirement": f"一、甲。{end}二、乙。"})
    cells = [cell for table in document(data).tables for row in table.rows for cell in row.cells]
    (lines,) = {tuple(p.text for p in cell.paragraphs) for cell in cells if "一、甲。" in cell.text}
    assert lines == ("一、甲。", "二、乙。")
    assert {p.style.name for cell in cells if "二、乙。" in cell.text for p in cell.paragraphs} == {"表内文字"}


def test_a_very_long_value_is_cut_visibly():
    data = documents.render(FIVE[0], VALUES | {"requirement": "长" * 100_000})
    assert text_of(data).count("长") == documents.LONGEST + VALUES_WITH_LONG
    assert f"前{documents.LONGEST}字，原文共100000字" in text_of(data)
    whole = "长" * 1000
    assert whole in text_of(documents.render(FIVE[0], VALUES | {"requirement": whole}))


VALUES_WITH_LONG = text_of(documents.render(FIVE[0], VALUES)).count("长")


def test_numbers_and_absent_values():
    text = text_of(documents.render("督办事项催办通知书", VALUES | {"overdue_days": 3, "consequence": None}))
    assert "时限已过3日" in text
    assert "逾期后果" not in text


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        ("没有的文书", {}, "没有“没有的文书”这种文书，现有：领导批示督办通知单、"),
        ("../baicheng/办理报告", {}, "没有“../baicheng/办理报告”这种文书"),
        (FIVE[0], {"due_on": "", "unit": " \n "}, "《领导批示督办通知单》缺少“承办单位、办理时限”"),
        (FIVE[0], {"requirement": "\u200b"}, "缺少“办理要求”"),
    ],
)
def test_refusals(kind, change, sentence):
    with pytest.raises(Refusal, match=re.escape(sentence)):
        documents.render(kind, VALUES | change)


@pytest.mark.parametrize("organization", ["没有", "../templates/baicheng", ""])
def test_unknown_bureau_is_refused(organization):
    with pytest.raises(Refusal, match="没有机关"):
        documents.render(FIVE[0], VALUES, organization)


def test_a_value_that_no_template_can_know_is_a_mistake_in_code():
    with pytest.raises(TypeError, match="titel"):
        documents.render(FIVE[0], VALUES | {"titel": "x"})


SPOILED = {
    "unknown field": ("{{ 退办原因 }}", "{{ 退回原因 }}", "没有“退回原因”这个栏目，是不是“退办原因”"),
    "missing end": ("{%p endif %}", "", "“if”缺少结束标记 endif"),
    "mistyped tag": ("{%p if 份号 %}", "{%p fi 份号 %}", "“{% fi 份号 %}”附近标记写法有误"),
    "full width": ("{{ 退办原因 }}", "｛｛ 退办原因 ｝｝", "“｛｛ 退办原因 ｝｝”里的“｛”应当用半角"),
    "torn": ("{{ 退办原因 }}", "{ { 退办原因 } }", "里的“{ {”应当用半角"),
    "tracked": ("<w:r><w:t", '<w:ins w:id="1" w:author="a"/><w:r><w:t', "修订痕迹"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), SPOILED.values(), ids=SPOILED)
def test_what_is_wrong_with_a_template_is_said_in_chinese(template, old, new, sentence):
    assert documents.check_template(template.path) == []
    template.change(old, new)
    assert any(sentence in fault for fault in documents.check_template(template.path))


def test_an_unknown_column_is_found(template):
    report = Template(template.path.with_name("办理报告.docx"))
    report.change("{{ 轮.结果 }}", "{{ 轮.结果日 }}")
    assert documents.check_template(report.path) == ["“轮次记录”里没有“结果日”这一列，是不是“结果”"]


def test_a_file_that_is_no_template(tmp_path):
    (tmp_path / "x.docx").write_bytes(b"PK\x03\x04 torn")
    assert documents.check_template(tmp_path / "x.docx") == ["打不开，可能已损坏或者不是 .docx 文件"]


def test_a_spoiled_template_makes_no_document_and_a_mended_one_is_seen_at_once(template):
    """The compiled template is kept until the file changes; no restart is needed."""
    good = documents.render("退办意见", VALUES)
    template.change("{{ 退办原因 }}", "{{ 退回原因 }}")
    with pytest.raises(Refusal, match="没有“退回原因”这个栏目"):
        documents.render("退办意见", VALUES)
    template.change("{{ 退回原因 }}", "{{ 退办原因 }}")
    assert documents.render("退办意见", VALUES) == good


def test_tags_torn_by_word_and_smart_quotes_still_work(template):
    template.change("{{ 退办原因 }}", '{{ 退</w:t></w:r><w:proofErr w:type="spellEnd"/><w:r><w:t>办原因 }}')
    assert VALUES["return_reason"] in text_of(documents.render("退办意见", VALUES))


@pytest.mark.parametrize("attack", ["{{ 标题.__class__.__mro__ }}", "{{ 标题|safe }}", "{% include '/etc/passwd' %}"])
def test_a_template_reaches_no_further_than_its_fields(template, attack):
    template.change("{{ 退办原因 }}", attack)
    with pytest.raises(Refusal, match="《退办意见》的模板有误"):
        documents.render("退办意见", VALUES)
