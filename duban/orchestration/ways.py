"""Where a matter goes next: from what the ledger says to the name of the step that follows in the DAG.

Each looks only forward. A matter that has moved on by itself (a new instruction, a withdrawal, a run that was started
again) goes straight to the place where it stands, or to the end of the round.
"""

from collections.abc import Callable

from duban.ledger.standing import BEFORE_DISPATCH, ENDED, STATES, UNDER_REVIEW, State

Way = Callable[[State], str]


def from_sign_desk(following: str | None) -> Way:
    """After a desk has seen the notice: to the following desk, back to the office, or out of the round (T8, T9)."""

    def way(state: State) -> str:
        if following and state.awaits(f"sign.{following}"):
            return f"sign_{following}"
        return "revise" if state.awaits("revise") else "signing_concluded"

    return way


def from_close_desk(following: str | None) -> Way:
    """After a desk has looked at the 办理报告: to the following desk or out of the round (T29–T31)."""

    def way(state: State) -> str:
        return f"approve_{following}" if following and state.awaits(f"approve.{following}") else "round_concluded"

    return way


def from_delivery(state: State) -> str | list[str]:
    """The notice went out, or it was never signed."""
    return ["record_call", "await_receipt", "handling_round"] if state.rounds else "file_away"


def from_reply(state: State) -> str:
    """The wait for the unit is over: replied, late, or something else came between (T15–T18, T36)."""
    if state.state in UNDER_REVIEW:
        return "review_reply"
    return "urge" if state.state in ("overdue", "urged", "account") else "round_concluded"


def from_urge(state: State) -> str:
    """The wait after the urge is over: a reply, nothing at all, or news of progress (T20, T21)."""
    if state.state in UNDER_REVIEW:
        return "review_reply"
    return "demand_account" if state.state == "account" else "round_concluded"


def from_account(state: State) -> str:
    """The written account has come, or the late reply instead of it (T17, T22)."""
    if state.state in UNDER_REVIEW:
        return "review_reply"
    return "set_new_date" if state.awaits("new_date") else "round_concluded"


def from_review(state: State) -> str:
    """The office has accepted the reply, or not (T23, T27, T33)."""
    return "write_report" if state.state in ("accepted", "report_review", "chief_approval") else "round_concluded"


def until_signed(state: State) -> tuple[bool, str]:
    """The notice goes from desk to desk until it is signed or refused."""
    settled = state.state == "issued" or state.state not in BEFORE_DISPATCH
    return settled, STATES[state.state] if settled else f"第{state.attempt}次送审"


def until_ended(state: State) -> tuple[bool, str]:
    """One round after another until the matter is closed or withdrawn."""
    ended = state.state in ENDED
    return ended, f"第{state.round}轮：{STATES[state.state]}"
