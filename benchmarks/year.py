"""A bureau's year in the ledger, quickly: some hundred matters played through the acts in memory, then copied.

What is played goes through the same acts and the same projection as what happens in the office; a copy differs from
its model in its number, its reference and the key of its registration, and so in every hash of its chain.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from itertools import cycle
from typing import Any

import psycopg
from sqlalchemy.orm import Session

from duban import acts, clock, deadlines, ledger, organization, regulation
from duban.acts import OPERATOR, SYSTEM
from duban.acts.act import REPLAY, Act, catch_up
from duban.acts.due import due_data
from duban.acts.form import checked
from duban.acts.handling import record_reply
from duban.acts.registering import enter
from duban.ledger.append import COLUMNS, MATTER, projected, view_of
from duban.ledger.chain import GENESIS, canonical, hashed
from duban.ledger.held import BOOK, Book
from duban.ledger.records import Event

YEAR = 2026
NOW = datetime(YEAR, 11, 20, 17, tzinfo=clock.SHANGHAI)
"""The present of the ledger: a Friday on which the weekly report is drawn up."""
WEEKS = 46
_HASH, _PREVIOUS = "@hash@", "@previous@"
NAMES = [column.name for column in COLUMNS[1:]]


class _Office:
    """One matter in memory and what people do to it, each at its hour."""

    def __init__(self, name: str, began: datetime, form: dict[str, Any]) -> None:
        self.book = Book(present=NOW, recorded_at=NOW)
        self.session = Session(info={BOOK: self.book})
        self.now, self.code, self.name = began, name, f"BC-{YEAR}-{name}"
        law, org = regulation.current(began.date()), organization.load()
        content = checked({"type": "general", "source": 4, "requirement": "请查明情况，依法处理，书面报办公室。" * 3}
                          | form, law, org, began)  # fmt: skip
        token = REPLAY.set(self.open)
        try:
            enter(self.session, self.name, f"白公督〔{YEAR}〕{name}号", content, law, OPERATOR, f"run-{name}", began)
        finally:
            REPLAY.reset(token)

    def open(self, number: str) -> Act:
        opened = Act(self.session, number, self.now, ledger.state(self.session, number))
        catch_up(opened)
        return opened

    def on(self, days: int, *deeds: Callable[["_Office"], None], hour: int = 9) -> bool:
        """Do this so many days after the registration, unless that is still to come; the rest is what time does."""
        began = self.book.pages[self.name].events[0].at
        at = datetime.combine(began.date() + timedelta(days=days), time(hour), clock.SHANGHAI)
        if at >= NOW:
            return False
        self.now = max(at, began)
        token = REPLAY.set(self.open)
        try:
            for deed in deeds:
                self.now += timedelta(minutes=7)
                deed(self)
        finally:
            REPLAY.reset(token)
        return True

    def state(self) -> Any:
        return self.open(self.name).state

    def answer(self, word: str, **fields: Any) -> None:
        """The first decision awaited whose key begins so, with its first option unless another is named."""
        key = next(key for key in self.state().awaiting if key.startswith(word))
        asked = acts.question(self.state(), key)
        option = fields.pop("option", asked.options[0])
        given = {name: about["default"] for name, about in asked.fields.items()} | fields
        acts.decide(self.name, key, option, given, OPERATOR)


def _handed_out(it: _Office) -> None:
    for word in ("sign.director", "sign.chief"):
        it.answer(word)
    acts.deliver(it.name)
    it.answer("call")
    acts.receive(it.name, OPERATOR)
    acts.read(it.name, OPERATOR, opinion="请专人办理，按期报来。")


def _tracked(it: _Office) -> None:
    acts.track(it.name, OPERATOR, "电话", f"询问办理情况，已在走访核实（{it.now:%m-%d %H:%M}）。")


def _progress(it: _Office) -> None:
    until = it.now.date() + timedelta(days=10)  # asked for after an urge
    acts.report_progress(it.name, OPERATOR, f"已核实部分情况，正在补充材料（{it.now:%m-%d %H:%M}）。", until)


def _replied(it: _Office) -> None:
    said = {"kind": "paper", "place": "办公室", "text": "办理情况见报告。", "signed_by": "主要领导", "reference": ""}
    record_reply(it.open(it.name), OPERATOR, said)


def _accepted(it: _Office) -> None:
    it.answer("review", summary="已查清并整改。", conclusion="情况属实。")
    acts.write_report(it.name)


def _returned(it: _Office) -> None:
    it.answer("review", option="退回补办", reason="敷衍塞责", requirement="请补充办理经过和佐证材料。")


def _closed(it: _Office) -> None:
    it.answer("approve.director")
    it.answer("approve.chief")
    acts.file_away(it.name)


def _extended(it: _Office) -> None:
    until = it.state().due_on + timedelta(days=10)
    acts.extend(it.name, OPERATOR, "等待鉴定结果", "收到鉴定结果后结案", until, "主要领导")


def _urged(it: _Office) -> None:
    """As `acts.urge`, which would take a number from the database for its paper."""
    one = it.open(it.name)
    if key := one.state.awaits("urge"):
        rule = one.law.urge
        said = {"how": "document", "document": rule.document, "reference": f"白公催〔{YEAR}〕1号"}
        one.record("urged", key, SYSTEM, rule.basis.clause, said | due_data(deadlines.due(rule.grace, it.now, one.law)))


def _accounted(it: _Office) -> None:
    if not it.state().awaits("demand"):
        return  # holidays in between: the urge went out later
    acts.demand_account(it.name)
    acts.account(it.name, OPERATOR, "因人员抽调，未能按期办理。", "主要领导")
    it.answer("new_date", due_on=(it.now.date() + timedelta(days=10)).isoformat())


def _criticised(it: _Office) -> None:
    acts.criticise(it.name, OPERATOR, "criticised", f"逾期未报（{it.now:%m-%d}）", f"白公办通〔{YEAR}〕3号")


def _praised(it: _Office) -> None:
    acts.praise(it.name, OPERATOR, "praised_in_bulletin", f"办理及时（{it.now:%m-%d}）", f"白公办通〔{YEAR}〕4号")


Plan = Sequence[tuple[int, Sequence[Callable[[_Office], None]]]]
BEGIN = (0, (_handed_out, _tracked))
#: What becomes of a matter: days after its registration, and what is done then. Most are done in time, as in an office.
PLANS: dict[str, Plan] = {
    "in time": (BEGIN, (1, (_tracked, _progress, _progress)), (3, (_tracked, _replied)), (4, (_accepted, _closed))),
    "in time, praised": (BEGIN, (1, (_tracked, _progress)), (2, (_replied,)), (3, (_accepted, _closed, _praised))),
    "extended": (BEGIN, (2, (_tracked, _extended)), (6, (_progress, _tracked)), (9, (_replied, _accepted, _closed))),
    "returned": (BEGIN, (2, (_tracked, _replied)), (3, (_returned,)), (4, (_progress, _replied)), (5, (_accepted,)),
                 (6, (_closed,))),
    "late": (BEGIN, (2, (_tracked, _progress)), (7, (_urged,)), (8, (_replied,)), (9, (_accepted, _closed))),
    "late, criticised": (BEGIN, (2, (_tracked,)), (7, (_urged, _criticised)), (8, (_replied, _accepted, _closed))),
    "an account": (BEGIN, (7, (_urged,)), (14, (_accounted, _progress)), (18, (_replied, _accepted, _closed))),
    "open": (BEGIN, (1, (_tracked, _progress)), (2, (_tracked, _progress)), (7, (_urged,))),
}  # fmt: skip
#: One after the other, so many of a kind among twenty.
MIX = (*["in time"] * 8, *["extended"] * 3, *["returned"] * 3, *["late"] * 2, "late, criticised", "an account",
       "in time, praised", "open")  # fmt: skip
LATEST = (*["in time"] * 10, *["extended"] * 4, *["open"] * 6)


@dataclass(frozen=True)
class Model:
    """A matter as played, ready to be copied: its rows as COPY reads them, with marks where a copy differs."""

    name: str  # stands in number, reference and run key, and nowhere else
    matter: str
    events: tuple[tuple[str, str], ...]  # what is hashed, and the row


@cache
def models(kinds: int = 12) -> list[list[Model]]:
    """Week by week some of the matters registered in it, `kinds` a week."""
    return list(_weeks(kinds))


def _weeks(kinds: int) -> Iterator[list[Model]]:
    monday = date(YEAR, 1, 5)
    units = cycle(code for code, unit in organization.load().units.items() if code != organization.OFFICE)
    told, last = cycle(MIX), cycle(LATEST)
    for week in range(WEEKS):
        made = []
        for nth in range(kinds):
            plan = PLANS[next(last if week >= WEEKS - 3 else told)]
            hours = timedelta(days=nth % 5, hours=8 + nth % 3, minutes=nth)
            began = datetime.combine(monday + timedelta(weeks=week), time(), clock.SHANGHAI) + hours
            form = {"title": "关于核查群众来信反映问题办理情况的督办", "unit": next(units), "instruction_by": "顾长风",
                    "instruction_on": began.date().isoformat(), "instruction_text": "请核查，结果报我。"}  # fmt: skip
            made.append(_model(_played(f"W{week:02d}K{nth:02d}", began, form, plan)))
        yield made


def _played(name: str, began: datetime, form: dict[str, Any], plan: Plan) -> _Office:
    office = _Office(name, began, form)
    for days, deeds in plan:
        if not office.on(days, *deeds):
            break
    office.now = NOW
    office.state()  # what time alone has brought about since
    return office


def _model(office: _Office) -> Model:
    page = office.book.pages[office.name]
    assert page.state is not None
    last = page.events[-1]
    values = {"number": office.name, "version": last.seq, "last_hash": last.hash, "view": view_of(page.state)}
    values |= projected(page.state)
    row = "\t".join(_text(values[column.name]) for column in MATTER.columns).replace(last.hash, _HASH)
    return Model(office.code, row, tuple(_event(one) for one in page.events))


def _event(event: Event) -> tuple[str, str]:
    values = {name: getattr(event, name) for name in NAMES} | {"actor": event.actor.as_json()}
    row = "\t".join(_text(values[name]) for name in NAMES)
    return (
        hashed(event).replace(event.prev_hash, _PREVIOUS),
        row.replace(event.hash, _HASH).replace(event.prev_hash, _PREVIOUS),
    )


def _text(value: Any) -> str:
    """One value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, dict):
        return canonical(value).replace("\\", "\\\\")
    if isinstance(value, list | tuple):  # the only array: what is awaited
        return "{" + ",".join(f'"{one}"' for one in value) + "}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", r"\t").replace("\n", r"\n")


