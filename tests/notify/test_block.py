"""`通知` of an organization file: what is wrong with it is said with its line, in a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from duban import organization
from duban.embedded.places import CHECKOUT

TEXT = (CHECKOUT / "include" / "organizations" / "baicheng.yaml").read_text(encoding="utf-8")
WELL = """
通知:
  地址: https://duban.example.gov.cn/duban/
  渠道:
    群: {连接: "w_{单位}", 发到: 单位群, 事项: [交办, 催办]}
    邮件: {连接: mail, 发到: 本人}
  事项:
    交办: {文字: "{单位}有{文号}"}
    提醒: {发给: [单位主要领导]}
"""


def test_what_is_not_written_is_as_usual() -> None:
    org, found = organization.parse(TEXT + WELL)
    assert found == []
    assert org is not None
    said = org.notifying
    assert said.address == "https://duban.example.gov.cn/duban"
    assert (said.words["交办"], said.posts["交办"]) == ("{单位}有{文号}", ("liaison", "unit_head"))
    assert said.posts["提醒"] == ("unit_head",)
    assert [(one.name, one.takes("催办"), one.takes("办结")) for one in said.channels] == [
        ("群", True, False),
        ("邮件", True, True),
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{单位}有{文号}", "{单位}有{密码}", "“文字”里的 {密码} 系统不认识，可以用：{编号}、{文号}"),
        ("{单位}有{文号}", "{单位.short}", "系统不认识"),
        ("{单位}有{文号}", "{标题!r}", "系统不认识"),
        ("{单位}有{文号}", "{单位", "花括号没有配对"),
        ("[单位主要领导]", "[门卫]", "收通知的岗位“门卫”不在词表里"),
        ("提醒:", "提示:", "没有“提示”这种通知"),
        ("发到: 单位群", "发到: 大群", "发到“大群”不在词表里"),
        ("w_{单位}", "w", "发到单位群，“连接”里要写 {单位}"),
        ("连接: mail", "连接: 密码 在此", "只能用英文字母"),
        ("[交办, 催办]", "[交办, 崔办]", "通知事项“崔办”不在词表里"),
        ("duban.example.gov.cn/duban/", "duban.example.gov.cn/duban?token=1", "台账地址"),
        ("连接: mail", "链接: mail", "不认识的键“链接”"),
    ],
)
def test_a_fault_is_said_with_its_line(before: str, after: str, said: str) -> None:
    assert before in WELL
    text = TEXT + WELL.replace(before, after)
    org, found = organization.parse(text)
    assert org is None
    assert said in "".join(fault.message for fault in found)
    first = len(TEXT.splitlines())
    assert all(first < fault.line <= len(text.splitlines()) for fault in found)


def test_the_examples_in_the_files_are_sound() -> None:
    """Whoever takes the comment signs away from the block that stands there has a bureau with channels."""
    for file in sorted((CHECKOUT / "include" / "organizations").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        head, _, block = text.partition("# 通知:\n")
        assert block, file
        lines, rest = [], []
        for line in ("# 通知:\n" + block).splitlines():
            (lines if line.startswith("# ") and not rest else rest).append(line)
        org, found = organization.parse("\n".join([head, *(line[2:] for line in lines), *rest]), file.stem)
        assert found == []
        assert org is not None
        assert org.notifying.channels


def test_people_may_have_an_address(channels: Callable[..., Path]) -> None:
    channels(change={"电话: 0436-5550131": "电话: 0436-5550131, 邮箱: 错的"})
    with pytest.raises(Exception, match="邮箱“错的”看不懂"):
        organization.load()
