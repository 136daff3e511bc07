"""After 立项: the first step that the mode of a matter asks for (T7, T7p, BC 四)."""

from collections.abc import Callable

from duban.acts.act import Act
from duban.acts.signing import submit
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State


def begin(it: Act, actor: Actor) -> State:
    """The notice goes to be signed, or the office phones, or goes there; also after a reassignment.

    Who has been on site does not go again: then the notice is signed as in writing.
    """
    return FIRST.get(it.state.mode, submit)(it, actor)


def refuse_unhanded(it: Act) -> None:
    """Refuse to take up again what ended on the record of a visit: no unit ever had it, or may know of it."""
    if it.state.ended and not it.state.rounds:
        raise Refusal(f"督办件 {it.number} 没有交办过，凭督办记录办结；新的要求请另行立项。")


def _phone(it: Act, actor: Actor) -> State:
    return _task(it, actor, "phone", it.state.assignment)


def _visit(it: Act, actor: Actor) -> State:
    return submit(it, actor) if it.state.visits else _task(it, actor, "visit", 1)


def _task(it: Act, actor: Actor, task: str, n: int) -> State:
    return it.record("tasked", f"task:{task}:{n}", actor, it.law.modes[it.state.mode].basis.clause, {"task": task})


#: Mode -> its first step; every other is handed over by a notice that is signed.
FIRST: dict[str, Callable[[Act, Actor], State]] = {"phone": _phone, "onsite": _visit, "covert": _visit}
