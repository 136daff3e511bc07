"""duban.intake.checking: what the reviewer is told, point by point (A9, BC-5.6, BC-7.1.2, BC-7.1.4, BC-8.2, SK-1.2)."""

import dataclasses
import json
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from crafted import EXAMPLES, pdf, png, word97

from duban import clock, intake, organization, regulation
from duban.intake import checking, guard, points, reader
from duban.intake.checking import CheckReport
from duban.ledger.standing import State

LAW, ORG = regulation.load("baicheng-2020"), organization.load("baicheng")
GOOD = [
    "关于反映民警办案拖延问题的核查情况的报告",
    "（督办文号：白公督〔2026〕12号）",
    "白城市公安局办公室：",
    "一、办理经过",
    "调取案卷，约谈承办民警。",
    "二、办理结果",
    "反映的问题部分属实，已经纠正。",
    "三、处理意见",
    "对承办民警给予诫勉。",
    "四、整改措施",
    "清理三十日以上未办案件。",
    "五、回访情况",
    "已向来信人当面说明。",
    "六、结论",
    "问题已经查清，处理到位。",
    "主要领导（签字）：孟祥瑞",
    "白城市公安局洮北分局（印）",
    "2026年3月6日",
]


def matter(**form: Any) -> State:
    return State(
        number="BC-2026-0012",
        reference="白公督〔2026〕12号",
        type="general",
        title="t",
        unit=form.pop("unit", "taobei"),
        cohandlers=form.pop("cohandlers", ()),
        regulation="baicheng-2020",
        organization="baicheng",
        form=form,
        registered_at=datetime(2026, 3, 2, tzinfo=clock.SHANGHAI),
    )


def written(lines: list[str]) -> intake.Received:
    document, target = docx.Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.sections[0].page_width = 11906 * 635
    document.save(target)
    # Not through the child, which the other tests look at and which takes its time.
    seen = reader.read(guard.open_safely("办结报告.docx", target.getvalue()).parts)
    return intake.Received("docx", "docx", "", 0, None, **seen)


def without(*starts: str) -> list[str]:
    return [line for line in GOOD if not line.startswith(starts)]


def instead(old: str, new: str) -> list[str]:
    assert any(old in line for line in GOOD)
    return [line.replace(old, new) for line in GOOD]


def check(lines: list[str], state: State | None = None, law: regulation.Regulation = LAW) -> CheckReport:
    return checking.report(written(lines), state or matter(violation=True, revisit=True), law, ORG)


def verdicts(found: CheckReport) -> dict[str, str]:
    return {point.name: point.verdict for point in found.points}


def point(found: CheckReport, name: str) -> points.Point:
    (one,) = (point for point in found.points if point.name == name)
    return one


def law_with(**reply: Any) -> regulation.Regulation:
    return dataclasses.replace(LAW, reply=LAW.reply.model_copy(update=reply))


CLAUSES = {
    "电子文稿": "五（六）",
    "格式": "七（一）2",
    "督办文号": "五（六）",
    "主送": "五（六）",
    "署名": "七（一）2",
    "签字": "五（六）",
    "印章": "五（六）",
    "办理情况": "五（六）",
    "办理结果": "五（六）",
    "回访当事人情况": "七（一）4",
    "结论": "八（二）",
    "处理意见": "八（二）",
    "整改措施": "八（二）",
}


@pytest.mark.rule("BC-5.7", "T27", "BC-8.2", "BC-7.1.2", "BC-7.1.4")
def test_a_good_report_agrees_in_every_point_each_with_its_clause():
    found = check(GOOD)
    assert dict.fromkeys(CLAUSES, "ok") == verdicts(found)
    assert {point.name: point.clause for point in found.points} == CLAUSES


REASONS = ["七、未落实原因", "等待鉴定结果。", "八、下一步", "收到以后结案。"]

