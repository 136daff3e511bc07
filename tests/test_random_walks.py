"""Whatever people do to a matter, in whatever order: the ledger verifies, time runs forward, nobody is told twice.

Walks of random acts over matters of every bureau, type and mode; most steps of a walk are refused, as most of what
people try at a wrong moment is.
"""

import os
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from bureaus import holder, made
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from matters import FORM, Matter, person, report

from duban import acts, clock, deadlines, ledger, regulation
from duban.errors import Refusal
from duban.ledger import Event
from duban.ledger.standing import State

#: Walks a bureau; more find more (DUBAN_WALKS=200).
EXAMPLES = int(os.environ.get("DUBAN_WALKS", "6"))
START = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
JIANGCHENG = Path(__file__).parent / "regulations" / "fixtures" / "jiangcheng"
LEADER = {"baicheng-2020": "顾长风", "bureau-2019": "秦维岳", "lanzhou": "靳伯言", "jiangcheng-2026": "江海澄"}
UNIT = {
    "baicheng-2020": "经侦支队",
    "bureau-2019": "规划财务科",
    "lanzhou": "城关分局",
    "jiangcheng-2026": "网络安全处",
}
OTHER = {
    "baicheng-2020": "刑侦支队",
    "bureau-2019": "人事教育科",
    "lanzhou": "西固分局",
    "jiangcheng-2026": "数据资源处",
}
#: Files and texts that come again and again, so that the same request is sometimes sent a second time.
WORDS = ("已核查。", "正在办理。", "请抓紧。")
Walk = Callable[[Matter, Random], object]


def soon(matter: Matter, chance: Random) -> date:
    return matter.today() + timedelta(days=chance.randint(-1, 25))


def signer(matter: Matter) -> str:
    law = regulation.load(matter.state.regulation)
    return holder("deputy", matter.state.unit).name if law.reply.signers == ("deputy",) else "单位主要领导"


def answer(matter: Matter, chance: Random) -> object:
    """Somebody answers one of the questions that stand, with fields filled in anyhow."""
    asked = {}
    for key in matter.state.awaiting:
        try:
            asked[key] = acts.question(matter.state, key)
        except Refusal:
            continue  # a step, or the unit's turn
    if not asked:
        return None
    key = chance.choice(sorted(asked))
    question = asked[key]
    # The first option is the one that brings a matter forward.
    option = question.options[0] if chance.random() < 0.7 else chance.choice(question.options)
    fields = {name: _filled(matter, field, chance) for name, field in question.fields.items()}
    who = holder(question.posts[0], matter.state.unit)
    return lambda: acts.decide(matter.number, key, option, fields, who)


def _filled(matter: Matter, field: dict[str, Any], chance: Random) -> Any:
    if "enum" in field:
        return chance.choice(field["enum"])
    if field["type"] == "boolean":
        return chance.random() < 0.5
    if field.get("format") == "date":
        return chance.choice((None, soon(matter, chance).isoformat()))
    return field["default"] or chance.choice(WORDS)


def steps(matter: Matter, chance: Random) -> object:
    """What Airflow does: whatever the matter waits for."""
    every = (acts.deliver, acts.urge, acts.demand_account, acts.write_report, acts.draft_upward, acts.write_papers)
    do = chance.choice((*every, acts.file_away, acts.decompose, acts.lapse))
    return lambda: do(matter.number)


def unit(matter: Matter, chance: Random) -> object:
    """What the unit sends."""
    number, who, words, day = matter.number, matter.unit, chance.choice(WORDS), soon(matter, chance)
    head = signer(matter)
    sent: dict[str, Callable[[], object]] = {
        "receive": lambda: acts.receive(number, who),
        "read": lambda: acts.read(number, who),
        "reply": lambda: acts.reply(number, who, "办结报告.docx", report(words), head),
        "paper": lambda: acts.reply_on_paper(number, matter.clerk, "文件柜", head, words),
        "extend": lambda: acts.extend(number, who, words, "办结", day, "单位主要领导"),
        "progress": lambda: acts.report_progress(number, who, words, day),
        "account": lambda: acts.account(number, who, words, "单位主要领导"),
        "decline": lambda: acts.decline(number, who, words),
        "period": lambda: acts.report_period(number, who, words, "已落实"),
    }
    return sent[chance.choice(sorted(sent))]


def office(matter: Matter, chance: Random) -> object:
    """What the office and the leaders do of their own accord."""
    number, who, words = matter.number, matter.clerk, chance.choice(WORDS)
    day, today, law_id = soon(matter, chance), matter.today(), matter.state.regulation
    units = (UNIT[law_id], OTHER[law_id])
    cases = [case.id for case in matter.state.cases] or ["无"]
    done: dict[str, Callable[[], object]] = {
        "instruct": lambda: acts.instruct(number, who, LEADER[law_id], words, today, due_on=day),
        "instruct undated": lambda: acts.instruct(number, who, LEADER[law_id], words, today),
        "further": lambda: acts.further_work(number, who, words, day),
        "return": lambda: acts.leader_return(number, who, "chief", "redo", words, day),
        "object": lambda: acts.object_extension(number, who, words, day),
        "phone": lambda: acts.urge_by_hand(number, who, "phone", words),
        "paper": lambda: acts.urge_by_hand(number, who, "document", words),
        "track": lambda: acts.track(number, who, "电话", words),
        "inspect": lambda: acts.inspect(number, who, "督办员", today, words),
        "visit": lambda: acts.follow_up(number, who, "王小明", today, "电话", words, len(words) == 4),
        "coordinate": lambda: acts.coordinate(number, who, units, words, LEADER[law_id], today),
        "praise": lambda: acts.praise(number, who, "praised_in_bulletin", words),
        "criticise": lambda: acts.criticise(number, who, "criticised", words),
        "above": lambda: acts.criticise(number, who, "criticised_above", words, others=(OTHER[law_id],)),
        "leak": lambda: acts.report_leak(number, who, words, "某人"),
        "resolve": lambda: acts.resolve_case(number, who, cases[0], words),
    }
    if chance.random() < 0.02:
        return lambda: acts.withdraw(number, who, words, LEADER[law_id])
    return done[chance.choice(sorted(done))]


