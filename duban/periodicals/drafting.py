"""Drafting 起草: what the ledger says of the period, computed once, stored whole, and put on record."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from duban import acts, clock, deadlines, ledger
from duban.acts.act import SYSTEM, Act, act
from duban.documents import XLSX
from duban.ledger import State
from duban.periodicals import contents, snapshots
from duban.periodicals.opening import rule_of
from duban.periodicals.reading import of
from duban.periodicals.scoring import entries_in

log = logging.getLogger(__name__)

#: Type -> what a draft of it holds. The archive is collected, not drafted.
CONTENTS: dict[str, Callable[[Act], contents.Drawn]] = {
    "weekly_progress": contents.weekly,
    "monthly_scoring": contents.scoring,
    "instruction_digest": contents.digest,
    "bulletin": contents.bulletin,
}


def draft(number: str) -> State:
    """Draft a period file from the ledger as it stands, or draft it anew after a desk or an objection asked for it.

    Safe to run twice and to kill: a draft that is not wanted (any more) changes nothing. First the clock catches up
    with every matter, so that what lapsed by the end of the period is in the ledger. Raises Refusal for a matter, and
    where a year without published holidays keeps the objection window from being counted.
    """
    with ledger.transaction() as session:
        if of(ledger.state(session, number)).awaits("draft") is None:
            return ledger.state(session, number)
        due = ledger.due_to_wake(session, clock.now(session))
    behind = [one for one in due if one != number and not _caught_up(one)]
    with act(number, periodical=True) as it:
        key = it.state.awaits("draft")
        return it.state if key is None else _drafted(it, key, behind)


def _caught_up(number: str) -> bool:
    try:
        acts.lapse(number)
    except Exception as error:  # one matter must not stop the report on all the others; the draft names it
        log.error("The clock could not catch up with %s: %s", number, type(error).__name__)
        return False
    return True


def _drafted(it: Act, key: str, behind: list[str]) -> State:
    attempt = int(key.rpartition(":")[2])
    drawn, table = CONTENTS[it.state.type](it)
    content = _head(it, attempt) | drawn | {"behind": behind}
    of_table = ledger.store(it.session, it.number, f"{it.number} {it.state.title}.xlsx", table, XLSX)
    kept = snapshots.keep(it.session, it.number, f"{it.number} 初稿{attempt}.json", content)
    data = {
        "attempt": attempt,
        "snapshot": kept,
        "table": {"name": of_table.name, "sha256": of_table.sha256, "size": of_table.size},
        "summary": _summary(content),
        "mark": content["mark"],
        "desks": [desk.post for desk in desks(it)],
        "objections_until": _window(it, content),
        "redraft": of(it.state).periodical.redraft,
    }
    return it.record("drafted", key, SYSTEM, of(it.state).periodical.clause, data)


def desks(it: Act) -> tuple[Any, ...]:
    """The desks that a draft of this kind passes, as the regulation has them; none where it names none."""
    rule = rule_of(it.state.type, it.law)
    return (rule.desks or ()) if rule is not None else ()


def _head(it: Act, attempt: int) -> dict[str, Any]:
    form = it.state.form
    return {
        "number": it.number,
        "type": it.state.type,
        "title": it.state.title,
        "attempt": attempt,
        "period": form["period"],
        "from": form["from"],
        "to": form["to"],
        "as_of": form["as_of"],
        "regulation": it.law.id,
        "organization": it.org.id,
        "mark": "",
    }


def _summary(content: dict[str, Any]) -> dict[str, int]:
    said: dict[str, int] = content["summary"]
    return said | ({"behind": len(content["behind"])} if content["behind"] else {})


def _window(it: Act, content: dict[str, Any]) -> str:
    """Until when units may object: counted from now, where the draft holds an entry that no earlier one showed them."""
    limit = it.law.scoring.objection
    if it.state.type != "monthly_scoring" or limit is None:
        return ""
    shown = of(it.state).periodical.snapshot
    known = {one["id"] for one in entries_in(snapshots.read(shown))} if shown else set[str]()
    if all(one["id"] in known for one in entries_in(content)):
        return ""
    until: datetime = deadlines.due(limit, it.now, it.law).at
    return until.isoformat()
