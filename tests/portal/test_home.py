"""我的待办: everybody's first page, with what waits, what was done today, and the ways to the rest."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from matters import Matter

from duban import acts, clock
from duban.acts.waiting import Waiting
from duban.portal.pages import home

Open = Callable[[str | None], Any]


def cards(page: str) -> list[str]:
    return re.findall(r'<a class="card mb-2 todo[^"]*" href="/duban([^"]+)"', page)


def test_what_is_counted_is_what_is_listed_and_one_tap_leads_to_the_act(site: Open, matter: Matter) -> None:
    matter.dispatched()
    page = site("jingzhen.liaison").get("/")
    assert page.status_code == 200
    assert cards(page.text) == [f"/matters/{matter.number}/do/receipt"]
    assert "共 <strong>1</strong> 项" in page.text
    assert "领收督办通知单" in page.text
    acts.receive(matter.number, matter.unit)
    assert [path.rpartition("/")[2] for path in cards(site("jingzhen.head").get("/").text)] == ["reading", "reply"]
    assert cards(site("taobei.liaison").get("/").text) == []


def test_what_is_late_stands_first_and_says_so(site: Open, matter: Matter, new_matter: Callable[..., Matter]) -> None:
    matter.dispatched().at(3, 5)
    fresh = new_matter().dispatched()
    page = site("jingzhen.liaison").get("/").text
    assert page.index("逾期（1）") < page.index(matter.number) < page.index(fresh.number)
    assert "逾期2天" in page


def test_what_was_done_today_stays_in_sight(site: Open, matter: Matter) -> None:
    matter.issued()
    page = site(matter.director.user).get("/").text
    assert "现在没有等您办的事" in page
    assert "今天已办（1）" in page
    assert "签批督办通知单：办公室主任同意" in page
    assert f"/duban/matters/{matter.number}" in page
    matter.at(3, 3)
    assert "今天已办（0）" in site(matter.director.user).get("/").text


def test_the_page_is_fresh_by_itself_and_is_kept_nowhere(site: Open, matter: Matter) -> None:
    page = site(matter.clerk.user).get("/")
    assert int(page.headers["Refresh"]) >= 60
    assert "no-store" in page.headers["Cache-Control"]
    assert "<textarea" not in page.text


@pytest.mark.parametrize("who", ["kang.inspector", "yin.auditor"])
def test_who_only_looks_has_nothing_to_do_and_is_told_so(site: Open, matter: Matter, who: str) -> None:
    matter.in_progress().replied()
    page = site(who).get("/").text
    assert "检查、审计岗位没有待办" in page
    assert cards(page) == []


def test_of_very_many_the_most_urgent_are_listed_and_all_are_counted() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
    late = [Waiting(str(n), "", "", "", "回复", "/", overdue=True) for n in range(home.MOST - 1)]
    later = [Waiting(str(n), "", "", "", "回复", "/") for n in range(5)]
    found = home.groups([*late, *later], now)
    assert [(group.key, len(group.items), len(group.shown)) for group in found] == [
        ("late", home.MOST - 1, home.MOST - 1),
        ("later", 5, 1),
    ]


@pytest.mark.parametrize(
    ("due", "group", "words"),
    [
        ((3, 3, 0, 0), "today", "3月2日 周一"),
        ((3, 2, 17, 30), "today", "3月2日 周一 17:30"),
        ((3, 9, 0, 0), "week", "3月8日 周日"),
        ((3, 10, 0, 0), "later", "3月9日 周一"),
    ],
)
def test_midnight_is_the_end_of_the_day_before(due: tuple[int, ...], group: str, words: str) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
    one = Waiting("1", "", "", "", "回复", "/", due_at=datetime(2026, *due, tzinfo=clock.SHANGHAI))  # type: ignore[misc]
    assert [found.key for found in home.groups([one], now)] == [group]
    assert home.due_words(one) == words


@pytest.mark.rule("MM-5.5")
def test_of_a_secret_no_title_is_shown(site: Open, new_matter: Callable[..., Matter]) -> None:
    secret = {"mark": "秘密", "paper": "机要室3号柜", "requirement": "", "instruction_text": ""}
    matter = new_matter(title="某某涉密代称", **secret)
    page = site(matter.director.user).get("/").text
    assert "某某涉密代称" not in page
    assert "（涉密件）" in page