def onward(matter: Matter, chance: Random) -> object:
    """What brings a matter forward, so that walks get somewhere: the first thing it waits for."""
    state = matter.state
    for kind, do in {"deliver": acts.deliver, "report": acts.write_report, "upward": acts.draft_upward}.items():
        if state.awaits(kind):
            return lambda: do(matter.number)
    if state.awaits("receipt"):
        return lambda: acts.receive(matter.number, matter.unit)
    if state.awaits("reply") and chance.random() < 0.5:
        return lambda: acts.reply(matter.number, matter.unit, "办结报告.docx", report("办结"), signer(matter))
    return answer(matter, chance)


def time_passes(matter: Matter, chance: Random) -> None:
    hours = chance.randint(1, 60)
    with ledger.transaction() as session:
        if clock.now(session) < datetime(2026, 11, 1, tzinfo=clock.SHANGHAI):
            ledger.advance(session, timedelta(hours=hours))
    acts.lapse(matter.number)


#: What is done at each step, the likelier the more often it stands here.
STEPS: list[Walk] = [*[onward] * 7, answer, steps, unit, unit, office, office, time_passes, time_passes]


def walk(matter: Matter, chance: Random) -> None:
    for _ in range(chance.randint(20, 50)):
        deed = chance.choice(STEPS)(matter, chance)
        if not callable(deed):
            continue
        if (refusal := _refused(deed)) is not None:
            assert re.search("[\u4e00-\u9fff]", refusal)
            continue
        acts.lapse(matter.number)  # a refused extension puts the date back, maybe into the past: that is time's doing
        before = len(matter.events)
        _refused(deed)  # a second click, a request sent again
        again = [event.kind for event in matter.events[before:] if event.kind != "documented"]
        assert not again, again
        _stands(matter.state)


def _refused(deed: Callable[[], object]) -> str | None:
    try:
        deed()
    except Refusal as refusal:
        return str(refusal)
    return None


def _stands(state: State) -> None:
    """Something is awaited or runs out by itself, unless everything is over; every question can be asked."""
    assert state.awaiting or state.timers or state.filed_at, state.state
    for key in state.awaiting:
        if "." in key.rpartition(":")[0]:
            assert acts.question(state, key).options


def _told_in_time(events: list[Event], law: regulation.Regulation) -> None:
    said = [(event.kind, event.round, event.data["which"]) for event in events if event.kind in ("reminded", "warned")]
    assert len(said) == len(set(said))
    for event in events:
        late = event.kind == "warned" and law.urge.warnings[event.data["which"] - 1].when.side == "after"
        if event.kind in ("reminded", "warned") and not late:
            assert event.at < deadlines.end_of(date.fromisoformat(event.data["due_on"]), law.end_of_day)


#: Stands for a date that is still ahead when a walk begins.
IN_TIME = "in time"
KINDS: dict[str, list[dict[str, Any]]] = {
    "baicheng-2020": [
        {"source": 4},
        {"source": 1, "report_to": "省公安厅", "revisit": True},
        {"type": "dated", "due_on": IN_TIME, "source": 5},
        {"type": "routine", "source": 5},
        {"mode": "phone"},
        {"mode": "joint", "partners": "督察、纪委"},
        {"mark": "秘密★1年", "paper": "保密室", "requirement": "", "instruction_text": ""},
    ],
    "bureau-2019": [{"source": 3, "due_on": IN_TIME}, {"source": 5, "due_on": IN_TIME}],
    "lanzhou": [
        {"source": 4, "due_on": IN_TIME, "report_to": "省公安厅"},
        {"source": 5, "due_on": IN_TIME},
        {"source": 5, "due_on": IN_TIME, "mode": "own", "own_reason": "特别重要", "unit": ""},
    ],
    "jiangcheng-2026": [{"source": 2}, {"source": 2, "type": "complex"}, {"source": 1}],
}


@pytest.mark.rule("T11b", "T13", "T16", "T33", "T36", "A10")
@pytest.mark.parametrize("law", sorted(KINDS))
def test_whatever_is_done_the_ledger_holds(
    law: str, new_ledger: Callable[[datetime | None], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if law.startswith("jiangcheng"):
        monkeypatch.setenv("DUBAN_INCLUDE", str(JIANGCHENG))
    monkeypatch.setenv("DUBAN_REGULATION", law)
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)

    new_ledger(START)

    @settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def any_walk(seed: int) -> None:
        chance = Random(seed)  # uniform: drawn step by step, walks rarely leave the desk they begin at
        changes = {"unit": UNIT[law], "instruction_by": LEADER[law]} | chance.choice(KINDS[law])

        if changes.get("due_on") == IN_TIME:
            with ledger.transaction() as session:
                changes["due_on"] = (clock.now(session).date() + timedelta(days=9)).isoformat()

        def make(**more: Any) -> Matter:
            state = acts.register({**FORM, **more}, person("office"), f"walk {uuid4()}")
            return Matter(state.number, lambda _moment: None)

        matter = made(make, **changes) if changes["unit"] else make(**changes)
        walk(matter, chance)
        events = matter.events
        assert [event.at for event in events] == sorted(event.at for event in events)
        _told_in_time(events, regulation.load(law))

    any_walk()
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
