"""从表格登记: the empty table, the preview that says what registering would say, and all of it or nothing."""

import random
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from test_new_page import CLERK, started, states

from duban import clock, organization, registration, registration_form, regulation
from duban.errors import Refusal
from duban.ledger import Actor
from duban.portal import airflow_side
from duban.portal.pages import new_batch

__all__ = ["started"]

GOOD = {"标题": "夜间施工噪声", "承办单位": "治安支队", "来源": "6 局党委重大决策", "办理要求": "查清并报办公室。"}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.SHANGHAI)
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(*rows: dict[str, Any], change: Callable[[Any], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    columns = list(dict.fromkeys([*GOOD, *(column for row in rows for column in row)]))
    book.active.append(columns)
    for row in rows:
        book.active.append([row.get(column) for column in columns])
    if change:
        change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def upload(browser: Any, content: bytes, type_id: str = "general", name: str = "登记表.xlsx") -> Any:
    return browser.post("/new/batch", {"type": type_id}, files={"file": (name, content, SHEET_TYPE)})


def confirm(browser: Any, page: Any, **more: str) -> Any:
    said = dict(re.findall(r'type="hidden" name="(key|type)" value="([^"]+)"', page.text))
    return browser.post("/new/batch/confirm", said | more, page="/new/batch")


def clerk() -> Actor:
    person = organization.load().person(CLERK)
    return Actor(person.user, person.name, "office")


@pytest.mark.rule("BC-5.1a")
def test_the_preview_tells_each_row_and_registers_nothing_until_it_is_confirmed(
    site: Callable[..., Any], started: list[str]
) -> None:
    browser = site(CLERK)
    page = upload(browser, table(GOOD, GOOD | {"标题": "另一件", "承办单位": "经侦支队"}))
    assert page.status_code == 200, page.text
    for words in ("第2行", "第3行", "一般督办事项", "经侦支队", "2026年3月9日", "全部登记（2 件）"):
        assert words in page.text
    assert states() == []
    answer = confirm(browser, page)
    assert answer.status_code == 200, answer.text
    assert [state.title for state in sorted(states(), key=lambda one: one.number)] == ["夜间施工噪声", "另一件"]
    assert sorted(started) == sorted(state.number for state in states())
    for state in states():
        assert state.number in answer.text
    confirm(browser, page)
    assert len(states()) == 2


def test_the_same_file_is_found_whichever_way_it_came(site: Callable[..., Any]) -> None:
    content = table(GOOD)
    new_batch.register("命令行.xlsx", content, "general", clerk())
    page = upload(site(CLERK), content, name="改了名.xlsx")
    (state,) = states()
    assert "已经登记过了" in page.text
    assert state.number in page.text
    assert "全部登记（" not in page.text


def test_every_fault_is_told_with_its_row_and_nothing_can_be_confirmed(site: Callable[..., Any]) -> None:
    browser = site(CLERK)
    wrong = [GOOD | {"承办单位": "公安厅", "紧急程度": "火急"}, GOOD, GOOD | {"密级": "机密"}]
    page = upload(browser, table(*wrong))
    assert "3 件，<span" in page.text
    assert "2 件有错" in page.text
    for words in ("没有叫“公安厅”的承办单位", "“紧急程度”不能是“火急”", "纸质件存放处"):
        assert words in page.text
    assert 'action="/duban/new/batch/confirm"' not in page.text


def test_cells_that_cannot_be_read_are_told_row_by_row_with_the_other_faults(site: Callable[..., Any]) -> None:
    wrong = [
        GOOD | {"批示日期": "明天", "承办单位": "公安厅"},
        GOOD | {"标题": None},
        GOOD | {"限时日期": "三天后"},
        GOOD | {"标题": "好的一件"},
    ]
    page = upload(site(CLERK), table(*wrong), type_id="dated")
    assert page.status_code == 200
    assert "4 件有错" in page.text, "the last row has no date"
    for words in (
        "“批示日期”“明天”不是日期",
        "没有叫“公安厅”的承办单位",
        "“标题”没有填写",
        "“三天后”不是日期",
        "好的一件",
    ):
        assert words in page.text
    found = new_batch.looked("a.xlsx", table(*wrong), "dated", clerk())
    assert [len(row.faults) for row in found.rows] == [3, 2, 1, 1], "of an unread cell one thing is said"
    assert states() == []


def test_faults_of_further_sheets_are_told_above_the_rows(site: Callable[..., Any]) -> None:
    def phases(book: Any) -> None:
        sheet = book.create_sheet("阶段")
        sheet.append(["事项", "阶段", "开始", "结束"])
        sheet.append(["", "摸底", "某日", "2026-03-20"])

    page = upload(site(CLERK), table(GOOD, change=phases), type_id="staged")
    assert "工作表“阶段”第2行“开始”“某日”不是日期" in page.text
    assert "全部登记（" not in page.text


def macros(content: bytes) -> bytes:
    target = BytesIO(content)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    return target.getvalue()


def formula(book: Any) -> None:
    book.active["A2"] = "=1+1"


def other_columns(book: Any) -> None:
    book.active["A1"] = "事由"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"not a table", "登记表.xlsx", "打不开"),
        (b"", "登记表.xlsx", "打不开"),
        (table(GOOD), "登记表.xls", "请用 .xlsx"),
        (table(GOOD), "登记表.xlsm", "请用 .xlsx"),
        (macros(table(GOOD)), "登记表.xlsx", "宏"),
        (table(GOOD, change=formula), "登记表.xlsx", "“标题”是公式"),
        (table(GOOD, change=other_columns), "登记表.xlsx", "标题"),
        (table(), "登记表.xlsx", "没有督办件"),
        (table(GOOD | {"限时日期": "明天"}), "登记表.xlsx", "“限时日期”“明天”不是日期"),
        (b"x" * (registration.LARGEST + 1), "登记表.xlsx", "最大 5 MB"),
        (table(GOOD), "../../../etc/登记\x00表.xlsx", "夜间施工噪声"),
    ],
)
def test_what_is_no_table_is_a_sentence(site: Callable[..., Any], content: bytes, name: str, words: str) -> None:
    page = upload(site(CLERK), content, name=name)
    assert words in page.text
    assert page.status_code in (200, 400, 409, 413)
    assert states() == []


