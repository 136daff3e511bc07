"""Where a matter stands: the state that its events add up to.

`apply` is pure: it knows no regulation, no calendar and no clock. Whatever a rule decided (a due date, the desks
that a paper passes, whether a return scores) stands in the event that the rule produced. So the row of a
matter can be rebuilt from its events at any time, and `verify` does.

The transitions are those of rules.md §5; the number of each stands beside its handler, in `transitions/`.
"""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions import (
    archiving,
    entering,
    extending,
    handling,
    modes,
    noting,
    parts,
    periodicals,
    periods,
    proposing,
    reassigning,
    reminding,
    reviewing,
    turning,
    upward,
)
from duban.ledger.transitions.moves import Handler

__all__ = ["HANDLERS", "State", "apply"]

CHAPTERS = (
    *(proposing, entering, modes, reassigning, parts, periods, handling, extending, reminding),
    *(reviewing, upward, turning, noting, periodicals, archiving),
)


def _merged() -> dict[str, Handler]:
    handlers: dict[str, Handler] = {}
    for chapter in CHAPTERS:
        if twice := handlers.keys() & chapter.HANDLERS.keys():
            raise TypeError(f"{chapter.__name__} handles {sorted(twice)} a second time")
        handlers |= chapter.HANDLERS
    return handlers


#: The first event of a matter, and of a period file.
BEGINNINGS = {"registered": entering.registered, "periodical_opened": periodicals.opened}
#: kind of event -> what it does to a matter.
HANDLERS: dict[str, Handler] = _merged()


def apply(state: State | None, event: Event) -> State:
    """The state after one more event.

    Raises ValueError for an event that no handler knows or that comes before the registration: a broken ledger.
    """
    if begins := BEGINNINGS.get(event.kind):
        return begins(event)
    if state is None:
        raise ValueError(f"{event.number}: {event.kind} before registered")
    try:
        handler = HANDLERS[event.kind]
    except KeyError:
        raise ValueError(f"{event.number}: unknown event {event.kind}") from None
    return periods.planned(handler(state, event), event)
