"""周报、阶段: matters that are reported on at several dates (T14, BC 五（八）, 六（四）, ZW 二).

The dates are fixed: the table of the phases writes them down, or the week (month) brings them. Every date is missed by
itself and once (A10); a date that passes while the office holds the matter up is on record and nobody's fault.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from duban import clock, deadlines
from duban.acts import parts
from duban.acts.act import SYSTEM, Act, catch_up
from duban.acts.bounds import STAGED, final_report
from duban.acts.due import due_data
from duban.deadlines import Due
from duban.errors import Refusal
from duban.ledger.standing import UNDER_REVIEW, WITH_UNIT, Node, State
from duban.regulation import Regulation
from duban.regulation.time_shapes import Cadence

_DAY = timedelta(days=1)


def cadence_of(law: Regulation, type_id: str) -> Cadence | None:
    """How often a matter of this type is reported on; None for a type with one deadline."""
    found = law.types[type_id].cadence or (law.cadence if type_id == "routine" else None)
    return found if found is not None and found.every in ("week", "month") else None


def opening(it: Act) -> dict[str, Any] | None:
    """The first report's due date as an event carries it; None for a matter with one deadline."""
    if it.state.type == STAGED:
        return _first_phase(it)
    if (cadence := cadence_of(it.law, it.state.type)) is None:
        return None
    today = it.now.date()
    ends_on = _last_day(it)
    # Given to another unit, it goes on with the dates that are to come.
    number = max((node.number for node in it.state.nodes if node.lapsed or node.closed_at is not None), default=0) + 1
    first, due = _period(it, cadence, number, today, today, ends_on)
    known: dict[str, Any] = {"opens": number, "ends_on": ends_on.isoformat() if ends_on else None, "nodes": [first]}
    return due_data(due, it) | _plus(known, ahead(it, first, ends_on))


def _last_day(it: Act) -> date | None:
    if stated := it.state.form.get("due_on"):
        return date.fromisoformat(stated)
    limit = it.law.types[it.state.type].limit
    return deadlines.due(limit, it.now, it.law).on if limit is not None else None


def _period(
    it: Act, cadence: Cadence, number: int, after: date, starts_on: date, ends_on: date | None
) -> tuple[dict[str, Any], Due]:
    """The next date later than `after`; the last day of the matter is the last date, whatever weekday it is."""
    due = deadlines.next_report(cadence, after, it.law)
    if ends_on is not None and due.on >= ends_on:
        due = deadlines.stated(ends_on, it.law, today=min(ends_on, it.now.date()))
    return _node(number, f"第{number}期", starts_on, due), due


def _node(number: int, name: str, starts_on: date, due: Due, by: str = "unit") -> dict[str, Any]:
    dates = {"starts_on": starts_on.isoformat(), "due_on": due.on.isoformat(), "due_at": due.at.isoformat()}
    return {"number": number, "name": name, "by": by, **dates}


def following(it: Act, last: Node | dict[str, Any], after: date) -> tuple[dict[str, Any], Due]:
    """The date after `last` that is later than `after`. Raises Refusal in a year without a published calendar."""
    node = Node.model_validate(last)
    cadence = cadence_of(it.law, it.state.type)
    assert cadence is not None  # nothing else than a matter with a cadence asks
    return _period(it, cadence, node.number + 1, after, max(node.due_on, after) + _DAY, it.state.ends_on)


def ahead(it: Act, last: Node | dict[str, Any], ends_on: date | None) -> dict[str, Any]:
    """The date after `last`, so that it is missed by itself; none after the last day.

    A year whose holidays are not published yet stops nobody: it is looked for again day by day.
    """
    node, cadence = Node.model_validate(last), cadence_of(it.law, it.state.type)
    if cadence is None or (ends_on is not None and node.due_on >= ends_on):
        return {}
    try:
        return {"nodes": [_period(it, cadence, node.number + 1, node.due_on, node.due_on + _DAY, ends_on)[0]]}
    except Refusal:
        tomorrow = datetime.combine(it.now.date() + _DAY, time(), clock.SHANGHAI)
        return {"plan_at": tomorrow.isoformat()}


