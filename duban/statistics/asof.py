"""Where every matter stood at a moment: the row of the register, or its events up to then where more came since.

A covert matter (暗访) that was not released by the moment is left out of all of it: it is in nothing that a unit or a
bulletin sees. Marked matters are there with their number; what may be shown of them is for the report to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ARRAY, Text, case, cast, or_, select
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import Session

from duban import clock
from duban.ledger.append import event_of, view_of
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.projection import apply
from duban.ledger.queries import LATE, MATTERS
from duban.ledger.standing import BEFORE_DISPATCH, ENDED, UNDER_REVIEW, Node, Round, State
from duban.marks import is_secret

#: Parts of the whole state that no standing is made of; papers and signatures are most of what a matter has.
_LEFT_OUT = (
    "documents",
    "signatures",
    "check",
    "extension",
    "upward",
    "cases",
    "declined",
    "pending_papers",
    "periodical",
)
_TEXTS = ("number", "reference", "type", "title", "unit", "regulation", "organization", "mark", "state", "parent")
_FORM = ("instruction_by", "instruction_on", "instruction_text", "urgency")
#: Timers that say until when the unit (or the office that does it itself) has time for the round.
CLOCKS = ("reply", "own_result")
#: Matters of which the events are read at once.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """One matter as it stood at `moment`. Times are aware, Asia/Shanghai."""

    moment: datetime
    number: str
    reference: str
    type: str
    title: str
    unit: str
    regulation: str
    organization: str
    mark: str
    state: str
    source: int
    instruction_by: str
    instruction_on: str
    instruction_text: str
    urgency: str
    readers: tuple[str, ...]
    cohandlers: tuple[str, ...]
    parent: str
    assignment: int
    rounds: tuple[Round, ...]
    nodes: tuple[Node, ...]
    timers: Mapping[str, str]
    instructions: tuple[Mapping[str, Any], ...]
    due_on: date | None
    due_at: datetime | None
    registered_at: datetime
    issued_at: datetime | None
    closed_at: datetime | None
    archived: Mapping[str, Any]

    @property
    def ended(self) -> bool:
        """Closed or withdrawn by then."""
        return self.state in ENDED

    @property
    def outcome(self) -> str:
        """closed or cancelled, also after it was archived; open."""
        return str(self.archived.get("how") or self.state) if self.ended else "open"

    @property
    def withheld(self) -> bool:
        """Whether a report may show only number, mark and unit: a state secret, or for named readers (MM 五（五）)."""
        return is_secret(self.mark) or bool(self.readers)

    @property
    def runs_until(self) -> datetime | None:
        """When the clock of the round runs out; None while it stands (T15) or there is none."""
        keys = (f"{kind}:{len(self.rounds)}" for kind in CLOCKS)
        return next((datetime.fromisoformat(self.timers[key]) for key in keys if key in self.timers), None)

    @property
    def overdue(self) -> bool:
        """Its due moment had passed without a reply.

        Also where the ledger has not noted that yet. Time that was asked for before the deadline and not decided on
        is not overdue: the clock stands meanwhile (T15).
        """
        until = self.runs_until
        return self.state in LATE or (until is not None and until <= self.moment)

    @property
    def with_office(self) -> bool:
        """It lies with the office or a leader: not handed over yet, under review, or it is not known whose it is."""
        return self.state in (*BEFORE_DISPATCH, *UNDER_REVIEW, "declined")

    @property
    def days_left(self) -> int | None:
        """Days from the day of the moment to the day it is due, negative for days past; None without a date."""
        return None if self.due_on is None else (self.due_on - self.day).days

    @property
    def day(self) -> date:
        """The day of the moment, in Shanghai; midnight is the end of the day before it."""
        return (self.moment.astimezone(clock.SHANGHAI) - timedelta(microseconds=1)).date()

    @property
    def was_late(self) -> bool:
        """One of its due dates passed without a reply at some time, or a date to report on did by the unit's fault."""
        lapsed = any(one.lapsed for one in self.rounds)
        return self.overdue or lapsed or any(node.lapsed and not node.note for node in self.nodes)


def standings(
    session: Session,
    moment: datetime,
    organization: str = "",
    ended_since: datetime | None = None,
    *,
    covert: bool = False,
) -> list[Standing]:
    """Every matter that was registered by `moment` (aware) as it stood then, by number.

    `organization`: only those of this bureau; `ended_since` (aware): without those that ended before it. Without later
    events the register's own row is read; only matters to which something happened after the moment are replayed.
    `covert`: also those that were not released by then, for whoever asks of each matter who may see it.
    """
    # Asked in the statement that reads the rows, so that nothing can happen between the two.
    # Joined and not asked row by row: of a moment long past, a million later events are more than PostgreSQL hashes.
    later = select(EventRow.number).where(EventRow.at > moment).distinct().cte("later")
    more_came = later.c.number.is_not(None)
    # One value a row: each further look into the stored state would unpack the whole of it anew.
    view = case((more_came, None), else_=MatterRow.view.op("-", return_type=JSONB)(cast(array(_LEFT_OUT), ARRAY(Text))))
    query = select(MatterRow.number, view.label("view")).outerjoin(later, later.c.number == MatterRow.number)
    query = query.where(MATTERS, MatterRow.version > 0, MatterRow.registered_at <= moment)
    if ended_since is not None:
        query = query.where(or_(MatterRow.closed_at.is_(None), MatterRow.closed_at >= ended_since, more_came))
    found, replayed = [], []
    for row in session.execute(query.execution_options(yield_per=1000)):
        if row.view is None:
            replayed.append(row.number)
        elif covert or row.view["released"]:
            found.append(standing(row.view, moment))
    found += [
        standing(view_of(state), moment) for state in states(session, replayed, moment) if covert or state.released
    ]
    if ended_since is not None:
        found = [one for one in found if one.closed_at is None or one.closed_at >= ended_since]
    mine = (one for one in found if not organization or one.organization == organization)
    return sorted(mine, key=lambda one: one.number)


def states(session: Session, numbers: Sequence[str], moment: datetime) -> Iterator[State]:
    """The states of these matters as their events up to `moment` (aware) had left them; covert ones too."""
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        query = select(*EventRow.__table__.columns).where(EventRow.number.in_(some), EventRow.at <= moment)
        rows = session.execute(query.order_by(EventRow.number, EventRow.seq))
        for _number, events in groupby(rows, key=lambda row: row.number):
            state: State | None = None
            for row in events:
                state = apply(state, event_of(row))
            if state is not None:
                yield state


def standing(view: Mapping[str, Any], moment: datetime) -> Standing:
    """The standing at a moment (aware) of a matter of which this is the whole state (the `view` of its row)."""
    form = view["form"]
    texts = {name: str(view[name] or "") for name in _TEXTS} | {name: str(form.get(name) or "") for name in _FORM}
    return Standing(
        moment=moment,
        **texts,
        source=int(form.get("source") or 0),
        readers=tuple(form.get("readers") or ()),
        cohandlers=tuple(view["cohandlers"]),
        assignment=view["assignment"],
        rounds=tuple(Round.model_validate(one) for one in view["rounds"]),
        nodes=tuple(Node.model_validate(one) for one in view["nodes"]),
        timers=view["timers"],
        instructions=tuple(view["instructions"]),
        due_on=date.fromisoformat(view["due_on"]) if view["due_on"] else None,
        due_at=_moment(view["due_at"]),
        registered_at=datetime.fromisoformat(view["registered_at"]),
        issued_at=_moment(view["issued_at"]),
        closed_at=_moment(view["closed_at"]),
        archived=view.get("archived") or {},
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
