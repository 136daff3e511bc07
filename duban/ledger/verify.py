"""Is the ledger whole? Recomputes every chain, rebuilds every state, reads every file and counts every number.

Works through the matters in batches, so that ten years of them need no more memory than a few hundred.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from duban.ledger import projection
from duban.ledger.append import COLUMNS, event_of, projected, view_of
from duban.ledger.chain import GENESIS, canonical, digest
from duban.ledger.engine import snapshot
from duban.ledger.files import fault_of
from duban.ledger.models import PROJECTED, AllocatedNumber, EventRow, MatterRow, NumberSeries, StoredFileRow
from duban.ledger.records import Event

BATCH = 200

NAMES = {
    "reference": "督办文号",
    "type": "类型",
    "title": "事项",
    "unit": "承办单位",
    "regulation": "所依制度",
    "mark": "密级",
    "state": "状态",
    "desk": "待签岗位",
    "round": "轮次",
    "due_on": "到期日",
    "due_at": "到期时刻",
    "wake_at": "下一时限",
    "awaiting": "等待事项",
    "registered_at": "登记时间",
    "closed_at": "办结时间",
    "run_key": "流程编号",
    "view": "完整状态",
}


def verify(session: Session | None = None) -> list[str]:
    """Every fault of the ledger as a Chinese sentence; none when it is whole.

    Without a session it looks at one moment of the ledger, however long it takes; with one, at what that session sees.
    Raises Refusal when the database is away.
    """
    if session is not None:
        return list(faults(session))
    with snapshot() as own:
        return list(faults(own))


def faults(session: Session) -> Iterator[str]:
    """The faults one by one: matters, numbers, files."""
    yield from _matters(session)
    yield from _strays(session)
    yield from _numbers(session)
    yield from _files(session)


def _matters(session: Session) -> Iterator[str]:
    after = ""
    while rows := _batch(session, after):
        after = rows[-1].number
        found = session.execute(
            select(*COLUMNS)
            .where(EventRow.number.in_([row.number for row in rows]))
            .order_by(EventRow.number, EventRow.seq)
        )
        chains = {number: [event_of(row) for row in group] for number, group in groupby(found, lambda row: row.number)}
        known = _known_files(session, [row.number for row in rows])
        for row in rows:
            yield from _matter(row, chains.get(row.number, []), known)


def _batch(session: Session, after: str) -> Sequence[Row[Any]]:
    return session.execute(
        select(*MatterRow.__table__.columns).where(MatterRow.number > after).order_by(MatterRow.number).limit(BATCH)
    ).all()


def _matter(row: Row[Any], events: list[Event], known: set[tuple[str, str]]) -> Iterator[str]:
    name = f"督办件 {row.number}"
    yield from _chain(name, events)
    if not events:
        yield f"{name} 一条记录也没有。"
        return
    last = events[-1]
    if row.version > last.seq:
        yield f"{name} 的末尾缺了记录：应有 {row.version} 条，只到第 {last.seq} 条。"
    elif (row.version, row.last_hash) != (last.seq, last.hash):
        yield f"{name} 的末条记录与登记的不符：登记到第 {row.version} 条，记录到第 {last.seq} 条。"
    yield from _rebuilt(name, row, events)
    for event in events:
        for sha256 in named_files(event.data):
            if (row.number, sha256) not in known:
                yield f"{name} 第 {event.seq} 条记录提到的文件 {sha256[:12]}… 不在文件登记里。"


def _chain(name: str, events: Iterable[Event]) -> Iterator[str]:
    seq, prev_hash = 0, GENESIS
    for event in events:
        if event.seq != seq + 1:
            yield f"{name} 缺第 {seq + 1} 条记录（第 {seq} 条之后是第 {event.seq} 条）。"
        elif event.prev_hash != prev_hash:
            yield f"{name} 第 {event.seq} 条记录没有接上前一条：链断了。"
        if digest(event) != event.hash:
            yield f"{name} 第 {event.seq} 条记录的内容与校验值不符：被改动过。"
        seq, prev_hash = event.seq, event.hash


def _rebuilt(name: str, row: Row[Any], events: list[Event]) -> Iterator[str]:
    state = None
    for event in events:
        try:
            state = projection.apply(state, event)
        except (
            Exception
        ) as error:  # whatever a tampered event makes it do is a fault to report, not the end of the check
            yield f"{name} 从记录重建状态时，第 {event.seq} 条（{event.kind}）走不通：{error}"
            return
    if state is None:
        return
    rebuilt = {**projected(state), "view": view_of(state)}
    for column in (*PROJECTED, "view"):
        kept, due = getattr(row, column), rebuilt[column]
        if kept != due and column != "view":
            yield f"{name} 的“{NAMES.get(column, column)}”与记录不符：现为 {_shown(kept)}，按记录应为 {_shown(due)}。"
        elif column == "view" and canonical(kept) != canonical(due):
            yield f"{name} 的完整状态与记录重建的不符：{'、'.join(_differing(kept, due))}。"


def _differing(kept: Any, due: dict[str, Any]) -> list[str]:
    kept = kept or {}
    return sorted(name for name in kept.keys() | due.keys() if kept.get(name) != due.get(name))


def _shown(value: Any) -> str:
    return "（空）" if value is None else str(value)[:100]


def _strays(session: Session) -> Iterator[str]:
    lost = select(EventRow.number).where(~select(1).where(MatterRow.number == EventRow.number).exists()).distinct()
    for number in session.scalars(lost):
        yield f"督办件 {number} 有记录，登记却不见了。"


def _numbers(session: Session) -> Iterator[str]:
    for series in session.execute(select(*NumberSeries.__table__.columns)).all():
        name = f"编号“{series.series}”{series.year} 年"
        given = set(
            session.scalars(
                select(AllocatedNumber.n).where(
                    AllocatedNumber.series == series.series, AllocatedNumber.year == series.year
                )
            )
        )
        due = range(series.began_after + 1, series.last + 1)
        for n in due:
            if n not in given:
                yield f"{name}缺第 {n} 号。"
        for n in sorted(given.difference(due)):
            yield f"{name}第 {n} 号超出了已取的范围（第 {due.start} 至第 {series.last} 号）。"
    for row in session.execute(_NUMBERS_WITHOUT_SERIES):
        yield f"编号“{row.series}”{row.year} 年有号而没有这个序列。"
    unused = select(AllocatedNumber).where(
        AllocatedNumber.number != "", ~select(1).where(MatterRow.number == AllocatedNumber.number).exists()
    )
    for entry in session.scalars(unused):
        yield f"编号“{entry.series}”{entry.year} 年第 {entry.n} 号给了督办件 {entry.number}，这一件却不在台账里。"


_NUMBERS_WITHOUT_SERIES = (
    select(AllocatedNumber.series, AllocatedNumber.year)
    .where(
        ~select(1)
        .where(NumberSeries.series == AllocatedNumber.series, NumberSeries.year == AllocatedNumber.year)
        .exists()
    )
    .distinct()
)


def _files(session: Session) -> Iterator[str]:
    seen = select(StoredFileRow.sha256, StoredFileRow.size, func.min(StoredFileRow.number).label("number"))
    seen = seen.group_by(StoredFileRow.sha256, StoredFileRow.size).order_by(StoredFileRow.sha256)
    for row in session.execute(seen.execution_options(yield_per=BATCH)):
        if fault := fault_of(row.sha256, row.size):
            yield f"督办件 {row.number} 的存档文件 {row.sha256[:12]}… {fault}。"


def _known_files(session: Session, numbers: list[str]) -> set[tuple[str, str]]:
    query = select(StoredFileRow.number, StoredFileRow.sha256).where(StoredFileRow.number.in_(numbers))
    return {(row.number, row.sha256) for row in session.execute(query)}


def named_files(data: Any) -> Iterator[str]:
    """Every SHA-256 that an event's data names as a stored file: the value of a field `sha256`, at any depth."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == "sha256" and isinstance(value, str):
                yield value
            else:
                yield from named_files(value)
    elif isinstance(data, list):
        for value in data:
            yield from named_files(value)
