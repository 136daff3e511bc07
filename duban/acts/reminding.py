"""提醒、分级催办、跟踪、检查: before a deadline, and how the office keeps an eye on a matter (T13, BC-3.5)."""

from collections.abc import Callable
from datetime import date, datetime

from duban import deadlines, ledger
from duban.acts.act import SYSTEM, Act, act
from duban.acts.cases import paper_for
from duban.acts.papers import make
from duban.acts.words import told
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import BEFORE_DISPATCH, WITH_UNIT, State
from duban.regulation import Regulation, vocabulary
from duban.text import required

HOW = ("电话", "当面", "书面", "会议", "其他")


def _remind(it: Act, key: str, at: datetime) -> None:
    """T13: so long before the deadline. Noticed only after it, the reminder is not sent any more."""
    due = it.state.current
    data = {"which": _nth(key), "due_on": due.due_on.isoformat(), "timer": key, "sent": it.now < due.due_at}
    data["limit"] = str(it.law.tracking.reminders[_nth(key) - 1])
    it.record("reminded", f"lapse:{key}:{due.due_on}", SYSTEM, it.law.tracking.basis.clause, data, at=at)


def _warn(it: Act, key: str, at: datetime) -> None:
    """A step of urging by colour (分级): before the deadline, on its day or after it; its paper is made afterwards."""
    step, due = it.law.urge.warnings[_nth(key) - 1], it.state.current
    before = step.when.side != "after"
    data = {"which": _nth(key), "name": step.name, "document": step.document or "", "timer": key}
    data |= {"due_on": due.due_on.isoformat(), "sent": not before or it.now < due.due_at}
    if not data["sent"]:
        data["document"] = ""
    it.record("warned", f"lapse:{key}:{due.due_on}", SYSTEM, it.law.urge.basis.clause, data, at=at)


def _nth(key: str) -> int:
    """`remind.2:1` -> 2."""
    return int(key.rpartition(":")[0].partition(".")[2])


#: Kind of timer -> what happens when it runs out (see lapsing.py).
LAPSES: dict[str, Callable[[Act, str, datetime], None]] = {"remind": _remind, "warn": _warn}


def write_papers(number: str) -> State:
    """Make the papers that time alone has made due (分级催办). Safe to run twice.

    One whose template is broken does not keep the others back; it stays pending, and the first Refusal is raised
    after all.
    """
    with act(number) as it:
        pending = it.state.pending_papers
    faults: list[Refusal] = []
    for kind in pending:
        try:
            with act(number) as it:
                if kind in it.state.pending_papers:
                    make(it, kind, nth=_last_warning(it, kind))
        except Refusal as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    with act(number) as it:
        return it.state


def _last_warning(it: Act, kind: str) -> str:
    events = ledger.events(it.session, it.number, "warned")
    return next(str(event.data["timer"]) for event in reversed(events) if event.data["document"] == kind)


def track(number: str, actor: Actor, how: str, text: str) -> State:
    """跟踪记录 (T13, BC-5.5a): the office has asked how it goes. The same words again on one day are one record."""
    with act(number) as it:
        said = {"how": how, "text": told(it, text, "跟踪情况")}
        last = it.state.tracked_at
        if last is not None and last.date() == it.now.date() and it.repeats("tracked", said):
            return it.state
        it.refuse_ended()
        _refuse_before_dispatch(it)
        if how not in HOW:
            raise Refusal(f"“跟踪方式”{f'不能是“{how}”' if how else '没有选择'}，请从{'、'.join(HOW)}中选择。")
        nth = 1 + len(ledger.events(it.session, number, "tracked"))
        return it.record("tracked", f"tracked:{nth}", actor, it.law.tracking.basis.clause, said)


def tracking_due(state: State, law: Regulation, now: datetime) -> bool:
    """Whether it is time to ask how a matter goes: the interval of its urgency is over since anybody last did (T13).

    A reminder of the office, an urge and a new round count as asking. `now` is aware.
    """
    if state.state not in WITH_UNIT or state.state == "declined" or not state.rounds:
        return False
    moments = (state.current.opened_at, state.tracked_at, state.urged_at)
    asked = max(moment for moment in moments if moment is not None)
    return ask_again(law, str(state.form.get("urgency")), asked, now)


def ask_again(law: Regulation, urgency: str, asked: datetime, now: datetime) -> bool:
    """Whether the interval of this urgency (平件 …) is over since the office last asked; both moments are aware."""
    interval = law.tracking.intervals.get(vocabulary.URGENCIES.get(urgency, "ordinary"))
    return interval is not None and deadlines.due(interval, asked, law).at <= now


def inspect(number: str, actor: Actor, people: str, on: date, findings: str) -> State:
    """检查记录 (BC-3.5, SK-1.4): the office has looked at what is really done. The same record twice is one."""
    with act(number) as it:
        said = {
            "people": required(people, "检查人员", 200),
            "on": on.isoformat(),
            "findings": told(it, findings, "检查情况"),
        }
        known = ledger.events(it.session, number, "inspected")
        if any(event.data == said for event in known):
            return it.state
        _refuse_before_dispatch(it)
        if on > it.now.date():
            raise Refusal(f"检查日期 {on.isoformat()} 晚于今天，请核对。")
        nth = 1 + len(known)
        clause = it.law.review.basis.clause or it.law.registration.basis.clause
        it.record("inspected", f"inspected:{nth}", actor, clause, said)
        make(it, paper_for(it, "检查"), nth=f"i{nth}")
        return it.state


def _refuse_before_dispatch(it: Act) -> None:
    if it.state.state in BEFORE_DISPATCH:
        raise Refusal(f"督办件 {it.number} 尚未下达，没有可以跟踪、检查的办理情况。")
