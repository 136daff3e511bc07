"""承办、催办、回复: what a unit does with a matter, and what the clock makes the office do."""

from datetime import date
from typing import Any

from duban import deadlines, intake, ledger, numbering
from duban.acts.act import SYSTEM, Act, act, post_name
from duban.acts.asking import Answer, Builder, Question, date_field, head, table, text_field, title
from duban.acts.delivering import refuse_unreceived
from duban.acts.due import day_of, due_data, stated_due
from duban.acts.papers import attach, make
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import UNDER_REVIEW, WITH_UNIT, State
from duban.text import clean, optional, required

NEW_DATE = {"确定新时限": "set"}
LONGEST = 5000  # characters of a reason or a plan; a longer one belongs into an attachment

#: The series of 催办文号 in the organization file.
SERIES_URGE = "催办"

#: The paper that a consequence takes.
CONSEQUENCES = {"account": "书面情况说明通知", "accountability": "问责登记表"}


def reply(number: str, actor: Actor, name: str, content: bytes, signed_by: str = "") -> State:
    """回复 (T17, T20, T26): the unit's 办结报告 comes in and goes to the office for review.

    The time that counts is now, when the unit sends it. The same file twice is one reply. Raises Refusal for a file
    that is not safe to open, before receipt, while an earlier reply is under review, and after the end.
    """
    with act(number) as it:
        received = intake.inspect(name, content)
        if (known := it.done(f"reply:{it.state.round}")) and known.data["sha256"] == received.sha256:
            return it.state
        it.refuse_ended()
        refuse_unreceived(it)
        if it.state.state in UNDER_REVIEW:
            raise Refusal(f"督办件 {number} 第{it.state.round}轮的回复正在审核，请等审核结果，退回后可重新报送。")
        stored = attach(it, name, content, "办结报告")
        data = {
            "sha256": stored.sha256,
            "name": stored.name,
            "size": stored.size,
            "signed_by": optional(signed_by, "签字人", 40),
            "on_time": not it.state.current.lapsed,
            "kind": received.kind,
            "facts": received.facts,
        }
        return it.record("replied", f"reply:{it.state.round}", actor, it.law.reply.basis.clause, data)


def extend(number: str, actor: Actor, reason: str, plan: str, until: date, signed_by: str) -> State:
    """延期备案 (T15, T15x): why it cannot be done in time, what comes next, and until when.

    Filed before the deadline it moves the deadline; filed after it, it is only kept as news of progress (A3). Raises
    Refusal when one of the parts is missing or the new date is not later than the deadline.
    """
    with act(number) as it:
        said = {"reason": clean(reason), "plan": clean(plan), "stated": until.isoformat()}
        if it.repeats("extended", said):
            return it.state
        it.refuse_ended()
        refuse_unreceived(it)
        if it.state.state not in WITH_UNIT:
            raise Refusal(f"督办件 {number} 已报送回复，正在审核，不必再备案延期。")
        rule = it.law.extension
        if rule.mode == "none":
            raise Refusal(f"《{it.law.title}》不准延期，请按原时限 {it.state.due_on} 办结。")
        due = stated_due(it, until)
        if due.at <= it.now or (it.state.due_at is not None and due.at <= it.state.due_at):
            raise Refusal(f"新的办理期限 {until.isoformat()} 应晚于原期限 {it.state.due_on}，请改正。")
        data = due_data(due) | {
            "stated": until.isoformat(),
            "reason": _part(reason, "未办结原因", "reason" in rule.requires),
            "plan": _part(plan, "下一步办理安排", "next_steps" in rule.requires),
            "signed_by": _part(
                signed_by, "领导签字", bool({"head_signature", "deputy_signature"} & set(rule.requires))
            ),
            "effective": not (it.state.current.lapsed and rule.only_before_due),
        }
        if not data["effective"]:
            return _progress(it, "extended", actor, rule.basis.clause, data)
        return it.record("extended", f"extension:{it.state.round}", actor, rule.basis.clause, data)


def _part(value: str, label: str, wanted: bool) -> str:
    return required(value, label, LONGEST) if wanted else optional(value, label, LONGEST)


