"""The periodical work on a real Airflow with a moved clock: four weeks, a month of scores, a bulletin, a year's end.

An Airflow of its own: the clock goes to the next January, where the matters of no other test would be in time. Each
part of the year is played once; the tests below look at what it left behind.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import bagit
import psutil
import pytest
from matters import FORM, report
from stage import as_actor

from duban import clock, ledger, organization, periodicals
from duban.cli import runs
from duban.documents import DOCX
from duban.embedded import launcher, places, postgres
from duban.embedded.bureau import Bureau
from duban.embedded.launcher import Deployment
from duban.errors import Refusal
from duban.periodicals.scoring import entries_in

pytestmark = pytest.mark.e2e

START = datetime(2026, 3, 2, 9, 0, tzinfo=clock.SHANGHAI)
FRIDAYS = ("2026-03-06", "2026-03-13", "2026-03-20", "2026-03-27")
KINDS = {"general_item", "dated_item", "weekly_progress", "monthly_scoring", "bulletin", "year_end_archive"}
MONTH, YEAR = "BC-KH-2026-03", "BC-GD-2026"
CALENDAR = """年份: 2027
文号: 试验用
日期: 2026-11-20
放假: {元旦: 2027-01-01 至 2027-01-03}
上班: []
"""
SHEET = {name: value for name, value in FORM.items() if name not in ("type", "unit")}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


@dataclass
class Year:
    """What was played."""

    bureau: Bureau
    deployment: Deployment
    late: list[str] = field(default_factory=list)
    open: str = ""
    bulletin: str = ""
    killed: int = 0
    said: dict[str, str] = field(default_factory=dict)

    def start(self, kind: str, period: str = "") -> str:
        """Start a period by hand, as the office does with the form; the number of its file."""
        body = {"logical_date": None, "conf": {"period": period} if period else {}}
        return str(self.bureau.post("office").post(f"/dags/{kind}/dagRuns", body)["dag_run_id"])

    def refused(self, kind: str, period: str) -> str:
        with pytest.raises(Refusal) as refusal:
            self.start(kind, period)
        return str(refusal.value)

    def ended(self, number: str, kind: str, run_id: str = "") -> None:
        assert self.bureau.until_run_ends(run_id or number, kind) == "success"
        assert self.bureau.state(number).awaiting == ()

    def answer(self, number: str, kind: str, option: str, **fields: Any) -> None:
        answer = self.bureau.answer(number, kind, option, **fields)
        assert answer.status_code == 200, answer.text

    def to(self, text: str) -> None:
        self.bureau.advance_to(moment(text))


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    """The whole year, played once."""
    home, kept = Path(tempfile.mkdtemp(prefix="duban-e2e-")), dict(os.environ)
    shutil.copytree(places.CHECKOUT / "include", home / "include")
    (home / "include" / "calendar" / "2027.yaml").write_text(CALENDAR, encoding="utf-8")
    for name in ("DUBAN_ORGANIZATION", "DUBAN_REGULATION", "DUBAN_DAGS", "DUBAN_ARCHIVES"):
        os.environ.pop(name, None)
    os.environ |= {"DUBAN_VAR": str(home), "DUBAN_REHEARSAL": "1", "DUBAN_REHEARSAL_START": START.isoformat()}
    os.environ |= {"DUBAN_INCLUDE": str(home / "include")}
    os.environ |= {"DUBAN_LEDGER_URL": postgres.address(home), "DUBAN_FILES": str(home / "files")}
    try:
        with launcher.running(home, rehearsal=True, port=18080, log=home / "up.log") as deployment:
            played = Year(Bureau(home), deployment)
            played.bureau.until("Airflow has read the DAGs", lambda: _dags(played.bureau) >= KINDS)
            for act in (_matters, _weeks, _month, _bulletin, _close_of_year):
                act(played)
            yield played
            played.bureau.close()
    finally:
        ledger.dispose()
        os.environ.clear()
        os.environ |= kept
        shutil.rmtree(home, ignore_errors=True)


def _dags(bureau: Bureau) -> set[str]:
    return {one["dag_id"] for one in bureau.person("admin").get("/dags", tags="督办", limit=100)["dags"]}


def _matters(year: Year) -> None:
    """Two matters that will be late, one that stays open beyond the year; by telephone, so that nobody need sign."""
    bureau = year.bureau
    for unit in ("jingzhen", "zhian"):
        sheet = SHEET | {"title": f"核查一起来信（{unit}）", "unit": unit, "mode": "phone"}
        year.late.append(bureau.register(sheet))
    lasting = SHEET | {"title": "长期整治", "unit": "fazhi", "mode": "phone", "due_on": "2027-03-01"}
    year.open = bureau.register(lasting, "dated_item")
    for number in (*year.late, year.open):
        year.answer(number, "phone", "已电话下达")
        assert bureau.send(number, "reading").status_code == 200
    for nth in ("一", "二"):  # two criticisms of the year are on record already
        said = {"level": "criticised", "reason": "无正当理由未完成", "bulletin": f"第{nth}期", "unit": "jingzhen"}
        answer = bureau.send(year.late[0], "criticism", user="tian.clerk", **said)
        assert answer.status_code == 200, answer.text


def _weeks(year: Year) -> None:
    for day in FRIDAYS:
        year.to(f"{day} 17:00")
        assert year.start("weekly_progress") == f"BC-ZB-{day}"
        if day == "2026-03-13":  # both are late since Monday and were urged; now they answer
            for number in year.late:
                unit = year.bureau.state(number).unit
                signed = {"jingzhen": "谭志刚", "zhian": "解永昌"}[unit]
                sent = ("办结报告.docx", report(), DOCX)
                answer = year.bureau.send(number, "reply", file=sent, signed_by=signed)
                assert answer.status_code == 200, answer.text
        year.ended(f"BC-ZB-{day}", "weekly_progress")
    year.said["week again"] = year.refused("weekly_progress", FRIDAYS[0])
    for number in year.late:
        year.answer(number, "review.office", "审核合格", summary="已核查。")
        year.answer(number, "approve.director", "同意上报")
        year.answer(number, "approve.chief", "批准办结")
        assert year.bureau.until_run_ends(number) == "success"


def _object(year: Year, unit: str, reason: str) -> None:
    with ledger.transaction() as session:
        content = periodicals.snapshot(session, MONTH)
    entry = next(one for one in entries_in(content) if one["unit"] == unit and one["item"] == "late_reply")
    periodicals.object_to(MONTH, as_actor(f"{unit}.liaison"), entry["id"], reason)


def _month(year: Year) -> None:
    bureau = year.bureau
    year.said["too early"] = year.refused("monthly_scoring", "2026-03")
    year.to("2026-04-01 08:30")
    year.said["no month"] = year.refused("monthly_scoring", "三月")
    assert year.start("monthly_scoring") == MONTH  # nothing said: the latest that is over
    year.said["twice"] = year.refused("monthly_scoring", "2026-03")
    bureau.until_awaits(MONTH, "objections")
    _object(year, "jingzhen", "通知送达晚了一天")
    _object(year, "zhian", "认为不应计分")
    # The office need not wait for the end of the window.
    year.answer(MONTH, "objection.office", "异议成立", reason="经核实送达确有延误")
    year.answer(MONTH, "objection.office", "异议不成立", reason="按规定计分")
    assert bureau.state(MONTH).awaits("objections")
    year.to("2026-04-08 00:01")  # three working days after the first of April; 4 to 6 April is 清明
    year.answer(MONTH, "score.director", "同意")
    year.answer(MONTH, "score.chief", "退回重拟", opinion="再核对一遍。")
    year.answer(MONTH, "score.director", "同意")
    year.answer(MONTH, "score.chief", "同意印发")
    year.ended(MONTH, "monthly_scoring")


def _bulletin(year: Year) -> None:
    """五（十）: scores are published, so the office is asked for a bulletin; its criticism is the third."""
    bureau = year.bureau
    run = bureau.until("the scores start a bulletin", lambda: _run_of(bureau, "bulletin"))
    year.bulletin = bureau.until("the run has its file", lambda: _opened_by(run))
    year.answer(
        year.bulletin, "edit.office", "送审", text="各单位要按时回复。", criticised="经侦支队：未按规定时限反馈"
    )
    year.answer(year.bulletin, "bulletin.director", "同意")
    year.answer(year.bulletin, "bulletin.chief", "同意印发")
    year.ended(year.bulletin, "bulletin", run)


def _run_of(bureau: Bureau, kind: str) -> str | None:
    found = bureau.post("office").get(f"/dags/{kind}/dagRuns")["dag_runs"]
    return found[0]["dag_run_id"] if found else None


def _opened_by(run_id: str) -> str | None:
    with ledger.transaction() as session:
        return ledger.number_of_run(session, run_id)


def _close_of_year(year: Year) -> None:
    year.to("2027-01-04 08:30")
    place = year.bureau.home / "archives" / YEAR
    saboteur = threading.Thread(target=_kill_in_the_middle, args=(year, place), daemon=True)
    saboteur.start()
    assert year.start("year_end_archive") == YEAR
    saboteur.join(timeout=120)
    year.ended(YEAR, "year_end_archive")


def _kill_in_the_middle(year: Year, place: Path) -> None:
    """A worker is killed while a package is being made: its staged copy is there, the package is not."""
    parent, end = psutil.Process(year.deployment.process.pid), time.monotonic() + 110
    while time.monotonic() < end:
        if any(place.glob(".*.partial")):
            for process in parent.children(recursive=True):
                with suppress(psutil.Error):
                    if "airflow worker" in " ".join(process.cmdline()):
                        process.kill()
                        year.killed += 1
            return
        time.sleep(0.002)


def _happened(year: Year, number: str) -> list[str]:
    """What happened to a period file, without its papers and the year's archive, which has the period files too."""
    return [event.kind for event in year.bureau.events(number) if event.kind not in ("documented", "archived")]


