"""分解: a parent, one part a unit, and what each of them must know of the other (LZ-2.1, 2.5, MM-3.4).

Who acts on a part has locked its parent before it (act.py), so whoever has the parent has all its parts.
"""

from typing import Any

from duban import ledger
from duban.acts.act import SYSTEM, Act, catch_up
from duban.acts.bounds import open_parts
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import WITH_UNIT, State

DECOMPOSED = "decomposed"


def clause_of(it: Act) -> str:
    """The clause under which a matter is divided among units."""
    return it.law.decomposition.basis.clause or it.law.types[DECOMPOSED].basis.clause


def opened(it: Act, number: str) -> Act:
    """Another matter of the same family in the same transaction, locked and with time caught up."""
    state = ledger.state(it.session, number, lock=True)
    other = Act(it.session, number, it.now, state)
    catch_up(other)
    return other


def split(it: Act) -> None:
    """At dispatch, let a matter that is to be decomposed wait for its parts; once, also when its unit changes."""
    if it.state.type != DECOMPOSED or it.state.parent or it.state.parts or it.state.awaits("decompose"):
        return
    data = {"units": [part["unit"] for part in it.state.form["parts"]]}
    it.record("parts_planned", "parts_planned", SYSTEM, clause_of(it), data)


def refuse_reply(it: Act) -> None:
    """Refuse the report on the whole while parts are open: the lead consolidates what all have done (LZ-2.5)."""
    if it.state.awaits("decompose"):
        raise Refusal(f"督办件 {it.number} 的分办件还没有下达，请稍候再报。")
    if it.state.awaits("children") is None:
        return
    rest = "、".join(f"{part.number}（{it.org.unit(part.unit).short}）" for part in it.state.parts if not part.ended)
    raise Refusal(f"督办件 {it.number} 还有分办件没有办结：{rest}，全部办结后由牵头单位汇总报送。")


def refuse_reopening(it: Act) -> None:
    """Refuse to take up a part that has ended: its parent may have been reported on meanwhile."""
    if it.state.parent and it.state.ended:
        raise Refusal(f"分办件 {it.number} 已经了结，新的要求请登记在主件 {it.state.parent} 上。")


def conclude(it: Act) -> State | None:
    """A part whose reply is accepted is closed, and its parent learns of it; None for what is no part."""
    if not it.state.parent:
        return None
    it.record("part_closed", f"part_closed:{it.state.round}", SYSTEM, clause_of(it))
    return tell(it)


def tell(it: Act) -> State:
    """A part that has ended tells its parent; for every other matter nothing happens."""
    if it.state.parent and it.state.ended:
        parent = opened(it, it.state.parent)
        data = {"number": it.number, "unit": it.state.unit, "how": it.state.state}
        parent.record("part_ended", f"part_ended:{it.number}", SYSTEM, clause_of(it), data)
    return it.state


def withdraw_open(it: Act, actor: Actor, data: dict[str, Any]) -> None:
    """With its parent every open part is withdrawn, before it and for the same reason (T36)."""
    for part in it.state.parts:
        if part.ended:
            continue
        one = opened(it, part.number)
        one.record("withdrawn", "withdrawal", actor, it.law.registration.basis.clause, data)
        tell(one)
        it.state = ledger.state(it.session, it.number)


def answerable(it: Act) -> list[str]:
    """The units that a late parent is owed by: those whose parts are with them, else the lead (MM-3.4, LZ-2.5).

    Empty when all open parts lie with the office.
    """
    still_open = open_parts(it)
    # A part that was declined, or is signed anew for another unit, is the office's as well.
    late = [part.unit for part in still_open if part.state in WITH_UNIT and part.state != "declined"]
    if late:
        return list(dict.fromkeys(late))
    return [] if still_open or it.state.awaits("decompose") else [it.state.unit]


def at_lapse(it: Act) -> dict[str, Any]:
    """Whose fault a late parent is; nothing for a matter without parts.

    While parts are open the lead cannot report, and the date does not score for it; a late part has missed its own.
    """
    if not (it.state.parts or it.state.awaits("decompose")):
        return {}
    units = answerable(it)
    open_numbers = [part.number for part in it.state.parts if not part.ended]
    return {"at_fault": units, "scores": units == [it.state.unit] and not open_numbers, "open_parts": open_numbers}
