"""Rules that refer to, or contradict, each other: each is told with its line, in words that say what to do."""

import pytest
from smallest_regulation import SOUND

from duban import regulation

PHASED = "事项类型:\n  分阶段: {名称: 重点工作, 时限: 另定}\n"


def faults(block: str) -> list[tuple[int, str]]:
    text = SOUND + f"# 二 别的\n```规则\n{block}\n```\n"
    return [(fault.line, fault.message) for fault in regulation.parse(text)[1]]


def line_of(block: str, where: str) -> int:
    return SOUND.count("\n") + 3 + block[: block.index(where)].count("\n")


@pytest.mark.parametrize(
    ("block", "where", "says"),
    [
        ("督办方式:\n  暗访: {文书: 暗访记录}", "暗访:", "没有人同意不得暗访"),
        ("督办方式:\n  暗访: {前提: 局党委同意, 须签发: 是}", "暗访:", "被督办的单位就知道了"),
        ("督办方式:\n  暗访: {前提: 局党委书记点头}", "暗访:", "前提“局党委书记点头”不在词表里"),
        ("督办方式:\n  联合: {须签发: 是}", "联合:", "参加部门"),
        (
            "通知单:\n  通用: {文书: 通知}\n来源:\n  1: {名称: 甲, 通知单: [通用], 上报: 上级机关交办}",
            "1: {",
            "“上报”规则里没有“上级机关交办”这一种",
        ),
        (
            "通知单:\n  通用: {文书: 通知}\n来源:\n  1: {名称: 甲, 通知单: [通用], 有批示领导时上报: 上级领导批示}",
            "1: {",
            "没有“上级领导批示”这一种",
        ),
        (
            "通知单:\n  通用: {文书: 通知}\n来源:\n  1: {名称: 甲, 通知单: [通用], 可分阶段: 是}",
            "1: {",
            "却没有“分阶段”一类",
        ),
        ("上报:\n  全部: {文种: 文件, 签发: 单位主要领导}", "全部:", "要由局机关的人签发，单位主要领导不是"),
        (PHASED, "分阶段:", "就要写规则“阶段反馈”"),
        ("事项类型:\n  分解: {名称: 分解事项, 时限: 另定}", "分解:", "就要写规则“分解”"),
        ("分解: {牵头称谓: 牵头, 配合称谓: 配合}", "分解:", "却没有“分解”一类"),
        ("事项类型:\n  日常: {名称: 日常, 报送: {周期: 每周}}", "日常:", "每周的写“星期”"),
        ("批示件汇总: {周期: 每月}", "批示件汇总:", "没有写哪一天"),
        ("立项: {呈批文书: 呈批表}", "立项:", "要一起写"),
        ("延期:\n  办法: 批准\n  审批:\n    - 单位主要领导: 批准", "延期:", "岗位要在局机关内，单位主要领导不是"),
        ("催办: {必要时发: 是, 发出: 1个工作日}", "催办:", "不能并写"),
        ("催办: {其后: [书面情况说明], 说明报送: [办公室]}", "催办:", "要写“宽限”"),
        ("催办: {宽限: 2个工作日, 其后: [书面情况说明]}", "催办:", "要写“说明报送”"),
        ("催办: {宽限: 2个工作日, 其后: [书面情况说明], 说明报送: [批示领导]}", "催办:", "无批示领导时"),
        ("催办: {文书: 催办单, 形式: [电话]}", "催办:", "“形式”里却没有“文书”"),
        ("催办:\n  分级:\n    - {名称: 黄, 时机: 到期当日}\n    - {名称: 黄, 时机: 到期后2日}", "催办:", "同名"),
        ("催办:\n  分级:\n    - {名称: 橙, 时机: 到期当日}\n    - {名称: 黄, 时机: 到期前2日}", "催办:", "按先后写"),
        ("通报: {周期: 每月, 问责次数: 3次}", "通报:", "还要写“计入”哪些通报"),
        ("考核: {办法: 计分, 基础分: 80分, 协办折算: 50%}", "考核:", "没有协办单位可以折算"),
        ("追责情形:\n  推诿: {追究: [单位主要领导]}", "推诿:", "缺少“其后”"),
    ],
)
def test_a_contradiction_is_told_with_its_line(block: str, where: str, says: str) -> None:
    found = faults(block)
    assert [line for line, _ in found] == [line_of(block, where)]
    assert says in found[0][1]


def test_warnings_need_something_to_be_due() -> None:
    only_reports = SOUND.replace("时限: 5日", "报送: {周期: 每周, 星期: 周五}")
    text = only_reports + "# 二 别的\n```规则\n催办:\n  分级:\n    - {名称: 黄, 时机: 到期当日}\n```\n"
    (fault,) = regulation.parse(text)[1]
    assert "分级催办无从起算" in fault.message
    assert fault.line == SOUND.count("\n") + 3


def test_the_supplement_stands_last_and_is_no_numbered_chapter() -> None:
    law, found = regulation.parse(SOUND + "# 附 补充\n自己加的。\n## 附（一）甲\n甲。\n## 附（二）乙\n乙。\n")
    assert found == []
    assert law is not None
    assert [clause.number for clause in law.clauses] == ["一", "附", "附（一）", "附（二）"]
    for wrong in ("# 附 补充\n甲。\n# 二 正文\n乙。\n", "# 附 补充\n甲。\n# 附 又补充\n乙。\n"):
        assert any("次序不对" in fault.message for fault in regulation.parse(SOUND + wrong)[1])


def test_a_made_up_rule_in_every_shape_is_sound() -> None:
    block = (
        PHASED + "阶段反馈: {各有时限: 是, 首尾可同日: 是, 检查等次: [好, 差]}\n追责情形:\n  推诿: {其后: [问责登记]}"
    )
    assert faults(block) == []
