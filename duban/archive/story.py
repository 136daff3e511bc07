"""What lies in a matter's file: every paper, where it came from and whom it went to, read from the events."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import documents
from duban.ledger import Event
from duban.ledger.append import COLUMNS, event_of
from duban.ledger.models import EventRow
from duban.ledger.projection import apply
from duban.ledger.standing import State
from duban.ledger.verify import named_files
from duban.organization import OFFICE

#: Ways of a paper: to the unit, from the unit, up to a superior body, report for the leaders, sheet that goes with a
#: document (文件处理单: proposal, record of the call), the office's own record, part of a published issue.
OUT, IN, UP, REPORT, SHEET, OWN, ISSUE = "out", "in", "up", "report", "sheet", "own", "issue"
#: kind of the event that a paper was made for -> its way; every other is the office's own record.
CAUSES: Mapping[str, str] = {
    **dict.fromkeys(("dispatched", "reassigned", "urged", "urged_by_hand", "warned", "returned", "further_work"), OUT),
    **dict.fromkeys(("instructed", "demanded", "coordinated", "period_returned"), OUT),
    **dict.fromkeys(("extended", "extension_requested", "extension_signed", "period_reported", "replied"), IN),
    **dict.fromkeys(("proposed", "proposal_signed", "called"), SHEET),
    **dict.fromkeys(("accepted", "reported", "approved", "period_closed", "part_closed"), REPORT),
    **dict.fromkeys(("upward_drafted", "upward_revised", "upward_signed", "sent_up"), UP),
}
#: What the catalogue says a paper is for (用于) -> its way, whichever event it was made after.
USES: Mapping[str, str] = {
    **dict.fromkeys(("问责登记", "回访", "检查"), OWN),
    **dict.fromkeys(("书面说明", "向党委说明", "改派", "协调"), OUT),
    **dict.fromkeys(("未办结", "延期审批"), IN),
}
#: Papers by which a round begins, and events with which the file of a reply comes.
OPENERS = ("dispatched", "returned", "further_work", "instructed")
ANSWERS = ("replied", "own_result", "accounted")
BATCH = 200


@dataclass(frozen=True)
class Paper:
    """One stored file of a matter. `at`: when it was made or came in (aware, Asia/Shanghai)."""

    seq: int
    kind: str
    name: str
    sha256: str
    at: datetime
    way: str
    cause: str  # kind of the event it was made for or came with
    round: int
    unit: str  # who handled the matter then
    reference: str
    made: bool  # by Duban; else it came in
    to: tuple[str, ...]  # whom it went to or came from


@dataclass(frozen=True)
class Reopening:
    """A matter that had ended was taken up again: when, by which kind of event, and who entered it."""

    at: datetime
    kind: str
    by: str


@dataclass(frozen=True)
class Story:
    """A matter (or period file) as its events left it, with its papers and what was archived of it before."""

    state: State
    papers: tuple[Paper, ...]
    reopened: tuple[Reopening, ...]
    kinds: frozenset[str]
    entered: frozenset[int]  # seq of papers that have their 档号
    archivings: int  # how often it was archived
    sent_to: frozenset[str]  # units that were given it, or that a published issue went to

    @property
    def pending(self) -> tuple[Paper, ...]:
        """Papers without a 档号."""
        return tuple(paper for paper in self.papers if paper.seq not in self.entered)


def stories(session: Session, numbers: Sequence[str]) -> Iterator[Story]:
    """The stories of these matters, in the order of `numbers`; read in batches, so memory does not grow with them."""
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        rows = session.execute(
            select(*COLUMNS).where(EventRow.number.in_(some)).order_by(EventRow.number, EventRow.seq)
        )
        found = {number: told([event_of(row) for row in group]) for number, group in groupby(rows, lambda r: r.number)}
        yield from (found[number] for number in some if number in found)


def told(events: Sequence[Event]) -> Story:
    """One matter's story, from all its events. Raises ValueError for a broken chain of events."""
    state: State | None = None
    papers: list[Paper] = []
    reopened: list[Reopening] = []
    entered: set[int] = set()
    sent: set[str] = set()
    cause: Event | None = None
    archivings = 0
    for place, event in enumerate(events):
        before, state = state, apply(state, event)
        if event.kind == "documented":
            papers.append(_paper(event, cause, _following(events, place), state))
            continue
        cause = event
        if event.kind == "archived":
            archivings += 1
            entered |= {paper["seq"] for piece in event.data["pieces"] for paper in piece["papers"]}
        elif state.periodical is None:
            papers += _others(event, papers, state)
        if event.kind == "dispatched":
            sent.add(state.unit)
        if event.kind == "published":
            sent |= {*event.data.get("to", ())}
        if before is not None and before.ended and not state.ended:
            reopened.append(Reopening(event.at, event.kind, event.actor.name))
    if state is None:
        raise ValueError("no events")
    kinds = frozenset(event.kind for event in events)
    return Story(state, tuple(papers), tuple(reopened), kinds, frozenset(entered), archivings, frozenset(sent))


def _following(events: Sequence[Event], place: int) -> Event | None:
    return next((event for event in events[place + 1 :] if event.kind != "documented"), None)


def _paper(event: Event, cause: Event | None, following: Event | None, state: State) -> Paper:
    data = event.data
    made = "template" in data or state.periodical is not None
    # A file that came in is entered just before what it came with; a paper is made just after what it is about.
    about = cause if made else following
    way = _way(data["kind"], about, state) if made else OWN if state.unit == OFFICE else IN
    reference = (about.data.get("reference") or "") if about is not None else ""
    if way == ISSUE or (about is not None and about.kind == "dispatched"):
        reference = reference or state.reference
    return Paper(
        seq=event.seq,
        kind=data["kind"],
        name=data["name"],
        sha256=data["sha256"],
        at=event.at,
        way=way,
        cause=about.kind if about is not None else "",
        round=event.round or 0,
        unit=state.unit,
        reference=str(reference),
        made=made,
        to=_parties(about, state),
    )


def _parties(about: Event | None, state: State) -> tuple[str, ...]:
    """The units between which and the office a paper went: who handled the matter, of a case those it is about."""
    data = about.data if about is not None and about.kind == "accountability_opened" else {}
    return tuple(data.get("owes") or ()) or (str(data.get("unit") or state.unit),)


def _way(kind: str, about: Event | None, state: State) -> str:
    known = documents.kinds(state.organization).get(kind)
    named = next((USES[use] for use in known.uses if use in USES), None) if known is not None else None
    if state.periodical is not None:
        return named or ISSUE
    return named or CAUSES.get(about.kind if about is not None else "", OWN)


def _others(event: Event, papers: Collection[Paper], state: State) -> list[Paper]:
    """Files that an event names and that no entry of their own names: nothing that was kept is left out."""
    known = {paper.sha256 for paper in papers}
    found: list[Paper] = []
    for sha256 in dict.fromkeys(named_files(event.data)):
        if sha256 not in known:
            name, unit = str(event.data.get("name") or sha256[:12]), state.unit
            way = IN if event.actor.unit else OWN
            fields: dict[str, Any] = {"seq": event.seq, "kind": "材料", "name": name, "sha256": sha256, "at": event.at}
            fields |= {"way": way, "cause": event.kind, "round": event.round or 0, "unit": unit, "to": (unit,)}
            found.append(Paper(**fields, reference="", made=False))
    return found
