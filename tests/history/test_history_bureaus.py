"""Years of other bureaus, as JSON: other desks, other regulations, a matter that is divided."""

import json
from pathlib import Path
from typing import Any

import pytest

from duban import ledger
from duban.history import taking
from duban.history.faults import Faults
from duban.ledger.standing import State

Cells = dict[str, Any]


def year(tmp_path: Path, matters: list[Cells], events: list[str]) -> Path:
    """A JSON file; an event is written `编号 日期 事项 列=值 …`."""
    rows = []
    for line in events:
        code, on, deed, *said = line.split()
        rows.append({"编号": code, "日期": on, "事项": deed, **dict(one.split("=", 1) for one in said)})
    file = tmp_path / "年.json"
    file.write_text(json.dumps({"督办件": matters, "经过": rows}, ensure_ascii=False), encoding="utf-8")
    return file


def state(number: str) -> State:
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
        return ledger.state(session, number)


def told(found: pytest.ExceptionInfo[Faults]) -> str:
    return "\n".join(map(str, found.value.listed))


LEAD = {"来源": 4, "批示领导": "魏延川", "批示日期": "2026-03-02", "批示内容": "请办理。"}


@pytest.mark.parametrize(("regulation", "prefix"), [("bureau-2019", "MM"), ("lanzhou", "LZ")])
def test_a_divided_matter_and_its_parts(
    regulation: str, prefix: str, evening: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", regulation)
    from duban import organization

    units = [unit.short for unit in organization.load().units.values()][:3]
    head = {
        "标题": "关于联合整治的督办",
        "类型": "分解",
        "办理要求": "各办其事。",
        "限时日期": "2026-03-20",
        **LEAD,
    }
    matters = [
        {"编号": "甲", "承办单位": units[0], **head},
        *({"编号": f"甲{n}", "主件": "甲", "承办单位": unit, **head} for n, unit in enumerate(units[1:], start=1)),
    ]
    events = [
        "甲 2026-03-02 下达",
        "甲1 2026-03-10 回复 由谁=某人",
        "甲2 2026-03-24 回复 由谁=某人",
        "甲1 2026-03-11 办结",
        "甲2 2026-03-25 办结",
    ]
    taken = taking.take(year(tmp_path, matters, events))
    assert taken.matters == 3
    parent = state(f"{prefix}-2026-0001")
    assert {part.number: part.ended for part in parent.parts} == {
        f"{prefix}-2026-0001-1": "closed",
        f"{prefix}-2026-0001-2": "closed",
    }
    assert [state(f"{prefix}-2026-0001-{n}").rounds[0].lapsed for n in (1, 2)] == [False, True]
    assert parent.awaits("reply") or parent.state in ("overdue", "urged", "account")


def test_a_part_before_its_whole_is_told(evening: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "lanzhou")
    from duban import organization

    units = [unit.short for unit in organization.load().units.values()][:2]
    head = {"标题": "关于联合整治的督办", "类型": "分解", "办理要求": "各办其事。", "限时日期": "2026-03-20", **LEAD}
    matters = [
        {"编号": "甲", "承办单位": units[0], "登记日期": "2026-03-02", **head},
        {"编号": "甲1", "主件": "甲", "承办单位": units[1], **head},
    ]
    with pytest.raises(Faults) as found:
        taking.check(year(tmp_path, matters, ["甲1 2026-03-10 回复"]))
    assert "“经过”第1项：这时候主件“甲”还没有下达" in told(found)


def test_what_a_regulation_does_not_know_is_refused_in_its_words(
    evening: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    from duban import organization

    unit = next(iter(organization.load().units.values())).short
    head = {"标题": "关于核查的督办", "承办单位": unit, "办理要求": "核查。", **LEAD}
    with pytest.raises(Faults) as found:
        taking.check(year(tmp_path, [{"编号": "1", "类型": "复杂", **head}], ["1 2026-03-02 下达"]))
    assert "“类型”没有填写或" in told(found)
