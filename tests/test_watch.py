"""每日查看: what the office is told each morning, and what it is never told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from matters import Matter, person
from sqlalchemy import select, text

from duban import acts, clock, ledger, periodicals, regulation, watch, workdays
from duban.acts.reminding import tracking_due
from duban.ledger import SYSTEM, Draft
from duban.ledger.models import EventRow, MatterRow
from duban.regulation import vocabulary
from duban.watch import Finding
from duban.watch.finding import latest


def seen(**asked: Any) -> list[Finding]:
    with ledger.transaction() as session:
        return watch.findings(session, clock.now(session), **asked)


def of(kind: str, **asked: Any) -> list[tuple[str, int]]:
    """Sentences and days of one kind."""
    return [(one.sentence, one.days) for one in seen(**asked) if one.kind == kind]


def record(matter: Matter, kind: str, key: str = "", clause: str = "五（五）", **data: Any) -> None:
    with ledger.transaction() as session:
        draft = Draft(kind, key or kind, SYSTEM, clause, data, at=clock.now(session))
        ledger.append(session, matter.number, draft)


NAME = "白公督〔2026〕1号（经侦支队）"


def test_a_quiet_ledger_has_nothing_to_say(matter: Matter) -> None:
    assert seen() == []
    assert watch.summary([]) == "今日没有需要提示的事项"


@pytest.mark.rule("BC-5.3b", "N5", "T11")
def test_5_3_a_notice_that_nobody_took_is_named_on_its_last_day_and_after(matter: Matter) -> None:
    matter.dispatched()
    assert of("receipt") == []
    matter.at(3, 3)
    assert of("receipt") == [(f"{NAME}今天应当领收", 0)]
    matter.at(3, 5)
    assert of("receipt") == [(f"{NAME}过了领收期限2天，还没有领收", 2)]
    assert [one.clause for one in seen() if one.kind == "receipt"] == ["五（三）"]
    acts.receive(matter.number, matter.unit)
    assert of("receipt") == []


@pytest.mark.rule("BC-5.3b")
def test_5_3_late_by_the_clock_is_late_before_any_step_noticed(matter: Matter) -> None:
    matter.dispatched()
    matter.move(datetime(2026, 3, 4, 9, 0, tzinfo=clock.SHANGHAI))
    assert "receipt_lapsed" not in matter.kinds()
    assert of("receipt") == [(f"{NAME}过了领收期限1天，还没有领收", 1)]


@pytest.mark.rule("BC-5.4a", "N6", "T12")
def test_5_4_a_notice_that_the_head_has_not_read(matter: Matter) -> None:
    matter.dispatched()
    acts.receive(matter.number, matter.unit)
    matter.at(3, 4)
    assert of("reading") == [(f"{NAME}过了阅批期限1天，还没有阅批", 1)]
    acts.read(matter.number, matter.unit)
    assert of("reading") == []


@pytest.mark.rule("T13")
def test_a_reply_that_is_due_today(matter: Matter) -> None:
    matter.in_progress().at(3, 6)
    assert of("due_soon") == []
    due = matter.state.due_on
    assert due is not None
    matter.at(due.month, due.day)
    assert of("due_soon") == [(f"{NAME}今天到期", 0)]


@pytest.mark.rule("T18", "BC-5.5b")
def test_5_5_an_overdue_matter_with_its_days(matter: Matter) -> None:
    matter.in_progress()
    due = matter.state.due_on
    assert due == date(2026, 3, 9)
    matter.at(3, 10)
    assert of("overdue") == [(f"{NAME}逾期1天", 1)]
    assert of("due_soon") == []
    matter.at(3, 12)
    assert of("overdue") == [(f"{NAME}逾期3天", 3)]


@pytest.mark.rule("BC-5.5c", "N7", "T20", "T21")
def test_5_5_an_urge_without_answer_then_an_account_that_is_owed(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    assert of("urged") == [(f"{NAME}今天催办，还没有结果和进展，限2026-03-12前报来", 0)]
    matter.at(3, 13)
    assert of("urged") == []
    assert of("account") == [(f"{NAME}单位主要领导的书面情况说明还没有报来（0天）", 0)]
    acts.demand_account(matter.number)
    matter.at(3, 15)
    assert [days for _, days in of("account")] == [2]


@pytest.mark.rule("BC-5.5c")
def test_5_5_a_case_stays_on_the_list_until_its_outcome_is_recorded(matter: Matter) -> None:
    matter.in_progress().at(3, 10)
    acts.urge(matter.number)
    matter.at(3, 13)
    acts.account(matter.number, matter.unit, "人手不足", "单位主要领导")
    matter.decide("new_date", "确定新时限", due_on="2026-03-20")
    matter.replied().closed()
    matter.at(3, 20)
    assert of("case") == [(f"{NAME}依五（五）登记的问责还没有处理结果（7天）", 7)]
    assert [one.clause for one in seen() if one.kind == "case"] == ["五（五）"]
    acts.report_leak(matter.number, matter.clerk, "向当事人透露", "祝明哲")
    assert len(of("case")) == 2
    first = matter.state.cases[0].id
    acts.resolve_case(matter.number, matter.clerk, first, "诫勉谈话")
    assert of("case") == [(f"{NAME}依八（四）登记的问责还没有处理结果（0天）", 0)]


@pytest.mark.rule("SK-3.5")
def test_sk_3_5_a_decision_that_lies_over_night(matter: Matter) -> None:
    assert of("desk") == []
    matter.at(3, 4)
    assert of("desk") == [(f"{NAME}在办公室主任处待办已2个工作日（主任审核）", 2)]
    matter.dispatched()
    acts.receive(matter.number, matter.unit)
    matter.at(3, 5)
    assert of("desk") == [(f"{NAME}在办公室处待办已1个工作日（电话通知）", 1)]


@pytest.mark.rule("SK-3.5")
def test_sk_3_5_somebody_looking_at_it_does_not_make_it_new(new_matter: Callable[..., Matter]) -> None:
    marked = new_matter(mark="内部").at(3, 4)
    acts.consult(marked.number, marked.director)
    assert [days for _, days in of("desk")] == [2]


@pytest.mark.rule("BC-5.5a", "T13")
def test_5_5_the_office_is_told_to_ask_after_a_matter_by_its_urgency(new_matter: Callable[..., Matter]) -> None:
    urgent, plain = new_matter(urgency="特急").in_progress(), new_matter().in_progress()
    assert of("tracking") == []
    urgent.at(3, 3)
    plain.at(3, 3, 10)
    assert of("tracking") == []
    urgent.at(3, 4)
    assert of("tracking") == [(f"{NAME}2天没有过问（特急）", 2)]
    acts.track(urgent.number, urgent.clerk, "电话", "已在收集材料")
    assert of("tracking") == []


@pytest.mark.rule("BC-5.10d", "A5", "N9")
def test_5_10_the_third_criticism_of_a_year_is_announced_and_then_named(matter: Matter) -> None:
    matter.in_progress()

    def criticise(n: int) -> None:
        acts.criticise(matter.number, matter.clerk, "criticised", f"第{n}次未按时反馈")

    criticise(1)
    assert of("criticism") == []
    criticise(2)
    assert of("criticism") == [("经侦支队已被通报批评2次，再有一次即满3次，依五（十）问责", 0)]
    criticise(3)
    assert of("criticism") == [("经侦支队已被通报批评3次，达到问责次数（3次），已登记问责", 0)]
    matter.move(datetime(2027, 1, 4, 9, 0, tzinfo=clock.SHANGHAI))
    assert of("criticism") == [], "a new year counts anew"


@pytest.mark.rule("BC-5.10d", "A5")
def test_5_10_one_bulletin_is_one_criticism(matter: Matter) -> None:
    matter.in_progress()
    for reason in ("未按时反馈", "敷衍", "不实"):
        acts.criticise(matter.number, matter.clerk, "criticised", reason, "督办通报第3期")
    assert of("criticism") == []


@pytest.mark.rule("BC-5.10d")
def test_5_10_a_third_criticism_without_a_case_is_told(matter: Matter) -> None:
    for n in range(3):
        record(matter, "criticised", f"criticised:{n}", "五（十）", level="criticised", reason="逾期", unit="jingzhen")
    assert of("criticism") == [("经侦支队已被通报批评3次，达到问责次数（3次），还没有登记问责，请登记", 0)]


def put(matter: Matter, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Bring a matter into a state whose chapter a test need not play."""
    from duban.ledger import projection
    from duban.ledger.transitions.moves import change

    monkeypatch.setitem(projection.HANDLERS, "put", lambda state, _event: change(state, **changes))
    record(matter, "put", f"put:{len(matter.events)}")


