"""分解: a matter split into parts, one a unit, and what they tell their parent (LZ-2.1, 2.5, MM-3.4).

The parts run beside the main line of their parent: its own deadline is the lead's, whatever becomes of the parts.
"""

from duban.ledger.records import Event
from duban.ledger.standing import Part, State
from duban.ledger.transitions.moves import Handler, await_, change, ended


def _parts_planned(state: State, _event: Event) -> State:
    return change(state, **await_(state, "decompose:1"))


def _decomposed(state: State, event: Event) -> State:
    parts = tuple(Part(**{name: one[name] for name in ("number", "unit", "due_on")}) for one in event.data["parts"])
    return change(state, parts=parts, **await_(state, "children:1", drop=("decompose",)))


def _part_ended(state: State, event: Event) -> State:
    number, how = event.data["number"], event.data["how"]
    parts = tuple(part.model_copy(update={"ended": how}) if part.number == number else part for part in state.parts)
    waits = await_(state, drop=("children",)) if all(part.ended for part in parts) else {}
    return change(state, parts=parts, **waits)


def _part_closed(state: State, event: Event) -> State:
    """The office has accepted the report of a part: it is done; the parent's report speaks for the whole."""
    closed = state.current.model_copy(update={"verdict": "closed"})
    after = change(state, rounds=(*state.rounds[:-1], closed))
    return change(after, **ended(after, "closed", event))


HANDLERS: dict[str, Handler] = {
    "parts_planned": _parts_planned,
    "decomposed": _decomposed,
    "part_ended": _part_ended,
    "part_closed": _part_closed,
}
