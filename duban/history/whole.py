"""A whole ledger in one JSON file: every event as it stands in the chain, every number, every stored file.

It is read back only into a ledger that has nothing in it, and only when every chain holds: what arrives is what left.
The contents of the stored files lie beside it in a directory of the same name (台账.json and 台账.files/).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from duban import ledger
from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.history import sheets
from duban.ledger import Actor, Event, locks
from duban.ledger.append import COLUMNS, event_of
from duban.ledger.chain import GENESIS, digest
from duban.ledger.held import Book, Page
from duban.ledger.models import AllocatedNumber, EventRow, MatterRow, NumberSeries, StoredFileRow
from duban.ledger.projection import apply

KIND, VERSION = "督办台账", 1
#: How the file begins: told from a year's list without reading all of it.
MARK = '{"格式": "' + KIND + '"'
FILES = ".files"


@dataclass
class Whole:
    """What stands in such a file."""

    events: list[Event]
    series: list[dict[str, Any]]
    numbers: list[dict[str, Any]]
    files: list[dict[str, Any]]
    contents: Path
    rehearsal: bool

    def book(self) -> Book:
        """The matters, each as its events leave it. Raises Refusal for a chain that does not hold."""
        now = datetime.now(UTC).astimezone(SHANGHAI)
        book = Book(present=now, recorded_at=now)
        for event in self.events:
            page = book.pages.setdefault(event.number, Page())
            last = page.events[-1] if page.events else None
            before = (last.seq, last.hash) if last else (0, GENESIS)
            if (event.seq - 1, event.prev_hash) != before or digest(event) != event.hash:
                raise Refusal(
                    f"{event.number} 第 {event.seq} 条记录的校验值对不上，文件被改动过或者不完整，请重新导出。"
                )
            try:
                page.state = apply(page.state, event)
            except Exception as error:
                raise Refusal(f"{event.number} 第 {event.seq} 条记录（{event.kind}）走不通：{error}") from error
            page.events.append(event)
            page.keys[event.key] = event
        return book

    def check(self, session: Session) -> None:
        """Whether it can come into this ledger, with all its files; nothing is written.

        Raises Refusal for a ledger that has something in it, for a rehearsal that is to become a real one, and for a
        stored file that is missing or not what it was.
        """
        if self.rehearsal and not ledger.is_rehearsal(session):
            raise Refusal("这是演练台账的导出，不能导入正式台账；演练不能变成正式的记录。")
        if session.scalar(select(func.count()).select_from(MatterRow)):
            raise Refusal("整本台账只能导入空的台账，这个台账里已经有督办件；请先建一个空的台账。")
        if session.scalar(select(func.count()).select_from(NumberSeries)):
            raise Refusal("整本台账只能导入空的台账，这个台账里已经用过编号；请先建一个空的台账。")
        for row in self.files:
            self._content(row)

    def write(self, session: Session) -> None:
        """Numbers; the matters are written from the book, and then the files. Raises Refusal as `check`."""
        locks.number_gate(session)
        self.check(session)
        for table, rows in ((NumberSeries, self.series), (AllocatedNumber, self.numbers)):
            if rows:
                session.execute(insert(table), rows)

    def keep_files(self, session: Session) -> None:
        """The stored files, each checked against its SHA-256."""
        for row in self.files:
            ledger.store(session, row["number"], row["name"], self._content(row), row["media_type"])

    def _content(self, row: dict[str, Any]) -> bytes:
        try:
            content = (self.contents / str(row["sha256"])).read_bytes()
        except OSError:
            raise Refusal(
                f"找不到存档文件 {row['name']}（{self.contents.name}/{row['sha256'][:12]}…），"
                f"请把目录“{self.contents.name}”和导出的文件放在一起。"
            ) from None
        if sha256(content).hexdigest() != row["sha256"]:
            raise Refusal(f"存档文件 {row['name']} 的内容与导出时不一致，请重新导出。")
        return content


def is_whole(path: Path) -> bool:
    """Whether this is a whole ledger and not a year's list."""
    if path.suffix.lower() != ".json":
        return False
    sheets.size_of(path)
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        return stream.read(len(MARK)) == MARK


def read(path: Path) -> Whole:
    """The file. Raises Refusal when it is not complete or of a later version."""
    content = sheets.load_json(path)
    try:
        if content["版本"] != VERSION:
            raise Refusal(f"“{path.name}”是第 {content['版本']} 版格式，这里认得的是第 {VERSION} 版，请升级后再导入。")
        events = [_event(values) for values in content["记录"]]
        parts = [content[name] for name in ("序列", "编号", "文件")]
        rehearsal = bool(content["演练"])
    except (KeyError, TypeError, ValueError):
        raise Refusal(f"“{path.name}”不完整，可能没有写完，请重新导出。") from None
    series, numbers, files = parts
    return Whole(events, series, numbers, files, path.with_suffix(FILES), rehearsal)


def _event(values: dict[str, Any]) -> Event:
    moments = {name: datetime.fromisoformat(values[name]).astimezone(SHANGHAI) for name in ("at", "recorded_at")}
    return Event(**{"id": 0, **values, **moments, "actor": Actor(**values["actor"])})


def write(session: Session, path: Path) -> int:
    """The ledger as this session sees it into `path`, its files beside it; the number of matters.

    Line by line, so that a large ledger needs no large memory.
    """
    matters = session.scalar(select(func.count()).select_from(MatterRow)) or 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(f'{MARK}, "版本": {VERSION}, "演练": {json.dumps(ledger.is_rehearsal(session))}')
        tables = {"序列": _rows(session, NumberSeries), "编号": _rows(session, AllocatedNumber)}
        tables |= {"文件": _rows(session, StoredFileRow), "记录": _events(session)}
        for name, rows in tables.items():
            stream.write(f',\n"{name}": [')
            for n, row in enumerate(rows):
                stream.write(",\n" if n else "\n")
                json.dump(row, stream, ensure_ascii=False)
            stream.write("]")
        stream.write("}\n")
    return matters


def write_files(session: Session, folder: Path) -> None:
    """The contents of all stored files, each under its SHA-256. Raises Refusal for one that cannot be read."""
    for digest_ in session.scalars(select(StoredFileRow.sha256).distinct()):
        folder.mkdir(exist_ok=True)
        target = folder / digest_
        # What an export left that was broken off (a full disk) may be half a file: only the whole one is kept.
        if not target.exists() or sha256(target.read_bytes()).hexdigest() != digest_:
            target.write_bytes(ledger.fetch_file(digest_))


def _rows(session: Session, table: type[Any]) -> Iterator[dict[str, Any]]:
    columns = table.__table__.columns
    for row in session.execute(select(*columns).order_by(*table.__table__.primary_key.columns)):
        yield dict(row._mapping)


def _events(session: Session) -> Iterator[dict[str, Any]]:
    """In the order in which they were recorded: what is counted over matters comes out the same."""
    query = select(*COLUMNS).order_by(EventRow.id).execution_options(yield_per=1000)
    for row in session.execute(query):
        event = event_of(row)
        values = asdict(event)
        del values["id"]
        # To the microsecond in UTC, as it is hashed.
        yield values | {name: getattr(event, name).astimezone(UTC).isoformat() for name in ("at", "recorded_at")}
