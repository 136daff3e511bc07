"""A headless Chromium for tests of pages, and what every page must keep to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

from tools import browser

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

MEASURE = """
addEventListener("load", () => {
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) console.error(`scrolls sideways: ${wide} in a window of ${innerWidth}`);
});
"""


@dataclass
class Visitor:
    """Somebody with a browser window of their own, and what went wrong in it, in words."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    """Statuses that pages may answer with because the test does what is refused."""

    def watch(self, host: str) -> None:
        """Note what no page may do: an error in the console (a breach of the content security policy is one, so is a
        page wider than its window), a request that fails or is refused, anything asked of another host."""
        context, note = self.page.context, self.wrong.append

        def failed(request: Request) -> None:
            # Aborted is a page left before it was whole, or a file that is saved instead of shown.
            if request.failure != "net::ERR_ABORTED":
                note(f"{request.method} {request.url}: {request.failure}")

        def answered(response: Response) -> None:
            shown = response.request.is_navigation_request() and response.status in self.refusals
            if response.status >= 400 and not shown:
                note(f"{response.request.method} {response.url}: {response.status}")

        def asked(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
                note(f"external: {request.url}")

        def said(kind: str, text: str) -> None:
            # The status of an answer is seen above.
            if kind == "error" and not text.startswith("Failed to load resource: the server responded"):
                note(f"{self.page.url}: {text}")

        context.on("console", lambda message: said(message.type, message.text))
        context.on("weberror", lambda error: note(f"{self.page.url}: {error.error}"))
        context.on("requestfailed", failed)
        context.on("response", answered)
        context.on("request", asked)
        context.add_init_script(MEASURE)


Visit = Callable[..., Visitor]
"""Opens a window at an address."""
Enter = Callable[..., Visitor]
"""Opens the portal as somebody."""


# Not for the whole session: while Playwright is on, no other test of the process could run an event loop.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser that `make install` fetched, or the one that DUBAN_CHROMIUM names; a test without one fails."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.executable(), env=browser.environment(), args=ARGUMENTS
        )
        yield launched
        launched.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Opens a window at an address, of the given size; at the end of the test nothing may have gone wrong in any."""
    with ExitStack() as windows:
        visitors: list[Visitor] = []

        def open_window(address: str, size: dict[str, int] = DESKTOP, **more: object) -> Visitor:
            settings = {"base_url": address, "viewport": size, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
            context = chromium.new_context(**{**settings, **more})  # type: ignore[arg-type]
            windows.callback(context.close)
            context.set_default_timeout(10_000)
            visitors.append(Visitor(context.new_page()))
            visitors[-1].watch(urlsplit(address).netloc)
            return visitors[-1]

        yield open_window
        wrong = [said for visitor in visitors for said in visitor.wrong]
        assert not wrong, "\n".join(wrong)
