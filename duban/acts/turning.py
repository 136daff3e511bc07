"""Turns of events that nobody waits for: a new instruction, a withdrawal, somebody reading a marked matter."""

from datetime import date
from typing import Any

from duban import deadlines
from duban.acts.act import act
from duban.acts.due import due_data, stated_due
from duban.acts.form import is_secret
from duban.acts.handling import LONGEST
from duban.acts.papers import make
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import BEFORE_DISPATCH, State
from duban.text import optional, required


def instruct(
    number: str, actor: Actor, leader: str, text: str, on: date, requirement: str = "", due_on: date | None = None
) -> State:
    """新批示 (T16): a leader says more about a matter, at any moment before it is archived.

    After dispatch it opens a round, with the due date that the instruction names, else with the old one; a closed
    matter is taken up again with the limit of its type. The same instruction twice is one. Raises Refusal when the
    old deadline has passed and no new one is named, and for a withdrawn matter.
    """
    with act(number) as it:
        if it.state.state == "cancelled":
            raise Refusal(f"督办件 {number} 已撤销，新的批示请另行立项。")
        said: dict[str, Any] = {
            "leader": required(leader, "批示领导", 40),
            "on": on.isoformat(),
            "text": required(text, "批示内容", LONGEST),
            "requirement": optional(requirement, "新要求", LONGEST),
        }
        if is_secret(it.state.mark):
            raise Refusal(f"督办件 {number} 为{it.state.mark}件，新批示的内容不得录入本系统，请在纸质件上办理。")
        if any(said.items() <= earlier.items() for earlier in it.state.instructions):
            return it.state
        if on > it.now.date():
            raise Refusal(f"批示日期 {on.isoformat()} 晚于今天，请核对。")
        rule = it.law.instruction
        key = f"instruction:{len(it.state.instructions) + 1}"
        if it.state.state in BEFORE_DISPATCH:
            return it.record("instructed", key, actor, rule.basis.clause, said)
        if due_on is not None:
            due = due_data(stated_due(it, due_on))
        elif it.state.state == "closed":
            due = due_data(deadlines.due(it.law.types[it.state.type].limit, it.now, it.law))
        elif it.state.due_at is None or it.state.due_at <= it.now:
            raise Refusal(f"督办件 {number} 的时限 {it.state.due_on} 已过，请写明新批示的办理期限。")
        else:
            due = {"due_on": it.state.current.due_on.isoformat(), "due_at": it.state.due_at.isoformat()}
        it.record("instructed", key, actor, rule.basis.clause, said | due)
        make(it, rule.document)
        return it.state


def withdraw(number: str, actor: Actor, reason: str, approved_by: str) -> State:
    """撤销 (T36): an open matter ends without a reply, with the chief's approval and the reason on record."""
    with act(number) as it:
        if it.state.state == "cancelled":
            return it.state
        it.refuse_ended()
        data = {
            "reason": required(reason, "撤销原因", LONGEST),
            "approved_by": required(approved_by, "批准人", 40),
        }
        chief = it.org.posts["chief"]
        if data["approved_by"] != chief.name:
            raise Refusal(f"撤销督办件须经{chief.title}{chief.name}批准，批准人“{data['approved_by']}”不符，请核对。")
        return it.record("withdrawn", "withdrawal", actor, it.law.registration.basis.clause, data)


def consult(number: str, actor: Actor) -> State:
    """Look at a matter. Whoever reads a marked one is entered in the ledger (BC-8.4: 专人登记)."""
    with act(number) as it:
        if it.state.mark:
            it.record("consulted", f"consulted:{actor.user}:{it.now.isoformat()}", actor, it.law.secrecy.basis.clause)
        return it.state
