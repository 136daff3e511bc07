"""What people meet at the door of a real Airflow: one answer a question, one sentence a refusal, no half-done deed."""

from datetime import timedelta
from typing import Any

import pytest
from matters import FORM, report

from duban import acts, ledger
from duban.cli import runs
from duban.demo.play import happened
from duban.embedded.bureau import Bureau
from duban.errors import Refusal

pytestmark = pytest.mark.e2e

SHEET = {name: value for name, value in FORM.items() if name != "type"}


def with_unit(bureau: Bureau) -> str:
    """A new matter that its unit has taken; the number."""
    number = bureau.register(SHEET | {"title": f"{FORM['title']}（{bureau.count()}）"})
    bureau.answer(number, "sign.director", "同意")
    bureau.answer(number, "sign.chief", "签发")
    bureau.until_awaits(number, "reply")
    assert bureau.send(number, "receipt").status_code == 200
    return number


def reply(bureau: Bureau, number: str, text: str = "办结报告", **more: Any) -> Any:
    sent = ("办结报告.docx", report(text), "application/octet-stream")
    return bureau.send(number, "reply", file=sent, signed_by="谭志刚", **more)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"unit": "火星分局"}, "没有叫“火星分局”的承办单位"),
        ({"requirement": "  "}, "“办理要求”没有填写"),
        ({"title": ""}, "“标题”没有填写"),
        ({"requirement": "长" * 100_000}, "有100000字"),
        ({"source": 9}, "来源"),
        ({"instruction_on": "2026-12-31"}, "晚于今天"),
        ({"instruction_on": "三月五日"}, "不是有效日期"),
        ({"due_on": "2026-03-01"}, "时限由制度规定"),
        ({"mark": "秘密★1年", "paper": "保密室"}, "不得录入本系统"),
        ({"number": "BC-2026-0001"}, "编号由系统编排"),
        ({"urgency": "火急"}, "“紧急程度”不能是“火急”"),
    ],
)
def test_a_wrong_form_is_refused_in_one_sentence_and_nothing_is_registered(
    bureau: Bureau, change: dict[str, Any], sentence: str
) -> None:
    before = bureau.count()
    answer = bureau.post("office").send(
        "POST", "/dags/general_item/dagRuns", json={"logical_date": None, "conf": SHEET | change}
    )
    assert answer.status_code in (400, 409)
    assert sentence in answer.json()["detail"]
    assert "Traceback" not in answer.text
    assert bureau.count() == before


def test_a_second_click_is_the_same_matter(bureau: Bureau) -> None:
    form = SHEET | {"title": "只登记一次"}
    number = bureau.register(form)
    with pytest.raises(Refusal, match=number):
        bureau.register(form)
    assert bureau.send(number, "withdrawal", user="tian.clerk", reason="重复", approved_by="顾长风").status_code == 200


def test_texts_are_kept_as_they_were_and_never_evaluated(bureau: Bureau) -> None:
    strange = "{{ 7*7 }} {% raw %} =1+1 <w:p> 𠮷䶮㛃 \u202e倒"
    number = bureau.register(SHEET | {"title": "怪字", "requirement": strange})
    assert bureau.state(number).form["requirement"] == "{{ 7*7 }} {% raw %} =1+1 <w:p> 𠮷䶮㛃 倒"
    asked = bureau.until("asked", lambda: bureau.asked(number, "sign.director"))
    assert "{{ 7*7 }}" in asked["body"]
    bureau.send(number, "withdrawal", user="tian.clerk", reason="试验", approved_by="顾长风")


@pytest.mark.rule("BC-5.2")
def test_only_the_post_that_is_asked_may_answer(bureau: Bureau) -> None:
    number = bureau.register(SHEET | {"title": "谁来签"})
    asked = bureau.until("asked", lambda: bureau.asked(number, "sign.director"))
    for user, status in (("gu.chief", 409), ("admin", 409), ("jingzhen.liaison", 403)):
        answer = bureau.answer_to(asked, "同意", user)
        assert answer.status_code == status, answer.text
    assert bureau.state(number).awaits("sign.director")
    assert bureau.answer_to(asked, "同意").status_code == 200
    bureau.send(number, "withdrawal", user="tian.clerk", reason="试验", approved_by="顾长风")


def test_two_people_answer_one_decision_and_the_second_is_told_who_was_first(bureau: Bureau) -> None:
    number = with_unit(bureau)
    asked = bureau.until("asked", lambda: bureau.asked(number, "call"))
    assert bureau.answer_to(asked, "已电话通知", "tian.clerk", callee="祝明哲").status_code == 200
    second = bureau.answer_to(asked, "已电话通知", "feng.clerk", callee="祝明哲")
    assert (second.status_code, "已由田雨欣办理" in second.json()["detail"]) == (409, True)
    assert [event.actor.user for event in bureau.events(number) if event.kind == "called"] == ["tian.clerk"]


