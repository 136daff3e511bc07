"""Who is who: the bureau's file, and what is refused in it."""

import pytest

from duban import included, organization, regulation
from duban.errors import Refusal


@pytest.fixture(scope="module")
def bureau() -> organization.Organization:
    return organization.load("baicheng")


@pytest.fixture(scope="module")
def text() -> str:
    return included.path("organizations", "baicheng.yaml").read_text(encoding="utf-8")


def faults(text: str) -> list[tuple[int, str]]:
    org, found = organization.parse(text, duty=regulation.load("baicheng-2020").duty)
    assert (org is None) == bool(found)
    return [(fault.line, fault.message) for fault in found]


def test_the_bureau_and_its_numbers(bureau: organization.Organization) -> None:
    assert bureau.name == "白城市公安局"
    assert bureau.prefix == bureau.series["督办"] == "白公督"
    assert bureau.series["催办"] == "白公催"
    assert bureau.number_prefix == "BC"
    assert bureau.fonds


def test_posts(bureau: organization.Organization) -> None:
    assert bureau.posts["director"].title == "办公室主任"
    assert bureau.posts["chief"].post == "chief"
    assert len(bureau.clerks) == 2
    assert len(bureau.holders("deputy")) == 2
    assert [one.post for one in bureau.holders(("chief", "deputy"))] == ["chief", "deputy", "deputy"]
    assert [one.user for one in bureau.holders("party")] == ["gu.chief"]


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
    assert len(users) == len(set(users)) == 6 + 3 * len(bureau.units)
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
