"""需要操作: what the people of the office are asked, in their words. One builder a kind of wait."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from duban import organization, regulation
from duban.acts.act import post_name
from duban.acts.form import is_secret
from duban.errors import Refusal
from duban.ledger.standing import State
from duban.regulation import vocabulary

#: A field of an answer's form, as JSON schema with the value that it starts with.
Field = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked, of whom, and what may be answered."""

    subject: str
    body: str  # Markdown
    options: tuple[str, ...]
    posts: tuple[str, ...]
    fields: dict[str, Field] = field(default_factory=dict)


#: option -> what it means, for the desks of the two chains.
SIGN_REVIEW = {"同意": "pass", "退改": "return"}
SIGN_FINAL = {"签发": "pass", "退改": "return", "不批": "refuse"}
REVISE = {"重新送审": "resubmit"}  # dropping the matter is a withdrawal, and that needs the chief (T36)
CALLED = {"已电话通知": "called"}
NEW_DATE = {"确定新时限": "set"}
APPROVE_REVIEW = "同意上报"
APPROVE_FINAL = "批准办结"
ACCEPT = "审核合格"
FURTHER_WORK = "续办"
#: option -> the level at which a reply is sent back; which levels there are is the regulation's business.
RETURNS = {"退回补办": "office", "分管领导批示重办": "deputy", "批示重新办理": "chief"}


def question(state: State, key: str) -> Question:
    """The question behind a wait key. Raises Refusal for a key that no person answers."""
    kind = key.rpartition(":")[0]
    act, _dot, desk = kind.partition(".")
    builder = BUILDERS.get(kind) or BUILDERS.get(act)
    if builder is None:
        raise Refusal(f"“{key}”不是需要人来决定的事项。")
    return builder(state, desk)


def return_options(law: regulation.Regulation, *levels: str) -> tuple[str, ...]:
    """The options to send a reply back that these levels have under the regulation."""
    return tuple(option for option, level in RETURNS.items() if level in levels and level in law.returns.levels)


def reasons(law: regulation.Regulation) -> dict[str, str]:
    """What a return may give as its reason: the regulation's word -> code."""
    return {words: code for words, code in vocabulary.RETURN_REASONS.items() if code in law.returns.reasons}


def _title(state: State) -> str:
    return "（涉密件）" if is_secret(state.mark) else state.title


def _head(state: State) -> list[tuple[str, str]]:
    law, org = regulation.load(state.regulation), organization.load(state.organization)
    form = state.form
    rows = [("文号", state.reference), ("标题", _title(state)), ("承办单位", org.unit(state.unit).name)]
    rows += [("督办类型", law.types[state.type].name), ("来源", law.sources[form["source"]].name)]
    if is_secret(state.mark):
        return [*rows, ("密级", state.mark), ("纸质件", form["paper"])]
    if form.get("instruction_text"):
        rows.append(("批示", f"{form['instruction_by']}（{form['instruction_on']}）：{form['instruction_text']}"))
    rows.append(("办理要求", form["requirement"]))
    if state.due_on:
        rows.append(("办理时限", f"{state.due_on}（第{state.round}轮）"))
    return rows


def _table(rows: list[tuple[str, str]]) -> str:
    """A Markdown table whose cells hold text and nothing else."""
    lines = ["| 项目 | 内容 |", "|---|---|"]
    for name, value in rows:
        cell = value.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", "<br>")
        lines.append(f"| {name} | {cell if len(cell) <= 600 else cell[:600] + '……（全文见通知单）'} |")
    return "\n".join(lines)


def _text(title: str, description: str = "", default: str = "", lines: bool = False) -> Field:
    multiline = {"format": "multiline"} if lines else {}
    return {"type": ["string", "null"], "title": title, "description": description, "default": default, **multiline}


def _date(title: str, description: str) -> Field:
    return {"type": ["string", "null"], "format": "date", "title": title, "description": description, "default": None}


def _tick(title: str, description: str = "") -> Field:
    return {"type": "boolean", "title": title, "description": description, "default": False}


def _sign(state: State, desk: str) -> Question:
    law = regulation.load(state.regulation)
    final = desk == state.sign_desks[-1]
    step = next(one for one in law.sign_chain.desks if one.post == desk)
    rows = _head(state)
    for post, signature in state.signatures.items():
        rows.append((f"{post_name(post)}意见", f"{signature.get('by', '')}：{signature.get('opinion') or '同意'}"))
    return Question(
        subject=f"{step.act}：{state.reference} {_title(state)}",
        body=_table(rows),
        options=tuple(SIGN_FINAL if final else SIGN_REVIEW),
        posts=(desk,),
        fields={"opinion": _text("意见", "退改或不批时请写明理由，办公室据此修改。", lines=True)},
    )


