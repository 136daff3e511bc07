"""What is typed into a form of a matter survives a lost session, on the phone as on the desk; a reply goes out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from chromium import PHONE, Visitor
from matters import Matter, report

from duban.portal.pages import site

Enter = Callable[..., Visitor]


def test_a_session_that_ends_in_the_middle_loses_no_word(
    enter: Enter, address: str, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_login", lambda request: f"/signin?next={request.url.path}")
    matter.in_progress()
    visitor = enter("jingzhen.liaison", PHONE)
    page, form = visitor.page, f"/duban/matters/{matter.number}/do/progress"
    page.goto(form)
    page.fill("#f-text", "已取证，正在鉴定")
    page.select_option("#f-carried_out", "部分落实")
    page.context.clear_cookies(name="who")
    visitor.refusals.append(404)  # the sign-in of this test is no page
    page.click("button:has-text('提交')")
    assert page.url.endswith(f"/signin?next={form}")
    page.context.add_cookies([{"name": "who", "value": "zhian.liaison", "url": address}])
    page.goto(form)
    assert page.locator("#f-text").count() == 0, "another unit's officer on the same machine sees nothing"
    page.context.add_cookies([{"name": "who", "value": "jingzhen.liaison", "url": address}])
    page.goto("/duban/")  # another page is not yet the answer of the server
    page.goto(form)
    assert page.input_value("#f-text") == "已取证，正在鉴定"
    assert page.input_value("#f-carried_out") == "部分落实"
    assert "已恢复" in page.inner_text("form")
    page.fill("#f-obstacle", "等待鉴定")
    page.fill("#f-remedy", "催问鉴定机构")
    page.click("button:has-text('提交')")
    assert "已办：报送进展" in page.inner_text("body")
    page.goto(form)
    assert page.input_value("#f-text") == ""
    assert matter.event("progress_reported").data["text"] == "已取证，正在鉴定"


def test_a_reply_is_sent_from_a_phone(enter: Enter, matter: Matter, tmp_path: Path) -> None:
    matter.in_progress()
    file = tmp_path / "办结报告.docx"
    file.write_bytes(report("手机上的报告"))
    page = enter("jingzhen.liaison", PHONE).page
    page.goto(f"/duban/matters/{matter.number}")
    page.click("a.btn:text-is('回复')")
    page.set_input_files("#f-file", file)
    page.fill("#f-signed_by", "谭志刚")
    page.click("button:has-text('核对')")
    assert "还没有发送" in page.inner_text("body")
    page.click("button:has-text('发送')")
    assert "已发送，这是回执" in page.inner_text("body")
    assert matter.state.state == "replied"
    page.go_back()
    assert "这个文件已经作为回复发送" in page.inner_text("body")
    page.click("a:has-text('看回执')")
    assert "回复回执" in page.inner_text("body")


def test_a_file_that_is_too_large_is_said_to_be_so_before_it_is_sent(
    enter: Enter, matter: Matter, tmp_path: Path
) -> None:
    matter.in_progress()
    large = tmp_path / "大.docx"
    with large.open("wb") as stream:
        stream.truncate(21 * 1024 * 1024)
    page = enter("jingzhen.liaison").page
    page.goto(f"/duban/matters/{matter.number}/do/reply")
    page.set_input_files("#f-file", large)
    assert "20 MB" in page.eval_on_selector("#f-file", "field => field.validationMessage")
    page.click("button:has-text('核对')")
    assert "还没有发送" not in page.inner_text("body")
