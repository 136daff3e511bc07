"""送审签发: the notice goes from desk to desk (T7–T9)."""

from typing import Any

from duban import organization, regulation
from duban.acts.act import Act, post_name
from duban.acts.asking import Answer, Builder, Question, head, table, text_field, title
from duban.acts.form import checked
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.text import optional, required

LONGEST = 5000  # characters of an opinion

#: option -> what it means, for the desks of the chain.
SIGN_REVIEW = {"同意": "pass", "退改": "return"}
SIGN_FINAL = {"签发": "pass", "退改": "return", "不批": "refuse"}
REVISE = {"重新送审": "resubmit"}  # dropping the matter is a withdrawal, and that needs the chief (T36)


def submit(act: Act, actor: Actor) -> State:
    """Lay the notice on the first of the desks that the regulation names (T7); the attempt counts the times."""
    chain = act.law.sign_chain
    desks = [desk.post for desk in chain.desks]
    return act.record("submitted", f"submit:{act.state.attempt + 1}", actor, chain.basis.clause, {"desks": desks})


def _sign(state: State, desk: str) -> Question:
    law = regulation.load(state.regulation)
    final = desk == state.sign_desks[-1]
    step = next(one for one in law.sign_chain.desks if one.post == desk)
    rows = head(state)
    for post, signature in state.signatures.items():
        rows.append((f"{post_name(post)}意见", f"{signature.get('by', '')}：{signature.get('opinion') or '同意'}"))
    return Question(
        subject=f"{step.act}：{state.reference} {title(state)}",
        body=table(rows),
        options=tuple(SIGN_FINAL if final else SIGN_REVIEW),
        posts=(desk,),
        fields={"opinion": text_field("意见", "退改或不批时请写明理由，办公室据此修改。", lines=True)},
    )


def _revise(state: State, _desk: str) -> Question:
    form, unit = state.form, organization.load(state.organization).unit(state.unit)
    return Question(
        subject=f"修改督办通知单：{state.reference} {title(state)}",
        body=table([*head(state), ("退改意见", state.sent_back)]),
        options=tuple(REVISE),
        posts=("office",),
        fields={
            "title": text_field("标题", "不改就留原样。", form["title"]),
            "unit": text_field("承办单位", "单位名称或代码。", unit.name),
            "requirement": text_field("办理要求", "不改就留原样。", form["requirement"], lines=True),
        },
    )


def _signed(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    verdict = (SIGN_REVIEW | SIGN_FINAL)[option]
    opinion = optional(fields.get("opinion"), "意见", LONGEST)
    if verdict != "pass":
        opinion = required(opinion, f"意见（{option}的理由）", LONGEST)
    data = {"desk": desk, "verdict": verdict, "option": option, "opinion": opinion}
    return it.record("signed", key, actor, it.law.sign_chain.basis.clause, data)


def _revised(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    clause = it.law.registration.basis.clause
    changes = {name: fields[name] for name in ("title", "unit", "requirement") if fields.get(name)}
    form = checked({**it.state.form, **changes}, it.law, it.org, it.now)
    it.record("revised", key, actor, clause, {"option": option, "form": form})
    return submit(it, actor)


QUESTIONS: dict[str, Builder] = {"sign": _sign, "revise": _revise}
ANSWERS: dict[str, Answer] = {"sign": _signed, "revise": _revised}
