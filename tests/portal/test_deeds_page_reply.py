"""回复 on the page: looked at first, sent second, once, and receipted."""

import html
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from matters import Matter, report
from test_deeds_page import DOCX, hidden

from duban.portal import api, doing
from duban.portal.pages import held_uploads

Site = Callable[..., Any]


def checked(browser: Any, matter: Matter, content: bytes, name: str = "办结报告.docx", signed: str = "谭志刚") -> Any:
    page = f"/matters/{matter.number}/do/reply"
    answer = browser.post(page, {"signed_by": signed}, files={"file": (name, content, DOCX)})
    return browser.follow(answer) if answer.status_code == 303 else answer


def send(browser: Any, matter: Matter, page: str) -> Any:
    return browser.client.post(f"/duban/matters/{matter.number}/do/reply", data={**hidden(page), "send": "1"})


@pytest.mark.rule("T17", "BC-5.6a")
def test_what_would_be_found_is_shown_and_nothing_is_sent_until_it_is_said(site: Site, matter: Matter) -> None:
    matter.in_progress()
    browser, content = site("jingzhen.liaison"), report("我的报告")
    page = checked(browser, matter, content)
    assert page.status_code == 200
    text = html.unescape(page.text)
    for words in (
        "还没有发送",
        "电子文稿",
        "督办文号",
        "不符",
        "没有见到督办文号",
        "谭志刚",
        sha256(content).hexdigest(),
    ):
        assert words in text, words
    assert "replied" not in matter.kinds()
    answer = send(browser, matter, page.text)
    assert answer.status_code == 303
    receipt = html.unescape(browser.follow(answer).text)
    event = matter.event("replied")
    for words in (matter.number, sha256(content).hexdigest(), "谭志刚", "按期", "办结报告.docx", event.hash):
        assert words in receipt, words
    assert re.search(r"2026年3月2日 \d\d:\d\d:\d\d", receipt)
    assert event.data["sha256"] == sha256(content).hexdigest()
    assert event.data["check"]["points"][0]["name"] in text
    matter_page = html.unescape(browser.get(f"/matters/{matter.number}").text)
    assert event.data["check"]["points"][2]["sentence"] in matter_page
    other = site("zhian.liaison").get(answer.headers["location"].removeprefix("/duban"))
    assert other.status_code == 404


def test_back_to_the_check_after_sending_says_that_it_was_sent(site: Site, matter: Matter) -> None:
    matter.in_progress()
    browser, path = site("jingzhen.liaison"), f"/matters/{matter.number}/do/reply"
    form = {"signed_by": "谭志刚"}
    answer = browser.post(path, form, files={"file": ("办结报告.docx", report("一份"), DOCX)})
    assert answer.status_code == 303, "the back button never asks to send a form again"
    first = browser.follow(answer)
    assert "还没有发送" in first.text
    receipt = send(browser, matter, first.text).headers["location"]
    again = browser.follow(answer)
    assert again.status_code == 200
    assert "已发送" in again.text
    assert f'href="{receipt}"' in again.text
    assert "<form" not in again.text.partition("已发送")[2].partition("回到督办件")[0]
    assert site("taobei.liaison").client.get(answer.headers["location"]).status_code == 404


def test_sending_twice_leads_to_the_same_receipt(site: Site, matter: Matter) -> None:
    matter.in_progress()
    browser = site("jingzhen.liaison")
    page = checked(browser, matter, report("一份")).text
    first = send(browser, matter, page)
    again = send(browser, matter, page)
    assert again.status_code == 303
    assert again.headers["location"] == first.headers["location"]
    assert "已经发送过" in html.unescape(browser.follow(again).text)
    assert matter.kinds().count("replied") == 1


def test_what_was_looked_at_is_for_nobody_else_and_not_for_another_matter(
    site: Site, new_matter: Callable[..., Matter]
) -> None:
    one, other = new_matter().in_progress(), new_matter().in_progress()
    page = checked(site("jingzhen.liaison"), one, report("一份")).text
    for browser, matter in ((site("jingzhen.head"), one), (site("jingzhen.liaison"), other)):
        fields = {**hidden(browser.get(f"/matters/{matter.number}/do/reply").text), "upload": hidden(page)["upload"]}
        answer = browser.client.post(f"/duban/matters/{matter.number}/do/reply", data={**fields, "send": "1"})
        assert answer.status_code == 409
        assert "请重新选择文件" in answer.text
        assert "replied" not in matter.kinds()


def test_after_an_hour_the_file_has_to_be_chosen_again(
    site: Site, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter.in_progress()
    browser = site("jingzhen.liaison")
    page = checked(browser, matter, report("一份")).text
    monkeypatch.setattr(held_uploads, "KEPT", -1)
    answer = send(browser, matter, page)
    assert answer.status_code == 409
    assert "只保留一小时" in answer.text
    assert 'value="谭志刚"' in answer.text
    assert "replied" not in matter.kinds()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.docx", b"", "空文件"),
        ("程序.exe", b"MZ" + b"\0" * 100, "请"),
        ("断的.docx", report("断的")[:300], "请"),
        ("文字.docx", b"plain words", "请"),
    ],
)
def test_a_file_that_is_refused_says_why_and_what_to_do(
    site: Site, matter: Matter, name: str, content: bytes, words: str
) -> None:
    matter.in_progress()
    answer = checked(site("jingzhen.liaison"), matter, content, name)
    assert answer.status_code in (400, 409)
    text = html.unescape(answer.text)
    assert name in text
    assert words in text
    assert "请重新选择" in text
    assert 'value="谭志刚"' in text
    assert "replied" not in matter.kinds()


def test_no_file_and_a_file_that_is_too_large(site: Site, matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    matter.in_progress()
    browser = site("jingzhen.liaison")
    answer = browser.post(f"/matters/{matter.number}/do/reply", {"signed_by": "谭志刚"})
    assert answer.status_code == 400
    assert "没有选择文件" in answer.text
    large = checked(browser, matter, b"x" * (doing.UPLOAD_CAP + 1))
    assert large.status_code == 413
    assert "20 MB" in large.text
    beyond = checked(browser, matter, b"x" * (doing.UPLOAD_CAP + api.OVERHEAD + 1))
    assert beyond.status_code == 413
    assert f'href="/duban/matters/{matter.number}/do/reply"' in beyond.text
    assert "20 MB" in beyond.text
    assert "督办台账" in beyond.text
    assert "我的待办" in beyond.text


@pytest.mark.rule("BC-8.4")
def test_a_state_secret_is_not_even_opened(site: Site, new_matter: Callable[..., Matter]) -> None:
    matter = new_matter(
        mark="秘密★1年", paper="机要柜3号", title="涉密督办件", requirement="", instruction_text=""
    ).in_progress()
    answer = checked(site("jingzhen.liaison"), matter, report("一份"))
    assert answer.status_code == 409
    assert "纸质件" in answer.text
    assert "还没有发送" not in answer.text
