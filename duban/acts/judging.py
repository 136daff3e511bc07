"""审核、审批: what is asked when a reply lies with the office and its report with the leaders (T23–T31).

How deep the office looks is the regulation's business: substantive (BC-5.7), formal (LZ-3.2) or not at all (MM-3.2);
so are the faults that deduct points and those who may send a reply back.
"""

from typing import Any

from duban import organization, regulation
from duban.acts.act import Act
from duban.acts.asking import (
    Answer,
    Builder,
    Field,
    Question,
    date_field,
    head,
    minute,
    table,
    text_field,
    tick_field,
    title,
)
from duban.acts.form import is_secret
from duban.acts.reviewing import accept, approve, continue_work, gates, give_back
from duban.intake import checking
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.regulation import vocabulary

APPROVE_REVIEW = "同意上报"
APPROVE_FINAL = "批准办结"
ACCEPT = "审核合格"
#: Where the office has no duty to look into what it gets (MM-3.2), it takes it as it is.
TAKE = "接收汇总"
FURTHER_WORK = "续办"
#: option -> the level at which a reply is sent back; which levels there are is the regulation's business.
RETURNS = {
    "退回补办": "office",
    "主任退回重报": "director",
    "分管领导批示重办": "deputy",
    "批示重新办理": "chief",
}
#: tick -> (the score items that it may be, its words); shown where the office looks at the form of a reply.
FAULT_TICKS = {
    "format_fault": (("format_fault", "unsigned"), "格式不规范，或签字、印章不全"),
    "subject_mismatch": (("wrong_subject",), "报告主体与承办主体不一致"),
}


def return_options(law: regulation.Regulation, *levels: str) -> tuple[str, ...]:
    """The options to send a reply back that these levels have under the regulation."""
    return tuple(option for option, level in RETURNS.items() if level in levels and level in law.returns.levels)


def reasons(law: regulation.Regulation) -> dict[str, str]:
    """What a return may give as its reason: the regulation's word -> code."""
    return {words: code for words, code in vocabulary.RETURN_REASONS.items() if code in law.returns.reasons}


def _review(state: State, _desk: str) -> Question:
    law = regulation.load(state.regulation)
    current = state.current
    replied = minute(current.replied_at) if current.replied_at else ""
    rows = [*head(state), ("回复时间", f"{replied}{'（逾期）' if current.lapsed else ''}")]
    rows.append(("回复要求", _reply_words(state, law)))
    accepting = TAKE if law.review.depth == "none" else ACCEPT
    secret = "见纸质件" if is_secret(state.mark) else ""
    fields: dict[str, Field] = {
        "summary": text_field("办理情况摘要", "写入办理报告。", secret, lines=True),
        "conclusion": text_field("结论", "写入办理报告。"),
        "opinion": text_field("办公室意见", f"{accepting}时写入办理报告；续办时为续办原因。"),
    }
    levels = [level for level, rule in law.returns.levels.items() if rule.when != "from_approval"]
    options = (accepting, *return_options(law, *levels), FURTHER_WORK)
    check = checking.as_markdown(state.check) if state.check and law.review.depth != "none" else ""
    return Question(
        subject=f"审核回复：{state.reference} {title(state)}（第{state.round}轮）",
        body="\n\n".join(part for part in (table(rows), check) if part),
        options=options,
        posts=("office",),
        fields=fields | _ticks(state, law) | _return_fields(law),
    )


def _reply_words(state: State, law: regulation.Regulation) -> str:
    """How the unit has to reply: on paper, as a file, signed by whom, sealed."""
    rule, org = law.reply, organization.load(state.organization)
    copies = {"both": "纸质和电子", "either": "纸质或电子", "paper": "纸质", "electronic": "电子"}[rule.copies]
    signers = "、".join(org.title(post) for post in rule.signers)
    return f"{copies}，{signers}签字{'，加盖单位印章' if rule.seal else ''}"


def _ticks(state: State, law: regulation.Regulation) -> dict[str, Field]:
    """What the reviewer ticks: the faults, the sections that this matter wants, the paper that has not come."""
    if law.review.depth == "none":
        return {}
    fields: dict[str, Field] = {}
    for tick, (items, words) in FAULT_TICKS.items():
        scored = set(items) & set(law.score_items)
        fields[tick] = tick_field(
            words, "勾选即按制度扣分，报告更正后接收。" if scored else "报告更正后接收，记录在案。"
        )
    for tick, label in gates(law, state.form).items():
        fields[tick] = tick_field(f"报告有{label}", "本件必须写明。")
    if "has_revisit" in fields and "no_visit" in law.score_items:
        fields["no_visit"] = tick_field("未按要求回访当事人", "勾选即按制度扣分。")
    if law.reply.copies == "both":
        fields["no_paper"] = tick_field("纸质件未收到", "纸质件和电子文稿要一同报送，未收到的不能通过。")
    return fields


def _return_fields(law: regulation.Regulation) -> dict[str, Field]:
    words = list(reasons(law))
    scoring = [word for word, code in reasons(law).items() if law.returns.scores(code)]
    scored = f"按制度扣分的：{'、'.join(scoring)}。" if scoring else "都不扣分。"
    return {
        "reason": {
            "type": ["string", "null"],
            "enum": [None, *words],
            "title": "退回理由",
            "description": f"退回时必选。{scored}",
            "default": None,
        },
        "requirement": text_field("补办（续办）要求", "退回或续办时必填，写明要补什么、改什么。", lines=True),
        "due_on": date_field("补办（续办）期限", "不填则按制度计算。"),
    }


def _approve(state: State, desk: str) -> Question:
    law = regulation.load(state.regulation)
    final = desk == state.close_desks[-1]
    level = desk if desk in law.returns.levels else "office"
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
    if option in (ACCEPT, TAKE):
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
