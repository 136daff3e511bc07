"""延期: more time, put on record by the unit (BC-5.6b, MM-6.4) or granted, and what is said against it (T15).

A request that comes in time stops the clock until it is decided. Refused, the old deadline stands; if it has passed
meanwhile, it has passed at the moment of the refusal and not before.
"""

from datetime import date, datetime
from typing import Any

from duban import deadlines, ledger, organization, regulation
from duban.acts.act import Act, act, catch_up
from duban.acts.asking import Answer, Builder, Question, date_field, head, table, text_field, title
from duban.acts.bounds import refuse_outside
from duban.acts.cases import paper_for
from duban.acts.delivering import refuse_unreceived
from duban.acts.due import day_of, due_data, heralds, stated_due
from duban.acts.handling import keep_news, refuse_declined
from duban.acts.papers import make
from duban.acts.words import NAME, told
from duban.deadlines import Due
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import WITH_UNIT, State
from duban.text import optional, required

GRANT, REFUSE = "同意", "不同意"
#: What opens a matter anew, so that the times of an extension are counted afresh (最多几次).
AFRESH = ("dispatched", "instructed", "further_work")


def extend(
    number: str, actor: Actor, reason: str, plan: str, until: date | None, signed_by: str, done: str = ""
) -> State:
    """延期 (T15, T15x): why it cannot be done in time, what has been done, what comes next, and until when.

    By the regulation it counts as soon as it is on record, or has to be granted. Filed after the deadline it is
    only kept as news of progress where the rule says so (A3). Raises Refusal when one of the parts is missing, the
    new date is not later than the deadline or later than the rule allows, or there have been enough extensions.
    """
    with act(number) as it:
        rule = it.law.extension
        said = _said(it, reason, plan, until, signed_by) | {"done": told(it, done, "已做工作", wanted=False)}
        if _asked_already(it, said):
            return it.state
        it.refuse_ended()
        refuse_unreceived(it)
        refuse_declined(it)
        if it.state.state not in WITH_UNIT or not it.state.rounds:
            raise Refusal(f"督办件 {number} 已报送回复，正在审核，不必再办延期。")
        if rule.mode in (None, "none"):
            raise Refusal(f"《{it.law.title}》不准延期，请按原时限 {it.state.due_on} 办结。")
        late = it.state.current.lapsed and rule.only_before_due
        if until is None:  # why it is late, without a new date: on record, and the deadline stands (MM-6.4)
            return keep_news(it, "extended", actor, rule.basis.clause, said | {"effective": False})
        data = said | due_data(_new_due(it, until), it)
        if late:
            return keep_news(it, "extended", actor, rule.basis.clause, data | {"effective": False})
        _refuse_beyond(it, until)
        if rule.mode == "approve":
            return _request(it, actor, data)
        return _granted(it, f"extension:{it.state.round}", actor, data)


def _asked_already(it: Act, said: dict[str, Any]) -> bool:
    """Whether just this was put on record or asked for and nobody has said no since."""
    kinds = ("extended", "extension_requested", "extension_refused", "extension_objected")
    known = ledger.events(it.session, it.number, *kinds)
    parts = {name: said[name] for name in ("reason", "plan", "stated")}
    return bool(known) and known[-1].data.items() >= parts.items()


def _said(it: Act, reason: str, plan: str, until: date | None, signed_by: str) -> dict[str, Any]:
    wanted = set(it.law.extension.requires)
    if until is None and ("new_date" in wanted or it.law.extension.mode == "approve"):
        raise Refusal("“新的完成日期”没有填写，请补充后再提交。")
    signature = bool({"head_signature", "deputy_signature"} & wanted)
    return {
        "reason": told(it, reason, "未办结原因", wanted="reason" in wanted),
        "plan": told(it, plan, "下一步办理安排", wanted="next_steps" in wanted),
        "stated": until.isoformat() if until else "",
        "signed_by": (required if signature else optional)(signed_by, "领导签字", NAME),
    }


def _new_due(it: Act, until: date) -> Due:
    due = stated_due(it, until)
    if due.at <= it.now or due.at <= it.state.current.due_at:
        raise Refusal(f"新的办理期限 {until.isoformat()} 应晚于原期限 {it.state.current.due_on}，请改正。")
    refuse_outside(it, due.on)
    return due


def _refuse_beyond(it: Act, until: date) -> None:
    """The limits that a regulation sets: how often, and how long each time."""
    rule = it.law.extension
    if it.taken_over:  # it was granted then
        return
    granted = 0
    for one in reversed(it.state.rounds):
        granted += one.opened_by == "extended"
        if one.opened_by in AFRESH:
            break
    if rule.max_times is not None and granted >= rule.max_times:
        raise Refusal(
            f"《{it.law.title}》{rule.basis.clause}规定最多延期{rule.max_times}次，本件已延期{granted}次，不能再延。"
        )
    if rule.max_length is None:
        return
    latest = _latest(it)
    if until > latest:
        raise Refusal(
            f"《{it.law.title}》{rule.basis.clause}规定每次最长延期{rule.max_length}，本件最晚延到 {latest}，请改正。"
        )


def _latest(it: Act) -> date:
    """The last day that an extension may reach: its length counts from the day after the old deadline."""
    old = it.state.current.due_on
    first = old if not it.law.counting.first_day else date.fromordinal(old.toordinal() + 1)
    start = datetime.combine(first, it.state.current.due_at.time(), it.state.current.due_at.tzinfo)
    return deadlines.due(it.law.extension.max_length, start, it.law).on


