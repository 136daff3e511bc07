"""报进展: the report of a week (month), how it is sent back, and the office's check of a phase (T14, ZW-2.3)."""

from datetime import date
from typing import Any

from duban import documents, organization, regulation
from duban.acts.act import Act, act
from duban.acts.asking import Answer, Builder, Field, Question, head, pick_field, table, text_field, title
from duban.acts.bounds import STAGED, final_report
from duban.acts.delivering import refuse_other_channel, refuse_unreceived
from duban.acts.due import due_data
from duban.acts.form import is_secret
from duban.acts.handling import refuse_declined
from duban.acts.papers import attach, looked_through, make
from duban.acts.periods import ahead, cadence_of, clause_of, following, open_next, running
from duban.acts.reviewing import give_back
from duban.acts.words import told
from duban.deadlines import Due, chinese
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import UNDER_REVIEW, WITH_UNIT, Node, State
from duban.regulation.vocabulary import CARRIED_OUT

CHECKED = {"检查完毕": "checked"}


def report_period(
    number: str,
    actor: Actor,
    progress: str,
    carried_out: str,
    obstacle: str = "",
    remedy: str = "",
    next_plan: str = "",
    percent: int | None = None,
    name: str = "",
    content: bytes | None = None,
) -> State:
    """周报、月报 (T14, BC 六（四）, MM-3.5): a unit's report on a regular matter ends the round and opens the next.

    It says whether the matter is carried out, why not, and what is done about it (SK-1.2); what is not carried out
    needs the other two. `percent`: how much is done, 0–100. A late report covers all that was missed until today; the
    next is due on the next date after today. The same words twice on one day are one report. Raises Refusal for a
    matter that has no regular reports, for one more report in a period that has its own, and for the last period,
    which takes the 办结报告.
    """
    received = None
    if content is not None:
        received = looked_through(number, name, content, "文件不得录入本系统，请报送纸质件。")
    with act(number) as it:
        said = _said(it, progress, carried_out, obstacle, remedy, next_plan, percent)
        if _just_reported(it, said):
            return it.state
        refuse_other_channel(it, actor)
        node = _to_report_on(it)
        covered = _covered(it, node)
        upcoming = next((one for one in it.state.nodes if one.number > covered[-1].number), None)
        if upcoming is None:
            brought, due = following(it, covered[-1], max(it.now.date(), covered[-1].due_on))
        else:
            brought, due = upcoming.model_dump(mode="json"), _due_of(it, upcoming)
        more = ahead(it, brought, it.state.ends_on) if upcoming is None or _last(it, upcoming) else {}
        data = said | due_data(due, it) | _period_data(it, node) | {"covers": [one.number for one in covered]}
        data |= {"opens": brought["number"]} | more
        if new := [*([brought] if upcoming is None else []), *more.get("nodes", [])]:
            data["nodes"] = new
        if received is not None and content is not None:
            data |= _file(it, name, content) | {"kind": received.kind}
        it.record("period_reported", f"period:{it.state.round}", actor, clause_of(it), data)
        _paper(it)
        return it.state


def _said(
    it: Act, progress: str, carried_out: str, obstacle: str, remedy: str, next_plan: str, percent: int | None
) -> dict[str, Any]:
    if carried_out not in CARRIED_OUT:
        raise Refusal(f"“是否落实”不能是“{carried_out}”，请从{'、'.join(CARRIED_OUT)}中选择。")
    if percent is not None and not 0 <= percent <= 100:
        raise Refusal(f"“完成比例”应当在 0 到 100 之间，收到的是 {percent}，请改正。")
    open_ends = carried_out != CARRIED_OUT[0]
    return {
        "progress": told(it, progress, "进展情况"),
        "carried_out": carried_out,
        "obstacle": told(it, obstacle, "未落实的原因", wanted=open_ends),
        "remedy": told(it, remedy, "解决办法", wanted=open_ends),
        "next_plan": told(it, next_plan, "下步计划", wanted=False),
        "percent": percent,
    }


def _just_reported(it: Act, said: dict[str, Any]) -> bool:
    """A second click: the same words as the last report, on the same day."""
    return it.repeats("period_reported", said, today=True)


def _to_report_on(it: Act) -> Node:
    it.refuse_ended()
    refuse_unreceived(it)
    refuse_declined(it)
    node, number = running(it.state), it.number
    if node is None or it.state.type == STAGED or cadence_of(it.law, it.state.type) is None:
        how = "阶段进展报告" if it.state.type == STAGED else "进展情况或办结报告"
        raise Refusal(f"督办件 {number} 不按周（月）报送，请报送{how}。")
    if it.state.state in UNDER_REVIEW:
        raise Refusal(f"督办件 {number} 的办结报告正在审核，这一期不必再报。")
    if final_report(it.state):
        raise Refusal(f"督办件 {number} 的办结报告已经报过，请按办公室的要求补充后再报办结报告。")
    if it.state.ends_on is not None and node.due_on >= it.state.ends_on:
        raise Refusal(f"督办件 {number} 到 {node.due_on} 为止，这是最后一期，请报送办结报告。")
    if node.starts_on is not None and it.now.date() < node.starts_on:
        raise Refusal(f"督办件 {number} 本期已经报过，{node.name}从 {node.starts_on} 起报送；有新情况请报进展情况。")
    return node


