"""duban.templates: what is wrong with a template is said before it is put to use, and a change in one can be read."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from crafted import R, W
from spoilt_templates import Template

from duban import documents, included, templates
from duban.documents import FIELDS, LISTS, PICTURES
from duban.errors import Refusal

DUBAN = Path(__file__).parents[1] / "duban"
SOURCES = "\n".join(
    path.read_text() for folder in ("acts", "periodicals", "archive") for path in (DUBAN / folder).glob("*.py")
)
TYPES, BODY, RELS = "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"


EVERY = templates.check_all()


@pytest.mark.parametrize("checked", EVERY, ids=[f"{one.path.parent.name} {one.path.stem}" for one in EVERY])
def test_no_template_of_ours_has_a_fault(checked):
    """What CI runs over include/templates."""
    assert checked.faults == ()


def test_every_template_is_looked_at():
    files = {path.resolve() for path in included.path("templates").glob("*/*.docx")}
    assert {one.path.resolve() for one in EVERY} == files
    assert len(EVERY) > 20


NAMED_WITH_THEIR_DESK = ("clause", "director_on", "chief_on", "deputy_on", "report_director_on", "report_chief_on")


@pytest.mark.parametrize("field", [*FIELDS, *LISTS, *PICTURES])
def test_the_fields_that_no_step_fills_are_known(field):
    """A field is filled when the acts name it; `deputy_on` and its like are named with their desk."""
    filled = re.search(rf'"{field}"', SOURCES) or field in NAMED_WITH_THEIR_DESK
    assert bool(filled) != (field in templates.BY_HAND), "bring duban.templates.BY_HAND up to date"


def test_a_paper_that_the_regulation_names_and_nobody_made_is_told(template):
    """What is not made here is excepted in the catalogue, not in the code."""
    home = Path(__file__).parents[1] / "include" / "regulations"
    shutil.copytree(home, included.path("templates").with_name("regulations"))
    catalogue = template.path.with_name("文书.yaml")
    text = catalogue.read_text(encoding="utf-8")
    assert not [one for one in templates.check_all("baicheng") if one.path == catalogue]
    without = text.replace("\n督办情况通报:", "\n别的通报:").replace("\n检查记录:", "\n查看记录:")
    catalogue.write_text(without, encoding="utf-8")
    told = next(one for one in templates.check_all("baicheng") if one.path == catalogue).faults
    assert [fault.partition("，")[0].partition("》")[2] for fault in told] == [
        "五（八）规定的“检查记录”没有模板",
        "五（十）规定的“督办情况通报”没有模板",
    ]
    catalogue.write_text(text.replace("不用模板:\n", "不用模板:\n  - "), encoding="utf-8")
    with pytest.raises(Refusal, match=r"文书\.yaml 第\d+行"):
        documents.kinds("baicheng")


SPOILED = {
    "unknown field": ("{{ 退办原因 }}", "{{ 退回原因 }}", "没有“退回原因”这个栏目，是不是“退办原因”"),
    "missing end": ("{%p endif %}", "", "“if”缺少结束标记 endif"),
    "mistyped tag": ("{%p if 份号 %}", "{%p fi 份号 %}", "“{% fi 份号 %}”附近标记写法有误"),
    "full width": ("{{ 退办原因 }}", "｛｛ 退办原因 ｝｝", "“｛｛ 退办原因 ｝｝”里的“｛”应当用半角"),
    "torn": ("{{ 退办原因 }}", "{ { 退办原因 } }", "里的“{ {”应当用半角"),
    "forbidden filter": ("{{ 退办原因 }}", "{{ 退办原因|safe }}", "附近标记写法有误"),
    "inserted": ("<w:r><w:t", '<w:ins w:id="1" w:author="a"/><w:r><w:t', "修订痕迹"),
    "moved": ("<w:r><w:t", '<w:moveTo w:id="1" w:author="a"/><w:r><w:t', "修订痕迹"),
    "required and gone": ("{{ 退办原因 }}", "", "必填的“退办原因”没有印出来的地方"),
    "required and only asked for": (
        "{{ 退办原因 }}", "{% if 退办原因 %}有{% endif %}", "必填的“退办原因”没有印出来的地方",
    ),
    "hidden": (
        '<w:r><w:t xml:space="preserve">{{ 退办原因 }}',
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve">{{ 退办原因 }}',
        "“{{ 退办原因 }}”是隐藏文字",
    ),
    "wide font": (
        '<w:r><w:t xml:space="preserve">{{ 退办原因 }}',
        '<w:r><w:rPr><w:rFonts w:eastAsia="微软雅黑"/></w:rPr><w:t xml:space="preserve">{{ 退办原因 }}',
        "“{{ 退办原因 }}”用了字体“微软雅黑”，请改用仿宋_GB2312、",
    ),
    "font by another name": (
        '<w:r><w:t xml:space="preserve">{{ 退办原因 }}',
        '<w:r><w:rPr><w:rFonts w:eastAsia="仿宋"/></w:rPr><w:t xml:space="preserve">{{ 退办原因 }}',
        "用了字体“仿宋”，应为“仿宋_GB2312”",
    ),
    "cut in two": ("{{ 退办原因 }}", "{{ 退办原因 }}{% if 份号 %}</w:t></w:r></w:p>", "损坏"),
    "value that becomes a tag": ("{{ 退办原因 }}", "{{ 退办原因 }}{{ '{{' }}", "原样印了出来"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), SPOILED.values(), ids=SPOILED)
def test_what_is_wrong_is_said_in_chinese(template, old, new, sentence):
    assert templates.check(template.path).faults == ()
    template.change(old, new)
    faults = templates.check(template.path).faults
    assert any(re.search(sentence, fault) or sentence in fault for fault in faults), faults


def test_a_condition_that_begins_in_a_table_and_ends_behind_it(template):
    """Both tags are there; only filling shows that without 份号 half a table is left."""
    template.change("{{ 补办要求 }}", "{{ 补办要求 }}{% if 份号 %}")
    template.change("<w:sectPr", "<w:p><w:r><w:t>{% endif %}</w:t></w:r></w:p><w:sectPr")
    assert documents.check_template(template.path) == []
    (fault,) = templates.check(template.path).faults
    assert fault.startswith("只有必填栏目时做不出文书：《退办意见》的模板有误")


def test_faults_of_styles_and_of_the_default(template):
    template.change('w:eastAsia="仿宋_GB2312"', 'w:eastAsia="等线"', "word/styles.xml")
    assert templates.check(template.path).faults == (
        "样式“默认”用了字体“等线”，请改用仿宋_GB2312、楷体_GB2312、黑体、宋体、方正小标宋简体",
    )
    template.change('w:eastAsia="等线"', 'w:eastAsiaTheme="minorEastAsia"', "word/styles.xml")
    assert "样式“默认”用了字体“主题字体”" in templates.check(template.path).faults[0]


def test_a_style_that_nothing_uses_may_have_any_font(template):
    """Word leaves dozens of them in every file that it saves."""
    unused = '<w:style w:styleId="x"><w:rPr><w:rFonts w:eastAsia="微软雅黑"/></w:rPr></w:style></w:styles>'
    template.change("</w:styles>", unused, "word/styles.xml")
    assert templates.check(template.path).faults == ()


def test_comments_are_told(template):
    comments = f'<w:comments xmlns:w="{W}"><w:comment w:id="0"><w:p/></w:comment></w:comments>'
    template.write(template.read() | {"word/comments.xml": comments})
    assert templates.check(template.path).faults == ("里面有批注，请在“审阅”里删除全部批注后保存",)


MACROS = '<Override PartName="/x" ContentType="application/vnd.ms-office.vbaProject"/>'


def outside(kind: str) -> str:
    entry = f'<Relationship Id="r" Type="{R}/{kind}" Target="http://x.invalid/a" TargetMode="External"/>'
    return f"{entry}</Relationships>"


UNSAFE = {
    "macros": ("</Types>", f"{MACROS}</Types>", TYPES, "含有宏"),
    "remote template": ("</Relationships>", outside("attachedTemplate"), RELS, "引用了文件以外的模板"),
    "linked picture": ("</Relationships>", outside("image"), RELS, "引用了文件以外的图片"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "part", "sentence"), UNSAFE.values(), ids=UNSAFE)
def test_what_a_unit_may_not_send_the_office_may_not_use(template, old, new, part, sentence):
    template.change(old, new, part)
    (fault,) = templates.check(template.path).faults
    assert fault == f"{sentence}，请在 Word 或 WPS 里改正后另存为普通的 .docx"


def test_an_unknown_column_is_found(template):
    report = Template(template.path.with_name("办理报告.docx"))
    report.change("{{ 轮.结果 }}", "{{ 轮.结果日 }}")
    assert templates.check(report.path).faults == ("“轮次记录”里没有“结果日”这一列，是不是“结果”",)


def test_a_required_field_that_nobody_fills(template):
    catalogue = template.path.with_name("文书.yaml")
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace("退办原因, 补办要求", "退办原因, 附注, 补办要求"), encoding="utf-8")
    template.change("{{ 退办原因 }}", "{{ 退办原因 }}{{ 附注 }}")
    checked = templates.check(template.path)
    assert checked.faults == ("“附注”系统不填，不能列为必填，请从 文书.yaml 的“必填”里删去",)
    assert checked.hints == ("“附注”系统不填，印出来是空白，供手写",)


def test_catalogue_and_folder(template):
    """A kind without a file cannot be made; a file without a kind is never used; Word's own lock files are neither."""
    shutil.copy(template.path, template.path.with_name("别的.docx"))
    template.path.with_name("~$别的.docx").write_bytes(b"x")
    template.path.unlink()
    found = {one.path.name: one for one in templates.check_all("baicheng")}
    assert found["退办意见.docx"].faults[0].startswith("找不到文件，目录里有“退办意见”")
    assert found["别的.docx"].hints == ("文书.yaml 里没有这种文书，系统不会用到它",)
    assert "~$别的.docx" not in found


