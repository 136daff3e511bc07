"""撤并: a unit that is gone stands in the file with its heir and the day; nothing is given to it any more."""

import shutil
from datetime import date

import pytest
from matters import FORM, person

from duban import acts, included, organization, regulation
from duban.errors import Refusal

TEXT = included.path("organizations", "baicheng.yaml").read_text(encoding="utf-8")


def with_merged(*said: tuple[str, str]) -> str:
    """The file with a 撤并 behind the 简称 of units."""
    text = TEXT
    for short, merged in said:
        where = f"    简称: {short}\n"
        assert where in text
        text = text.replace(where, f"{where}    撤并: {merged}\n")
    return text


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in organization.parse(text)[1]]


def test_the_heir_stands_for_the_unit_from_that_day_on():
    org, found = organization.parse(
        with_merged(("洮南市局", "{并入: 洮北分局, 日期: 2026-07-01}"), ("洮北分局", "{并入: daan, 日期: 2026-09-01}"))
    )
    assert found == []
    assert org is not None
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 31), date(2026, 9, 1)]
    assert [org.standing_for("taonan", day) for day in days] == ["taonan", "taobei", "taobei", "daan"]
    assert org.standing_for("nobody", days[0]) == "nobody"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ([("洮南市局", "{并入: 松原分局, 日期: 2026-07-01}")], "“并入”里的“松原分局”不是承办单位"),
        ([("洮南市局", "{并入: taonan, 日期: 2026-07-01}")], "洮南市局不能并入自己"),
        ([("洮南市局", "{并入: 洮北分局, 日期: 7月1日}")], "日期“7月1日”看不懂"),
        ([("洮南市局", "{并入: 洮北分局}")], "缺少“日期”"),
        ([("洮南市局", "{并入: 洮北分局, 日期: 2026-07-01, 原因: 机构改革}")], "原因"),
        (
            [
                ("洮南市局", "{并入: 洮北分局, 日期: 2026-07-01}"),
                ("洮北分局", "{并入: 大安市局, 日期: 2026-07-01}"),
            ],
            "到 2026-07-01 已经撤并",
        ),
        (
            [
                ("洮南市局", "{并入: 洮北分局, 日期: 2026-07-01}"),
                ("洮北分局", "{并入: 洮南市局, 日期: 2026-08-01}"),
            ],
            "到 2026-08-01 已经撤并",
        ),
    ],
)
def test_a_merger_that_cannot_be_is_a_fault_with_its_line(said, says):
    text = with_merged(*said)
    found = faults(text)
    assert [message for _line, message in found if says in message], found
    first = next(n for n, line in enumerate(text.split("\n"), start=1) if "撤并" in line)
    assert all(line >= first for line, _message in found)


@pytest.mark.rule("BC-1.3")
def test_nothing_is_given_to_a_unit_that_is_gone(rehearsal_url, tmp_path, monkeypatch):
    shutil.copytree(included.path(), tmp_path / "include")
    file = tmp_path / "include" / "organizations" / "baicheng.yaml"
    file.write_text(with_merged(("经侦支队", "{并入: 刑侦支队, 日期: 2026-03-02}")))
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path / "include"))
    with pytest.raises(Refusal, match="经侦支队已并入刑侦支队，请改交刑侦支队"):
        acts.register(FORM, person("office"), "merged")
    file.write_text(with_merged(("经侦支队", "{并入: 刑侦支队, 日期: 2026-03-03}")))
    assert acts.register(FORM, person("office"), "merged").unit == "jingzhen"
    org = organization.load()
    assert org.complete("经侦支队", regulation.load().duty).code == "jingzhen"  # without a day nothing is asked
