"""督办考核 on a page: a unit sees its own entries with clause and evidence, and objects to them."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from scores_of import File, late_month  # noqa: F401 - fixture

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
