"""What waits for the people of a unit: what it has to take, read, answer, report, account for, or may object to."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Row, String, and_, case, cast, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from duban import organization, regulation
from duban.acts.bounds import STAGED
from duban.acts.cases import owed_by
from duban.acts.periods import cadence_of
from duban.acts.seeing import may_see
from duban.acts.waiting_line import COLUMNS, Lines, Waiting, days_late, moment, state_of
from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.ledger import Actor, register
from duban.ledger.models import EventRow, MatterRow
from duban.ledger.queries import LATE, MATTERS
from duban.ledger.standing import BEFORE_DISPATCH, ENDED
from duban.marks import is_secret
from duban.periodicals import reading, snapshots
from duban.periodicals.score_told import may_object
from duban.periodicals.scoring import unit_in
from duban.regulation import Regulation
from duban.reports.lights import Lights
from duban.watch.finding import awaits, last, view

#: What the main line waits for while the reply (or the period's report) is still owed.
OWED = ("reply", "urge_day", "urge", "urge.office", "urged_reply")
#: All that a unit may be asked for in a matter of its own.
ASKED = ("receipt", "reading", "account", "demand", *(kind.replace(".", r"\.") for kind in OWED))
#: What is on record when a limit has passed -> the mark that the matter bears then.
LAPSED = {"receipt_lapsed": "late_receipt", "reading_lapsed": "late_reading"}
#: While one of these is awaited, the lead of a divided matter cannot report on the whole (LZ-2.5).
DIVIDED = ("decompose", "children")
#: How a round was opened -> what is said of it beside what it wants.
OPENED = {"returned": "退回补办", "further_work": "续办", "instructed": "新批示"}


class Unit:
    """One person of a unit, at a moment."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        assert actor.unit is not None
        self.session, self.actor, self.now, self.unit = session, actor, now, actor.unit
        self.today = now.astimezone(SHANGHAI).date()
        self.lights = Lights()
        self.lines = Lines()
        self.laws: dict[str, Regulation | None] = {}

    def waiting(self) -> Iterator[Waiting]:
        """Everything that waits, in no order."""
        for row in self._rows():
            if may_see(state_of(row), self.actor):
                yield from self._of_matter(row)
        yield from self._accounts()
        yield from self._scores()

    def _rows(self) -> list[Row[Any]]:
        mine = MatterRow.unit == self.unit
        out = MatterRow.state.not_in((*BEFORE_DISPATCH, *ENDED))
        wanted = or_(and_(mine, awaits(*ASKED)), and_(register.helped_by(self.unit), not_(mine), out))
        columns = (
            *COLUMNS,
            *(view(name) for name in ("node", "nodes", "ends_on", "flags", "rounds")),
            # Each is asked of the events only where it is needed: of a matter that is late, of one to help with.
            *(case((_flagged(flag), last(kind))).label(kind) for kind, flag in LAPSED.items()),
            case((not_(mine), self._copy_taken())).label("copy_taken"),
        )
        return list(self.session.execute(select(*columns).where(MatterRow.version > 0, MATTERS, wanted)))

    def _copy_taken(self) -> ColumnElement[bool]:
        key = func.concat("copy:", MatterRow.view["assignment"].astext, ":", cast(self.unit, String))
        return exists(select(1).where(EventRow.number == MatterRow.number, EventRow.key == key))

    def _of_matter(self, row: Row[Any]) -> Iterator[Waiting]:
        if (law := self._law(row.regulation)) is None:
            return
        if row.unit != self.unit:
            # A helper takes its copy where a notice goes out and is taken; of a call there is none.
            if (
                row.mode not in ("phone", "own")
                and law.laid_down("领收")
                and self._is_channel(law)
                and not row.copy_taken
            ):
                yield self.lines.line(row, "领收（协办件）", deed="receipt", about="本单位协办，领收通知单副本。")
            return
        keys = {key.rpartition(":")[0]: key for key in row.awaiting}
        if "receipt" in keys and self._is_channel(law):
            yield self._timed(row, "领收督办通知单", "receipt", keys["receipt"], "late_receipt", row.receipt_lapsed)
        if "reading" in keys:
            yield self._timed(row, "阅批", "reading", keys["reading"], "late_reading", row.reading_lapsed)
        if "account" in keys or "demand" in keys:
            yield self._late(row, "书面情况说明", "account", "单位主要领导签字，说明逾期未报的原因。")
        elif "receipt" not in keys and set(OWED) & set(keys) and not set(DIVIDED) & set(keys):
            yield from self._reply(row, law, keys)

    def _law(self, name: str) -> Regulation | None:
        """The regulation; None for one whose file is gone: the daily watch says so, and the acts refuse."""
        if name not in self.laws:
            try:
                self.laws[name] = regulation.load(name)
            except Refusal:
                self.laws[name] = None
        return self.laws[name]

    def _is_channel(self, law: Regulation) -> bool:
        """Whether this person receives and sends for the unit (LZ-2.4); everybody where the rules know no channel."""
        if not law.duty.single_channel:
            return True
        posts = organization.load().unit_posts(self.unit)
        return self.actor.user in {posts[post].user for post in ("liaison", "unit_checker") if post in posts}

    def _timed(self, row: Row[Any], what: str, deed: str, key: str, flag: str, lapsed: datetime | None) -> Waiting:
        due_at = moment(row.timers, key) or (lapsed if flag in row.flags else None)
        late = due_at is not None and due_at <= self.now
        told = days_late(due_at, self.now) if due_at and late else ""
        return self.lines.line(
            row, what, deed=deed, due_at=due_at, overdue=late, late=told, light="red" if late else "none"
        )

    def _late(self, row: Row[Any], what: str, deed: str, about: str) -> Waiting:
        told = days_late(row.due_at, self.now) if row.due_at else "逾期"
        return self.lines.line(
            row, what, deed=deed, about=about, due_at=row.due_at, overdue=True, late=told, light="red"
        )

    def _reply(self, row: Row[Any], law: Regulation, keys: Mapping[str, str]) -> Iterator[Waiting]:
        node = next((one for one in row.nodes or () if one["number"] == row.node), None)
        regular = node is not None and row.type != STAGED and cadence_of(law, row.type) is not None
        final = node is None or not regular or _reported_on_the_whole(row) or _is_last(node, row.ends_on)
        if node is not None and regular and not final:
            if node["starts_on"] and self.today < date.fromisoformat(node["starts_on"]):
                return  # the report of this period is in; the next period has not begun
            yield self._owed(row, f"报送进度（{node['name']}）", "period-report", keys)
            return
        if not self._is_channel(law):
            return
        part = f"（{node['name']}）" if node is not None and row.type == STAGED else ""
        times = f"（第{row.round}轮）" if row.round > 1 and not part else ""
        if law.reply.copies == "paper" or is_secret(row.mark or ""):
            yield self._owed(row, f"报送纸质回复{part or times}，由办公室登记收到", "", keys)
        else:
            yield self._owed(row, f"回复{part or times}", "reply", keys)

    def _owed(self, row: Row[Any], what: str, deed: str, keys: Mapping[str, str]) -> Waiting:
        said = [self._opened(row)]
        asked = any(key.startswith("extend.") for key in keys)
        overdue = row.state in LATE or (row.due_at is not None and row.due_at <= self.now and not asked)
        if asked:
            said.append("延期申请正在审批。")
        if row.state == "urged":
            until = moment(row.timers, keys.get("urged_reply", ""))
            said.append(f"已催办{f'，请在{until:%-m月%-d日 %H:%M}前报来' if until else ''}。")
        late = days_late(row.due_at, self.now) if overdue and row.due_at else ""
        stands = asked and not overdue  # while somebody decides on more time the clock stands (T15)
        light = "none" if stands or row.due_at is None else self._light(row, overdue)
        due_at = None if stands else row.due_at
        about = "".join(said)
        return self.lines.line(
            row, what, deed=deed, about=about, due_at=due_at, overdue=overdue, late=late, light=light
        )

    def _light(self, row: Row[Any], overdue: bool) -> str:
        shown = self.lights.at(row.regulation, row.due_on, row.due_at, self.now)
        return "red" if overdue and shown == "green" else shown

    def _opened(self, row: Row[Any]) -> str:
        said = row.rounds[-1] if row.rounds else {}
        word, wanted = OPENED.get(said.get("opened_by", ""), ""), said.get("requirement", "")
        return f"{word}：{wanted}" if word and wanted else f"{word}。" if word else ""

    def _accounts(self) -> Iterator[Waiting]:
        for one in owed_by(self.session, self.unit):
            at = f"/matters/{one['number']}/do/case-account?case={quote(one['case'])}"
            yield Waiting(
                number=one["number"],
                reference=one["reference"] or "",
                title="问责登记",  # the matter may be another unit's: no more of it than its number
                unit=organization.load().unit(self.unit).short,
                what="向局党委书面说明",
                path=at,
                about=f"依{one['clause']}登记。",
                deed="case-account",
            )

    def _scores(self) -> Iterator[Waiting]:
        """Months of scores of which the window is open and something of the unit's own could still be objected to."""
        if not may_object(self.actor):
            return
        for state in reading.listed(self.session, "monthly_scoring"):
            period = reading.of(state).periodical
            if state.awaits("objections") is None or not period.snapshot:
                continue
            own = unit_in(snapshots.read(period.snapshot), self.unit)
            objected = {one.entry for one in period.objections}
            count = sum(1 for one in (*own["entries"], *own["carried"]) if one["id"] not in objected) if own else 0
            if count:
                yield Waiting(
                    number=state.number,
                    reference=state.reference,
                    title=state.title,
                    unit="",
                    what=f"核对本单位计分（{count}条），有异议的请提出",
                    path=f"/scores/{state.number}",
                    due_at=period.objections_until,
                )


def _flagged(flag: str) -> ColumnElement[bool]:
    return MatterRow.view["flags"].contains([flag])


def _is_last(node: Mapping[str, Any], ends_on: str | None) -> bool:
    return ends_on is not None and node["due_on"] >= ends_on


def _reported_on_the_whole(row: Row[Any]) -> bool:
    """As `bounds.final_report`, of a row."""
    for one in reversed(row.rounds or ()):
        if one["replied_at"] is not None:
            return True
        if one["opened_by"] in ("period", "dispatched", "instructed"):
            return False
    return False
