"""Faults of the assessment chapter: told with the line, in words that say what to do."""

import pytest
from smallest_regulation import SOUND

from duban import regulation

POINTS = "考核: {办法: 计分, 基础分: 100分}\n"
RATE = POINTS + "按率计分:\n  "


def faults(block: str) -> list[tuple[int, str]]:
    text = SOUND + f"# 二 别的\n```规则\n{block}\n```\n"
    return [(fault.line, fault.message) for fault in regulation.parse(text)[1]]


def line_of(block: str, where: str) -> int:
    return SOUND.count("\n") + 3 + block[: block.index(where)].count("\n")


@pytest.mark.parametrize(
    ("block", "where", "says"),
    [
        (RATE + "按期回复率: {折点: [100%: +2分]}", "按期回复率", "至少要写两点"),
        (RATE + "按期回复率: {折点: [80%: -3分, 100%: +2分]}", "按期回复率", "要从高到低写"),
        (RATE + "按期回复率: {折点: [100%: +2分, 100%: 0分]}", "按期回复率", "同一个率只写一次"),
        (RATE + "按期回复率: {折点: [120%: +2分, 90%: 0分]}", "按期回复率", "不能超过100%"),
        (RATE + "按期回复率: {折点: [100: +2分, 90%: 0分]}", "按期回复率", "没有写单位“%”"),
        (RATE + "按期回复率: {折点: [100%: 2, 90%: 0分]}", "按期回复率", "没有写单位“分”"),
        (RATE + "按期回复率: {折点: [满分, 及格]}", "按期回复率", "请写成“90%: -1分”"),
        (RATE + "按期回复率: {折点: [100%: +2分, 90%: 0分], 最少件数: 3}", "按期回复率", "没有写单位“件”"),
        (RATE + "按期率: {折点: [100%: +2分, 90%: 0分]}", "按期率", "指标“按期率”不在词表里"),
        (RATE + "按期回复率: {最少件数: 3件}", "按期回复率", "缺少“折点”"),
        (
            "考核: {办法: 定性}\n按率计分:\n  按期回复率: {折点: [100%: +2分, 90%: 0分]}",
            "按期回复率",
            "“考核”的办法不是“计分”",
        ),
        ("考核: {办法: 不考核, 异议期: 3个工作日}", "考核", "不用写“异议期”"),
        ("考核: {办法: 计分, 基础分: 100分, 显示下限: 90分, 上限: 80分}", "考核", "不比“上限”低"),
        ("考核: {办法: 计分, 基础分: 100分, 异议期: 3}", "考核", "没有单位"),
        (
            "考核:\n  办法: 计分\n  基础分: 100分\n  审批:\n    - 单位主要领导: 审定",
            "考核",
            "岗位要在局机关内，单位主要领导不是",
        ),
        (POINTS + "计分:\n  通报表扬: {分值: +1分, 计次: 每次, 合并取: 最高}", "通报表扬", "还要写“合并”"),
        (POINTS + "计分:\n  通报表扬: {分值: +1分, 计次: 每次, 合并: 表扬}", "通报表扬", "还要写“合并取”"),
        (
            POINTS
            + "计分:\n  通报表扬: {分值: +1分, 计次: 每次, 合并: 表扬, 合并取: 最高}\n"
            + "  上级表扬: {分值: +3分, 计次: 每次, 合并: 表扬, 合并取: 一次}",
            "上级表扬",
            "“合并取”不一致",
        ),
    ],
)
def test_a_fault_of_the_assessment_is_told_with_its_line(block, where, says):
    found = faults(block)
    assert any(says in message for _line, message in found), found
    line = line_of(block, where)
    assert all(at >= line for at, message in found if says in message)


def test_a_sound_assessment_has_no_fault():
    on_time = "按期回复率: {折点: [100%: +2分, 95%: 0分, 80%: -3分], 最少件数: 3件}"
    assert faults(f"{RATE}{on_time}\n  一次通过率: {{折点: [100%: 1分, 50%: 0分]}}") == []
