"""A clerk's spreadsheet: what is accepted as it is written, and what is refused with its place and what to do."""

import json
import random
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matters import FORM, person
from openpyxl.worksheet.worksheet import Worksheet
from sample_year import SAMPLE

from duban import acts, ledger
from duban.errors import Refusal
from duban.history import cells, replay, sheets, taking
from duban.history.faults import Faults

Change = Callable[[Worksheet, Worksheet], None]


def broken(tmp_path: Path, change: Change) -> Path:
    """The sample after somebody has been at it: `change` gets the sheets 督办件 and 经过."""
    book = openpyxl.load_workbook(SAMPLE)
    change(book["督办件"], book["经过"])
    book.save(tmp_path / "台账.xlsx")
    return tmp_path / "台账.xlsx"


def column(sheet: Worksheet, name: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == name)


def put(sheet: Worksheet, row: int, name: str, value: Any) -> None:
    sheet.cell(row, column(sheet, name)).value = value


def row_of(sheet: Worksheet, code: str, deed: str) -> int:
    """The first row of a matter with this word."""
    for row in range(2, sheet.max_row + 1):
        if (sheet.cell(row, 1).value, sheet.cell(row, column(sheet, "事项")).value) == (code, deed):
            return row
    raise AssertionError(f"{code} {deed}")


def faults(path: Path) -> list[str]:
    with pytest.raises(Faults) as refused:
        taking.check(path)
    return [str(fault) for fault in refused.value.listed]


def event_change(code: str, deed: str, name: str, value: Any) -> Change:
    return lambda _matters, events: put(events, row_of(events, code, deed), name, value)


BROKEN: list[tuple[Change, str]] = [
    (
        event_change("1", "下达", "日期", "1月5日"),
        "“经过”第2行“日期”：“1月5日”没有写年份，请写成 2026-03-05 这样的形式。",
    ),
    (event_change("1", "下达", "日期", "2026-02-30"), "“经过”第2行“日期”：“2026-02-30”不是日历上有的日期。"),
    (event_change("1", "下达", "日期", "=A1+1"), "“经过”第2行“日期”：是公式，请改成固定的内容。"),
    (
        event_change("1", "下达", "日期", "2027-01-05"),
        "“经过”第2行“日期”：2027-01-05 还没有到（今天是 2026-09-28），请核对。",
    ),
    (
        event_change("1", "下达", "编号", "101"),
        "“经过”第2行“编号”：督办件表里没有“101”，请核对编号，或在督办件表里补上这一件。",
    ),
    (event_change("6", "退回", "理由", None), "“经过”第{row}行“理由”：“退回”要写退回理由，请补上。"),
    (event_change("6", "退回", "理由", "态度不好"), "“经过”第{row}行“退回”：“理由”不能是“态度不好”"),
    (event_change("6", "退回", "由谁", "李副科长"), "“经过”第{row}行“退回”：“由谁”里的“李副科长”看不出是哪一级"),
    (event_change("3", "延期", "新期限", None), "“经过”第{row}行“新期限”：“延期”要写新的期限，请补上。"),
    (
        event_change("3", "延期", "新期限", "2026-01-21"),
        "“经过”第{row}行“延期”：新的办理期限 2026-01-21 应晚于原期限 2026-01-23",
    ),
    (
        event_change("15", "改派", "单位", "出入镜支队"),
        "“经过”第{row}行“单位”：没有叫“出入镜支队”的承办单位，是不是“出入境支队”",
    ),
    (event_change("6", "回复", "事项", "汇报"), "“经过”第{row}行“事项”：不认识“汇报”，请用：签发、下达、"),
    (
        event_change("16", "回复", "说明", "已清点，共三份。"),
        "“经过”第{row}行“回复”：涉密件的内容不得录入本系统，请清空“说明”",
    ),
    (event_change("1", "领收", "时间", "08:00"), "“经过”第3行“时间”：08:00 早于同一天上一行的 09:10，请按先后排列。"),
    (event_change("2", "回访", "理由", None), "“经过”第{row}行“回访”：回访的“理由”要写 相符 或 不符，它决定扣不扣分。"),
]


@pytest.mark.parametrize(("change", "sentence"), BROKEN, ids=[said[:22] for _change, said in BROKEN])
def test_what_is_wrong_is_told_with_sheet_row_and_column(
    change: Change, sentence: str, evening: str, tmp_path: Path
) -> None:
    touched: list[int] = []

    def watched(matters: Worksheet, events: Worksheet) -> None:
        before = {row: [cell.value for cell in events[row]] for row in range(2, events.max_row + 1)}
        change(matters, events)
        touched.extend(row for row, values in before.items() if [cell.value for cell in events[row]] != values)

    told = faults(broken(tmp_path, watched))
    assert any(one.startswith(sentence.format(row=touched[0]).rstrip("。")) for one in told), told
    with ledger.transaction() as session:
        assert ledger.items(session) == []


