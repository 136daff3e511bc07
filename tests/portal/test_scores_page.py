"""督办考核 on a page: a unit sees its own entries with clause and evidence, and objects to them."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from matters import Matter
from scores_of import File, late_month, moment  # noqa: F401 - fixture

from duban import periodicals

Open = Callable[[str | None], Any]


def text(page: Any) -> str:
    return html.unescape(page.text)


@pytest.mark.rule("N17", "MM-5.5")
def test_a_unit_sees_its_entries_with_clause_and_matter_and_no_others(site: Open, late_month: File) -> None:  # noqa: F811
    entry = late_month.entry("late_reply")
    own = site("jingzhen.liaison").get(f"/scores/{late_month.number}")
    assert own.status_code == 200
    said = text(own)
    assert entry["item_text"] in said
    assert entry["clause"] in said
    assert re.search(r"《白城市公安局政务工作督办制度》", said)
    assert f'href="/duban/matters/{entry["number"]}"' in said
    assert "-2" in said
    assert "异议期到" in said
    assert "名" not in re.search(r"期末 <strong>.*?</p>", said)[0]  # type: ignore[index]
    other = text(site("xingzhen.liaison").get(f"/scores/{late_month.number}"))
    assert entry["number"] not in other
    assert "没有计分" in other
    whole = text(site("gu.chief").get(f"/scores/{late_month.number}"))
    assert whole.count("<tr>") == 14
    assert entry["item_text"] in whole


@pytest.mark.rule("N17")
def test_a_unit_objects_on_the_page_once_and_reads_the_answer(site: Open, late_month: File) -> None:  # noqa: F811
    path, entry = f"/scores/{late_month.number}", late_month.entry("late_reply")["id"]
    browser = site("jingzhen.liaison")
    assert "提交异议" in browser.get(path).text
    assert "提交异议" not in site("jingzhen.leader").get(path).text
    empty = browser.post(f"{path}/objections", {"entry": entry, "reason": " "}, page=path)
    assert empty.status_code == 409
    assert 'role="alert"' in empty.text
    answer = browser.post(f"{path}/objections", {"entry": entry, "reason": "当日已送达"}, page=path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/duban{path}")
    page = browser.get(path).text
    assert "当日已送达" in page
    assert "还没有裁定" in page
    assert "提交异议" not in page
    late_month.decide("objection.office", "异议不成立", reason="签收记录在案")
    assert "签收记录在案" in browser.get(path).text
    assert "签收记录在案" not in site("xingzhen.liaison").get(path).text


@pytest.mark.rule("N17")
def test_once_published_everybody_has_the_ranking_and_the_notice(site: Open, late_month: File) -> None:  # noqa: F811
    path = f"/scores/{late_month.number}"
    link = re.compile(rf'href="/duban({path}/files/[^"]+)"')
    assert not link.search(site("xingzhen.liaison").get(path).text)
    late_month.at(4, 8).published()
    page = site("xingzhen.liaison").get(path)
    assert page.text.count("<tr") == 14
    notices = link.findall(page.text)
    assert len(notices) == 1
    assert site("xingzhen.liaison").get(html.unescape(notices[0])).status_code == 200
    table = next(one for one in late_month.state.documents if one.kind == "表格")
    assert site("xingzhen.liaison").get(f"{path}/files/{table.sha256}/x").status_code == 404
    assert site("gu.chief").get(f"{path}/files/{table.sha256}/x").status_code == 200
    listed = text(site("jingzhen.liaison").get("/scores"))
    assert "第13名" in listed


def test_the_month_that_runs_is_shown_for_checking_only(site: Open, late_month: File) -> None:  # noqa: F811
    own = site("jingzhen.liaison").get("/scores/running")
    assert own.status_code == 200
    assert "未公布，仅供核对" in own.text
    assert "名次" not in own.text
    assert "提交异议" not in own.text
    whole = site("tian.clerk").get("/scores/running")
    assert "名次" in whole.text


def test_a_matter_or_an_unknown_number_has_no_scores(site: Open, late_month: File) -> None:  # noqa: F811
    for number in ("BC-2026-0001", "BC-KH-2026-07"):
        assert site("gu.chief").get(f"/scores/{number}").status_code == 404


def test_every_number_that_is_not_this_persons_to_see_gets_the_same_words(site: Open, late_month: File) -> None:  # noqa: F811
    weekly = periodicals.open("weekly_progress", "2026-03-30")  # the bureau's own
    browser, said = site("zhian.liaison"), set()
    browser.get("/")
    token = {"csrftoken": browser.client.cookies["starlette_admin_csrftoken"]}
    for number in ("BC-2026-0001", "BC-2026-9999", weekly):
        fields = {**token, "entry": "x", "reason": "y"}
        for answer in (
            browser.get(f"/scores/{number}"),
            browser.get(f"/scores/{number}/files/0/x"),
            browser.client.post(f"/duban/scores/{number}/objections", data=fields),
        ):
            (sentence,) = re.findall(r"没有编号为[^<]*", text(answer))
            said.add((answer.status_code, sentence.replace(number, "N")))
    assert said == {(404, "没有编号为 N 的考核，或者还没有公布。")}


@pytest.mark.rule("BC-8.4")
def test_every_reading_of_a_marked_month_is_entered_and_its_line_tells_no_points(
    site: Open,
    new_matter: Callable[..., Matter],
    move_to: Any,
) -> None:
    new_matter(mark="内部").in_progress().at(3, 12)
    move_to(moment(4, 1))
    month = File(periodicals.open("monthly_scoring", "2026-03"), move_to)
    month.draft()
    assert month.state.mark
    path, entry = f"/scores/{month.number}", month.entry("late_reply")["id"]
    unit = site("jingzhen.liaison")
    listed = text(unit.get("/scores"))
    assert path in listed
    assert "期末" not in listed
    assert readings(month) == []
    assert "期末" in text(unit.get(path))
    assert len(readings(month)) == 1
    empty = unit.post(f"{path}/objections", {"entry": entry, "reason": " "}, page=path)
    assert (empty.status_code, "期末" in text(empty)) == (409, True)
    assert readings(month) == ["jingzhen.liaison"] * 3
    month.at(4, 8).published()
    before = readings(month)
    for paper in month.state.documents:
        assert site("gu.chief").get(f"{path}/files/{paper.sha256}/x").status_code == 200
    assert readings(month) == before + ["gu.chief"] * len(month.state.documents)
    links = re.findall(r'/files/[0-9a-f]{64}/([^"]*)"', site("gu.chief").get(path).text)
    assert links
    assert not any(quote(month.state.title) in link for link in links), "no title in an address"


def readings(month: File) -> list[str]:
    return [event.actor.user for event in month.events if event.kind == "consulted"]
