"""通知: each thing told once to whom it concerns, whatever is killed, doubled or down; and nothing that may not be."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from matters import Matter, person
from scores_of import File, moment

from duban import acts, clock, ledger, organization, periodicals, watch
from duban.notify import channels as over
from duban.notify import planning, sending
from duban.notify.listing import Notice

Channels = Callable[..., Path]
MAILS = {
    "用户名: jingzhen.liaison, 职务: 综合内勤, 电话: 0436-5550131": (
        "用户名: jingzhen.liaison, 职务: 综合内勤, 电话: 0436-5550131, 邮箱: zhu@example.gov.cn"
    )
}
UNITS = '    工作群: {连接: "robot_{单位}", 发到: 单位群}\n'
NO_DECISIONS = "  事项:\n    待决定: {发给: []}\n    逾期: {发给: [联络员]}\n    撤销: {发给: [联络员]}\n"
MAIL = "    邮件: {连接: mail, 发到: 本人, 事项: [交办, 办结]}\n"


def kinds(found: list[Notice]) -> list[str]:
    return [one.kind for one in reversed(found)]


@pytest.fixture
def told(channels: Channels, post: Any, matter: Matter) -> Any:
    """A registered matter, and the bureau has just got a group for each unit; decisions are not told."""
    channels(UNITS, NO_DECISIONS)
    post.run()
    return post


def test_the_way_of_a_matter_is_told_to_its_unit_and_the_desks(
    told: Any, channels: Channels, robot: Any, matter: Matter
) -> None:
    channels()
    matter.issued()
    told.run()
    assert [one["path"] for one in robot.heard] == []  # the decisions were answered before anybody was told
    acts.deliver(matter.number)
    assert told.run().sent == 2
    unit, office = sorted(robot.heard, key=lambda one: str(one["path"]))
    assert (unit["path"], unit["title"]) == ("/robot_jingzhen", "【演练】督办通知")
    assert office["message"].startswith("【演练】电话通知领收：白公督〔2026〕1号")
    assert unit["message"] == (
        "【演练】经侦支队收到督办件白公督〔2026〕1号“关于核查“安居小区”电信诈骗警情处置情况的督办”，办理时限3月9日，请及时领收。"
        f" https://duban.example.gov.cn/duban/matters/{matter.number}"
    )
    acts.receive(matter.number, matter.unit)
    acts.read(matter.number, matter.unit)
    matter.at(3, 8, 18)
    told.run()
    assert "将于3月9日到期" in robot.heard[-1]["message"]
    matter.at(3, 10, 9)
    acts.urge(matter.number)
    told.run()
    matter.replied()
    told.run()
    assert robot.heard[-1]["path"] == "/robot_office"
    assert "审核回复：" in robot.heard[-1]["message"]
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充证据")
    told.run()
    matter.replied("再报").closed()
    told.run()
    found = kinds([one for one in told.listed("sent") if one.to == "经侦支队群"])
    assert [kind for kind in found if kind != "提醒"] == ["交办", "逾期", "催办", "退回", "办结"]


def test_twice_is_once(told: Any, robot: Any, matter: Matter) -> None:
    matter.dispatched()
    assert told.run().sent == 1
    assert told.plan() == 0
    assert vars(told.run()) == {"sent": 0, "failed": 0, "given_up": 0, "moot": 0}
    assert len(robot.heard) == 1


def test_two_who_send_at_once_send_once(told: Any, robot: Any, new_matter: Any) -> None:
    for unit in ("经侦支队", "刑侦支队", "治安支队", "交警支队"):
        new_matter(unit=unit).dispatched()
    told.plan()
    robot.silent = 0.2
    threads = [Thread(target=told.run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one["path"] for one in robot.heard) == sorted({one["path"] for one in robot.heard})
    assert len(told.listed("sent")) == 4


def test_what_was_before_the_channels_is_not_told(channels: Channels, post: Any, robot: Any, matter: Matter) -> None:
    matter.in_progress()
    channels()
    assert post.run().sent == 0
    channels(UNITS + "    又一个: {连接: other, 发到: 办公室群}\n")
    matter.replied()
    post.run()
    assert {one["path"] for one in robot.heard} == {"/robot_office"}  # the new one begins with its first look
    channels(UNITS)
    post.run()
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充")
    channels(UNITS + "    又一个: {连接: other, 发到: 办公室群}\n")
    post.run()
    assert {one["path"] for one in robot.heard} == {"/robot_office", "/robot_jingzhen"}


def test_an_event_that_is_committed_after_a_later_one_is_not_lost(told: Any, new_matter: Any) -> None:
    first, second = new_matter().dispatched(), new_matter().dispatched()
    told.run()
    with ledger.transaction() as slow:  # takes its id first and commits last
        state = ledger.state(slow, first.number)
        draft = ledger.Draft(
            "withdrawn", "withdrawal", person("chief"), "五（八）", {"reason": "重复"}, clock.now(slow)
        )
        ledger.append(slow, first.number, draft)
        assert state.number
        acts.withdraw(second.number, person("office"), "重复立项", "顾长风")
        told.run()
    told.run()
    assert {one.number for one in told.listed() if one.kind == "撤销"} == {first.number, second.number}


def test_killed_between_sending_and_marking_it_is_sent_again(
    told: Any, robot: Any, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter.dispatched()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_mark", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            told.run()
    assert [one.state for one in told.listed()] == ["sending"]
    assert told.run().sent == 0  # somebody may still be at it
    told.age("11 minutes")
    assert told.run().sent == 1
    first, second = robot.heard
    assert first["message"] == second["message"]


def test_a_channel_that_fails_is_tried_again_and_given_up_after_a_day(told: Any, robot: Any, matter: Matter) -> None:
    robot.status = 500
    matter.dispatched()
    assert told.run().failed == 1
    (one,) = told.listed()
    assert (one.state, one.tries, one.error) == ("failed", 1, "渠道没有收下（HTTP 500）")
    assert told.run().failed == 0  # not before its pause is over
    told.age("70 seconds")
    assert told.run().failed == 1
    told.age("70 seconds")
    assert told.run().failed == 0  # the pause grows
    told.age("1 day")
    assert told.run().given_up == 1
    with ledger.transaction() as session:
        found = [one.sentence for one in watch.findings(session, clock.now(session)) if one.kind == "notice"]
    assert found == [
        "“工作群”有1条通知没有发出去：渠道没有收下（HTTP 500）。请核对渠道，并用电话告知；名单见 duban notices"
    ]
    robot.status = 200
    assert told.run().sent == 0
    acts.receive(matter.number, matter.unit)  # the matter went on all the while


def test_a_channel_that_is_back_takes_what_waited(told: Any, robot: Any, matter: Matter) -> None:
    robot.status = 503
    matter.dispatched()
    told.run()
    robot.status = 200
    told.age("2 minutes")
    assert told.run().sent == 1
    assert told.listed()[0].error == ""


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("json://127.0.0.1:9/x", "连不上渠道，或者它没有应答，请检查网络和地址"),
        ("mailto://127.0.0.1:9?from=a@b.cn&to=c@d.cn", "邮件没有送出"),
        ("nothing at all", "渠道的地址写得不对"),
        ("json://127.0.0.1:9/{手机}", "要发到本人的渠道才能用"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(url: str, why: str) -> None:
    try:
        said = over.send([url], "题", "文", None, 5)
    except over.UnaddressedError as lacking:
        said = str(lacking)
    assert why in said
    assert "127.0.0.1" not in said


def test_a_robot_that_says_no_with_200_has_said_no(robot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """企业微信, 钉钉 and 飞书 answer 200 to a wrong key, to too many messages and to a missing keyword."""
    from apprise.plugins import dingtalk, feishu, wecombot

    for plugin, url in (
        (wecombot.NotifyWeComBot, "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"),
        (dingtalk.NotifyDingTalk, "dingtalk://token0123456789"),
        (feishu.NotifyFeishu, "feishu://token0123456789"),
    ):
        monkeypatch.setattr(plugin, "notify_url", f"http://127.0.0.1:{robot.port}/hook")
        with monkeypatch.context() as patch:
            if plugin is wecombot.NotifyWeComBot:
                made = plugin.__init__

                def here(self: Any, *args: Any, made: Any = made, **options: Any) -> None:
                    made(self, *args, **options)
                    self.notify_url = f"http://127.0.0.1:{robot.port}/hook"
                    self._notify_url = self.notify_url

                patch.setattr(plugin, "__init__", here)
            robot.text = b'{"errcode": 0, "code": 0, "errmsg": "ok"}'
            assert over.send([url], "题", "文") == "", plugin
            robot.text = b'{"errcode": 45009, "code": 45009, "errmsg": "api freq out of limit"}'
            assert "错误码45009" in over.send([url], "题", "文"), plugin


def test_a_slow_channel_holds_up_no_other(
    channels: Channels, robot: Any, mailbox: Any, post: Any, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over.send, "__defaults__", (None, 1.0))
    channels(UNITS + MAIL, change=MAILS)
    post.run()
    robot.silent = 3
    matter.dispatched()
    began = time.monotonic()
    outcome = post.run()
    assert time.monotonic() - began < 2.5
    assert (outcome.sent, outcome.failed) == (1, 2)  # two groups are slow, the mail is not
    assert "1秒没有应答" in [one.error for one in post.listed()]


def test_whoever_holds_the_post_when_it_is_sent_gets_it(
    channels: Channels, mailbox: Any, post: Any, matter: Matter
) -> None:
    channels(MAIL, change=MAILS)
    post.run()
    matter.dispatched()
    post.plan()
    liaison = "联络员: {姓名: 祝明哲, 用户名: jingzhen.liaison, 职务: 综合内勤, 电话: 0436-5550131"
    successor = (
        "联络员: {姓名: 新来的, 用户名: jingzhen.new, 职务: 综合内勤, 电话: 0436-5550131, 邮箱: new@example.gov.cn"
    )
    channels(MAIL, change={liaison: successor})
    outcome = post.run()
    assert [to for to, _mail in mailbox.mails] == ["new@example.gov.cn"]
    assert (outcome.sent, outcome.given_up) == (1, 1)  # the head of the unit has no address in the file
    given = {one.to: (one.state, one.sent_to, one.error) for one in post.listed()}
    assert given["经侦支队联络员"] == ("sent", "新来的", "")
    assert given["经侦支队单位主要领导"][2] == "谭志刚在机构文件里没有写“邮箱”，请补上"


DEPUTIES = "    邮件: {连接: mail, 发到: 本人, 事项: [交办]}\n"
TO_DEPUTIES = "  事项:\n    交办: {发给: [分管领导]}\n"
QI = """    - 姓名: 戚望山
      用户名: qi.deputy
      职务: 副局长（分管刑侦、经侦、禁毒、网安）
      电话: 0436-5550105
      分管: [xingzhen, jingzhen, jindu, wangan, taobei, taonan]
