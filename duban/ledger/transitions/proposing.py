"""呈批: a matter that a department proposes and its leaders agree to (T2–T5)."""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, change, ended, main

#: Before the desk of a proposal in `signatures`: the same person later signs the notice, and that is another signature.
PROPOSE = "propose."


def _proposed(state: State, event: Event) -> State:  # T2
    desks = tuple(event.data["desks"])
    return change(state, state="proposed", proposal_desks=desks, **_lies_on(state, desks[0]))


def _proposal_signed(state: State, event: Event) -> State:  # T3, T4, T4', T5
    desk = event.data["desk"]
    signature = {**event.data, "by": event.actor.name, "at": event.at.isoformat()}
    after = change(state, signatures={**state.signatures, f"{PROPOSE}{desk}": signature})
    if event.data["verdict"] == "refuse":
        return change(after, **ended(after, "cancelled", event))
    position = state.proposal_desks.index(desk) + 1
    if position < len(state.proposal_desks):
        return change(after, **_lies_on(after, state.proposal_desks[position]))
    # Agreed to; the mode's own first step follows in the same act.
    return change(after, state="registered", desk=None, **main(after))


def _lies_on(state: State, desk: str) -> dict[str, object]:
    return {"desk": desk, **main(state, f"propose.{desk}:1")}


HANDLERS: dict[str, Handler] = {"proposed": _proposed, "proposal_signed": _proposal_signed}