def _plus(known: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {**known, **more, "nodes": [*known["nodes"], *more.get("nodes", [])]}


def _first_phase(it: Act) -> dict[str, Any]:
    """All phases with the dates of their table; what was over before the notice went out is nobody's fault."""
    nodes = []
    for number, stage in enumerate(it.state.form["stages"], start=1):
        day = date.fromisoformat(stage["due_on"])
        due = deadlines.stated(day, it.law, today=min(day, it.now.date()))
        node = _node(number, stage["name"], date.fromisoformat(stage["starts_on"]), due, stage["by"])
        past = due.at <= it.now
        nodes.append(node | {"lapsed": past, "note": "before_dispatch" if past else ""})
    known = {node.number for node in it.state.nodes if node.closed_at is not None}
    first = next(node for node in nodes if node["number"] not in known)
    brought = [node for node in nodes if node["number"] not in known]
    return _clock(it, Node.model_validate(first)) | {"opens": first["number"], "nodes": brought}


def _clock(it: Act, node: Node) -> dict[str, Any]:
    """The end of the round about a phase: its fixed date, or a short limit where the unit could not keep it."""
    if node.lapsed and node.note:
        return due_data(deadlines.due(it.law.returns.limit or it.law.urge.grace, it.now, it.law), it)
    return due_data(deadlines.stated(node.due_on, it.law, today=min(node.due_on, it.now.date())), it)


def running(state: State) -> Node | None:
    """The date to report on that the running round is about; None for a matter with one deadline."""
    return next((node for node in state.nodes if node.number == state.node), None)


def report_kind(it: Act) -> str:
    """What the report is called that ends the running round: of a phase before the last, or of the whole."""
    node = running(it.state)
    last = node is None or node.number == it.state.nodes[-1].number
    return it.law.reply.document if it.state.type != STAGED or last else it.law.stages.document or it.law.reply.document


def clause_of(it: Act) -> str:
    """The clause that lays down the dates."""
    if it.state.type == STAGED:
        return it.law.stages.basis.clause
    cadence = cadence_of(it.law, it.state.type)
    return (cadence or it.law.types[it.state.type]).basis.clause


def new_end(it: Act, on: date | None) -> dict[str, Any] | None:
    """A leader names the last day of a matter that is reported on regularly; None for every other matter or word.

    The reports go on until then; what was missed before stays missed.
    """
    cadence = cadence_of(it.law, it.state.type)
    if on is None or cadence is None or not it.state.nodes:
        return None
    deadlines.stated(on, it.law, today=it.now.date())
    today, node = it.now.date(), running(it.state)
    done = [one for one in it.state.nodes if one.lapsed or one.closed_at is not None]
    kept = node is not None and node not in done and not it.state.ended
    last = done[-1] if done else None
    starts_on = node.starts_on if kept and node else None
    number = last.number + 1 if last else 1
    first, due = _period(
        it, cadence, number, max(today - _DAY, last.due_on if last else today - _DAY), starts_on or today, on
    )
    known: dict[str, Any] = {"opens": number, "ends_on": on.isoformat(), "nodes": [first]}
    return due_data(due, it) | _plus(known, ahead(it, first, on))


def at_lapse(it: Act) -> dict[str, Any]:
    """What a lapsed due date says beside itself: which date to report on it was, whose fault a late part is."""
    node = running(it.state)
    if node is None:
        return parts.at_lapse(it)
    said: dict[str, Any] = {"node": node.number, "node_name": node.name}
    if node.lapsed and not node.note and it.state.current.due_at == node.due_at:
        # It passed while an earlier phase was still open, and was counted then (A10: once a missed date).
        said |= {"scores": False, "counted_by": f"lapse:node:{node.number}"}
    return said


def carry_on(it: Act) -> State | None:
    """After a phase's report was accepted, open the next phase; None when there is none."""
    node = running(it.state)
    if it.state.type != STAGED or node is None:
        return None
    if node.closed_at is None and node.by == "unit":
        data = {"node": node.number, "node_name": node.name, "grades": {}}
        it.record("period_closed", f"period_closed:{node.number}", SYSTEM, clause_of(it), data)
    return open_next(it)


def open_next(it: Act) -> State | None:
    """Open the first phase that is not done; None after the last.

    Its date stands. When that has passed already and is counted, the round begins late, and what follows a missed date
    follows at once.
    """
    node = next((node for node in it.state.nodes if node.closed_at is None), None)
    if node is None:
        return None
    late = node.lapsed if node.by == "office" else node.lapsed and not node.note
    data = {"node": node.number, "opens": node.number, "node_name": node.name, "by": node.by, "late": late}
    key = f"period_opened:{node.number}:{it.state.round}"
    it.record("period_opened", key, SYSTEM, clause_of(it), _clock(it, node) | data)
    catch_up(it)
    return it.state


def _excuse(it: Act, node: Node) -> str:
    """Why a date that passes is not the unit's fault; empty when it is."""
    if node.by == "office":
        return "office"
    if it.state.state not in (*WITH_UNIT, *UNDER_REVIEW) or it.state.state == "declined":
        return "before_dispatch"  # whose it is has not been decided again
    if it.state.type != STAGED:
        return "final_report" if final_report(it.state) else ""
    waits = it.state.state in UNDER_REVIEW
    # A check that the office drags on, or a report that came in time and lies with the office.
    return "under_review" if waits and (it.state.state == "checking" or not it.state.current.lapsed) else ""


def _node_lapsed(it: Act, key: str, at: datetime) -> None:
    """T14, T18: a date to report on has passed, while an earlier one is still open."""
    number = it.state.node if key.startswith("check:") else int(key.rpartition(":")[2])
    node = next(node for node in it.state.nodes if node.number == number)
    excuse = _excuse(it, node)
    data: dict[str, Any] = {"node": number, "node_name": node.name, "due_on": node.due_on.isoformat()}
    data |= {"due_at": at.isoformat(), "excuse": excuse, "scores": not excuse}
    data |= {"at_fault": [] if excuse else [it.state.unit]} | ahead(it, node, it.state.ends_on)
    it.record("period_lapsed", f"lapse:node:{number}", SYSTEM, clause_of(it), data, at=at)


def _plan(it: Act, key: str, at: datetime) -> None:
    """The next date could not be counted: its year had no published calendar. Look again."""
    found = ahead(it, it.state.nodes[-1], it.state.ends_on)
    if "plan_at" in found:
        found["plan_at"] = max(found["plan_at"], (at + _DAY).isoformat())
    it.record("period_undated", f"{key}:{at.date()}", SYSTEM, clause_of(it), found, at=at)


#: Kind of timer -> what happens when it runs out (see lapsing.py).
LAPSES: dict[str, Callable[[Act, str, datetime], None]] = {"node": _node_lapsed, "check": _node_lapsed, "plan": _plan}
