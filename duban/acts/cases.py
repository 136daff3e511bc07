"""问责: cases of accountability, which live on after the matter, and their papers (BC-5.5c, 5.10d, 7.1.5, 8.4)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from duban import documents, ledger
from duban.acts.act import Act, act
from duban.acts.papers import make
from duban.acts.words import NAME, told
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.models import MatterRow
from duban.ledger.standing import Case, State
from duban.text import clean, required


def open_case(
    it: Act,
    case: str,
    actor: Actor,
    clause: str,
    reason: str,
    unit: str,
    *,
    owes: Iterable[str] = (),
    at: datetime | None = None,
) -> State:
    """Open a case on a unit: its head answers for it; `owes`: units whose heads owe a written account (BC-7.1.5).

    `case` is its id in the matter; the same one is opened once.
    """
    head = it.org.unit(unit).head.name
    data = {"case": case, "reason": reason, "unit": unit, "head": head, "owes": list(owes)}
    return it.record("accountability_opened", case, actor, clause, data, at=at)


def paper_for(it: Act, use: str) -> str | None:
    """The kind of document that the bureau's catalogue has for this (用于); None where it has no such paper."""
    return next((kind.name for kind in documents.kinds(it.state.organization).values() if use in kind.uses), None)


def make_case_paper(it: Act, case: str) -> None:
    """问责登记表, one a case."""
    make(it, paper_for(it, "问责登记"), nth=case)


def resolve_case(number: str, actor: Actor, case: str, outcome: str) -> State:
    """处理结果: a case is closed with its outcome, whatever has become of the matter. Twice is once.

    Raises Refusal for an unknown case, a case closed with another outcome, and while a written account is owed.
    """
    with act(number, periodical=True) as it:
        known = _case(it, case)
        if known.closed_at is not None:
            if known.outcome == clean(outcome):
                return it.state
            raise Refusal(f"问责 {case} 已于 {known.closed_at:%Y-%m-%d} 登记处理结果，不能再改。")
        if known.owes:
            owing = "、".join(it.org.unit(unit).short for unit in known.owes)
            raise Refusal(f"问责 {case} 还缺{owing}的书面说明，请先登记说明，再登记处理结果。")
        data = {"case": case, "outcome": told(it, outcome, "处理结果"), "unit": known.unit}
        return it.record("accountability_closed", f"closed:{case}", actor, known.clause, data)


def render_account(number: str, actor: Actor, case: str, unit: str, text: str, signed_by: str) -> State:
    """书面说明 (BC-7.1.5): the head of one of the units accounts to the bureau's party committee. Twice is once.

    Raises Refusal for an unknown case, a unit that owes no account in it, and other words than those on record.
    """
    with act(number, periodical=True) as it:
        known, who = _case(it, case), it.org.unit(unit).code
        said = {"text": told(it, text, "书面说明"), "signed_by": required(signed_by, "主要领导签字", NAME)}
        if earlier := it.done(_rendered(case, who)):
            if earlier.data.items() >= said.items():
                return it.state
            short, day = it.org.unit(unit).short, earlier.at.date()
            raise Refusal(f"问责 {case} 已于 {day} 登记{short}的书面说明，不能再改；有补充的请送办公室。")
        if who not in known.owes:
            raise Refusal(f"问责 {case} 不需要{it.org.unit(unit).short}书面说明。")
        data = {"case": case, "unit": who, "to": it.org.title("party")} | said
        return it.record("account_rendered", _rendered(case, who), actor, known.clause, data)


def may_account(session: Session, state: State, actor: Actor, case: str) -> bool:
    """Whether this person's unit accounts in this case, or has done so: whoever handles the matter (BC-7.1.5).

    It opens nothing else of the matter to the unit.
    """
    known = next((one for one in state.cases if one.id == case), None)
    if known is None or actor.unit is None or not state.released:
        return False
    owed = known.closed_at is None and actor.unit in known.owes
    return owed or ledger.event(session, state.number, _rendered(case, actor.unit)) is not None


def owed_by(session: Session, unit: str) -> list[dict[str, str]]:
    """The open cases in which a unit owes its account, and no more of their matters than the numbers; one query."""
    owing = func.jsonb_path_exists(MatterRow.view, cast(_OWED, JSONPATH), func.jsonb_build_object("unit", unit))
    released = MatterRow.view["released"].astext != "false"
    query = select(MatterRow.number, MatterRow.reference, MatterRow.view["cases"].label("cases"))
    found = session.execute(query.where(owing, released).order_by(MatterRow.number))
    return [
        {"number": row.number, "reference": row.reference, "case": one["id"]}
        | {name: one[name] for name in ("clause", "reason", "opened_at")}
        for row in found
        for one in row.cases
        if one["closed_at"] is None and unit in one["owes"]
    ]


_OWED = "$.cases[*] ? (@.closed_at == null && @.owes[*] == $unit)"


def _rendered(case: str, unit: str) -> str:
    return f"rendered:{case}:{unit}"


def _case(it: Act, case: str) -> Case:
    for known in it.state.cases:
        if known.id == case:
            return known
    listed = "、".join(known.id for known in it.state.cases) or "无"
    raise Refusal(f"督办件 {it.number} 没有编号为“{case[:60]}”的问责，现有：{listed}。")
