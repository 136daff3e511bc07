"""What people do on the pages of the portal, for tests in a browser: with and without an Airflow behind them."""

from urllib.parse import quote

from chromium import Visitor
from matters import report
from playwright.sync_api import expect

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def narrow(visitor: Visitor) -> None:
    """Nothing is wider than the window, also after what was done on the page."""
    wide, window = visitor.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= window, visitor.page.url


def press(visitor: Visitor, name: str) -> None:
    """Press the button of that name in the content (a deed may be offered as a link that looks like one)."""
    page = visitor.page
    page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first.click()
    page.wait_for_load_state()
    narrow(visitor)


def go(visitor: Visitor, path: str) -> None:
    visitor.page.goto(f"/duban{path}")
    narrow(visitor)


def reads(visitor: Visitor, *words: str) -> None:
    for said in words:
        expect(visitor.page.locator("body")).to_contain_text(said)


def decide(visitor: Visitor, number: str, key: str, option: str, **fields: str) -> None:
    """Answer a question on its page, reached from 我的待办."""
    go(visitor, "/")
    visitor.page.locator(f"a[href*='/decisions/{number}/{quote(key)}']").first.click()
    for name, value in fields.items():
        field = visitor.page.locator(f"[name='f.{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    press(visitor, option)


def reply(visitor: Visitor, number: str, text: str) -> None:
    """Choose a report, look at what would be found in it, send it, read the receipt."""
    go(visitor, f"/matters/{number}")
    press(visitor, "回复")
    content = report(text)
    visitor.page.set_input_files("input[type=file]", {"name": "办结报告.docx", "mimeType": DOCX, "buffer": content})
    visitor.page.locator("[name=signed_by]").fill("谭志刚")
    visitor.page.locator("form:has(input[type=file]) button[type=submit]").first.click()
    reads(visitor, "还没有发送", "没有见到督办文号")
    narrow(visitor)
    press(visitor, "发送")
    reads(visitor, "回执", "台账校验值")


def fill_in(visitor: Visitor, **fields: str) -> None:
    """Fill in fields of a form by their names; of a list the value is chosen."""
    for name, value in fields.items():
        field = visitor.page.locator(f"[name='{name}']").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
