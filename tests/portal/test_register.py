"""The register page: who sees what, what an address asks, that the total is the list, and files that say the same."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from conftest import Site
from matters import Matter
from starlette.datastructures import QueryParams

from duban import acts
from duban.portal.pages import register_export
from duban.portal.pages.register_asked import Asked, read
from duban.portal.pages.register_lines import COVERT, find
from duban.reports.lines import SECRET

Open = Callable[[str | None], Site]
OFFICE, UNIT, OTHER = "tian.clerk", "jingzhen.liaison", "taobei.liaison"
SECRET_FORM = {"mark": "秘密★1年", "paper": "办公室保密柜", "title": "绝不能出现的标题", "requirement": "", "source": 5}
SECRET_FORM |= {"instruction_by": "", "instruction_text": "", "instruction_on": None}


def cells(answer: Any) -> list[list[Any]]:
    """The table of a spreadsheet, its head first."""
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows() if row[1].border.left.style]


@pytest.mark.rule("MM-5.5")
def test_a_unit_sees_its_own_matters_only(site: Open, matter: Matter) -> None:
    matter.dispatched()
    for who, sees in ((OFFICE, True), (UNIT, True), (OTHER, False)):
        page = site(who).get("/register/list")
        assert page.status_code == 200
        assert (matter.number in page.text) is sees
        assert (f"共 {int(sees)} 件") in page.text
        assert (matter.number in str(cells(site(who).get("/register/files/xlsx")))) is sees
    assert f'href="/duban/matters/{matter.number}"' in site(UNIT).get("/register/list").text
    assert "安居小区" in site(UNIT).get("/register/list?q=安居 电信").text


@pytest.mark.rule("BC-8.4", "MM-5.5")
def test_of_what_may_not_be_shown_stands_no_content_anywhere(site: Open, new_matter: Any) -> None:
    secret = new_matter(**SECRET_FORM)
    office = site(OFFICE)
    for page in ("/register/list", "/register/list?light=secret", f"/register/list?q={secret.number}"):
        shown = office.get(page).text
        assert secret.number in shown
        assert SECRET in shown
        assert SECRET_FORM["title"] not in shown
    assert "共 0 件" in office.get("/register/list?q=绝不能").text, "what is not shown is not searched"
    book = openpyxl.load_workbook(BytesIO(office.get("/register/files/xlsx").content)).active
    words = str([[cell.value for cell in row] for row in book.iter_rows()])
    assert secret.number in words
    assert "密级：秘密★1年" in words
    assert SECRET_FORM["title"] not in words
    paper = docx.Document(BytesIO(office.get("/register/files/docx").content))
    assert SECRET_FORM["title"] not in paper.element.xml
    assert "密级：秘密★1年" in paper.element.xml


@pytest.mark.rule("SK-3.2")
def test_a_covert_matter_is_the_offices_alone(site: Open, new_matter: Any) -> None:
    form = {"title": "暗访某窗口", "mode": "covert", "consent_by": "顾长风", "consent_on": "2026-03-02"}
    covert = new_matter(**form, consent_number="白公党〔2026〕1号")
    page = site(OFFICE).get("/register/list").text
    assert covert.number in page
    assert COVERT in page
    assert "暗访某窗口" not in page
    assert "经侦" not in page.partition("<tbody>")[2]
    assert covert.number not in site(UNIT).get("/register/list").text


@pytest.mark.rule("SK-3.2")
def test_the_unit_of_a_covert_matter_is_told_by_no_filter_and_no_order(site: Open, new_matter: Any) -> None:
    consent = {"consent_by": "顾长风", "consent_on": "2026-03-02", "consent_number": "白公党〔2026〕1号"}
    covert = [new_matter(mode="covert", unit=unit, **consent).number for unit in ("交警支队", "洮北分局")]
    plain = [new_matter(unit=unit).number for unit in ("经侦支队", "交警支队", "洮北分局", "治安支队")]
    office = site(OFFICE)
    for unit, code in (("交警支队", "jiaojing"), ("洮北分局", "taobei")):
        page = office.get(f"/register/list?unit={code}").text
        assert "共 1 件" in page, unit
        assert not any(number in page for number in covert)
        for kind in ("xlsx", "docx"):
            file = office.get(f"/register/files/{kind}?unit={code}&q={covert[0]}")
            assert file.status_code == 200
        told = str(cells(office.get(f"/register/files/xlsx?unit={code}")))
        assert not any(number in told for number in covert)
    for way in ("asc", "desc"):
        order = [row[1] for row in cells(office.get(f"/register/files/xlsx?sort=unit__{way}"))[1:]]
        assert set(order[:4]) == set(plain)
        assert order[4:] == sorted(covert, reverse=True), "their order is that of their numbers"


CLOSED = [
    *(("GET", f"/register/{what}") for what in ("create", "detail?pk=abc", "edit?pk=abc", "import", "delete")),
    *(("POST", f"/register/{what}") for what in ("create", "edit?pk=abc", "list", "import", "delete")),
    *(("POST", f"/_api/register/{what}") for what in ("action?name=delete&pks=1", "action?name=export", "row-action")),
    *(("GET", f"/_api/register/{what}") for what in ("relation-lookup?q=a", "inline-edit", "inline-edit-row")),
    *(("POST", f"/_api/register/{what}") for what in ("inline-edit", "import", "import-preview")),
    ("PATCH", "/_api/register/inline-edit"),
    ("GET", "/_files/local/anything"),
    ("GET", "/register/files"),
    ("GET", "/nothing/list"),
    ("GET", "/event/list"),
]


def test_nothing_of_the_library_is_open_that_writes_or_looks_up(site: Open, matter: Matter) -> None:
    before, office = matter.events, site(OFFICE)
    for method, path in CLOSED:
        answer = office.client.request(method, f"/duban{path}", headers={"content-length": "0"})
        assert answer.status_code in (403, 404, 405), path
        assert matter.number not in answer.text
    assert matter.events == before


RUBBISH = {
    "pk=abc": "没有“pk”这个查询条件",
    "filter=name__eq(1": "没有“filter”这个查询条件",
    "page=-1": "“页码”不能是“-1”",
    "page=abc": "“页码”不能是“abc”",
    "page=99999999999999999999": "“页码”不能是",
    "page_size=1000000": "“每页件数”不能是",
    "unit=nowhere": "“承办单位”没有“nowhere”",
    "unit=%27%3B%20DROP%20TABLE%20matter": "“承办单位”没有",
    "type=nothing": "“督办类型”没有“nothing”",
    "state=opened": "“状态”没有“opened”",
    "light=blue": "“灯号”没有“blue”",
    "round=9": "“轮次”没有“9”",
    "overdue=yes": "“是否逾期”没有“yes”",
    "open=maybe": "“是否在办”没有“maybe”",
    "mark=某": "“密级”没有“某”",
    "month=2026-13": "像 2026-03 这样写",
    "month=9999-01": "像 2026-03 这样写",
    "figure=nonsense": "没有“nonsense”这个数字",
    "figure=overdue.": "没有“overdue.”这个数字",
    "sort=title__asc": "不能按“title__asc”排序",
    "sort=unit": "不能按“unit”排序",
    "q=%00": "含有不能用的字符",
    "q=a%01": "含有不能用的字符",
    "q=%08b": "含有不能用的字符",
    "q=%EF%BF%BF": "含有不能用的字符",
    "leader=%ED%A0%80%00": "含有不能用的字符",
    "q=" + "长" * 101: "最多100字",
    "%3Cscript%3E=1": "没有“&lt;script&gt;”这个查询条件",
}


def test_an_address_that_asks_for_nothing_that_there_is_is_told_so(site: Open, matter: Matter) -> None:
    office = site(OFFICE)
    for query, words in RUBBISH.items():
        for path in ("/register/list", "/register/files/xlsx", "/register/files/docx"):
            answer = office.get(f"{path}?{query}")
            assert (answer.status_code, words in answer.text) == (400, True), query
            assert matter.number not in answer.text
            assert "Traceback" not in answer.text


def test_an_odd_address_finds_what_it_finds(site: Open, matter: Matter) -> None:
    office = site(OFFICE)
    for query in ("q=", "unit=&state=&sort=", "page=7", "q=%20", f"q={matter.number.lower()}"):
        assert matter.number in office.get(f"/register/list?{query}").text, query
    for query in ("q=%25_%5C'\"", "q=%F0%9F%98%80", "leader=%27", "q=%25"):
        assert "共 0 件" in office.get(f"/register/list?{query}").text, query


def test_what_is_asked_stands_in_chips_that_can_be_taken_off(site: Open, matter: Matter) -> None:
    matter.dispatched()
    page = site(OFFICE).get("/register/list?unit=jingzhen&figure=open&open=1&sort=due_on__asc").text
    assert "共 1 件" in page
    for words, without in (
        ("承办单位：经侦支队", "?figure=open&amp;open=1&amp;sort=due_on__asc"),
        ("数字：在办", "?unit=jingzhen&amp;open=1&amp;sort=due_on__asc"),
        ("是否在办：在办", "?unit=jingzhen&amp;figure=open&amp;sort=due_on__asc"),
    ):
        assert f'href="{without}"' in page, words
        assert words in page
    assert '<option value="jingzhen" selected>经侦支队</option>' in page
    assert '<input type="hidden" name="figure" value="open">' in page
    assert "/register/files/xlsx?unit=jingzhen&amp;figure=open&amp;open=1&amp;sort=due_on__asc" in page
    assert "共 0 件" in site(OTHER).get("/register/list?figure=open").text, "behind a figure everybody sees their own"


def test_files_are_the_list(site: Open, new_matter: Any) -> None:
    made = [new_matter(title=title) for title in ("=1+1", "乙", "关于甲的事项", "@SUM(A1)")]
    for query, wanted in (("", made[::-1]), ("?sort=number__asc", made), ("?q=甲", [made[2]]), ("?state=closed", [])):
        numbers = [one.number for one in wanted]
        book = site(OFFICE).get(f"/register/files/xlsx{query}")
        head, *rows = cells(book)
        assert [row[head.index("编号")] for row in rows] == numbers
        paper = docx.Document(BytesIO(site(OFFICE).get(f"/register/files/docx{query}").content))
        assert [row.cells[1].text.split("\n")[0] for row in paper.tables[0].rows][1:] == numbers
        page = site(OFFICE).get(f"/register/list{query}").text
        places = [page.find(f">{number}</a>") for number in numbers]
        assert places == sorted(places)
        assert -1 not in places
    head, *rows = cells(site(OFFICE).get("/register/files/xlsx?sort=number__asc"))
    assert [row[head.index("事项")] for row in rows] == ["=1+1", "乙", "关于甲的事项", "@SUM(A1)"]
    assert {type(value) for value in (row[0] for row in rows)} == {int}


def test_a_file_says_whose_it_is_as_of_when_and_what_was_asked(site: Open, matter: Matter) -> None:
    answer = site(OFFICE).get("/register/files/xlsx?unit=jingzhen&month=2026-03")
    assert unquote(answer.headers["content-disposition"]).endswith("督办台账（2026-03-02）.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    words = [row[0].value for row in sheet.iter_rows(max_row=6)]
    assert words[0] == "白城市公安局督办台账"
    assert "演练数据，不作办理依据" in words
    assert any("情况截至：2026年3月2日9时" in str(one) for one in words)
    assert "查询条件：承办单位：经侦支队；登记月份：2026年3月" in words
    assert "共1件" in words
    paper = site(OFFICE).get("/register/files/docx")
    document = docx.Document(BytesIO(paper.content))
    assert "演练" in document.sections[0].header._element.xml
    assert document.sections[0].page_width > document.sections[0].page_height


def test_what_is_too_much_for_one_file_is_said_and_nothing_is_cut(
    site: Open, new_matter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        new_matter()
    for kind, how in register_export.KINDS.items():
        few = register_export.Kind(how.media_type, 2, how.make)
        monkeypatch.setitem(register_export.KINDS, kind, few)  # type: ignore[arg-type]
        answer = site(OFFICE).get(f"/register/files/{kind}")
        assert answer.status_code == 400
        assert "符合条件的有3件，一次最多导出2件" in answer.text
        monkeypatch.setitem(register_export.KINDS, kind, how)  # type: ignore[arg-type]
    assert site(OFFICE).get("/register/files/csv").status_code == 404


def test_pages_follow_each_other_and_keep_what_was_asked(new_matter: Any, site: Open, many: list[str]) -> None:
    office = site(OFFICE)
    first = office.get("/register/list?unit=jingzhen").text
    assert f"共 {len(many)} 件" in first
    assert 'href="?unit=jingzhen&amp;page=2"' in first
    seen = [number for page in (1, 2) for number in many if f">{number}</a>" in office.get(
        f"/register/list?unit=jingzhen&page={page}").text]  # fmt: skip
    assert sorted(seen) == sorted(many)
    assert "第 2 页，共 2 页" in office.get("/register/list?page=900").text


@pytest.fixture
def many(new_matter: Any) -> list[str]:
    """More matters than one page shows."""
    return [new_matter().number for _ in range(53)]


def test_an_address_is_read_as_it_is_written() -> None:
    said = "q=电信&unit=jingzhen&light=red&round=more&sort=light__asc&sort=due_on__desc&page=2&page_size=100"
    asked = read(QueryParams(said))
    sorts = (("light", "asc"), ("due_on", "desc"))
    assert asked == Asked(q="电信", unit="jingzhen", light="red", round="more", page=2, page_size=100, sorts=sorts)
    assert list(asked.filters()) == ["q", "unit", "light", "round"]


def test_what_happens_between_two_pages_changes_no_total_without_its_list(matter: Matter) -> None:
    found = find(matter.clerk, Asked())
    acts.instruct(matter.number, matter.clerk, "顾长风", "抓紧", matter.today())
    assert (found.total, len(found.lines)) == (1, 1)
