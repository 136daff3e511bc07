"""电话督办: handed over by a call, without a signature chain (T7p)."""

from typing import Any

from duban import organization
from duban.acts import parts
from duban.acts.act import Act
from duban.acts.asking import Answer, Builder, Question, head, table, text_field, title
from duban.acts.delivering import first_due, reading_data
from duban.acts.papers import make
from duban.acts.words import LONGEST
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.text import required

PHONED = {"已电话下达": "phoned"}


def _phone(state: State, _desk: str) -> Question:
    unit = organization.load(state.organization).unit(state.unit)
    return Question(
        subject=f"电话督办：{state.reference} {title(state)}",
        body=table([*head(state), ("联络员", f"{unit.liaison.name} {unit.liaison.phone}")]),
        options=tuple(PHONED),
        posts=("office",),
        fields={
            "callee": text_field("受话人", "接电话的人。", unit.liaison.name),
            "callee_post": text_field("受话人职务", "", unit.liaison.title),
            "text": text_field("通话内容", "说了什么要求、对方怎样答复。", state.form["requirement"], lines=True),
        },
    )


def _phoned(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    """What was said on the phone is the handing over and the receipt in one; the clock starts (A16: same limit)."""
    said = {
        "option": option,
        "callee": required(fields.get("callee"), "受话人", 60),
        "callee_post": required(fields.get("callee_post"), "受话人职务", 60),
        "text": required(fields.get("text"), "通话内容", LONGEST),
        "caller": actor.name,
    }
    rule = it.law.modes["phone"]
    it.record("phoned", key, actor, rule.basis.clause, said | first_due(it) | reading_data(it))
    make(it, rule.document)
    parts.split(it)
    return it.state


QUESTIONS: dict[str, Builder] = {"phone": _phone}
ANSWERS: dict[str, Answer] = {"phone": _phoned}
