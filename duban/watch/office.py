"""What the office itself owes: decisions that lie, cases without outcome, papers, calendars, runs, the ledger."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Row, case, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from duban import deadlines, documents, ledger, organization, regulation, schedules, workdays
from duban.acts.noting import COUNTED, counted_since
from duban.acts.questions import QUESTIONS
from duban.errors import Refusal
from duban.ledger.counting import NOTICE
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.standing import PERIODICALS, STATES
from duban.watch.finding import Finding, Looking, about, awaits, day_of, files, latest, matters, unit_name, view

AHEAD = timedelta(days=90)
"""How long before a regulation ends its successor is asked for: writing and checking one takes a while."""

#: Events that come and go beside the main line: they do not begin the time for which a decision has been lying.
BESIDE = (
    *("documented", "consulted", "called", "receipt_lapsed", "received", "reading_lapsed", "read"),
    *("reminded", "warned", "tracked", "urged_by_hand", "inspected", "coordinated", "followed_up"),
    *("praised", "criticised", "leaked", "accountability_opened", "accountability_closed"),
)
#: Decisions that lie beside the state of the matter, and what they are called; the others are called by the state.
_CALLED = {
    "call": "电话通知",
    "new_date": "重定时限",
    "extend": "延期审批",
    "urge": "催办",
    "send_up": "上报",
    "objection": "异议裁定",
}
#: The word of a decision -> the rule that asks for it.
_RULES = {
    "propose": "registration",
    "sign": "sign_chain",
    "revise": "sign_chain",
    "call": "phone_notice",
    "review": "review",
    "approve": "close_chain",
    "sign_up": "close_chain",
    "send_up": "close_chain",
    "new_date": "urge",
    "urge": "urge",
    "extend": "extension",
    "reassign": "dispatch",
    "check": "stages",
    "objection": "scoring",
    "score": "scoring",
    "edit": "bulletin",
    "bulletin": "bulletin",
    "digest": "digest",
}


def desks(look: Looking) -> Iterator[Finding]:
    """A decision that did not get its answer on the day on which it came up (SK-3.5), with the working days since."""
    asked = "|".join(sorted(QUESTIONS))
    waiting = awaits(*(rf"{word}(\.[a-z_]+)?" for word in sorted(QUESTIONS))) if asked else MatterRow.awaiting == []
    since = latest(EventRow.kind.not_in(BESIDE)).label("since")
    for row in files(look, waiting, since):
        days = workdays.count(day_of(row.since), look.today) if day_of(row.since) < look.today else 0
        for key in row.awaiting if days else ():
            kind = key.rpartition(":")[0]
            word, _dot, desk = kind.partition(".")
            if kind in QUESTIONS or word in QUESTIONS:
                yield about("desk", row, _RULES.get(word, "registration"), _lies(row, word, desk, days), days)


def _lies(row: Row[tuple[str]], word: str, desk: str, days: int) -> str:
    where = organization.load(row.organization).title(desk or "office")
    return f"在{where}处待办已{days}个工作日（{_CALLED.get(word, STATES[row.state])}）"


def cases(look: Looking) -> Iterator[Finding]:
    """A case of accountability that is open (BC-5.5c, 5.10d): it lives on after its matter."""
    without = MatterRow.view.op("@?")(cast("$.cases[*] ? (@.closed_at == null)", JSONPATH))
    for row in files(look, without, view("cases")):
        for one in row.cases:
            if one["closed_at"] is None:
                days = look.days(datetime.fromisoformat(one["opened_at"]))
                owed = "、".join(unit_name(row.organization, unit) for unit in one.get("owes", ()))
                account = f"，{owed}还没有报来书面说明" if owed else ""
                said = f"依{one['clause']}登记的问责还没有处理结果（{days}天）{account}"
                yield about("case", row, "urge", said, days, unit=one["unit"], clause=one["clause"])


def criticisms(look: Looking) -> Iterator[Finding]:
    """A unit that one more criticism would bring to the number at which its head answers, or that is there (A5)."""
    law = regulation.current(look.today)
    rule = law.bulletin
    if rule.limit_times is None:
        return
    since = counted_since(rule.period, look.now)
    told = EventRow.data["unit"].astext
    unit = case((told.is_(None) | (told == ""), MatterRow.unit), else_=told).label("unit")
    is_case = EventRow.kind == "accountability_opened"
    times = func.count(NOTICE.distinct()).filter(~is_case)
    query = (
        select(unit, times.label("times"), func.count().filter(is_case).label("cases"))
        .join(MatterRow, MatterRow.number == EventRow.number)
        .where(EventRow.at >= since)
        .where(
            EventRow.kind.in_(COUNTED[rule.counted or "criticism"]) | (is_case & (EventRow.clause == rule.basis.clause))
        )
        .group_by(unit)
        .order_by(unit)
    )
    for row in look.session.execute(query):
        if row.times + 1 < rule.limit_times:
            continue
        named = unit_name(law.organization, row.unit)
        if row.times < rule.limit_times:
            said = f"{named}已被通报批评{row.times}次，再有一次即满{rule.limit_times}次，依{rule.basis.clause}问责"
        else:
            then = "已登记问责" if row.cases else "还没有登记问责，请登记"
            said = f"{named}已被通报批评{row.times}次，达到问责次数（{rule.limit_times}次），{then}"
        yield Finding("criticism", "", row.unit, rule.basis.clause, said, 0)


def papers(look: Looking) -> Iterator[Finding]:
    """A paper that is due and could not be made; a broken template is named with its fault."""
    for row in matters(look, MatterRow.view["pending_papers"] != [], view("pending_papers")):
        for kind in row.pending_papers:
            fault = _template_fault(row.organization, kind)
            yield about("paper", row, "registration", f"的《{kind}》还没有做成{fault}", look.days(row.registered_at))


def _template_fault(organization_id: str, kind: str) -> str:
    try:
        known = documents.kinds(organization_id).get(kind)
    except Refusal as refusal:
        return f"：{refusal}"
    if known is None:
        return f"：文书目录里没有《{kind}》"
    faults = documents.check_template(Path(known.path))
    return f"：模板 {known.path.name} 有误，{faults[0]}" if faults else ""


def runs(look: Looking) -> Iterator[Finding]:
    """A matter that awaits something and has no run at work; known only to whoever could ask Airflow."""
    if look.lost:
        for row in matters(look, MatterRow.number.in_(look.lost)):
            yield about("run", row, "registration", "没有在办的流程，需要重新启动", 0)


def calendar(look: Looking) -> Iterator[Finding]:
    """This year's calendar is missing, or next year's from November on: limits over the new year would be refused.

    The periodical work whose next day nobody can tell without it is named: it waits, and is made up afterwards.
    """
    year, sentence = look.today.year + 1, workdays.warning(look.today)
    try:
        workdays.notice(look.today.year)
    except Refusal as missing:
        year, sentence = look.today.year, str(missing)
    if sentence:
        waiting = "、".join(PERIODICALS[kind] for kind in schedules.waiting(regulation.current(look.today), look.now))
        more = f"；{waiting}的下一期要等它" if waiting else ""
        yield Finding("calendar", "", "", "", sentence + more, (look.today - date(year, 1, 1)).days)


def periods(look: Looking) -> Iterator[Finding]:
    """Periodical work that was due before today and has no file: only what the office has had made before."""
    law = regulation.current(look.today)
    made = select(MatterRow.type, MatterRow.view["form"]["period"].astext).where(MatterRow.type.in_(PERIODICALS))
    files = {(kind, period) for kind, period in look.session.execute(made)}
    for kind in sorted({kind for kind, _period in files}):
        timed = schedules.schedule(kind, law)
        if timed is None:
            continue
        slot = timed.latest(look.midnight)
        due, period = timed.due(slot), timed.period(slot)
        if due is not None and (kind, period) not in files:
            when = f"应于{deadlines.chinese(day_of(due))}办理，还没有建期"
            said = f"{PERIODICALS[kind]}（{period}）{when}，请在流程里点“触发”补办"
            yield Finding("period", "", "", "", said, look.days(due))


def successor(look: Looking) -> Iterator[Finding]:
    """The regulation in force ends soon and no version follows it, or none is in force."""
    try:
        law = regulation.current(look.today)
        while law.valid_to is not None and law.valid_to - look.today <= AHEAD:
            ended = law
            try:
                law = regulation.current(ended.valid_to or look.today)
            except Refusal as refusal:
                days = look.days(ended.valid_to or look.today)
                yield Finding("regulation", "", "", "", f"《{ended.title}》将于{ended.valid_to}废止：{refusal}", days)
                return
    except Refusal as refusal:
        yield Finding("regulation", "", "", "", str(refusal), 0)


def broken(session: Session | None = None) -> list[Finding]:
    """The faults of the ledger itself (`ledger.verify`); it reads everything, so it is no part of the quick look."""
    return [Finding("ledger", "", "", "", fault, 0) for fault in ledger.verify(session)]
