"""duban.registration: reading registration forms (BC-5.1a) from a spreadsheet or JSON."""

import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from duban import registration
from duban.errors import Refusal

#: As a date cell comes out of a spreadsheet: without a time zone.
DAY = datetime(2026, 3, 5)  # noqa: DTZ001
EXAMPLES = Path(__file__).parent.parent / "examples"
ROW = {
    "标题": "夜间噪声的处理",
    "承办单位": "治安支队",
    "来源": "4 本级局领导批示指示",
    "批示领导": "顾长风",
    "批示日期": "2026-03-02",
    "批示内容": "请查清。",
    "来文依据": "《每日警情》2026年第58期",
    "办理要求": "一、核查。\n二、回访。",
    "紧急程度": "加急",
    "密级": "",
    "纸质件存放处": "",
    "发放范围": "市局办公室",
    "限时日期": "",
    "联系电话": "0436-5550101",
    "违法违纪": "",
    "要求回访": "是",
}
FORM = {
    "title": "夜间噪声的处理",
    "unit": "治安支队",
    "source": "4",
    "instruction_by": "顾长风",
    "instruction_on": "2026-03-02",
    "instruction_text": "请查清。",
    "basis_document": "《每日警情》2026年第58期",
    "requirement": "一、核查。\n二、回访。",
    "urgency": "加急",
    "mark": "",
    "paper": "",
    "distribution": "市局办公室",
    "due_on": "",
    "contact": "0436-5550101",
    "violation": False,
    "revisit": True,
}


@pytest.fixture
def sheet(tmp_path):
    """Write rows below the header (and change the sheet by hand), return the path."""

    def write(*rows, header=tuple(ROW), above=0, change=None):
        book = openpyxl.Workbook()
        page = book.active
        for _ in range(above):
            page.append(["督办件登记表"])
        page.append(list(header))
        for row in rows:
            page.append([row.get(name) for name in header])
        if change:
            change(page)
        book.save(tmp_path / "matters.xlsx")
        return tmp_path / "matters.xlsx"

    return write


@pytest.fixture
def listed(tmp_path):
    def write(content):
        path = tmp_path / "matters.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def test_a_row_becomes_a_form(sheet, listed):
    assert registration.read_forms(sheet(ROW)) == [FORM]
    assert registration.read_forms(listed([ROW])) == [FORM]
    # Windows editors begin a UTF-8 file with a mark.
    assert registration.read_forms(listed("\ufeff" + json.dumps([ROW]))) == [FORM]


def test_the_examples_are_a_dozen_and_both_files_say_the_same():
    forms = registration.read_forms(EXAMPLES / "matters.xlsx")
    assert forms == registration.read_forms(EXAMPLES / "matters.json")
    assert len(forms) == 12
    assert len({form["title"] for form in forms}) == 12
    assert {len(list((EXAMPLES / "replies").glob(f"{n:02} *.docx"))) > 0 for n in range(1, 13)} == {True}


def test_empty_rows_and_lines_above_the_header_are_passed_over(sheet):
    empty = dict.fromkeys(ROW)
    path = sheet(empty, ROW, dict.fromkeys(ROW, "  "), ROW | {"标题": "另一件"}, empty, above=2)
    assert [form["title"] for form in registration.read_forms(path)] == ["夜间噪声的处理", "另一件"]


def test_the_order_of_columns_does_not_matter_and_most_may_be_left_out(sheet):
    header = ("办理要求", "来源", "承办单位", "标题")
    (form,) = registration.read_forms(sheet(ROW, header=header))
    assert form == {field: FORM[field] for field in ("title", "unit", "source", "requirement")}


#: What the columns of the modes hold -> field and what is read.
MODES = {
    "督办方式": ("mode", "实地", "实地"),
    "协办单位": ("cohandlers", "刑侦支队、交警支队", "刑侦支队、交警支队"),
    "提出要求的局领导": ("order_by", "顾长风", "顾长风"),
    "局长要求日期": ("order_on", "2026年3月1日", "2026-03-01"),
    "局长要求": ("order_text", "到现场看。", "到现场看。"),
    "呈批部门": ("proposed_by", "刑侦支队", "刑侦支队"),
    "呈批理由": ("proposal_reason", "需要。", "需要。"),
    "呈批方式": ("proposal_route", "备案", "备案"),
    "上报": ("report_up", "是", "是"),
    "上报对象": ("report_to", "省公安厅", "省公安厅"),
}


