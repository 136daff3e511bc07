"""What a draft holds, by type: the report or the sheet as JSON, the small numbers that the event keeps, a table."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from duban import clock
from duban.acts.act import Act
from duban.errors import Refusal
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.standing import PERIODICALS
from duban.marks import highest
from duban.periodicals import sheets
from duban.periodicals.opening import compiled
from duban.periodicals.reading import of
from duban.reports import making, names
from duban.reports.heading import Period
from duban.scoring import months

#: What a draft holds, and its table; `mark` and `summary` are in every content.
Drawn = tuple[dict[str, Any], bytes]


def weekly(it: Act) -> Drawn:
    """Every open matter with its light, and what changed since the last report."""
    return _report(it, "weekly", "open", "overdue", "new")


def digest(it: Act) -> Drawn:
    """The digest of instructions (LZ 三（三）), or where the regulation has none the month's progress (MM 三（一）)."""
    if compiled(it.law) == "digest":
        return _report(it, "digest", "total", "listed")
    content, table = _report(it, "monthly")
    return content | {"summary": {"total": content["report"]["reported"]["base"]["value"]}}, table


def bulletin(it: Act) -> Drawn:
    """The figures of the period, whom the notices since the last bulletin named, and the last published ranking."""
    content, table = _report(it, "bulletin", "overdue", "praised", "criticised")
    return content | {"notices": _notices(it, content["report"]["named"]), "ranking": _ranking(it)}, table


def scoring(it: Act) -> Drawn:
    """The score sheet of the period without the entries that were objected to rightly."""
    _refuse_unsettled(it)
    period = of(it.state).periodical
    sheet = months.compute(it.session, it.law, it.org, period.period, waived=period.waived).as_json()
    entries = [one for unit in sheet["units"] for one in (*unit["entries"], *unit["carried"])]
    summary = {
        "units": len(sheet["units"]),
        "entries": len(entries),
        "corrections": sum(1 for one in entries if one["corrects"]),
    }
    content = {"sheet": sheet, "mark": highest(one["mark"] for one in entries), "summary": summary}
    return content, sheets.scores(content, it.state.title, _period(it).as_of)


def _refuse_unsettled(it: Act) -> None:
    """A period stands on what was published of those before it: one that may still change is settled first."""
    form = MatterRow.view["form"]
    earlier = it.session.execute(
        select(MatterRow.number, MatterRow.title)
        .where(MatterRow.type == "monthly_scoring", MatterRow.state.not_in(("published", "cancelled")))
        .where(MatterRow.view["organization"].astext == it.org.id)
        .where(form["to"].astext < it.state.form["from"])
        .order_by(form["to"].astext)
        .limit(1)
    ).one_or_none()
    if earlier is not None:
        raise Refusal(
            f"{earlier.title}（{earlier.number}）已建期、还没有印发，{it.state.title}的分要在它的基础上算，"
            f"请先把{earlier.number}印发，再起草{it.number}。"
        )


def _report(it: Act, kind: str, *counted: str) -> Drawn:
    made = making.report(kind, it.session, it.law, it.org, _period(it))
    said = made.as_json()
    summary = {name: said[name]["value"] for name in counted}
    return {"report": said, "mark": said["heading"]["mark"], "summary": summary}, making.spreadsheet(kind, made)


def _period(it: Act) -> Period:
    form = it.state.form
    first, last = date.fromisoformat(form["from"]), date.fromisoformat(form["to"])
    as_of = datetime.fromisoformat(form["as_of"]).astimezone(clock.SHANGHAI)
    begins = datetime.fromisoformat(form["since"]).astimezone(clock.SHANGHAI) if "since" in form else None
    return Period(form["period"], first, last, as_of, begins=begins)


def _notices(it: Act, reported: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Praise and criticism in the period files published since the last bulletin was drafted.

    Whom a bulletin itself names stands in that one. `reported`: whom the report names; what the office also put on
    record in a matter, of the same notice, is told once.
    """
    own = MatterRow.view["organization"].astext == it.org.id
    drafted = MatterRow.view["periodical"]["drafted_at"].astext
    last = it.session.scalar(
        select(drafted)
        .where(MatterRow.type == "bulletin", MatterRow.state == "published", MatterRow.number != it.number, own)
        .order_by(drafted.desc())
        .limit(1)
    )
    since = datetime.fromisoformat(last) if last else it.now.replace(month=1, day=1, hour=0, minute=0, second=0)
    query = (
        select(EventRow, MatterRow.title)
        .join(MatterRow, MatterRow.number == EventRow.number)
        .where(MatterRow.type.in_(PERIODICALS), MatterRow.type != "bulletin", own)
        .where(EventRow.kind.in_(("praised", "criticised")))
        .where(EventRow.at > since, EventRow.at <= it.now)
        .order_by(EventRow.at, EventRow.id)
    )
    told = {(one["kind"], one["unit"], one["bulletin"]) for one in reported if one["bulletin"]}
    return [
        {
            "kind": event.kind,
            "unit": event.data["unit"],
            "unit_name": names.unit(it.org, event.data["unit"]),
            "reason": event.data["reason"],
            "bulletin": event.data["bulletin"],
            "title": title,
            "on": event.at.astimezone(clock.SHANGHAI).date().isoformat(),
            "clause": event.clause,
            "number": event.number,
            "key": event.key,
        }
        for event, title in it.session.execute(query)
        if (event.kind, event.data["unit"], event.data["bulletin"]) not in told
    ]


def _ranking(it: Act) -> dict[str, Any] | None:
    """The ranking of the last published period of this year or the last, as it was published.

    None where none was, or where the regulation only lists what counts: those have no points to rank by (MM 六).
    """
    known = [one for year in (it.now.year - 1, it.now.year) for one in months.published(it.session, it.org.id, year)]
    scored = [one for one in known if one.method == "points"]
    if not scored:
        return None
    sheet = scored[-1].as_json()
    row = it.session.execute(
        select(MatterRow.title, MatterRow.reference)
        .where(MatterRow.type == "monthly_scoring", MatterRow.state == "published")
        .where(MatterRow.view["organization"].astext == it.org.id)
        .where(MatterRow.view["form"]["period"].astext == sheet["period"])
    ).one()
    wanted = ("rank", "unit", "name", "shown", "delta", "matters")
    rows = [{name: unit[name] for name in wanted} for unit in sheet["units"]]
    return {"title": row.title, "reference": row.reference, "period": sheet["period"], "rows": rows}
