"""Steps, waits and decisions: they look at the ledger first, and the way on follows from it."""

import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import dag, task_group
from airflow.sdk.exceptions import DownstreamTasksSkipped, TaskDeferred
from matters import Matter

from duban import acts, ledger, organization
from duban.embedded.places import CHECKOUT
from duban.errors import Refusal
from duban.orchestration import questions, tasks
from duban.orchestration.people import Asked, actor_of
from duban.orchestration.poller import Wait, look
from duban.orchestration.steps import decision, join, wait, watch
from duban.orchestration.tasks import Decision, LedgerTask, LedgerWait, Step
from duban.orchestration.ways import onward


@dag(schedule=None)
def procedure() -> None:
    @task_group
    def handling() -> None:
        reply = wait("reply", "reply", name="等回复")
        urge = wait("urge", "urge_day", "urge", act=lambda number: None, name="催办")
        urged = wait("urged_reply", "urged_reply", name="催办后")
        account = wait("account", "account", name="说明")
        review = decision("review", "review.office", name="审核")
        end = join("end", name="完")
        reply >> [urge, review, end]
        urge >> urged >> account >> review >> end
        urged >> review

    handling()


@pytest.fixture
def flow() -> dict[str, Any]:
    return {task_id.rpartition(".")[2]: task for task_id, task in procedure().task_dict.items()}


class Instance(SimpleNamespace):
    """A task instance as far as branching and asking go."""

    def xcom_push(self, **_: Any) -> None: ...


def context(matter: Matter, task: LedgerTask) -> dict[str, Any]:
    place = {"dag_id": "general_item", "run_id": matter.number, "task_id": task.task_id}
    ti = Instance(id="ti-1", map_index=-1, region_id=None, region_index=None, task=task, **place)
    return {"run_id": matter.number, "dag_run": SimpleNamespace(conf={"number": matter.number}), "ti": ti}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is put to people in Airflow's form."""
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks, "upsert_hitl_detail", lambda **detail: seen.append(detail))
    return seen


def test_a_wait_leaves_the_waiting_to_the_triggerer_without_a_limit(matter: Matter, flow: dict[str, Any]) -> None:
    matter.in_progress()
    with pytest.raises(TaskDeferred) as deferred:
        flow["reply"].execute(context(matter, flow["reply"]))
    assert deferred.value.timeout is None
    assert deferred.value.trigger.wait == Wait(matter.number, "reply:1")
    assert not deferred.value.trigger.ends_task


def test_a_wait_with_nothing_after_it_is_ended_by_its_trigger(matter: Matter, flow: dict[str, Any]) -> None:
    matter.in_progress()
    bare = LedgerWait(task_id="bare", kinds=("reply",))
    with pytest.raises(TaskDeferred) as deferred:
        bare.execute(context(matter, bare))
    assert deferred.value.trigger.ends_task


def test_what_is_answered_goes_on_at_once_and_closes_every_other_way(matter: Matter, flow: dict[str, Any]) -> None:
    matter.in_progress().replied()
    with pytest.raises(DownstreamTasksSkipped) as skipped:
        flow["reply"].execute(context(matter, flow["reply"]))
    # Not `end`: it can be reached through the review.
    assert {task for task, _ in skipped.value.tasks} == {"handling.urge", "handling.urged_reply", "handling.account"}


def test_a_step_that_is_no_longer_wanted_is_not_done(matter: Matter) -> None:
    done: list[str] = []
    urge = Step(task_id="urge", kinds=("urge",), act=done.append)
    urge.execute(context(matter, urge))
    assert done == []
    sign = Step(task_id="sign", kinds=("sign.director",), act=done.append)
    sign.execute(context(matter, sign))
    assert done == [matter.number]


