"""审核和审批: what the office and the leaders are asked about a reply, and what their answers do (T23–T33)."""

from typing import Any

from duban import regulation
from duban.acts.act import Act
from duban.acts.asking import Answer, Builder, Field, Question, date_field, head, table, text_field, tick_field, title
from duban.acts.reviewing import accept, approve, continue_work, give_back
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.regulation import vocabulary

APPROVE_REVIEW = "同意上报"
APPROVE_FINAL = "批准办结"
ACCEPT = "审核合格"
FURTHER_WORK = "续办"
#: option -> the level at which a reply is sent back; which levels there are is the regulation's business.
RETURNS = {"退回补办": "office", "分管领导批示重办": "deputy", "批示重新办理": "chief"}


def return_options(law: regulation.Regulation, *levels: str) -> tuple[str, ...]:
    """The options to send a reply back that these levels have under the regulation."""
    return tuple(option for option, level in RETURNS.items() if level in levels and level in law.returns.levels)


def reasons(law: regulation.Regulation) -> dict[str, str]:
    """What a return may give as its reason: the regulation's word -> code."""
    return {words: code for words, code in vocabulary.RETURN_REASONS.items() if code in law.returns.reasons}


def _review(state: State, _desk: str) -> Question:
    law = regulation.load(state.regulation)
    current = state.current
    rows = [*head(state), ("回复时间", f"{current.replied_at:%Y-%m-%d %H:%M}{'（逾期）' if current.lapsed else ''}")]
    fields: dict[str, Field] = {
        "summary": text_field("办理情况摘要", "写入办理报告。", lines=True),
        "conclusion": text_field("结论", "写入办理报告。"),
        "opinion": text_field("办公室意见", "审核合格时写入办理报告；续办时为续办原因。"),
        "format_fault": tick_field("格式不规范，或主要领导未审阅签字", "勾选即按制度扣分，报告更正后接收。"),
        "subject_mismatch": tick_field("报告主体与承办主体不一致", "勾选即按制度扣分。"),
    }
    if state.form.get("violation"):
        fields["has_violation"] = tick_field("报告有处理意见或整改措施", "本件反映违法违纪问题，必须写明。")
    if state.form.get("revisit"):
        fields["has_revisit"] = tick_field("报告有回访当事人情况", "本件要求回访当事人。")
    fields |= _return_fields(law)
    options = (ACCEPT, *return_options(law, "office", "deputy"), FURTHER_WORK)
    return Question(
        subject=f"审核回复：{state.reference} {title(state)}（第{state.round}轮）",
        body=table(rows),
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
        "requirement": text_field("补办（续办）要求", "退回或续办时必填，写明要补什么、改什么。", lines=True),
        "due_on": date_field("补办（续办）期限", "不填则按制度计算。"),
    }


def _approve(state: State, desk: str) -> Question:
    law = regulation.load(state.regulation)
    final = desk == state.close_desks[-1]
    level = "chief" if final else "office"
    options = (APPROVE_FINAL if final else APPROVE_REVIEW, *return_options(law, level))
    step = next(one for one in law.close_chain.desks if one.post == desk)
    return Question(
        subject=f"{step.act}办理报告：{state.reference} {title(state)}",
        body=table(head(state)),
        options=(*options, FURTHER_WORK) if final else options,
        posts=(desk,),
        fields={"opinion": text_field("意见", lines=True), **_return_fields(law)},
    )


def _reviewed(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    if option == ACCEPT:
        return accept(it, key, actor, {**fields, "option": option})
    return _return_or_continue(it, key, option, fields, actor)


def _approved(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    if option in (APPROVE_FINAL, APPROVE_REVIEW):
        return approve(it, key, actor, desk, {**fields, "option": option})
    return _return_or_continue(it, key, option, fields, actor)


def _return_or_continue(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor) -> State:
    answer = {**fields, "option": option}
    if option == FURTHER_WORK:
        return continue_work(it, key, actor, answer)
    reason = reasons(it.law).get(str(fields.get("reason")), "")
    return give_back(it, key, actor, RETURNS[option], reason, answer)


QUESTIONS: dict[str, Builder] = {"review": _review, "approve": _approve}
ANSWERS: dict[str, Answer] = {"review": _reviewed, "approve": _approved}
