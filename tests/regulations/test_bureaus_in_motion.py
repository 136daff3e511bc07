"""One matter from registration to file in each bureau: the code is the same, only the files of the bureau differ."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from matters import Matter, report
from test_papers import text_of

from duban import acts, ledger, organization, regulation
from duban.errors import Refusal
from duban.ledger import Actor

JIANGCHENG = Path(__file__).parent / "fixtures" / "jiangcheng"
STEPS: dict[str, Callable[[str], Any]] = {
    "deliver": acts.deliver,
    "report": acts.write_report,
    "upward": acts.draft_upward,
    "file": acts.file_away,
}
SAID = {
    "summary": "已按要求办结。",
    "conclusion": "属实，已整改。",
    "to": "市政府办公室",
    "text": "请领收。",
    "how": "机要",
}


def walk(matter: Matter, signed_by: str) -> Iterator[str]:
    """Answer every question with its first option and take every step, until nothing is awaited; yield each wait."""
    org = organization.load()
    while keys := [key for key in matter.state.awaiting if not key.startswith("urge_day")]:
        key, unit = min(keys, key=lambda one: one.startswith("reply")), matter.state.unit
        kind = key.rpartition(":")[0]
        yield kind
        liaison = Actor(org.units[unit].liaison.user, org.units[unit].liaison.name, "liaison", unit)
        if kind in STEPS:
            STEPS[kind](matter.number)
        elif kind == "receipt":
            acts.receive(matter.number, liaison)
        elif kind == "reading":
            acts.read(matter.number, liaison)
        elif kind == "reply":
            acts.reply(matter.number, liaison, "报告.docx", report(), signed_by)
        else:
            asked = acts.question(matter.state, key)
            one = org.holders(asked.posts, unit)[0]
            fields = {name: value for name, value in SAID.items() if name in asked.fields}
            acts.decide(matter.number, key, asked.options[0], fields, Actor(one.user, one.name, one.post))


LANZHOU = "sign.deputy deliver reading reply review.office report approve.director"
BUREAU = "sign.leader deliver reply review.office report approve.chief"
FOURTH = (
    "sign.director sign.deputy sign.chief deliver receipt reading reply "
    "review.office report approve.director approve.deputy"
)
MARCH = {"due_on": "2026-03-13"}


@pytest.mark.parametrize(
    ("law", "form", "signed_by", "way", "papers"),
    [
        pytest.param(
            "lanzhou",
            {"unit": "城关分局", "source": 2} | MARCH,
            "文照川",
            f"{LANZHOU} file",
            ["督办通知", "办结报告", "上行文", "督办报告"],
            marks=pytest.mark.rule("LZ-3.1.1", "LZ-3.2", "LZ-2.6", "T9'", "T31"),
        ),
        pytest.param(
            "lanzhou",
            {"unit": "治安支队", "source": 8} | MARCH,
            "冉庆国",
            f"{LANZHOU} upward sign_up.deputy send_up file",
            ["督办通知", "办结报告", "上行文", "督办报告", "信函"],
            marks=pytest.mark.rule("LZ-3.4b", "T30", "T32"),
        ),
        pytest.param(
            "lanzhou",
            {"unit": "刑警支队", "source": 4, "instruction_by": "省厅厅长", "instruction_on": "2026-03-02"}
            | {"instruction_text": "请查明上报。"}
            | MARCH,
            "南晓燕",
            f"{LANZHOU} upward sign_up.leader send_up file",
            ["督办通知", "办结报告", "上行文", "督办报告", "专报"],
            marks=pytest.mark.rule("LZ-3.4a", "T30", "T32"),
        ),
        pytest.param(
            "bureau-2019",
            {"unit": "执法支队", "source": 5} | MARCH,
            "祖慧敏",
            f"{BUREAU} file",
            ["政务督查通知单", "办理情况回复", "督查办理报告"],
            marks=pytest.mark.rule("MM-4.1", "MM-4.2", "MM-4.4", "T9''"),
        ),
        pytest.param(
            "bureau-2019",
            {"unit": "信息中心", "source": 6} | MARCH,
            "褚良才",
            f"{BUREAU} upward sign_up.chief send_up file",
            ["政务督查通知单", "办理情况回复", "督查办理报告", "统一报送"],
            marks=pytest.mark.rule("MM-2.6", "MM-4.4"),
        ),
        (
            "jiangcheng-2026",
            {"unit": "数据资源处", "source": 3},
            "向前进",
            f"{FOURTH} file",
            ["督办单", "办理情况报告", "办结呈报"],
        ),
        (
            "jiangcheng-2026",
            {"unit": "办事大厅", "source": 1},
            "洪亮节",
            f"{FOURTH} upward sign_up.chief send_up file",
            ["督办单", "办理情况报告", "办结呈报", "上报报告"],
        ),
    ],
)
def test_from_registration_to_file(
    law: str,
    form: dict[str, Any],
    signed_by: str,
    way: str,
    papers: list[str],
    new_matter: Callable[..., Matter],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", law)
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    if law.startswith("jiangcheng"):
        monkeypatch.setenv("DUBAN_INCLUDE", str(JIANGCHENG))
    plain = {"instruction_by": "", "instruction_on": "", "instruction_text": ""}
    matter = new_matter(**(plain | form))
    assert matter.state.regulation == law
    assert " ".join(walk(matter, signed_by)) == way
    assert matter.state.filed_at is not None
    made = [event.data["kind"] for event in matter.events if event.kind == "documented"]
    assert list(dict.fromkeys(made)) == papers
    report = [paper for paper in matter.state.documents if paper.kind == regulation.load(law).close_chain.document]
    assert [paper.name.partition(" ")[2] for paper in report] == [
        f"{report[0].kind}.docx", f"{report[0].kind}（已审批）.docx",
    ]  # fmt: skip
    signed = text_of(ledger.fetch_file(report[1].sha256))
    for event in (one for one in matter.events if one.kind == "approved"):
        assert event.actor.name in signed
    cited = {event.clause for event in matter.events if event.clause}
    known = {clause.number for clause in regulation.load(law).clauses}
    assert cited <= known


@pytest.mark.rule("A21")
@pytest.mark.parametrize(("law", "unit", "shared"), [("jiangcheng-2026", "数据资源处", False), ("", "经侦支队", True)])
def test_whether_two_phases_may_share_a_day_is_the_regulations_word(
    law: str, unit: str, shared: bool, new_matter: Callable[..., Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    if law:
        monkeypatch.setenv("DUBAN_REGULATION", law)
        monkeypatch.setenv("DUBAN_INCLUDE", str(JIANGCHENG))
    form = {"type": "staged", "unit": unit, "source": 3 if law else 6}
    form |= {"instruction_by": "", "instruction_on": "", "instruction_text": ""}
    form |= {"stages": "梳理 2026-03-04 至 2026-03-10\n填报 2026-03-10 至 2026-03-20"}
    if shared:
        assert new_matter(**form).state.type == "staged"
        return
    with pytest.raises(Refusal, match="没有规定两个阶段可以同在一天"):
        new_matter(**form)
    form["stages"] = "梳理 2026-03-04 至 2026-03-10\n填报 2026-03-11 至 2026-03-20"
    assert new_matter(**form).state.type == "staged"
