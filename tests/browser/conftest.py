"""The portal as people meet it, in a real browser; no Airflow is started for it."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from chromium import DESKTOP, Enter, Visit, Visitor, chromium, visit  # noqa: F401 - fixtures

from tests.portal.devserver import application


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The portal on a free port; who asks is whom the cookie `who` names, the ledger that of the test that runs."""
    server = uvicorn.Server(uvicorn.Config(application(), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def enter(visit: Visit, address: str, rehearsal_url: str) -> Enter:  # noqa: F811
    """Opens the portal as somebody (sign-in name), in a window of the given size, on a fresh rehearsal ledger."""

    def open_portal(who: str, size: dict[str, int] = DESKTOP) -> Visitor:
        visitor = visit(address, size)
        visitor.page.context.add_cookies([{"name": "who", "value": who, "url": address}])
        visitor.page.goto("/duban/")
        return visitor

    return open_portal
