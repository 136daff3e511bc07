"""What a year's archive is about: which matters and period files belong to it, what is carried over, what came back."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from duban import clock, organization, regulation
from duban.archive.missing import lacking
from duban.archive.pieces import READERS_TITLE, SECRET_TITLE, of_office
from duban.archive.story import Story, stories
from duban.errors import Refusal
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.queries import MATTERS
from duban.ledger.standing import ENDED, STATES
from duban.marks import is_secret
from duban.organization import Organization

#: What a matter is taken up again by, as people say it.
REOPENED = {"instructed": "新批示", "further_work": "续办", "returned": "退回重办"}


@dataclass(frozen=True)
class Carried:
    """A matter that was open when the year ended. Of a secret one only number, mark and where the paper is."""

    number: str
    reference: str
    title: str
    unit: str
    registered_on: date
    due_on: date | None
    state: str
    mark: str
    covert: bool = False  # a covert matter that is not released: nothing for a unit
    reopened: str = ""

    def as_json(self) -> dict[str, Any]:
        """The same in JSON."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return said | {name: said[name] and said[name].isoformat() for name in ("registered_on", "due_on")}


@dataclass(frozen=True)
class Collected:
    """A year before anything is written: what would be archived now, what is, what is carried over."""

    year: int
    waiting: tuple[str, ...]  # numbers of matters and period files with papers that have no 档号, in order
    archived: tuple[str, ...]  # numbers that had theirs before
    carried: tuple[Carried, ...]
    pieces: int  # 件 that would get a 档号 from the office now
    over: bool  # whether the year is
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same in JSON, for the snapshot of the period file."""
        return {
            "year": self.year,
            "waiting": list(self.waiting),
            "archived": list(self.archived),
            "carried": [one.as_json() for one in self.carried],
            "pieces": self.pieces,
            "missing": {number: list(words) for number, words in self.missing.items()},
        }


def bounds(year: int) -> tuple[datetime, datetime]:
    """The first moment of the year and of the next one, in Shanghai."""
    return datetime(year, 1, 1, tzinfo=clock.SHANGHAI), datetime(year + 1, 1, 1, tzinfo=clock.SHANGHAI)


def collect(session: Session, year: int, org: Organization | None = None) -> Collected:
    """What belongs to the archive of this year (default: of the bureau that is chosen); nothing is written.

    What ended in the year belongs to it, whenever it began (DA/T 22-2015 5.2.3); a period file belongs to the year in
    which it was published. Raises Refusal for a year that has not begun.
    """
    of = org or organization.load()
    begun(session, year)
    waiting = candidates(session, year, of)
    missing, pieces = {}, 0
    for story in stories(session, waiting):
        pieces += len(of_office(story, of))
        if not story.state.archived and (words := lacking(story, regulation.load(story.state.regulation))):
            missing[story.state.number] = tuple(words)
    before, on = archived(session, year, of), carried(session, year, of)
    return Collected(year, tuple(waiting), tuple(before), on, pieces, clock.now(session).year > year, missing)


def begun(session: Session, year: int) -> None:
    """Refuse a year that has not begun."""
    now = clock.now(session)
    if year > now.year:
        raise Refusal(f"{year}年还没有开始（现在是{now:%Y年%-m月%-d日}），不能归档，请核对年度。")


def candidates(session: Session, year: int, org: Organization) -> list[str]:
    """What ended in the year and has papers without a 档号, in the order of the archive: as they ended (5.3.1)."""
    since, until = bounds(year)
    ended = and_(MatterRow.closed_at >= since, MatterRow.closed_at < until, _unarchived())
    fresh = or_(
        and_(MATTERS, MatterRow.state.in_(ENDED)),
        and_(~MATTERS, MatterRow.state == "published", MatterRow.awaiting == []),
    )
    query = select(MatterRow.number).where(_of(org), or_(and_(ended, fresh), _came_later(year)))
    query = query.where(MatterRow.type != "year_end_archive")
    return list(session.scalars(query.order_by(MatterRow.closed_at, MatterRow.number)))


def archived(session: Session, year: int, org: Organization) -> list[str]:
    """What has its 档号 of this year, by the first of them."""
    query = select(MatterRow.number).where(_of(org), MatterRow.view["archived"]["year"].astext == str(year))
    return list(session.scalars(query.order_by(MatterRow.closed_at, MatterRow.number)))


def carried(session: Session, year: int, org: Organization) -> tuple[Carried, ...]:
    """The matters that were open at the end of the year (or are now, while it lasts), by number (结转)."""
    since, until = bounds(year)
    query = select(MatterRow.number).where(
        _of(org),
        MATTERS,
        MatterRow.version > 0,
        MatterRow.registered_at < until,
        or_(MatterRow.closed_at.is_(None), MatterRow.closed_at >= until),
    )
    numbers = list(session.scalars(query.order_by(MatterRow.number)))
    return tuple(_carried(story, since, until) for story in stories(session, numbers))


def reopened(story: Story, since: datetime, until: datetime) -> str:
    """How often and by what a matter that had ended was taken up again in this time; "" if it was not."""
    found = [one for one in story.reopened if since <= one.at < until]
    said = (f"{one.at:%Y-%m-%d}{REOPENED.get(one.kind, '重新办理')}" for one in found)
    return "、".join(said)


def _carried(story: Story, since: datetime, until: datetime) -> Carried:
    state = story.state
    secret, readers = is_secret(state.mark), bool(state.form.get("readers"))
    return Carried(
        number=state.number,
        reference=state.reference,
        title=SECRET_TITLE if secret else READERS_TITLE if readers else state.title,
        unit=state.unit,
        registered_on=state.registered_at.date(),
        due_on=state.due_on,
        state=STATES[state.state],
        mark=state.mark,
        covert=not state.released,
        reopened=reopened(story, since, until),
    )


def _of(org: Organization) -> ColumnElement[bool]:
    is_of: ColumnElement[bool] = MatterRow.view["organization"].astext == org.id
    return is_of


def _unarchived() -> ColumnElement[bool]:
    known: ColumnElement[bool] = MatterRow.view.has_key("archived")
    return not_(known)


def _came_later(year: int) -> ColumnElement[bool]:
    """Archived in this year, and papers came after that: a case that was closed, a visit."""
    done = aliased(EventRow)
    last = select(func.max(done.seq)).where(done.number == MatterRow.number, done.kind == "archived").scalar_subquery()
    later = select(1).where(EventRow.number == MatterRow.number, EventRow.kind == "documented", EventRow.seq > last)
    return and_(MatterRow.view["archived"]["year"].astext == str(year), later.exists())