@pytest.mark.rule("BC-4.3", "BC-5.1b")
def test_a_spreadsheet_says_every_mode_and_the_rules_accept_it(sheet):
    from matters import person

    from duban import clock, organization, regulation
    from duban.acts.form import checked

    row = ROW | {column: written for column, (_field, written, _read) in MODES.items()}
    (form,) = registration.read_forms(sheet(row, header=tuple(row)))
    assert form == FORM | {field: read for field, _written, read in MODES.values()}
    now = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
    accepted = checked(
        {"type": "general", **form}, regulation.load("baicheng-2020"), organization.load("baicheng"), now
    )
    assert (accepted["mode"], accepted["cohandlers"], accepted["proposal_route"], accepted["report_up"]) == (
        "onsite",
        ["xingzhen", "jiaojing"],
        "record",
        True,
    )
    assert person("chief").name == accepted["order_by"]


BAD_ROWS = {
    "承办单位": "不存在的支队",
    "协办单位": "治安支队",
    "来源": "99",
    "督办方式": "飞鸽",
    "密级": "保密",
    "限时日期": "2026-03-20",
    "呈批部门": "不存在的部门",
    "参加部门": "督察",
    "局长要求": "去看看",
    "知情人员": "谁",
}


@pytest.mark.rule("BC-5.1a")
@pytest.mark.parametrize(("column", "value"), BAD_ROWS.items())
def test_one_bad_row_in_500_registers_nothing_and_is_named(sheet, rehearsal_url, column, value):
    from duban import acts, ledger

    rows = [ROW | {"标题": f"第{n}件"} for n in range(500)]
    rows[8] = rows[8] | {column: value}
    entries = registration.read_entries(sheet(*rows, header=tuple(ROW | BAD_ROWS)))
    forms = [{"type": "general", **entry.form} for entry in entries]
    with pytest.raises(Refusal) as refused:
        acts.register_all(forms, acts.OPERATOR, "file", [entry.where for entry in entries])
    said = str(refused.value)
    assert said.startswith("第10行（第8件）：")
    assert column in said
    assert "全部500件均未登记" in said
    with ledger.transaction() as session:
        assert ledger.items(session) == []


@pytest.mark.parametrize(
    "written",
    [
        DAY,
        date(2026, 3, 5),
        "2026-03-05",
        "2026-3-5",
        "2026/3/5",
        "2026.03.05",
        "2026年3月5日",
        " 2026 年 3 月 5 日 ",
        "20260305",
    ],
    ids=str,
)
def test_dates_as_cells_and_as_people_write_them(sheet, written):
    assert registration.read_forms(sheet(ROW | {"限时日期": written}))[0]["due_on"] == "2026-03-05"


@pytest.mark.parametrize(
    ("written", "code"),
    [("4", "4"), (4, "4"), ("4 本级局领导批示指示", "4"), ("4、本级", "4"), ("其他", "其他"), (44, "44")],
)
def test_the_source_is_its_number(sheet, written, code):
    assert registration.read_forms(sheet(ROW | {"来源": written}))[0]["source"] == code


@pytest.mark.parametrize(
    ("written", "meant"), [("是", True), ("否", False), (True, True), (None, False), (" 是 ", True)]
)
def test_yes_and_no(sheet, written, meant):
    assert registration.read_forms(sheet(ROW | {"违法违纪": written}))[0]["violation"] is meant


def test_a_telephone_number_typed_as_a_number(sheet):
    assert registration.read_forms(sheet(ROW | {"联系电话": 4365550101.0}))[0]["contact"] == "4365550101"


WRONG = {
    "no date": ("批示日期", "三月初", "第2行“批示日期”“三月初”不是日期，请写成 2026-03-05"),
    "impossible date": ("批示日期", "2026-02-30", "第2行“批示日期”“2026-02-30”不是日历上有的日期"),
    "number as date": ("限时日期", 46086, "第2行“限时日期”“46086”不是日期"),
    "date as text": ("标题", DAY, "第2行“标题”是日期，应当是文字"),
    "number one": ("违法违纪", 1, "第2行“违法违纪”只能填“是”或“否”，不能是“1”"),
    "neither yes nor no": ("违法违纪", "也许", "第2行“违法违纪”只能填“是”或“否”，不能是“也许”"),
    "number two": ("要求回访", 2, "第2行“要求回访”只能填“是”或“否”"),
    "formula": ("标题", '="甲"&"乙"', "第2行“标题”是公式，请改成固定的内容"),
    "error": ("办理要求", "#REF!", "第2行“办理要求”是错误值 #REF!"),
    "no title": ("标题", " ", "第2行“标题”没有填写"),
    "truth value": ("标题", True, "第2行“标题”应当是文字"),
}


