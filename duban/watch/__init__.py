"""每日查看: what the office looks at each morning, found in the ledger by one question a kind.

Nothing here changes anything. Sentences name numbers and units, never what a matter is about, so that they may stand in
logs and lists whatever the mark of the matter.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from duban.errors import Refusal
from duban.watch import notices, office, units
from duban.watch.finding import Finding, Looking
from duban.watch.office import broken

__all__ = ["KINDS", "Finding", "Kind", "broken", "findings", "summary"]


class Kind(NamedTuple):
    """What a kind of finding is called, and who looks for it (None: whoever verifies the ledger)."""

    name: str
    look: Callable[[Looking], Iterable[Finding]] | None


#: Kind -> its name and its look, in the order in which the office reads them.
KINDS: dict[str, Kind] = {
    "ledger": Kind("台账核对", None),
    "run": Kind("没有流程", office.runs),
    "regulation": Kind("制度到期", office.successor),
    "calendar": Kind("日历缺失", office.calendar),
    "period": Kind("定期未做", office.periods),
    "paper": Kind("文书未成", office.papers),
    "receipt": Kind("未领收", units.unreceived),
    "reading": Kind("未阅批", units.unread),
    "due_soon": Kind("临近到期", units.due_soon),
    "overdue": Kind("逾期", units.overdue),
    "report": Kind("未报进展", units.reports),
    "urged": Kind("催办未复", units.urged),
    "account": Kind("未作说明", units.accounts),
    "part": Kind("分办逾期", units.parts),
    "tracking": Kind("应当过问", units.tracking),
    "desk": Kind("待办超日", office.desks),
    "criticism": Kind("问责次数", office.criticisms),
    "case": Kind("问责未结", office.cases),
    "notice": Kind("通知发不出去", notices.unsent),
    "failed": Kind("没有查成", None),
}


def findings(session: Session, now: datetime, lost: Collection[str] | None = None) -> list[Finding]:
    """What there is to look at `now` (aware), by kind; `lost`: numbers of the matters that have no run at work.

    A kind that cannot be looked into (a regulation file is gone, a calendar is missing) says so and stops no other.
    """
    look = Looking(session, now, None if lost is None else frozenset(lost))
    return [finding for kind in KINDS for finding in _of(kind, look)]


def _of(kind: str, look: Looking) -> list[Finding]:
    name, finder = KINDS[kind]
    try:
        return list(finder(look)) if finder else []
    except Refusal as refusal:
        return [Finding("failed", "", "", "", f"“{name}”没有查成：{refusal}", 0)]


def summary(found: Iterable[Finding]) -> str:
    """The findings in one line: 今日提示5条：未领收2，逾期3."""
    count = Counter(finding.kind for finding in found)
    if not count:
        return "今日没有需要提示的事项"
    return f"今日提示{count.total()}条：" + "，".join(
        f"{KINDS[kind].name}{count[kind]}" for kind in KINDS if count[kind]
    )
