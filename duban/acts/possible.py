"""What a person may do to a matter now: whose act each is, and when it makes sense.

The acts themselves refuse what may not be; this says beforehand what is worth offering, so it is never stricter than
they are in a way that would hide what somebody has to do, and costs no question to the ledger.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from duban import organization, regulation
from duban.acts.bounds import STAGED, final_report
from duban.acts.periods import cadence_of, running
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.ledger.standing import BEFORE_DISPATCH, UNDER_REVIEW, WITH_UNIT
from duban.marks import is_secret
from duban.regulation import Regulation

UNIT = ("unit",)
"""The people of the unit that handles the matter."""
OFFICE = ("office",)
LEADERS = ("office", "deputy", "chief")
#: Who looks at what is done, and with whom (检查, 联合督办): the office, and who inspects.
LOOKING = ("office", "inspector")

When = Callable[[State, Regulation], bool]


@dataclass(frozen=True)
class Chance:
    """Whose an act is (UNIT or posts), and when it makes sense."""

    who: tuple[str, ...]
    when: When


def _open(state: State, _law: Regulation) -> bool:
    return not state.ended


def _out(state: State, _law: Regulation) -> bool:
    """The matter was handed over: there is something to look at, to praise, to blame."""
    return state.state not in BEFORE_DISPATCH


def _going(state: State, law: Regulation) -> bool:
    return _out(state, law) and not state.ended


def _held(state: State, _law: Regulation) -> bool:
    """A unit has it and has not said that it is another's."""
    return state.state in WITH_UNIT and state.state != "declined" and bool(state.rounds) and state.mode != "own"


def _taken(state: State, law: Regulation) -> bool:
    return _held(state, law) and state.received_at is not None


def _to_take(state: State, law: Regulation) -> bool:
    return state.received_at is None and _held(state, law)


def _to_read(state: State, law: Regulation) -> bool:
    return _taken(state, law) and state.read_at is None


def _may_decline(state: State, law: Regulation) -> bool:
    if not _held(state, law) or state.awaits("reply") is None:
        return False
    early = ("dispatched", "received") if law.laid_down("阅批") else ("dispatched", "received", "in_progress")
    return state.state in early and state.current.opened_by == "dispatched"


def _may_reply(state: State, law: Regulation) -> bool:
    """A report on the whole, or of a phase; a divided matter waits for its parts (LZ-2.5)."""
    return _taken(state, law) and not state.awaits("children") and not state.awaits("decompose")


def _by_file(state: State, law: Regulation) -> bool:
    return _may_reply(state, law) and law.reply.copies != "paper" and not is_secret(state.mark)


def _on_paper(state: State, law: Regulation) -> bool:
    return _may_reply(state, law) and (law.reply.copies in ("either", "paper") or is_secret(state.mark))


def _may_report(state: State, law: Regulation) -> bool:
    """One more report of a week or month is owed: neither the last one (办结报告) nor one that is in already."""
    node = running(state)
    if not _taken(state, law) or node is None or state.type == STAGED or cadence_of(law, state.type) is None:
        return False
    return not final_report(state) and not (state.ends_on is not None and node.due_on >= state.ends_on)


def _may_extend(state: State, law: Regulation) -> bool:
    asked = any(key.startswith("extend.") for key in state.awaiting)
    return _taken(state, law) and law.extension.mode not in (None, "none") and not asked


def _may_object(state: State, law: Regulation) -> bool:
    running_on = bool(state.rounds) and state.current.opened_by == "extended" and state.awaits("reply") is not None
    return law.extension.office_may_object and running_on


def _owes_account(state: State, _law: Regulation) -> bool:
    return bool(state.awaits("account") or state.awaits("demand"))


def _may_instruct(state: State, law: Regulation) -> bool:
    if state.state in ("archived", "cancelled") or is_secret(state.mark) or _finished_part(state):
        return False
    return not state.ended or (bool(state.rounds) and law.instruction.until != "closed")


def _finished_part(state: State) -> bool:
    return bool(state.parent) and state.ended


def _in_review(state: State, _law: Regulation) -> bool:
    return state.state in UNDER_REVIEW or state.state == "closed"


def _may_continue(state: State, law: Regulation) -> bool:
    return _in_review(state, law) and bool(state.rounds) and not _finished_part(state)


def _may_send_back(state: State, law: Regulation) -> bool:
    if not law.returns.levels or not _may_continue(state, law):
        return False
    after = any(rule.when == "from_approval" for rule in law.returns.levels.values()) or state.visit_differed
    return state.state in UNDER_REVIEW or after


