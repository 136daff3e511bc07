"""Who is who: the bureau's file, and what is refused in it."""

from pathlib import Path

import pytest

from duban import included, organization, regulation
from duban.errors import Refusal
from duban.regulation import loader


@pytest.fixture(scope="module")
def bureau() -> organization.Organization:
    return organization.load("baicheng")


@pytest.fixture(scope="module")
def text() -> str:
    return included.path("organizations", "baicheng.yaml").read_text(encoding="utf-8")


def faults(text: str, law: str = "baicheng-2020") -> list[tuple[int, str]]:
    org, found = organization.parse(text, duty=regulation.load(law).duty)
    assert (org is None) == bool(found)
    return [(fault.line, fault.message) for fault in found]


def test_the_bureau_and_its_numbers(bureau: organization.Organization) -> None:
    assert bureau.name == "白城市公安局"
    assert bureau.prefix == bureau.series["督办"] == "白公督"
    assert bureau.series["催办"] == "白公催"
    assert bureau.number_prefix == "BC"
    assert bureau.fonds


@pytest.mark.rule("BC-1.1")
def test_posts(bureau: organization.Organization) -> None:
    assert bureau.posts["director"].title == "办公室主任"
    assert bureau.posts["chief"].post == "chief"
    assert len(bureau.clerks) == 2
    assert len(bureau.holders("deputy")) == 2
    assert [one.post for one in bureau.holders(("chief", "deputy"))] == ["chief", "deputy", "deputy"]
    assert [one.user for one in bureau.holders("party")] == ["gu.chief"]


@pytest.mark.rule("BC-3.5")
def test_3_5_who_inspects_and_who_audits_stands_in_the_file_and_need_not(
    bureau: organization.Organization, text: str
) -> None:
    assert [bureau.posts[post].user for post in ("inspector", "auditor")] == ["kang.inspector", "yin.auditor"]
    assert bureau.person("yin.auditor").posts == ("auditor",)
    assert bureau.person("yin.auditor").unit is None
    assert (bureau.title("inspector"), bureau.title("auditor")) == ("检查员", "审计员")
    others = [line for line in text.splitlines() if "检查员: {" not in line]
    without, found = organization.parse("\n".join(others))
    assert found == []
    assert without is not None
    assert (without.holders("inspector"), without.title("inspector")) == ((), "检查员")


def test_who_only_looks_is_no_desk_of_a_regulation() -> None:
    law = included.path("regulations", "baicheng-2020.md").read_text(encoding="utf-8")
    assert "- 办公室主任:" in law
    _, found = loader.parse(law.replace("- 办公室主任:", "- 审计员:", 1))
    assert any("审计员" in fault.message for fault in found), found


@pytest.mark.rule("BC-1.3", "BC-3.2", "N8", "SK-1.3", "R-UHEAD")
def test_1_3_and_3_2_every_unit_has_a_head_a_leader_and_a_liaison(bureau: organization.Organization) -> None:
    assert len(bureau.units) >= 12
    for unit in bureau.units.values():
        assert unit.leader is not None
        people = [unit.head, unit.leader, unit.liaison]
        assert [person.posts for person in people] == [("unit_head",), ("unit_leader",), ("liaison",)]
        assert {person.unit for person in people} == {unit.code}
        assert len({person.user for person in people}) == 3


def test_a_person_signs_in_as_exactly_one(bureau: organization.Organization) -> None:
    users = [person.user for person in bureau.people]
    assert len(users) == len(set(users)) == 8 + 3 * len(bureau.units)
    assert all(user.isascii() for user in users)
    assert bureau.person("jingzhen.liaison").unit == "jingzhen"
    with pytest.raises(Refusal, match="nobody"):
        bureau.person("nobody")


@pytest.mark.parametrize("name", ["jingzhen", "经侦支队", "白城市公安局经济犯罪侦查支队", " 经侦支队 "])
def test_a_unit_by_code_short_or_full_name(bureau: organization.Organization, name: str) -> None:
    assert bureau.unit(name).code == "jingzhen"


def test_an_unknown_unit_is_refused_with_names_near_to_it(bureau: organization.Organization) -> None:
    with pytest.raises(Refusal, match="是不是“经侦支队”"):
        bureau.unit("经侦大队")
    with pytest.raises(Refusal, match="没有叫“消防支队”的承办单位"):
        bureau.unit("消防支队")


def test_what_posts_are_called(bureau: organization.Organization) -> None:
    assert bureau.title("chief") == "局长"
    assert bureau.title("unit_head") == "单位主要领导"
    with pytest.raises(Refusal, match="没有“king”这个岗位"):
        bureau.title("king")


def test_the_bureaus_own_word_for_a_post_is_its_title(text: str) -> None:
    org, found = organization.parse(text.replace("  局长: {", "  主要领导: {").replace("\n  办公室:", "\n  督查室:"))
    assert found == []
    assert org is not None
    assert (org.title("chief"), org.title("office")) == ("主要领导", "督查室")


