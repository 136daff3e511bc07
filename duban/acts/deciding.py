"""The answers to what people are asked: each goes into the ledger, with the matter's new state, in one transaction."""

from collections.abc import Callable
from typing import Any

from duban.acts import questions
from duban.acts.act import OPERATOR, Act, act, post_name
from duban.acts.form import checked
from duban.acts.handling import LONGEST, due_data, stated_due
from duban.acts.papers import make
from duban.acts.questions import question
from duban.acts.registering import submit
from duban.acts.reviewing import _day, accept, approve, continue_work, give_back
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import STATES, State
from duban.text import optional, required


def decide(number: str, key: str, option: str, fields: dict[str, Any], actor: Actor) -> State:
    """Record a person's answer to the question `key` (T8, T9, T23–T33).

    The same answer by the same person twice is one answer. Raises Refusal when somebody else has answered, when the
    question no longer stands (a new instruction, a withdrawal), when the person does not hold the post, or when
    the form of the answer is incomplete; then nothing is written.
    """
    with act(number) as it:
        if (known := it.done(key)) is not None:
            if known.actor.user == actor.user and known.data.get("option") == option:
                return it.state
            raise Refusal(f"督办件 {number} 的这一事项已由{known.actor.name}办理，不必再办，请刷新页面。")
        if key not in it.state.awaiting:
            raise Refusal(f"督办件 {number} 已有新的情况（{_now(it.state)}），这一事项不再需要办理，请刷新页面。")
        asked = question(it.state, key)
        if option not in asked.options:
            raise Refusal(f"没有“{option}”这一选项，请从{'、'.join(asked.options)}中选择。")
        _refuse_others(it, asked.posts, actor)
        kind, _dot, desk = key.rpartition(":")[0].partition(".")
        return ANSWERS[kind](it, key, option, fields, actor, desk)


def _now(state: State) -> str:
    return f"第{state.round}轮，{STATES[state.state]}" if state.round else STATES[state.state]


def _refuse_others(it: Act, posts: tuple[str, ...], actor: Actor) -> None:
    if actor.post == OPERATOR.post:
        return
    holders = [holder for post in posts for holder in it.org.holders(post)]
    if actor.user not in {person.user for person in holders}:
        names = "、".join(post_name(post) for post in posts)
        raise Refusal(f"这一事项由{names}{'、'.join(person.name for person in holders)}办理，{actor.name}不能代办。")


Answer = Callable[[Act, str, str, dict[str, Any], Actor, str], State]


def _sign(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    verdict = (questions.SIGN_REVIEW | questions.SIGN_FINAL)[option]
    opinion = optional(fields.get("opinion"), "意见", LONGEST)
    if verdict != "pass":
        opinion = required(opinion, f"意见（{option}的理由）", LONGEST)
    data = {"desk": desk, "verdict": verdict, "option": option, "opinion": opinion}
    return it.record("signed", key, actor, it.law.sign_chain.basis.clause, data)


def _revise(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    clause = it.law.registration.basis.clause
    changes = {name: fields[name] for name in ("title", "unit", "requirement") if fields.get(name)}
    form = checked({**it.state.form, **changes}, it.law, it.org, it.now)
    it.record("revised", key, actor, clause, {"option": option, "form": form})
    return submit(it, actor)


def _call(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    data = {
        "option": option,
        "callee": required(fields.get("callee"), "受话人", 60),
        "text": optional(fields.get("text"), "通知内容", LONGEST),
        "caller": actor.name,
    }
    it.record("called", key, actor, it.law.phone_notice.basis.clause, data)
    make(it, it.law.phone_notice.document)
    return it.state


def _review(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    if option == questions.ACCEPT:
        return accept(it, key, actor, {**fields, "option": option})
    return _return_or_continue(it, key, option, fields, actor)


def _approve(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    if option in (questions.APPROVE_FINAL, questions.APPROVE_REVIEW):
        return approve(it, key, actor, desk, {**fields, "option": option})
    return _return_or_continue(it, key, option, fields, actor)


def _return_or_continue(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor) -> State:
    answer = {**fields, "option": option}
    if option == questions.FURTHER_WORK:
        return continue_work(it, key, actor, answer)
    reason = questions.reasons(it.law).get(str(fields.get("reason")), "")
    return give_back(it, key, actor, questions.RETURNS[option], reason, answer)


def _new_date(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    day = _day(fields.get("due_on"))
    if day is None:
        raise Refusal("“新的办理时限”没有填写，请补充后再提交。")
    due = due_data(stated_due(it, day))
    data = due | {"option": option, "requirement": optional(fields.get("requirement"), "要求", LONGEST)}
    return it.record("date_set", key, actor, it.law.urge.basis.clause, data)


ANSWERS: dict[str, Answer] = {
    "sign": _sign,
    "revise": _revise,
    "call": _call,
    "review": _review,
    "approve": _approve,
    "new_date": _new_date,
}
