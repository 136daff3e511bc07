"""Every type and every mode on a real Airflow, side by side: what the graphs lead to is what the ledger awaits."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from duban import ledger
from duban.clock import SHANGHAI
from duban.demo.baicheng import ACCEPT, CLOSE, CLOSED, LATE, SIGN, TAKE, TAKEN, TO_ISSUE
from duban.demo.play import Part, Play, happened
from duban.demo.stories import Doing, Scene, Story, answer, do, of, reply, send
from duban.embedded.bureau import Bureau

pytestmark = pytest.mark.e2e

#: After the other tests' stories and before those that kill: a Monday; the Monday two weeks later is a holiday.
BEGIN = date(2026, 3, 23)


def day(n: int) -> str:
    """The nth day of the stories."""
    return (BEGIN + timedelta(days=n)).isoformat()


def on(n: int, *doings: Doing, hour: int = 10) -> Scene:
    """The doings of the nth day."""
    return Scene(datetime.fromisoformat(day(n)).replace(hour=hour, tzinfo=SHANGHAI), doings)


FORM = {"title": "", "requirement": "查清情况，书面报办公室。", "source": 6}
VISIT = {"people": "田雨欣、冯立言", "place": "承办单位", "on": day(0)}
FOUND = {"findings": "台账不全。", "causes": "没有专人管理。", "measures": "指定专人，一周内补齐。"}
WEEK = {"progress": "完成一半。", "carried_out": "已落实", "next_plan": "继续推进。", "percent": "50"}
REPORTED = {"to": "省公安厅", "how": "机要交换", "reference": "白公〔2026〕31号"}
REPLY = reply("经核查，要求的事项已经办结。")
TAKE_PART = (send("receipt"), send("reading"), reply("本单位承担的部分已经查清。"))
ACCEPT_PART = answer("review.office", "审核合格", summary="已查清。")

#: Type, what the form says beside the usual, the story.
CAST: list[tuple[str, dict[str, Any], Story]] = [
    (
        "complex",
        {"unit": "jindu", "source": 1, "report_to": "省公安厅"},
        Story(
            "复杂事项，结果上报",
            (
                on(0, *SIGN, *TAKE),
                on(
                    9,
                    REPLY,
                    *CLOSE,
                    answer("sign_up.chief", "退改", opinion="数字核对一遍。"),
                    answer("upward.office", "重新呈签"),
                    answer("sign_up.chief", "签发"),
                    answer("send_up", "已报送", **REPORTED),
                ),
            ),
            (
                *(*TO_ISSUE, *TAKEN, "replied", "accepted", "reported", "approved", "approved", "upward_drafted"),
                *("upward_signed", "upward_revised", "upward_drafted", "upward_signed", "sent_up", "filed"),
            ),
        ),
    ),
    (
        "dated",
        {"unit": "wangan", "due_on": day(11)},
        Story(
            "退件后改派，第二次流程",
            (
                on(
                    0,
                    *SIGN,
                    do("call"),
                    send("decline", reason="不是我单位职责。"),
                    answer("reassign", "改派", unit="治安支队", reason="由治安支队主办。"),
                ),
                on(1, *SIGN, *TAKE),
                on(3, REPLY, *CLOSE),
            ),
            (*TO_ISSUE, "declined", "reassigned", *TO_ISSUE[1:], *TAKEN, "replied", *CLOSED),
        ),
    ),
    (
        "routine",
        {"unit": "jiaojing"},
        Story(
            "周报，漏报一期，最后办结",
            (
                on(0, *SIGN, *TAKE),
                on(4, send("period-report", **WEEK)),
                on(15, do("await", state="urged"), send("period-report", **WEEK)),  # the days before are 清明
                on(16, REPLY, *CLOSE),
            ),
            (*TO_ISSUE, *TAKEN, "period_reported", *LATE, "period_reported", "replied", *CLOSED),
        ),
    ),
    (
        "staged",
        {
            "unit": "fazhi",
            "stages": f"调研梳理 {day(0)} {day(3)}\n集中填报 {day(3)} {day(8)}\n检查督促 {day(8)} {day(10)} 办公室\n"
            f"总结提高 {day(10)} {day(16)}",
        },
        Story(
            "四个阶段，一个由办公室检查",
            (
                on(0, *SIGN, *TAKE),
                on(2, REPLY, ACCEPT),
                on(8, reply("第二阶段已经完成。"), ACCEPT),
                on(9, answer("check", "检查完毕", findings="进度正常。", grade_fazhi="好")),
                on(16, reply("四个阶段全部完成。"), *CLOSE),
            ),
            (
                *(*TO_ISSUE, *TAKEN, "replied", "accepted", "period_closed", "period_opened"),
                *("replied", "accepted", "period_closed", "period_opened", "checked", "period_opened"),
                *("replied", "accepted", "period_closed", *CLOSED[1:]),
            ),
        ),
    ),
    (
        "decomposed",
        {"unit": "xingzhen", "due_on": day(14), "parts": f"经侦支队 核查资金流向 {day(8)}\n网安支队 查网络线索"},
        Story(
            "分解到两个单位，牵头单位汇总",
            (
                on(0, *SIGN, *TAKE),
                on(1, *of(1, *TAKE_PART, ACCEPT_PART), *of(2, *TAKE_PART, ACCEPT_PART)),
                on(2, reply("两个单位的结果已经汇总。"), *CLOSE),
            ),
            (*TO_ISSUE, "parts_planned", *TAKEN, "part_ended", "part_ended", "replied", *CLOSED),
        ),
    ),
    (
        "general",
        {"unit": "churujing", "mode": "phone"},
        Story(
            "电话督办",
            (on(0, answer("phone", "已电话下达"), send("reading")), on(2, REPLY, *CLOSE)),
            ("registered", "tasked", "phoned", "read", "replied", *CLOSED),
        ),
    ),
    (
        "general",
        {"unit": "daan", "mode": "onsite", "order_by": "顾长风", "order_on": day(0), "order_text": "去现场看看。"},
        Story(
            "实地督办，转承办单位办理",
            (
                on(0, answer("visit", "转承办单位办理", **VISIT, findings="台账不全。"), *TAKE),
                on(2, REPLY, *CLOSE),
            ),
            ("registered", "tasked", "visited", "dispatched", *TAKEN, "replied", *CLOSED),
        ),
    ),
    (
        "general",
        {
            "unit": "zhenlai",
            "mode": "covert",
            "consent_by": "顾长风",
            "consent_on": day(0),
            "consent_number": "纪要1号",
        },
        Story(
            "暗访，公开后送审下达",
            (
                on(0, answer("visit", "转承办单位办理", **VISIT, **FOUND), *SIGN, *TAKE),
                on(2, REPLY, *CLOSE),
            ),
            ("registered", "tasked", "visited", "released", *TO_ISSUE[1:], *TAKEN, "replied", *CLOSED),
        ),
    ),
    (
        "general",
        {"unit": "tongyu", "mode": "joint", "partners": "督察、纪委"},
        Story(
            "联合督办，边办边记",
            (
                on(0, *SIGN, *TAKE, answer("joint_record", "记录", **VISIT, findings="正在整改。")),
                on(2, REPLY, *CLOSE),
            ),
            (*TO_ISSUE, *TAKEN, "visited", "replied", *CLOSED),
        ),
    ),
    (
        "general",
        {"unit": "taonan", "proposed_by": "治安支队", "proposal_reason": "跨区域，需要统一督办。"},
        Story(
            "部门呈批",
            (
                on(0, answer("propose.deputy", "同意"), answer("propose.chief", "同意"), *SIGN, *TAKE),
                on(2, REPLY, *CLOSE),
            ),
            ("registered", "proposed", "proposal_signed", "proposal_signed", *TO_ISSUE[1:], *TAKEN, "replied", *CLOSED),
        ),
    ),
    (
        "general",
        {"unit": "taobei", "proposed_by": "刑侦支队", "proposal_reason": "需要督办。"},
        Story(
            "呈批没有同意",
            (on(0, answer("propose.deputy", "不同意", opinion="已有专班。")),),
            ("registered", "proposed", "proposal_signed", "filed"),
            ends="cancelled",
        ),
    ),
]
STORIES = [story for _type, _form, story in CAST]


@pytest.fixture(scope="module")
def played(bureau: Bureau) -> dict[str, Part]:
    """All of them, registered with the trigger forms and played side by side; name of the story -> matter."""
    bureau.advance_to(datetime(BEGIN.year, BEGIN.month, BEGIN.day, 9, tzinfo=SHANGHAI))
    cast = []
    for type_id, said, story in CAST:
        number = bureau.register(FORM | {"title": story.name} | said, f"{type_id}_item")
        cast.append(Part(number, story, ()))
    Play(bureau, tuple(cast)).run()
    return {part.story.name: part for part in cast}


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_each_goes_its_way(played: dict[str, Part], story: Story) -> None:
    # The parts are made while the lead takes the notice: sooner or later.
    assert [kind for kind in happened(played[story.name].number) if kind != "decomposed"] == list(story.leaves)


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_its_runs_end_well_and_nothing_waits(played: dict[str, Part], bureau: Bureau, story: Story) -> None:
    number = played[story.name].number
    state = bureau.state(number)
    dag_id = f"{state.type}_item"
    assert bureau.until_run_ends(number, dag_id) == "success"
    assert bureau.waiting("~", dag_id, number) == []
    assert (state.state, state.awaiting, state.filed_at is not None) == (story.ends, (), True)


@pytest.mark.rule("T11b")
def test_what_goes_to_another_unit_goes_on_at_once_in_a_run_of_its_own(played: dict[str, Part], bureau: Bureau) -> None:
    number = played["退件后改派，第二次流程"].number
    assert bureau.until_run_ends(f"{number}.2", "dated_item") == "success"
    assert bureau.state(number).unit == "zhian"


@pytest.mark.rule("LZ-2.1")
def test_each_part_has_a_run_that_carries_its_number_and_nothing_else(played: dict[str, Part], bureau: Bureau) -> None:
    number = played["分解到两个单位，牵头单位汇总"].number
    for part in bureau.state(number).parts:
        assert bureau.until_run_ends(part.number, "decomposed_item") == "success"
        run = bureau.post("office").get(f"/dags/decomposed_item/dagRuns/{part.number}")
        assert run["conf"] == {"number": part.number}
        entries = bureau.post("office").get(
            f"/dags/decomposed_item/dagRuns/{number}/taskInstances/list_parts/xcomEntries/return_value"
        )
        assert part.number in str(entries["value"])


def test_the_ledger_verifies(played: dict[str, Part]) -> None:
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
    assert played