def _granted(it: Act, key: str, actor: Actor, data: dict[str, Any]) -> State:
    it.record("extended", key, actor, it.law.extension.basis.clause, data | {"effective": True})
    make(it, it.law.extension.document or paper_for(it, "未办结"))
    return it.state


def _request(it: Act, actor: Actor, data: dict[str, Any]) -> State:
    if any(key.startswith("extend.") for key in it.state.awaiting):
        raise Refusal(f"督办件 {it.number} 已有一份延期申请正在审批，请等审批结果。")
    n = 1 + len(ledger.events(it.session, it.number, "extension_requested"))
    desks = [desk.post for desk in it.law.extension.desks or ()]
    asked = data | {"n": n, "desks": desks, "timely": not it.state.current.lapsed}
    it.record("extension_requested", f"extension_request:{n}", actor, it.law.extension.basis.clause, asked)
    make(it, it.law.extension.document or paper_for(it, "延期审批"), nth=str(n))
    return it.state


def _extend(state: State, desk: str) -> Question:
    law, org = regulation.load(state.regulation), organization.load(state.organization)
    asked = state.extension
    rows = [*head(state), ("申请延期至", asked["due_on"]), ("未办结原因", asked["reason"])]
    rows += [("已做工作", asked.get("done", "")), ("下一步安排", asked["plan"]), ("单位签字", asked["signed_by"])]
    rows += [
        (f"{org.title(one['desk'])}意见", f"{one['by']}：{one['opinion'] or one['option']}")
        for one in asked["opinions"]
    ]
    step = next(one for one in law.extension.desks or () if one.post == desk)
    final = desk == asked["desks"][-1]
    dates = {"due_on": date_field("批准延期至", "不填则按申请的日期。")} if final else {}
    return Question(
        subject=f"延期{step.act}：{state.reference} {title(state)}",
        body=table([row for row in rows if row[1]]),
        options=(GRANT, REFUSE),
        posts=(desk,),
        fields={"opinion": text_field("意见", "不同意时请写明理由。", lines=True), **dates},
    )


def _extension_signed(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    asked, clause = it.state.extension, it.law.extension.basis.clause
    position = asked["desks"].index(desk) + 1
    following = asked["desks"][position] if position < len(asked["desks"]) and option == GRANT else ""
    data = {"desk": desk, "verdict": "pass" if option == GRANT else "refuse", "option": option, "next": following}
    data["opinion"] = told(it, fields.get("opinion"), "不同意的理由", wanted=option == REFUSE)
    if option == REFUSE:
        it.record("extension_signed", key, actor, clause, data)
        return _refused(it, f"extension_refused:{asked['n']}", actor, data["opinion"])
    due = None if following else _due_granted(it, day_of(fields.get("due_on")))
    it.record("extension_signed", key, actor, clause, data)
    if due is None:
        return it.state
    said = {name: asked[name] for name in ("reason", "done", "plan", "stated", "signed_by") if name in asked}
    return _granted(it, f"extension:{it.state.round}", actor, said | due_data(due, it) | {"request": asked["n"]})


def _due_granted(it: Act, day: date | None) -> Due:
    """The date that is granted: the one asked for, unless it has passed by now, or another within the rule's limits."""
    on = day or date.fromisoformat(it.state.extension["stated"])
    if day is None and on < it.now.date():
        raise Refusal(f"申请的日期 {on} 在审批期间已过，请填写“批准延期至”，或选“{REFUSE}”。")
    due = _new_due(it, on)
    _refuse_beyond(it, on)
    return due


def _refused(it: Act, key: str, actor: Actor, reason: str) -> State:
    current = it.state.current
    data: dict[str, Any] = {"reason": reason}
    if it.state.awaits("reply") and not current.lapsed:
        lapses = max(current.due_at, it.now).isoformat()
        data |= {"due_on": current.due_on.isoformat(), "lapses_at": lapses}
        data |= {"heralds": heralds(it, current.due_on, current.due_at, moved=True)}
    it.record("extension_refused", key, actor, it.law.extension.basis.clause, data)
    catch_up(it)
    return it.state


def object_extension(number: str, actor: Actor, reason: str, due_on: date | None = None) -> State:
    """The office does not agree with an extension that was only put on record (A3): back to the old date or another.

    Raises Refusal where the rule does not let the office object, when there is no extension to object to, and when
    the old date has passed and no other is written.
    """
    with act(number) as it:
        rule, key = it.law.extension, f"objection:{it.state.round}"
        text = told(it, reason, "不同意的理由")
        if (known := it.done(key)) is not None and known.data["reason"] == text:
            return it.state
        it.refuse_ended()
        if not rule.office_may_object:
            raise Refusal(f"《{it.law.title}》没有规定办公室可以不同意延期备案。")
        current = it.state.current if it.state.rounds else None
        if current is None or current.opened_by != "extended" or it.state.awaits("reply") is None or known is not None:
            raise Refusal(f"督办件 {number} 目前没有可以不同意的延期备案。")
        old = it.state.rounds[-2].due_on
        if due_on is None and it.state.rounds[-2].due_at <= it.now:
            raise Refusal(f"督办件 {number} 的原时限 {old} 已过，请写明新的期限（早于备案的 {current.due_on}）。")
        due = stated_due(it, due_on or old)
        if due.at >= current.due_at:
            raise Refusal(f"期限 {due.on} 应早于备案的 {current.due_on}，请改正；同意延期的不必办理。")
        data = due_data(due) | {"reason": text, "heralds": heralds(it, due.on, due.at, moved=True)}
        return it.record("extension_objected", key, actor, rule.basis.clause, data)


QUESTIONS: dict[str, Builder] = {"extend": _extend}
ANSWERS: dict[str, Answer] = {"extend": _extension_signed}
