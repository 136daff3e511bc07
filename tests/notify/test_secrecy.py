"""Of a matter that is marked, covert or for named readers no message says more than its number, whatever happens."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matters import FORM, Matter, person

from duban import acts, organization
from duban.ledger.standing import State
from duban.notify import addressing, wording
from duban.notify.kinds import ASKED, KINDS, OF_PERIODS
from duban.organization import notifying

Channels = Callable[..., Path]
SECRET = {"mark": "秘密★1年", "paper": "保密室三号柜", "title": "涉密代号甲", "requirement": "", "instruction_text": ""}
INSIDE = {"mark": "内部"}
COVERT = {
    "mode": "covert",
    "consent_by": "顾长风",
    "consent_on": "2026-03-01",
    "consent_number": "白公党纪〔2026〕3号",
}
EVERYTHING = """
    群: {连接: "robot_{单位}", 发到: 单位群}
    办公室: {连接: office, 发到: 办公室群}
    全体: {连接: all, 发到: 全体群}
"""
GUARDS: list[dict[str, Any]] = [
    *({"mark": mark} for mark in ("内部", "秘密★1年", "机密")),
    {"released": False},
    {"readers": ["x"]},
]
OF_MATTERS = [kind for kind in (*KINDS, ASKED) if kind not in OF_PERIODS]
KEYS = ("dispatch:1", "ask:sign.chief:1", "ask:review.office:2", "ask:new_date:1", "lapse:reply:1", "anything")


def secrets(state: State) -> list[str]:
    """Every piece of four characters of what people wrote about the matter, and its 文号."""
    written = [str(value) for name, value in state.form.items() if name not in ("unit", "mode", "type") and value]
    texts = [state.title, *written, *(str(one) for one in state.instructions)]
    pieces = (text[at : at + 4] for text in texts for at in range(len(text) - 3))
    return [piece for piece in pieces if not piece.isascii()]  # a year stands in the number, too


@pytest.mark.rule("SK-3.2", "MM-5.5")
@settings(max_examples=60, deadline=None)
@given(
    guard=st.sampled_from(
        [{"mark": "秘密★1年"}, {"mark": "内部"}, {"mark": "机密"}, {"released": False}, {"readers": ["x"]}]
    ),
    kind=st.sampled_from(OF_MATTERS),
    key=st.sampled_from(KEYS),
    words=st.text("安居小区电信诈骗警情绝密{}<>@\n", min_size=6, max_size=40),
)
def test_no_word_of_it_is_in_any_kind_of_message(guard: dict[str, Any], kind: str, key: str, words: str) -> None:
    org = organization.load("baicheng")
    state = _state(org, guard, words)
    said = wording.sentence(org, state, kind, key)
    assert said == f"督办件{state.number}有新的情况。请登录督办台账查看。"
    open_one = state.model_copy(update={"mark": "", "released": True, "form": {**state.form, "readers": None}})
    assert wording.hidden(state)
    assert not wording.hidden(open_one)


def _state(org: organization.Organization, guard: dict[str, Any], words: str) -> State:
    form = {**FORM, "title": words, "requirement": words, "instruction_text": words}
    form |= {"readers": guard["readers"]} if "readers" in guard else {}
    return State(
        number="BC-2026-0001",
        reference=words,
        type="general",
        title=words,
        unit="jingzhen",
        regulation="baicheng-2020",
        organization=org.id,
        form=form,
        registered_at="2026-03-02T09:00:00+08:00",
        **{name: value for name, value in guard.items() if name != "readers"},
    )


@pytest.mark.rule("SK-3.2")
@pytest.mark.parametrize("guard", [SECRET, INSIDE])
def test_a_marked_matter_goes_its_whole_way_unnamed(
    guard: dict[str, Any], channels: Channels, post: Any, robot: Any, new_matter: Any
) -> None:
    channels(EVERYTHING)
    post.run()
    made: Matter = new_matter(**guard)
    post.run()
    made.issued()
    post.run()
    acts.deliver(made.number)
    post.run()
    for day in (3, 6, 9, 10, 11):
        made.at(3, day, 18)
        post.run()
    acts.urge(made.number)
    post.run()
    acts.withdraw(made.number, person("office"), "见纸质件", "顾长风")
    post.run()
    assert len(robot.heard) > 6
    assert not any(word in robot.said for word in secrets(made.state)), robot.said
    assert "经侦" not in robot.said
    assert {one["path"] for one in robot.heard} <= {"/robot_jingzhen", "/robot_office", "/office"}


@pytest.mark.rule("SK-3.2")
def test_of_a_covert_matter_nobody_outside_the_office_hears_before_it_is_released(
    channels: Channels, post: Any, robot: Any, mailbox: Any, new_matter: Any
) -> None:
    channels(EVERYTHING)
    post.run()
    made: Matter = new_matter(**COVERT)
    post.run()
    made.issued() if made.state.awaits("sign.director") else None
    made.at(3, 20)
    post.run()
    assert {one["path"] for one in robot.heard} <= {"/robot_office", "/office"}
    assert not any(word in robot.said for word in secrets(made.state)), robot.said


def test_a_group_never_hears_of_what_named_people_may_see(channels: Channels) -> None:
    channels(EVERYTHING)
    org = organization.load()
    state = _state(org, {"readers": ["jingzhen.liaison"]}, "某件事情的标题")
    may = {role: addressing.may_be_told(state, org, role) for role in ("liaison@jingzhen", "unit_head@jingzhen")}
    assert may == {"liaison@jingzhen": True, "unit_head@jingzhen": False}
    assert not addressing.may_be_told(state, org, "@jingzhen")
    assert not addressing.may_be_told(state, org, "@everyone")
    assert addressing.may_be_told(state, org, "@office")
    plain = _state(org, {}, "某件事情的标题")
    assert not addressing.may_be_told(plain, org, "liaison@taobei")
    assert not addressing.may_be_told(plain, org, "@taobei")
    assert not addressing.may_be_told(plain, org, "@everyone")


def test_a_title_gives_no_orders_to_a_channel() -> None:
    org = organization.load("baicheng")
    said = wording.sentence(org, _state(org, {}, '<at user_id="all">全体</at>\n@all {文号}'), "交办", "k")
    assert not set("<>@\n") & set(said)
    assert "{文号}" in said  # what stands in a title is text


def test_every_kind_has_its_words_and_its_addressees() -> None:
    assert set(notifying.kinds_of()) == {*KINDS, ASKED, *OF_PERIODS}
    said = notifying.build(None)
    assert set(said.words) == set(said.posts) == set(notifying.kinds_of())
    assert all(said.posts.values())
    assert not said.channels