HEAD = "    主要负责人: {姓名: 谭志刚, 用户名: jingzhen.head, 职务: 支队长, 电话: 0436-5550129}\n"
LEADER = "    督办领导: {姓名: 焦玉华, 用户名: jingzhen.leader, 职务: 政委, 电话: 0436-5550130}\n"
LIAISON = "    联络员: {姓名: 祝明哲, 用户名: jingzhen.liaison, 职务: 综合内勤, 电话: 0436-5550131}\n"


@pytest.mark.parametrize(
    ("before", "after", "where", "says"),
    [
        (HEAD, "", "代号: jingzhen", "缺少“主要负责人”"),
        (LEADER, "", "代号: jingzhen", "缺少“督办领导”"),
        (LIAISON, "", "代号: jingzhen", "缺少“联络员”"),
        (LIAISON, "    联络员:\n", "    联络员:\n", "键: 值"),
        ("用户名: jingzhen.liaison", "用户名: shen.director", "联络员: {姓名: 祝明哲", "一个用户名只能用一次"),
        ("用户名: jingzhen.liaison", "用户名: 祝明哲", "用户名: 祝明哲", "只能用小写英文字母"),
        ("姓名: 祝明哲, ", '姓名: " ", ', '姓名: " "', "不能空着"),
        ("电话: 0436-5550131", "电话: 内线三", "内线三", "只能写数字和横线"),
        ("代号: jingzhen", "代号: 经侦", "代号: 经侦", "只能用小写英文字母"),
        ("代号: jingzhen", "代号: daan", "代号: daan\n    全称: 白城市公安局经济", "重复"),
        ("简称: 经侦支队", "简称: 刑侦支队", "- 代号: jingzhen", "重复"),
        ("  局长: {", "  局座: {", "局座: {", "不认识的岗位“局座”"),
        ("  局长: {", "  局座: {", "岗位:", "缺少“局长”"),
        ("  分管领导:", "  主管局长: []\n  分管领导:", "主管局长", "至少要写一项"),
        ("  督办: 白公督\n", "", "机关代字:", "缺少“督办”"),
        ("兼任: [局党委]", "兼任: [局党委, 审计员]", "  局长: {", "“审计员”只查看、不经办"),
        ("电话: 0436-5550150}", "电话: 0436-5550150, 兼任: [办公室]}", "  审计员: {", "“审计员”只查看、不经办"),
        ("  检查员: {", "  督查员: {", "督查员: {", "不认识的岗位“督查员”，可用：办公室、督查室"),
        ("编号前缀: BC", "编号前缀: 白", "编号前缀", "大写英文字母"),
        ("编号前缀: BC", "编号前缀: BC\n网址: x", "网址", "不认识的键“网址”"),
    ],
)
def test_a_fault_has_its_line(text: str, before: str, after: str, where: str, says: str) -> None:
    assert before in text
    changed = text.replace(before, after, 1)
    line = changed[: changed.index(where)].count("\n") + 1
    found = faults(changed)
    assert any(at == line and says in message for at, message in found), (line, found)


def test_all_faults_are_told_at_once(text: str) -> None:
    assert len(faults(text.replace(HEAD, "").replace("代号: daan", "代号: 大安"))) == 2


def test_no_units_at_all_is_refused(text: str) -> None:
    found = faults(text[: text.index("承办单位:\n")] + "承办单位: []\n")
    assert [message for _, message in found] == ["这里至少要写一项"]


def test_an_unknown_organization_is_refused() -> None:
    with pytest.raises(Refusal, match="没有编号为“changchun”的机构文件"):
        organization.load("changchun")


def test_the_office_itself_can_handle_a_matter_and_is_no_unit(bureau: organization.Organization, text: str) -> None:
    office = bureau.unit(organization.OFFICE)
    assert (office.name, office.head.user, office.liaison.user) == (bureau.office, "shen.director", "tian.clerk")
    assert organization.OFFICE not in bureau.units
    assert "留给办公室自己" in faults(text.replace("代号: taobei", "代号: office").replace("taobei, ", ""))[0][1]


@pytest.fixture
def lanzhou() -> str:
    return included.path("organizations", "lanzhou.yaml").read_text(encoding="utf-8")


def test_deputies_answer_for_the_units_in_their_charge(bureau: organization.Organization) -> None:
    assert [one.user for one in bureau.holders("deputy", "jingzhen")] == ["qi.deputy"]
    assert [one.user for one in bureau.holders("leader", "jingzhen")] == ["gu.chief", "qi.deputy"]
    assert [one.user for one in bureau.holders("deputy")] == ["qi.deputy", "bai.deputy"]
    assert [one.user for one in bureau.holders(("chief", "leader"))] == ["gu.chief", "qi.deputy", "bai.deputy"]