def test_a_type_and_a_file_have_to_be_chosen(site: Callable[..., Any]) -> None:
    browser = site(CLERK)
    assert "请先选择督办类型" in upload(browser, table(GOOD), type_id="").text
    assert "请先选择督办类型" in upload(browser, table(GOOD), type_id="decomposed").text
    assert "没有选择文件" in browser.post("/new/batch", {"type": "general"}, files={"x": ("", b"")}).text
    assert "重新上传" in browser.post("/new/batch/confirm", {"type": "general", "key": "x"}, page="/new/batch").text


def test_a_confirmation_is_whose_the_upload_was(site: Callable[..., Any]) -> None:
    page = upload(site(CLERK), table(GOOD))
    answer = confirm(site("gu.chief"), page)
    assert answer.status_code == 409
    assert "重新上传" in answer.text
    assert states() == []


def test_what_changed_meanwhile_registers_nothing(site: Callable[..., Any], later: Callable[..., None]) -> None:
    browser = site(CLERK)
    page = upload(browser, table(GOOD, GOOD | {"标题": "限时", "限时日期": "2026-03-03"}), type_id="dated")
    assert "有错" in page.text, "the first row has no date"
    page = upload(browser, table(GOOD | {"限时日期": "2026-03-20"}, GOOD | {"限时日期": "2026-03-03"}), type_id="dated")
    assert "全部登记（2 件）" in page.text
    later(timedelta(days=3))
    answer = confirm(browser, page)
    assert answer.status_code == 409
    assert "第3行" in answer.text
    assert "已经过去" in answer.text
    assert states() == []


