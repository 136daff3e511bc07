"""The moves that transitions are made of: wait for something, lie on a desk, open a round, end."""

from collections.abc import Callable
from typing import Any

from duban.ledger.records import Event
from duban.ledger.standing import Round, State

Handler = Callable[[State, Event], State]

#: What the main line waits for; the call, the receipt, the reading and the parts run beside it.
MAIN_LINE = (
    "phone",
    "visit",
    "revise",
    "deliver",
    "own_result",
    "reassign",
    "reply",
    "check",
    "urge_day",
    "urge",
    "urged_reply",
    "demand",
    "account",
    "new_date",
    "report",
    "upward",
    "send_up",
    "file",
)
#: Decisions on the main line have a desk in their key (`sign.chief:1`); these are the words before it.
DESKS = ("propose", "sign", "extend", "urge", "review", "approve", "upward", "sign_up")
#: Timers that nobody waits for and that are of no use once the main line goes on: before a deadline, never after it.
HERALDS = ("remind", "warn")


def change(state: State, /, **changes: Any) -> State:
    """The state with these changes, validated: what comes from JSON becomes typed, and nothing unknown gets in."""
    return State.model_validate({**state.__dict__, **changes})


def kind_of(key: str) -> str:
    """`reply:2` -> `reply`, `sign.chief:1` -> `sign.chief`."""
    return key.rpartition(":")[0]


def await_(
    state: State, *keys: str, drop: tuple[str, ...] = (), timers: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Changes of `awaiting` and `timers`: the dropped kinds go, with their timers; new keys and timers come."""
    awaiting = tuple(key for key in state.awaiting if kind_of(key) not in drop) + keys
    kept = {key: at for key, at in state.timers.items() if kind_of(key) not in drop}
    return {"awaiting": awaiting, "timers": {**kept, **(timers or {})}}


def main(state: State, *keys: str, timers: dict[str, Any] | None = None) -> dict[str, Any]:
    """The main line now waits for these keys and no longer for what it waited for."""
    kinds = {kind_of(key) for key in (*state.awaiting, *state.timers)}
    others = tuple(kind for kind in kinds if "." in kind and kind.partition(".")[0] in (*DESKS, *HERALDS))
    return await_(state, *keys, drop=MAIN_LINE + others, timers=timers)


def to_desk(state: State, act: str, desks: tuple[str, ...], position: int, n: int) -> dict[str, Any]:
    """A paper lies on the desk at `position`; the last desk signs, those before it review."""
    last = position == len(desks) - 1
    review, final = {"sign": ("director_review", "signing"), "approve": ("report_review", "chief_approval")}[act]
    desk = desks[position]
    return {"state": final if last else review, "desk": desk, **main(state, f"{act}.{desk}:{n}")}


def clock_of(event: Event, key: str) -> dict[str, Any]:
    """The timers of a round's clock: its end, and what is to happen before it (`heralds` of the event)."""
    number = key.rpartition(":")[2]
    heralds = {f"{kind}:{number}": at for kind, at in event.data.get("heralds", {}).items()}
    return {key: event.data["due_at"], **heralds}


def open_round(state: State, event: Event, opened_by: str, *, wait: str = "reply") -> State:
    """A round ends by this event and the next begins, with its own clock; it waits for a `wait`."""
    rounds = state.rounds
    if rounds:
        rounds = (*rounds[:-1], rounds[-1].model_copy(update={"verdict": event.kind}))
    data = event.data
    number = len(rounds) + 1
    opened = Round(
        number=number,
        opened_at=event.at,
        opened_by=opened_by,
        requirement=data.get("requirement", ""),
        due_on=data["due_on"],
        due_at=data["due_at"],
    )
    # Where the office handles the matter itself there is no unit to reply (LZ 三（一）2).
    key = f"{'own_result' if state.mode == 'own' else wait}:{number}"
    return change(
        state,
        round=number,
        rounds=(*rounds, opened),
        due_on=opened.due_on,
        due_at=opened.due_at,
        desk=None,
        closed_at=None,
        filed_at=None,
        **main(state, key, timers=clock_of(event, key)),
    )


def move_due(state: State, event: Event) -> State:
    """The clock of the round that runs gets another end."""
    moved = Round.model_validate(
        {**state.current.__dict__, "due_on": event.data["due_on"], "due_at": event.data["due_at"]}
    )
    key = f"reply:{state.round}"
    timers = {name: at for name, at in state.timers.items() if kind_of(name).partition(".")[0] not in HERALDS}
    return change(
        state,
        rounds=(*state.rounds[:-1], moved),
        due_on=moved.due_on,
        due_at=moved.due_at,
        timers={**timers, **clock_of(event, key)},
    )


def reopens(name: str, to: str = "in_progress") -> Handler:
    """A handler that opens a round called `name` and puts the matter into the state `to`."""

    def handler(state: State, event: Event) -> State:
        after = open_round(state, event, name)
        # Until the unit has taken the notice, "in progress" would hide that it has not.
        return change(after, state=with_unit(after) if to == "in_progress" else to)

    return handler


def with_unit(state: State) -> str:
    """How far the unit is with the notice: not taken, not read, at work."""
    if state.received_at is None:
        return "dispatched"
    return "received" if state.read_at is None else "in_progress"


def ended(state: State, how: str, event: Event) -> dict[str, Any]:
    """Changes that end a matter: nothing is awaited any more but its filing."""
    return {
        "state": how,
        "desk": None,
        "closed_at": event.at,
        "awaiting": (f"file:{state.round}",),
        "timers": {},
    }
