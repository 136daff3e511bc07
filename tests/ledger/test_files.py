import os
from hashlib import sha256
from pathlib import Path

import pytest
from plain_office import register

from duban import ledger
from duban.errors import Refusal

NUMBER = "BC-2026-0001"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONTENT = b"PK\x03\x04 not really a docx"


@pytest.fixture(autouse=True)
def registered(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)


def places() -> list[Path]:
    return [path for path in Path(os.environ["DUBAN_FILES"]).rglob("*") if path.is_file()]


def store(name: str = "回复.docx", content: bytes = CONTENT, number: str = NUMBER) -> ledger.StoredFile:
    with ledger.transaction() as session:
        return ledger.store(session, number, name, content, DOCX)


def test_what_is_stored_is_fetched_by_its_digest() -> None:
    stored = store()
    assert stored == ledger.StoredFile(sha256(CONTENT).hexdigest(), "回复.docx", len(CONTENT), DOCX)
    assert ledger.fetch_file(stored.sha256) == CONTENT
    with ledger.transaction() as session:
        assert ledger.files(session, NUMBER) == [stored]
        assert ledger.files(session, "BC-2026-0002") == []


def test_the_same_file_is_kept_once_and_listed_by_each_name() -> None:
    store()
    store()
    store("另一份.docx")
    assert len(places()) == 1
    with ledger.transaction() as session:
        assert sorted(file.name for file in ledger.files(session, NUMBER)) == ["另一份.docx", "回复.docx"]
    assert ledger.verify() == []


def test_an_empty_file_is_a_file() -> None:
    assert ledger.fetch_file(store(content=b"").sha256) == b""
    assert ledger.verify() == []


def test_a_failed_act_leaves_no_entry_and_the_next_attempt_works() -> None:
    with pytest.raises(Refusal, match="算了"), ledger.transaction() as session:  # noqa: PT012
        ledger.store(session, NUMBER, "回复.docx", CONTENT, DOCX)
        raise Refusal("算了。")
    with ledger.transaction() as session:
        assert ledger.files(session, NUMBER) == []
    assert ledger.verify() == []
    assert ledger.fetch_file(store().sha256) == CONTENT


def test_a_torn_file_of_an_earlier_crash_is_replaced() -> None:
    stored = store()
    places()[0].write_bytes(CONTENT[:3])
    store()
    assert ledger.fetch_file(stored.sha256) == CONTENT


def test_a_changed_file_is_not_handed_out() -> None:
    stored = store()
    places()[0].write_bytes(b"x" * len(CONTENT))
    with pytest.raises(Refusal, match="与存入时不一致"):
        ledger.fetch_file(stored.sha256)
    places()[0].unlink()
    with pytest.raises(Refusal, match="读不到"):
        ledger.fetch_file(stored.sha256)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_digest_reaches_no_file(digest: str) -> None:
    with pytest.raises(Refusal, match="没有这个文件"):
        ledger.fetch_file(digest)


@pytest.mark.parametrize("name", ["../../../x.docx", "/etc/passwd", "a/b", "长" * 300])
def test_a_name_is_only_a_name(name: str) -> None:
    stored = store(name)
    assert [path.name for path in places()] == [stored.sha256]


def test_refusals() -> None:
    with pytest.raises(Refusal, match="没有编号为"):
        store(number="BC-2026-0404")
    with pytest.raises(Refusal, match="文件名含有台账存不下的字符"):
        store("坏\0名")


def test_a_place_that_cannot_be_written_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file, no directory")
    monkeypatch.setenv("DUBAN_FILES", str(tmp_path / "occupied"))
    with pytest.raises(Refusal, match="DUBAN_FILES"):
        store()


def test_a_full_disk_leaves_nothing_under_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Refusal, match="存不进去（磁盘已满）"):
            store()
        assert places() == []
    assert ledger.fetch_file(store().sha256) == CONTENT


def test_any_place_that_fsspec_knows_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_FILES", "memory://ledger-files")
    assert ledger.fetch_file(store().sha256) == CONTENT
    assert ledger.verify() == []