def test_a_matter_closed_without_a_reply_wants_the_reply(evening: str, tmp_path: Path) -> None:
    def change(_matters: Worksheet, events: Worksheet) -> None:
        for deed in ("审核通过", "回复"):
            events.delete_rows(row_of(events, "1", deed))

    assert faults(broken(tmp_path, change)) == [
        "“经过”第5行“办结”：办结以前没有回复，请在前面补一行“回复”（什么时候报来的，决定是不是逾期）。"
    ]


def test_all_faults_are_told_at_once(evening: str, tmp_path: Path) -> None:
    def change(matters: Worksheet, events: Worksheet) -> None:
        put(matters, 2, "承办单位", "治安大队")
        put(matters, 3, "编号", "1")
        put(matters, 5, "密级", "保密")
        put(events, 2, "日期", "昨天")
        put(events, 9, "事项", "开会")

    told = "\n".join(faults(broken(tmp_path, change)))
    for place in ("“督办件”第2行“承办单位”", "“督办件”第3行“编号”", "“经过”第2行“日期”", "“经过”第9行“事项”"):
        assert place in told


def test_a_number_twice_a_wrong_number_and_a_missing_column_are_refused(evening: str, tmp_path: Path) -> None:
    def change(matters: Worksheet, _events: Worksheet) -> None:
        put(matters, 3, "文号", "白公督[2026]1号")
        put(matters, 4, "文号", "三号")

    told = faults(broken(tmp_path, change))
    assert "“督办件”第4行“文号”：“三号”不是文号，请写成 白公督〔2026〕12号 这样，没有文号的留空。" in told
    assert "“督办件”第3行“文号”：“白公督〔2026〕1号”与“督办件”第2行的相同，一号一件，请改正。" in told

    def rename(_matters: Worksheet, events: Worksheet) -> None:
        put(events, 1, "日期", "何时")

    assert faults(broken(tmp_path, rename))[:2] == [
        "“经过”B列：不认识列名“何时”，可用的列：编号、日期、时间、事项、单位、由谁、新期限、理由、文号、说明。",
        "“经过”：缺少“日期”列，请按样式补上。",
    ]