def test_a_unit_that_nobody_is_in_charge_of_goes_to_every_deputy(text: str) -> None:
    org, found = organization.parse(text.replace("xingzhen, jingzhen, jindu", "xingzhen, jindu"))
    assert found == []
    assert org is not None
    assert len(org.holders("deputy", "jingzhen")) == 2


def test_one_person_may_hold_two_posts(bureau: organization.Organization) -> None:
    assert bureau.person("gu.chief").posts == ("chief", "party")
    assert bureau.holders("party")[0].name == bureau.posts["chief"].name


@pytest.mark.rule("BC-4.4")
def test_partners_of_joint_supervision(bureau: organization.Organization) -> None:
    assert set(regulation.load("baicheng-2020").modes["joint"].partners) == set(bureau.partners)
    assert bureau.partners["督察"].full == "白城市公安局警务督察支队"


@pytest.mark.rule("BC-1.3", "BC-3.2", "LZ-2.3")
def test_whom_a_unit_must_name_is_the_regulations_word(text: str, lanzhou: str) -> None:
    org, found = organization.parse(text.replace(LEADER, ""))
    assert found == []
    assert org is not None
    with pytest.raises(Refusal, match=r"经侦支队在机构文件里没有督办领导（三（二）要求），不能向它交办"):
        org.complete("经侦支队", regulation.load("baicheng-2020").duty)
    assert org.complete("经侦支队", regulation.load("bureau-2019").duty).code == "jingzhen"
    without = "".join(line for line in lanzhou.splitlines(keepends=True) if "chengguan.checker" not in line)
    _org, found = organization.parse(without, duty=regulation.load("lanzhou").duty)
    assert [fault.message for fault in found] == ["城关分局缺少“审核人”：二要求每个单位都要有，没有不能交办"]


@pytest.mark.parametrize(
    ("before", "after", "where", "says"),
    [
        ("分管: [chengguan,", "分管: [城管,", "分管: [城管", "“城管”不是承办单位"),
        ("兼任: [局党委]", "兼任: [政委]", "兼任: [政委]", "“政委”不是岗位"),
        ("    代字: 七\n", "    代字: 城\n", "- 代号: qilihe", "代字城"),
    ],
)
def test_a_fault_of_the_newer_keys_has_its_line(lanzhou: str, before: str, after: str, where: str, says: str) -> None:
    assert before in lanzhou
    changed = lanzhou.replace(before, after, 1)
    line = changed[: changed.index(where)].count("\n") + 1
    assert any(at == line and says in message for at, message in faults(changed, "lanzhou")), faults(changed, "lanzhou")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("  信函: 兰公督字\n", "", "规定了代字“兰公督字”，这里没有写"),
        ("    代字: 七\n", "", "七里河分局没有写“代字”，编不出“兰公×报”号"),
    ],
)
def test_check_says_what_a_regulation_misses_here(
    lanzhou: str, before: str, after: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "lanzhou.yaml"
    file.write_text(lanzhou.replace(before, after, 1), encoding="utf-8")
    assert [says in fault.message for fault in organization.check(file)] == [True]


def test_check_says_who_is_missing_at_a_desk_and_beside_it(text: str, tmp_path: Path) -> None:
    changed = text.replace(", 兼任: [局党委]", "").replace("  纪委: {", "  纪检: {").replace("  催办: 白公催\n", "")
    file = tmp_path / "baicheng.yaml"
    file.write_text(changed, encoding="utf-8")
    told = " ".join(fault.message for fault in organization.check(file))
    assert "要由局党委同意暗访，这里没有人在这个岗位上" in told
    assert "联合督办有“纪委”，这里没有写是哪个部门" in told
    assert "催办要发文书，这里缺少“催办”的代字" in told
    assert len(organization.check(file)) == 3


def test_the_regulation_that_is_chosen_brings_its_organization(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    monkeypatch.delenv("DUBAN_REGULATION", raising=False)
    assert organization.load().id == "baicheng"
    monkeypatch.setenv("DUBAN_REGULATION", "lanzhou")
    assert organization.load().id == "lanzhou"
    monkeypatch.setenv("DUBAN_ORGANIZATION", "bureau")
    assert organization.load().id == "bureau"


def test_a_successor_takes_over_the_post_and_nothing_else_changes(text: str) -> None:
    org, _found = organization.parse(
        text.replace("姓名: 谭志刚, 用户名: jingzhen.head", "姓名: 翟新任, 用户名: zhai.head")
    )
    assert org is not None
    assert org.unit("jingzhen").head.name == "翟新任"
    assert org.unit_posts("经侦支队")["unit_head"].user == "zhai.head"
    with pytest.raises(Refusal, match=r"没有用户名“jingzhen\.head”"):
        org.person("jingzhen.head")