def test_a_file_that_lies_elsewhere_is_checked_by_itself(template, tmp_path):
    other = Template(tmp_path / "草稿.docx")
    shutil.copy(template.path, other.path)
    other.change("{{ 退办原因 }}", "")
    assert templates.check(other.path) == templates.Checked(other.path, (), ())
    other.path.write_bytes(b"PK\x03\x04 torn")
    assert "已经损坏" in templates.check(other.path).faults[0]


def test_no_catalogue():
    with pytest.raises(Refusal, match="没有机关“没有”的文书目录"):
        templates.check_all("没有")


def test_a_spoiled_template_is_told_and_the_others_are_still_looked_at(template):
    template.path.write_bytes(b"")
    found = templates.check_all("baicheng")
    assert [one.path.name for one in found if one.faults] == ["退办意见.docx"]
    assert len(found) == len(documents.kinds("baicheng"))


def test_the_text_of_a_template_shows_words_styles_and_page(template):
    text = templates.text(template.path)
    assert "[文书标题] 退办（补办）意见\n" in text
    assert "| [表内栏目] 退回原因 | [表内文字] {{ 退办原因 }} |\n" in text
    assert "{仿宋_GB2312}{{ 份号 }}" in text
    assert "== 页脚1 ==" in text
    assert "[域 PAGE]" in text
    assert re.search(r"文书标题：方正小标宋简体 二号，居中", text)
    assert "pgMar bottom=1985" in text


