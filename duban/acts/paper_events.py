"""What a matter's papers say of what happened to it: the latest event of each kind, in words."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import Any

from duban.acts.act import Act
from duban.acts.form import is_secret
from duban.acts.paper_tables import CASE_WORDS, CONTENT, HOURS, MOMENTS, PARTS, REASON_WORDS, VERDICTS
from duban.acts.paper_values import day, hour, subject
from duban.documents import PAPER_ELSEWHERE as SEE_PAPER
from duban.ledger import Event


def event_values(it: Act, events: Sequence[Event]) -> dict[str, Any]:
    """The parts that the latest event of each kind adds; what did not happen says nothing."""
    values: dict[str, Any] = {}
    for event in events:
        for name, part in PARTS.get(event.kind, {}).items():
            if part in event.data:
                values[name] = _said(name, event.data[part])
        if moment := MOMENTS.get(event.kind):
            values[moment] = hour(event.at) if moment in HOURS else day(event.at)
        if event.kind in _SPECIAL:
            values |= _SPECIAL[event.kind](it, event)
    values |= _signatures(it, events) | _approvals(it, events) | _upward(it, values, events)
    if is_secret(it.state.mark):
        values |= {name: SEE_PAPER for name in CONTENT if values.get(name)}
    return values


def case_values(it: Act, opened: Event) -> dict[str, Any]:
    """What the paper of a case says of it, in a matter as in a period file."""
    said = {name: _said(name, opened.data[part]) for name, part in PARTS[opened.kind].items() if part in opened.data}
    return said | ({MOMENTS[opened.kind]: day(opened.at)} if opened.kind in MOMENTS else {}) | _opened(it, opened)


def _said(name: str, value: Any) -> str:
    if name == "return_reason":
        return REASON_WORDS.get(value, "")
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value)
    if name.endswith("_on") or name == "extension_until":
        return day(value)
    return "" if value is None else str(value)


def _registered(it: Act, event: Event) -> dict[str, Any]:
    """The clerk of the office who registered it; for what came in by command or in bulk, the office's contact."""
    return {"registered_by": event.actor.name if event.actor.post == "office" else it.org.posts["office"].name}


def _proposed(it: Act, event: Event) -> dict[str, Any]:
    by = event.data.get("unit") or event.data.get("by", "")
    deputy = next((holder.name for holder in it.org.holders("deputy", by if by in it.org.units else None)), "")
    route = {"approve": f"报{it.org.title('chief')}同意", "record": f"交{it.org.title('office')}登记备案"}
    return {
        "proposing_department": it.org.unit(by).name if by in it.org.units else by,
        "proposed_by": deputy,
        "proposal_route": route.get(event.data.get("route", ""), ""),
    }


def _proposal_signed(_it: Act, event: Event) -> dict[str, Any]:
    """The leader who wants the matter supervised is the deputy who has signed the proposal (BC-5.1b)."""
    return {"proposed_by": event.actor.name} if event.data.get("desk") == "deputy" else {}


def _reassigned(it: Act, event: Event) -> dict[str, Any]:
    former = event.data.get("from_unit")
    return {"from_unit": it.org.unit(former).name if former else ""}


def _visited(_it: Act, event: Event) -> dict[str, Any]:
    outcome = event.data.get("option", "") if event.data.get("next") else ""
    return {"recorder": event.actor.name, "visit_outcome": outcome}


def _own(_it: Act, event: Event) -> dict[str, Any]:
    return {"recorder": event.actor.name}


def _extended(it: Act, event: Event) -> dict[str, Any]:
    if event.kind == "extension_requested":
        former, effect = it.state.due_on, "待审批"
    else:
        earlier = [one for one in it.state.rounds if one.number <= (event.round or 0)]
        former = earlier[-1].due_on if earlier else None
        effect = "时限顺延" if event.data.get("effective") else "到期后报来，时限不变，作为进展情况"
    return {"extension_effect": effect, "former_due_on": day(former)}


