"""What happened to matters: the last that is known of how far each is, and what changed in a period."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from duban import clock
from duban.ledger.models import EventRow

#: Characters of a text on a line of a table; the whole of it is in the matter.
LONGEST = 160

#: Kind of event that says how far a matter is -> the words before what it says.
PROGRESS: dict[str, str] = {
    "progress_reported": "",
    "period_reported": "",
    "replied": "报来办结报告",
    "accepted": "审核意见：",
    "own_result": "办理结果：",
    "accounted": "书面说明：",
    "tracked": "过问：",
    "extended": "延期：",
}
#: Where the words of such an event stand, the first that has any.
_TEXTS = ("progress", "text", "summary", "reason")

#: From the date that the event sets and whether it took effect (JSON text of both) to the words.
Words = Callable[[str | None, str | None], str]


def _plainly(words: str) -> Words:
    return lambda _due_on, _effective: words


def _until(words: str) -> Words:
    def told(due_on: str | None, _effective: str | None) -> str:
        return f"{words}（限{_short(date.fromisoformat(due_on))}）" if due_on else words

    return told


def _extended(due_on: str | None, effective: str | None) -> str:
    return _until("延期")(due_on, effective) if effective == "true" else "过期报来的延期说明"


#: Kind of event -> how it is told as a change of a matter; what is not here is no change that a reader looks for.
CHANGES: dict[str, Words] = {
    "registered": _plainly("登记"),
    "dispatched": _until("交办"),
    "phoned": _until("电话交办"),
    "released": _plainly("公开"),
    "received": _plainly("领收"),
    "receipt_lapsed": _plainly("领收超时"),
    "reading_lapsed": _plainly("阅批超时"),
    "declined": _plainly("退件"),
    "kept": _until("退件未准"),
    "reassigned": _plainly("改派"),
    "decomposed": _plainly("分解下达"),
    "progress_reported": _plainly("报进展"),
    "period_reported": _plainly("报本期进展"),
    "period_lapsed": _plainly("本期未报"),
    "extension_requested": _plainly("申请延期"),
    "extended": _extended,
    "extension_refused": _plainly("延期未准"),
    "extension_objected": _until("延期不同意"),
    "reply_lapsed": _plainly("逾期"),
    "own_lapsed": _plainly("逾期"),
    "urged": _until("催办"),
    "urged_by_hand": _plainly("催办"),
    "urged_reply_lapsed": _plainly("催办后仍未报"),
    "demanded": _plainly("责成书面说明"),
    "accounted": _plainly("报书面说明"),
    "date_set": _until("另定期限"),
    "replied": _plainly("报办结报告"),
    "own_result": _plainly("办理完毕"),
    "returned": _until("退回补办"),
    "further_work": _until("续办"),
    "instructed": _until("新批示"),
    "checked": _plainly("阶段检查"),
    "accepted": _plainly("审核通过"),
    "praised": _plainly("表扬"),
    "criticised": _plainly("批评"),
    "accountability_opened": _plainly("启动问责"),
}

_LAST = text(
    "SELECT asked.number, said.kind, said.at, said.data FROM unnest(CAST(:numbers AS text[])) AS asked(number)"
    " CROSS JOIN LATERAL (SELECT kind, at, data FROM event WHERE event.number = asked.number"
    " AND kind = ANY(CAST(:kinds AS text[])) AND at <= :moment ORDER BY seq DESC LIMIT 1) AS said"
)


@dataclass(frozen=True, slots=True)
class Said:
    """The last that is known of how far a matter is. `data`: of the event, for reports that tell more of it."""

    on: date
    kind: str
    text: str
    data: Mapping[str, Any]


def last_said(session: Session, numbers: Sequence[str], moment: datetime) -> dict[str, Said]:
    """Of each of these matters the last that somebody said of how far it is, by the moment (aware).

    Asked matter by matter in one statement, by their places in the chain: it takes as long as there are matters, not
    as there are events.
    """
    asked = {"numbers": list(numbers), "kinds": list(PROGRESS), "moment": moment}
    return {row.number: _said(row.kind, row.at, row.data) for row in session.execute(_LAST, asked)}


def _said(kind: str, at: datetime, data: Mapping[str, Any]) -> Said:
    words = next((str(data[name]) for name in _TEXTS if data.get(name)), "")
    if kind == "replied" and data.get("sha256"):
        words = ""  # its text begins with the head of a letter; what the office makes of it comes with the review
    return Said(_day(at), kind, short(PROGRESS[kind] + words), data)


def changes(session: Session, numbers: Sequence[str], since: datetime, until: datetime) -> dict[str, tuple[str, ...]]:
    """What changed in each of these matters from `since` to `until` (aware, both included), told day by day."""
    said = (EventRow.data["due_on"].astext.label("due_on"), EventRow.data["effective"].astext.label("effective"))
    columns = (EventRow.number, EventRow.kind, EventRow.at, *said)
    query = select(*columns).where(EventRow.at >= since, EventRow.at <= until, EventRow.kind.in_(CHANGES))
    wanted, found = set(numbers), defaultdict(list)
    for row in session.execute(query.order_by(EventRow.number, EventRow.seq).execution_options(yield_per=1000)):
        if row.number in wanted:
            found[row.number].append(f"{_short(_day(row.at))}{CHANGES[row.kind](row.due_on, row.effective)}")
    return {number: tuple(dict.fromkeys(told)) for number, told in found.items()}


def short(words: str) -> str:
    """One line of at most LONGEST characters."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()
