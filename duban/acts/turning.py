"""Turns of events that nobody waits for: a new instruction, a withdrawal, somebody reading a marked matter."""

from datetime import date
from typing import Any

from duban import deadlines
from duban.acts import parts, periods
from duban.acts.act import Act, act
from duban.acts.beginning import refuse_unhanded
from duban.acts.bounds import refuse_outside
from duban.acts.due import due_data, heralds, stated_due
from duban.acts.form import is_secret
from duban.acts.papers import make
from duban.acts.words import NAME, told
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import BEFORE_DISPATCH, State
from duban.text import required

#: The higher the post, the earlier: who of those that end the chains may let a matter be withdrawn (T36).
RANKS = ("chief", "leader", "deputy", "director")


def instruct(
    number: str, actor: Actor, leader: str, text: str, on: date, requirement: str = "", due_on: date | None = None
) -> State:
    """新批示 (T16): a leader says more about a matter, at any moment before it is archived.

    After dispatch it opens a round, with the due date that the instruction names, else the one of the regulation's
    rule; a closed matter is taken up again. Before dispatch, and while it is open who handles the matter, it is kept
    and no round begins. The same instruction twice is one. Raises Refusal when a date is needed and none is written,
    and for a withdrawn matter.
    """
    with act(number) as it:
        it.refuse_archived()
        if it.state.state == "cancelled":
            raise Refusal(f"督办件 {number} 已撤销，新的批示请另行立项。")
        if is_secret(it.state.mark):
            raise Refusal(f"督办件 {number} 为{it.state.mark}件，新批示的内容不得录入本系统，请在纸质件上办理。")
        said: dict[str, Any] = {
            "leader": required(leader, "批示领导", NAME),
            "on": on.isoformat(),
            "text": told(it, text, "批示内容"),
            "requirement": told(it, requirement, "新要求", wanted=False),
        }
        if known := next((one for one in it.state.instructions if said.items() <= one.items()), None):
            # Parts are told as their parent is, which may move the date meanwhile (instruct_parts).
            other = due_on is not None and known.get("stated", due_on.isoformat()) != due_on.isoformat()
            if other and not it.state.parent:
                raise Refusal(f"督办件 {number} 已登记过这条批示，期限不同；确需另定期限的，请在“新要求”里写明。")
            return it.state
        said["stated"] = due_on.isoformat() if due_on else ""
        if on > it.now.date():
            raise Refusal(f"批示日期 {on.isoformat()} 晚于今天，请核对。")
        parts.refuse_reopening(it)
        refuse_unhanded(it)
        rule = it.law.instruction
        if it.state.state == "closed" and rule.until == "closed":
            raise Refusal(f"督办件 {number} 已办结，《{it.law.title}》规定办结后的新批示另行立项。")
        key = f"instruction:{len(it.state.instructions) + 1}"
        if _keeps_without_round(it, due_on):
            return it.record("instructed", key, actor, rule.basis.clause, said)
        data = said | _due_of(it, due_on)
        if it.state.mode == "own":
            data |= {"wait": "own_result"}
        it.record("instructed", key, actor, rule.basis.clause, data)
        make(it, rule.document)
        return it.state


def _keeps_without_round(it: Act, due_on: date | None) -> bool:
    """Whether nobody's clock runs yet (before dispatch), or nobody knows whose clock it is (declined)."""
    waiting = it.state.state in BEFORE_DISPATCH or not it.state.rounds or it.state.state == "declined"
    if waiting and due_on is not None and it.state.state == "declined":
        raise Refusal(f"督办件 {it.number} 已退件，由谁办理还没有决定；期限请在决定改派或仍由原单位办理时写明。")
    if waiting and due_on is not None:
        raise Refusal(f"督办件 {it.number} 尚未下达，期限要写在通知单上：请退改后在通知单里改，这里的期限请留空。")
    return waiting


def _due_of(it: Act, due_on: date | None) -> dict[str, Any]:
    """The date that the new instruction has: as written, else as the rule says (未写时限, 办结后重开)."""
    if (ends := periods.new_end(it, due_on)) is not None:
        return ends
    if due_on is not None:
        refuse_outside(it, due_on)
        return due_data(stated_due(it, due_on), it)
    rule, current = it.law.instruction, it.state.current
    if (rule.reopened if it.state.state == "closed" else rule.unstated) == "type":
        limit = it.law.types[it.state.type].limit
        if limit is not None:
            return due_data(deadlines.due(limit, it.now, it.law), it)
        raise Refusal(f"督办件 {it.number} 这类事项没有固定时限，请写明新批示的办理期限。")
    if current.due_at <= it.now:
        raise Refusal(f"督办件 {it.number} 的时限 {current.due_on} 已过，请写明新批示的办理期限。")
    ahead = heralds(it, current.due_on, current.due_at)
    return {"due_on": current.due_on.isoformat(), "due_at": current.due_at.isoformat(), "heralds": ahead}


def withdraw(number: str, actor: Actor, reason: str, approved_by: str) -> State:
    """撤销 (T36): an open matter, wherever it stands, ends without a reply, with approval and reason on record.

    A parent takes its open parts with it; a part that is withdrawn tells its parent. The same words twice are once.
    Raises Refusal for other words, a matter that is closed, and an approval by somebody who cannot give it.
    """
    with act(number) as it:
        data = {
            "reason": told(it, reason, "撤销原因"),
            "approved_by": required(approved_by, "批准人", NAME),
        }
        if (known := it.done("withdrawal")) and known.data.items() >= data.items():
            return it.state
        if it.state.outcome == "cancelled":
            raise Refusal(f"督办件 {number} 此前已撤销，撤销的原因和批准人已经记录，不能再改。")
        it.refuse_ended()
        post, names = approvers(it)
        if data["approved_by"] not in names and not it.taken_over:  # who was chief then need not be chief now
            raise Refusal(
                f"撤销督办件须经{it.org.title(post)}{'或'.join(names)}批准，批准人“{data['approved_by']}”不符，请核对。"
            )
        return _withdrawn(it, actor, data)


def approvers(it: Act) -> tuple[str, list[str]]:
    """Whose approval a withdrawal takes: the highest post at the head of the chains, and who holds it."""
    heads = {it.law.sign_chain.desks[-1].post, it.law.close_chain.desks[-1].post}
    post = next((rank for rank in RANKS if rank in heads), "chief")
    return post, [holder.name for holder in it.org.holders((post, "chief"), it.state.unit)]


def _withdrawn(it: Act, actor: Actor, data: dict[str, Any]) -> State:
    clause = it.law.registration.basis.clause or it.law.sign_chain.basis.clause
    parts.withdraw_open(it, actor, data)
    it.record("withdrawn", "withdrawal", actor, clause, data)
    return parts.tell(it)


def consult(number: str, actor: Actor) -> State:
    """Look at a matter. Whoever reads a marked one is entered in the ledger (BC-8.4: 专人登记)."""
    with act(number, periodical=True) as it:
        if it.state.mark:
            it.record("consulted", f"consulted:{actor.user}:{it.now.isoformat()}", actor, it.law.secrecy.basis.clause)
        return it.state
