"""A whole ledger goes out as JSON and comes in again: the same register, numbers, files and chains."""

import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sample_year import EVENING
from stage import Stage, rehearse

from duban import ledger, numbering
from duban.demo import cast
from duban.errors import Refusal
from duban.history import leaving, taking
from duban.history.taking import Taken
from duban.ledger.models import AllocatedNumber, EventRow, MatterRow, NumberSeries, StoredFileRow

STORIES = ("baicheng", "bureau", "lanzhou")
TABLES = (MatterRow, NumberSeries, AllocatedNumber, StoredFileRow)


def everything() -> list[object]:
    """All that a ledger says, by table."""
    said: list[object] = []
    with ledger.transaction() as session:
        for table in TABLES:
            rows = session.query(*table.__table__.columns).order_by(*table.__table__.primary_key.columns)
            said.append([tuple(row) for row in rows])
        columns = [column for column in EventRow.__table__.columns if column.name != "id"]
        said.append([tuple(row) for row in session.query(*columns).order_by(EventRow.id)])
    return said


@pytest.mark.parametrize("organization", STORIES)
def test_every_story_arrives_as_it_left(
    organization: str,
    new_ledger: Callable[[datetime | None], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    new_ledger(datetime(2026, 3, 2, 9, 0, tzinfo=EVENING.tzinfo))
    rehearse(stage := Stage(), cast.enter(stage, cast.choose(organization), start=list))
    before, target = everything(), tmp_path / "台账.json"
    assert leaving.leave(target) == len(before[0])  # type: ignore[arg-type]
    new_ledger(EVENING)
    monkeypatch.setenv("DUBAN_FILES", str(tmp_path / "another place"))
    moved = taking.take(target)
    assert moved.matters == len(before[0])  # type: ignore[arg-type]
    assert everything() == before
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


def test_a_file_that_was_changed_is_refused_naming_the_record(
    taken: Taken, new_ledger: Callable[[datetime | None], str], tmp_path: Path
) -> None:
    target = tmp_path / "台账.json"
    leaving.leave(target)
    changed = (
        target.read_text(encoding="utf-8").replace("敷衍塞责", "补充修改").replace('"perfunctory"', '"supplement"')
    )
    target.write_text(changed, encoding="utf-8")
    new_ledger(EVENING)
    with pytest.raises(Refusal, match=r"BC-2026-0006 第 \d+ 条记录的校验值对不上"):
        taking.take(target)
    with ledger.transaction() as session:
        assert ledger.items(session) == []


def test_a_whole_ledger_goes_only_into_an_empty_one(taken: Taken, tmp_path: Path) -> None:
    leaving.leave(tmp_path / "台账.json")
    for door in (taking.check, taking.take):
        with pytest.raises(Refusal, match="只能导入空的台账"):
            door(tmp_path / "台账.json")


def test_a_rehearsal_does_not_become_real_by_moving(
    taken: Taken, new_ledger: Callable[[datetime | None], str], tmp_path: Path
) -> None:
    leaving.leave(tmp_path / "台账.json")
    new_ledger(None)
    for door in (taking.check, taking.take):
        with pytest.raises(Refusal, match="这是演练台账的导出，不能导入正式台账"):
            door(tmp_path / "台账.json")


def test_a_ledger_that_has_given_out_numbers_is_not_empty(
    taken: Taken, new_ledger: Callable[[datetime | None], str], tmp_path: Path
) -> None:
    leaving.leave(tmp_path / "台账.json")
    new_ledger(EVENING)
    with ledger.transaction() as session:
        numbering.begin(session, "催办", 2026, 7)
    for door in (taking.check, taking.take):
        with pytest.raises(Refusal, match="这个台账里已经用过编号"):
            door(tmp_path / "台账.json")


def test_half_a_stored_file_is_written_again_and_a_missing_one_is_told_by_the_check(
    taken: Taken, new_ledger: Callable[[datetime | None], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger.transaction() as session:
        ledger.store(session, "BC-2026-0001", "附件.txt", b"hello world", "text/plain")
    left = tmp_path / "台账.files" / sha256(b"hello world").hexdigest()
    left.parent.mkdir()
    left.write_bytes(b"hel")  # what a full disk left of an earlier export
    leaving.leave(tmp_path / "台账.json")
    assert left.read_bytes() == b"hello world"
    new_ledger(EVENING)
    monkeypatch.setenv("DUBAN_FILES", str(tmp_path / "another place"))
    assert taking.check(tmp_path / "台账.json").matters == 42
    for spoil, said in ((lambda: left.write_bytes(b"hel"), "内容与导出时不一致"), (left.unlink, "找不到存档文件")):
        spoil()
        for door in (taking.check, taking.take):
            with pytest.raises(Refusal, match=said):
                door(tmp_path / "台账.json")


def test_half_a_file_is_told_as_such(taken: Taken, tmp_path: Path) -> None:
    leaving.leave(tmp_path / "台账.json")
    whole = (tmp_path / "台账.json").read_bytes()
    (tmp_path / "半本.json").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refusal, match=r"“半本.json”不是 JSON 文件，可能没有写完整，请重新导出。"):
        taking.take(tmp_path / "半本.json")
    with pytest.raises(Refusal, match="已经有了，不覆盖"):
        leaving.leave(tmp_path / "台账.json")


def test_what_came_as_a_spreadsheet_comes_again_from_its_export(
    taken: Taken, new_ledger: Callable[[datetime | None], str], tmp_path: Path
) -> None:
    before, target = _register(), tmp_path / "导出.xlsx"
    leaving.leave(target)
    new_ledger(EVENING)
    taking.take(target)
    assert _register() == before


def _register() -> list[tuple[object, ...]]:
    """What statistics and scores are made of: kinds, moments and weights, not the wording."""
    weights = ("due_on", "due_at", "level", "reason", "scores", "unit", "on_time", "how", "node", "nodes", "units")
    with ledger.transaction() as session:
        found: list[tuple[object, ...]] = []
        for item in ledger.items(session):
            found.append(
                (item.number, item.reference, item.unit, item.state, item.awaiting, item.due_at, item.closed_at)
            )
            for event in ledger.events(session, item.number):
                said = {name: event.data[name] for name in weights if name in event.data}
                found.append((item.number, event.seq, event.kind, event.key, event.at, event.clause, json.dumps(said)))
        return found
