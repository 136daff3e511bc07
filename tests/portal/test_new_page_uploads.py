"""Uploads that wait for their confirmation: theirs who sent them, for an hour, and no more of them than one needs."""

import os
from pathlib import Path

import pytest
import time_machine

from duban.errors import Refusal
from duban.ledger import Actor
from duban.portal.pages import held_uploads

CLERK = Actor("tian.clerk", "田书", "office")
OTHER = Actor("shen.director", "沈主任", "director")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DUBAN_FILES", str(tmp_path / "files"))
    return tmp_path / "files"


def test_it_comes_back_as_it_was_sent(files: Path) -> None:
    key = held_uploads.hold(CLERK, "batch", "三月\n登记表.xlsx", b"PK\n\x00{{ }}")
    assert held_uploads.fetch(CLERK, "batch", key) == ("三月\n登记表.xlsx", b"PK\n\x00{{ }}")
    assert held_uploads.fetch(CLERK, "batch", key)[1] == b"PK\n\x00{{ }}"
    held_uploads.drop(CLERK, key)
    with pytest.raises(Refusal, match="重新上传"):
        held_uploads.fetch(CLERK, "batch", key)
    held_uploads.drop(CLERK, key)


def test_a_key_is_one_persons_and_one_purposes() -> None:
    key = held_uploads.hold(CLERK, "batch", "a.xlsx", b"x")
    for actor, purpose in ((OTHER, "batch"), (CLERK, "reply")):
        with pytest.raises(Refusal):
            held_uploads.fetch(actor, purpose, key)
    held_uploads.drop(OTHER, key)
    assert held_uploads.fetch(CLERK, "batch", key)[0] == "a.xlsx"


@pytest.mark.parametrize("key", ["", "../../../etc/passwd", "x" * 56, "00000000000z-" + "a" * 43])
def test_what_is_no_key_opens_nothing(key: str) -> None:
    held_uploads.hold(CLERK, "batch", "a.xlsx", b"x")
    with pytest.raises(Refusal):
        held_uploads.fetch(CLERK, "batch", key)


def test_after_an_hour_it_is_gone_from_the_disk_too(files: Path) -> None:
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False) as clock:
        key = held_uploads.hold(CLERK, "batch", "a.xlsx", b"x")
        clock.shift(held_uploads.KEPT + 1)
        with pytest.raises(Refusal, match="一小时"):
            held_uploads.fetch(CLERK, "batch", key)
        held_uploads.hold(OTHER, "batch", "b.xlsx", b"y")
    assert [path.name for path in files.rglob(key)] == []


def test_nobody_fills_the_disk(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = []
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False) as clock:
        for _ in range(held_uploads.MOST + 3):
            keys.append(held_uploads.hold(CLERK, "batch", "a.xlsx", b"x"))
            clock.shift(1)
        assert sum(path.is_file() for path in files.rglob("*")) == held_uploads.MOST
        assert held_uploads.fetch(CLERK, "batch", keys[-1])
        with pytest.raises(Refusal):
            held_uploads.fetch(CLERK, "batch", keys[0])
    monkeypatch.setattr(held_uploads, "LARGEST", 3)
    with pytest.raises(Refusal, match="超过"):
        held_uploads.hold(CLERK, "batch", "a.xlsx", b"xxxx")


def test_only_the_owner_may_look_into_it(files: Path) -> None:
    held_uploads.hold(CLERK, "batch", "a.xlsx", b"x")
    (directory,) = (files / "uploads").iterdir()
    assert os.stat(directory).st_mode & 0o077 == 0
    assert "tian" not in directory.name