def report_progress(number: str, actor: Actor, text: str, until: date | None = None) -> State:
    """进展情况: news of a matter. After an urge it stops the clock of the urge and needs a new date (BC-5.5c, T20)."""
    with act(number) as it:
        if it.repeats("progress_reported", {"text": clean(text)}):
            return it.state
        it.refuse_ended()
        refuse_unreceived(it)
        data: dict[str, Any] = {"text": required(text, "进展情况", LONGEST), "effective": False}
        if it.state.state == "urged":
            if until is None:
                raise Refusal(f"督办件 {number} 已催办，报送进展时请同时写明预计办结的日期。")
            data |= due_data(stated_due(it, until))
        return _progress(it, "progress_reported", actor, it.law.urge.basis.clause, data)


def _progress(it: Act, kind: str, actor: Actor, clause: str, data: dict[str, Any]) -> State:
    """News after the deadline: it ends an urge that runs (a result or news of progress stops that clock)."""
    if it.state.state == "urged":
        data |= {"effective": True}
    nth = sum(1 for event in ledger.events(it.session, it.number) if event.kind == kind) + 1
    return it.record(kind, f"{kind}:{it.state.round}.{nth}", actor, clause, data)


def urge(number: str) -> State:
    """催办 (T19): the urge notice goes out and its short clock starts. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("urge"):
            due = deadlines.due(it.law.urge.grace, it.now, it.law)
            key = f"urge:{it.state.round}"
            data = due_data(due) | {"reference": _urge_reference(it, key)}
            it.record("urged", key, SYSTEM, it.law.urge.basis.clause, data)
            make(it, it.law.urge.document)
        return it.state


def _urge_reference(it: Act, key: str) -> str:
    """The number of the urge notice (催办文号); none where the bureau urges without a paper."""
    if it.law.urge.document is None:
        return ""
    n = numbering.allocate(it.session, SERIES_URGE, it.now.year, f"{it.number}/{key}", number=it.number)
    return f"{it.org.series[SERIES_URGE]}〔{it.now.year}〕{n}号"


def demand_account(number: str) -> State:
    """书面说明 (T21): the head of the unit is asked for a written account; the case is entered. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("demand"):
            data = {"to": account_to(it)}
            it.record("demanded", f"demand:{it.state.round}", SYSTEM, it.law.urge.basis.clause, data)
            for consequence in it.law.urge.then:
                if document := CONSEQUENCES.get(consequence):
                    make(it, document)
        return it.state


def account_to(it: Act) -> list[str]:
    """Whom the written account goes to; without an instructing leader, the post that stands in for one (A26)."""
    rule = it.law.urge
    leader = it.state.form.get("instruction_by")
    posts = [
        rule.without_leader or post if post == "instructing_leader" and not leader else post for post in rule.account_to
    ]
    return [str(leader) if post == "instructing_leader" else post_name(post) for post in posts]


def account(number: str, actor: Actor, text: str, signed_by: str) -> State:
    """The written account of the unit's head comes in (T22); the office then sets a new date."""
    with act(number) as it:
        if it.repeats("accounted", {"text": clean(text)}):
            return it.state
        it.refuse_ended()
        if it.state.awaits("account") is None and it.state.awaits("demand") is None:
            raise Refusal(f"督办件 {number} 目前不需要书面情况说明。")
        data = {"text": required(text, "情况说明", LONGEST), "signed_by": required(signed_by, "主要领导签字", 40)}
        return it.record("accounted", f"account:{it.state.round}", actor, it.law.urge.basis.clause, data)


def _new_date(state: State, _desk: str) -> Question:
    return Question(
        subject=f"重定办理时限：{state.reference} {title(state)}",
        body=table([*head(state), ("说明", "承办单位主要领导已报送书面情况说明，请确定新的办理时限。")]),
        options=tuple(NEW_DATE),
        posts=("office",),
        fields={"due_on": date_field("新的办理时限", "必填。"), "requirement": text_field("要求", lines=True)},
    )


def _date_set(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    day = day_of(fields.get("due_on"))
    if day is None:
        raise Refusal("“新的办理时限”没有填写，请补充后再提交。")
    due = due_data(stated_due(it, day))
    data = due | {"option": option, "requirement": optional(fields.get("requirement"), "要求", LONGEST)}
    return it.record("date_set", key, actor, it.law.urge.basis.clause, data)


QUESTIONS: dict[str, Builder] = {"new_date": _new_date}
ANSWERS: dict[str, Answer] = {"new_date": _date_set}
