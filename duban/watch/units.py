"""What the units owe: notices not taken, reports not sent, deadlines that come or have passed."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, and_, cast, exists, func, or_, select

from duban import clock, regulation
from duban.acts import periods, reminding
from duban.acts.tables import STAGED
from duban.ledger.models import EventRow, MatterRow, Moment
from duban.ledger.queries import is_late
from duban.ledger.standing import ENDED, WITH_UNIT
from duban.watch.finding import Finding, Looking, about, awaits, key_of, last, last_day, matters, view


def unreceived(look: Looking) -> Iterator[Finding]:
    """The notice is with the unit and nobody has taken it: the limit has passed or ends today (BC-5.3b)."""
    return _untouched(look, "receipt", "领收", last("dispatched", "reassigned"))


def unread(look: Looking) -> Iterator[Finding]:
    """The notice was taken and its head has not read it: the limit has passed or ends today (BC-5.4a)."""
    return _untouched(look, "reading", "阅批", last("received"))


def _untouched(look: Looking, kind: str, word: str, since: ScalarSelect[datetime]) -> Iterator[Finding]:
    lapsed = last(f"{kind}_lapsed").label("lapsed_at")
    for row in matters(look, awaits(kind), view("timers"), lapsed, since.label("since")):
        until = row.timers.get(key_of(row.awaiting, kind))
        ended = datetime.fromisoformat(until) if until else row.lapsed_at
        days = look.days(last_day(ended) if ended else row.since or row.registered_at)
        if ended is None and days > 0:  # a regulation without a limit: named all the same, from the next day on
            yield about(kind, row, kind, f"下达后{days}天，还没有{word}", days)
        elif ended is not None and ended <= look.now:
            yield about(kind, row, kind, f"过了{word}期限{days}天，还没有{word}", days)
        elif ended is not None and days == 0:
            yield about(kind, row, kind, f"今天应当{word}", days)


def due_soon(look: Looking) -> Iterator[Finding]:
    """The reply is due today, or the unit was reminded of it today (T13)."""
    mine = EventRow.number == MatterRow.number
    reminded = exists(select(1).where(mine, EventRow.kind == "reminded", EventRow.at >= look.midnight))
    where = and_(MatterRow.state.in_(WITH_UNIT), MatterRow.due_at > look.now, MatterRow.awaiting != [])
    for row in matters(look, and_(where, or_(MatterRow.due_on <= look.today, reminded))):
        ahead = -look.days(row.due_on)
        yield about("due_soon", row, "tracking", f"还有{ahead}天到期" if ahead > 0 else "今天到期", -ahead)


def overdue(look: Looking) -> Iterator[Finding]:
    """The deadline has passed without a reply (T18)."""
    for row in matters(look, is_late(look.now)):
        if row.due_on is not None:
            days = look.days(row.due_on)
            yield about("overdue", row, "urge", f"逾期{days}天", days)


def reports(look: Looking) -> Iterator[Finding]:
    """A weekly, monthly or phase report is due today or missing (A13, BC-5.8d): one line a matter, the latest."""
    where = and_(MatterRow.state.not_in(ENDED), MatterRow.view["nodes"] != [])
    for row in matters(look, where, view("nodes")):
        owed = [node for node in row.nodes if not _done(node) and look.days(_due(node)) >= 0]
        if not owed:
            continue
        latest = max(owed, key=lambda node: str(node["due_on"]))
        days, earlier = look.days(_due(latest)), len(owed) - 1
        what, verb = ("的检查", "做") if latest.get("by") == "office" else ("的报告", "报")
        when = f"“{latest['name']}”{what}" + (f"今天应{verb}" if days == 0 else f"逾期{days}天未{verb}")
        before = f"，此前还有{earlier}期未报" if earlier else ""
        yield about("report", row, "cadence", f"{when}{before}", days, clause=_asks_for_reports(row))


def _asks_for_reports(row: Row[Any]) -> str:
    law = regulation.load(row.regulation)
    if row.type == STAGED:
        return law.stages.basis.clause
    return (periods.cadence_of(law, row.type) or law.types[row.type]).basis.clause


def _done(node: dict[str, Any]) -> bool:
    # A check by the office is closed without a report; a note says why the unit does not owe one.
    return bool(node["reported_at"] or node.get("closed_at") or (node.get("note") and node.get("by") == "unit"))


def _due(node: dict[str, Any]) -> Any:
    return datetime.fromisoformat(node["due_on"]).date()


def urged(look: Looking) -> Iterator[Finding]:
    """Urged, and neither a result nor news of progress so far (T20)."""
    for row in matters(look, awaits("urged_reply"), view("timers"), last("urged").label("since")):
        ends = row.timers.get(key_of(row.awaiting, "urged_reply"))
        limit = f"，限{last_day(datetime.fromisoformat(ends))}前报来" if ends else ""
        days = look.days(row.since or row.registered_at)
        said = f"催办{days}天" if days else "今天催办"
        yield about("urged", row, "urge", f"{said}，还没有结果和进展{limit}", days)


def accounts(look: Looking) -> Iterator[Finding]:
    """The unit's head owes a written account (T21)."""
    since = last("urged_reply_lapsed", "demanded").label("since")
    for row in matters(look, awaits("demand", "account"), since):
        days = look.days(row.since or row.registered_at)
        yield about("account", row, "urge", f"单位主要领导的书面情况说明还没有报来（{days}天）", days)


def tracking(look: Looking) -> Iterator[Finding]:
    """A matter at its unit after which the office has not asked for as long as its urgency allows (T13)."""
    opened, tracked, urged_at = (
        MatterRow.view["rounds"][-1]["opened_at"].astext,
        MatterRow.view["tracked_at"].astext,
        MatterRow.view["urged_at"].astext,
    )
    asked = func.greatest(*(cast(one, Moment) for one in (opened, tracked, urged_at))).label("asked")
    urgency = MatterRow.view["form"]["urgency"].astext.label("urgency")
    at_work = MatterRow.state.in_(WITH_UNIT) & (MatterRow.state != "declined") & opened.is_not(None)
    rows = matters(look, at_work, asked, urgency)
    # The later one asked, the later it is time to ask again: of thousands of moments a few are counted with.
    same: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for row in rows:
        same[row.regulation, row.urgency or ""].append(row.asked.astimezone(clock.SHANGHAI))
    due = {one: _ask_again(look, *one, sorted(moments)) for one, moments in same.items()}
    for row in rows:
        if row.asked <= due[row.regulation, row.urgency or ""]:
            days = look.days(row.asked)
            yield about("tracking", row, "tracking", f"{days}天没有过问（{row.urgency or ''}）", days)


def _ask_again(look: Looking, law_id: str, urgency: str, moments: list[datetime]) -> datetime:
    """The last of these moments, in order, after which it is time to ask again; one before them all if none is."""
    law = regulation.load(law_id)
    n = bisect(moments, False, key=lambda asked: not reminding.ask_again(law, urgency, asked, look.now))
    return moments[n - 1] if n else datetime.min.replace(tzinfo=clock.SHANGHAI)


def parts(look: Looking) -> Iterator[Finding]:
    """A part of a matter that was split is late (LZ-2.1): the parent waits for it."""
    for row in matters(look, awaits("children"), view("parts")):
        for part in row.parts:
            days = look.days(datetime.fromisoformat(part["due_on"]))
            if not part["ended"] and days > 0:
                said = f"承办的分办件{part['number']}逾期{days}天"
                yield about("part", row, "duty", said, days, unit=part["unit"])
