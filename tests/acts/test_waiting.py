"""我的待办: who is asked has it, nobody else does, and what is there can be done."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from matters import Matter
from scores_of import File, late_month  # noqa: F401 - fixture
from stage import Stage, as_actor, rehearse

from duban import acts, clock, ledger, organization
from duban.acts.questions import QUESTIONS, question
from duban.acts.waiting import WORDS, Waiting, asked_of, waiting
from duban.demo import cast
from duban.demo.stories import Story
from duban.ledger import Actor

ANSWERS = ("receipt", "reading", "reply", "period-report", "account", "case-account")
"""What a unit sends because it was asked to; the rest comes of its own accord."""


def waits(user: str) -> list[Waiting]:
    """What waits for whoever signs in so."""
    with ledger.transaction() as session:
        person = organization.load().person(user)
        actor = Actor(person.user, person.name, person.posts[0] if person.posts else None, person.unit)
        return waiting(session, actor, person.posts, clock.now(session))


def deeds(user: str) -> list[str]:
    return [one.deed or one.key or one.what for one in waits(user)]


class Watched(Stage):
    """A stage at which, before anybody does anything, everybody's list is looked at."""

    def answer(self, number: str, kind: str, option: str, **fields: Any) -> httpx.Response:
        self.look(number)
        key = self.state(number).awaits(kind)
        asked = self.asked(number, kind)
        holders = organization.load().holders(asked.posts, asked.unit or self.state(number).unit)
        assert any(one.number == number and one.key == key for one in waits(holders[0].user)), key
        return super().answer(number, kind, option, **fields)

    def send(self, number: str, what: str, user: str | None = None, **fields: Any) -> httpx.Response:
        self.look(number)
        state = self.state(number)
        sender = user or organization.load().units[state.unit].liaison.user
        # A unit may answer before it is asked, or send its result where an account is wanted; never a thing unasked.
        unasked = what == "reply" and (state.type == "routine" or not state.awaits("reply"))
        if what in ANSWERS and not unasked:
            assert what in [one.deed for one in waits(sender) if one.number == number], state.awaiting
        return super().send(number, what, user, **fields)

    def look(self, number: str) -> None:
        """Each decision lies with exactly those who hold its post, what a unit owes with exactly its own people."""
        state, org = self.state(number), organization.load()
        wanted: dict[str, set[str]] = {}
        for key in state.awaiting:
            if asked_of(key):
                asked = question(state, key)
                for holder in org.holders(asked.posts, asked.unit or state.unit):
                    wanted.setdefault(holder.user, set()).add(key)
        units = {state.unit, *state.cohandlers} & set(org.units)
        near = [org.units[code].liaison for code in {*units, next(iter(org.units))}]
        for person in (*near, *(one for one in org.people if one.unit is None)):
            mine = [one for one in waits(person.user) if one.number == number]
            assert {one.key for one in mine if one.key} == wanted.get(person.user, set()), person.user
            actor = as_actor(person.user)
            assert not mine or acts.may_see(state, actor) or {one.deed for one in mine} == {"case-account"}, person.user
            for one in mine:
                assert bool(one.deed) <= (person.unit in units or one.deed == "case-account"), (person.user, one)


PLAYED = [
    pytest.param(name, story, id=f"{name}-{story.name}")
    for name, stories in cast.STORIES.items()
    for story in (*[one for one in stories if not one.form][:3], *[one for one in stories if one.form])
]
"""Of the stories from the spreadsheet, which take their time, the first three."""


@pytest.mark.parametrize(("organization_id", "story"), PLAYED)
def test_who_is_asked_has_it_and_nobody_else(organization_id: str, story: Story, rehearsal_url: str) -> None:
    stage = Watched()
    stories = cast.choose(organization_id)
    asked = (story,) if story.form else [one for one in stories if not one.form]
    rehearse(stage, tuple(part for part in cast.enter(stage, asked, start=list) if part.story is story))


def test_every_kind_of_decision_has_its_words() -> None:
    assert {kind.partition(".")[0] for kind in QUESTIONS} == set(WORDS)


def test_a_unit_first_takes_then_reads_and_answers(matter: Matter) -> None:
    matter.dispatched()
    (one,) = waits("jingzhen.liaison")
    assert (one.what, one.path) == ("领收督办通知单", f"/matters/{matter.number}/do/receipt")
    assert (one.due_at, one.overdue) == (matter.state.timers["receipt:1"], False)
    assert waits("taobei.liaison") == []
    acts.receive(matter.number, matter.unit)
    assert deeds("jingzhen.liaison") == deeds("jingzhen.head") == ["reading", "reply"]
    matter.at(3, 4)
    late = waits("jingzhen.liaison")[0]
    assert (late.deed, late.overdue, late.late, late.light) == ("reading", True, "逾期1天", "red")
    acts.read(matter.number, matter.unit)
    assert deeds("jingzhen.liaison") == ["reply"]


