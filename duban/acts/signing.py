"""送审签发: the notice goes from desk to desk (T7–T9)."""

from typing import Any

from duban import organization, regulation
from duban.acts.act import Act
from duban.acts.asking import Answer, Builder, Question, date_field, head, table, text_field, title
from duban.acts.form import checked, is_secret
from duban.acts.words import LONGEST
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.regulation import Regulation
from duban.text import optional, required

#: option -> what it means, for the desks of the chain; the last one has a word of its own for passing it.
SIGN_REVIEW = {"同意": "pass", "退改": "return"}
SIGN = "签发"
REVISE = {"重新送审": "resubmit"}  # dropping the matter is a withdrawal, and that needs the chief (T36)


def last_word(law: Regulation) -> str:
    """What the last desk does that lets the notice go out, in the regulation's words: 签发, 阅示 (LZ), 审批 (MM)."""
    said = law.sign_chain.desks[-1].act
    return SIGN if said.endswith(SIGN) else said


def _options(law: Regulation, state: State, desk: str) -> dict[str, str]:
    return {last_word(law): "pass", "退改": "return", "不批": "refuse"} if desk == state.sign_desks[-1] else SIGN_REVIEW


def submit(act: Act, actor: Actor) -> State:
    """Lay the notice on the first of the desks that the regulation names (T7); the attempt counts the times."""
    chain = act.law.sign_chain
    desks = [desk.post for desk in chain.desks]
    return act.record("submitted", f"submit:{act.state.attempt + 1}", actor, chain.basis.clause, {"desks": desks})


def _sign(state: State, desk: str) -> Question:
    law = regulation.load(state.regulation)
    step = next(one for one in law.sign_chain.desks if one.post == desk)
    rows = head(state)
    org = organization.load(state.organization)
    for post in state.sign_desks:
        if signature := state.signatures.get(post):
            rows.append((f"{org.title(post)}意见", f"{signature.get('by', '')}：{signature.get('opinion') or '同意'}"))
    return Question(
        subject=f"{step.act}：{state.reference} {title(state)}",
        body=table(rows),
        options=tuple(_options(law, state, desk)),
        posts=(desk,),
        fields={"opinion": text_field("意见", "退改或不批时请写明理由，办公室据此修改。", lines=True)},
    )


def _revise(state: State, _desk: str) -> Question:
    form, org = state.form, organization.load(state.organization)
    law = regulation.load(state.regulation)
    fields = {"title": text_field("标题", "不改就留原样。", form["title"])}
    if state.unit != organization.OFFICE:
        fields["unit"] = text_field("承办单位", "单位名称或代码。", org.unit(state.unit).name)
        helping = "、".join(org.unit(code).name for code in state.cohandlers)
        fields["cohandlers"] = text_field("协办单位", "几个之间用顿号隔开；没有的留空。", helping)
    if not is_secret(state.mark):
        fields["requirement"] = text_field("办理要求", "不改就留原样。", form["requirement"], lines=True)
    if form.get("due_on") or law.types[state.type].leader_overrides:
        fields["due_on"] = date_field("办理期限", f"原为 {form['due_on'] or '按制度'}，不改就留空。")
    return Question(
        subject=f"修改督办通知单：{state.reference} {title(state)}",
        body=table([*head(state), ("退改意见", state.sent_back)]),
        options=tuple(REVISE),
        posts=("office",),
        fields=fields,
    )


def _signed(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    verdict = _options(it.law, it.state, desk)[option]
    opinion = optional(fields.get("opinion"), "意见", LONGEST)
    if verdict != "pass":
        opinion = required(opinion, f"意见（{option}的理由）", LONGEST)
    elif desk == it.state.sign_desks[-1]:
        _refuse_past_limit(it)
    data = {"desk": desk, "verdict": verdict, "option": option, "opinion": opinion}
    return it.record("signed", key, actor, it.law.sign_chain.basis.clause, data)


def _refuse_past_limit(it: Act) -> None:
    # Issued with a limit that is over, the notice would be late before the unit has it.
    stated = it.state.form.get("due_on")
    if stated and stated < it.now.date().isoformat():
        raise Refusal(
            f"通知单写的办理期限 {stated} 已过，不能{last_word(it.law)}，请选“退改”，由办公室改期限后重新送审。"
        )


def _revised(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    clause = it.law.registration.basis.clause
    changes = {name: fields[name] for name in ("title", "unit", "requirement", "due_on") if fields.get(name)}
    if fields.get("cohandlers") is not None:
        changes["cohandlers"] = fields["cohandlers"]  # nobody helps any more: an empty field says so
    form = checked({**it.state.form, **changes}, it.law, it.org, it.now, before=it.state.form)
    it.record("revised", key, actor, clause, {"option": option, "form": form})
    return submit(it, actor)


QUESTIONS: dict[str, Builder] = {"sign": _sign, "revise": _revise}
ANSWERS: dict[str, Answer] = {"sign": _signed, "revise": _revised}
