"""How late a date may be that somebody writes down while other dates hang on it (parts, phases)."""

from datetime import date

from duban import ledger
from duban.acts.act import Act
from duban.errors import Refusal
from duban.ledger.standing import UNDER_REVIEW, State

STAGED = "staged"


def refuse_outside(it: Act, on: date) -> None:
    """Refuse a new date that would run past a fixed one: a part's past its parent's, a phase's past the next phase's.

    The parts of a matter are read without a lock: whoever acts on a part has locked its parent first.
    """
    if it.state.parent:
        _within_parent(it, on)
    elif it.state.parts:
        _not_before_parts(it, on)
    elif it.state.nodes and not _reports_over(it.state):
        _before_next(it, on)


def _reports_over(state: State) -> bool:
    return state.type != STAGED and (state.state in UNDER_REVIEW or final_report(state))


def final_report(state: State) -> bool:
    """Whether the unit has sent its 办结报告 on a regular matter: from then on no periodic reports are owed."""
    for one in reversed(state.rounds):
        if one.replied_at is not None:
            return True
        if one.opened_by in ("period", "dispatched", "instructed"):
            return False
    return False


def _within_parent(it: Act, on: date) -> None:
    parent = ledger.state(it.session, it.state.parent)
    # Once the parent is late itself there is no date left to keep within; the part still needs one.
    if parent.due_at is None or parent.due_on is None or parent.due_at <= it.now or on <= parent.due_on:
        return
    raise Refusal(
        f"分办件的期限 {on} 晚于主件 {parent.number} 的期限 {parent.due_on}，请填写不晚于这一天的日期；"
        "确需推迟的，先由牵头单位办理主件的延期。"
    )


def _not_before_parts(it: Act, on: date) -> None:
    for part in open_parts(it):
        if part.due_on is not None and part.due_at is not None and it.now < part.due_at and part.due_on > on:
            raise Refusal(f"新的期限 {on} 早于分办件 {part.number} 的期限 {part.due_on}，请先把分办件的期限提前。")


def open_parts(it: Act) -> list[State]:
    """The parts of this matter that have not ended, as they stand."""
    return [ledger.state(it.session, part.number) for part in it.state.parts if not part.ended]


def _before_next(it: Act, on: date) -> None:
    ahead = [node for node in it.state.nodes if node.number > it.state.node and node.closed_at is None]
    if (following := next((node for node in ahead if not node.lapsed), None)) is not None and on > following.due_on:
        raise Refusal(
            f"新的期限 {on} 晚于下一次（{following.name}）的报送日 {following.due_on}；各次的报送日固定不变，"
            f"这一次最迟只能推到 {following.due_on}。"
        )
