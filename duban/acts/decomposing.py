"""分解: the parts of a matter go out to their units, each with its own chain of events (LZ-2.1, 2.5, MM-3.4)."""

from datetime import date
from typing import Any

from duban import ledger
from duban.acts.act import SYSTEM, Act, act
from duban.acts.delivering import first_due, receipt_data
from duban.acts.parts import DECOMPOSED, clause_of
from duban.acts.turning import instruct
from duban.errors import Refusal
from duban.ledger import Actor, Draft
from duban.ledger.standing import State

#: What a part takes over from its parent's form; its unit, requirement and date are its own.
TAKEN_OVER = (
    *("type", "title", "source", "instruction_by", "instruction_on", "instruction_text", "basis_document", "goal"),
    *("urgency", "mark", "paper", "distribution", "contact", "violation", "revisit", "campaign", "readers"),
)


def decompose(number: str) -> State:
    """分解下达: all parts are handed to their units at once, under their parent's notice. Safe to run twice.

    The parent's signatures cover them, so they pass no desk of their own; each has its own receipt, clock and reply.
    """
    with act(number) as it:
        if it.state.awaits("decompose"):
            made = [_hand_out(it, nth, part) for nth, part in enumerate(it.state.form["parts"], start=1)]
            it.record("decomposed", "decompose:1", SYSTEM, clause_of(it), {"parts": made})
        return it.state


def _hand_out(parent: Act, nth: int, said: dict[str, Any]) -> dict[str, Any]:
    number, state = f"{parent.number}-{nth}", parent.state
    form = {name: state.form[name] for name in TAKEN_OVER if name in state.form}
    form |= {"unit": said["unit"], "requirement": said["requirement"], "due_on": _within(parent, said["due_on"])}
    data = {
        "reference": _reference(state.reference, nth),
        "type": DECOMPOSED,
        "title": state.title,
        "unit": said["unit"],
        "regulation": state.regulation,
        "organization": state.organization,
        "mark": state.mark,
        "released": state.released,
        "parent": parent.number,
        "form": form,
        "run_key": number,
    }
    clause = clause_of(parent)
    ledger.open_matter(parent.session, number)
    draft = Draft("registered", "register", SYSTEM, clause, data, at=parent.now, round=0)
    ledger.append(parent.session, number, draft)
    part = Act(parent.session, number, parent.now, ledger.state(parent.session, number))
    part.record("dispatched", "deliver:1", SYSTEM, clause, _dispatch(part))
    due_on = part.state.due_on.isoformat() if part.state.due_on else ""
    return {"number": number, "unit": said["unit"], "requirement": said["requirement"], "due_on": due_on}


def _within(parent: Act, stated: str) -> str:
    """The date of a part: as stated, but never behind its parent's, and not one that the signing has used up."""
    limit = parent.state.due_on
    assert limit is not None  # it has been dispatched
    wanted = date.fromisoformat(stated) if stated else limit
    return min(wanted if wanted >= parent.now.date() else limit, limit).isoformat()


def _reference(reference: str, nth: int) -> str:
    """白公督〔2026〕12号 -> 白公督〔2026〕12-1号"""
    return f"{reference.removesuffix('号')}-{nth}号"


def _dispatch(part: Act) -> dict[str, Any]:
    return first_due(part) | {"call": False, "notice": None, "copies": []} | receipt_data(part)


def instruct_parts(
    number: str, actor: Actor, leader: str, text: str, on: date, requirement: str = "", due_on: date | None = None
) -> State:
    """新批示 on a divided matter that goes to its open parts as well (T16, BC-5.8e).

    The parts first: a date that is brought forward has to be theirs before it can be their parent's. Each is an act of
    its own and the same instruction twice is one, so an interrupted call is simply repeated. A date later than the
    parent's is for the parent alone.
    """
    with act(number) as it:
        if not it.state.parts:
            raise Refusal(f"督办件 {number} 没有分办件，请直接登记新批示。")
        numbers = [part.number for part in it.state.parts if not part.ended]
        later = due_on is not None and it.state.due_on is not None and due_on > it.state.due_on
    for part in numbers:
        instruct(part, actor, leader, text, on, requirement, None if later else due_on)
    return instruct(number, actor, leader, text, on, requirement, due_on)