def _period(it: Act, event: Event) -> dict[str, Any]:
    node = event.data.get("node")
    known = next((one for one in it.state.nodes if one.number == node), None)
    carried = event.data.get("carried_out")
    words = {True: "已经落实", False: "没有落实"}
    percent = event.data.get("percent")
    return {
        "node": event.data.get("node_name") or (known.name if known else ""),
        "node_due_on": day(known.due_on) if known else "",
        "carried_out": words.get(carried, "") if isinstance(carried, bool) else str(carried or ""),
        "percent": "" if percent in (None, "") else f"{str(percent).removesuffix('%')}%",
        "progress": event.data.get("progress") or event.data.get("text", ""),
        "period_reported_by": event.actor.name,
    }


def _checked(it: Act, event: Event) -> dict[str, Any]:
    known = next((one for one in it.state.nodes if one.number == event.data.get("node")), None)
    grades = event.data.get("grades") or {}
    lines = [
        {"nth": place, "unit": it.org.unit(unit).name if unit in it.org.units else unit, "grade": grade}
        for place, (unit, grade) in enumerate(grades.items(), start=1)
    ]
    return {"node": known.name if known else "", "grades": lines, "check_people": event.actor.name}


def _inspected(_it: Act, event: Event) -> dict[str, Any]:
    return {"recorder": event.actor.name, "node": "", "grades": []}


def _coordinated(it: Act, event: Event) -> dict[str, Any]:
    names = [it.org.unit(code).name if code in it.org.units else code for code in event.data.get("units", ())]
    return {"coordination_units": "、".join(names)}


def _followed_up(_it: Act, event: Event) -> dict[str, Any]:
    consistent = event.data.get("consistent")
    return {"consistent": "一致" if consistent else "不一致", "follow_by": event.actor.name}


def _instructed(it: Act, event: Event) -> dict[str, Any]:
    """After dispatch the paper of a new instruction says that one alone; the notice says them all."""
    if not it.state.rounds:
        return {}
    return {
        "instruction_by": event.data["leader"],
        "instruction_on": day(event.data["on"]),
        "instruction_text": event.data["text"],
    }


def _criticised(it: Act, _event: Event) -> dict[str, Any]:
    item = it.law.score_items.get("criticised_above")
    names = {"承办单位": it.unit.name}
    who = [names.get(one, one) for one in (item.account_by if item is not None else ())] or [it.unit.name]
    return {"account_units": "、".join(who)}


def _leaked(_it: Act, event: Event) -> dict[str, Any]:
    return {"evidence": f"{event.data.get('text', '')}（责任人：{event.data.get('person', '')}）"}


def _opened(it: Act, event: Event) -> dict[str, Any]:
    reason = event.data.get("reason", "")
    unit = event.data.get("unit") or it.state.unit
    place = next((nth for nth, one in enumerate(it.state.cases, start=1) if one.id == event.data.get("case")), 1)
    owing = [it.org.unit(code).name for code in event.data.get("owes") or () if code in it.org.units]
    return ({"account_units": "、".join(owing)} if owing else {}) | {
        "accountability_reason": CASE_WORDS.get(reason, reason).format(grace=it.law.urge.grace or ""),
        "accountability_clause": event.clause,
        "accountable_unit": it.org.unit(unit).name if unit in it.org.units else unit,
        "accountability_id": f"{it.number}-{place}",
    }


def _urged(_it: Act, event: Event) -> dict[str, Any]:
    return {"urge_text": event.data.get("text", "")}


_SPECIAL: dict[str, Callable[[Act, Event], dict[str, Any]]] = {
    "registered": _registered,
    "proposed": _proposed,
    "reassigned": _reassigned,
    "visited": _visited,
    "extension_requested": _extended,
    "extended": _extended,
    "period_reported": _period,
    "checked": _checked,
    "inspected": _inspected,
    "coordinated": _coordinated,
    "followed_up": _followed_up,
    "instructed": _instructed,
    "criticised": _criticised,
    "accountability_opened": _opened,
    "leaked": _leaked,
    "own_result": _own,
    "proposal_signed": _proposal_signed,
    "urged": _urged,
}

#: list of signatures -> (event that lays the paper on the desks, event of one signature).
_CHAINS = {
    "proposal_signatures": ("proposed", "proposal_signed"),
    "extension_signatures": ("extension_requested", "extension_signed"),
    "upward_signatures": ("upward_drafted", "upward_signed"),
}


