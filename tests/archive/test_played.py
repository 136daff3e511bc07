"""The archive of everything that the stories of each bureau leave: complete, and to each what is its own."""

from collections import Counter
from pathlib import Path

import jiangcheng
import pytest
from archive_year import collected
from stage import Stage, rehearse

from duban import archive, ledger, organization
from duban.demo import cast


@pytest.fixture
def stage(rehearsal_url: str) -> Stage:
    return Stage()


def archived(numbers: list[str]) -> dict[str, dict]:
    with ledger.transaction() as session:
        return {number: ledger.events(session, number, "archived")[0].data for number in numbers}


def assert_whole(out: Path) -> None:
    """Every kept file is in one 件 of the office; no number is given twice; a unit has nothing of the office's own."""
    found = collected()
    assert archive.enter(2026).matters == len(found.waiting)
    events = archived(list(found.waiting))
    with ledger.transaction() as session:
        for number, data in events.items():
            kept = Counter((one.name, one.sha256) for one in ledger.files(session, number))
            listed = Counter((one["name"], one["sha256"]) for piece in data["pieces"] for one in piece["papers"])
            assert listed == kept or set(listed) == set(kept), number
            assert max(listed.values(), default=1) <= 2  # the same file sent in two rounds is in each
        assert ledger.verify(session) == []
    codes = [piece["code"] for data in events.values() for piece in data["pieces"]]
    codes += [piece["code"] for data in events.values() for share in data["units"].values() for piece in share]
    assert len(codes) == len(set(codes))
    for data in events.values():
        assert data["missing"] == []
        for share in data["units"].values():
            assert {paper["role"] for piece in share for paper in piece["papers"]} <= {"正本", "复文", "来文", "定稿"}
    for package in archive.pack(2026, out):
        assert archive.check(package.path) == []
    assert archive.enter(2026) == archive.Entered(0, 0)


@pytest.mark.parametrize("bureau", ["bureau", "lanzhou"])
def test_what_a_bureau_leaves_is_archived_whole(bureau: str, stage: Stage, out: Path) -> None:
    rehearse(stage, cast.enter(stage, cast.choose(bureau), start=list))
    assert_whole(out)


def test_what_baicheng_leaves_is_archived_whole(stage: Stage, out: Path) -> None:
    rehearse(stage, cast.enter(stage, cast.choose("baicheng"), start=list))
    assert_whole(out)


def test_a_bureau_that_is_files_only_is_archived_too(stage: Stage, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_INCLUDE", str(jiangcheng.INCLUDE))
    monkeypatch.setenv("DUBAN_REGULATION", jiangcheng.REGULATION)
    rehearse(stage, cast.enter(stage, jiangcheng.STORIES[:1], start=list))
    assert organization.load().id == "jiangcheng"
    assert_whole(out)
