"""呈批: a department proposes a matter, its leaders agree (T2–T5, BC-5.1b)."""

from typing import Any

from duban import organization, regulation
from duban.acts.act import SYSTEM, Act
from duban.acts.asking import Answer, Builder, Question, head, table, text_field, title
from duban.acts.beginning import begin
from duban.acts.modes import ROUTES
from duban.acts.papers import SEE_PAPER, make
from duban.acts.words import LONGEST
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.ledger.transitions.proposing import PROPOSE
from duban.text import optional, required

SIGN = {"同意": "pass", "不同意": "refuse"}


def propose(it: Act, actor: Actor) -> State:
    """Lay the 呈批表 on the first desk (T2); put on record instead, it ends there and skips the chief (A17)."""
    rule, form = it.law.registration, it.state.form
    desks = [desk.post for desk in rule.proposal_desks or ()]
    data = {
        "desks": desks[:1] if form["proposal_route"] == "record" else desks,
        "by": it.org.unit(form["proposed_by"]).name,
        "unit": form["proposed_by"],
        "reason": form["proposal_reason"] or SEE_PAPER,
        "route": form["proposal_route"],
    }
    return it.record("proposed", "proposal", actor, rule.basis.clause, data)


def opinions(state: State) -> list[tuple[str, str]]:
    """What the desks of the proposal have said so far, as rows of a question."""
    org = organization.load(state.organization)
    signed = ((desk, state.signatures.get(f"{PROPOSE}{desk}")) for desk in state.proposal_desks)
    return [(f"{org.title(desk)}意见", f"{one['by']}：{one.get('opinion') or '同意'}") for desk, one in signed if one]


def _propose(state: State, desk: str) -> Question:
    law, org, form = regulation.load(state.regulation), organization.load(state.organization), state.form
    step = next(one for one in law.registration.proposal_desks or () if one.post == desk)
    route = next(word for word, code in ROUTES.items() if code == form["proposal_route"])
    rows = [*head(state), ("呈批部门", org.unit(form["proposed_by"]).name), ("呈批方式", route)]
    rows += [("呈批理由", form["proposal_reason"] or SEE_PAPER), *opinions(state)]
    return Question(
        subject=f"{step.act}：{law.registration.proposal or '呈批'} {state.reference} {title(state)}",
        body=table(rows),
        options=tuple(SIGN),
        posts=(desk,),
        fields={"opinion": text_field("意见", "不同意时请写明理由。", lines=True)},
        unit=form["proposed_by"],
    )


def _signed(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    rule, verdict = it.law.registration, SIGN[option]
    opinion = optional(fields.get("opinion"), "意见", LONGEST)
    if verdict == "refuse":
        opinion = required(opinion, "意见（不同意的理由）", LONGEST)
    data = {"desk": desk, "verdict": verdict, "option": option, "opinion": opinion}
    state = it.record("proposal_signed", key, actor, rule.basis.clause, data)
    if verdict == "pass" and desk != state.proposal_desks[-1]:
        return state
    # Made once, with every signature on it; until then each desk reads it in its question.
    make(it, rule.proposal)
    return begin(it, SYSTEM) if verdict == "pass" else it.state


QUESTIONS: dict[str, Builder] = {"propose": _propose}
ANSWERS: dict[str, Answer] = {"propose": _signed}
