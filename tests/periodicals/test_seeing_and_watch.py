"""Who sees a period file, what the morning's look says of one, and what a state secret leaves in one."""

import io

import pytest
from matters import person
from openpyxl import load_workbook
from scores_of import File, moment

from duban import acts, clock, ledger, periodicals, watch
from duban.acts.papers import SEE_PAPER
from duban.errors import Refusal
from duban.ledger import Actor


def test_the_bureau_sees_a_period_file_and_no_unit_does(late_month):
    state = late_month.state
    for post in ("office", "director", "deputy", "chief"):
        assert acts.may_see(state, Actor("somebody", "某", post))
    for post in ("unit_head", "liaison"):
        assert not acts.may_see(state, Actor("somebody", "某", post, "jingzhen"))


@pytest.mark.rule("SK-3.5")
def test_a_decision_on_a_period_file_that_lies_is_named_in_the_morning(late_month):
    late_month.object()
    late_month.at(4, 10)
    with ledger.transaction() as session:
        found = [one for one in watch.findings(session, clock.now(session)) if one.number == late_month.number]
    assert [(one.kind, one.clause) for one in found] == [("desk", "七")]
    assert found[0].sentence.startswith("BC-KH-2026-03（督办考核）在办公室处待办已")
    assert "异议裁定" in found[0].sentence


@pytest.mark.rule("BC-8.4")
def test_8_4_of_a_secret_only_number_and_mark_and_the_file_carries_the_mark(new_matter, move_to):
    secret = {"title": "代称甲", "requirement": "", "instruction_text": "", "mark": "机密★5年"}
    matter = new_matter(**secret, paper="办公室保密柜3号")
    matter.in_progress()
    acts.praise(matter.number, person("office"), "praised_above", "见纸质件", bulletin="专报〔2026〕397号代称乙")
    matter.at(3, 12)
    move_to(moment(4, 1))
    file = File(periodicals.open("monthly_scoring", "2026-03"), move_to)
    assert file.draft().mark == "机密★5年"
    with pytest.raises(Refusal, match="“异议理由”的内容不得录入本系统，请写“见纸质件”"):
        file.object(reason="3月8日已报送结果")
    file.object(reason="见纸质件")
    assert file.state.periodical.objections[0].reason == SEE_PAPER
    with pytest.raises(Refusal, match="“理由”的内容不得录入本系统"):
        file.decide("objection.office", "异议不成立", reason="没有送达")
    file.decide("objection.office", "异议不成立", reason="见纸质件")
    file.at(4, 8).published()
    acts.consult(file.number, person("director"))
    (table,) = [one for one in file.state.documents if one.kind == "表格"]
    sheets = load_workbook(io.BytesIO(ledger.fetch_file(table.sha256))).worksheets
    cells = [[str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell] for sheet in sheets]
    assert ["密级：机密★5年" in sheet for sheet in cells] == [True, True]
    assert matter.number in cells[1]
    assert not [cell for sheet in cells for cell in sheet if "代称乙" in cell or cell == matter.state.reference]
    assert file.events[-1].kind == "consulted"  # who reads what is marked is on record
    with ledger.transaction() as session:
        assert ledger.verify(session) == []