@pytest.mark.rule("BC-6.4", "A13")
def test_four_weeks_have_four_reports_each_with_its_paper(year: Year) -> None:
    for day in FRIDAYS:
        number = f"BC-ZB-{day}"
        assert _happened(year, number) == ["periodical_opened", "drafted", "published", "completed"]
        names = [paper.name for paper in year.bureau.state(number).documents]
        assert {Path(name).suffix for name in names} >= {".docx", ".xlsx"}, names


def test_a_period_is_done_once_and_what_cannot_be_is_said_in_a_sentence(year: Year) -> None:
    assert "已经办完" in year.said["week again"]
    assert "还没有过完" in year.said["too early"]
    assert "“三月”不是一个期间" in year.said["no month"]
    assert "正在办理" in year.said["twice"]


@pytest.mark.rule("N13", "N17", "BC-7.0", "BC-7.1.3")
def test_the_objection_that_was_upheld_is_not_scored_and_the_other_is(year: Year) -> None:
    with ledger.transaction() as session:
        content = periodicals.snapshot(session, MONTH)
    late = {one["unit"] for one in entries_in(content) if one["item"] == "late_reply"}
    assert late == {"zhian"}
    assert _happened(year, MONTH) == [
        *("periodical_opened", "drafted", "objected", "objected", "objection_decided", "objection_decided"),
        *("objections_closed", "drafted", "draft_signed", "draft_signed", "drafted", "draft_signed", "draft_signed"),
        *("published", "completed"),
    ]
    returned = [event.data for event in year.bureau.events(MONTH) if event.data.get("verdict") == "return"]
    assert [one["opinion"] for one in returned] == ["再核对一遍。"]


