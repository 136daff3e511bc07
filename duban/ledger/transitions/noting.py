"""What is put on record and moves nothing: praise, criticism, coordination, visits, cases (T34)."""

from typing import Any

from duban.ledger.records import Event
from duban.ledger.standing import Case, State
from duban.ledger.transitions.moves import Handler, change


def _noted(state: State, _event: Event) -> State:
    return state


def _followed_up(state: State, event: Event) -> State:  # T34
    return change(state, visit_differed=not event.data["consistent"])


def _opened(state: State, event: Event) -> State:
    said = {name: event.data.get(name, "") for name in ("reason", "unit")}
    said["owes"] = event.data.get("owes", ())
    opened = Case(id=event.data.get("case") or event.key, clause=event.clause, opened_at=event.at, **said)
    return change(state, cases=(*state.cases, opened))


def _case(state: State, which: str, **changes: Any) -> State:
    cases = tuple(case.model_copy(update=changes) if case.id == which else case for case in state.cases)
    return change(state, cases=cases)


def _closed(state: State, event: Event) -> State:
    return _case(state, event.data["case"], closed_at=event.at, outcome=event.data["outcome"])


def _account_rendered(state: State, event: Event) -> State:
    case = next(one for one in state.cases if one.id == event.data["case"])
    return _case(state, case.id, owes=tuple(unit for unit in case.owes if unit != event.data["unit"]))


HANDLERS: dict[str, Handler] = {
    "praised": _noted,
    "criticised": _noted,
    "leaked": _noted,
    "coordinated": _noted,
    "followed_up": _followed_up,
    "accountability_opened": _opened,
    "accountability_closed": _closed,
    "account_rendered": _account_rendered,
}
