"""The daily watch on a real Airflow: runs that were lost go on, and a changed ledger is seen by everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from matters import FORM

from duban import ledger
from duban.embedded import postgres
from duban.embedded.bureau import Bureau

pytestmark = pytest.mark.e2e

SHEET = {name: value for name, value in FORM.items() if name != "type"}


def watch(bureau: Bureau) -> dict[str, Any]:
    """One watch, by hand as the office does it; the run when it is over."""
    office = bureau.post("office")
    run_id = office.post("/dags/daily_watch/dagRuns", {"logical_date": None})["dag_run_id"]
    bureau.until_run_ends(run_id, "daily_watch")
    return dict(office.get(f"/dags/daily_watch/dagRuns/{run_id}"))


def value_of(bureau: Bureau, run_id: str, task: str) -> Any:
    """What a task of the watch returned, as Airflow shows it."""
    path = f"/dags/daily_watch/dagRuns/{run_id}/taskInstances/{task}/xcomEntries/return_value"
    return bureau.post("office").get(path, deserialize=True)["value"]


def forget(bureau: Bureau, run_id: str) -> None:
    """The run is gone, as after an Airflow database was lost (Airflow deletes none that is at work)."""
    fail(bureau, run_id)
    bureau.person("admin").request("DELETE", f"/dags/general_item/dagRuns/{run_id}")


def fail(bureau: Bureau, run_id: str) -> None:
    """The run has failed, as when somebody marks it so."""
    bureau.person("admin").patch(f"/dags/general_item/dagRuns/{run_id}", {"state": "failed"})


def test_matters_whose_runs_are_gone_or_failed_go_on_where_they_stand(bureau: Bureau) -> None:
    gone, failed, sound = (bureau.register(SHEET | {"title": f"流程丢失之{n}"}) for n in "一二三")
    for number in (gone, failed, sound):
        bureau.until(f"{number} asks", lambda number=number: bureau.asked(number, "sign.director"))
    bureau.answer(gone, "sign.director", "同意")
    bureau.until("the chief is asked", lambda: bureau.asked(gone, "sign.chief"))
    forget(bureau, gone)
    fail(bureau, failed)

    run = watch(bureau)
    assert run["state"] == "success"
    started = {one["trigger_run_id"] for one in value_of(bureau, run["dag_run_id"], "find_lost")}
    assert started >= {gone, f"{failed}.2"}
    assert sound not in started

    assert bureau.answer(gone, "sign.chief", "不批", opinion="不再督办").status_code == 200
    assert bureau.until_run_ends(gone) == "success"
    assert [event.kind for event in bureau.events(gone)].count("signed") == 2, "nobody was asked again"
    assert bureau.answer(failed, "sign.director", "同意").status_code == 200
    assert bureau.answer(failed, "sign.chief", "不批", opinion="不再督办").status_code == 200
    assert bureau.until_run_ends(f"{failed}.2") == "success"
    again = watch(bureau)
    assert {gone, failed} & {
        one["conf"]["number"] for one in value_of(bureau, again["dag_run_id"], "find_lost")
    } == set()
    bureau.send(sound, "withdrawal", user="tian.clerk", reason="试验", approved_by="顾长风")


def test_what_is_found_stands_in_the_run_without_a_title(bureau: Bureau) -> None:
    number = bureau.register(SHEET | {"title": "留在办公桌上的事"})
    run = watch(bureau)
    assert run["note"].startswith("今日")
    shown = value_of(bureau, run["dag_run_id"], "list_findings")
    assert "留在办公桌上" not in str(shown) + run["note"]
    said = bureau.post("office").outside("/duban/api/watch", "GET")
    assert said.status_code == 200
    assert [f"【{one['kind_text']}】{one['sentence']}" for one in said.json()["findings"]] == shown
    assert bureau.person("jingzhen.liaison").outside("/duban/api/watch", "GET").status_code == 403
    bureau.send(number, "withdrawal", user="tian.clerk", reason="试验", approved_by="顾长风")


@contextmanager
def tampered(bureau: Bureau, number: str) -> Iterator[None]:
    """Somebody with the database's own password changes a word, and changes it back."""
    address = postgres.address(bureau.home).replace("+psycopg", "").replace("duban@", "postgres@")
    turn = "UPDATE event SET data = {} WHERE number = %s AND seq = 1"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(turn.format("data || '{\"forged\": 1}'"), (number,))
        try:
            yield
        finally:
            connection.execute(turn.format("data - 'forged'"), (number,))


def test_a_changed_ledger_fails_the_run_and_is_named_first(bureau: Bureau) -> None:
    number = bureau.register(SHEET | {"title": "被改动的一件"})
    with tampered(bureau, number):
        run = watch(bureau)
    assert run["state"] == "failed"
    assert "台账核对1" in run["note"]
    first = value_of(bureau, run["dag_run_id"], "list_findings")[0]
    assert first == f"【台账核对】督办件 {number} 第 1 条记录的内容与校验值不符：被改动过。"
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
    assert watch(bureau)["state"] == "success"
    bureau.send(number, "withdrawal", user="tian.clerk", reason="试验", approved_by="顾长风")
