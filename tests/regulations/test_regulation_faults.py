"""What is wrong in a regulation file is told with its line, all of it at once, in Chinese."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban import regulation
from duban.errors import Refusal

HEAD = "---\n编号: x\n名称: 某办法\n单位: 某局\n施行日期: 2026-01-01\n---\n"
SOUND = """
# 一 时限
```规则
事项类型:
  一般: {名称: 一般事项, 时限: 5日}
计期: {起点: 下达, 首日计入: 否, 日: 自然日, 末日遇休: 顺延, 写明日期遇休: 不变, 到期时刻: 24:00, 下班时刻: 17:00}
```

# 二 流程

## 二（一）签发
```规则
送审签发:
  岗位:
    - 局长: 签发
```

## 二（二）回复和办结
```规则
回复: {文书: 报告, 签字: [单位主要领导], 份式: 纸质}
办结:
  岗位:
    - 局长: 审批
```
"""


def faults(text: str) -> list[tuple[int, str]]:
    law, found = regulation.parse(text)
    assert (law is None) == bool(found)
    return [(fault.line, fault.message) for fault in found]


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), start=1) if part in line)


def test_the_sound_file_is_sound() -> None:
    assert faults(HEAD + SOUND) == []


@pytest.mark.parametrize(
    ("before", "after", "where", "says"),
    [
        ("签字: [单位主要领导]", "签名: [单位主要领导]", "签名:", "不认识的键“签名”"),
        ("回复: {文书: 报告, ", "回复: {", "回复: {", "缺少“文书”"),
        ("回复: {文书", "回覆: {文书", "回覆", "“回覆”不在词表里，是不是“退回”或“回复”"),
        ("时限: 5日", "时限: 5", "时限: 5", "没有单位"),
        ("时限: 5日", "时限: 5旬", "时限: 5旬", "单位“旬”不认识"),
        ("时限: 5日", "时限: 五日", "时限: 五日", "看不懂"),
        ("时限: 5日", "时限: 0日", "时限: 0日", "大于0"),
        ("时限: 5日", "时限: -5日", "时限: -5日", "看不懂"),
        ("时限: 5日", "时限: [5日]", "时限: [5日]", "不能是列表"),
        ("一般: {名称: 一般事项, 时限: 5日}", "普通: {名称: 一般事项, 时限: 5日}", "普通", "事项类型“普通”不在词表里"),
        ("一般: {名称: 一般事项, 时限: 5日}", "一般: {名称: 一般}", "一般: {名称", "要写“时限”"),
        ("- 局长: 签发", "- 局座: 签发", "局座", "岗位“局座”不在词表里"),
        ("- 局长: 签发", "- 局长", "- 局长\n", "岗位: 做什么"),
        ("首日计入: 否", "首日计入: 不", "首日计入", "应写“是”或“否”"),
        ("到期时刻: 24:00", "到期时刻: 25:00", "到期时刻", "不存在"),
        ("末日遇休: 顺延, ", "", "计期:", "缺少“末日遇休”"),
        ("份式: 纸质", "份式: [纸质", "份式", "YAML 写法有误"),
        ("份式: 纸质", "份式: 纸质, 份式: 电子", "份式", "写了两次"),
        ("份式: 纸质", "份式: &a 纸质", "份式", "锚点"),
        ("份式: 纸质", "份式: 纸质, 依据条款: 五", "回复: {", "不用写"),
        ("## 二（二）回复", "## 二（三）回复", "二（三）", "次序不对"),
        ("## 二（二）回复", "## 二（一）回复", "## 二（一）回复", "这个条号已经有了"),
        ("# 二 流程", "# 三 流程", "# 三 流程", "次序不对"),
        ("# 二 流程", "# 流程", "# 流程", "没有条号"),
        ("# 一 时限", "# 二 时限", "# 二 时限", "第一条应是“一”"),
        ("```规则\n送审", "```yaml\n送审", "```yaml", "应标明“规则”"),
    ],
)
def test_a_fault_has_its_line(before: str, after: str, where: str, says: str) -> None:
    assert before in SOUND
    text = (HEAD + SOUND).replace(before, after, 1)
    line = text[: text.index(where.rstrip("\n") if where.endswith("\n") else where)].count("\n") + 1
    found = faults(text)
    assert any(at == line and says in message for at, message in found), (line, found)


def test_a_rule_laid_down_twice_names_both_places() -> None:
    text = HEAD + SOUND + "\n## 二（三）再签\n```规则\n送审签发:\n  岗位:\n    - 局长: 签发\n```\n"
    first = line_of(text, "送审签发:")
    assert [message for _, message in faults(text)] == [f"规则“送审签发”重复规定，第{first}行已经写过，请只留一处"]


def test_an_entry_of_a_table_laid_down_twice_is_refused_but_a_table_may_be_spread() -> None:
    more = "\n## 二（三）类型\n```规则\n事项类型:\n  {}: {{名称: 某事项, 时限: 6日}}\n```\n"
    assert faults(HEAD + SOUND + more.format("复杂")) == []
    assert "重复规定" in faults(HEAD + SOUND + more.format("一般"))[0][1]


def test_all_faults_are_told_at_once_in_order() -> None:
    text = (HEAD + SOUND).replace("5日", "5").replace("局长: 签发", "局座: 签发").replace("份式: 纸质", "份式: 油印")
    found = faults(text)
    assert [line for line, _ in found] == [line_of(text, word) for word in ("时限: 5}", "局座", "油印")]


def test_missing_rules_are_named() -> None:
    found = faults(HEAD + "\n# 一 总则\n一句话。\n")
    assert {message.partition("：")[0] for _, message in found} == {
        f"缺少规则“{rule}”" for rule in ("送审签发", "回复", "办结", "事项类型", "计期")
    }


@pytest.mark.parametrize(
    ("head", "line", "says"),
    [
        ("", 1, "缺少文件头"),
        ("---\n编号: x\n", 1, "文件头没有结束"),
        (HEAD.replace("名称: 某办法\n", ""), 2, "缺少“名称”"),
        (HEAD.replace("2026-01-01", "2026年1月"), 5, "看不懂"),
        (HEAD.replace("单位: 某局", "单位: 某局\n版本: 3"), 5, "不认识的键“版本”"),
        (HEAD.replace("2026-01-01\n", "2026-01-01\n废止日期: 2025-01-01\n"), 6, "晚于"),
    ],
)
def test_front_matter(head: str, line: int, says: str) -> None:
    assert any(at == line and says in message for at, message in faults(head + SOUND))


def test_the_id_is_the_name_of_the_file() -> None:
    _law, found = regulation.parse(HEAD + SOUND, "y")
    assert [(fault.line, "不一致" in fault.message) for fault in found] == [(2, True)]


def test_a_block_that_never_ends_is_told_where_it_begins() -> None:
    text = HEAD + SOUND + "\n## 二（三）附\n```规则\n领收: {时限: 1个工作日}\n"
    assert [(line, "没有结束" in message) for line, message in faults(text)] == [(line_of(text, "领收") - 1, True)]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("考核: {办法: 计分, 基础分: 80分}\n计分:\n  超期回复: {计次: 每件次}", "缺少“分值”"),
        ("考核: {办法: 计分, 基础分: 80}", "没有写单位“分”"),
        ("考核: {办法: 计分}", "缺少“基础分”"),
        ("考核: {办法: 定性}\n计分:\n  超期回复: {分值: -1分, 计次: 每件次}", "不应写“分值”"),
        ("计分:\n  超期回复: {分值: -1分, 计次: 每件次}", "没有规定办法"),
        (
            "考核: {办法: 计分, 基础分: 80分}\n计分:\n  办公室退回: {分值: -1分, 计次: 每件次, 限于理由: [弄虚作假]}",
            "没有列出的理由",
        ),
        (
            "考核: {办法: 计分, 基础分: 80分}\n计分:\n  致上级通报: {分值: -5分, 计次: 每次, 可与并计: [超期回复]}",
            "没有规定分值",
        ),
        ("来源:\n  1: {名称: 甲, 通知单: [领导批示]}", "没有在“通知单”里规定"),
        ("来源:\n  甲: {名称: 甲}", "阿拉伯数字"),
        ("延期: {办法: 批准, 必备: [未办结原因]}", "由谁批"),
        ("通报: {周期: 不定期, 问责次数: 3}", "没有写单位“次”"),
        ("领收: 1个工作日", "键: 值"),
        ("", "是空的"),
    ],
)
def test_rules_that_contradict_each_other(block: str, says: str) -> None:
    found = faults(HEAD + SOUND + f"\n## 二（三）别的\n```规则\n{block}\n```\n")
    assert len(found) == 1
    assert says in found[0][1]


def test_indented_prose_is_not_swallowed() -> None:
    found = faults(HEAD + SOUND + "\n    领收: {时限: 1个工作日}\n")
    assert len(found) == 1
    assert "顶格" in found[0][1]


def test_a_faulty_file_is_refused_when_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "regulations"
    folder.mkdir()
    (folder / "x.md").write_text(HEAD + SOUND.replace("5日", "5"), encoding="utf-8")
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path))
    with pytest.raises(Refusal, match=r"第11行.*没有单位"):
        regulation.load("x")
    (folder / "x.md").write_text(HEAD + SOUND, encoding="utf-8")
    assert str(regulation.load("x").type("general").limit) == "5日"
    (folder / "x.md").write_text(HEAD + SOUND.replace("5日", "6日"), encoding="utf-8")
    os.utime(folder / "x.md", ns=(0, 0))  # another time stamp, however coarse the file system's are
    assert str(regulation.load("x").type("general").limit) == "6日"  # a correction counts without a restart
    (folder / "y.md").write_bytes(HEAD.encode("gb18030"))
    with pytest.raises(Refusal, match="UTF-8"):
        regulation.load("y")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(0, 400))
def test_no_text_makes_the_checker_fall_over(noise: str, at: int) -> None:
    text = HEAD + SOUND
    _law, found = regulation.parse(text[:at] + noise + text[at:])
    assert all(1 <= fault.line <= len((text + noise).splitlines()) + 2 for fault in found)