def test_runs_that_airflow_does_not_start_can_be_started_again(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def half(_request: Any, found: list[Any]) -> list[str | None]:
        return [None if n == 0 else airflow_side.NOT_STARTED for n in range(len(found))]

    monkeypatch.setattr(airflow_side, "start_all", half)
    browser = site(CLERK)
    answer = confirm(browser, upload(browser, table(GOOD, GOOD | {"标题": "另一件"})))
    assert answer.status_code == 502
    assert "其中 1 件的流程没有启动" in answer.text
    assert len(re.findall(r'type="hidden" name="number"', answer.text)) == 1
    assert len(states()) == 2


WILD = {
    "承办单位": ["治安支队", "经侦支队", "", "公安厅"],
    "协办单位": ["", "", "法制支队", "治安支队", "法制支队、法制支队"],
    "来源": ["6", "4", "99", ""],
    "批示领导": ["", "顾长风"],
    "批示日期": ["", "2026-03-02", "2026-03-09"],
    "批示内容": ["", "请查"],
    "紧急程度": ["", "加急", "火急"],
    "密级": ["", "", "内部", "秘密"],
    "纸质件存放处": ["", "3号柜"],
    "办理要求": ["查清", "查清", ""],
    "限时日期": ["", "2026-03-20", "2026-02-20"],
    "督办方式": ["", "", "书面", "联合", "电话", "暗访"],
    "参加部门": ["", "督察"],
    "呈批部门": ["", "", "经侦支队"],
    "呈批理由": ["", "有必要"],
    "上报": ["", "否"],
    "阶段": ["", "一段 3月2日 3月9日", "一段 3月9日 3月2日"],
}


@pytest.mark.parametrize("seed", range(12))
def test_the_preview_has_no_fault_exactly_when_registering_succeeds(rehearsal_url: str, seed: int) -> None:
    chance = random.Random(seed)
    outcomes = set()
    for attempt in range(12):
        type_id = chance.choice(["general", "dated", "routine", "staged"])
        rows = []
        for n in range(chance.randint(1, 2)):
            # Few of the columns at a time, or next to nothing would ever be right.
            said = {column: chance.choice(WILD[column]) for column in chance.sample(list(WILD), chance.randint(0, 3))}
            right = {"限时日期": "2026-03-20"} if type_id == "dated" else {}
            right |= {"阶段": "一段 3月2日 3月9日"} if type_id == "staged" else {}
            rows.append(GOOD | right | {"标题": f"第{seed}-{attempt}-{n}件"} | said)
        content = table(*rows)
        found = new_batch.looked("a.xlsx", content, type_id, clerk())
        try:
            new_batch.register("a.xlsx", content, type_id, clerk())
            registered = True
        except Refusal:
            registered = False
        assert registered == found.right, (rows, found.rows)
        outcomes.add(registered)
    assert outcomes == {True, False}


@pytest.mark.parametrize("regulation_id", ["baicheng-2020", "bureau-2019", "lanzhou"])
def test_the_empty_table_asks_what_the_bureau_knows_and_is_read_back(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, regulation_id: str
) -> None:
    law = regulation.load(regulation_id)
    monkeypatch.setenv("DUBAN_REGULATION", regulation_id)
    monkeypatch.setenv("DUBAN_ORGANIZATION", law.organization)
    org = organization.load()
    answer = site(org.clerks[0].user).get("/new/batch/template")
    assert (answer.status_code, answer.headers["content-type"]) == (200, SHEET_TYPE)
    book = openpyxl.load_workbook(BytesIO(answer.content))
    sheet = book[registration_form.SHEET]
    columns = [cell.value for cell in sheet[1]]
    assert set(registration.NEEDED) <= set(columns) <= set(registration.COLUMNS)
    assert ("督办方式" in columns) == (len(law.modes) > 1)
    assert ("知情人员" in columns) == law.secrecy.named_readers
    assert ("阶段" in book.sheetnames, "分工" in book.sheetnames) == ("staged" in law.types, "decomposed" in law.types)
    lists = {rule.sqref: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists
    source = next(number for number in law.sources if not law.notice_for(number, None)[1].needs_leader)
    unit = next(iter(org.units.values())).short
    said = {"标题": "试填", "承办单位": unit, "来源": f"{source} 某类", "办理要求": "查清", "限时日期": "2026-03-20"}
    for column, value in said.items():
        if column in columns:
            sheet.cell(2, columns.index(column) + 1, value)
    target = BytesIO()
    book.save(target)
    type_id = "dated" if "dated" in law.types else "general"  # there as everywhere with a date of its own
    found = new_batch.looked("填好.xlsx", target.getvalue(), type_id, Actor(org.clerks[0].user, "某人", "office"))
    assert [row.faults for row in found.rows] == [()]


def test_what_the_lists_offer_is_taken(rehearsal_url: str) -> None:
    law, org = regulation.load(), organization.load()
    book = openpyxl.load_workbook(BytesIO(registration_form.blank(law, org)))
    sheet, lists = book[registration_form.SHEET], book[registration_form.LISTS]
    columns = [cell.value for cell in sheet[1]]
    ranges = [(str(rule.sqref), rule.formula1) for rule in sheet.data_validations.dataValidation]
    for place, formula_ in ranges:
        column = columns[sheet[place.split(":")[0]].column - 1]
        letter = re.search(r"\$([A-Z]+)\$1:", formula_)[1]  # type: ignore[index]
        for (cell,) in lists[f"{letter}1:{letter}{lists.max_row}"]:
            if cell.value is None:
                continue
            form = registration._form({**GOOD, column: cell.value})
            assert form[1] == (), (column, cell.value)
            faults = new_batch.preview({"type": "general", **form[0]}, law, org, NOW).faults
            field = registration.COLUMNS[column][0]
            told = [fault.sentence for fault in faults if fault.field == field and "不能是" in fault.sentence]
            assert told == [], (column, cell.value)
