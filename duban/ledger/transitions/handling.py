"""承办、催办、延期: what the unit sends and what the clock brings about while it handles a matter (T15–T22, T26)."""

from duban.ledger.records import Event
from duban.ledger.standing import Case, State
from duban.ledger.transitions.moves import Handler, await_, change, main, reopens


def _replied(state: State, event: Event) -> State:  # T17, T20, T26
    current = state.current.model_copy(update={"replied_at": event.at, "reply": event.data["sha256"]})
    # A reply signed by the head is a reading; the wait for it is over, the flag stands (BC-5.4a).
    after = change(state, rounds=(*state.rounds[:-1], current), **await_(state, drop=("reading",)))
    return change(after, state="replied", desk="office", **main(after, f"review.office:{state.round}"))


def _reply_lapsed(state: State, event: Event) -> State:  # T18, T26o
    current = state.current.model_copy(update={"lapsed": True})
    key = f"urge_day:{state.round}"
    waits = main(state, key, timers={key: event.data["urge_from"]})
    return change(state, state="overdue", rounds=(*state.rounds[:-1], current), **waits)


def _urge_day_came(state: State, _event: Event) -> State:  # T19: the office urges on a working day
    return change(state, **main(state, f"urge:{state.round}"))


def _urged(state: State, event: Event) -> State:  # T19
    current = state.current.model_copy(update={"urges": state.current.urges + 1})
    key = f"urged_reply:{state.round}"
    return change(
        state,
        state="urged",
        urged_at=event.at,
        rounds=(*state.rounds[:-1], current),
        **main(state, key, timers={key: event.data["due_at"]}),
    )


def _urge_lapsed(state: State, _event: Event) -> State:  # T21
    return change(state, state="account", **main(state, f"demand:{state.round}"))


def _accountability_opened(state: State, event: Event) -> State:
    said = {name: event.data.get(name, "") for name in ("reason", "unit")}
    opened = Case(id=event.data.get("case") or event.key, clause=event.clause, opened_at=event.at, **said)
    return change(state, accountability=(*state.accountability, event.clause), cases=(*state.cases, opened))


def _demanded(state: State, _event: Event) -> State:
    return change(state, **main(state, f"account:{state.round}"))


def _accounted(state: State, _event: Event) -> State:  # T22; the office then sets a new date
    return change(state, desk="office", **main(state, f"new_date:{state.round}"))


def _extended(state: State, event: Event) -> State:  # T15, T15x
    return reopens("extended")(state, event) if event.data["effective"] else state


def _progress(state: State, event: Event) -> State:  # T20
    return reopens("progress")(state, event) if event.data["effective"] else state


HANDLERS: dict[str, Handler] = {
    "replied": _replied,
    "reply_lapsed": _reply_lapsed,
    "urge_day_came": _urge_day_came,
    "urged": _urged,
    "urged_reply_lapsed": _urge_lapsed,
    "accountability_opened": _accountability_opened,
    "demanded": _demanded,
    "accounted": _accounted,
    "date_set": reopens("accounted"),
    "extended": _extended,
    "progress_reported": _progress,
}
