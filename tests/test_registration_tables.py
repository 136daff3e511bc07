"""duban.registration_tables: phases and parts in sheets beside the matters, and in JSON."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from matters import person

from duban import acts, ledger, organization, registration
from duban.errors import Refusal
from duban.ledger import Actor

EXAMPLES = Path(__file__).parent.parent / "examples"
MATTERS = ("标题", "承办单位", "来源", "办理要求")
PHASES = ("事项", "阶段", "开始", "结束", "报送日", "由谁办")
Write = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Write:
    """Write a workbook: the matters, and further sheets by name (header first)."""

    def write(matters: list[tuple[Any, ...]], **sheets: list[tuple[Any, ...]]) -> Path:
        made = openpyxl.Workbook()
        page = made.active
        assert page is not None
        page.title = "登记表"
        for row in [MATTERS, *matters]:
            page.append(row)
        for name, rows in sheets.items():
            further = made.create_sheet(name)
            for row in rows:
                further.append(row)
        made.save(tmp_path / "登记表.xlsx")
        return tmp_path / "登记表.xlsx"

    return write


def task(n: int) -> tuple[str, str, str, str]:
    return (f"任务{n}", "治安支队", "6", "按方案办理。")


ONE = [PHASES, (None, "调研", "2026-09-01", "2026-09-10"), (None, "填报", datetime(2026, 9, 10), "2026年9月20日")]  # noqa: DTZ001


@pytest.mark.rule("ZW-2.1")
def test_phases_without_a_matter_are_every_matters(book: Write) -> None:
    forms = registration.read_forms(book([task(1), task(2)], 阶段=ONE))
    assert forms[0]["stages"] == forms[1]["stages"]
    assert [row["due_on"] or row["ends_on"] for row in forms[0]["stages"]] == ["2026-09-10", "2026-09-20"]


def test_phases_of_its_own_take_the_place_of_everybodys(book: Write) -> None:
    own = ("任务2", "一步到位", "2026-09-01", "2026-10-10", None, "承办单位")
    forms = registration.read_forms(book([task(1), task(2)], 阶段=[*ONE, own]))
    assert [len(form["stages"]) for form in forms] == [2, 1]


def test_parts_go_to_the_matter_that_they_name(book: Write) -> None:
    parts = [("事项", "承办单位", "要求", "期限"), ("任务2", "法制支队", "核对依据", "2026-03-10")]
    forms = registration.read_forms(book([task(1), task(2)], 分工=parts))
    said = [{"unit": "法制支队", "requirement": "核对依据", "due_on": "2026-03-10"}]
    assert (forms[0].get("parts"), forms[1]["parts"]) == (None, said)


@pytest.mark.parametrize(
    ("sheet", "rows", "fault"),
    [
        ("阶段", [PHASES, (None, "调研", "九月一日", "2026-09-10")], r"工作表“阶段”第2行“开始”“九月一日”不是日期"),
        ("阶段", [PHASES, (None, "调研", "2026-09-01", None)], r"第2行“结束”没有填写"),
        ("阶段", [PHASES, ("任务9", "调研", "2026-09-01", "2026-09-10")], r"第2行“事项”登记表里没有“任务9”"),
        ("阶段", [*ONE, (None, "检查", "2026-09-19", "2026-09-30")], r"工作表“阶段”第4行“检查”.*重叠"),
        ("阶段", [PHASES[1:3], ("调研", "2026-09-01")], r"缺少“结束”列"),
        ("阶段", [(*PHASES, "备注"), (None, "调研", "2026-09-01", "2026-09-10")], r"不认识的列“备注”"),
        ("阶段", [("甲", "乙")], r"找不到表头"),
        ("阶段", [PHASES, (None, "调研", "2026-09-01", "=A1+1")], r"第2行“结束”是公式"),
        ("分工", [("事项", "承办单位", "要求"), ("任务1", "法制支队", None)], r"工作表“分工”第2行“要求”没有填写"),
    ],
)
def test_a_wrong_cell_is_told_with_sheet_row_and_column(
    book: Write, sheet: str, rows: list[tuple[Any, ...]], fault: str
) -> None:
    with pytest.raises(Refusal, match=fault):
        registration.read_forms(book([task(1)], **{sheet: rows}))


def test_the_matters_are_found_whichever_sheet_was_open_last(book: Write) -> None:
    path = book([task(1)], 阶段=ONE)
    made = openpyxl.load_workbook(path)
    made.active = made["阶段"]
    made.save(path)
    assert [form["title"] for form in registration.read_forms(path)] == ["任务1"]


def test_in_json_a_table_is_a_list_in_its_matter_or_lines_of_text(tmp_path: Path) -> None:
    matter = dict(zip(MATTERS, task(1), strict=True))
    rows = [{"阶段": "调研", "开始": "2026-09-01", "结束": "2026-09-10", "由谁办": "办公室"}]
    path = tmp_path / "任务.json"
    path.write_text(json.dumps([matter | {"阶段": rows}, matter | {"阶段": "调研 9月1日 9月10日"}]), encoding="utf-8")
    listed, lines = registration.read_forms(path)
    assert listed["stages"][0] == {
        "name": "调研", "starts_on": "2026-09-01", "ends_on": "2026-09-10", "due_on": "", "by": "办公室",
    }  # fmt: skip
    assert lines["stages"] == "调研 9月1日 9月10日"
    path.write_text(json.dumps([matter | {"阶段": [{"阶段": "调研", "开始": "2026-09-01"}]}]), encoding="utf-8")
    with pytest.raises(Refusal, match="第1件“阶段”第1行“结束”没有填写"):
        registration.read_forms(path)


def test_one_wrong_row_in_five_hundred_registers_nothing(book: Write, rehearsal_url: str) -> None:
    """A fault that only the rules find (the unit is not in the organization file) is told with its row as well."""
    rows = [task(n) for n in range(1, 501)]
    rows[417] = ("任务418", "林业局", "6", "按方案办理。")
    entries = registration.read_entries(book(rows, 阶段=ONE))
    forms = [{"type": "staged", **entry.form} for entry in entries]
    with pytest.raises(Refusal, match=r"第419行（任务418）.*林业局.*全部500件均未登记"):
        acts.register_all(forms, person("office"), "file", [entry.where for entry in entries])
    with ledger.transaction() as session:
        assert ledger.items(session) == []


@pytest.mark.rule("ZW-1.1", "ZW-1.10", "N20", "ZW-2.1", "ZW-2.4", "A22")
@pytest.mark.parametrize("file", ["政务公开.xlsx", "政务公开.json"])
def test_the_campaign_of_ten_tasks_and_four_phases_is_registered_in_one_go(rehearsal_url: str, file: str) -> None:
    forms = [{"type": "staged", **form} for form in registration.read_forms(EXAMPLES / file)]
    states = acts.register_all(forms, person("office"), "campaign")
    assert len({state.title for state in states}) == len(states) == 10
    assert {state.form["campaign"] for state in states} == {"2026年政务公开"}
    table = [(stage["name"], stage["due_on"], stage["by"]) for stage in states[0].form["stages"]]
    assert table == [
        *(("调研梳理", "2026-09-10", "unit"), ("集中填报", "2026-09-20", "unit")),
        *(("检查督促", "2026-09-30", "office"), ("总结提高", "2026-10-30", "unit")),
    ]
    assert all(state.form["stages"] == states[0].form["stages"] for state in states)
    assert ledger.verify() == []


@pytest.mark.rule("LZ-2.1", "LZ-2.5")
def test_the_divided_matters_of_lanzhou_are_registered_with_their_parts(
    rehearsal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "lanzhou")
    monkeypatch.setenv("DUBAN_ORGANIZATION", "lanzhou")
    forms = [{"type": "decomposed", **form} for form in registration.read_forms(EXAMPLES / "分解.xlsx")]
    states = acts.register_all(forms, person("office"), "divided")
    assert [[part["unit"] for part in state.form["parts"]] for state in states] == [
        *(["chengguan", "qilihe", "xingjing"], ["chengguan", "anning"]),
    ]
    first = states[0].number
    holder = organization.load().holders("deputy", states[0].unit)[0]
    deputy = Actor(holder.user, holder.name, "deputy")
    key = str(states[0].awaits("sign.deputy"))
    acts.decide(first, key, next(iter(acts.question(states[0], key).options)), {}, deputy)
    acts.deliver(first)
    parts = acts.decompose(first).parts
    assert [(part.unit, part.due_on.isoformat()) for part in parts] == [
        *(("chengguan", "2026-03-20"), ("qilihe", "2026-03-20"), ("xingjing", "2026-03-25")),
    ]
    assert ledger.verify() == []
