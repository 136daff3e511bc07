"""From the snapshot of a period file to the values of its papers: words, lists and charts, and no figure of its own.

What is printed was counted before (`duban.reports`, `duban.scoring`) and stands in the snapshot; the same snapshot and
the same events give the same values, so that a paper can be made again to the same bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from duban import ledger
from duban.acts.act import Act
from duban.acts.form import is_secret
from duban.acts.paper_events import case_values
from duban.acts.paper_values import day
from duban.ledger import Event
from duban.periodicals import snapshots, spans
from duban.periodicals.reading import of
from duban.periodicals.report_values import named_values, report_values
from duban.periodicals.score_values import objection_values, objections_values, score_values
from duban.reports.heading import as_of_text

Content = Mapping[str, Any]


def values_of(it: Act, events: Sequence[Event]) -> dict[str, Any]:
    """What a template may use of a period file as it stands after these events.

    Raises Refusal for a matter, and where the snapshot of the draft is missing or was altered.
    """
    period = of(it.state).periodical
    content = snapshots.read(period.snapshot) if period.snapshot else {}
    said = _KINDS[it.state.type](it, content, events) if content else {}
    return said | _head(it, content, events) | objection_values(it, events) | _case(it, events)


def _case(it: Act, events: Sequence[Event]) -> dict[str, Any]:
    """The case that was opened last in this file (BC-5.10d), for its own paper."""
    opened = [event for event in events if event.kind == "accountability_opened"][-1:]
    if not opened:
        return {}
    unit = it.org.unit(opened[0].data["unit"]).name
    return case_values(it, opened[0]) | {"reference": it.state.reference or it.state.number, "unit": unit}


def _head(it: Act, content: Content, events: Sequence[Event]) -> dict[str, Any]:
    """Who issues it, under which number, of which days, as of when; the highest mark of its parts (密级就高)."""
    form, org, mark = it.state.form, it.org, content.get("mark", "")
    issued = next((event.data["issued_on"] for event in reversed(events) if event.kind == "published"), it.now)
    return {
        "rehearsal": ledger.is_rehearsal(it.session),
        "bureau": org.name,
        "office_name": org.office,
        "regulation": it.law.title,
        "clause": of(it.state).periodical.clause,
        "number": it.state.number,
        "title": _TITLES.get(it.state.type, "{}").format(_title(it)),
        "issue": it.state.reference or it.state.number,
        "edition": spans.read(form["period"]).name,
        "span": f"{day(form['from'])}至{day(form['to'])}",
        "as_of": as_of_text(datetime.fromisoformat(content.get("as_of") or form["as_of"])),
        "document_on": day(issued),
        "printed_by": org.office,
        "printed_on": day(issued),
        "mark": mark,
        "copy_number": "000001" if is_secret(mark) else "",
    }


#: A 通报 is titled as GB/T 9704 wants it: what it is about, and the kind of document at the end.
_TITLES = {"monthly_scoring": "关于{}情况的通报", "bulletin": "关于{}的通报"}


def _title(it: Act) -> str:
    if it.state.type != "bulletin":
        return it.state.title
    name = it.law.bulletin.document or "督办情况通报"
    return f"{spans.read(it.state.form['period']).name}{name.removesuffix('通报').removesuffix('情况')}事项办理情况"


def _report(_it: Act, content: Content, _events: Sequence[Event]) -> dict[str, Any]:
    return report_values(content["report"])


def _bulletin(it: Act, content: Content, events: Sequence[Event]) -> dict[str, Any]:
    """The figures, the words of the office, everybody who was named since the last one, the last published ranking."""
    said = report_values(content["report"]) | {"bulletin_text": of(it.state).periodical.text}
    said |= named_values([*content["report"]["named"], *content["notices"], *_own(it, events)])
    if ranking := content["ranking"]:
        rows = ranking["rows"]
        said["ranking_title"] = ranking["title"]
        said["scores"] = [
            {"rank": one["rank"] or "—", "unit": one["name"], "shown": one["shown"], "matters": one["matters"]}
            for one in rows
        ]
    return said


def _scoring(it: Act, content: Content, events: Sequence[Event]) -> dict[str, Any]:
    return score_values(content["sheet"]) | named_values(_own(it, events)) | objections_values(it, events)


def _own(it: Act, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Whom the desks named in this very file."""
    return [
        {"kind": one.kind, "unit_name": it.org.unit(one.data["unit"]).short, "reason": one.data["reason"]}
        for one in events
        if one.kind in ("praised", "criticised")
    ]


_KINDS: dict[str, Callable[[Act, Content, Sequence[Event]], dict[str, Any]]] = {
    "weekly_progress": _report,
    "monthly_scoring": _scoring,
    "instruction_digest": _report,
    "bulletin": _bulletin,
    "year_end_archive": lambda _it, _content, _events: {},
}