#: What is wrong -> the lines, the point that tells, its verdict, and what it says.
FAULTS: dict[str, tuple[list[str], str, str, str]] = {
    "no title": (without("关于"), "格式", "fault", "样式的标题"),
    "no headings": (without("一", "二", "三", "四", "五", "六"), "格式", "fault", "没有见到分段的小标题"),
    "square brackets": (instead("〔2026〕", "[2026]"), "格式", "fault", "应用六角括号〔〕"),
    "padded number": (instead("〕12", "〕012"), "格式", "fault", "不编虚位"),
    "number with 第": (instead("〕12", "〕第12"), "格式", "fault", "不加“第”"),
    "padded date": (instead("2026年3月6日", "2026年03月06日"), "格式", "fault", "应写成2026年3月5日的样子"),
    "date in characters": (instead("2026年3月6日", "二〇二六年三月六日"), "格式", "fault", "三月六日”应写成"),
    "no date": (without("2026年"), "格式", "fault", "没有见到成文日期"),
    "no number": (without("（督办文号"), "督办文号", "fault", "没有见到督办文号，本件是“白公督〔2026〕12号”"),
    "number of another matter": (instead("〕12", "〕13"), "督办文号", "fault", "写的是“白公督〔2026〕13号”"),
    "number of another year": (instead("〔2026〕", "〔2025〕"), "督办文号", "fault", "写的是“白公督〔2025〕12号”"),
    "the same number of another series": (instead("白公督", "洮公办"), "督办文号", "fault", "写的是“洮公办"),
    "words before the number": (instead("（督办文号：", "根据"), "督办文号", "ok", "一致"),
    "number in other brackets is still the number": (instead("〔2026〕12", "[2026]第012"), "督办文号", "ok", "一致"),
    "no addressee": (without("白城市公安局办公室"), "主送", "fault", "应主送白城市公安局办公室"),
    "another addressee": (instead("局办公室：", "局政治部："), "主送", "fault", "应为“白城市公安局办公室”"),
    "the office as people say it": (instead("白城市公安局办公室：", "市局办公室："), "主送", "ok", "“市局办公室”"),
    "no subject": (without("白城市公安局洮北", "主要领导"), "署名", "fault", "没有见到署名"),
    "a department of the unit": (
        instead("洮北分局（印）", "洮北分局督察室（印）"), "署名", "fault", "署名是“白城市公安局洮北分局督察室”",
    ),
    "another unit": (instead("洮北分局（印）", "刑事侦查支队（印）"), "署名", "fault", "承办单位是“白城市"),
    "the short name": (instead("白城市公安局洮北分局（印）", "洮北分局（印）"), "署名", "ok", "是承办单位"),
    "not signed": (instead("：孟祥瑞", "："), "签字", "fault", "没有见到签字，应由"),
    "signed by another": (instead("孟祥瑞", "吕冬梅"), "签字", "fault", "签字的是“吕冬梅”，机构文件登记的"),
    "no word of a seal": (instead("（印）", ""), "印章", "unseen", "看不见印章"),
    "no result": (without("二、", "反映的问题"), "办理结果", "fault", "没有见到“办理结果”"),
    "empty result": (without("反映的问题"), "办理结果", "fault", "“办理结果”下面没有内容"),
    "true and no measures against anybody": (without("三、", "对承办"), "处理意见", "fault", "没有见到“处理意见”"),
    "not true and no measures": (
        [line.replace("部分属实", "不属实") for line in without("三、", "对承办")], "处理意见", "unseen", "不属实",
    ),
    "nothing to put right": (without("四、", "清理"), "整改措施", "unseen", "需要整改的必须写明，请判断"),
    "party not called on": (without("五、", "已向来信人"), "回访当事人情况", "fault", "没有见到“回访当事人情况”"),
    "called on, said in passing": (
        [*without("五、", "已向来信人")[:5], "已经回访来信人。", *without("五、", "已向来信人")[5:]],
        "回访当事人情况", "unseen", "正文里提到了",
    ),
    "not finished, no reasons": (
        instead("已经纠正", "尚未办结"), "落实情况", "unseen", "没有见到分段写明的原因和解决办法",
    ),
    "not finished, with reasons": (
        [*instead("已经纠正", "尚未办结")[:15], *REASONS, *GOOD[15:]],
        "落实情况", "ok", "写明了原因和解决办法",
    ),
}  # fmt: skip


