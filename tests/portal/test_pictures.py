"""督办图表: the pictures of the bureau, for the office and the leaders."""

import re
from html import unescape

from matters import Matter
from test_api import Browser


def test_pictures_say_what_the_ledger_says_and_only_the_bureau_sees_them(matter: Matter) -> None:
    browser = Browser()
    matter.in_progress().at(3, 12)
    assert browser.client.get("/pictures").status_code == 403
    browser.who = matter.clerk.user
    answer = browser.client.get("/pictures")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    page = unescape(answer.text)
    assert page.count("<svg") == 4
    assert "现在逾期的督办件1件" in page
    rows = dict(re.findall(r"<tr><td>([^<]+)</td><td class=\"n\">(\d+)</td><td>", page))
    assert (rows["3天以内"], rows["1轮"]) == ("1", "1")
    assert "本年还没有公布考核得分" in page
    assert "安居小区" not in page, "numbers, not what a matter is about"
    browser.who = None
    assert browser.client.get("/pictures").status_code == 401