def test_a_sheet_that_is_missing_and_a_file_that_is_none(evening: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(SAMPLE)
    book["经过"].title = "情况"
    book.save(tmp_path / "台账.xlsx")
    with pytest.raises(Refusal, match="里没有工作表“经过”（现有：说明、督办件、情况、已用文号）"):
        taking.check(tmp_path / "台账.xlsx")
    (tmp_path / "台账.xlsx").write_bytes(b"PK nothing")
    with pytest.raises(Refusal, match="打不开"):
        taking.check(tmp_path / "台账.xlsx")
    with pytest.raises(Refusal, match=r"找不到文件“没有\.xlsx”"):
        taking.check(tmp_path / "没有.xlsx")


def test_a_damaged_spreadsheet_is_told_as_such(tmp_path: Path) -> None:
    whole, chance, file, refused = SAMPLE.read_bytes(), random.Random(2), tmp_path / "台账.xlsx", 0
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[chance.randrange(len(damaged))] ^= chance.randrange(1, 256)
        file.write_bytes(damaged)
        try:
            sheets.read(file)
        except Refusal as refusal:
            refused += "打不开，可能已损坏" in str(refusal)
    assert refused > 30


def test_what_can_mean_only_one_thing_is_accepted(evening: str, tmp_path: Path) -> None:
    def change(matters: Worksheet, events: Worksheet) -> None:
        put(matters, 2, "文号", "白公督[２０２６]１号")
        put(matters, 2, "承办单位", " 白城市公安局治安管理支队 ")
        put(matters, 2, "登记日期", "２０２６年１月５日")
        put(matters, 1, "承办单位", "承办 单位")
        put(events, 2, "日期", 46027)
        put(events, 2, "时间", "上午9点10分")
        put(events, 3, "日期", "2026.1.5")
        put(events, 3, "时间", 14 / 24)
        put(events, 4, "日期", "2026年1月6日（星期二）")
        put(events, 5, "日期", "20260109")
        put(events, 6, "日期", "二〇二六年一月九日")
        put(events, 7, "日期", "2026/1/12 10:30")
        put(events, 2, "编号", 1.0)
        for row in range(3, 8):
            put(events, row, "编号", None)
        events.merge_cells(start_row=2, end_row=7, start_column=1, end_column=1)
        last = events.max_row
        events.cell(last + 3, 1).value = "制表人：田雨欣"
        events.cell(last + 4, 1).value = "　"

    taking.take(broken(tmp_path, change))
    with ledger.transaction() as session:
        events = [(event.kind, event.at) for event in ledger.events(session, "BC-2026-0001", "dispatched", "received")]
        closed = ledger.state(session, "BC-2026-0001").closed_at
    assert [(kind, f"{at:%m-%d %H:%M}") for kind, at in events] == [
        ("dispatched", "01-05 09:10"),
        ("received", "01-05 14:00"),
    ]
    assert f"{closed:%Y-%m-%d %H:%M}" == "2026-01-12 10:30"


def test_a_title_above_the_table_and_other_words_for_its_columns(evening: str, tmp_path: Path) -> None:
    def change(matters: Worksheet, _events: Worksheet) -> None:
        put(matters, 1, "文号", "督办文号")
        put(matters, 1, "标题", "督办事项")
        matters.insert_rows(1)
        matters.cell(1, 1).value = "2026年督办件登记簿"

    assert taking.check(broken(tmp_path, change)).matters == 42


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-3-5", date(2026, 3, 5)),
        ("２０２６／３／５", date(2026, 3, 5)),
        ("2026年03月05号", date(2026, 3, 5)),
        ("二〇二六年十二月三十一日", date(2026, 12, 31)),
        (46086.0, date(2026, 3, 5)),
        ("46086", date(2026, 3, 5)),
        (20260305, date(2026, 3, 5)),
        (20260305.0, date(2026, 3, 5)),
        (datetime.fromisoformat("2026-03-05T00:00"), date(2026, 3, 5)),
    ],
)
def test_a_day_is_read_however_it_is_written(written: object, meant: date) -> None:
    assert cells.day(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "3月5日",
        "5/3/26",
        "26-3-5",
        "2026-13-01",
        "明天",
        "2026",
        20260305.5,
        True,
        "05/03/2026",
        20261305,
        10260305,
        "1026-03-05",
    ],
)
def test_a_day_that_could_mean_another_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="“"):
        cells.day(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (20261305, "“20261305”不是日历上有的日期"),
        (2026030, "“2026030”不是日期，请写成 2026-03-05 这样的形式"),
        ("1026-03-05", "“1026-03-05”不在 2000 年到 2099 年之间，请核对年份"),
        (datetime.fromisoformat("2126-03-05T00:00"), "“2126-03-05 00:00:00”不在 2000 年到 2099 年之间，请核对年份"),
    ],
)
def test_a_day_that_is_none_is_told_as_it_was_typed(written: object, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        cells.day(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("14:30", time(14, 30)),
        ("下午2点半", time(14, 30)),
        ("９：０５", time(9, 5)),
        ("14时", time(14)),
        (0.5, time(12)),
    ],
)
def test_an_hour_is_read_however_it_is_written(written: object, meant: time) -> None:
    assert cells.clock(written) == meant


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["-", "/", ".", "年月日"]), st.booleans())
def test_every_day_is_read_in_every_spelling(on: date, sign: str, wide: bool) -> None:
    marks = sign if len(sign) == 3 else sign * 2
    said = f"{on.year}{marks[0]}{on.month}{marks[1]}{on.day}{marks[2:]}"
    if wide:
        said = said.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert cells.day(said) == on


@given(st.text(max_size=30) | st.floats() | st.integers() | st.none() | st.booleans())
def test_whatever_is_in_a_cell_is_a_day_or_a_sentence(value: object) -> None:
    with suppress(ValueError):
        assert isinstance(cells.day(value), date)


ONE: dict[str, Any] = {
    "编号": "1",
    "文号": "白公督〔2026〕5号",
    "标题": "关于核查某事",
    "承办单位": "经侦支队",
    "来源": "4",
    "类型": "一般",
    "批示领导": "顾长风",
    "批示日期": "2026-03-02",
    "批示内容": "请核查。",
    "办理要求": "查清。",
    "登记日期": "2026-03-02",
}
DISPATCHED = {"编号": "1", "日期": "2026-03-02", "事项": "下达"}


