"""One step of a matter that is played again, and what the acts ask for that a row does not say."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from duban import acts
from duban.acts.act import act
from duban.acts.form import is_secret
from duban.acts.papers import SEE_PAPER
from duban.errors import Refusal
from duban.history.year import Matter, Step
from duban.ledger.standing import State

#: What stands where the old list says nothing and an act wants words.
UNSAID = "（原台账未写明）"


@dataclass
class Turn:
    """One step of a matter about to happen; `ahead`: the words of the steps after it."""

    matter: Matter
    step: Step
    ahead: tuple[str, ...]

    @property
    def number(self) -> str:
        """The matter's number in the ledger."""
        return self.matter.number

    def get(self, key: str) -> Any:
        """A cell of the row; empty where there is nothing in it."""
        return self.step.row.get(key) or ""

    def state(self) -> State:
        """The matter as it stands at this hour."""
        with act(self.number) as it:
            return it.state

    def text(self, default: str = UNSAID) -> str:
        """说明; of a state secret nothing but where the paper is."""
        if is_secret(self.state().mark):
            return SEE_PAPER
        return str(self.get("text") or default)

    def until(self) -> date | None:
        """新期限."""
        found: date | None = self.get("until") or None
        return found


def defaults(question: acts.Question) -> dict[str, Any]:
    """What the form of an answer starts with."""
    return {name: about["default"] for name, about in question.fields.items()}


def refuse_before(turn: Turn) -> None:
    """Refuse what can only have happened after the matter was handed over."""
    if not turn.state().rounds:
        raise Refusal("这一件还没有下达，请在前面补一行“下达”")
