"""A period that is started by hand: checked at the door, opened once, its run called by its number."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from matters import Matter
from test_door import Client, client  # noqa: F401 - the fixture

from duban import clock, periodicals
from duban.portal import door as module

Move = Callable[[datetime], None]
APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def at_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> list[str]:  # noqa: F811
    """Numbers of the files that have a run at work."""
    numbers: list[str] = []
    monkeypatch.setattr(module, "is_at_work", lambda _dag_id, state: state.number in numbers)
    return numbers


def start(client: Client, kind: str, **form: Any) -> httpx.Response:  # noqa: F811
    return client.send("POST", f"/api/v2/dags/{kind}/dagRuns", {"logical_date": None, "conf": form})


def test_it_starts_under_its_number_with_nothing_else(
    client: Client,  # noqa: F811
    at_work: list[str],
    matter: Matter,
    move_to: Move,
) -> None:
    move_to(APRIL)
    assert start(client, "monthly_scoring", period=" 2026-03 ").status_code == 200
    ((_, _, run),) = client.airflow.calls
    assert (run["dag_run_id"], run["conf"]) == ("BC-KH-2026-03", {"number": "BC-KH-2026-03"})
    assert run["note"] == "BC-KH-2026-03 2026年3月督办考核"


def test_nothing_said_is_the_latest_period(
    client: Client,  # noqa: F811
    at_work: list[str],
    matter: Matter,
    move_to: Move,
) -> None:
    move_to(APRIL)
    for kind in ("monthly_scoring", "weekly_progress", "bulletin"):
        assert start(client, kind).status_code == 200
    assert [run["dag_run_id"] for _, _, run in client.airflow.calls] == [
        "BC-KH-2026-03",
        "BC-ZB-2026-04-01",
        "BC-TB-2026-0001",
    ]


def test_a_second_click_finds_the_first(
    client: Client,  # noqa: F811
    at_work: list[str],
    matter: Matter,
    move_to: Move,
) -> None:
    move_to(APRIL)
    assert start(client, "bulletin").status_code == 200
    at_work.append("BC-TB-2026-0001")
    again = start(client, "bulletin")
    assert (again.status_code, "正在办理" in again.json()["detail"]) == (409, True)
    move_to(datetime(2026, 4, 2, 9, 0, tzinfo=clock.SHANGHAI))
    assert start(client, "bulletin").status_code == 200
    assert client.airflow.calls[-1][2]["dag_run_id"] == "BC-TB-2026-0002", "another day, another bulletin"


def test_a_run_that_was_lost_is_followed_by_the_next(
    client: Client,  # noqa: F811
    at_work: list[str],
    matter: Matter,
    move_to: Move,
) -> None:
    move_to(APRIL)
    client.airflow.status = 409
    start(client, "monthly_scoring", period="2026-03")
    tried = [run["dag_run_id"] for _, _, run in client.airflow.calls]
    assert tried[:3] == ["BC-KH-2026-03", "BC-KH-2026-03.2", "BC-KH-2026-03.3"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"period": "2026-04"}, "还没有过完"),
        ({"period": "三月"}, "不是一个期间"),
        ({"period": 202603}, "应为文字"),
        ({"period": "2026-Q1"}, "按月份"),
        ({"period": "2026-03", "title": "x"}, "只填“期”一项"),
    ],
)
def test_what_is_wrong_is_said_at_the_door(
    client: Client,  # noqa: F811
    at_work: list[str],
    matter: Matter,
    move_to: Move,
    form: dict[str, Any],
    says: str,
) -> None:
    move_to(APRIL)
    answer = start(client, "monthly_scoring", **form)
    assert (answer.status_code, says in answer.json()["detail"]) == (400, True), answer.text
    assert client.airflow.calls == []


def test_a_unit_starts_nothing(client: Client, at_work: list[str], matter: Matter, move_to: Move) -> None:  # noqa: F811
    move_to(APRIL)
    client.user = "jingzhen.liaison"
    assert start(client, "monthly_scoring", period="2026-03").status_code == 403
    assert client.airflow.calls == []


def test_what_is_published_is_not_started_again(
    client: Client,  # noqa: F811
    at_work: list[str],
    matter: Matter,
    move_to: Move,
) -> None:
    move_to(APRIL)
    number = periodicals.open("weekly_progress", "2026-04-01")
    for act in (periodicals.draft, periodicals.publish, periodicals.complete):
        act(number)
    answer = start(client, "weekly_progress", period="2026-04-01")
    assert (answer.status_code, "已经办完" in answer.json()["detail"]) == (400, True)


def test_of_a_year_that_is_archived_the_door_says_where_later_papers_go(
    client: Client,  # noqa: F811
    at_work: list[str],
    matter: Matter,
    move_to: Move,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DUBAN_ARCHIVES", str(tmp_path / "归档"))
    move_to(datetime(2027, 1, 4, 9, 0, tzinfo=clock.SHANGHAI))
    number = periodicals.open("year_end_archive", "2026")
    for act in (periodicals.collect, periodicals.pack, periodicals.publish, periodicals.complete):
        act(number)
    answer = start(client, "year_end_archive")  # the default is the year that is over
    assert answer.status_code == 400
    assert "请在服务器上运行 duban archive --year 2026" in answer.json()["detail"]
    assert "下一期" not in answer.json()["detail"]
