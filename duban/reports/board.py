"""Every matter of this year with the figures of the overview that it is in: what is open now, what has ended since.

What is open is looked at as the reports look at it (`duban.statistics`); of what has ended the database counts, so that
a year of many matters costs little. Covert matters (暗访) are there too, under no unit's name (SK-3.2: what is printed
is passed on): whoever shows a figure shows each person those of the matters that this person may see (`Board.of`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from duban import clock
from duban.acts.questions import QUESTIONS
from duban.ledger import register
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.queries import MATTERS
from duban.ledger.standing import BEFORE_DISPATCH, PERIODICALS, UNDER_REVIEW
from duban.organization import Organization
from duban.reports.lights import Lights
from duban.statistics.asof import Standing, standings
from duban.statistics.counts import AGES, ROUNDS, class_of
from duban.statistics.figures import Figure
from duban.statistics.load import ASKS, given, unit_at

#: Where an open matter lies -> words; what is overdue is that and nothing else.
GROUPS = {
    "before": "呈批、送审、待交办",
    "untaken": "待领收、待阅批",
    "working": "承办单位办理中",
    "overdue": "逾期、已催办",
    "declined": "退件待定",
    "review": "办公室和领导审核",
}
_GROUP_OF = {
    **dict.fromkeys(BEFORE_DISPATCH, "before"),
    **dict.fromkeys(("dispatched", "received"), "untaken"),
    **dict.fromkeys(("in_progress", "returned"), "working"),
    **dict.fromkeys(("overdue", "urged", "account"), "overdue"),
    "declined": "declined",
    **dict.fromkeys(UNDER_REVIEW, "review"),
}
#: Whose answer is awaited -> words; who is neither of the office nor its director is one of the leaders.
DESKS = {"office": "等办公室办", "director": "等办公室主任批", "leaders": "等局领导批"}

#: Of what ended since a moment all that the figures are made of. Many matters are alike, so that a year has few rows;
#: one that went from one unit to another stands alone and tells when each report was asked for.
_ENDED = text("""
SELECT unit, type, outcome, fresh, rounds, late, replied, returned, asked, moments, string_agg(number, ' ') AS numbers
FROM (
    SELECT m.number, CASE WHEN v.released THEN m.unit ELSE '' END AS unit, m.type, m.registered_at >= :since AS fresh,
        coalesce(v.archived ->> 'how', m.state) AS outcome, jsonb_array_length(v.rounds) AS rounds,
        v.rounds @? '$[*] ? (@.lapsed == true)'
            OR v.nodes @? '$[*] ? (@.lapsed == true && !(@.note != ""))' AS late,
        v.rounds @? '$[*] ? (@.replied_at != null)' AS replied,
        v.rounds @? '$[*] ? (@.opened_by == "returned")' AS returned,
        r.asked, CASE WHEN v.assignment > 1 THEN r.moments END AS moments
    FROM matter AS m,
        LATERAL jsonb_to_record(m.view)
            AS v(organization text, released boolean, archived jsonb, rounds jsonb, nodes jsonb, assignment int),
        LATERAL (
            SELECT count(*) AS asked, array_agg(CAST(one ->> 'opened_at' AS timestamptz)) AS moments
            FROM jsonb_array_elements(v.rounds) AS one
            WHERE one ->> 'opened_by' = ANY(:asks) AND CAST(one ->> 'opened_at' AS timestamptz) >= :since
        ) AS r
    WHERE m.closed_at >= :since AND m.closed_at <= :now AND m.version > 0 AND m.type <> ALL(:periodicals)
        AND v.organization = :organization
) AS ended
GROUP BY unit, type, outcome, fresh, rounds, late, replied, returned, asked, moments,
    CASE WHEN moments IS NOT NULL THEN number END