def listed(tmp_path: Path, *matters: dict[str, Any], events: Iterable[dict[str, Any]], numbers: Any = ()) -> Path:
    file = tmp_path / "年.json"
    content = {"督办件": matters, "经过": [*events], "已用文号": [*numbers]}
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def meanwhile(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """`deed` is done once, while a file that has been checked is played."""
    play, deeds = replay.play, [deed]

    def played(*said: Any) -> Any:
        found = play(*said)
        while deeds:
            deeds.pop()()
        return found

    monkeypatch.setattr(replay, "play", played)


@pytest.mark.parametrize("matter", [ONE, ONE | {"文号": ""}], ids=["numbered", "unnumbered"])
def test_who_registers_during_an_import_is_not_held_up_by_it_later(
    matter: dict[str, Any], evening: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: acts.register(dict(FORM), person("office"), "one"))
    with pytest.raises(Refusal, match="检查以后有人"):
        taking.take(listed(tmp_path, matter, events=[DISPATCHED]))
    registered = [acts.register(dict(FORM), person("office"), key).number for key in ("one", "two", "three", "four")]
    assert registered == [f"BC-2026-000{n}" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize("matter", [ONE, ONE | {"文号": ""}], ids=["numbered", "unnumbered"])
def test_a_file_that_is_taken_over_twice_at_once_comes_in_once(
    matter: dict[str, Any], evening: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = listed(tmp_path, matter, events=[DISPATCHED])
    meanwhile(monkeypatch, lambda: taking.take(file))
    with pytest.raises(Refusal, match="这份历史已经接管过"):
        taking.take(file)
    with ledger.transaction() as session:
        assert len(ledger.items(session)) == 1
        assert ledger.verify(session) == []


URGED = {"编号": "1", "日期": "2026-04-20", "事项": "催办", "文号": "白公催〔2026〕3号"}


@pytest.mark.parametrize(
    ("matters", "events", "said"),
    [
        ([ONE], [URGED | {"单位": "治安支队"}], "“经过”第2项“催办”：“单位”治安支队这时候不承办也不协办这一件"),
        (
            [ONE],
            [{"编号": "1", "日期": "2026-03-06", "事项": "回复", "单位": "治安支队"}],
            "“经过”第2项“回复”：“单位”治安支队这时候不承办也不协办这一件（承办的是经侦支队），请核对",
        ),
        (
            [ONE | {"文号": "白公督〔2027〕7号"}],
            [],
            "“督办件”第1项“文号”：“白公督〔2027〕7号”是 2027 年的号，这一行的日期是 2026 年",
        ),
        ([ONE | {"文号": "白公督〔2024〕7号"}], [], "“督办件”第1项“文号”：“白公督〔2024〕7号”是 2024 年的号"),
        ([ONE | {"文号": "白公督〔2026〕9999999号"}], [], "“白公督〔2026〕9999999号”的号超过 999999，请核对"),
        ([ONE], [URGED | {"文号": "白公催〔2062〕3号"}], "“经过”第2项“文号”：“白公催〔2062〕3号”是 2062 年的号"),
        (
            [ONE],
            [URGED, URGED | {"日期": "2026-05-20"}],
            "“经过”第3项“文号”：“白公催〔2026〕3号”与“经过”第2项的相同，一号一件，请改正",
        ),
        (
            [ONE | {"文号": "旧督〔2026〕5号"}, ONE | {"编号": "2", "文号": "旧督[2026]5号"}],
            [],
            "“督办件”第2项“文号”：“旧督[2026]5号”与“督办件”第1项的相同，一号一件，请改正",
        ),
    ],
)
def test_what_cannot_be_true_is_refused(
    matters: list[dict[str, Any]], events: list[dict[str, Any]], said: str, evening: str, tmp_path: Path
) -> None:
    told = faults(listed(tmp_path, *matters, events=[DISPATCHED, *events]))
    assert len(told) == 1
    assert said in told[0]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("年份", "26", "“已用文号”第1项“年份”：“26”应当在 2000 年到 2026 年之间，请写四位的年份。"),
        ("年份", "2027", "“已用文号”第1项“年份”：“2027”应当在 2000 年到 2026 年之间，请写四位的年份。"),
        ("已用到", "37000000000", "“已用文号”第1项“已用到”：“37000000000”超过 999999，请核对。"),
    ],
)
def test_a_series_that_cannot_be_is_refused(column: str, value: str, said: str, evening: str, tmp_path: Path) -> None:
    series = {"机关代字": "白公催", "年份": "2026", "已用到": "37"} | {column: value}
    assert faults(listed(tmp_path, ONE, events=[DISPATCHED], numbers=[series])) == [said]