def test_a_receipt_that_is_late_is_overdue_and_stays(matter: Matter) -> None:
    matter.dispatched().at(3, 5)
    assert matter.state.flags == ("late_receipt",)
    (one,) = waits("jingzhen.leader")
    assert (one.deed, one.overdue, one.late) == ("receipt", True, "逾期2天")


def test_a_return_says_what_is_wanted(matter: Matter) -> None:
    matter.in_progress().replied()
    assert waits("jingzhen.liaison") == []
    said = {"reason": "情况没有查清", "requirement": "补充资金流向"}
    reasons = question(matter.state, "review.office:1").fields["reason"]["enum"]
    matter.decide("review.office", "退回补办", **(said | {"reason": reasons[1]}))
    (one,) = waits("jingzhen.liaison")
    assert (one.what, one.about) == ("回复（第2轮）", "退回补办：补充资金流向")


@pytest.mark.rule("SK-3.5")
def test_a_decision_is_due_on_the_day_on_which_it_came_up(matter: Matter) -> None:
    (one,) = waits(matter.director.user)
    assert (one.what, one.path) == ("审签督办通知单", f"/decisions/{matter.number}/sign.director%3A1")
    assert (one.overdue, one.late) == (False, "")
    matter.at(3, 4)
    (one,) = waits(matter.director.user)
    assert (one.overdue, one.late) == (True, "已等2个工作日")
    assert waits(matter.chief.user) == []
    assert waits("feng.clerk") == []


def test_what_runs_beside_the_main_line_has_been_lying_since_the_notice_went_out(matter: Matter) -> None:
    matter.dispatched()
    assert [one.what for one in waits("tian.clerk")] == ["电话通知领收"]
    acts.receive(matter.number, matter.unit)
    acts.read(matter.number, matter.unit)
    matter.at(3, 4)
    matter.replied()
    late = {one.what: one.late for one in waits("tian.clerk")}
    assert late == {"补记电话通知": "已等2个工作日", "审核回复": ""}


def test_a_helper_takes_its_copy_once(new_matter: Callable[..., Matter]) -> None:
    matter = new_matter(cohandlers="刑侦支队").in_progress()
    (copy,) = waits("xingzhen.liaison")
    assert (copy.what, copy.deed) == ("领收（协办件）", "receipt")
    acts.receive(matter.number, as_actor("xingzhen.liaison"))
    assert waits("xingzhen.liaison") == []


@pytest.mark.rule("MM-5.5")
def test_of_a_secret_no_title_is_shown_and_the_answer_is_on_paper(new_matter: Callable[..., Matter]) -> None:
    secret = {"mark": "秘密", "paper": "机要室3号柜", "requirement": "", "instruction_text": ""}
    matter = new_matter(title="涉密督办件", **secret).in_progress()
    (one,) = waits("jingzhen.liaison")
    assert (one.title, one.deed, one.path) == ("（涉密件）", "", f"/matters/{matter.number}")
    assert one.what.startswith("报送纸质回复")


@pytest.mark.rule("N17")
def test_an_open_window_waits_for_who_may_object(late_month: File) -> None:  # noqa: F811
    (one,) = [one for one in waits("jingzhen.liaison") if one.path.startswith("/scores/")]
    assert (one.path, one.what) == (f"/scores/{late_month.number}", "核对本单位计分（1条），有异议的请提出")
    assert one.due_at == late_month.state.periodical.objections_until
    assert not [one for one in waits("jingzhen.leader") + waits("xingzhen.liaison") if "/scores/" in one.path]
    late_month.object()
    assert not [one for one in waits("jingzhen.liaison") if "/scores/" in one.path]
    (asked,) = [one for one in waits("tian.clerk") if one.number == late_month.number]
    assert asked.what == "裁定考核异议"


@pytest.mark.rule("MM-5.5")
def test_what_is_for_named_readers_waits_for_them_alone(
    monkeypatch: pytest.MonkeyPatch, new_matter: Callable[..., Matter]
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    said = {"unit": "综合科", "source": 3, "instruction_by": "秦维岳", "due_on": "2026-03-12"}
    matter = new_matter(**said, readers="符永清、caiwu.head")
    matter.decide("sign.leader", "审批", Actor("qin.chief", "秦维岳", "chief"))
    acts.deliver(matter.number)
    assert deeds("zonghe.head") == ["reply"]
    assert waits("zonghe.liaison") == []