def fill(address: str, matters: int, kinds: int = 12) -> int:
    """Put so many matters into the empty ledger at `address` (as psycopg reads it); how many events they have."""
    share, rest = divmod(matters, WEEKS)
    n = events = 0
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE event DISABLE TRIGGER tell")  # nobody listens, and a message a row takes longer
        for week, known in enumerate(models(kinds)):
            made = [known[copy % len(known)] for copy in range(share + (week < rest))]
            rows = [_copied(model, n + nth) for nth, model in enumerate(made, start=1)]
            n += len(made)
            with cursor.copy("COPY matter FROM STDIN") as out:
                for row, _events in rows:
                    out.write(row)
            with cursor.copy(f"COPY event ({','.join(NAMES)}) FROM STDIN") as out:
                for _row, lines in rows:
                    events += len(lines)
                    out.write("".join(lines))
        cursor.execute("ALTER TABLE event ENABLE TRIGGER tell")
        connection.commit()
        connection.autocommit = True
        cursor.execute("ANALYZE")
    return events


def _copied(model: Model, n: int) -> tuple[str, list[str]]:
    """The matter's row and those of its events, chained anew."""
    number, previous, lines = f"{n:06d}", GENESIS, []
    for text, row in model.events:
        now = sha256(text.replace(model.name, number).replace(_PREVIOUS, previous).encode()).hexdigest()
        lines.append(row.replace(model.name, number).replace(_PREVIOUS, previous).replace(_HASH, now) + "\n")
        previous = now
    return model.matter.replace(model.name, number).replace(_HASH, previous) + "\n", lines
