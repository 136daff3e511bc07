"""退件、改派: a unit says that a matter is not its own; the office gives it to another or leaves it there (T11b)."""

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import Handler, await_, change, kind_of, main, move_due, with_unit

#: What the unit does with the notice; while nobody knows whose it is, it cannot be late with that.
TAKING = ("receipt", "reading")


def _declined(state: State, event: Event) -> State:
    said = {"reason": event.data["reason"], "unit": event.data["unit"], "by": event.actor.name}
    waits = main(state, f"reassign:{state.assignment}")
    timers = {key: at for key, at in waits["timers"].items() if kind_of(key) not in TAKING}
    still = {"state": "declined", "desk": "office", "declined": said | {"at": event.at.isoformat()}}
    # Nothing is due while nobody knows from whom; the date itself stands in the round.
    return change(state, **still, due_on=None, due_at=None, **waits | {"timers": timers})


def _kept(state: State, event: Event) -> State:
    after = change(state, declined={}, desk=None, **main(state, f"reply:{state.round}"))
    after = move_due(after, event)
    taking = {
        f"{kind}:{state.assignment}": event.data[f"{kind}_due_at"]
        for kind in TAKING
        if event.data.get(f"{kind}_due_at") and after.awaits(kind)
    }
    return change(after, state=with_unit(after), timers={**after.timers, **taking})


def _reassigned(state: State, event: Event) -> State:
    unit = event.data["unit"]
    rounds = (*state.rounds[:-1], state.current.model_copy(update={"verdict": "reassigned"}))
    after = change(state, **main(state))
    after = change(after, **await_(after, drop=("call", *TAKING)))
    return change(
        after,
        state="registered",
        desk=None,
        declined={},
        rounds=rounds,
        unit=unit,
        form={**state.form, **event.data.get("form", {}), "unit": unit},
        cohandlers=tuple(code for code in state.cohandlers if code != unit),
        assignment=state.assignment + 1,
        signatures={},
        flags=(),
        received_at=None,
        read_at=None,
    )


def _part_reassigned(state: State, event: Event) -> State:
    """A parent learns that a part of it went to another unit."""
    parts = tuple(
        part.model_copy(update={"unit": event.data["unit"]}) if part.number == event.data["number"] else part
        for part in state.parts
    )
    return change(state, parts=parts)


HANDLERS: dict[str, Handler] = {
    "declined": _declined,
    "kept": _kept,
    "reassigned": _reassigned,
    "part_reassigned": _part_reassigned,
}
