"""政务公开 (ZW): matters in phases with fixed dates, each reported on and reviewed, one checked by the office."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matters import FORM, Matter, person

from duban import acts, clock, ledger, organization, regulation
from duban.acts import papers
from duban.acts.act import act
from duban.acts.reporting import report_period, return_period
from duban.acts.tables import MOST_STAGES, stages_of
from duban.errors import Refusal
from duban.ledger.standing import State
from duban.periodicals.report_values import report_values
from duban.reports import bulletin
from duban.reports.heading import Period

#: The four phases of the campaign as it writes them, moved to March; the third is the office's.
PHASES = """调研梳理 2026-03-02 至 2026-03-10
集中填报 2026-03-10 至 2026-03-20
检查督促 2026-03-20 至 2026-03-30（办公室）
总结提高 2026-04-01 至 2026-04-30"""
KEY_WORK: dict[str, Any] = {
    "type": "staged", "source": 6, "campaign": "政务公开", "stages": PHASES,
    "instruction_by": "", "instruction_on": "", "instruction_text": "",
}  # fmt: skip


@pytest.fixture
def staged(new_matter: Callable[..., Matter]) -> Matter:
    return new_matter(**KEY_WORK).in_progress()


def accept(matter: Matter) -> State:
    return matter.decide("review.office", "审核合格", summary="已办。")


def phase(matter: Matter, text: str) -> State:
    """The phase that runs is reported on and accepted."""
    matter.replied(text)
    return accept(matter)


def check(matter: Matter, findings: str = "目录齐全") -> State:
    return matter.decide("check", "检查完毕", findings=findings, grade_jingzhen="较好")


def lapses(matter: Matter) -> list[tuple[str, int, bool]]:
    kinds = ("reply_lapsed", "period_lapsed")
    return [(e.kind, e.data["node"], e.data.get("scores", True)) for e in matter.events if e.kind in kinds]


@pytest.mark.rule("ZW-2.1", "ZW-2.2", "ZW-2.3", "ZW-2.4", "N19", "BC-5.8d", "T14")
def test_2_four_phases_each_with_its_own_date_report_and_review(staged: Matter) -> None:
    assert (staged.state.due_on, staged.state.current.due_on) == (date(2026, 3, 10), date(2026, 3, 10))
    state = phase(staged.at(3, 9), "目录")
    assert (state.state, state.due_on, state.round) == ("in_progress", date(2026, 3, 20), 2)
    state = phase(staged.at(3, 19), "填报")
    assert (state.state, state.desk, state.awaiting[-1]) == ("checking", "office", "check:3")
    with pytest.raises(Refusal, match="正在审核"):
        staged.replied("又一份")
    state = check(staged.at(3, 27))
    assert (state.state, state.due_on, state.awaiting[-1]) == ("in_progress", date(2026, 4, 30), "reply:4")
    staged.at(4, 20).replied("总结").closed()
    assert staged.state.state == "closed"
    assert [node.closed_at is not None for node in staged.state.nodes] == [True] * 4
    assert (lapses(staged), ledger.verify()) == ([], [])
    assert staged.event("period_opened").clause == "五（八）"


@pytest.mark.rule("ZW-2.3", "ZW-3.1")
def test_2_3_the_office_grades_each_unit_and_says_what_it_found(new_matter: Callable[..., Matter]) -> None:
    staged = new_matter(**KEY_WORK, cohandlers="法制支队、治安支队").in_progress()
    phase(staged, "目录")
    phase(staged, "填报")
    asked = acts.question(staged.state, "check:3")
    assert [name for name in asked.fields if name.startswith("grade_")] == [
        *("grade_jingzhen", "grade_fazhi", "grade_zhian"),
    ]
    for incomplete in ({"grade_jingzhen": "好"}, {"findings": "齐全"}, {"findings": "齐", "grade_jingzhen": "满分"}):
        with pytest.raises(Refusal):
            staged.decide("check", "检查完毕", **incomplete)
    staged.decide("check", "检查完毕", findings="公开不及时", grade_jingzhen="一般", grade_fazhi="好")
    data = staged.event("checked").data
    assert (data["grades"], data["findings"]) == ({"jingzhen": "一般", "fazhi": "好"}, "公开不及时")
    with ledger.transaction() as session:
        law, org, now = regulation.load(staged.state.regulation), organization.load(), clock.now(session)
        period = Period("2026-03", date(2026, 3, 1), now.date(), now, now.date())
        said = bulletin.report(session, law, org, period).as_json()
    told = [(one["unit"], one["name"], one["grade"]) for one in report_values(said)["checks"]]
    node = staged.state.nodes[2].name
    assert told == [("经侦支队", node, "一般"), ("法制支队", node, "好")], "the bulletin tells it (ZW-2.3)"


@pytest.mark.rule("A21")
def test_a21_a_boundary_day_belongs_to_both_and_counts_to_its_last_minute(staged: Matter) -> None:
    staged.at(3, 10, 23, 59).replied("目录")
    assert staged.event("replied").data["on_time"] is True
    assert accept(staged).due_on == date(2026, 3, 20)


@pytest.mark.rule("ZW-2.1", "T14", "T18", "A10")
def test_a_late_phase_moves_no_later_date_and_each_date_is_missed_by_itself(staged: Matter) -> None:
    staged.at(3, 21)  # the first two phases are over, nothing has come
    assert lapses(staged) == [("reply_lapsed", 1, True), ("period_lapsed", 2, True)]
    state = phase(staged, "目录，迟了")
    assert (state.state, state.node, state.due_on) == ("overdue", 2, date(2026, 3, 20))
    assert lapses(staged)[2:] == [("reply_lapsed", 2, False)]  # already late, and not counted a second time
    assert staged.at(3, 23).state.awaits("urge") == "urge:2"  # what follows a missed date follows
    acts.urge(staged.number)
    assert phase(staged, "填报，迟了").awaiting[-1] == "check:3"
    check(staged)
    assert staged.state.due_on == date(2026, 4, 30)
    assert [node.due_on for node in staged.state.nodes] == [
        *(date(2026, 3, 10), date(2026, 3, 20), date(2026, 3, 30), date(2026, 4, 30)),
    ]


@pytest.mark.rule("ZW-2.3")
def test_what_the_office_holds_up_is_not_the_units_fault(staged: Matter) -> None:
    staged.at(3, 9).replied("目录")
    staged.at(3, 23)  # the office reads for two weeks; the date of the second phase passes meanwhile
    assert lapses(staged) == [("period_lapsed", 2, False)]
    assert staged.event("period_lapsed").data["excuse"] == "under_review"
    state = accept(staged)
    assert (state.state, state.due_on) == ("in_progress", date(2026, 3, 25))  # a short date of its own
    phase(staged, "填报")
    staged.at(4, 1)  # the office's own phase is over
    assert lapses(staged)[1:] == [("period_lapsed", 3, False)]
    assert (staged.state.awaits("check"), "check:3" in staged.state.timers) == ("check:3", False)
    assert check(staged).due_on == date(2026, 4, 30)


@pytest.mark.rule("BC-5.7", "T23")
def test_5_7_a_report_sent_back_keeps_the_phase_and_then_carries_on(staged: Matter) -> None:
    staged.at(3, 9).replied("目录")
    staged.decide("review.office", "退回补办", reason="补充修改", requirement="缺所队目录", due_on="2026-03-12")
    assert (staged.state.state, staged.state.node, staged.state.due_on) == ("returned", 1, date(2026, 3, 12))
    state = phase(staged.at(3, 12), "补齐的目录")
    assert (state.node, state.due_on, lapses(staged)) == (2, date(2026, 3, 20), [])


@pytest.mark.rule("T15", "T16")
def test_more_time_and_a_new_instruction_move_the_running_phase_and_nothing_else(staged: Matter) -> None:
    assert staged.extend(date(2026, 3, 13)).due_on == date(2026, 3, 13)
    with pytest.raises(Refusal, match=r"集中填报.*2026-03-20"):
        staged.extend(date(2026, 3, 23))
    staged.instruct(due_on=date(2026, 3, 16))
    assert staged.state.due_on == date(2026, 3, 16)
    assert [node.due_on.day for node in staged.state.nodes] == [10, 20, 30, 30]
    staged.at(3, 17)
    assert lapses(staged) == [("reply_lapsed", 1, True)]


@pytest.mark.rule("T25")
def test_the_chief_may_return_the_last_phase_and_nothing_before_it_opens_again(staged: Matter) -> None:
    phase(staged, "目录")
    phase(staged, "填报")
    check(staged)
    staged.replied("总结").accepted()
    staged.decide("approve.director", "同意上报")
    staged.decide("approve.chief", "批示重新办理", reason="敷衍塞责", requirement="重写")
    assert (staged.state.state, staged.state.node) == ("returned", 4)
    staged.replied("重写的总结").closed()
    assert staged.state.state == "closed"


@pytest.mark.rule("T16")
def test_an_instruction_during_the_check_is_answered_and_the_check_still_made(staged: Matter) -> None:
    phase(staged, "目录")
    phase(staged, "填报")
    staged.instruct(due_on=date(2026, 3, 6))
    assert staged.state.awaits("reply")
    assert phase(staged, "补报").awaits("check")
    assert check(staged).due_on == date(2026, 4, 30)


def test_a_phase_of_the_office_may_be_the_last(new_matter: Callable[..., Matter]) -> None:
    staged = new_matter(**KEY_WORK | {"stages": "清理 3月2日 3月9日\n验收 3月10日 3月20日 办公室"}).in_progress()
    phase(staged, "清理完毕")
    assert check(staged).awaits("report")
    acts.write_report(staged.number)
    assert staged.state.state == "report_review"


@pytest.mark.rule("BC-5.8d")
def test_5_8_the_notice_prints_the_end_of_a_phase_and_the_day_of_its_report(new_matter: Callable[..., Matter]) -> None:
    staged = new_matter(**KEY_WORK | {"stages": "清理 3月2日 3月9日 3月12日\n验收 3月13日 3月20日"}).in_progress()
    with act(staged.number) as it:
        row = papers.values_of(it)["stages"][0]
    assert (row["to_on"], row["report_on"]) == ("2026年3月9日", "2026年3月12日")


def test_phases_that_were_over_before_the_notice_was_signed_are_not_the_units_fault(
    new_matter: Callable[..., Matter],
) -> None:
    matter = new_matter(**KEY_WORK).at(3, 12).in_progress()
    assert (matter.state.due_on, lapses(matter)) == (date(2026, 3, 16), [])
    assert matter.state.nodes[0].note == "before_dispatch"
    assert phase(matter, "目录").due_on == date(2026, 3, 20)


def test_a_phase_is_no_weekly_report(staged: Matter) -> None:
    with pytest.raises(Refusal, match="阶段进展报告"):
        report_period(staged.number, staged.unit, "进展", "已落实")
    with pytest.raises(Refusal, match="没有可以退回"):
        return_period(staged.number, staged.clerk, "supplement", "补充")


@pytest.mark.rule("T36")
def test_a_withdrawn_campaign_misses_nothing(staged: Matter) -> None:
    acts.withdraw(staged.number, staged.clerk, "另行安排", staged.chief.name)
    staged.at(5, 10)
    assert (lapses(staged), staged.state.timers) == ([], {})


@pytest.mark.parametrize(
    ("stages", "why"),
    [
        ("", "没有填写"),
        ("甲 3月2日 3月10日\n乙 3月9日 3月20日", "第2个阶段“乙”.*重叠"),
        ("甲 3月10日 3月20日\n乙 3月2日 3月9日", "第2个阶段“乙”.*更早"),
        ("甲 3月10日 3月2日", "第1个阶段“甲”的结束日期"),
        ("甲 2026-02-02 2026-02-27", "第1个阶段“甲”.*已经过去"),
        ("甲 2026-03-02", "应当是“阶段名称"),
        ("甲 3月2日 3月32日", "不是日历上有的日期"),
        ("甲 3月2日 3月10日 财务科", "财务科"),
        ("2026-03-02 2026-03-10", "第1个阶段的名称"),
        ("甲 3月2日 3月10日 办公室", "第一个阶段应当由承办单位"),
        ("\n".join(f"第{n}步 3月2日 3月2日" for n in range(MOST_STAGES + 1)), "最多50个"),
        ([{"name": "甲", "starts_on": "2026-03-10", "ends_on": "2026-03-12", "due_on": "2026-03-09"}], "报送日"),
        ([{"name": "甲", "starts_on": "2026-03-10"}], "没有写结束日期"),
        ([{"name": "甲", "starts_on": "三月", "ends_on": ""}], "不是有效日期"),
        (["甲"], "应当是一张表"),
    ],
)
def test_a_table_of_phases_that_cannot_be_is_refused_with_its_row(
    new_matter: Callable[..., Matter], stages: object, why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        new_matter(**KEY_WORK | {"stages": stages})


def test_a_table_of_phases_belongs_to_matters_in_phases(new_matter: Callable[..., Matter]) -> None:
    with pytest.raises(Refusal, match="没有“阶段”表"):
        new_matter(stages=PHASES)
    with pytest.raises(Refusal, match="最后一个阶段"):
        new_matter(**KEY_WORK, due_on="2026-05-30")


@pytest.mark.parametrize(
    "line",
    [
        "调研梳理 2026-09-01 2026-09-10", "一、调研梳理：2026年9月1日至2026年9月10日", "1. 调研梳理（9月1日—9月10日）",
        "调研梳理，2026/9/1-2026/9/10", "调研梳理 9.1–9.10", "（一）调研梳理：9月1日至9月10日",
    ],
)  # fmt: skip
def test_people_write_a_phase_in_many_ways(line: str) -> None:
    (row,) = stages_of(line, date(2026, 3, 2))
    expected = {"name": "调研梳理", "starts_on": "2026-09-01", "ends_on": "2026-09-10", "due_on": "2026-09-10"}
    assert row == {**expected, "by": "unit"}


def test_a_phase_over_the_new_year_needs_no_year() -> None:
    (row,) = stages_of("冬防 11月20日 1月10日 1月12日 办公室", date(2026, 11, 1))
    assert [row[key] for key in ("starts_on", "ends_on", "due_on", "by")] == [
        *("2026-11-20", "2027-01-10", "2027-01-12", "office"),
    ]


@pytest.mark.rule("BC-8.4")
def test_8_4_the_phases_of_a_secret_have_no_names(new_matter: Callable[..., Matter]) -> None:
    secret = KEY_WORK | {"mark": "机密★3年", "paper": "保密室", "requirement": ""}
    with pytest.raises(Refusal, match="第一阶段"):
        new_matter(**secret)
    assert new_matter(**secret | {"stages": "第一阶段 3月2日 3月10日"}).state.form["stages"][0]["name"] == "第一阶段"


@pytest.mark.rule("ZW-2.1", "A10", "A21", "T14")
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(1, 12), min_size=2, max_size=4),
    walk=st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["reply", "accept", "return", "nothing"])), max_size=8),
)
def test_fixed_dates_never_move_and_every_missed_one_is_counted_once(
    new_ledger: Callable[[datetime | None], str], lengths: list[int], walk: list[tuple[int, str]]
) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
    new_ledger(now)
    day, lines, ends = now.date(), list[str](), list[date]()
    for n, length in enumerate(lengths):
        ends.append(day + timedelta(days=length))
        lines.append(f"第{n + 1}步 {day} {ends[-1]}")
        day = ends[-1]

    def move(moment: datetime) -> None:
        with ledger.transaction() as session:
            ledger.advance(session, moment - clock.now(session))

    form = {**FORM, **KEY_WORK, "stages": "\n".join(lines)}
    matter = Matter(acts.register(form, person("office"), "walk").number, move).in_progress()
    for n, (days, what) in enumerate(walk):
        now += timedelta(days=days, minutes=1)
        move(now)
        acts.lapse(matter.number)
        reviewed = matter.state.state == "replied"
        if what == "reply" and not reviewed and matter.state.awaits("report") is None:
            matter.replied(f"第{n}份")
        elif what == "accept" and reviewed:
            accept(matter)
        elif what == "return" and reviewed:
            matter.decide("review.office", "退回补办", reason="补充修改", requirement="补")
    assert [node.due_on for node in matter.state.nodes] == ends
    events = matter.events
    for node in matter.state.nodes:
        first = next((e.at for e in events if e.kind == "replied" and _node_then(events, e.seq) == node.number), None)
        passed = node.due_at <= now and (first is None or first > node.due_at)
        counted = [e for e in events if e.kind in ("reply_lapsed", "period_lapsed") and e.data["node"] == node.number]
        own = [e for e in counted if e.data.get("scores", True) and e.at == node.due_at]
        excused = [e for e in counted if e.data.get("excuse")]
        assert len(own) + len(excused) == int(passed)
    assert ledger.verify() == []


def _node_then(events: list[Any], seq: int) -> int:
    """The phase that ran when the event `seq` came."""
    opened = [e.data["opens"] for e in events if e.seq < seq and "opens" in e.data]
    return int(opened[-1])
