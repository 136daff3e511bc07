"""What a matter waits for and of whom, and how its date was counted: the two things that everybody asks first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from duban import deadlines, organization, regulation, workdays
from duban.acts.telling import line
from duban.acts.waiting import WORDS, asked_of
from duban.deadlines import Due
from duban.errors import Refusal
from duban.ledger import Event, State
from duban.organization import Holder
from duban.regulation import Limit, Regulation

_DAY = timedelta(days=1)
#: What a unit is waited for -> what it has to do.
UNITS: Mapping[str, str] = {
    "receipt": "领收",
    "reading": "阅批",
    "reply": "回复",
    "urged_reply": "回复（已催办）",
    "account": "书面情况说明",
    "demand": "书面情况说明",
}
#: What the system itself does next, within seconds or at its hour.
STEPS: Mapping[str, str] = {
    "deliver": "系统正在交办下达",
    "decompose": "系统正在下达分办件",
    "urge": "系统正在制作催办通知",
    "urge_day": "到期没有报来，等到催办的时间",
    "report": "系统正在制作办理报告",
    "file": "等办结归档",
}
#: What does not stand in the way of the matter: said last.
BESIDE = ("call", "joint_record", "file")
#: What comes before anything else of the unit, in this order, also when its own limit has run out.
EARLY = ("receipt", "reading")


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that is waited for: in words; `key`: the decision, with who may take it; `until`: its own limit."""

    words: str
    key: str = ""
    holders: tuple[Holder, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day on the way to a date: `counts` or why not (周六, 国庆节), `worked`: a day off that is worked (调休)."""

    on: date
    counts: bool
    off: str = ""
    worked: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """How the date that is in force came about: set by which event, when, on which clause, by which days."""

    due_on: date
    due_at: datetime
    clause: str
    words: str  # of the event that set it
    since: datetime
    limit: str  # 5日; empty for a date that was written down
    days: tuple[Day, ...]
    rolled: str


def awaited(state: State) -> tuple[Awaited, ...]:
    """Return what the matter waits for, the nearest first; nothing for what has ended and is filed."""
    found = [_awaited(state, key) for key in sorted(state.awaiting, key=lambda key: _turn(state, key))]
    return tuple(one for one in found if one is not None)


def _turn(state: State, key: str) -> tuple[bool, datetime, int]:
    """By its own limit; what has none (a decision wants its answer the same day) before what has; then by procedure."""
    kind = _kind(key)
    step = EARLY.index(kind) if kind in EARLY else len(EARLY)
    return kind in BESIDE, state.timers.get(key, datetime.min.replace(tzinfo=UTC)), step


def _awaited(state: State, key: str) -> Awaited | None:
    org, kind = organization.load(state.organization), _kind(key)
    until = state.timers.get(key)
    if kind in UNITS:
        return Awaited(f"等{_unit(state)}{_node(state) if kind == 'reply' else UNITS[kind]}", until=until)
    if kind == "children":
        rest = [part.number for part in state.parts if not part.ended]
        return Awaited(f"等分办件办结（还有{len(rest)}件）")
    if kind in STEPS:
        return Awaited(STEPS[kind], until=until)
    if (asked := asked_of(key)) is None:
        return None
    word, post = asked
    unit = str(state.form.get("proposed_by") or "") if word == "propose" else state.unit
    holders = org.holders(post, unit)
    return Awaited(f"等{org.title(post)}{WORDS[word]}", key, holders, until)


def _kind(key: str) -> str:
    return key.rpartition(":")[0]


def _node(state: State) -> str:
    node = next((one for one in state.nodes if one.number == state.node), None)
    return f"报送{node.name}" if node is not None else UNITS["reply"]


def _unit(state: State) -> str:
    try:
        return organization.load(state.organization).unit(state.unit).short
    except Refusal:
        return state.unit


def counted(state: State, events: Sequence[Event]) -> Counted | None:
    """Return how the due date in force was counted; None where no clock runs.

    The days are counted anew by the regulation that the matter has; where that leads to another date (the calendar was
    corrected since) the date of the ledger stands and no days are shown.
    """
    if state.due_on is None or state.due_at is None:
        return None
    said = [event for event in events if event.data.get("due_on") == state.due_on.isoformat() and "basis" in event.data]
    if not said:
        return None
    event, law = said[-1], regulation.load(state.regulation)
    limit = _limits(law, state).get(event.kind)
    due = _due(limit, event, law) if event.data.get("counted") else None
    return Counted(
        due_on=state.due_on,
        due_at=state.due_at,
        clause=event.data["basis"],
        words=line(event, organization.load(state.organization)).words,
        since=event.at,
        limit=str(limit) if due is not None else "",
        days=_days(due, event.at.astimezone(state.due_at.tzinfo).date()) if due is not None else (),
        rolled=event.data.get("rolled") or "",
    )


def _limits(law: Regulation, state: State) -> dict[str, Limit | None]:
    own = law.types[state.type].limit
    kinds: dict[str, Limit | None] = dict.fromkeys(("dispatched", "phoned", "received", "instructed"), own)
    return kinds | {"returned": law.returns.limit, "further_work": law.further_work.limit, "kept": law.returns.limit}


def _due(limit: Limit | None, event: Event, law: Regulation) -> Due | None:
    if limit is None or limit.unit == "小时":
        return None
    try:
        due = deadlines.due(limit, event.at, law)
    except Refusal:  # the calendar of that year is gone
        return None
    agrees = due.on.isoformat() == event.data["due_on"] and len(due.counted) == event.data["counted"]
    return due if agrees else None


def _days(due: Due, since: date) -> tuple[Day, ...]:
    """Every day from the one after the start to the date itself, those that count and those that do not."""
    first = min(since + _DAY, due.counted[0])
    span = [first + n * _DAY for n in range((due.on - first).days + 1)]
    return tuple(_day(on, due) for on in span)


def _day(on: date, due: Due) -> Day:
    works = workdays.is_workday(on)
    return Day(on, on in due.counted, "" if works else str(workdays.holiday(on)), works and on.weekday() >= 5)
