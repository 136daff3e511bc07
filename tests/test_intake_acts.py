"""What becomes of a reply in the ledger: kept whatever its kind, checked, and judged by a person alone (T17, T27)."""

from io import BytesIO
from typing import Any

import docx
import pytest
from crafted import added, pdf, png, word97
from sqlalchemy import text

from duban import acts, intake, ledger
from duban.errors import Refusal

LINES = [
    "关于核查电信诈骗警情处置情况的报告",
    "（督办文号：{reference}）",
    "白城市公安局办公室：",
    "一、办理经过",
    "调取警情，走访报警人。",
    "二、办理结果",
    "处置及时，没有发现问题。",
    "三、结论",
    "警情处置规范。",
    "主要领导（签字）：谭志刚",
    "白城市公安局经济犯罪侦查支队（印）",
    "2026年3月4日",
]


def report(*lines: str) -> bytes:
    document, target = docx.Document(), BytesIO()
    document.sections[0].page_width = 11906 * 635
    for line in lines:
        document.add_paragraph(line)
    document.save(target)
    return target.getvalue()


def whole(matter: Any) -> list[str]:
    return [line.format(reference=matter.state.reference) for line in LINES]


def question(matter: Any) -> Any:
    return acts.question(matter.state, matter.state.awaits("review.office"))


@pytest.mark.rule("T17", "T27", "BC-5.7", "BC-7.1.2")
def test_the_reviewer_sees_the_check_and_nothing_is_decided_by_it(matter):
    matter.in_progress()
    lines = [line.replace("谭志刚", "") for line in whole(matter)]
    acts.reply(matter.number, matter.unit, "办结报告.docx", report(*lines), "谭志刚")
    found = {point["name"]: point["verdict"] for point in matter.event("replied").data["check"]["points"]}
    assert {name for name, verdict in found.items() if verdict != "ok"} == {"签字"}
    body = question(matter).body
    assert "| 签字 | 五（六） | 不符 | 电子文稿里没有见到签字" in body
    assert "不据此退回或扣分" in body
    assert matter.state.state == "replied"
    matter.accepted()
    accepted = matter.event("accepted").data
    assert not accepted["format_fault"]
    assert not accepted["subject_mismatch"]


@pytest.mark.rule("BC-5.6a", "T17")
@pytest.mark.parametrize(
    ("name", "content"),
    [("回复.pdf", pdf(pages=2)), ("回复.jpg.png", png(800, 600)), ("回复.doc", word97()), ("回复.wps", word97())],
    ids=["pdf", "scan", "doc", "wps"],
)
def test_no_reply_is_refused_for_its_kind_and_what_was_not_seen_is_said(matter, name, content):
    matter.in_progress()
    acts.reply(matter.number, matter.unit, name, content, "谭志刚")
    data = matter.event("replied").data
    assert (matter.state.state, data["kind"], data["name"]) == ("replied", "unread", name)
    verdicts = {point["name"]: point["verdict"] for point in data["check"]["points"]}
    assert {verdict for point, verdict in verdicts.items() if point != "电子文稿"} == {"unseen"}
    assert "请打开文件核对" in question(matter).body
    with ledger.transaction() as session:
        (kept,) = [file for file in ledger.files(session, matter.number) if file.sha256 == data["sha256"]]
    assert ledger.fetch_file(kept.sha256) == content
    assert kept.media_type == intake.media_type(name) != "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("回复.docx", added("word/vbaProject.bin", b"x"), "含有宏"),
        ("回复.docx", report("秘密★1年", "关于甲的报告"), "国家秘密不得在本系统报送"),
        ("回复.docx", b"", "空文件"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(matter, name, content, sentence):
    matter.in_progress()
    before = matter.kinds()
    with pytest.raises(Refusal, match=sentence):
        acts.reply(matter.number, matter.unit, name, content, "谭志刚")
    assert matter.kinds() == before
    assert matter.state.state == "in_progress"
    assert all(document.kind != "办结报告" for document in matter.state.documents)


@pytest.mark.parametrize(
    ("changes", "send"),
    [
        ({}, lambda m: acts.reply(m.number, m.unit, "报告.docx", report("办结报告"), "谭志刚")),
        (
            {"type": "routine"},
            lambda m: acts.report_period(
                m.number, m.unit, "已走访", "已落实", name="周报.docx", content=report("本周进展")
            ),
        ),
    ],
    ids=["reply", "report of a week"],
)
def test_while_a_file_is_looked_through_others_can_act_on_the_matter(new_matter, monkeypatch, changes, send):
    matter = new_matter(**changes).in_progress()
    looked_at, inspect = [], intake.inspect

    def slow(name: str, data: bytes) -> intake.Received:
        with ledger.transaction() as session:  # refused by the database if anybody has the matter
            session.execute(text("SELECT 1 FROM matter WHERE number = :n FOR UPDATE NOWAIT"), {"n": matter.number})
        looked_at.append(name)
        return inspect(name, data)

    monkeypatch.setattr(intake, "inspect", slow)
    send(matter)
    assert len(looked_at) == 1


def test_a_file_for_a_state_secret_is_not_even_opened(new_matter, monkeypatch):
    matter = new_matter(mark="秘密", paper="保密柜3号", requirement="", instruction_text="").in_progress()
    monkeypatch.setattr(intake, "inspect", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(Refusal, match="秘密件，回复不得录入本系统"):
        acts.reply(matter.number, matter.unit, "报告.docx", report("办结报告"), "谭志刚")
