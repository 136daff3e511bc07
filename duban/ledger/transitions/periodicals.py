"""The period file 期: opened, drafted, objected to, signed, published; a year's archive collected and packed."""

from datetime import datetime
from typing import Any

from duban.ledger.records import Event
from duban.ledger.standing import PERIODICALS, Objection, Period, State
from duban.ledger.transitions.moves import Handler, await_, change

#: Type of a period file -> the word before the desk in the key of a decision on it (`score.chief:1`).
DECISIONS = {"monthly_scoring": "score", "bulletin": "bulletin", "instruction_digest": "digest"}
WINDOW = "objections"
#: The lists of units in an answer of a desk (五（十）).
NAMED = ("praised", "criticised")
HEAD = ("reference", "type", "title", "unit", "regulation", "organization", "form", "run_key")


def opened(event: Event) -> State:
    """The state that opening a period file makes: it waits for its first draft, an archive for its collection."""
    data = event.data
    if data["type"] not in PERIODICALS:
        raise ValueError(f"{event.number}: no period file of type {data['type']}")
    said = {key: data[key] for key in HEAD if key in data}
    awaiting = ("collect:1",) if data["type"] == "year_end_archive" else ("draft:1",)
    return State.model_validate(
        {
            "number": event.number,
            "registered_at": event.at,
            "state": "opened",
            "awaiting": awaiting,
            "periodical": Period(period=data["form"]["period"], clause=event.clause),
            **said,
        }
    )


def _of(state: State) -> Period:
    if state.periodical is None:
        raise ValueError(f"{state.number} is no period file")
    return state.periodical


def _changed(state: State, changes: dict[str, Any], /, **more: Any) -> State:
    return change(state, periodical=_of(state).model_copy(update=changes), **more)


def _main(state: State, *keys: str, timers: dict[str, Any] | None = None) -> dict[str, Any]:
    """The file now waits for these keys; open objections stay asked."""
    kinds = {key.rpartition(":")[0] for key in (*state.awaiting, *state.timers)} - {"objection.office"}
    return await_(state, *keys, drop=tuple(kinds), timers=timers)


def _drafted(state: State, event: Event) -> State:
    data, attempt = event.data, event.data["attempt"]
    changes = {
        "snapshot": data["snapshot"]["sha256"],
        "summary": data["summary"],
        "drafted_at": event.at,
        "desks": tuple(data.get("desks", ())),
        "signatures": {},
    }
    # A compilation carries the highest mark of its parts.
    state = change(state, mark=data.get("mark", ""))
    if not data.get("objections_until"):
        return _onwards(_changed(state, changes, attempt=attempt))
    changes["objections_until"] = datetime.fromisoformat(data["objections_until"])
    window = f"{WINDOW}:{attempt}"
    waits = _main(state, window, timers={window: data["objections_until"]})
    return _changed(state, changes, attempt=attempt, state="objecting", desk=None, **waits)


def _onwards(state: State) -> State:
    """After the draft and its objections: what the office decided goes in, then the desks, then the publication."""
    period = _of(state)
    if period.open_objections:
        return change(state, state="deciding", desk="office", **_main(state))
    if any(one.upheld for one in period.objections if one.entry not in period.waived):
        return _redraft(state, "异议成立")
    if state.type == "bulletin":
        return change(state, state="editing", desk="office", **_main(state, f"edit.office:{state.attempt}"))
    return _to_desk(state, 0)


def _redraft(state: State, why: str) -> State:
    period = _of(state)
    upheld = (one.entry for one in period.objections if one.upheld)
    changes = {"redraft": why, "waived": tuple(dict.fromkeys((*period.waived, *upheld)))}
    return _changed(state, changes, state="redrafting", desk=None, **_main(state, f"draft:{state.attempt + 1}"))


def _to_desk(state: State, position: int) -> State:
    desks = _of(state).desks
    if position == len(desks):
        return change(state, state="publishing", desk=None, **_main(state, f"publish:{state.attempt}"))
    key = f"{DECISIONS[state.type]}.{desks[position]}:{state.attempt}"
    return change(state, state="approving", desk=desks[position], **_main(state, key))


def _named(state: State, event: Event) -> dict[str, Any]:
    """Whom the desks last named; a list that this one left out stands."""
    return _of(state).named | {name: event.data[name] for name in NAMED if name in event.data}


def _edited(state: State, event: Event) -> State:
    # What the office named and wrote is what the desks start from.
    signature = {**event.data, "by": event.actor.name, "at": event.at.isoformat()}
    changes = {"text": event.data["text"], "signatures": {"office": signature}, "named": _named(state, event)}
    after = _changed(state, changes)
    if event.data.get("dropped"):  # 五（十）不定期: the office does not issue one now
        return change(after, state="cancelled", desk=None, closed_at=event.at, awaiting=(), timers={})
    return _redraft(after, "办公室重新统计") if event.data["redraft"] else _to_desk(after, 0)


def _signed(state: State, event: Event) -> State:
    desk, period = event.data["desk"], _of(state)
    signature = {**event.data, "by": event.actor.name, "at": event.at.isoformat()}
    after = _changed(state, {"signatures": {**period.signatures, desk: signature}, "named": _named(state, event)})
    if event.data["verdict"] == "return":
        return _redraft(after, event.data["opinion"])
    return _to_desk(after, period.desks.index(desk) + 1)


def _objected(state: State, event: Event) -> State:
    data, period = event.data, _of(state)
    said = {name: data[name] for name in ("entry", "unit", "reason")}
    objection = Objection(number=data["objection"], by=event.actor.name, at=event.at, **said)
    waits = await_(state, f"objection.office:{objection.number}")
    return _changed(state, {"objections": (*period.objections, objection)}, **waits)


def _objection_decided(state: State, event: Event) -> State:
    data, period = event.data, _of(state)
    answer = {"upheld": data["upheld"], "answer": data["reason"]}
    objections = tuple(
        one.model_copy(update=answer) if one.number == data["objection"] else one for one in period.objections
    )
    key = f"objection.office:{data['objection']}"
    after = _changed(state, {"objections": objections}, awaiting=tuple(one for one in state.awaiting if one != key))
    return _onwards(after) if state.state == "deciding" else after


def _objections_closed(state: State, _event: Event) -> State:
    return _onwards(state)


def _published(state: State, event: Event) -> State:
    changes = {"published_at": event.at, "waived": tuple(event.data.get("waived", _of(state).waived))}
    reference = event.data.get("reference") or state.reference
    waits = _main(state, f"papers:{state.attempt}")
    return _changed(state, changes, state="published", desk=None, reference=reference, closed_at=event.at, **waits)


def _completed(state: State, event: Event) -> State:
    """Its papers are made: nothing is awaited any more."""
    return _changed(state, {"completed_at": event.at}, state="published", desk=None, awaiting=(), timers={})


def _collected(state: State, event: Event) -> State:
    changes = {"snapshot": event.data["snapshot"]["sha256"], "summary": event.data["summary"], "drafted_at": event.at}
    return _changed(state, changes, attempt=1, state="collected", **_main(state, "pack:1"))


def _packed(state: State, event: Event) -> State:
    changes = {"packages": tuple(event.data["packages"])}
    return _changed(state, changes, state="packed", **_main(state, "publish:1"))


HANDLERS: dict[str, Handler] = {
    "drafted": _drafted,
    "draft_edited": _edited,
    "draft_signed": _signed,
    "objected": _objected,
    "objection_decided": _objection_decided,
    "objections_closed": _objections_closed,
    "published": _published,
    "completed": _completed,
    "collected": _collected,
    "packed": _packed,
}