@pytest.mark.rule("BC-5.10c", "BC-5.10d", "N9", "A5")
def test_the_third_criticism_stands_in_the_bulletin_and_opens_a_case(year: Year) -> None:
    state = year.bureau.state(year.bulletin)
    assert state.state == "published"
    assert [case.unit for case in state.cases] == ["jingzhen"]
    assert "criticised" in [event.kind for event in year.bureau.events(year.bulletin)]
    assert any("通报" in paper.name for paper in state.documents)


@pytest.mark.rule("BC-5.9", "N18", "T35")
def test_the_archive_is_whole_after_a_worker_was_killed_in_the_middle(year: Year) -> None:
    assert year.killed > 0
    place = year.bureau.home / "archives" / YEAR
    packages = sorted(path for path in place.iterdir() if not path.name.startswith("."))
    # A notice (通报) went to every unit, so each has something to file (BC-5.9).
    assert {path.name.rpartition("-")[2] for path in packages} == {"office", *organization.load("baicheng").units}
    for package in packages:
        bagit.Bag(str(package)).validate()
        assert list(package.rglob("index.html"))
    assert list(place.glob(".*.partial")) == []
    archived = [event for number in year.late for event in year.bureau.events(number) if event.kind == "archived"]
    assert len(archived) == len(year.late)
    assert year.bureau.state(year.open).archived == {}
    assert _happened(year, YEAR) == ["periodical_opened", "collected", "packed", "published", "completed"]


def test_nothing_waits_and_no_run_is_lost(year: Year) -> None:
    files = {MONTH, YEAR, year.bulletin}
    assert [one for one in year.bureau.waiting() if one["task_instance"]["dag_run_id"].split(".")[0] in files] == []
    assert runs.lost() == set()
    assert year.bureau.post("office").get("/importErrors")["import_errors"] == []


def test_a_period_file_whose_run_is_gone_goes_on(year: Year) -> None:
    year.bureau.advance(timedelta(days=1))
    number = year.start("bulletin")
    year.bureau.until("asked", lambda: year.bureau.asked(number, "edit.office"))
    admin = year.bureau.person("admin")
    admin.patch(f"/dags/bulletin/dagRuns/{number}", {"state": "failed"})
    assert runs.lost() == {number}
    assert runs.start([number]) == 1
    year.answer(number, "edit.office", "不印发")
    assert year.bureau.until_run_ends(f"{number}.2", "bulletin") == "success"
    assert year.bureau.state(number).state == "cancelled"
    assert runs.lost() == set()


def test_the_ledger_verifies(year: Year) -> None:
    assert year.late
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
