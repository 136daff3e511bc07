"""A file of a matter as a browser gets it: whole, under its own name, and nothing of it stays on the machine."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from matters import Matter

from duban import ledger
from duban.errors import Refusal
from duban.portal.pages import files

Open = Callable[[str | None], Any]
CONTENT = os.urandom(3_000_000)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie; empty."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


@pytest.fixture
def address(matter: Matter) -> str:
    """Of a file of several blocks."""
    with ledger.transaction() as session:
        kept = ledger.store(session, matter.number, "现场照片.pdf", CONTENT, "application/pdf")
    return f"/matters/{matter.number}/files/{kept.sha256}/x"


@pytest.mark.parametrize("part", [None, "x", "bytes=abc", "bytes=999999999-", "bytes=0-3", "bytes=0-1,5-9"])
def test_a_file_is_sent_whole_whatever_part_of_it_is_asked_for(
    site: Open,
    address: str,
    place: Path,
    part: str | None,
) -> None:
    answer = site("tian.clerk").get(address, headers={"range": part} if part else {})
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert list(place.iterdir()) == []


def test_the_copy_is_nobody_elses_to_read_and_has_no_name_while_it_is_sent(
    site: Open,
    address: str,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    modes, named = [], []
    copy, blocks = files.copy_file, files._blocks

    def copied(digest: str, target: Path) -> int:
        modes.append(target.parent.stat().st_mode & 0o077)
        assert target.is_relative_to(place)
        return copy(digest, target)

    def sending(content: Any) -> Any:
        named.extend(place.iterdir())
        return blocks(content)

    monkeypatch.setattr(files, "copy_file", copied)
    monkeypatch.setattr(files, "_blocks", sending)
    assert site("tian.clerk").get(address).content == CONTENT
    assert (modes, named) == ([0], [])


def test_a_file_that_is_damaged_in_the_store_leaves_nothing_either(
    site: Open,
    address: str,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_digest: str, target: Path) -> int:
        target.write_bytes(b"half")
        raise Refusal("存档文件与存入时不一致。")

    monkeypatch.setattr(files, "copy_file", broken)
    answer = site("tian.clerk").get(address)
    assert (answer.status_code, "不一致" in answer.text) == (503, True)
    assert list(place.iterdir()) == []
