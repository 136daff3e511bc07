"""概览: each number is the length of the list behind it, for everybody; pictures with tables; the day's list."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote

import pytest
from conftest import Site
from matters import Matter
from scores_of import File, late_month  # noqa: F401 - fixture
from starlette.datastructures import QueryParams

from duban import acts, organization
from duban.orchestration.people import actor_of
from duban.portal.access import ROUTES
from duban.portal.pages.register_asked import read
from duban.portal.pages.register_lines import find
from duban.reports import figures

Make = Callable[..., Matter]
Open = Callable[[str | None], Site]
LINK = re.compile(r'<a [^>]*href="/duban(/register/list\?figure=[^"]+)"[^>]*>(?:<span class="value[^"]*">)?(\d+)<')
COVERT = {"mode": "covert", "consent_by": "顾长风", "consent_on": "2026-03-02", "consent_number": "局党委纪要第3号"}
OFFICE, AUDITOR, UNIT, HELPER = "tian.clerk", "{auditor}", "jingzhen.liaison", "fazhi.liaison"


def auditor() -> str:
    """Whoever audits, by the organization file."""
    return organization.load().posts["auditor"].user


@pytest.fixture
def many(new_matter: Make) -> list[Matter]:
    """Matters of all kinds: closed, sent back, late, helped with, covert, of another unit, not handed out."""
    closed, back = new_matter().in_progress().replied().closed(), new_matter().in_progress().replied()
    back.decide("review.office", "退回补办", reason="敷衍塞责", requirement="请补充。")
    late = new_matter(cohandlers="法制支队").in_progress()
    new_matter(**COVERT)
    other = new_matter(unit="治安支队").dispatched()
    late.at(3, 12)
    acts.lapse(back.number)
    back.replied("补办报告")
    new_matter()
    return [closed, back, late, other]


@pytest.mark.rule("BC-5.10a", "MM-5.5")
@pytest.mark.parametrize("who", [OFFICE, AUDITOR, UNIT, HELPER, "taobei.liaison"])
def test_every_number_on_the_page_is_the_length_of_its_list(site: Open, many: list[Matter], who: str) -> None:
    name = who.format(auditor=auditor())
    browser = site(name)
    page = browser.get("/overview")
    assert page.status_code == 200
    links = {(unescape(path), int(number)) for path, number in LINK.findall(page.text)}
    assert len(links) > 30
    shown = {number for _path, number in links}
    assert (shown == {0}) == (who == "taobei.liaison")
    for path, number in sorted(links):
        key = unquote(path.partition("figure=")[2])
        assert find(actor_of(name), read(QueryParams({"figure": key}))).total == number, key
    path, number = max(links, key=lambda link: link[1])
    assert f"共 {number} 件" in unescape(browser.get(path).text)


def test_who_may_see_less_counts_less(site: Open, many: list[Matter]) -> None:
    def open_ones(who: str) -> int:
        page = site(who).get("/overview").text
        return int(re.search(r'class="value[^"]*">(\d+)</span><span class="words">在办<', page)[1])  # type: ignore[index]

    assert open_ones(OFFICE) == 5
    assert open_ones(auditor()) == 4, "not the covert one"
    assert open_ones(UNIT) == 3, "its own, without that"


def test_every_figure_that_there_is_stands_on_the_page(site: Open, many: list[Matter]) -> None:
    page = unescape(site(OFFICE).get("/overview").text)
    keys = [*figures.NAMES, *(f"{name}.{one}" for name, (_w, each) in figures.CLASSES.items() for one in each)]
    missing = [key for key in keys if f'figure={key}"' not in page]
    assert missing == ["year.total", "year.late", "year.sent_back", "type.decomposed"], (
        "wholes and rests of a table, and a type that the regulation has not"
    )


def test_pictures_have_their_tables_and_no_content(site: Open, many: list[Matter]) -> None:
    page = unescape(site(OFFICE).get("/overview").text)
    assert page.count("<svg") == 3
    assert "情况截至2026年3月12日9时" in page
    assert "还没有公布过考核得分" in page
    assert "安居小区" not in page, "numbers, not what a matter is about"
    assert "逾期事项按逾期时间分布" in page


def test_the_old_address_leads_to_the_overview(site: Open) -> None:
    answer = site(OFFICE).get("/pictures")
    assert (answer.status_code, answer.headers["location"]) == (303, "/duban/overview")


def test_a_run_leads_to_its_matter_for_who_may_see_it(site: Open, matter: Matter) -> None:
    for run_id in (matter.number, f"{matter.number}.2", matter.state.run_key):
        answer = site(OFFICE).get(f"/runs/{run_id}")
        assert answer.status_code == 303, (run_id, re.findall(r'role="alert">([^<]+)', answer.text))
        assert answer.headers["location"] == f"/duban/matters/{matter.number}"
    assert site("taobei.liaison").get(f"/runs/{matter.number}").status_code == 404
    assert site(OFFICE).get("/runs/manual__2026").status_code == 404


def test_the_days_list_leads_to_what_helps(site: Open, many: list[Matter]) -> None:
    late = many[2]
    page = unescape(site(OFFICE).get("/watch").text)
    assert "今日提示" in page
    assert f'href="/duban/matters/{late.number}"' in page
    assert f'href="/duban/matters/{late.number}/do/urge"' in page
    assert site(UNIT).get("/watch").status_code == 403
    chief = unescape(site("gu.chief").get("/watch").text)
    assert f"/matters/{late.number}" in chief
    assert "/do/" not in chief, "the office urges, not the chief"
    assert site(OFFICE).get("/matters/" + late.number).status_code == 200


@pytest.mark.rule("MM-5.5", "SK-3.2")
def test_who_only_looks_is_told_nothing_of_a_withheld_matter(site: Open, new_matter: Make) -> None:
    plain, covert = new_matter().dispatched(), new_matter(**COVERT)
    plain.at(3, 9)
    for path in ("/watch", "/api/watch"):
        page = site(auditor()).get(path).text
        assert plain.number in page
        assert covert.number not in page
        assert covert.state.reference not in page
        assert covert.number in site(OFFICE).get(path).text


def test_no_overview_shows_one_persons_figures_to_another(site: Open, many: list[Matter]) -> None:
    pages = {who: site(who).get("/overview").text for who in (OFFICE, "taobei.liaison", OFFICE)}
    assert pages[OFFICE] != pages["taobei.liaison"]
    assert {int(number) for _path, number in LINK.findall(pages["taobei.liaison"])} == {0}


def test_what_is_closed_in_between_is_counted_at_once(site: Open, matter: Matter) -> None:
    browser = site(OFFICE)
    before = LINK.findall(browser.get("/overview").text)
    acts.withdraw(matter.number, matter.clerk, "重复", "顾长风")
    assert LINK.findall(browser.get("/overview").text) != before


def test_the_pages_are_for_whom_they_are(rehearsal_url: str) -> None:
    assert (ROUTES["GET", "/overview"], ROUTES["GET", "/watch"]) == ("everybody", "readers")


@pytest.mark.rule("BC-7.0")
def test_the_ranking_is_that_which_was_published_last_and_a_unit_has_its_own_score(
    site: Open,
    late_month: File,  # noqa: F811
) -> None:
    for who in (OFFICE, UNIT):
        assert "还没有公布过考核得分" in site(who).get("/overview").text
    late_month.at(4, 8).published()
    page = unescape(site(OFFICE).get("/overview").text)
    assert "已经公布的考核得分，是最近一次公布的" in page
    assert f'href="/duban/scores/{late_month.number}"' in page
    assert "考核得分：" in page, "the picture in words"
    own = unescape(site(UNIT).get("/overview").text)
    assert re.search(r"本单位考核得分</h3>\s*<p[^>]*>2026年3月：<strong[^>]*>78</strong>分，第13名", own)
    assert re.search(r'<tr class="own"><th scope="row">13</th><td class="words"[^>]*>经侦支队<', own)
