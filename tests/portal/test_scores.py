"""The months of scores over HTTP: a unit reads its own, objects to its own, and learns nothing of the others."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from scores_of import File, late_month, moment  # noqa: F401 - fixture

from duban import periodicals
from duban.ledger import Actor
from duban.orchestration.people import actor_of
from duban.portal import api, signed_in


class Browser:
    """Somebody's browser; `who` is the sign-in name."""

    def __init__(self) -> None:
        self.who = "jingzhen.liaison"
        app = api.create()
        app.dependency_overrides[signed_in.signed_in] = self._signed_in
        self.client = TestClient(app, base_url="http://duban.example")

    def _signed_in(self) -> Actor:
        return actor_of(self.who)

    def get(self, path: str = "") -> Any:
        return self.client.get(f"/api/scores{path}")

    def object(self, number: str, **said: str) -> Any:
        return self.client.post(f"/api/scores/{number}/objections", data=said)


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.mark.rule("N17", "MM-5.5")
def test_a_unit_sees_its_own_entries_and_no_others(browser: Browser, late_month: File) -> None:  # noqa: F811
    (line,) = browser.get().json()
    assert (line["number"], line["may_object"], line["state_text"]) == (late_month.number, True, "异议期内")
    own = browser.get(f"/{late_month.number}").json()
    assert [entry["points"] for entry in own["unit"]["entries"]] == ["-2"]
    assert own["ranking"] is None
    assert "rank" not in own["unit"]
    assert "sheet" not in own
    browser.who = "xingzhen.liaison"
    other = browser.get(f"/{late_month.number}")
    assert other.json()["unit"]["entries"] == []
    assert "BC-2026-0001" not in other.text
    browser.who = "gu.chief"
    assert len(browser.get(f"/{late_month.number}").json()["sheet"]["units"]) == 13


@pytest.mark.rule("N17")
def test_a_unit_objects_to_its_own_entry_once(browser: Browser, late_month: File) -> None:  # noqa: F811
    entry = late_month.entry("late_reply")["id"]
    said = browser.object(late_month.number, entry=entry, reason="已送达")
    assert said.status_code == 200
    assert said.json()["objection"]["number"] == 1
    assert browser.object(late_month.number, entry=entry, reason="已送达").status_code == 200
    assert len(late_month.state.periodical.objections) == 1
    refused = browser.object(late_month.number, entry=entry, reason="别的理由")
    assert refused.status_code == 409
    assert "不能再提" in refused.json()["detail"]
    browser.who = "xingzhen.liaison"
    assert "只能对本单位的计分提出异议" in browser.object(late_month.number, entry=entry, reason="x").json()["detail"]
    assert browser.get(f"/{late_month.number}").json()["objections"] == []
    assert (
        browser.object(late_month.number, entry="x", reason="x", unit="y")
        .json()["detail"]
        .startswith("“提出异议”里没有“unit”")
    )


@pytest.mark.rule("N17")
def test_the_ranking_is_for_everybody_once_it_is_published(browser: Browser, late_month: File) -> None:  # noqa: F811
    late_month.at(4, 8).published()
    browser.who = "xingzhen.liaison"
    told = browser.get(f"/{late_month.number}").json()
    assert [one["rank"] for one in told["ranking"]] == [1] * 12 + [13]
    assert all("entries" not in one for one in told["ranking"])
    assert browser.object(late_month.number, entry="x", reason="x").status_code == 409


def test_a_matter_or_an_unknown_number_has_no_scores(browser: Browser, late_month: File) -> None:  # noqa: F811
    assert browser.get("/BC-2026-0001").status_code == 404
    assert browser.get("/BC-KH-2026-07").status_code == 404
    assert browser.client.get(f"/api/matters/{late_month.number}").status_code == 404


@pytest.mark.rule("BC-8.4")
def test_whoever_fetches_a_marked_month_is_entered(browser: Browser, new_matter: Any, move_to: Any) -> None:
    new_matter(mark="内部").in_progress().at(3, 12)
    move_to(moment(4, 1))
    month = File(periodicals.open("monthly_scoring", "2026-03"), move_to)
    month.draft()
    month.object()
    (line,) = browser.get().json()
    assert (line["number"], line["objections"]) == (month.number, [])
    assert "consulted" not in month.kinds()
    assert len(browser.get(f"/{month.number}").json()["objections"]) == 1
    assert [one.actor.user for one in month.events if one.kind == "consulted"] == ["jingzhen.liaison"]