@pytest.mark.rule("BC-7.1.2", "BC-8.2", "BC-7.1.4", "A9", "SK-1.2", "T27", "BC-5.6a")
@pytest.mark.parametrize(("lines", "name", "verdict", "says"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_said_under_its_point(lines, name, verdict, says):
    one = point(check(lines), name)
    assert (one.verdict, says in one.sentence) == (verdict, True), one.sentence


@pytest.mark.rule("BC-8.2", "BC-7.1.4")
def test_sections_that_the_matter_does_not_call_for_are_no_points():
    """Measures belong to breaches of discipline, calling on the party to matters that ask for it."""
    assert not {"处理意见", "整改措施", "回访当事人情况"} & set(verdicts(check(without("三", "四", "五"), matter())))
    assert "回访当事人情况" in verdicts(check(GOOD, matter(revisit=True)))


@pytest.mark.rule("LZ-2.5")
def test_a_report_that_co_handlers_signed_too_is_the_units_own():
    both = instead("白城市公安局洮北分局（印）", "白城市公安局洮北分局、白城市公安局法制支队")
    assert "另有“白城市公安局法制支队”" in point(check(both), "署名").sentence
    assert "另有" not in point(check(both, matter(cohandlers=("fazhi",))), "署名").sentence


@pytest.mark.rule("MM-4.4")
def test_what_the_regulation_does_not_ask_for_is_not_looked_for():
    law = law_with(seal=False, copies="either", signers=("unit_leader",))
    found = check(GOOD, law=law)
    assert "印章" not in verdicts(found)
    assert point(found, "签字").verdict == "fault"
    assert point(check(instead("孟祥瑞", "吕冬梅"), law=law), "签字").verdict == "ok"
    assert point(check(GOOD, law=law_with(signers=("unit_deputy",))), "签字").verdict == "unseen"


@pytest.mark.rule("MM-4.4")
@pytest.mark.parametrize(("name", "verdict"), [("褚良才", "ok"), ("祖慧敏", "fault")])
def test_of_the_deputies_the_one_in_charge_of_the_unit_signs(name, verdict):
    law, org = regulation.load("bureau-2019"), organization.load("bureau")
    in_charge = org.holders("deputy", "zonghe")[0].name
    assert in_charge == "褚良才"
    state = matter().model_copy(update={"unit": "zonghe"})
    assert point(checking.report(written(instead("孟祥瑞", name)), state, law, org), "签字").verdict == verdict


def test_without_a_score_item_the_clause_on_replies_stands():
    found = check(GOOD, law=dataclasses.replace(LAW, score_items={}))
    assert {point(found, name).clause for name in ("格式", "署名")} == {"五（六）"}


UNREAD = {"doc": ("a.doc", word97()), "wps": ("a.wps", word97()), "pdf": ("a.pdf", pdf()), "scan": ("a.png", png(8, 8))}


@pytest.mark.rule("BC-5.6a")
@pytest.mark.parametrize("kind", UNREAD)
def test_what_no_machine_reads_is_said_to_be_unseen_and_never_held_to_be_missing(kind):
    received = intake.inspect(*UNREAD[kind])
    found = checking.report(received, matter(violation=True, revisit=True), LAW, ORG)
    assert {point.name: point.clause for point in found.points} == CLAUSES
    seen = {name: verdict for name, verdict in verdicts(found).items() if verdict != "unseen"}
    assert seen == {"电子文稿": "ok" if kind in ("doc", "wps") else "fault"}
    either = checking.report(received, matter(), law_with(copies="either", seal=False), ORG)
    assert either.faults == ()
    assert "印章" not in verdicts(either)


@pytest.mark.parametrize(
    ("pattern", "number", "unit", "faults"),
    [
        ("01 *", 1, "zhian", set()),
        ("06 *（未签字）*", 6, "xingzhen", {"签字", "结论"}),
        ("06 *（补办后）*", 6, "xingzhen", set()),
        ("07 *（署名不符）*", 7, "zhenlai", {"署名", "结论"}),
        ("09 *续办报告*", 9, "jindu", set()),
    ],
)
def test_the_example_replies(pattern, number, unit, faults):
    (path,) = EXAMPLES.glob(pattern)
    state = matter(unit=unit).model_copy(update={"reference": f"白公督〔2026〕{number}号"})
    found = checking.report(intake.inspect(path.name, path.read_bytes()), state, LAW, ORG)
    assert {point.name for point in found.faults} == faults


def test_an_event_keeps_the_report_and_gives_it_back():
    found = check(instead("孟祥瑞", "𠮷䶮㛃"))
    assert checking.from_data(json.loads(json.dumps(found.data()))) == found
    assert checking.as_markdown(found.data()) == checking.as_markdown(found)
    assert checking.as_markdown(checking.from_data({})) == ""


def test_the_table_for_the_reviewer_tells_that_a_person_decides():
    text = checking.as_markdown(check(instead("：孟祥瑞", "：")))
    assert text.startswith("系统核对：不符 1 项，请人工核对 0 项。")
    assert "不据此退回或扣分，由审核人决定" in text
    assert "| 签字 | 五（六） | 不符 | 电子文稿里没有见到签字" in text


HOSTILE = [
    "![x](http://x.invalid/a.png)",
    "<script>alert(1)</script>",
    "a|b\\|c",
    "`code` **bold** _it_ ~~x~~",
    "{{ 7*7 }}",
    "=1+1",
    "https://x.invalid/",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_unit_wrote_becomes_markup(text):
    """Rendered as the portal renders it, the table has its four columns and no element but those of a table."""
    from markdown_it import MarkdownIt

    hostile = points.Point("署名", "五（六）", "fault", f"署名是“{text}\n”。")
    html = MarkdownIt("gfm-like", {"linkify": False}).render(checking.as_markdown(CheckReport((hostile,))))
    assert html.count("<td>") == 4
    assert not {"<img", "<script", "<a ", "<code", "<strong", "<em", "<s>"} & {tag for tag in HTML if tag in html}
    assert text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\\|", "\\|") in html


HTML = {"<img", "<script", "<a ", "<code", "<strong", "<em", "<s>"}
