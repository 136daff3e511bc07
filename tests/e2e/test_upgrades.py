"""What an office changes while matters are open: a DAG file, who holds a post, the regulation. Open matters go on."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from matters import FORM, report

from duban import organization
from duban.embedded.bureau import Bureau
from duban.embedded.places import CHECKOUT

pytestmark = pytest.mark.e2e

SHEET = {name: value for name, value in FORM.items() if name != "type"}
REVISION = CHECKOUT / "tests" / "regulations" / "fixtures" / "baicheng-2026.md"


@pytest.fixture
def kept(bureau: Bureau) -> Iterator[None]:
    """What the tests change is put back afterwards."""
    files = [*(bureau.home / "include").rglob("*.md"), *(bureau.home / "include").rglob("*.yaml")]
    files += (bureau.home / "dags").glob("*.py")
    before = {file: file.read_text(encoding="utf-8") for file in files}
    yield
    for file in (*(bureau.home / "include" / "regulations").glob("*.md"), *before):
        if file in before:
            write(file, before[file])
        else:
            file.unlink()


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(time.time_ns(), time.time_ns()))


def registered(bureau: Bureau, title: str) -> str:
    return bureau.register(SHEET | {"title": f"{title}（{bureau.count()}）", "instruction_on": str(bureau.today())})


def tasks(bureau: Bureau, dag_id: str = "general_item") -> dict[str, str]:
    """Task id -> what people see, as Airflow has the DAG now."""
    found: list[dict[str, Any]] = bureau.post("office").get(f"/dags/{dag_id}/tasks")["tasks"]
    return {task["task_id"]: task["task_display_name"] for task in found}


def end(bureau: Bureau, number: str) -> None:
    chief = organization.load().posts["chief"].name
    sent = bureau.send(number, "withdrawal", user="tian.clerk", reason="试验", approved_by=chief)
    assert sent.status_code == 200, sent.text


def test_a_dag_file_is_changed_while_matters_are_open(bureau: Bureau, kept: None) -> None:
    waiting, asked = registered(bureau, "等回复"), registered(bureau, "等签发")
    bureau.answer(waiting, "sign.director", "同意")
    bureau.answer(waiting, "sign.chief", "签发")
    bureau.until_awaits(waiting, "reply")
    bureau.until("asked", lambda: bureau.asked(asked, "sign.director"))

    file = bureau.home / "dags" / "general_item.py"
    text = file.read_text(encoding="utf-8")
    handling = next(line for line in text.splitlines() if "handled = chapters.handling(" in line)
    changed = (
        '    handled = chapters.handling(laws, {"已下达": opened.issued}, await_name="承办单位正在办理")\n'
        '    handled >> step("added_step", name="后加的一步")'
    )
    text = text.replace(handling, changed).replace(
        "from duban.orchestration import chapters\n",
        "from duban.orchestration import chapters\nfrom duban.orchestration.steps import step\n",
    )
    write(file, text)
    seen = bureau.until("Airflow reads it", lambda: found if "added_step" in (found := tasks(bureau)) else None)
    assert seen["handling_round.await_reply"] == "承办单位正在办理"

    bureau.answer(asked, "sign.director", "同意")
    bureau.answer(asked, "sign.chief", "签发")
    for number in (waiting, asked):
        bureau.until_awaits(number, "reply")
        bureau.answer(number, "call", "已电话通知", callee="祝明哲")
        assert bureau.send(number, "receipt").status_code == 200
        sent = ("办结报告.docx", report(), "application/octet-stream")
        assert bureau.send(number, "reply", file=sent, signed_by="谭志刚").status_code == 200
    for number in (waiting, asked):
        bureau.answer(number, "review.office", "审核合格", summary="已核查。")
        bureau.answer(number, "approve.director", "同意上报")
        bureau.answer(number, "approve.chief", "批准办结")
        assert bureau.until_run_ends(number) == "success"
        assert bureau.state(number).filed_at is not None


def test_a_successor_is_asked_at_once_and_the_predecessor_no_longer(bureau: Bureau, kept: None) -> None:
    number = registered(bureau, "换人")
    first = bureau.until("asked", lambda: bureau.asked(number, "sign.director"))
    assert [user["id"] for user in first["assigned_users"]] == ["shen.director"]
    file = bureau.home / "include" / "organizations" / "baicheng.yaml"
    text = file.read_text(encoding="utf-8")
    clerk = next(line for line in text.splitlines() if "feng.clerk" in line)
    director = next(line for line in text.splitlines() if "shen.director" in line)
    text = text.replace(clerk, "    - " + director.strip().removeprefix("办公室主任: ").replace("主任", "督办员"))
    write(file, text.replace(director, "  办公室主任: " + clerk.strip().removeprefix("- ").replace("督办员", "主任")))

    def successor() -> dict[str, Any] | None:
        asked = bureau.asked(number, "sign.director")
        return asked if asked and asked["assigned_users"][0]["id"] == "feng.clerk" else None

    now = bureau.until("the successor is asked", successor)
    refused = bureau.answer_to(now, "同意", "shen.director")
    assert (refused.status_code, "不能代办" in refused.json()["detail"]) == (409, True)
    assert bureau.answer_to(now, "同意", "feng.clerk").status_code == 200
    assert bureau.state(number).awaits("sign.chief")
    end(bureau, number)


def test_a_new_version_takes_effect_while_matters_are_open(bureau: Bureau, kept: None) -> None:
    old = registered(bureau, "旧版")
    tomorrow = bureau.today() + timedelta(days=1)
    text = REVISION.read_text(encoding="utf-8").replace("施行日期: 2026-03-09", f"施行日期: {tomorrow}")
    write(bureau.home / "include" / "regulations" / REVISION.name, text)
    os.utime(bureau.home / "dags" / "general_item.py")
    bureau.until("Airflow reads it", lambda: "signing_round.sign_deputy" in tasks(bureau))
    bureau.advance(timedelta(days=1))
    new = registered(bureau, "新版")
    assert [bureau.state(number).regulation for number in (old, new)] == ["baicheng-2020", "baicheng-2026"]
    for number in (old, new):
        assert bureau.answer(number, "sign.director", "同意").status_code == 200
    assert bureau.state(old).awaits("sign.chief")
    assert bureau.answer(old, "sign.chief", "签发").status_code == 200
    assert bureau.answer(new, "sign.deputy", "同意").status_code == 200
    assert bureau.answer(new, "sign.chief", "签发").status_code == 200
    for number in (old, new):
        bureau.until_awaits(number, "reply")
        end(bureau, number)
        assert bureau.until_run_ends(number) == "success"