def test_an_answer_is_in_the_ledger_when_the_request_returns(bureau: Bureau) -> None:
    number = bureau.register(SHEET | {"title": "先入台账"})
    asked = bureau.until("asked", lambda: bureau.asked(number, "sign.director"))
    assert bureau.answer_to(asked, "同意").status_code == 200
    assert bureau.state(number).state == "signing"
    bureau.send(number, "withdrawal", user="tian.clerk", reason="试验", approved_by="顾长风")


def test_a_decision_that_is_superseded_ends_by_itself_and_its_answer_is_refused(bureau: Bureau) -> None:
    number = with_unit(bureau)
    assert reply(bureau, number).status_code == 200
    asked = bureau.until("asked", lambda: bureau.asked(number, "review.office"))
    due = (bureau.today() + timedelta(days=10)).isoformat()
    sent = bureau.send(
        number,
        "instruction",
        user="tian.clerk",
        leader="顾长风",
        text="再查",
        on=bureau.today().isoformat(),
        due_on=due,
    )
    assert sent.status_code == 200
    late = bureau.answer_to(asked, "审核合格", summary="已核查")
    assert (late.status_code, "新的情况" in late.json()["detail"]) == (409, True)
    bureau.until(
        "not listed any more",
        lambda: not [one for one in bureau.waiting(number, "general_item") if _is(one, "review_reply")],
    )
    assert reply(bureau, number, "第二次").status_code == 200
    assert bureau.answer(number, "review.office", "审核合格", summary="已核查").status_code == 200


def _is(asked: dict[str, Any], task: str) -> bool:
    return str(asked["task_instance"]["task_id"]).endswith(task)


def test_replies_that_cannot_be_taken(bureau: Bureau) -> None:
    number = with_unit(bureau)
    other = reply(bureau, number, user="zhian.liaison")
    assert (other.status_code, "不是您单位的" in other.json()["detail"]) == (404, True)
    broken = bureau.send(number, "reply", file=("办结报告.docx", b"PK\x03\x04 truncated", "application/octet-stream"))
    assert broken.status_code == 409
    assert len(broken.json()["detail"]) < 120
    assert reply(bureau, number).status_code == 200
    again = reply(bureau, number)
    assert again.status_code == 200, "the same file twice is one reply"
    second = reply(bureau, number, "另一份")
    assert (second.status_code, "正在审核" in second.json()["detail"]) == (409, True)
    assert happened(number).count("replied") == 1
    assert bureau.send(number, "withdrawal", user="tian.clerk", reason="试验", approved_by="顾长风").status_code == 200
    closed = reply(bureau, number, "再来一份")
    assert (closed.status_code, "已撤销" in closed.json()["detail"]) == (409, True)


@pytest.mark.rule("BC-5.8e", "T16")
def test_a_closed_matter_is_taken_up_again_by_a_second_run(bureau: Bureau) -> None:
    number = with_unit(bureau)
    reply(bureau, number)
    bureau.answer(number, "review.office", "审核合格", summary="已核查")
    bureau.answer(number, "approve.director", "同意上报")
    bureau.answer(number, "approve.chief", "批准办结")
    bureau.until_run_ends(number)
    said = {"leader": "顾长风", "text": "再查一遍", "on": bureau.today()}
    assert bureau.send(number, "instruction", user="tian.clerk", **said).status_code == 200
    assert runs.start([number]) == 0, "the portal has started the second run"
    assert reply(bureau, number, "再查的结果").status_code == 200
    assert bureau.answer(number, "review.office", "审核合格", summary="已核查").status_code == 200
    bureau.answer(number, "approve.director", "同意上报")
    bureau.answer(number, "approve.chief", "批准办结")
    assert bureau.until_run_ends(f"{number}.2") == "success"
    assert happened(number).count("dispatched") == 1
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


def test_a_decision_made_at_the_command_line_moves_the_run_on(bureau: Bureau) -> None:
    number = bureau.register(SHEET | {"title": "命令行也行"})
    bureau.until("asked", lambda: bureau.asked(number, "sign.director"))
    acts.decide(number, "sign.director:1", "同意", {}, acts.OPERATOR)
    assert bureau.answer(number, "sign.chief", "不批", opinion="不再督办").status_code == 200
    assert bureau.until_run_ends(number) == "success"
    assert bureau.state(number).state == "cancelled"
    assert "dispatched" not in happened(number)


def test_nobody_outside_gets_in(bureau: Bureau) -> None:
    import httpx

    base = bureau.post("office").base_url
    assert httpx.get(f"{base}/duban/api/matters", trust_env=False).status_code == 401
    assert httpx.post(f"{base}/api/v2/dags/general_item/dagRuns", json={}, trust_env=False).status_code == 401
    units = {matter["unit"] for matter in bureau.person("jingzhen.liaison").outside("/duban/api/matters", "GET").json()}
    assert units <= {"jingzhen"}
