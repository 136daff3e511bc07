"""Signing out of the portal ends the session of Airflow and leads back to the portal."""

from collections.abc import Callable

import pytest
from chromium import Visitor
from playwright.sync_api import Route

from duban.portal.pages import site

Enter = Callable[..., Visitor]
LINK = "a[data-home]"
FRAME = (
    '<iframe src="/duban/" sandbox="allow-scripts allow-same-origin allow-forms" width="1200" height="700"></iframe>'
)


def test_who_signs_out_and_in_again_is_in_the_portal(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "_login", lambda request: f"/signin?next={request.url.path}")
    visitor = enter("jingzhen.liaison")
    page = visitor.page
    asked = []

    def sign_out(route: Route) -> None:
        """As Airflow does: the session ends, and the browser is sent to a sign-in that leads to Airflow's own page."""
        asked.append(route.request.url)
        page.context.clear_cookies(name="who")
        route.fulfill(status=200, body="Airflow")

    page.route("**/api/v2/auth/logout", sign_out)
    visitor.refusals.append(404)  # the sign-in of this test is no page
    page.eval_on_selector(LINK, "link => link.click()")
    page.wait_for_url("**/signin?next=/duban/")
    assert len(asked) == 1


def test_a_sign_out_that_cannot_be_asked_is_airflows_own_page(enter: Enter) -> None:
    visitor = enter("jingzhen.liaison")
    page = visitor.page
    visitor.refusals.append(404)
    page.route("**/api/v2/auth/logout", lambda route: route.fulfill(status=404, body="somewhere else"))
    page.eval_on_selector(LINK, "link => link.click()")
    page.wait_for_url("**/api/v2/auth/logout")
    visitor.wrong.clear()  # the answer that this test gives


def test_within_airflows_page_there_is_no_link_that_leads_nowhere(enter: Enter) -> None:
    page = enter("jingzhen.liaison").page
    assert page.locator(LINK).count() > 0
    page.route("**/framed", lambda route: route.fulfill(status=200, content_type="text/html", body=FRAME))
    page.goto("/framed")
    frame = page.frame_locator("iframe")
    frame.locator("h1, h2").first.wait_for()
    page.wait_for_function("document.querySelector('iframe').contentDocument.readyState === 'complete'")
    assert frame.locator(LINK).count() == 0
