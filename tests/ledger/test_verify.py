"""Whatever is changed behind the ledger's back is found and named."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from plain_office import note, register
from sqlalchemy import text

from duban import ledger, numbering
from duban.ledger.chain import digest
from duban.ledger.engine import snapshot
from duban.ledger.models import PROJECTED

checking = import_module("duban.ledger.verify")  # the package's own `verify` is the function
NUMBER = "BC-2026-0002"
CONTENT = "回复全文".encode() * 100
DIGEST = sha256(CONTENT).hexdigest()

Tamper = Callable[[str], Any]


@pytest.fixture(autouse=True)
def whole(ledger_url: str) -> None:
    """Three matters of three events, a number each, a file in the middle one."""
    with ledger.transaction() as session:
        for n in (1, 2, 3):
            number = f"BC-2026-000{n}"
            numbering.allocate(session, "白公督", 2026, number)
            register(session, number, title=f"事项{n}", unit="jingzhen", awaiting=["reply:1"], due_on="2026-03-09")
            numbering.allocate(session, "通知", 2026, f"{number}/notice", number=number)
            note(session, number, key="note:1", title="改了题")
        stored = ledger.store(session, NUMBER, "回复.docx", CONTENT, "application/msword")
        note(session, NUMBER, key="note:2", documents=[{"sha256": stored.sha256}])
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE event SET clause = '九' WHERE number = '{n}' AND seq = 2", "{n} 第 2 条记录的内容与校验值不符"),
        ("UPDATE event SET at = at - interval '1 day' WHERE number = '{n}' AND seq = 2", "{n} 第 2 条记录的内容"),
        ("UPDATE event SET recorded_at = now() WHERE number = '{n}' AND seq = 1", "{n} 第 1 条记录的内容"),
        (
            "UPDATE event SET actor = actor || '{{\"name\": \"张三\"}}' WHERE number = '{n}' AND seq = 2",
            "{n} 第 2 条记录的内容",
        ),
        ("DELETE FROM event WHERE number = '{n}' AND seq = 2", "{n} 缺第 2 条记录"),
        ("DELETE FROM event WHERE number = '{n}' AND seq = 1", "{n} 缺第 1 条记录"),
        ("DELETE FROM event WHERE number = '{n}' AND seq = 3", "{n} 的末尾缺了记录：应有 3 条，只到第 2 条"),
        ("DELETE FROM event WHERE number = '{n}'", "{n} 一条记录也没有"),
        ("UPDATE event SET seq = 9 WHERE number = '{n}' AND seq = 3", "{n} 缺第 3 条记录"),
        ("UPDATE event SET prev_hash = repeat('1', 64) WHERE number = '{n}' AND seq = 3", "{n} 第 3 条记录没有接上"),
        (
            "UPDATE matter SET title = '另一件事' WHERE number = '{n}'",
            "{n} 的“事项”与记录不符：现为 另一件事，按记录应为 改了题",
        ),
        ("UPDATE matter SET last_hash = repeat('1', 64) WHERE number = '{n}'", "{n} 的末条记录与登记的不符"),
        (
            "UPDATE matter SET version = 2 WHERE number = '{n}'",
            "{n} 的末条记录与登记的不符：登记到第 2 条，记录到第 3 条",
        ),
        (
            "UPDATE matter SET view = view || '{{\"steps\": 9}}' WHERE number = '{n}'",
            "{n} 的完整状态与记录重建的不符：steps",
        ),
        ("UPDATE matter SET view = NULL WHERE number = '{n}'", "{n} 的完整状态与记录重建的不符"),
        ("DELETE FROM matter WHERE number = '{n}'", "督办件 {n} 有记录，登记却不见了"),
        ("DELETE FROM matter WHERE number = '{n}'", "“通知”2026 年第 2 号给了督办件 {n}，这一件却不在台账里"),
        ("DELETE FROM allocated_number WHERE series = '白公督' AND n = 2", "“白公督”2026 年缺第 2 号"),
        ("DELETE FROM allocated_number WHERE series = '白公督' AND n = 3", "“白公督”2026 年缺第 3 号"),
        ("UPDATE number_series SET last = 2 WHERE series = '白公督'", "“白公督”2026 年第 3 号超出了已取的范围"),
        ("DELETE FROM number_series WHERE series = '白公督'", "“白公督”2026 年有号而没有这个序列"),
        ("DELETE FROM stored_file", "{n} 第 3 条记录提到的文件 " + DIGEST[:12] + "… 不在文件登记里"),
        (
            "UPDATE stored_file SET size = 7",
            "{n} 的存档文件 " + DIGEST[:12] + "… 大小不对（应为 7 字节，现为 1200 字节）",
        ),
    ],
)
def test_it_is_found_and_named(tamper: Tamper, statement: str, fault: str) -> None:
    tamper(statement.format(n=NUMBER))
    faults = ledger.verify()
    assert any(fault.format(n=NUMBER) in found for found in faults), faults
    assert not any("0001" in found or "0003" in found for found in faults), faults


@pytest.mark.parametrize("column", [name for name in PROJECTED if name != "awaiting"])
def test_every_column_of_the_register_is_compared(tamper: Tamper, column: str) -> None:
    values = {"round": "99", "due_on": "date '1999-01-01'", "run_key": "'x'"}
    moment = column.endswith("_at")
    tamper(
        f"UPDATE matter SET {column} = {'now()' if moment else values.get(column, repr('x'))} WHERE number = '{NUMBER}'"
    )
    assert any(f"{NUMBER} 的“{checking.NAMES[column]}”与记录不符" in fault for fault in ledger.verify())


def test_a_wait_that_was_removed_is_found(tamper: Tamper) -> None:
    tamper(f"UPDATE matter SET awaiting = '{{}}' WHERE number = '{NUMBER}'")
    assert any("等待事项" in fault for fault in ledger.verify())


def test_an_event_rewritten_with_a_fitting_hash_breaks_the_next_link(tamper: Tamper) -> None:
    with ledger.transaction() as session:
        first = ledger.events(session, NUMBER)[0]
    data = {**first.data, "title": "伪造"}
    forged = digest(type(first)(**{**{f: getattr(first, f) for f in first.__slots__}, "data": data}))
    tamper(f"UPDATE event SET data = '{json.dumps(data)}', hash = '{forged}' WHERE number = '{NUMBER}' AND seq = 1")
    assert any(f"{NUMBER} 第 2 条记录没有接上前一条" in fault for fault in ledger.verify())


def test_events_that_changed_places_are_found(tamper: Tamper) -> None:
    tamper("UPDATE event SET seq = CASE seq WHEN 2 THEN 30 ELSE 20 END WHERE number = 'BC-2026-0002' AND seq IN (2, 3)")
    tamper("UPDATE event SET seq = seq / 10 WHERE number = 'BC-2026-0002' AND seq > 3")
    faults = ledger.verify()
    assert f"督办件 {NUMBER} 第 2 条记录没有接上前一条：链断了。" in faults
    assert any(f"{NUMBER} 第 3 条记录的内容与校验值不符" in fault for fault in faults)


def test_an_event_that_no_state_can_follow_is_a_fault_and_no_crash(tamper: Tamper) -> None:
    tamper(f"UPDATE event SET data = '{{\"due_on\": \"不是日期\"}}' WHERE number = '{NUMBER}' AND seq = 2")
    faults = ledger.verify()
    assert any(f"{NUMBER} 从记录重建状态时，第 2 条（noted）走不通" in fault for fault in faults)
    assert any("内容与校验值不符" in fault for fault in faults)


def _file() -> Path:
    return Path(os.environ["DUBAN_FILES"]) / DIGEST[:2] / DIGEST


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda path: path.unlink(), "不见了"),
        (lambda path: path.write_bytes(CONTENT[:-1]), "大小不对（应为 1200 字节，现为 1199 字节）"),
        (lambda path: path.write_bytes(CONTENT[:-1] + b"x"), "内容被改动过"),
    ],
)
def test_a_damaged_file_is_found(damage: Callable[[Path], Any], fault: str) -> None:
    damage(_file())
    assert ledger.verify() == [f"督办件 {NUMBER} 的存档文件 {DIGEST[:12]}… {fault}。"]


def test_it_sees_one_moment_while_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    original = checking._batch

    def batch(session: Any, after: str) -> Any:
        rows = original(session, after)
        with ledger.transaction() as other:  # between the matters and their events somebody appends
            note(other, NUMBER, key=f"later:{after}")
        return rows

    monkeypatch.setattr(checking, "_batch", batch)
    assert ledger.verify() == []
    with ledger.transaction() as session:
        assert len(ledger.events(session, NUMBER)) > 3


def test_it_works_in_batches(monkeypatch: pytest.MonkeyPatch, tamper: Tamper) -> None:
    monkeypatch.setattr(checking, "BATCH", 2)
    tamper("UPDATE matter SET title = 'x' WHERE number IN ('BC-2026-0001', 'BC-2026-0003')")
    assert len([fault for fault in ledger.verify() if "事项" in fault]) == 2


def test_it_only_reads(ledger_url: str) -> None:
    with pytest.raises(Exception, match="read-only"), snapshot() as session:
        session.execute(text("UPDATE matter SET title = 'x'"))
    with ledger.transaction() as session:
        note(session, NUMBER, key="after")
