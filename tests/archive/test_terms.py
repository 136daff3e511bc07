"""归档 of an organization file: what a clerk may write, and what is told when it is wrong."""

from pathlib import Path

import pytest

from duban import organization
from duban.organization import parse

BAICHENG = Path("include/organizations/baicheng.yaml").read_text(encoding="utf-8")
HEAD, _, REST = BAICHENG.partition("\n归档:\n")
OTHERS = REST.partition("\n岗位:\n")[2]


def written(section: str) -> list[str]:
    text = f"{HEAD}\n归档:\n{section}\n岗位:\n{OTHERS}"
    return [fault.message for fault in parse(text)[1]]


def test_without_a_word_the_defaults_hold() -> None:
    org, faults = parse(f"{HEAD}\n岗位:\n{OTHERS}")
    assert faults == []
    assert org is not None
    filing = org.archiving
    assert (filing.category, filing.code, filing.merged, filing.other) == ("WS", "BGS", True, "30年")
    assert dict(filing.codes) == {"永久": "Y", "30年": "D30", "10年": "D10"}
    assert (dict(filing.modes), dict(filing.types)) == ({"phone": "10年"}, {"routine": "10年"})


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("  机构代码: bgs", "代码“bgs”只能用大写英文字母和数字"),
        ("  保管期限: {其他: 五年}", "保管期限“五年”不认识，可用：永久、30年、10年"),
        ("  保管期限: {类型: {一般件: 10年}}", "督办类型“一般件”不在词表里"),
        ("  保管期限: {方式: {传真: 10年}}", "督办方式“传真”不在词表里"),
        ("  保管期限: {来源: {上级: 永久}}", "来源“上级”要写制度里的来源序号"),
        ("  保管期限: {期刊: {月报: 10年}}", "期刊“月报”不在词表里"),
        ("  来文与复文: 合一件", "是不是“合为一件”"),
        ("  单位: {nobody: {机构代码: NN}}", "没有代号为“nobody”的承办单位"),
        ("  单位: {taobei: {机构代码: BGS}}", "机构代码“BGS”已经给了办公室"),
        ("  单位: {taobei: {机构代码: JINGZHEN}}", "机构代码“JINGZHEN”已经给了taobei"),  # that one's by default
        ("  单位: {jingzhen: {机构代码: TAOBEI}}", "机构代码“TAOBEI”已经给了taobei"),
        ('  单位: {taobei: {机构代码: BGS, 全宗号: "0107"}}', "机构代码“BGS”已经给了办公室"),  # its own is the bureau's
        ("  单位: {taobei: {全宗号: 甲}}", "全宗号“甲”只能用大写英文字母和数字"),
        ("  期限: 30年", "不认识的键“期限”"),
    ],
)
def test_a_fault_is_told_in_a_sentence(section: str, said: str) -> None:
    assert any(said in message for message in written(section)), written(section)


def test_two_units_that_come_to_one_code_are_a_fault_without_a_word_too() -> None:
    text = f"{HEAD}\n岗位:\n{OTHERS}".replace(" taobei,", " jing_zhen,").replace(": taobei\n", ": jing_zhen\n")
    (fault,) = parse(text)[1]
    assert "“jingzhen”的机构代码“JINGZHEN”已经给了jing_zhen" in fault.message
    assert "jingzhen" in text.splitlines()[fault.line - 1]


def test_a_source_that_the_regulation_does_not_have_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "baicheng.yaml"
    file.write_text(f"{HEAD}\n归档:\n  保管期限: {{来源: {{99: 永久}}}}\n岗位:\n{OTHERS}", encoding="utf-8")
    assert any("写了第99类来源" in fault.message for fault in organization.check(file))


def test_units_may_have_a_fonds_and_a_code_of_their_own() -> None:
    org, faults = parse(f'{HEAD}\n归档:\n  单位: {{taobei: {{机构代码: TB, 全宗号: "0112"}}}}\n岗位:\n{OTHERS}')
    assert faults == []
    assert org is not None
    assert (org.archiving.unit_codes["taobei"], org.archiving.unit_fonds["taobei"]) == ("TB", "0112")
