"""What happened to a matter, told in Chinese: one line an event, folded by round, for whoever may see the matter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from duban import deadlines, organization
from duban.acts.act import post_name
from duban.acts.modes import mode_word
from duban.acts.paper_tables import CASE_WORDS, REASON_WORDS, VERDICTS
from duban.acts.tables import BY
from duban.acts.urging import HOW
from duban.errors import Refusal
from duban.ledger import Event, State
from duban.organization import Organization
from duban.regulation import vocabulary
from duban.reports.happened import short

Words = Callable[[Mapping[str, Any], Organization], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One event: when (aware), what in words, on which clause, by whom, and what was said (label, text)."""

    seq: int
    at: datetime
    kind: str
    words: str
    clause: str
    by: str
    said: tuple[tuple[str, str], ...]
    minor: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A round and its lines, newest first; number 0 is the time before the first."""

    number: int
    words: str
    lines: tuple[Line, ...]


#: How a round was opened, or how what came before it ended.
OPENED: dict[str, str] = {
    "dispatched": "首次办理",
    "extended": "延期",
    "returned": "退回补办",
    "further_work": "续办",
    "instructed": "新批示",
    "progress": "报来进展后",
    "progress_reported": "报来进展后",
    "accounted": "书面说明后",
    "date_set": "重定期限",
    "period": "报下一期",
    "extension_objected": "延期未准",
}
#: What is said beside an event: part of its data -> label. In this order.
SAID: dict[str, str] = {
    **dict.fromkeys(("text", "findings", "ruling", "summary"), "内容"),
    "reason": "理由",
    "requirement": "要求",
    "opinion": "意见",
    "conclusion": "结论",
    "progress": "进展情况",
    "carried_out": "是否落实",
    "obstacle": "未落实的原因",
    "remedy": "解决办法",
    "done": "已做工作",
    "plan": "下一步安排",
    "next_plan": "下步计划",
    "percent": "完成比例",
    "outcome": "处理结果",
    "causes": "原因分析",
    "measures": "对策措施",
    "people": "参加人员",
    "place": "地点",
    "on": "日期",
    "callee": "受话人",
    "how": "方式",
    "party": "当事人",
    "leader": "批示领导",
    "person": "责任人",
    "head": "单位主要领导",
    "units": "有关单位",
    "unit": "单位",
    "from_unit": "原单位",
    "partners": "参加部门",
    "bulletin": "文号",
    "reference": "编号",
    "signed_by": "签字",
    "approved_by": "批准",
    "by": "经办",
    "to": "报送",
    "due_on": "期限",
    "rolled": "顺延",
}
#: Events that matter to nobody who reads what happened; the papers and the readers are shown on their own.
HIDDEN = ("documented", "consulted", "urge_day_came", "period_undated")
#: Steps of the system between two acts of people.
MINOR = ("submitted", "tasked", "reported", "demanded", "parts_planned", "reminded", "filed", "period_opened")


def _desk(words: str) -> Words:
    def said(data: Mapping[str, Any], org: Organization) -> str:
        option = data.get("option") or VERDICTS.get(str(data.get("verdict")), "")
        return f"{words}：{_title(org, data.get('desk', ''))}{option}"

    return said


def _case(data: Mapping[str, Any], org: Organization) -> str:
    return f"问责登记：{_unit(org, data.get('unit', ''))}"


def _returned(data: Mapping[str, Any], org: Organization) -> str:
    return f"{data.get('level_text') or _title(org, data.get('level', ''))}退回补办"


def _extended(data: Mapping[str, Any], _org: Organization) -> str:
    return "延期备案，期限顺延" if data.get("effective") else "过期报来的延期说明，期限不变"


def _named(words: str) -> Words:
    return lambda data, org: (
        f"{words}（{vocabulary.SCORED_WORDS.get(data.get('level', ''), '')}）：{_unit(org, data.get('unit', ''))}"
    )


def _node(words: str) -> Words:
    return lambda data, _org: f"{words}{data.get('node_name', '')}"


def _closed(data: Mapping[str, Any], org: Organization) -> str:
    # Whether it goes up is said by the last desk alone: with it the matter is decided.
    return _desk("审批办理报告")(data, org) + ("，办结" if data.get("upward") is False else "")


def _followed(data: Mapping[str, Any], _org: Organization) -> str:
    return "跟踪回访：与回复一致" if data.get("consistent") else "跟踪回访：与回复不一致"


def _ended_part(data: Mapping[str, Any], org: Organization) -> str:
    return f"分办件 {data.get('number', '')}（{_unit(org, data.get('unit', ''))}）了结"


#: Kind of event -> what it is in words, or what makes the words of it.
TOLD: dict[str, str | Words] = {
    "registered": "立项登记",
    "proposed": "提出呈批",
    "proposal_signed": _desk("呈批"),
    "submitted": "督办通知单送审",
    "signed": _desk("签批督办通知单"),
    "revised": "修改通知单，重新送审",
    "dispatched": "交办下达",
    "phoned": "电话交办",
    "called": "电话通知领收",
    "tasked": "安排办理",
    "visited": lambda data, _org: f"{mode_word(data['mode'])}督办记录" if data.get("mode") else "督办记录",
    "released": "暗访情况公开，转承办单位",
    "received": "领收",
    "copy_received": lambda data, org: f"协办单位领收：{_unit(org, data.get('unit', ''))}",
    "receipt_lapsed": "逾时没有领收",
    "read": "阅批",
    "reading_lapsed": "逾时没有阅批",
    "declined": "退件",
    "kept": "退件未准，仍由原单位办理",
    "reassigned": lambda data, org: f"改派：{_unit(org, data.get('unit', ''))}",
    "part_reassigned": lambda data, org: f"分办件 {data.get('number', '')} 改派：{_unit(org, data.get('unit', ''))}",
    "parts_planned": "准备分解下达",
    "decomposed": "分解下达",
    "part_ended": _ended_part,
    "part_closed": "分办件办结",
    "period_opened": _node("开始"),
    "period_reported": _node("报送进度："),
    "period_lapsed": _node("没有按时报送："),
    "period_reopened": _node("退回重报："),
    "period_closed": _node("审核通过："),
    "checked": _node("阶段检查："),
    "replied": lambda data, _org: "报来纸质回复" if data.get("kind") == "paper" else "报来回复",
    "reply_lapsed": "到期没有报来",
    "own_result": "办公室报告办理结果",
    "own_lapsed": "到期没有办完",
    "urged": "催办",
    "urged_by_hand": "办公室催办",
    "urge_deferred": "暂不催办",
    "urged_reply_lapsed": "催办后仍没有报来",
    "demanded": "责成书面说明",
    "accounted": "报来书面情况说明",
    "date_set": "重新确定办理时限",
    "progress_reported": "报送进展",
    "extension_requested": "申请延期",
    "extension_signed": _desk("延期审批"),
    "extended": _extended,
    "extension_refused": "延期未获同意",
    "extension_objected": "办公室不同意延期",
    "reminded": "到期提醒",
    "warned": lambda data, _org: f"分级催办：{data.get('name', '')}",
    "tracked": "过问",
    "inspected": "检查",
    "accepted": "审核通过",
    "returned": _returned,
    "further_work": "续办",
    "reported": "办理报告送审",
    "approved": _closed,
    "filed": "办结归档",
    "archived": "列入年度归档",
    "upward_drafted": "拟稿上报",
    "upward_revised": "修改上报稿",
    "upward_signed": _desk("签发上报件"),
    "sent_up": "上报",
    "instructed": "新批示",
    "withdrawn": "撤销",
    "praised": _named("表扬"),
    "criticised": _named("批评"),
    "leaked": "泄密登记",
    "coordinated": "协调",
    "followed_up": _followed,
    "accountability_opened": _case,
    "accountability_closed": lambda data, org: f"问责处理结果：{_unit(org, data.get('unit', ''))}",
    "account_rendered": lambda data, org: f"向局党委书面说明：{_unit(org, data.get('unit', ''))}",
}


def turns(state: State, events: Sequence[Event]) -> tuple[Turn, ...]:
    """Return what happened, round by round and newest first in each."""
    org = organization.load(state.organization)
    found: dict[int, list[Line]] = {state.round: []} if state.round else {}  # nothing may have happened in it yet
    opens = {one.opened_at: one.number for one in state.rounds}
    for event in events:
        if event.kind not in HIDDEN:
            # What opens a round was entered in the one before it, and is told as the beginning of its own.
            number = opens.get(event.at, 0) if "due_on" in event.data else 0
            found.setdefault(number or event.round or 0, []).append(line(event, org))
    opened = {one.number: OPENED.get(one.opened_by, "") for one in state.rounds}
    opened |= {one.number: "改派后重新交办" for one in state.rounds[1:] if one.opened_by == "dispatched"}
    return tuple(
        Turn(number, opened.get(number, "") if number else "交办以前", tuple(reversed(found[number])))
        for number in sorted(found, reverse=True)
    )


def line(event: Event, org: Organization) -> Line:
    """Return the line of one event; one of a kind that nobody has words for is told by its kind."""
    words = TOLD.get(event.kind, event.kind)
    return Line(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        words=words if isinstance(words, str) else words(event.data, org),
        clause=event.clause,
        by=event.actor.name,
        said=tuple(_said(event, org)),
        minor=event.kind in MINOR,
    )


def _said(event: Event, org: Organization) -> Iterator[tuple[str, str]]:
    for part, label in SAID.items():
        value = event.data.get(part)
        if value in (None, "", [], ()) or (part == "unit" and event.kind not in ("leaked",)):
            continue
        if part == "by" and value == event.actor.name:
            continue
        text = _value(part, value, org)
        yield _label(event.kind, part, label), short(text) if (event.kind, part) == ("replied", "text") else text


def _label(kind: str, part: str, label: str) -> str:
    if kind == "replied" and part == "text":
        return "摘要"
    return (
        {"extended": "未办结原因", "extension_requested": "未办结原因"}.get(kind, label) if part == "reason" else label
    )


def _value(part: str, value: Any, org: Organization) -> str:
    if isinstance(value, list | tuple):
        return "、".join(_value("unit" if part == "units" else part, one, org) for one in value)
    text = str(value)
    if part in ("on", "due_on"):
        return deadlines.chinese(date.fromisoformat(text[:10]))
    if part == "how":
        return HOW.get(text, text)
    if part == "reason":
        return REASON_WORDS.get(text) or CASE_WORDS.get(text, text).replace("{grace}", "限期")
    if part == "by" and text in BY.values():
        return _unit(org, text) if text == organization.OFFICE else "承办单位"
    if part in ("unit", "from_unit"):
        return _unit(org, text)
    return f"{text.removesuffix('%')}%" if part == "percent" else text


def _unit(org: Organization, code: str) -> str:
    try:
        return org.unit(code).short if code else ""
    except Refusal:
        return code


def _title(org: Organization, post: str) -> str:
    try:
        return org.title(post) if post else ""
    except Refusal:
        return post_name(post)
