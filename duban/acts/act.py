"""One act: one transaction in the ledger, with the rules that the matter was registered under.

Every act of a person or a step goes through `act`. It first lets time do what time does (`lapse`), so that a
deadline that has passed is in the ledger before anything that comes after it, whenever Airflow notices.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from duban import clock, ledger, organization, regulation
from duban.errors import Refusal
from duban.ledger import Actor, Draft
from duban.ledger.held import book_of
from duban.ledger.standing import State
from duban.regulation import vocabulary

log = logging.getLogger(__name__)

#: Who acts when a step or the clock does, and who acts from the command line of the server itself.
SYSTEM = ledger.SYSTEM
OPERATOR = Actor(user="operator", name="命令行", post="operator")


@dataclass
class Act:
    """A matter under the hand of one act: locked, with time caught up."""

    session: Session
    number: str
    now: datetime
    state: State = field(repr=False)

    @property
    def taken_over(self) -> bool:
        """Whether this is what happened before Duban was used: it makes no papers, sends nothing, takes no numbers."""
        return book_of(self.session) is not None

    @property
    def present(self) -> datetime:
        """The moment until which everything is past: `now`, and when a year is taken over the ledger's own now."""
        book = book_of(self.session)
        return self.now if book is None else book.present

    @property
    def law(self) -> regulation.Regulation:
        """The regulation in the version that the matter was registered under."""
        return regulation.load(self.state.regulation)

    @property
    def org(self) -> organization.Organization:
        """The bureau's units, posts and people."""
        return organization.load(self.state.organization)

    @property
    def unit(self) -> organization.Unit:
        """The unit that handles the matter."""
        return self.org.unit(self.state.unit)

    def record(
        self,
        kind: str,
        key: str,
        actor: Actor,
        clause: str,
        data: dict[str, Any] | None = None,
        at: datetime | None = None,
    ) -> State:
        """Append one event, once for its key, and return the state after it."""
        draft = Draft(
            kind=kind, key=key, actor=actor, clause=clause, data=data or {}, at=at or self.now, round=self.state.round
        )
        ledger.append(self.session, self.number, draft)
        self.state = ledger.state(self.session, self.number)
        return self.state

    def done(self, key: str) -> ledger.Event | None:
        """The event recorded under this key, if there is one."""
        return ledger.event(self.session, self.number, key)

    def repeats(self, kind: str, said: Mapping[str, Any], *, today: bool = False) -> bool:
        """Whether the last event of this kind says just this (`today`: and is of today): a second click."""
        known = ledger.events(self.session, self.number, kind)
        if not known or (today and known[-1].at.date() != self.now.date()):
            return False
        return known[-1].data.items() >= said.items()

    def refuse_ended(self) -> None:
        """Refuse what is meant for an open matter."""
        self.refuse_archived()
        if self.state.ended:
            how = "已办结" if self.state.state == "closed" else "已撤销"
            raise Refusal(f"督办件 {self.number} {how}，不再受理；确需继续办理的，请办公室登记新批示或续办。")

    def refuse_archived(self) -> None:
        """Refuse what would open a matter again whose papers are in the archive of a year (T16, T25, T33, T35)."""
        if self.state.state == "archived":
            year = self.state.archived["year"]
            raise Refusal(f"督办件 {self.number} 已列入{year}年度归档，不能再继续办理；新的要求请另行立项。")


#: Set while a year before Duban is played through the acts (`duban.history`): opens a matter at the hour played.
REPLAY: ContextVar[Callable[[str], Act] | None] = ContextVar("REPLAY", default=None)


def post_name(post: str) -> str:
    """What a post is called wherever its holder's own title does not matter."""
    return next(words for words, code in (*vocabulary.POSTS.items(), *vocabulary.READERS.items()) if code == post)


@contextmanager
def act(number: str, *, periodical: bool = False) -> Iterator[Act]:
    """Open a transaction on one matter, lock it, and let the clock catch up.

    `periodical`: the act is one that a period file knows, too. Raises Refusal for an unknown number, for a period file
    with an act of matters, or when the ledger cannot be reached. Leaving it with an error writes nothing.
    """
    if (replay := REPLAY.get()) is not None:
        yield replay(number)
        return
    fell_due: list[str] = []
    with ledger.transaction() as session:
        known = ledger.state(session, number)
        if known.periodical is not None and not periodical:
            raise Refusal(f"{number} 是{known.title}，不是督办件，不能这样办理，请核对编号。")
        if parent := known.parent:
            # What ends a part tells its parent: always the parent first, so that two acts cannot lock crosswise. Its
            # time first, too: whose fault a late parent is depends on where the part stood when the date passed.
            _opened(session, parent, fell_due)
        yield _opened(session, number, fell_due)
    for one in fell_due:
        _make_what_fell_due(one)


def _opened(session: Session, number: str, fell_due: list[str]) -> Act:
    """The matter locked and with time caught up; its number in `fell_due` if that made a paper due."""
    state = ledger.state(session, number, lock=True)
    # Only now what time it is: who waited for the lock acts after whoever had it.
    opened = Act(session, number, clock.now(session), state)
    catch_up(opened)
    if opened.state.pending_papers != state.pending_papers:
        fell_due.append(number)
    return opened


def _make_what_fell_due(number: str) -> None:
    """Make the papers that time alone has made due, whoever's act noticed; the daily watch makes what fails here."""
    from duban.acts.reminding import write_papers  # made of this module

    try:
        write_papers(number)
    except Exception:  # a broken template must stop neither the clock nor the act
        log.exception("A paper of %s could not be made", number)


def catch_up(opened: Act) -> None:
    """Append what time alone has brought about (T18, T21, late receipt, reminders …), each at its own moment."""
    from duban.acts.lapsing import LAPSES  # what lapses is known to the acts, which are made of this module

    while (wake_at := opened.state.wake_at) is not None and wake_at <= opened.now:
        key = min(opened.state.timers, key=lambda k: (opened.state.timers[k], k))
        kind = key.rpartition(":")[0]
        (LAPSES.get(kind) or LAPSES[kind.partition(".")[0]])(opened, key, wake_at)
        if opened.state.timers.get(key) == wake_at:
            raise RuntimeError(f"{opened.number}: {key} lapsed and its timer stands")  # it would lapse for ever


def lapse(number: str) -> State:
    """Let the clock catch up with one matter and nothing else; safe to call at any time, as often as one likes."""
    with act(number, periodical=True) as opened:
        return opened.state
