"""周报、阶段: matters that are reported on at several dates, each with a clock of its own (T14).

The dates stand in `nodes` and never move. `node` is the one that the running round is about; its clock is the round's.
Every later date has a timer of its own (`node:<n>`), so it is missed by itself, however late an earlier one still is.
"""

from typing import Any

from duban.ledger.records import Event
from duban.ledger.standing import Node, State
from duban.ledger.transitions.moves import Handler, change, kind_of, main, open_round, with_unit

#: What an event may carry about dates, beside its own data: dates, the one that the round is now about, the last day,
#: when to look again for a date that no calendar knows yet.
BROUGHT = ("nodes", "opens", "ends_on", "plan_at")


def planned(state: State, event: Event) -> State:
    """Take in the dates that an event brings, and watch those that come after the one the round is now about.

    Called after every handler: a dispatch, a new instruction and a period's report may all bring dates.
    """
    data = event.data
    if event.kind == "reply_lapsed" and "node" in data:
        state = _marked(state, [data["node"]], lapsed=True)
    if event.kind == "replied" and state.node:
        state = _marked(state, [state.node], reported_at=event.at)
    if not any(name in data for name in BROUGHT):
        return state
    said = {node["number"]: Node.model_validate(node) for node in data.get("nodes", ())}
    kept = {node.number: node for node in state.nodes}
    if "ends_on" in data:  # a new last day: what was planned and has neither come nor been done is planned anew
        kept = {number: node for number, node in kept.items() if node.lapsed or node.closed_at is not None}
    nodes = tuple(node for _number, node in sorted({**kept, **said}.items()))
    changes: dict[str, Any] = {"nodes": nodes, "node": data.get("opens", state.node)}
    if "ends_on" in data:
        changes["ends_on"] = data["ends_on"]
    return _watching(change(state, **changes), event)


def _watching(state: State, event: Event) -> State:
    replanned = ("node", "plan") if "nodes" in event.data or "plan_at" in event.data else ("node",)
    timers: dict[str, Any] = {key: at for key, at in state.timers.items() if kind_of(key) not in replanned}
    for node in state.nodes:
        if node.number > state.node and not node.lapsed and node.closed_at is None:
            timers[f"node:{node.number}"] = node.due_at
    if "plan_at" in event.data:
        timers[f"plan:{state.nodes[-1].number + 1}"] = event.data["plan_at"]
    return change(state, timers=timers)


def _marked(state: State, numbers: list[int], **marks: Any) -> State:
    nodes = tuple(node.model_copy(update=marks) if node.number in numbers else node for node in state.nodes)
    return change(state, nodes=nodes)


def _period_lapsed(state: State, event: Event) -> State:  # T14, T18 on the node
    number = event.data["node"]
    after = _marked(state, [number], lapsed=True, note=event.data["excuse"])
    # A check that is late stays to be made; only its clock is over.
    gone = f"check:{state.round}" if number == state.node else f"node:{number}"
    return change(after, timers={key: at for key, at in after.timers.items() if key != gone})


def _period_reported(state: State, event: Event) -> State:  # T14
    after = _marked(state, event.data["covers"], reported_at=event.at, closed_at=event.at)
    after = open_round(after, event, "period")
    return change(after, state=with_unit(after))


def _period_reopened(state: State, event: Event) -> State:
    """A report is sent back; `returned` follows with its date."""
    return _marked(state, [event.data["node"]], closed_at=None)


def _period_closed(state: State, event: Event) -> State:
    return _marked(state, [event.data["node"]], reported_at=state.current.replied_at, closed_at=event.at)


def _period_opened(state: State, event: Event) -> State:
    """The next phase: a round with its own fixed date, or a check by the office."""
    data = event.data
    if data["by"] == "office":
        after = change(open_round(state, event, "period", wait="check"), state="checking", desk="office")
        key, at = f"check:{after.round}", None  # a check whose date has passed has no clock any more
    else:
        after = open_round(state, event, "period")
        after = change(after, state=with_unit(after))
        # Its date has passed and is counted: the clock runs out now, and what follows a missed date follows.
        key, at = f"reply:{after.round}", event.at
    if not data["late"]:
        return after
    timers = {name: when for name, when in after.timers.items() if name != key}
    return change(after, timers=timers | ({key: at} if at else {}))


def _checked(state: State, event: Event) -> State:
    """The office has checked (ZW 二（三）); after the last phase the report on the whole is written."""
    after = _marked(state, [event.data["node"]], closed_at=event.at)
    following = (f"report:{state.round}",) if event.data["last"] else ()
    return change(after, state="accepted", desk=None, **main(after, *following))


HANDLERS: dict[str, Handler] = {
    "period_lapsed": _period_lapsed,
    "period_undated": lambda state, _event: state,
    "period_reported": _period_reported,
    "period_reopened": _period_reopened,
    "period_closed": _period_closed,
    "period_opened": _period_opened,
    "checked": _checked,
}