"""
BAI = """    - 姓名: 白静秋
      用户名: bai.deputy
      职务: 副局长（分管治安、交警、出入境、法制）
      电话: 0436-5550106
      分管: [zhian, jiaojing, churujing, fazhi, daan, zhenlai, tongyu]
"""


def mailed(deputy: str) -> str:
    """The lines of a deputy who has an address."""
    user = deputy.partition("用户名: ")[2].partition(".")[0]
    return deputy.replace("      职务", f"      邮箱: {user}@example.gov.cn\n      职务")


def send(post: Any) -> sending.Outcome:
    """Send what is in the outbox; nothing new is entered."""
    return sending.send_due(organization.load(), post.addresses)


def test_what_comes_while_nobody_holds_the_post_waits_for_whoever_does(
    channels: Channels, mailbox: Any, post: Any, matter: Matter
) -> None:
    channels(DEPUTIES, TO_DEPUTIES)
    post.run()
    matter.dispatched()
    post.plan()
    channels(DEPUTIES, TO_DEPUTIES, change={QI: ""})
    assert send(post).failed == 1
    (waits,) = post.listed()
    assert (waits.state, waits.tries, waits.words, waits.to) == ("failed", 1, "", "分管领导")
    assert "没有人" in waits.error
    post.age("2 minutes")
    successor = mailed(QI).replace("戚望山", "新来的").replace("qi", "new")
    channels(DEPUTIES, TO_DEPUTIES, change={QI: successor})
    assert send(post).sent == 1
    assert [to for to, _mail in mailbox.mails] == ["new@example.gov.cn"]
    assert [one.state for one in post.listed()] == ["sent"]


def test_a_post_that_stays_vacant_is_given_up_after_a_day(channels: Channels, post: Any, matter: Matter) -> None:
    channels(DEPUTIES, TO_DEPUTIES)
    post.run()
    matter.dispatched()
    post.plan()
    channels(DEPUTIES, TO_DEPUTIES, change={QI: ""})
    send(post)
    post.age("25 hours")
    assert send(post).given_up == 1
    assert [(one.state, "没有人" in one.error) for one in post.listed()] == [("given_up", True)]


def test_the_order_of_the_deputies_in_the_file_means_nothing(
    channels: Channels, mailbox: Any, post: Any, matter: Matter
) -> None:
    channels(DEPUTIES, TO_DEPUTIES, change={QI: mailed(QI), BAI: mailed(BAI)})
    post.run()
    matter.dispatched()
    post.plan()
    channels(DEPUTIES, TO_DEPUTIES, change={QI: "", BAI: mailed(BAI) + mailed(QI)})
    send(post)
    assert [to for to, _mail in mailbox.mails] == ["qi@example.gov.cn"]


def test_what_has_become_pointless_is_not_sent(told: Any, robot: Any, matter: Matter) -> None:
    told.run()
    matter.dispatched()
    told.plan()
    acts.withdraw(matter.number, person("office"), "重复立项", "顾长风")
    told.run()
    assert "已经撤销" in robot.said
    assert "请及时领收" not in robot.said
    assert {one.kind for one in told.listed("moot")} >= {"交办"}


def test_a_decision_waits_for_its_desk_and_the_deputy_in_charge(
    channels: Channels, mailbox: Any, post: Any, new_matter: Any
) -> None:
    channels(
        "    邮件: {连接: mail, 发到: 本人, 事项: [待决定]}\n",
        change={"电话: 0436-5550104": "电话: 0436-5550104, 邮箱: gu@example.gov.cn"},
    )
    post.run()
    made = new_matter()
    made.decide("sign.director", "同意")
    post.run()
    waiting = [one for one in post.listed() if one.state == "sent"]
    assert [(one.to, one.sent_to) for one in waiting] == [("局长", "顾长风")]
    assert "审签督办通知单：" in waiting[0].words


def test_a_rehearsal_says_so_or_says_nothing(channels: Channels, post: Any, robot: Any, matter: Matter) -> None:
    file = channels()
    post.run()
    file.write_text(file.read_text(encoding="utf-8").replace("  演练: 发", "  演练: 不发"), encoding="utf-8")
    matter.dispatched()
    assert post.run().sent == 0
    assert post.listed() == []
    channels()
    matter.instruct()
    post.run()
    assert robot.heard
    assert all(one["message"].startswith("【演练】") for one in robot.heard)


def test_a_real_ledger_does_not_say_rehearsal(channels: Channels, post: Any, robot: Any, ledger_url: str) -> None:
    channels()
    post.run()
    with ledger.transaction() as session:
        assert planning.active(session, organization.load())


def test_two_thousand_at_once_are_few_messages(told: Any, robot: Any, matter: Matter) -> None:
    matter.dispatched()
    told.run()
    robot.heard.clear()
    with ledger.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO notice (number, key, kind, role, channel)"
            f" SELECT '{matter.number}', 'k' || n, '催办', unit, '工作群'"
            " FROM generate_series(1, 1000) n, unnest(ARRAY['@jingzhen', '@office']) unit"
        )
    began = time.monotonic()
    assert told.run().sent == 2000
    assert time.monotonic() - began < 60
    assert len(robot.heard) < 500
    assert all(len(one["message"].encode()) <= sending.BYTES for one in robot.heard)


def test_a_robot_that_is_down_is_not_asked_for_each(told: Any, robot: Any, matter: Matter) -> None:
    matter.dispatched()
    told.run()
    robot.heard.clear()
    robot.status = 500
    with ledger.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO notice (number, key, kind, role, channel)"
            f" SELECT '{matter.number}', 'k' || n, '催办', '@jingzhen', '工作群' FROM generate_series(1, 200) n"
        )
    told.run()
    assert len(robot.heard) == sending.FAILURES


def test_a_matter_never_goes_to_a_group_of_everyone(channels: Channels, post: Any, robot: Any, matter: Matter) -> None:
    channels(UNITS + "    全体: {连接: all, 发到: 全体群}\n")
    post.run()
    matter.in_progress().at(3, 12)
    post.run()
    assert {one["path"] for one in robot.heard} == {"/robot_jingzhen", "/robot_office"}


@pytest.mark.rule("BC-5.10a")
def test_scores_go_to_every_unit_as_a_draft_and_when_they_are_published(
    channels: Channels, post: Any, robot: Any, late_month: File
) -> None:
    channels(UNITS + "    全体: {连接: all, 发到: 全体群}\n")
    post.run()
    late_month.object()
    assert post.run().sent == 1
    assert robot.heard[-1]["path"] == "/robot_office"
    assert "裁定考核异议：" in robot.heard[-1]["message"]
    robot.heard.clear()
    late_month.decide("objection.office", "异议成立", reason="送达记录属实")
    post.run()
    assert [one["path"] for one in robot.heard if "已经裁定" in one["message"]] == ["/robot_jingzhen"]
    late_month.at(4, 8)
    late_month.draft()
    post.run()
    late_month.published()
    robot.heard.clear()
    post.run()
    everybody = {f"/robot_{unit}" for unit in organization.load().units} | {"/robot_office", "/all"}
    assert {one["path"] for one in robot.heard} == everybody
    assert all("已经印发" in one["message"] for one in robot.heard)
    assert all(f"/duban/scores/{late_month.number}" in one["message"] for one in robot.heard)


def test_a_draft_of_scores_says_until_when_one_may_object(
    channels: Channels, post: Any, robot: Any, matter: Matter, move_to: Any
) -> None:
    channels()
    matter.in_progress().at(3, 12)
    move_to(moment(4, 1))
    file = File(periodicals.open("monthly_scoring", "2026-03"), move_to)
    post.run()
    file.draft()
    post.run()
    assert {one["path"] for one in robot.heard} >= {f"/robot_{unit}" for unit in organization.load().units}
    assert "的初稿已经发出，有异议的请在4月" in robot.said