def test_another_round_is_waited_for_in_the_next_pass(matter: Matter, flow: dict[str, Any]) -> None:
    matter.in_progress().replied()
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补签字")
    assert matter.state.awaits("reply") == "reply:2"
    event = {"number": matter.number, "key": "reply:1"}
    with pytest.raises(DownstreamTasksSkipped) as skipped:
        flow["reply"].execute_complete(context(matter, flow["reply"]), event)
    # Nothing in front is wanted, so it goes to the end of the pass.
    assert "handling.end" not in {task for task, _ in skipped.value.tasks}
    assert {"handling.urge", "handling.review"} <= {task for task, _ in skipped.value.tasks}


def test_a_wait_that_is_woken_too_early_waits_on(matter: Matter, flow: dict[str, Any]) -> None:
    matter.in_progress()
    with pytest.raises(TaskDeferred):
        flow["reply"].execute_complete(context(matter, flow["reply"]), {"number": matter.number, "key": "reply:1"})


def test_a_run_that_begins_in_the_middle_goes_straight_there(matter: Matter, flow: dict[str, Any]) -> None:
    matter.in_progress().at(3, 20)
    assert matter.state.awaits("urge")
    assert onward(flow["reply"], matter.state) == ["handling.urge"]


def test_a_decision_is_asked_in_the_matters_own_words(matter: Matter, shown: list[dict[str, Any]]) -> None:
    sign = Decision(task_id="sign", kinds=("sign.director",))
    with pytest.raises(TaskDeferred) as deferred:
        sign.execute(context(matter, sign))
    assert deferred.value.trigger.wait.key == "sign.director:1"
    (detail,) = shown
    assert matter.state.title in detail["subject"]
    assert detail["options"] == ["同意", "退改"]
    assert detail["params"]["opinion"]["schema"]["title"] == "意见"
    with ledger.transaction() as session:
        assert questions.asked_at(session, "general_item", matter.number, "sign", None, None) == (
            matter.number,
            "sign.director:1",
        )


def test_nobody_is_asked_again_after_the_answer(matter: Matter, shown: list[dict[str, Any]]) -> None:
    matter.decide("sign.director", "同意")
    sign = Decision(task_id="sign", kinds=("sign.director",))
    sign.execute(context(matter, sign))
    assert shown == []


def resumed(matter: Matter, user: str, option: str, asked: str = "sign.director:1") -> Decision:
    """The decision, woken by Airflow with an answer that never passed the door."""
    sign = Decision(task_id="sign", kinds=("sign.director",))
    event = {"chosen_options": [option], "params_input": {}, "responded_by_user": {"id": user, "name": user}}
    sign.execute_complete(context(matter, sign), event, asked)
    return sign


def test_an_answer_past_the_door_is_recorded(matter: Matter, shown: list[dict[str, Any]]) -> None:
    resumed(matter, matter.director.user, "同意")
    assert matter.event("signed").actor.user == matter.director.user
    assert shown == []


@pytest.mark.parametrize(("user", "option"), [("tian.clerk", "同意"), ("shen.director", "退改"), ("nobody", "同意")])
def test_a_refused_answer_past_the_door_is_asked_again(
    matter: Matter, shown: list[dict[str, Any]], user: str, option: str
) -> None:
    with pytest.raises(TaskDeferred):
        resumed(matter, user, option)
    assert len(shown) == 1
    assert "signed" not in matter.kinds()


def test_an_answer_to_an_older_question_is_not_taken_for_this_one(matter: Matter, shown: list[dict[str, Any]]) -> None:
    with pytest.raises(TaskDeferred):
        resumed(matter, matter.director.user, "同意", asked="sign.director:0")
    assert "signed" not in matter.kinds()


def test_a_superseded_decision_ends_by_itself(matter: Matter, shown: list[dict[str, Any]]) -> None:
    matter.decide("sign.director", "退改", opinion="改")
    sign = Decision(task_id="sign", kinds=("sign.director",))
    sign.execute_complete(context(matter, sign), {"number": matter.number, "key": "sign.director:1"}, "sign.director:1")
    assert shown == []


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An organization file of one's own, to be changed."""
    shutil.copytree(CHECKOUT / "include", tmp_path / "include")
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path / "include"))
    return tmp_path / "include" / "organizations" / "baicheng.yaml"


