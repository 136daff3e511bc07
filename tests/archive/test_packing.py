"""A package is a BagIt bag, whole or not there; nothing in it that is not the keeper's; whoever alters it is found."""

import errno
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import bagit
import openpyxl
import pytest
from archive_year import codes
from matters import Matter, report

from duban import acts, archive, clock, ledger
from duban.archive import copying, packing
from duban.errors import Refusal

Closed = Callable[..., Matter]
SECRET = {"mark": "机密★5年", "paper": "保密柜3号", "title": "代称甲", "requirement": "", "instruction_text": ""}


def bytes_of(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_the_office_and_each_unit_get_a_valid_bag(closed: Closed, out: Path) -> None:
    closed()
    archive.enter(2026)
    made = archive.pack(2026, out)
    assert [one.name for one in made] == ["BC-GD-2026-office", "BC-GD-2026-jingzhen"]
    for one in made:
        assert one.made
        assert bagit.Bag(str(one.path)).validate()
        assert archive.check(one.path) == []
    assert sorted(path.name for path in out.iterdir()) == ["BC-GD-2026-jingzhen", "BC-GD-2026-office"]


def test_sha256sum_alone_can_check_it(closed: Closed, out: Path) -> None:
    closed()
    archive.enter(2026)
    (office, _unit) = archive.pack(2026, out)
    done = subprocess.run(["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], cwd=office.path, check=False)
    assert done.returncode == 0


def test_what_is_in_the_package_is_what_was_stored(closed: Closed, out: Path) -> None:
    matter = closed()
    archive.enter(2026)
    (office, _unit) = archive.pack(2026, out)
    found = {hashlib.sha256(path.read_bytes()).hexdigest() for path in office.path.rglob("D30/*/*") if path.is_file()}
    with ledger.transaction() as session:
        assert found == {file.sha256 for file in ledger.files(session, matter.number)}


def test_the_catalogue_has_its_nine_columns(closed: Closed, out: Path) -> None:
    matter = closed()
    archive.enter(2026)
    (office, _unit) = archive.pack(2026, out)
    sheet = openpyxl.load_workbook(office.path / "data" / "归档文件目录.xlsx").active
    rows = [row for row in sheet.iter_rows(values_only=True) if any(row)]
    head = next(place for place, row in enumerate(rows) if row[0] == "序号")
    assert rows[head] == ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")
    assert [row[1] for row in rows[head + 1 :]] == codes(matter)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a":
            self.links.append(said["href"] or "")
        if "id" in said:
            self.ids.add(said["id"] or "")
        self.outside += [tag] if tag in ("script", "link", "img", "iframe") else []


def test_the_page_opens_without_a_network_and_leads_to_every_file(closed: Closed, out: Path) -> None:
    closed(title="关于<b>甲</b> & “乙”100%的督办")
    archive.enter(2026)
    (office, _unit) = archive.pack(2026, out)
    page = Links()
    text = (office.path / "index.html").read_text(encoding="utf-8")
    page.feed(text)
    assert page.outside == []
    assert "<b>甲" not in text
    inner = [unquote(link[1:]) for link in page.links if link.startswith("#")]
    assert set(inner) <= page.ids
    files = {unquote(link) for link in page.links if not link.startswith("#")}
    payload = {str(path.relative_to(office.path)) for path in (office.path / "data").rglob("*") if path.is_file()}
    assert files == payload


def test_a_second_run_finds_it_done_and_changes_nothing(closed: Closed, out: Path, later: Callable) -> None:
    closed()
    archive.enter(2026)
    archive.pack(2026, out)
    before = bytes_of(out)
    later(clock.timedelta(days=3))
    archive.enter(2026)
    assert [one.made for one in archive.pack(2026, out)] == [False, False]
    assert bytes_of(out) == before


def test_from_the_same_ledger_the_same_package_is_made(closed: Closed, out: Path, tmp_path: Path) -> None:
    closed()
    archive.enter(2026)
    (first, _), (second, _) = archive.pack(2026, out), archive.pack(2026, tmp_path / "again")
    assert first.digest == second.digest
    names = [path for path in bytes_of(first.path) if path.startswith("data/") and not path.endswith(".xlsx")]
    assert {name: bytes_of(first.path)[name] for name in names} == {name: bytes_of(second.path)[name] for name in names}


@pytest.mark.parametrize("harm", ["changed", "longer", "removed", "added", "page"])
def test_a_package_that_was_altered_is_reported_and_not_overwritten(closed: Closed, out: Path, harm: str) -> None:
    closed()
    archive.enter(2026)
    (office, _unit) = archive.pack(2026, out)
    victim = next(path for path in office.path.rglob("*.docx"))
    match harm:
        case "changed":
            victim.write_bytes(victim.read_bytes()[:-1] + b"x")
        case "longer":
            victim.write_bytes(victim.read_bytes() + b"x")
        case "removed":
            victim.unlink()
        case "added":
            (victim.parent / "后来的.txt").write_text("x")
        case "page":
            (office.path / "index.html").write_text("x")
    said = {
        "changed": "被改动过",
        "longer": f"{victim.name} 被改动过",
        "removed": "不见了",
        "added": "是后来放进去的",
        "page": "index.html 被改动过",
    }[harm]
    assert any(said in fault for fault in archive.check(office.path))
    before = bytes_of(office.path)
    with pytest.raises(Refusal, match="与做好时不符"):
        archive.pack(2026, out)
    assert bytes_of(office.path) == before


def test_a_later_matter_makes_a_new_package_and_the_earlier_stays_beside_it(closed: Closed, out: Path) -> None:
    closed()
    archive.enter(2026)
    archive.pack(2026, out, [""])
    closed(title="关于乙的督办")
    archive.enter(2026)
    (office,) = archive.pack(2026, out, [""])
    assert (office.made, office.former, office.pieces) == (True, "BC-GD-2026-office.1", 4)
    assert archive.check(out / office.former) == []
    assert sorted(path.name for path in out.iterdir()) == ["BC-GD-2026-office", "BC-GD-2026-office.1"]


@pytest.mark.parametrize("at", range(4))
def test_a_disk_that_fills_up_leaves_nothing_behind(
    closed: Closed, out: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    matter = closed()
    archive.enter(2026)
    real, seen = copying.copy_file, []

    def full(digest: str, target: Path) -> int:
        seen.append(target)
        if len(seen) > at:
            target.write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(digest, target)

    monkeypatch.setattr(copying, "copy_file", full)
    with pytest.raises(Refusal, match=r"磁盘已满.*档号不变"):
        archive.pack(2026, out)
    assert list(out.iterdir()) == []
    monkeypatch.setattr(copying, "copy_file", real)
    before = codes(matter)
    assert archive.enter(2026) == archive.Entered(0, 0)
    assert len(archive.pack(2026, out)) == 2
    assert codes(matter) == before


def test_a_disk_without_room_is_told_before_anything_is_written(
    closed: Closed, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed()
    archive.enter(2026)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(Refusal, match="空间不够"):
        archive.pack(2026, out)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("step", ["copy", "catalogue.write", "index.write", "check", "_set_aside"])
def test_killed_at_any_step_the_next_run_makes_the_whole_package(
    closed: Closed, out: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The process is gone: not even its own clearing up runs (a child that ends at once)."""
    closed()
    archive.enter(2026)
    ledger.dispose()
    if (child := os.fork()) == 0:
        target = packing
        for name in step.split(".")[:-1]:
            target = getattr(target, name)
        setattr(target, step.rpartition(".")[2], lambda *_, **__: os._exit(9))
        archive.pack(2026, out, [""])
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert not (out / "BC-GD-2026-office").exists()
    (office,) = archive.pack(2026, out, [""])
    assert archive.check(office.path) == []
    assert [path.name for path in out.iterdir()] == ["BC-GD-2026-office"]


def test_a_stored_file_that_is_not_what_it_was_goes_into_no_package(closed: Closed, out: Path, tmp_path: Path) -> None:
    closed()
    archive.enter(2026)
    stored = next(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    with pytest.raises(Refusal, match="与存入时不一致"):
        archive.pack(2026, out)
    assert list(out.iterdir()) == []


def test_of_a_state_secret_there_is_a_pointer_and_nothing_else(new_matter: Closed, closed: Closed, out: Path) -> None:
    closed(mark="内部")
    secret = new_matter(**SECRET).in_progress()
    acts.withdraw(secret.number, secret.clerk, "见纸质件", secret.chief.name)
    archive.enter(2026)
    made = {one.unit: one for one in archive.pack(2026, out)}
    (piece,) = secret.event("archived").data["pieces"]
    assert (piece["papers"], piece["note"], piece["mark"]) == ([], "见纸质件：保密柜3号", "机密★5年")
    assert "代称甲" not in str(secret.event("archived").data)
    for package in made.values():
        assert package.mark == "机密★5年"
        assert "代称甲" not in (package.path / "index.html").read_text(encoding="utf-8")
        assert "机密★5年" in (package.path / "index.html").read_text(encoding="utf-8")
        assert not [path for path in package.path.rglob("*") if secret.number in path.name]


def test_a_unit_finds_only_what_it_sent_and_received(closed: Closed, new_matter: Closed, out: Path) -> None:
    mine = closed(title="关于甲事的督办")
    other = new_matter(unit="交警支队", title="关于乙事的督办")
    acts_withdraw(other)
    open_one = new_matter(unit="交警支队", title="关于丙事的督办")
    archive.enter(2026)
    made = {one.unit: one for one in archive.pack(2026, out)}
    page = (made["jingzhen"].path / "index.html").read_text(encoding="utf-8")
    names = " ".join(str(path) for path in made["jingzhen"].path.rglob("*"))
    assert mine.number in page
    for number in (other.number, open_one.number):
        assert number not in page + names
    for word in ("办理报告", "电话通知记录"):
        assert word not in page + names
    assert "丙事" in (made[""].path / "index.html").read_text(encoding="utf-8")


def acts_withdraw(matter: Matter) -> None:
    acts.withdraw(matter.number, matter.clerk, "领导决定不再办理", matter.chief.name)


def test_a_year_without_matters_has_an_empty_package_that_says_so(rehearsal_url: str, out: Path) -> None:
    assert archive.enter(2026) == archive.Entered(0, 0)
    (office,) = archive.pack(2026, out)
    assert (office.pieces, office.made) == (0, True)
    assert "本年度没有归档文件" in (office.path / "index.html").read_text(encoding="utf-8")


def test_a_name_with_a_percent_sign_stops_no_package(new_matter: Closed, out: Path) -> None:
    matter = new_matter().in_progress()
    acts.reply(matter.number, matter.unit, "完成50%0A报告.docx", report("办结"), "张三")
    matter.closed()
    archive.enter(2026)
    (office, unit) = archive.pack(2026, out)
    for one in (office, unit):
        (found,) = (path.name for path in one.path.rglob("*完成50*"))
        assert found.endswith("完成50＿0A报告.docx")
    assert archive.check(office.path) == []


def test_the_notice_of_an_account_goes_to_the_units_that_owe_it(closed: Closed, out: Path) -> None:
    matter = closed()
    above = {"level": "criticised_above", "reason": "办理不力", "unit": "zhian", "others": ("xingzhen",)}
    acts.criticise(matter.number, matter.clerk, **above)
    archive.enter(2026)
    found = {one.unit: [path.name for path in one.path.rglob("*说明*")] for one in archive.pack(2026, out)}
    assert {unit: len(names) for unit, names in found.items()} == {"": 1, "jingzhen": 0, "zhian": 1, "xingzhen": 1}


def test_memory_does_not_grow_with_the_size_of_a_file(closed: Closed, out: Path) -> None:
    import tracemalloc

    matter = closed()
    with ledger.transaction() as session:
        big = ledger.store(session, matter.number, "扫描件.bin", os.urandom(48 << 20), "application/octet-stream")
        data = {"kind": "材料", "name": big.name, "sha256": big.sha256, "size": big.size}
        draft = ledger.Draft("documented", "received:材料:9", matter.unit, "五（七）", data)
        ledger.append(session, matter.number, draft)
    archive.enter(2026)
    tracemalloc.start()
    archive.pack(2026, out, [""])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 << 20


def test_a_place_that_cannot_be_made_is_told_in_a_sentence(rehearsal_url: str, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x")
    with pytest.raises(Refusal, match=r"建不了.*请换一个目录"):
        archive.pack(2026, tmp_path / "文件" / "归档")


def test_two_cannot_pack_into_one_directory_at_once(closed: Closed, out: Path) -> None:
    closed()
    archive.enter(2026)
    out.mkdir()
    with packing._alone(out), pytest.raises(Refusal, match="另一个归档正在写入"):
        archive.pack(2026, out)
    assert len(archive.pack(2026, out)) == 2