def _signatures(it: Act, events: Sequence[Event]) -> dict[str, Any]:
    """For each chain one line a desk, in order; a desk that has not signed has its line, blank."""
    found = {}
    for name, (begun, signed) in _CHAINS.items():
        start = next((event for event in reversed(events) if event.kind == begun), None)
        if start is None:
            continue
        given = {e.data.get("desk"): e for e in events if e.kind == signed and e.seq > start.seq}
        desks = start.data.get("desks") or _desks_of(it, begun)
        found[name] = [_signature(it, desk, given.get(desk)) for desk in desks]
    return found


def _approvals(it: Act, events: Sequence[Event]) -> dict[str, Any]:
    """Who agreed to the report that was laid on the desks last: the director or, where none is asked, the office's
    clerk who took the reply (MM-4.4); and the desk that decides (BC-5.8a)."""
    begun = ("accepted", "own_result", "reported")
    start = next((event for event in reversed(events) if event.kind in begun), None)
    if start is None:
        return {}
    desks = [desk.post for desk in it.law.close_chain.desks]
    given = {e.data.get("desk"): e for e in events if e.kind == "approved" and e.seq > start.seq}
    taken = next((event for event in reversed(events) if event.kind == "accepted"), None)
    director = given.get("director") if "director" in desks else taken
    decided = given.get(desks[-1]) if desks and desks[-1] != "director" else None
    values = {"report_on": day(start.at)} if start.kind == "reported" else {}
    for name, event in (("report_director", director), ("report_chief", decided)):
        if event is not None:
            values |= {name: event.actor.name, f"{name}_on": day(event.at)}
    return values


def _desks_of(it: Act, begun: str) -> Iterable[str]:
    rule = it.law.extension.desks if begun == "extension_requested" else None
    return [desk.post for desk in rule or ()]


def _signature(it: Act, desk: str, event: Event | None) -> dict[str, str]:
    if event is None:
        return {"post": it.org.title(desk)}
    opinion = SEE_PAPER if is_secret(it.state.mark) else event.data.get("opinion", "")
    verdict = event.data.get("option") or VERDICTS.get(event.data.get("verdict", ""), "")
    return {
        "post": it.org.title(desk),
        "by": event.actor.name,
        "verdict": verdict,
        "opinion": opinion,
        "on": day(event.at),
    }


def _upward(it: Act, values: dict[str, Any], events: Sequence[Event]) -> dict[str, Any]:
    """What goes up (LZ-3.4): the office's draft under the bureau's name, else the unit's own paper to the office."""
    draft = it.state.upward
    title = f"关于{subject(it.state.title)}的报告"
    reply = next((event for event in reversed(events) if event.kind == "replied"), None)
    enclosed = PurePath(reply.data.get("name") or "").stem if reply is not None else ""
    attachments = _attached(draft.get("attachments") or enclosed)
    text = "\n".join(part for part in (values.get("reply_summary", ""), values.get("conclusion", "")) if part)
    if not draft:
        return {
            "upward_title": title,
            "attachments": attachments,
            "upward_text": text,
            "upward_signature": it.unit.name,
            "addressee": it.org.office,
            "signed_by": values.get("reply_signer", ""),
            "printed_by": it.unit.name,
            "printed_on": day(it.now),
        }
    signed_on = draft.get("signed_on") or it.now
    return {
        "upward_title": title,
        "attachments": attachments,
        "upward_text": draft.get("text") or text,
        "upward_reference": draft.get("reference", ""),
        "upward_signature": it.org.name,
        "addressee": draft.get("addressee") or draft.get("to", ""),
        "signed_by": draft.get("signed_by", ""),
        "signed_on": day(draft.get("signed_on")),
        "document_on": day(signed_on),
        "printed_by": it.org.office,
        "printed_on": day(draft.get("sent_on") or it.now),
    }


def _attached(said: str) -> list[dict[str, str]]:
    """附件说明: a name a line; one alone has no number (GB/T 9704 7.3.4)."""
    names = [name.strip() for name in said.split("\n") if name.strip() and name.strip() != "无"]
    numbered = len(names) > 1
    return [{"nth": str(nth) if numbered else "", "name": name} for nth, name in enumerate(names, start=1)]