@pytest.mark.parametrize(("column", "value", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_cell_is_named_with_row_column_and_reason(sheet, column, value, sentence):
    with pytest.raises(Refusal) as refused:
        registration.read_forms(sheet(ROW | {column: value}))
    assert sentence in str(refused.value)
    assert "没有登记任何一件" in str(refused.value)


def test_every_row_is_checked_and_many_faults_are_counted(sheet):
    path = sheet(ROW, ROW | {"批示日期": "x"}, ROW, ROW | {"批示日期": "y", "要求回访": "z"})
    with pytest.raises(Refusal, match=r"第3行“批示日期”.*；第5行“批示日期”.*；第5行“要求回访”"):
        registration.read_forms(path)
    with pytest.raises(Refusal, match="另有 12 处"):
        registration.read_forms(sheet(*[ROW | {"批示日期": "x"}] * 20))


def test_columns_are_checked(sheet):
    with pytest.raises(Refusal, match="不认识的列“备注”"):
        registration.read_forms(sheet(ROW, header=(*ROW, "备注")))
    with pytest.raises(Refusal, match="列“密级”出现了两次"):
        registration.read_forms(sheet(ROW, header=(*ROW, "密级")))
    with pytest.raises(Refusal, match="缺少“来源、办理要求”列"):
        registration.read_forms(sheet(ROW, header=("标题", "承办单位")))
    with pytest.raises(Refusal, match="找不到表头"):
        registration.read_forms(sheet(ROW, header=("承办单位", "来源")))


def test_merged_cells_are_refused_but_not_in_a_heading_above_the_table(sheet):
    with pytest.raises(Refusal, match="A2:A3 是合并单元格"):
        registration.read_forms(sheet(ROW, ROW, change=lambda page: page.merge_cells("A2:A3")))
    path = sheet(ROW, above=1, change=lambda page: page.merge_cells("A1:P1"))
    assert registration.read_forms(path) == [FORM]


def test_content_in_a_column_without_a_name_is_not_lost_silently(sheet):
    def write(page):
        page["R2"] = "另请注意"

    with pytest.raises(Refusal, match="R2 有内容，但这一列没有表头"):
        registration.read_forms(sheet(ROW, change=write))


def test_a_sheet_without_matters_or_with_far_too_many_rows(sheet):
    with pytest.raises(Refusal, match="里没有督办件"):
        registration.read_forms(sheet())

    def write(page):
        page.cell(row=registration.ROWS + 100, column=1).value = "x"

    with pytest.raises(Refusal, match=f"最多 {registration.ROWS} 行"):
        registration.read_forms(sheet(ROW, change=write))


BAD_JSON = {
    "syntax": ("[{]", "JSON 写法有误（第1行）"),
    "object": ({"标题": "x"}, "应当是一个列表"),
    "list of texts": (["x"], "应当是一个列表"),
    "unknown": ([ROW, ROW | {"编号": "1"}], "第2件有不认识的列“编号”"),
    "missing": ([{"标题": "x"}], "第1件缺少“承办单位、来源、办理要求”列"),
    "cell": ([ROW, ROW | {"批示日期": 5}], "第2件“批示日期”“5”不是日期"),
    "list in a cell": ([ROW | {"要求回访": ["是"]}], "第1件“要求回访”只能填"),
    "list as text": ([ROW | {"标题": ["甲"]}], "第1件“标题”应当是文字"),
    "empty": ([], "里没有督办件"),
    "deep": ("[" * 100_000, "JSON 写法有误"),
}


@pytest.mark.parametrize(("content", "sentence"), BAD_JSON.values(), ids=BAD_JSON)
def test_faults_of_json(listed, content, sentence):
    with pytest.raises(Refusal) as refused:
        registration.read_forms(listed(content))
    assert sentence in str(refused.value)


def test_files_that_are_no_forms(tmp_path):
    with pytest.raises(Refusal, match="找不到文件"):
        registration.read_forms(tmp_path / "无.xlsx")
    for name, data, sentence in [
        ("a.csv", b"x", "请用 .xlsx 或 .json"),
        ("a.xlsx", b"x", "打不开"),
        ("a.xlsx", b"PK\x03\x04x", "打不开"),
        ("a.json", "标题".encode("gbk"), "不是 UTF-8"),
        ("a.json", bytes(registration.LARGEST + 1), "最大 5 MB"),
    ]:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Refusal, match=sentence):
            registration.read_forms(tmp_path / name)


def test_a_bomb_is_not_unpacked(sheet, monkeypatch):
    path = sheet(ROW)
    monkeypatch.setattr(registration, "UNPACKED", 1000)
    monkeypatch.setattr(registration.openpyxl, "load_workbook", lambda *_: pytest.fail("opened"))
    with pytest.raises(Refusal, match="展开后异常庞大"):
        registration.read_forms(path)
