"""The other way: a matter and its events in the words of a year's list. What follows by itself is not told."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from duban import organization, regulation
from duban.acts.judging import reasons
from duban.acts.modes import mode_word
from duban.acts.papers import SEE_PAPER
from duban.history.numbers import BY_USE
from duban.history.outcomes import FAULTS
from duban.history.turn import UNSAID
from duban.ledger import Event
from duban.ledger.standing import State
from duban.regulation import vocabulary

Cells = dict[str, Any]

TYPES = {code: word for word, code in vocabulary.TYPES.items()}
HOW = {code: word for word, code in vocabulary.URGE_FORMS.items()}
REASONS = {code: word for word, code in vocabulary.RETURN_REASONS.items()}
PRAISED = {"praised_in_bulletin": "通报", "praised_by_chief": "局长", "praised_above": "上级"}
CRITICISED = {"criticised": "通报", "criticised_above": "上级"}
TICKED = {
    "format_fault": "格式不规范",
    "unsigned": "主要领导未签",
    "subject_mismatch": "报告主体不符",
    "no_visit": "未按要求回访",
}
#: Column -> field of the form that stands in it as it is.
PLAIN = {
    "标题": "title",
    "批示领导": "instruction_by",
    "批示日期": "instruction_on",
    "批示内容": "instruction_text",
    "来文依据": "basis_document",
    "工作目标": "goal",
    "办理要求": "requirement",
    "紧急程度": "urgency",
    "密级": "mark",
    "纸质件存放处": "paper",
    "发放范围": "distribution",
    "联系电话": "contact",
    "提出要求的局领导": "order_by",
    "局长要求日期": "order_on",
    "局长要求": "order_text",
    "局长要求文号": "order_number",
    "同意的局党委领导": "consent_by",
    "局党委同意日期": "consent_on",
    "局党委同意文号": "consent_number",
    "特别重要的理由": "own_reason",
    "呈批理由": "proposal_reason",
    "上报对象": "report_to",
    "专项": "campaign",
}


def matter(state: State, first: str) -> Cells:
    """One row of 督办件; `first`: the unit that it was given to at first."""
    form, org, law = state.form, organization.load(state.organization), regulation.load(state.regulation)
    cells: Cells = {column: form.get(field) or "" for column, field in PLAIN.items()}
    source = int(form["source"])
    cells |= {
        "编号": state.number,
        "文号": "" if state.parent else state.reference,
        "类型": TYPES[state.type],
        "登记日期": f"{state.registered_at:%Y-%m-%d %H:%M}",
        "主件": state.parent,
        "承办单位": org.unit(first).short,
        "协办单位": "、".join(org.unit(code).short for code in state.cohandlers),
        "来源": f"{source} {law.sources[source].name}" if source in law.sources else source,
        "督办方式": "" if state.mode == "written" else mode_word(state.mode),
        "参加部门": "、".join(form.get("partners", ())),
        "违法违纪": "是" if form.get("violation") else "",
        "要求回访": "是" if form.get("revisit") else "",
        "上报": ("是" if form.get("report_up") else "否") if law.upward else "",
        "知情人员": "、".join(org.person(user).name for user in form.get("readers", ())),
        "限时日期": form.get("due_on") or "" if not form.get("stages") else "",
    }
    if form.get("proposed_by"):
        cells["呈批部门"] = org.unit(form["proposed_by"]).short
        cells["呈批方式"] = "备案" if form.get("proposal_route") == "record" else "呈局长"
    if form.get("stages"):
        cells["阶段"] = "\n".join(_stage(stage) for stage in form["stages"])
    return cells


def _stage(stage: Mapping[str, str]) -> str:
    dates = [stage["starts_on"], stage["ends_on"], *([stage["due_on"]] if stage["due_on"] != stage["ends_on"] else [])]
    return " ".join([stage["name"], *dates, *(["办公室"] if stage["by"] == "office" else [])])


def steps(state: State, events: Sequence[Event]) -> Iterator[Cells]:
    """The rows of 经过 of one matter; what needs no row of its own has none."""
    owes = {event.key: event.data["owes"] for event in events if event.kind == "accountability_opened"}
    for event in events:
        teller = TOLD.get(event.kind)
        if teller is not None and (said := teller(state, event)) is not None:
            if event.kind == "criticised":
                others = [_unit(state, code) for code in owes.get(f"case:{event.key}", ())]
                said["单位"] = "、".join(dict.fromkeys([said["单位"], *others]))
            yield _row(event, said)


def _row(event: Event, said: Cells) -> Cells:
    cells = {"编号": event.number, "日期": event.at.date(), "时间": f"{event.at:%H:%M}", **said}
    return {name: "" if value in (UNSAID, SEE_PAPER) else value for name, value in cells.items()}


def numbers(rows: Iterable[tuple[str, int, int]]) -> list[Cells]:
    """The rows of 已用文号: how far each series has come, by the letters that stand on paper."""
    org = organization.load()
    told = [(org.series.get(series, "") if series in BY_USE else series, year, last) for series, year, last in rows]
    return [{"机关代字": letters, "年份": str(year), "已用到": str(last)} for letters, year, last in told if letters]


def _day(event: Event) -> date | str:
    found = event.data.get("due_on")
    return date.fromisoformat(found) if found else ""


def _said(word: str, **columns: str) -> Callable[[State, Event], Cells]:
    """A row whose columns are fields of the event; `until` gets the date that the event sets."""

    def tell(_state: State, event: Event) -> Cells:
        names = {"by": "由谁", "text": "说明", "reason": "理由", "reference": "文号"}
        told = {names[column]: str(event.data.get(name) or "") for column, name in columns.items() if column in names}
        return {"事项": word, **told, **({"新期限": _day(event)} if "until" in columns else {})}

    return tell


def _dispatched(state: State, event: Event) -> Cells | None:
    stated = state.form.get("due_on") and not state.nodes and not state.parent
    return {"事项": "下达", "新期限": _day(event) if stated else ""}


def _unit(state: State, code: str) -> str:
    return organization.load(state.organization).unit(code).short if code else ""


def _reassigned(state: State, event: Event) -> Cells:
    return {"事项": "改派", "单位": _unit(state, event.data["unit"]), "说明": event.data.get("reason", "")}


def _visited(_state: State, event: Event) -> Cells:
    ended = "办结" if event.data.get("next") == "close" else ""
    return {"事项": "督办记录", "由谁": event.data["people"], "理由": ended, "说明": event.data["findings"]}


def _extended(_state: State, event: Event) -> Cells:
    stated = event.data.get("due_on") or event.data.get("stated")
    until = date.fromisoformat(stated) if stated else ""
    signer = event.data.get("signed_by", "")
    return {"事项": "延期", "由谁": signer, "新期限": until, "说明": event.data.get("reason", "")}


def _urged(_state: State, event: Event) -> Cells:
    data = event.data
    how = HOW.get(data.get("how", "document"), "")
    return {"事项": "催办", "理由": how, "文号": data.get("reference", ""), "说明": data.get("text", "")}


def _replied(_state: State, event: Event) -> Cells:
    data = event.data
    text = "" if data.get("text") == "办理情况见接管以前的报告。" else data.get("text", "")
    signer = data.get("signed_by", "")
    unsigned = "" if signer else "主要领导未签"
    return {"事项": "回复", "由谁": signer, "理由": unsigned, "文号": data.get("reference", ""), "说明": text}


def _returned(state: State, event: Event) -> Cells:
    law, data = regulation.load(state.regulation), event.data
    reason = {code: word for word, code in reasons(law).items()}.get(data["reason"], "")
    level = {"office": "办公室", "director": "办公室主任", "deputy": "分管领导", "chief": "局长"}.get(data["level"], "")
    return {"事项": "退回", "由谁": level, "新期限": _day(event), "理由": reason, "说明": data["requirement"]}


def _accepted(_state: State, event: Event) -> Cells:
    ticked = [TICKED[tick] for tick in FAULTS.values() if event.data.get(tick)]
    summary = event.data.get("summary", "")
    text = "" if summary == "办理情况见接管以前的案卷。" else summary
    return {"事项": "审核通过", "理由": "、".join(ticked), "说明": text}


def _checked(state: State, event: Event) -> Cells:
    grade = event.data.get("grades", {}).get(state.unit, "")
    return {"事项": "阶段检查", "理由": grade, "说明": event.data["findings"]}


def _approved(_state: State, event: Event) -> Cells | None:
    return {"事项": "办结"} if "upward" in event.data else None


def _named(word: str, levels: Mapping[str, str]) -> Callable[[State, Event], Cells]:
    def tell(state: State, event: Event) -> Cells:
        data = event.data
        unit, level = _unit(state, data["unit"]), levels.get(data["level"], "")
        return {"事项": word, "单位": unit, "由谁": level, "文号": data.get("bulletin", ""), "说明": data["reason"]}

    return tell


def _followed_up(_state: State, event: Event) -> Cells:
    data = event.data
    agreed = "相符" if data["consistent"] else "不符"
    return {"事项": "回访", "由谁": data["party"], "理由": agreed, "说明": data["opinion"]}


def _instructed(_state: State, event: Event) -> Cells:
    data = event.data
    until = date.fromisoformat(data["stated"]) if data.get("stated") else ""
    return {"事项": "新批示", "由谁": data["leader"], "新期限": until, "说明": data["text"]}


def _rendered(state: State, event: Event) -> Cells:
    data = event.data
    return {"事项": "书面说明", "单位": _unit(state, data["unit"]), "由谁": data["signed_by"], "说明": data["text"]}


def _issued(state: State, event: Event) -> Cells | None:
    last = state.sign_desks and event.data["desk"] == state.sign_desks[-1] and event.data["verdict"] == "pass"
    return {"事项": "签发"} if last else None


#: Kind of event -> its row.
TOLD: dict[str, Callable[[State, Event], Cells | None]] = {
    "signed": _issued,
    "dispatched": _dispatched,
    "phoned": _dispatched,
    "received": _said("领收", by="by"),
    "read": _said("阅批", by="by", text="opinion"),
    "declined": _said("退件", text="reason"),
    "reassigned": _reassigned,
    "kept": _said("维持原单位", text="reason", until=""),
    "visited": _visited,
    "tracked": _said("跟踪", reason="how", text="text"),
    "inspected": _said("检查", by="people", text="findings"),
    "progress_reported": _said("进展", text="text", until=""),
    "period_reported": _said("周报", reason="carried_out", text="progress"),
    "extension_requested": lambda _state, _event: None,
    "extended": _extended,
    "extension_refused": _said("不同意延期", text="reason"),
    "extension_objected": _said("不同意延期", text="reason", until=""),
    "urged": _urged,
    "urged_by_hand": _urged,
    "accounted": _said("书面说明", by="signed_by", text="text"),
    "account_rendered": _rendered,
    "date_set": _said("重定期限", until=""),
    "replied": _replied,
    "returned": _returned,
    "accepted": _accepted,
    "checked": _checked,
    "further_work": _said("续办", text="requirement", until=""),
    "instructed": _instructed,
    "own_result": _said("办理结果", by="people", text="summary"),
    "approved": _approved,
    "sent_up": _said("上报", by="to", reference="reference"),
    "withdrawn": _said("撤销", by="approved_by", text="reason"),
    "praised": _named("表扬", PRAISED),
    "criticised": _named("批评", CRITICISED),
    "followed_up": _followed_up,
    "accountability_closed": _said("问责处理", text="outcome"),
}