DIFFERENCES = {
    "wording": ("退回原因", "退回的原因", ["| [表内栏目] 退回的原因 | [表内文字] {{ 退办原因 }} |"]),
    "look": (
        '<w:r><w:t xml:space="preserve">{{ 退办原因 }}',
        '<w:r><w:rPr><w:b/><w:sz w:val="44"/></w:rPr><w:t xml:space="preserve">{{ 退办原因 }}',
        ["| [表内栏目] 退回原因 | [表内文字] {粗 二号}{{ 退办原因 }} |"],
    ),
    "revision": (
        '<w:r><w:t xml:space="preserve">{{ 退办原因 }}</w:t></w:r>',
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>{{ 退办原因 }}</w:t></w:r></w:ins>",
        ["| [表内栏目] 退回原因 | [表内文字] [-旧-][+{{ 退办原因 }}+] |"],
    ),
    "words torn by Word": ("退办原因 }}", '退办</w:t></w:r><w:proofErr/><w:r><w:t xml:space="preserve">原因 }}', []),
    "words of one look torn by Word": (
        "{{ 份号 }}",
        '{{ 份</w:t></w:r><w:r><w:rPr><w:rFonts w:eastAsia="仿宋_GB2312"/></w:rPr><w:t xml:space="preserve">号 }}',
        [],
    ),
    "width of a column": ('<w:gridCol w:w="1500"/>', '<w:gridCol w:w="1501"/>', []),
}