""")


@dataclass(frozen=True, slots=True)
class Counted:
    """Matters that are alike: each is in every figure of `keys`; `asked`: the unit of each report that was asked for
    this year of one of them."""

    numbers: tuple[str, ...]
    unit: str
    keys: tuple[str, ...]
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """The figures as of a moment (aware), over these matters. A key that nothing is in is a figure of nothing."""

    as_of: datetime
    counted: tuple[Counted, ...]

    def of(self, seen: Collection[str] | None = None, unit: str = "") -> "Board":
        """The same figures over those of the matters that are among `seen` (None: all) and handled by `unit`."""
        kept = (one for one in self.counted if not unit or one.unit == unit)
        if seen is not None:
            kept = (replace(one, numbers=tuple(n for n in one.numbers if n in seen)) for one in kept)
        return self if seen is None and not unit else replace(self, counted=tuple(one for one in kept if one.numbers))

    def __getitem__(self, key: str) -> Figure:
        return self._figures.get(key, Figure())

    @cached_property
    def _figures(self) -> Mapping[str, Figure]:
        lists: dict[str, list[str]] = {}
        for one in self.counted:
            for key in one.keys:
                lists.setdefault(key, []).extend(one.numbers)
        return {key: Figure.of(numbers) for key, numbers in lists.items()}

    def family(self, name: str) -> list[str]:
        """The last words of the keys that begin so, of figures that are not nothing: `type` -> general, dated."""
        return [key.removeprefix(f"{name}.") for key in self._figures if key.startswith(f"{name}.")]

    def times_asked(self, unit: str) -> int:
        """How many reports a unit was asked for this year, of as many matters as `load.asked.<unit>` counts."""
        return sum(one.asked.count(unit) * len(one.numbers) for one in self.counted)


#: The last board read: of which ledger, bureau, state of the ledger and minute. It is nobody's view: see `Board.of`.
_last: tuple[tuple[Any, ...], Board] | None = None


def board(session: Session, org: Organization, now: datetime) -> Board:
    """The board of a bureau as of `now` (aware), over all of its matters; kept until something happens or the minute
    is over, so that a page and the lists behind its figures are of one piece."""
    global _last
    last_event = session.scalar(select(func.max(EventRow.id)))
    state = (str(session.get_bind().engine.url), org.id, last_event, now.replace(second=0, microsecond=0))
    kept = _last
    if kept is None or kept[0] != state:
        kept = _last = (state, _read(session, org, now))
    return kept[1]


def _read(session: Session, org: Organization, now: datetime) -> Board:
    here = now.astimezone(clock.SHANGHAI)
    since = datetime.combine(date(here.year, 1, 1), time(), clock.SHANGHAI)
    stands = partial(org.standing_for, on=here.date())
    still = [one for one in standings(session, now, org.id, ended_since=now, covert=True) if not one.ended]
    named = {"since": since, "now": now, "asks": list(ASKS), "periodicals": list(PERIODICALS), "organization": org.id}
    done = session.execute(_ENDED, named).all()
    moved = [one.number for one in still if one.assignment > 1] + [row.numbers for row in done if row.moments]
    had, waits, lights, covert = given(session, moved), _waits(session), Lights(), _covert(session)

    def counted(numbers: str, unit: str, keys: Iterable[str], units: Iterable[str]) -> Counted:
        asked = tuple(stands(one) for one in units if unit)
        of_units = (f"load.asked.{one}" for one in dict.fromkeys(asked))
        return Counted(tuple(numbers.split()), stands(unit), (*keys, *of_units), asked)

    def units_at(number: str, unit: str, moments: Iterable[datetime]) -> list[str]:
        return [unit_at(had.get(number), moment) or unit for moment in moments]

    found = []
    for one in still:
        hidden = one.number in covert
        light, loads = ("secret", ()) if hidden else (lights.of(one), _loads(one, stands))
        keys = (*_open(one, since, waits.get(one.number, ())), f"light.{light}", *loads)
        moments = [each.opened_at for each in one.rounds if each.opened_by in ASKS and each.opened_at >= since]
        units = units_at(one.number, one.unit, moments)
        found.append(counted(one.number, "" if hidden else one.unit, keys, units))
    for row in done:
        units = units_at(row.numbers, row.unit, row.moments) if row.moments else [row.unit] * row.asked
        found.append(counted(row.numbers, row.unit, _ended(row), units))
    return Board(now, tuple(found))


def _waits(session: Session) -> dict[str, Sequence[str]]:
    query = select(MatterRow.number, MatterRow.awaiting).where(MatterRow.closed_at.is_(None), MATTERS)
    return {row.number: row.awaiting for row in session.execute(query)}


def _covert(session: Session) -> set[str]:
    """What is not released: of it no unit and no light may be told."""
    hidden = MatterRow.view["released"].astext == "false"
    return set(session.scalars(select(MatterRow.number).where(register.guarded(), hidden)))


def _open(one: Standing, since: datetime, awaiting: Iterable[str]) -> Iterator[str]:
    """Every figure that a matter is in which has not ended."""
    yield from ("open", "year.total", f"type.{one.type}", f"rounds.{class_of(len(one.rounds), ROUNDS)}")
    yield "year.registered" if one.registered_at >= since else "year.carried"
    yield f"group.{'overdue' if one.overdue else _GROUP_OF[one.state]}"
    if one.overdue:
        yield from ("overdue", f"overdue.{class_of(max(-(one.days_left or 0), 0), AGES)}")
    elif one.runs_until is not None and one.due_on is not None:
        yield from _due(one.due_on, one.day)
    opened_by = [each.opened_by for each in one.rounds]
    if opened_by.count("returned") > 1:
        yield "returned_again"
    if "extended" in opened_by:
        yield "extended"
    kinds = [key.rpartition(":")[0] for key in awaiting]
    if "receipt" in kinds:
        yield "no_receipt"
    yield from sorted({f"waiting.{desk}" for desk in map(_desk, kinds) if desk})


def _due(on: date, today: date) -> Iterator[str]:
    if on == today:
        yield "due_today"
    if today <= on <= today + timedelta(days=6 - today.weekday()):
        yield "due_this_week"


def _loads(one: Standing, stands: Callable[[str], str]) -> Iterator[str]:
    """What an open matter is to the unit that handles it and to those that help."""
    yield f"load.open.{stands(one.unit)}"
    if one.overdue:
        yield f"load.overdue.{stands(one.unit)}"
    for unit in dict.fromkeys(map(stands, one.cohandlers)):
        yield f"load.helping.{unit}"


def _desk(kind: str) -> str:
    """Whose answer a wait of this kind is for; "" for what is no question to the bureau's own people."""
    word, _dot, desk = kind.partition(".")
    if kind not in QUESTIONS and word not in QUESTIONS:
        return ""
    return desk or "office" if desk in ("", "office", "director") else "leaders"


def _ended(row: Row[Any]) -> Iterator[str]:
    """Every figure that matters are in which have ended this year."""
    yield from ("year.total", f"type.{row.type}", f"rounds.{class_of(row.rounds, ROUNDS)}")
    yield "year.registered" if row.fresh else "year.carried"
    yield f"year.{row.outcome}"
    if row.outcome == "closed":
        yield "year.late" if row.late else "year.on_time"
        if row.replied:
            yield from ("year.replied", "year.sent_back" if row.returned else "year.first_pass")
