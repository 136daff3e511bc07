"""Every question that people are asked, by the kind of wait behind it."""

from duban.acts import (
    delivering,
    extending,
    judging,
    own,
    phoning,
    proposing,
    reassigning,
    reporting,
    signing,
    upward,
    urging,
    visiting,
)
from duban.acts.asking import Answer, Builder, Question
from duban.errors import Refusal
from duban.ledger.standing import State
from duban.periodicals import deciding as periodical_desks
from duban.periodicals import objecting

#: The modules that ask people something; each has QUESTIONS and ANSWERS by kind of wait (or the word before its desk).
ASKING = (
    *(proposing, signing, phoning, visiting, own, delivering, reporting),
    *(reassigning, urging, extending, judging, upward),
    *(objecting, periodical_desks),
)
QUESTIONS: dict[str, Builder] = {kind: builder for module in ASKING for kind, builder in module.QUESTIONS.items()}
ANSWERS: dict[str, Answer] = {kind: answer for module in ASKING for kind, answer in module.ANSWERS.items()}
#: Kinds of which several are asked of one file at once: built from the whole key.
KEYED: dict[str, Builder] = {"objection.office": objecting.ask}


def question(state: State, key: str) -> Question:
    """The question behind a wait key. Raises Refusal for a key that no person answers."""
    kind = key.rpartition(":")[0]
    if keyed := KEYED.get(kind):
        return keyed(state, key)
    act, _dot, desk = kind.partition(".")
    builder = QUESTIONS.get(kind) or QUESTIONS.get(act)
    if builder is None:
        raise Refusal(f"“{key}”不是需要人来决定的事项。")
    return builder(state, desk)