@pytest.mark.parametrize(("old", "new", "lines"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_change_is_one_line_and_the_fingerprint(template, old, new, lines):
    before = templates.text(template.path).splitlines()
    template.change(old, new)
    after = templates.text(template.path).splitlines()
    assert len(before) == len(after)
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed[:-1] == lines
    assert changed[-1].startswith("指纹 ")


def test_packing_it_again_changes_nothing(template):
    before = templates.text(template.path)
    members = template.read()
    template.write({name: members[name] for name in reversed(members)})
    assert templates.text(template.path) == before


def test_text_boxes_headers_pictures_and_breaks():
    text = templates.text(included.path("templates", "lanzhou", "信函.docx"))
    assert "[文本框] | [版记] 抄送：{{ 抄送 }}。 |" in text
    assert "== 页眉1 ==" in text


def test_what_is_no_docx_has_no_text(tmp_path):
    (tmp_path / "x.docx").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(Refusal, match=r"“x\.docx”打不开"):
        templates.text(tmp_path / "x.docx")


def test_git_shows_a_change_of_words_as_words(template, tmp_path):
    """The driver that .gitattributes names and CONTRIBUTING tells how to set up."""
    root = Path(__file__).parents[1]
    assert "git config diff.docx.textconv '.venv/bin/duban template text'" in (root / "CONTRIBUTING.md").read_text()
    code = f'"{sys.executable}" -c "from duban.cli import main; main()" template text'

    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    git("init", "-q")
    git("config", "diff.docx.textconv", code)
    shutil.copy(root / ".gitattributes", tmp_path)
    shutil.copy(template.path, tmp_path / "退办意见.docx")
    git("add", "退办意见.docx", ".gitattributes")
    git("commit", "-q", "-m", "one")
    Template(tmp_path / "退办意见.docx").change("退回原因", "退回的原因")
    shown = git("diff")
    assert "-| [表内栏目] 退回原因 | [表内文字] {{ 退办原因 }} |" in shown
    assert "+| [表内栏目] 退回的原因 | [表内文字] {{ 退办原因 }} |" in shown


def test_a_picture_belongs_in_the_text_and_has_a_name_that_is_known(template):
    report = Template(template.path.with_name("督办情况通报.docx"))
    report.change("{{ 逾期图 }}", "{{ 超期图 }}")
    assert "没有“超期图”这个栏目，是不是“逾期图”" in templates.check(report.path).faults
    report.change("{{ 超期图 }}", "{{ 逾期图 }}")
    assert templates.check(report.path).faults == ()
    report.change("— ", "{{ 逾期图 }}", "word/footer1.xml")
    assert templates.check(report.path).faults == ("“逾期图”是图，只能放在正文里，不能放在页眉、页脚",)


def test_a_picture_in_a_footer_leaves_its_place_empty_and_the_document_whole(template):
    footer = Template(template.path.with_name("督办情况通报.docx"))
    footer.change("— ", "{{ 逾期图 }}", "word/footer1.xml")
    values = dict.fromkeys(FIELDS, "内容") | {"overdue_chart": documents.Picture(templates.checking._DOT, "图")}
    made = documents.render("督办情况通报", values)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert b"dubanPicture" not in package.read("word/footer1.xml")
        assert package.read("word/document.xml").count(b"r:embed") == 1


def test_a_template_can_do_nothing_with_a_picture_but_place_it(template):
    spoiled = Template(template.path.with_name("督办情况通报.docx"))
    spoiled.change("{{ 逾期图 }}", "{{ 逾期图._picture }}{{ 逾期图.__html__ }}")
    values = dict.fromkeys(FIELDS, "内容") | {"overdue_chart": documents.Picture(templates.checking._DOT, "图")}
    with pytest.raises(Refusal, match="模板有误"):
        documents.render("督办情况通报", values)
