"""A due date as an event carries it."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from duban import deadlines
from duban.acts.act import Act
from duban.deadlines import Due
from duban.errors import Refusal


def due_data(due: Due, it: Act | None = None) -> dict[str, Any]:
    """A due date as an event carries it: the day, the moment after which it is late, and how it was counted.

    With the act it also says when to remind and to warn before it (`heralds`).
    """
    said: dict[str, Any] = {
        "due_on": due.on.isoformat(),
        "due_at": due.at.isoformat(),
        "basis": due.basis.clause,
        "counted": len(due.counted),
        "rolled": due.rolled,
    }
    return said if it is None else said | {"heralds": heralds(it, due.on, due.at)}


def heralds(it: Act, due_on: date, due_at: datetime, *, moved: bool = False) -> dict[str, str]:
    """When the unit is reminded (到期提醒) and warned (分级) before a deadline: kind -> moment, only what is ahead.

    `moved`: the deadline of the round that runs is moved; what was said in this round is not said a second time.
    """
    law, found = it.law, {}
    with suppress(Refusal):  # a year without published holidays (a long limit, an old one): no reminder, but the clock
        for nth, limit in enumerate(law.tracking.reminders, start=1):
            found[f"remind.{nth}"] = deadlines.before(limit, due_on, due_at, law)
        for nth, step in enumerate(law.urge.warnings, start=1):
            if step.when.side != "after":
                found[f"warn.{nth}"] = deadlines.moment(step.when, due_on, due_at, law)
    said = {key.rpartition(":")[0] for key in it.state.reminded if key.endswith(f":{it.state.round}")} if moved else ()
    ahead = {kind: at for kind, at in found.items() if it.present < at < due_at and kind not in said}
    return {kind: at.isoformat() for kind, at in ahead.items()}


def warnings_after(it: Act) -> dict[str, str]:
    """The steps of urging (分级) that come only after the deadline of the round that runs: kind -> moment."""
    due, found = it.state.current, dict[str, str]()
    for nth, step in enumerate(it.law.urge.warnings, start=1):
        # What falls into a year whose holidays are not published is left out: it must not stop the clock itself.
        with suppress(Refusal):
            if step.when.side == "after":
                at = deadlines.moment(step.when, due.due_on, due.due_at, it.law)
                # Nobody is warned for what was before Duban.
                found |= {} if it.taken_over and at <= it.present else {f"warn.{nth}": at.isoformat()}
    return found


def stated_due(it: Act, on: date) -> Due:
    """A limit that somebody wrote down as a date, seen from the ledger's today. Raises Refusal for the past."""
    return deadlines.stated(on, it.law, today=it.now.date())


def day_of(value: object) -> date | None:
    """A day from an answer's field; None when it is empty. Raises Refusal for what is no date."""
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Refusal(f"日期“{value}”写得不对，请写成 2026-03-05 这样的形式。") from None