def _covered(it: Act, node: Node) -> list[Node]:
    """The dates that a report of today answers: its own, and all that have come while it was late."""
    still_open = [one for one in it.state.nodes if one.closed_at is None and one.number != node.number]
    come = [one for one in still_open if one.number < node.number or one.lapsed or one.due_on <= it.now.date()]
    return sorted([node, *come], key=lambda one: one.number)


def _last(it: Act, node: Node) -> bool:
    return node.number == it.state.nodes[-1].number


def _due_of(it: Act, node: Node) -> Due:
    rule = cadence_of(it.law, it.state.type) or it.law.types[it.state.type]
    return Due(node.due_on, node.due_at, rule.basis, (), None)


def _period_data(it: Act, node: Node) -> dict[str, Any]:
    starts_on = chinese(node.starts_on) if node.starts_on else ""
    span = f"{starts_on}至{chinese(node.due_on)}"
    return {"node": node.number, "node_name": node.name, "period": span, "on_time": not it.state.current.lapsed}


def _file(it: Act, name: str, content: bytes) -> dict[str, Any]:
    cadence = cadence_of(it.law, it.state.type)
    stored = attach(it, name, content, (cadence.document if cadence else None) or it.law.reply.document)
    return {"sha256": stored.sha256, "name": stored.name, "size": stored.size}


def _paper(it: Act) -> None:
    """The report as a paper, where the bureau has a form for it."""
    cadence = cadence_of(it.law, it.state.type)
    if cadence and cadence.document in documents.kinds(it.state.organization):
        make(it, cadence.document)


def return_period(
    number: str, actor: Actor, reason: str, requirement: str, due_on: date | None = None, level: str = "office"
) -> State:
    """退回: the office sends the last periodic report back; its date stays, the next dates stay, it gets a round.

    Nobody reviews periodic reports one by one, so this is possible only until the next one comes. Twice is once.
    Raises Refusal when there is none to send back.
    """
    with act(number) as it:
        last = max((one for one in it.state.nodes if one.closed_at is not None), key=lambda n: n.number, default=None)
        if it.state.state == "returned" and it.repeats("returned", {"requirement": requirement, "level": level}):
            return it.state
        opened = it.state.rounds[-1].opened_by if it.state.rounds else ""
        if it.state.type == STAGED or last is None or it.state.state not in WITH_UNIT or opened != "period":
            raise Refusal(f"督办件 {number} 目前没有可以退回的周报（月报）。")
        data = {"node": last.number, "node_name": last.name, "opens": last.number}
        it.record("period_reopened", f"period_reopened:{it.state.round}", actor, clause_of(it), data)
        fields = {"requirement": requirement, "due_on": due_on}
        return give_back(it, f"return_period:{it.state.round}", actor, level, reason, fields)


def _check(state: State, _desk: str) -> Question:
    """检查督促: the office looks how far each unit has come and says so (ZW 二（三）, 三（一）)."""
    node, org = running(state), organization.load(state.organization)
    secret = "见纸质件" if is_secret(state.mark) else ""
    assert node is not None  # only a phase is checked
    fields: dict[str, Field] = {
        "findings": text_field("检查情况", "必填。检查了什么、发现什么问题；用于通报和考核。", secret, lines=True)
    }
    grades = regulation.load(state.regulation).stages.grades
    for code in (state.unit, *state.cohandlers) if grades else ():
        fields[f"grade_{code}"] = pick_field(f"{org.unit(code).short}评定", list(grades))
    rows = [*head(state), ("阶段", f"{node.name}（{node.starts_on} 至 {node.due_on}）")]
    return Question(
        subject=f"阶段检查：{state.reference} {title(state)}（{node.name}）",
        body=table(rows),
        options=tuple(CHECKED),
        posts=("office",),
        fields=fields,
    )


def _checked(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    node = running(it.state)
    assert node is not None
    known, grades = it.law.stages.grades, dict[str, str]()
    for code in (it.state.unit, *it.state.cohandlers):
        if not (grade := fields.get(f"grade_{code}")):
            continue
        if grade not in known:
            raise Refusal(f"评定不能是“{grade}”，请从{'、'.join(known) or '空白'}中选择。")
        grades[code] = str(grade)
    if known and it.state.unit not in grades:
        raise Refusal(f"“{it.unit.short}评定”没有填写，请补充后再提交。")
    data = {
        "option": option,
        "node": node.number,
        "node_name": node.name,
        "findings": told(it, fields.get("findings"), "检查情况"),
        "grades": grades,
        "on_time": not node.lapsed,
        "last": all(one.closed_at is not None or one.number == node.number for one in it.state.nodes),
    }
    it.record("checked", key, actor, clause_of(it), data)
    make(it, it.law.stages.inspection, nth=f"c{node.number}")
    return open_next(it) or it.state


QUESTIONS: dict[str, Builder] = {"check": _check}
ANSWERS: dict[str, Answer] = {"check": _checked}