@pytest.mark.rule("A13", "BC-6.4", "T14")
def test_a13_a_missing_weekly_report_and_those_before_it(new_matter: Callable[..., Matter]) -> None:
    weekly = new_matter(type="routine").in_progress()
    assert of("report") == []
    weekly.at(3, 6)
    assert of("report") == [(f"{NAME}“第1期”的报告今天应报", 0)]
    assert [one.clause for one in seen() if one.kind == "report"] == ["六（四）"]
    weekly.at(3, 16)
    assert of("report") == [(f"{NAME}“第2期”的报告逾期3天未报，此前还有1期未报", 3)]
    acts.report_period(weekly.number, weekly.unit, "已走访十二户", "已落实")
    assert [days for _, days in of("report")] != [3]
    acts.withdraw(weekly.number, weekly.clerk, "事项取消", "顾长风")
    assert of("report") == []


@pytest.mark.rule("ZW-2.3", "T14")
def test_zw_2_3_a_check_that_the_office_owes(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    check = {"number": 3, "name": "检查督促", "starts_on": "2026-03-02", "by": "office"}
    put(matter, monkeypatch, nodes=[check | {"due_on": "2026-03-03", "due_at": "2026-03-03T16:00:00Z"}])
    matter.move(datetime(2026, 3, 5, 9, tzinfo=clock.SHANGHAI))
    assert of("report") == [(f"{NAME}“检查督促”的检查逾期2天未做", 2)]
    done = {"closed_at": "2026-03-05T09:00:00+08:00"}
    put(matter, monkeypatch, nodes=[check | done | {"due_on": "2026-03-03", "due_at": "2026-03-03T16:00:00Z"}])
    assert of("report") == []


@pytest.mark.rule("LZ-2.1")
def test_lz_2_1_a_late_part_is_named_with_its_unit(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [{"number": "BC-2026-0001-1", "unit": "zhian", "due_on": "2026-03-03"}]
    parts += [{"number": "BC-2026-0001-2", "unit": "jingzhen", "due_on": "2026-03-03", "ended": "closed"}]
    put(matter, monkeypatch, parts=parts, awaiting=["children:1"])
    matter.move(datetime(2026, 3, 5, 9, tzinfo=clock.SHANGHAI))
    assert [(one.unit, one.days) for one in seen() if one.kind == "part"] == [("zhian", 2)]
    assert of("part")[0][0].endswith("承办的分办件BC-2026-0001-1逾期2天")


def test_a_paper_that_could_not_be_made_names_its_broken_template(
    matter: Matter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(matter, monkeypatch, pending_papers=["办理报告", "不存在的文书"])
    assert of("paper")[0][0] == f"{NAME}的《办理报告》还没有做成"
    assert of("paper")[1][0].endswith("文书目录里没有《不存在的文书》")
    broken = tmp_path / "办理报告.docx"
    broken.write_bytes(b"no docx")
    from duban import documents
    from duban.watch import office

    known = documents.kinds("baicheng")["办理报告"]
    moved = replace(known, path=broken)
    monkeypatch.setattr(office.documents, "kinds", lambda _org: {"办理报告": moved})
    assert "模板 办理报告.docx 有误，打不开" in of("paper")[0][0]


def test_next_years_calendar_is_asked_for_from_november(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    matter.move(datetime(2026, 10, 30, 9, tzinfo=clock.SHANGHAI))
    assert of("calendar") == []
    matter.move(datetime(2026, 11, 2, 9, tzinfo=clock.SHANGHAI))
    (sentence, days) = of("calendar")[0]
    assert "2027年的节假日安排尚未录入" in sentence
    assert sentence.endswith("年度归档的下一期要等它")
    assert days == -60
    matter.move(datetime(2026, 12, 28, 9, tzinfo=clock.SHANGHAI))
    assert of("calendar")[0][0].endswith("办件进展周报、督办考核、年度归档的下一期要等它")
    matter.move(datetime(2027, 1, 5, 9, tzinfo=clock.SHANGHAI))
    (sentence, days) = of("calendar")[0]
    assert "2027年的节假日安排尚未录入" in sentence
    assert days == 4


def test_periodical_work_that_was_due_and_has_no_file_is_named(matter: Matter) -> None:
    matter.move(datetime(2026, 4, 1, 9, tzinfo=clock.SHANGHAI))
    assert of("period") == [], "nothing was ever made here"
    periodicals.open("monthly_scoring", "2026-03")
    matter.move(datetime(2026, 5, 6, 9, tzinfo=clock.SHANGHAI))
    assert of("period") == [], "due this morning"
    matter.move(datetime(2026, 5, 7, 9, tzinfo=clock.SHANGHAI))
    ((sentence, days),) = of("period")
    assert sentence == "督办考核（2026-04）应于2026年5月6日办理，还没有建期，请在流程里点“触发”补办"
    assert days == 1
    periodicals.open("monthly_scoring", "2026-04")
    assert of("period") == []


def test_a_regulation_that_ends_without_a_successor(
    matter: Matter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import shutil

    from duban.embedded.places import CHECKOUT

    include = tmp_path / "include"
    shutil.copytree(CHECKOUT / "include", include)
    file = include / "regulations" / "baicheng-2020.md"
    text = file.read_text(encoding="utf-8")
    monkeypatch.setenv("DUBAN_INCLUDE", str(include))
    file.write_text(
        text.replace("施行日期: 2020-06-05", "施行日期: 2020-06-05\n废止日期: 2026-09-01"), encoding="utf-8"
    )
    assert of("regulation") == [], "half a year ahead is too early"
    matter.move(datetime(2026, 7, 1, 9, tzinfo=clock.SHANGHAI))
    (found,) = of("regulation")
    assert "将于2026-09-01废止" in found[0]
    assert found[1] == -62
    later = text.replace("baicheng-2020", "baicheng-2026").replace("2020-06-05", "2026-09-01\n替代: baicheng-2020", 1)
    (file.parent / "baicheng-2026.md").write_text(later, encoding="utf-8")
    assert of("regulation") == []
    (file.parent / "baicheng-2026.md").unlink()
    matter.move(datetime(2026, 9, 2, 9, tzinfo=clock.SHANGHAI))
    assert "没有施行中的制度" in of("regulation")[0][0]


def test_a_matter_without_a_run_is_named_when_somebody_could_ask_airflow(matter: Matter) -> None:
    assert of("run") == []
    assert of("run", lost=[matter.number]) == [(f"{NAME}没有在办的流程，需要重新启动", 0)]
    assert of("run", lost=[]) == []


@pytest.mark.rule("BC-8.4")
def test_8_4_no_word_of_a_matter_is_in_what_is_shown(new_matter: Callable[..., Matter], matter: Matter) -> None:
    secret = new_matter(
        title="涉密代号甲", mark="秘密★1年", paper="保密室", requirement="", instruction_text="", instruction_on=""
    )
    matter.in_progress()
    matter.at(3, 20)
    acts.lapse(secret.number)
    shown = "".join(one.sentence for one in seen(lost=[matter.number, secret.number]))
    assert "白公督〔2026〕2号" in shown
    assert not any(word in shown for word in ("安居小区", "涉密代号甲", "查清", "保密室"))


@pytest.mark.rule("SK-3.2")
def test_sk_3_2_a_covert_matter_is_named_without_its_unit(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    matter.in_progress()
    put(matter, monkeypatch, released=False)
    matter.at(3, 20)
    assert all(one.unit == "" and "经侦" not in one.sentence for one in seen())
    assert of("overdue") == [("白公督〔2026〕1号逾期11天", 11)]


def test_one_kind_that_cannot_be_looked_into_stops_no_other(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    from duban.errors import Refusal

    def refuse(*_: Any) -> int:
        raise Refusal("2027年的节假日安排尚未录入")

    matter.in_progress().replied().at(3, 20)
    monkeypatch.setattr(workdays, "count", refuse)
    assert of("failed") == [("“待办超日”没有查成：2027年的节假日安排尚未录入", 0)]
    acts.withdraw(matter.number, matter.clerk, "重复", "顾长风")


def test_a_tampered_ledger_is_found(matter: Matter, postgres_url: str, rehearsal_url: str) -> None:
    import psycopg

    assert watch.broken() == []
    with psycopg.connect(
        rehearsal_url.replace("+psycopg", "").replace("duban@", "postgres@"), autocommit=True
    ) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE event SET data = data || '{\"x\": 1}' WHERE kind = 'registered'")
    (found,) = watch.broken()
    assert "被改动过" in found.sentence


def test_the_summary_counts_by_kind(matter: Matter, new_matter: Callable[..., Matter]) -> None:
    matter.in_progress()
    new_matter().dispatched()
    with ledger.transaction() as session:
        ledger.advance(session, timedelta(days=10))
    for number in [item.number for item in _items()]:
        acts.lapse(number)
    said = watch.summary(seen())
    assert said.startswith("今日提示")
    assert "未领收1" in said
    assert "逾期2" in said


def _items() -> list[ledger.Item]:
    with ledger.transaction() as session:
        return ledger.items(session)


def test_every_kind_has_a_name_and_its_look() -> None:
    assert person("office")
    assert {kind for kind, (_, look) in watch.KINDS.items() if look is None} == {"ledger", "failed"}


def test_the_latest_event_is_sought_in_its_matter_even_where_nobody_analyzed(matter: Matter) -> None:
    # By the index of all moments it took more than a minute for 10,000 matters.
    query = select(MatterRow.number, latest(EventRow.kind != "documented"))
    with ledger.transaction() as session:
        said = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(text(f"EXPLAIN {said}")))
    assert ("uq_event_number" in plan, "Aggregate" in plan) == (True, False)


@pytest.mark.rule("T13", "BC-5.5a")
def test_5_5_of_many_matters_those_are_named_that_nobody_asked_after(
    new_matter: Callable[..., Matter],
) -> None:
    made: list[Matter] = []
    for day in (3, 4, 5, 6):
        made += [new_matter(urgency=urgency).in_progress() for urgency in vocabulary.URGENCIES]
        made[-1].at(3, day)
    acts.track(made[0].number, made[0].clerk, "电话", "在办")
    for _ in range(3):
        made[0].at(3, made[0].today().day + 1)
        law, named = regulation.load(made[0].state.regulation), {one.number for one in seen() if one.kind == "tracking"}
        with ledger.transaction() as session:
            now = clock.now(session)
        assert named == {one.number for one in made if tracking_due(one.state, law, now)}
    assert 0 < len(named) < len(made)
