"""延期: more time that the unit puts on record or that somebody has to grant, and what is said against it (T15)."""

from typing import Any

from duban.ledger.records import Event
from duban.ledger.standing import State
from duban.ledger.transitions.moves import HERALDS, Handler, await_, change, kind_of, move_due, reopens

#: What the desks see of a request.
ASKED = ("n", "reason", "plan", "stated", "due_on", "due_at", "signed_by", "desks")


def _extended(state: State, event: Event) -> State:  # T15, T15x
    return reopens("extended")(state, event) if event.data["effective"] else state


def _requested(state: State, event: Event) -> State:
    """Asked in time, the clock of the round stands until somebody has decided; a reply may still come."""
    asked = {name: event.data[name] for name in ASKED if name in event.data} | {"opinions": []}
    after = change(state, extension=asked, **await_(state, f"extend.{event.data['desks'][0]}:{event.data['n']}"))
    return change(after, timers=_without_clock(after)) if event.data["timely"] else after


def _without_clock(state: State) -> dict[str, Any]:
    return {
        key: at
        for key, at in state.timers.items()
        if kind_of(key) != "reply" and kind_of(key).partition(".")[0] not in HERALDS
    }


def _signed(state: State, event: Event) -> State:
    data = event.data
    said = {"desk": data["desk"], "option": data["option"], "opinion": data["opinion"], "by": event.actor.name}
    asked = state.extension | {"opinions": [*state.extension.get("opinions", ()), said]}
    following = (f"extend.{data['next']}:{state.extension['n']}",) if data.get("next") else ()
    return change(state, extension=asked, **await_(state, *following, drop=(f"extend.{data['desk']}",)))


def _refused(state: State, event: Event) -> State:
    """The old deadline stands; if it has passed meanwhile, it has passed at this moment and not before."""
    if not event.data.get("lapses_at") or state.awaits("reply") is None:
        return state
    heralds = {f"{kind}:{state.round}": at for kind, at in event.data.get("heralds", {}).items()}
    return change(state, timers={**state.timers, f"reply:{state.round}": event.data["lapses_at"], **heralds})


def _objected(state: State, event: Event) -> State:
    return move_due(state, event)


HANDLERS: dict[str, Handler] = {
    "extended": _extended,
    "extension_requested": _requested,
    "extension_signed": _signed,
    "extension_refused": _refused,
    "extension_objected": _objected,
}