def _revise(state: State, _desk: str) -> Question:
    form = state.form
    return Question(
        subject=f"修改督办通知单：{state.reference} {_title(state)}",
        body=_table([*_head(state), ("退改意见", state.sent_back)]),
        options=tuple(REVISE),
        posts=("office",),
        fields={
            "title": _text("标题", "不改就留原样。", form["title"]),
            "unit": _text("承办单位", "单位名称或代码。", organization.load(state.organization).unit(state.unit).name),
            "requirement": _text("办理要求", "不改就留原样。", form["requirement"], lines=True),
        },
    )


def _call(state: State, _desk: str) -> Question:
    unit = organization.load(state.organization).unit(state.unit)
    rows = [*_head(state), ("联络员", f"{unit.liaison.name} {unit.liaison.phone}")]
    return Question(
        subject=f"电话通知领收：{state.reference} {_title(state)}",
        body=_table(rows),
        options=tuple(CALLED),
        posts=("office",),
        fields={
            "callee": _text("受话人", "接电话的人和职务。", unit.liaison.name),
            "text": _text(
                "通知内容", "对方的答复也可以记在这里。", f"请派专人领收{state.reference}督办通知单。", lines=True
            ),
        },
    )


def _review(state: State, _desk: str) -> Question:
    law = regulation.load(state.regulation)
    current = state.current
    rows = [*_head(state), ("回复时间", f"{current.replied_at:%Y-%m-%d %H:%M}{'（逾期）' if current.lapsed else ''}")]
    fields: dict[str, Field] = {
        "summary": _text("办理情况摘要", "写入办理报告。", lines=True),
        "conclusion": _text("结论", "写入办理报告。"),
        "opinion": _text("办公室意见", "审核合格时写入办理报告；续办时为续办原因。"),
        "format_fault": _tick("格式不规范，或主要领导未审阅签字", "勾选即按制度扣分，报告更正后接收。"),
        "subject_mismatch": _tick("报告主体与承办主体不一致", "勾选即按制度扣分。"),
    }
    if state.form.get("violation"):
        fields["has_violation"] = _tick("报告有处理意见或整改措施", "本件反映违法违纪问题，必须写明。")
    if state.form.get("revisit"):
        fields["has_revisit"] = _tick("报告有回访当事人情况", "本件要求回访当事人。")
    fields |= _return_fields(law)
    options = (ACCEPT, *return_options(law, "office", "deputy"), FURTHER_WORK)
    return Question(
        subject=f"审核回复：{state.reference} {_title(state)}（第{state.round}轮）",
        body=_table(rows),
        options=options,
        posts=("office",),
        fields=fields,
    )


def _return_fields(law: regulation.Regulation) -> dict[str, Field]:
    words = list(reasons(law))
    scoring = [word for word, code in reasons(law).items() if law.returns.scores(code)]
    return {
        "reason": {
            "type": ["string", "null"],
            "enum": [None, *words],
            "title": "退回理由",
            "description": f"退回时必选。按制度扣分的：{'、'.join(scoring)}。",
            "default": None,
        },
        "requirement": _text("补办（续办）要求", "退回或续办时必填，写明要补什么、改什么。", lines=True),
        "due_on": _date("补办（续办）期限", "不填则按制度计算。"),
    }


def _approve(state: State, desk: str) -> Question:
    law = regulation.load(state.regulation)
    final = desk == state.close_desks[-1]
    level = "chief" if final else "office"
    options = (APPROVE_FINAL if final else APPROVE_REVIEW, *return_options(law, level))
    step = next(one for one in law.close_chain.desks if one.post == desk)
    return Question(
        subject=f"{step.act}办理报告：{state.reference} {_title(state)}",
        body=_table(_head(state)),
        options=(*options, FURTHER_WORK) if final else options,
        posts=(desk,),
        fields={"opinion": _text("意见", lines=True), **_return_fields(law)},
    )


def _new_date(state: State, _desk: str) -> Question:
    return Question(
        subject=f"重定办理时限：{state.reference} {_title(state)}",
        body=_table([*_head(state), ("说明", "承办单位主要领导已报送书面情况说明，请确定新的办理时限。")]),
        options=tuple(NEW_DATE),
        posts=("office",),
        fields={"due_on": _date("新的办理时限", "必填。"), "requirement": _text("要求", lines=True)},
    )


BUILDERS: dict[str, Callable[[State, str], Question]] = {
    "sign": _sign,
    "revise": _revise,
    "call": _call,
    "review": _review,
    "approve": _approve,
    "new_date": _new_date,
}