def change_posts(file: Path, director: str) -> None:
    """Let somebody else hold the post of the director, who becomes a clerk."""
    clerk = next(line for line in file.read_text(encoding="utf-8").splitlines() if "feng.clerk" in line)
    text = file.read_text(encoding="utf-8").replace(clerk + "\n", "")
    old = next(line for line in text.splitlines() if "shen.director" in line)
    new = "  办公室主任: " + clerk.strip().removeprefix("- ").replace("办公室督办员", "办公室主任")
    was = "    - " + old.strip().removeprefix("办公室主任: ").replace("职务: 办公室主任", "职务: 办公室督办员")
    text = text.replace(old, new).replace("  办公室:\n", f"  办公室:\n{was}\n")
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(time.time_ns(), time.time_ns() + 1))
    assert organization.load().posts["director"].user == director


def test_a_successor_is_asked_and_the_predecessor_is_not(
    matter: Matter, shown: list[dict[str, Any]], own_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.conf, "get", lambda *_, **__: "SimpleAuthManager")
    sign = Decision(task_id="sign", kinds=("sign.director",))
    with pytest.raises(TaskDeferred) as deferred:
        sign.execute(context(matter, sign))
    assert [user["id"] for user in shown[-1]["assigned_users"]] == ["shen.director"]
    wait = deferred.value.trigger.wait
    assert look([wait]) == []

    change_posts(own_file, "feng.clerk")
    assert look([wait]) == [wait], "the poller notices the changed file"
    with pytest.raises(TaskDeferred) as again:
        sign.execute_complete(context(matter, sign), {"number": matter.number, "key": wait.key}, wait.key)
    assert [user["id"] for user in shown[-1]["assigned_users"]] == ["feng.clerk"]
    assert look([again.value.trigger.wait]) == []
    with pytest.raises(Refusal, match="不能代办"):
        acts.decide(matter.number, wait.key, "同意", {}, matter.director)
    acts.decide(matter.number, wait.key, "同意", {}, actor_of("feng.clerk"))
    assert matter.state.awaits("sign.chief")


def test_a_file_that_is_being_edited_ends_no_decision(matter: Matter, own_file: Path) -> None:
    asked = Asked.now("baicheng", ("director",), "jingzhen")
    own_file.write_text("编号: [", encoding="utf-8")
    os.utime(own_file, ns=(time.time_ns(), time.time_ns() + 1))
    assert look([Wait(matter.number, "sign.director:1", asked)]) == []


@dag(schedule=None)
def beside() -> None:
    request = watch("request", name="等候申请", accompanies=("reply", "urge"))
    request >> [decision("extend", "extend.director", name="审核"), join("end", name="完")]


def test_a_watch_waits_beside_the_main_line_until_there_is_something_to_do(
    matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter.in_progress()
    request = beside().get_task("request")
    with pytest.raises(TaskDeferred) as deferred:
        request.execute(context(matter, request))
    assert deferred.value.trigger.wait == Wait(matter.number, "", None, ("reply", "urge"), ("extend.director",))

    asked = matter.state.model_copy(update={"awaiting": (*matter.state.awaiting, "extend.director:1")})
    monkeypatch.setattr(tasks, "_state", lambda number: asked)
    with pytest.raises(DownstreamTasksSkipped) as skipped:
        request.execute_complete(context(matter, request), {"number": matter.number, "key": ""})
    assert [task for task, _ in skipped.value.tasks] == ["end"]


def test_a_watch_ends_with_what_it_accompanies(matter: Matter) -> None:
    matter.in_progress().replied()
    request = beside().get_task("request")
    with pytest.raises(DownstreamTasksSkipped) as skipped:
        request.execute(context(matter, request))
    assert [task for task, _ in skipped.value.tasks] == ["extend"]