def _may_return_period(state: State, law: Regulation) -> bool:
    reported = any(node.closed_at is not None for node in state.nodes)
    return state.type != STAGED and reported and _held(state, law) and state.current.opened_by == "period"


def _may_urge(state: State, law: Regulation) -> bool:
    return _held(state, law)


def _jointly(state: State, _law: Regulation) -> bool:
    return state.mode == "joint" and bool(state.rounds) and not state.ended


def _to_settle(state: State, _law: Regulation) -> bool:
    return any(case.closed_at is None and not case.owes for case in state.cases)


#: Path of the act below the matter -> whose it is and when.
CHANCES: Mapping[str, Chance] = {
    "receipt": Chance(UNIT, _to_take),
    "reading": Chance(UNIT, _to_read),
    "reply": Chance(UNIT, _by_file),
    "period-report": Chance(UNIT, _may_report),
    "account": Chance(UNIT, _owes_account),
    "case-account": Chance(UNIT, lambda state, _law: any(case.owes for case in state.cases)),
    "progress": Chance(UNIT, _taken),
    "extension": Chance(UNIT, _may_extend),
    "decline": Chance(UNIT, _may_decline),
    "own-result": Chance(OFFICE, lambda state, _law: state.awaits("own_result") is not None),
    "paper-reply": Chance(OFFICE, _on_paper),
    "extension-objection": Chance(OFFICE, _may_object),
    "urge": Chance(OFFICE, _may_urge),
    "tracking": Chance(OFFICE, _going),
    "visit": Chance(LOOKING, _jointly),
    "inspection": Chance(LOOKING, _out),
    "instruction": Chance(OFFICE, _may_instruct),
    "further-work": Chance(OFFICE, _may_continue),
    "period-return": Chance(OFFICE, _may_return_period),
    "leader-return": Chance(LEADERS, _may_send_back),
    "follow-up": Chance(OFFICE, _in_review),
    "coordination": Chance(OFFICE, _open),
    "praise": Chance(OFFICE, _out),
    "criticism": Chance(OFFICE, _out),
    "accountability": Chance(OFFICE, lambda state, law: bool(law.grounds) and _out(state, law)),
    "case-outcome": Chance(OFFICE, _to_settle),
    "leak": Chance(OFFICE, lambda _state, _law: True),
    "withdrawal": Chance(OFFICE, _open),
}


#: What comes and goes between a unit and the office, by one hand where the regulation says so (LZ-2.4).
CHANNEL = ("receipt", "reply", "period-report")


def possible(state: State, actor: Actor, posts: Collection[str], *, copied: bool = False) -> tuple[str, ...]:
    """Return the acts (keys of the portal's table) that make sense now for this person, the most usual first.

    `posts`: all that the person holds; `copied`: the unit, which only helps, has taken its copy of the notice. By what
    the matter awaits, its state and its regulation; a matter whose regulation is gone, or a period file, has none.
    """
    if state.periodical is not None:
        return ()
    try:
        law = regulation.load(state.regulation)
        closed = () if _is_channel(state, actor, law) else CHANNEL
    except Refusal:
        return ()
    if actor.unit in state.cohandlers and actor.unit != state.unit:
        return ("receipt",) if not copied and not closed and _copy_goes_out(state, law) else _accounts(state, actor)
    return tuple(
        key
        for key, chance in CHANCES.items()
        if key not in closed and _theirs(key, chance, state, actor, posts) and chance.when(state, law)
    )


def _theirs(key: str, chance: Chance, state: State, actor: Actor, posts: Collection[str]) -> bool:
    if chance.who != UNIT:
        return bool(set(chance.who) & set(posts))
    if actor.unit is None:
        return False
    if key == "case-account":
        return bool(_accounts(state, actor))
    return actor.unit == state.unit


def _accounts(state: State, actor: Actor) -> tuple[str, ...]:
    owed = any(case.closed_at is None and actor.unit in case.owes for case in state.cases)
    return ("case-account",) if owed else ()


def _copy_goes_out(state: State, law: Regulation) -> bool:
    return _going(state, law) and law.laid_down("领收") and state.mode not in ("phone", "own")


def _is_channel(state: State, actor: Actor, law: Regulation) -> bool:
    if not law.duty.single_channel or actor.unit is None:
        return True
    held = organization.load(state.organization).unit_posts(actor.unit)
    return actor.user in {held[post].user for post in ("liaison", "unit_checker") if post in held}
