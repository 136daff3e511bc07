"""Opening a period file: once for its period, under its own number, when the period is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import Session

from duban import clock, ledger, numbering, organization, regulation
from duban.errors import Refusal
from duban.ledger import SYSTEM, Draft
from duban.ledger.models import MatterRow
from duban.organization import Organization
from duban.periodicals import spans
from duban.periodicals.spans import ONE, Span
from duban.regulation import Basis, Regulation
from duban.reports import bases
from duban.reports.heading import end_of

#: The series in which bulletins are counted before they have an issue number of their own.
BULLETINS = "通报立项"
#: Kinds that may be drawn up before their period is over (每月28日): the next one tells of the days that were left.
GOES_ON = ("weekly_progress", "instruction_digest")


@dataclass(frozen=True)
class Kind:
    """One kind of period file: its letters in the number, its rule, the periods it may have, its title."""

    letters: str
    name: str
    basis: Callable[[Regulation], Basis | None]  # None: the regulation knows no such thing
    forms: Callable[[Regulation], tuple[str, ...]]
    title: Callable[[Regulation, Span], str]
    ends_first: bool = True  # whether its period must be over; else its first day must have come


def _scored(law: Regulation) -> Basis | None:
    rule = law.scoring
    return rule.basis if law.laid_down("考核") and rule.method != "none" and rule.published else None


def _digest(law: Regulation) -> Basis | None:
    return bases.BASES[compiled(law)][1](law)


def compiled(law: Regulation) -> str:
    """Which compilation it is: of the leaders' instructions (LZ 三（三）), or of the month's progress (MM 三（一）)."""
    return "digest" if law.laid_down("批示件汇总") else "monthly"


def rule_of(kind: str, law: Regulation) -> Any:
    """The rule with the desks and the paper of a kind of period file; None for a kind that has neither."""
    rules: dict[str, Any] = {
        "monthly_scoring": law.scoring,
        "bulletin": law.bulletin,
        "instruction_digest": law.digest if compiled(law) == "digest" else law.cadence,
    }
    return rules.get(kind)


def _digest_title(law: Regulation, span: Span) -> str:
    return f"{span.name}{bases.title(compiled(law), law)}"


def _weekly(law: Regulation) -> Basis:
    return bases.basis("weekly", law)


#: Kind of period file (the id of its DAG) -> how it is opened.
KINDS: dict[str, Kind] = {
    "weekly_progress": Kind(
        "ZB",
        "周报",
        _weekly,
        lambda _law: ("day",),
        lambda _law, span: f"办件进展周报（{span.name}）",
        ends_first=False,
    ),
    "monthly_scoring": Kind(
        "KH", "考核", _scored, lambda law: (law.scoring.published or "",), lambda _law, span: f"{span.name}督办考核"
    ),
    "instruction_digest": Kind("HZ", "汇总", _digest, lambda _law: ("month",), _digest_title, ends_first=False),
    "bulletin": Kind(
        "TB",
        "通报",
        lambda law: law.bulletin.basis if law.laid_down("通报") else None,
        lambda _law: ("day", "month", "quarter", "year"),
        lambda law, span: f"{law.bulletin.document or '督办情况通报'}（{span.name}）",
        ends_first=False,
    ),
    "year_end_archive": Kind(
        "GD",
        "归档",
        lambda law: law.archive.basis if law.laid_down("归档") else None,
        lambda _law: ("year",),
        lambda _law, span: f"{span.name}归档",
    ),
}


def open_period(kind: str, period: str, run_key: str = "") -> str:
    """Open the period file of this kind for this period and return its number; the second time it is the same file.

    `kind` is the id of its DAG, `period` a month, quarter, year or day as the kind has it (2026-03, 2026-Q1, 2026,
    2026-11-20). Raises Refusal for an unknown kind, a regulation without such a rule, and a period that is not over.
    """
    known = KINDS.get(kind)
    if known is None:
        raise Refusal(f"没有“{kind[:40]}”这一种期，可用：{'、'.join(f'{one}（{KINDS[one].name}）' for one in KINDS)}。")
    span = spans.read(period)
    with ledger.transaction() as session:
        now = clock.now(session)
        org = organization.load()
        if earlier := _opened(session, kind, org, span, run_key):
            return earlier
        law = regulation.current(min(span.ends, now.date()))
        basis = _fitting(known, law, span, now)
        number = _number(session, known, kind, org, span, run_key, now)
        ledger.locks.number_gate(session)
        if _known(session, number):
            return number
        ledger.open_matter(session, number)
        form = {"period": span.period, "kind": span.kind} | _days(session, kind, org, span, now)
        data = {
            "reference": "",
            "type": kind,
            "title": known.title(law, span),
            "unit": "",
            "regulation": law.id,
            "organization": org.id,
            "form": form,
            "run_key": run_key,
        }
        draft = Draft("periodical_opened", "open", SYSTEM, basis.clause, data, now, 0)
        ledger.append(session, number, draft)
        return number


def _fitting(known: Kind, law: Regulation, span: Span, now: datetime) -> Basis:
    basis, forms = known.basis(law), known.forms(law)
    if basis is None:
        raise Refusal(f"《{law.title}》没有规定{known.name}，不能建这一期。")
    if span.kind not in forms:
        wanted = "或".join(spans.KINDS[one] for one in forms)
        raise Refusal(f"《{law.title}》的{known.name}按{wanted}办理，“{span.period}”不是，请改正期间。")
    day = now.date()
    if known.ends_first and span.ends >= day:
        raise Refusal(f"{span.name}还没有过完（到{span.ends}为止），请在{span.ends + ONE}以后再办{known.name}。")
    if span.starts > day:
        raise Refusal(f"{span.name}还没有到，今天是{day}，请到时再办{known.name}。")
    return basis


def _number(
    session: Session, known: Kind, kind: str, org: Organization, span: Span, run_key: str, now: datetime
) -> str:
    if kind == "bulletin":  # several may be about the same days; what makes two openings one is the run
        dropped = select(func.count()).where(_same(kind, org, span), MatterRow.state == "cancelled")
        key = run_key or f"{kind}/{span.period}/{session.scalar(dropped)}"
        n = numbering.allocate(session, BULLETINS, now.year, key)
        return f"{org.number_prefix}-{known.letters}-{now.year}-{n:04d}"
    return f"{org.number_prefix}-{known.letters}-{span.period}"


def _opened(session: Session, kind: str, org: Organization, span: Span, run_key: str) -> str | None:
    """The file that this run, or without one this period, has opened already."""
    if run_key and (number := ledger.number_of_run(session, run_key)):
        return number
    same = select(MatterRow.number).where(_same(kind, org, span))
    if kind == "bulletin":
        same = same.where(MatterRow.run_key == run_key, MatterRow.state != "cancelled")
    return session.scalar(same.order_by(MatterRow.number).limit(1))


def _of(kind: str, org: Organization) -> ColumnElement[bool]:
    """The files of this kind of this bureau; a ledger may hold those of another."""
    return and_(MatterRow.type == kind, MatterRow.view["organization"].astext == org.id)


def _same(kind: str, org: Organization, span: Span) -> ColumnElement[bool]:
    return and_(_of(kind, org), MatterRow.view["form"]["period"].astext == span.period)


def _known(session: Session, number: str) -> bool:
    return session.scalar(select(MatterRow.number).where(MatterRow.number == number)) is not None


def _days(session: Session, kind: str, org: Organization, span: Span, now: datetime) -> dict[str, str]:
    """From and to which day the file speaks, and the moment as of which it tells how things stand."""
    ends = min(span.ends, now.date())
    told = {"to": ends.isoformat(), "as_of": min(end_of(ends), now).isoformat()}
    if (last := _last(session, kind, org, span)) is None:
        return {"from": _starts(kind, span).isoformat()} | told
    # What happened after that moment, on the same day still, is in no report yet.
    since = datetime.fromisoformat(last.as_of) + timedelta(microseconds=1)
    return {"from": (date.fromisoformat(last.to) + ONE).isoformat(), "since": since.isoformat()} | told


def _last(session: Session, kind: str, org: Organization, span: Span) -> Row[Any] | None:
    """Where the one before ended: a report goes on from there, so that nothing is lost; None where it has its days."""
    if kind not in GOES_ON and span.kind != "day":
        return None
    form = MatterRow.view["form"]
    ended = form["to"].astext
    return session.execute(
        select(ended.label("to"), form["as_of"].astext.label("as_of"))
        .where(_of(kind, org), MatterRow.state != "cancelled", ended < span.ends.isoformat())
        .order_by(ended.desc())
        .limit(1)
    ).one_or_none()


def _starts(kind: str, span: Span) -> date:
    """The first day of a period that goes on from none."""
    if span.kind != "day":
        return span.starts
    return span.ends - timedelta(days=6) if kind == "weekly_progress" else date(span.ends.year, 1, 1)
