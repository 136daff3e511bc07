"""A year played again in memory, step by step in the order of time, with the clock at the hour of each.

Time does what it does between two steps (a deadline passes, an urge is not answered), so that what the list does not
say but the rules bring about is there too. A matter in which something cannot be true is told and left out.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from duban import ledger, organization, regulation
from duban.acts import OPERATOR
from duban.acts.act import REPLAY, Act, catch_up
from duban.acts.decomposing import decompose
from duban.acts.form import checked, is_secret
from duban.acts.registering import enter
from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.history.deeds import HAPPENS, Turn
from duban.history.faults import Fault
from duban.history.year import Matter, Step
from duban.ledger.held import BOOK, Book
from duban.regulation import Regulation

log = logging.getLogger(__name__)

#: Words after which a whole is reported on; until then its parts come after it on one day, from then on before it.
OF_THE_WHOLE = ("回复", "审核通过", "办结", "上报", "归档")


def play(matters: Sequence[Matter], now: datetime, key: str) -> tuple[Book, list[Fault]]:
    """The book of everything that happened, with time caught up to `now` (aware), and what cannot be true.

    `key` tells this file from others; every matter's own run key begins with it.
    """
    player = _Player(now, key)
    with player.at_work():
        for at, matter, step in _in_time(matters):
            player.step(matter, step, at)
        for matter in matters:
            player.let_time_pass(matter)
    return player.book, player.faults


def _in_time(matters: Sequence[Matter]) -> Iterator[tuple[datetime, Matter, Step | None]]:
    """All steps of all matters by their hour; None stands for the registration."""
    found: list[tuple[datetime, int, Matter, Step | None]] = []
    for matter in sorted(matters, key=lambda one: one.parent is not None):
        rank = 2 if matter.parent else 1
        if not matter.parent:
            found.append((matter.at, rank, matter, None))
        for one in matter.steps:
            if matter.parts and one.deed.word in OF_THE_WHOLE:
                rank = 3
            found.append((one.at, rank, matter, one))
    for at, _rank, matter, step in sorted(found, key=lambda item: item[:2]):
        yield at, matter, step


class _Player:
    def __init__(self, now: datetime, key: str) -> None:
        self.book = Book(present=now, recorded_at=datetime.now(UTC).astimezone(SHANGHAI))
        self.session = Session(info={BOOK: self.book})
        self.now, self.key = now, key
        self.faults: list[Fault] = []
        self.broken: set[int] = set()
        self.done: dict[int, int] = {}
        self.laws: dict[date, Regulation] = {}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        token = REPLAY.set(self._open)
        try:
            yield
        finally:
            REPLAY.reset(token)

    def _open(self, number: str) -> Act:
        state = ledger.state(self.session, number)
        if state.parent:
            catch_up(Act(self.session, state.parent, self.now, ledger.state(self.session, state.parent)))
            state = ledger.state(self.session, number)
        opened = Act(self.session, number, self.now, state)
        catch_up(opened)
        return opened

    def _catch_up(self, number: str) -> None:
        self._open(number)

    def step(self, matter: Matter, step: Step | None, at: datetime) -> None:
        """One step, unless the matter is out already."""
        self.now = at
        if step is None:
            self._told(matter, matter.row.where, lambda: self._register(matter))
            return
        nth = self.done.get(id(matter), 0)
        self.done[id(matter)] = nth + 1
        if id(matter) not in self.broken and not matter.number:  # a part whose whole was never handed out
            whole = f"主件“{matter.parent.id if matter.parent else ''}”"
            self._fault(matter, step.where, f"这时候{whole}还没有下达，分办件的事项要在主件“下达”以后")
        turn = Turn(matter, step, tuple(one.deed.word for one in matter.steps[nth + 1 :]))
        self._told(matter, f"{step.where}“{step.deed.word}”", lambda: self._happen(turn))

    def _register(self, matter: Matter) -> None:
        self.book.marks = {"taken_over": True, "source": matter.row.where}
        on = self.now.date()
        if on not in self.laws:
            self.laws[on] = regulation.current(on)
        law = self.laws[on]
        if matter.form.get("type") not in law.types:
            known = "、".join(kind.name for kind in law.types.values())
            raise Refusal(f"“类型”没有填写或《{law.title}》没有这一类，请从{known}中选择")
        form = dict(matter.form)
        if matter.parts:
            form["parts"] = [
                {
                    "unit": part.form.get("unit"),
                    "requirement": part.form.get("requirement", form.get("requirement", "")),
                    "due_on": part.form.get("due_on", ""),
                }
                for part in matter.parts
            ]
        stated = next((one.row.get("until") for one in matter.steps if one.deed.word == "下达"), None)
        rule = law.types[matter.form["type"]]
        wanted = stated.isoformat() if stated else form.get("due_on", "")
        if wanted and rule.limit is not None and not rule.leader_overrides:
            form.pop("due_on", None)  # a limit that the notice set otherwise than the rule: it stood, so it stands
        elif wanted:
            form["due_on"] = wanted
        content = checked(form, law, organization.load(), self.now)
        if wanted:
            content["due_on"] = wanted
        key = f"{self.key}-{matter.row.line}"
        enter(self.session, matter.number, matter.reference, content, law, OPERATOR, key, self.now)

    def _happen(self, turn: Turn) -> None:
        matter = turn.matter
        self.book.marks = {"taken_over": True, "source": turn.step.where}
        if is_secret(ledger.state(self.session, matter.number).mark):
            _refuse_secret(turn)
        _refuse_stranger(turn)
        HAPPENS[turn.step.deed.word](turn)
        if matter.parts and ledger.state(self.session, matter.number).awaits("decompose"):
            decompose(matter.number)
            for nth, part in enumerate(matter.parts, start=1):
                part.number = f"{matter.number}-{nth}"
                part.reference = ledger.state(self.session, part.number).reference

    def let_time_pass(self, matter: Matter) -> None:
        """What has come about since the last step."""
        self.now = self.book.present
        self.book.marks = {"taken_over": True, "source": matter.row.where}
        if matter.number:
            self._told(matter, matter.row.where, lambda: self._catch_up(matter.number))

    def _told(self, matter: Matter, where: str, happen: Callable[[], None]) -> None:
        """Do it; what is refused is told with its place, and the matter (with its family) is out."""
        if id(matter) in self.broken:
            return
        try:
            happen()
        except Refusal as refusal:
            self._fault(matter, where, str(refusal))
        except Exception:
            log.exception("%s cannot be played", where)
            self._fault(matter, where, "这一行走不通，请核对前后各行的事项和日期是否齐全")

    def _fault(self, matter: Matter, where: str, what: str) -> None:
        whole = matter.parent or matter
        said = what.replace(f"督办件 {matter.number}", "这一件") if matter.number else what
        self.faults.append(Fault(where, said))
        self.broken |= {id(whole), *(id(part) for part in whole.parts)}


def _refuse_secret(turn: Turn) -> None:
    """Of a state secret nothing comes in but what the ledger may know (保密法)."""
    if turn.get("text"):
        raise Refusal("涉密件的内容不得录入本系统，请清空“说明”，在纸质件上查")


def _refuse_stranger(turn: Turn) -> None:
    """Only who had the matter then, or helped with it, replied or was urged."""
    state, org = turn.state(), organization.load()
    for code in turn.step.row.values.get("units", ()) if turn.step.deed.word in ("催办", "回复") else ():
        if code not in (state.unit, *state.cohandlers):
            raise Refusal(
                f"“单位”{org.unit(code).short}这时候不承办也不协办这一件（承办的是{org.unit(state.unit).short}），请核对"
            )
