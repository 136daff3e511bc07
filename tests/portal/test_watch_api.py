"""GET /duban/api/watch: the office's list for today."""

from matters import Matter
from test_api import Browser


def test_the_bureau_reads_todays_list_and_units_do_not(matter: Matter) -> None:
    browser = Browser()
    matter.in_progress().at(3, 12)
    assert browser.client.get("/api/watch").status_code == 403
    browser.who = matter.clerk.user
    said = browser.client.get("/api/watch").json()
    assert "逾期1" in said["summary"]
    late = next(one for one in said["findings"] if one["kind"] == "overdue")
    assert (late["number"], late["unit"], late["days"], late["kind_text"]) == (matter.number, "jingzhen", 3, "逾期")
    assert "安居小区" not in str(said)
    browser.who = None
    assert browser.client.get("/api/watch").status_code == 401
