"""Matters of the other bureaus: the same acts, whatever chains and posts their regulations have."""

from collections.abc import Callable
from typing import Any

from matters import FORM, Matter

from duban import acts, organization
from duban.ledger import Actor
from duban.ledger.standing import State

Make = Callable[..., Matter]
INSTRUCTION = ("instruction_by", "instruction_on", "instruction_text")


def holder(post: str, unit: str | None = None) -> Actor:
    """Who holds a post of the bureau that is chosen; a deputy: the one in charge of the unit."""
    one = organization.load().holders(post, unit)[0]
    return Actor(one.user, one.name, post)


def made(make: Make, unit: str, **changes: Any) -> Matter:
    """A registered matter with the unit's own liaison."""
    matter = make(unit=unit, **changes)
    liaison = organization.load().unit(unit).liaison
    matter.unit = Actor(liaison.user, liaison.name, "liaison", liaison.unit)
    return matter


def through(matter: Matter, act: str, option: str, **fields: Any) -> State:
    """The paper of an act (`sign`, `approve`, `extend`, `sign_up`) passes every desk, each with its own last word."""
    while key := next((key for key in matter.state.awaiting if key.startswith(f"{act}.")), None):
        desk = key.partition(".")[2].partition(":")[0]
        options = acts.question(matter.state, key).options
        chosen = option if option in options else options[0]
        acts.decide(matter.number, key, chosen, fields, holder(desk, matter.state.unit))
    return matter.state


def at_work(make: Make, unit: str, **changes: Any) -> Matter:
    """Signed, delivered, taken and read, as far as the regulation speaks of it."""
    matter = made(make, unit, **changes)
    through(matter, "sign", "签发")
    acts.deliver(matter.number)
    if matter.state.awaits("receipt"):
        acts.receive(matter.number, matter.unit)
    if matter.state.awaits("reading"):
        acts.read(matter.number, matter.unit)
    return matter


def without_instruction() -> dict[str, str]:
    """The form of a matter that no leader's instruction is behind."""
    return dict.fromkeys(INSTRUCTION, "") | {"basis_document": "会议纪要〔2026〕3号"}


__all__ = ["FORM", "Make", "at_work", "holder", "made", "through", "without_instruction"]
