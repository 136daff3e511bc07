"""The answers to what people are asked: each goes into the ledger, with the matter's new state, in one transaction."""

from typing import Any

from duban.acts.act import OPERATOR, Act, act, post_name
from duban.acts.asking import Question
from duban.acts.questions import ANSWERS, question
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import STATES, State


def decide(number: str, key: str, option: str, fields: dict[str, Any], actor: Actor) -> State:
    """Record a person's answer to the question `key` (T8, T9, T23–T33).

    The same answer by the same person twice is one answer. Raises Refusal when somebody else has answered, when the
    question no longer stands (a new instruction, a withdrawal), when the person does not hold the post, or when
    the form of the answer is incomplete; then nothing is written.
    """
    with act(number, periodical=True) as it:
        if (known := it.done(key)) is not None:
            if known.actor.user == actor.user and known.data.get("option") == option:
                return it.state
            raise Refusal(f"{_what(it.state)}的这一事项已由{known.actor.name}办理，不必再办，请刷新页面。")
        if key not in it.state.awaiting:
            raise Refusal(f"{_what(it.state)}已有新的情况（{_now(it.state)}），这一事项不再需要办理，请刷新页面。")
        asked = question(it.state, key)
        if option not in asked.options:
            raise Refusal(f"没有“{option}”这一选项，请从{'、'.join(asked.options)}中选择。")
        _refuse_others(it, asked, actor)
        kind = key.rpartition(":")[0]
        word, _dot, desk = kind.partition(".")
        return (ANSWERS.get(kind) or ANSWERS[word])(it, key, option, fields, actor, desk)


def _what(state: State) -> str:
    return f"督办件 {state.number} " if state.periodical is None else f"{state.title}（{state.number}）"


def _now(state: State) -> str:
    return f"第{state.round}轮，{STATES[state.state]}" if state.round else STATES[state.state]


def _refuse_others(it: Act, asked: Question, actor: Actor) -> None:
    if actor.post == OPERATOR.post:
        return
    holders = it.org.holders(asked.posts, asked.unit or it.state.unit)
    if actor.user not in {person.user for person in holders}:
        names = "、".join(post_name(post) for post in asked.posts)
        raise Refusal(f"这一事项由{names}{'、'.join(person.name for person in holders)}办理，{actor.name}不能代办。")
