"""From the ledger to a document: every kind of every bureau, and made again to the same bytes (rules.md §4)."""

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from matters import FORM
from papers_of import ALL, HOMES, OFFICIAL, REGULATIONS, kinds, kinds_of_matters

from duban import acts, clock, documents, ledger, organization, regulation
from duban.acts import papers
from duban.acts.act import Act, act
from duban.acts.paper_values import day, subject
from duban.errors import Refusal
from duban.ledger import Actor

SAID = yaml.safe_load((Path(__file__).parent / "papers_happened.yaml").read_text(encoding="utf-8"))
HAPPENED: list[tuple[str, dict[str, Any]]] = [next(iter(one.items())) for one in SAID["happened"]]
#: What is said before a matter is handed over, or in matters of another type; said to the papers, not to the matter.
BESIDE: list[tuple[str, dict[str, Any]]] = [next(iter(one.items())) for one in SAID["beside"]]


def setting(monkeypatch: pytest.MonkeyPatch, bureau: str) -> None:
    monkeypatch.setenv("DUBAN_INCLUDE", str(HOMES[bureau]))
    monkeypatch.setenv("DUBAN_ORGANIZATION", bureau)
    monkeypatch.setenv("DUBAN_REGULATION", REGULATIONS[bureau])


def named(data: Any, units: list[str], case: str) -> Any:
    words = {"UNIT": units[0], "OTHER": units[1], "CASE": case}
    if isinstance(data, dict):
        return {words.get(key, key): named(value, units, case) for key, value in data.items()}
    if isinstance(data, list):
        return [named(one, units, case) for one in data]
    return words.get(data, data) if isinstance(data, str) else data


@pytest.fixture
def eventful(
    monkeypatch: pytest.MonkeyPatch, move_to: Callable[[datetime], None]
) -> Callable[..., tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """A matter of a bureau to which everything has happened; and what is said beside it, in the bureau's names."""

    def make(bureau: str, **changes: Any) -> tuple[str, list[tuple[str, dict[str, Any]]]]:
        setting(monkeypatch, bureau)
        org = organization.load()
        units = list(org.units)
        leader = org.posts["chief"].name
        form = FORM | {"unit": units[0], "instruction_by": leader, "source": 1} | changes
        office = Actor(org.posts["office"].user, org.posts["office"].name, "office")
        form |= {"due_on": "2026-03-16"} if bureau in ("bureau", "lanzhou") else {}
        number = acts.register(form, office, f"papers-{bureau}").number
        while not (state := current(number)).awaits("deliver"):
            key = next(one for one in state.awaiting if one.startswith("sign."))
            holder = org.holders(key.partition(":")[0].partition(".")[2], units[0])[0]
            option = acts.question(state, key).options[0]
            acts.decide(number, key, option, {}, Actor(holder.user, holder.name, holder.post))
        acts.deliver(number)
        case = next(iter(current_law(number).upward), "all")
        with act(number) as it:
            for place, (kind, data) in enumerate(HAPPENED):
                it.record(kind, f"t{place}", office, "五（五）", named(data, units, case))
        return number, [(kind, named(data, units, case)) for kind, data in BESIDE]

    return make


def current(number: str) -> Any:
    with ledger.transaction() as session:
        return ledger.state(session, number)


def current_law(number: str) -> Any:
    with act(number) as it:
        return it.law


def beside(it: Act, said: list[tuple[str, dict[str, Any]]]) -> list[ledger.Event]:
    """The events of the matter and, after them, those that are only said to the papers."""
    events = ledger.events(it.session, it.number)
    last = events[-1]
    more = [
        ledger.Event(0, it.number, last.seq + n, kind, f"b{n}", 1, it.now, it.now, last.actor, "五（一）", data, "", "")
        for n, (kind, data) in enumerate(said, start=1)
    ]
    return events + more


def text_of(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join(
        one.text or "" for one in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
    )


@pytest.mark.rule("BC-5.1a", "BC-5.7", "BC-5.8a", "MM-3.3", "LZ-3.2")
@pytest.mark.parametrize("bureau", HOMES)
def test_every_kind_is_made_from_the_ledger_and_again_to_the_same_bytes(eventful, bureau):
    number, said = eventful(bureau)
    with act(number) as it:
        direct = {}
        for kind in kinds_of_matters(bureau):
            try:
                papers.make(it, kind, nth="t")
            except Refusal:  # what another type, or the time before, says: from its events all the same
                direct[kind] = papers.values_of(it, beside(it, said)) | {"overdue_days": 2}
        for kind, values in direct.items():
            assert documents.render(kind, values, bureau) == documents.render(kind, values, bureau)
    with act(number) as it:
        made = [event for event in ledger.events(it.session, number) if "template" in event.data]
        assert {event.data["kind"] for event in made} | set(direct) == set(kinds_of_matters(bureau))
        assert len(made) >= len(kinds_of_matters(bureau)) // 2
        for event in made:
            assert papers.again(it, event) == ledger.fetch_file(event.data["sha256"]), event.data["kind"]


@pytest.mark.parametrize("key", ALL, ids=lambda key: "-".join(key))
def test_no_kind_is_without_a_way_to_it(key):
    """Each kind is named by its regulation, or the catalogue says what it is for, or it is a pattern for the unit."""
    bureau, kind = key
    named_in = (HOMES[bureau] / "regulations" / f"{REGULATIONS[bureau]}.md").read_text(encoding="utf-8")
    patterns = ("督办反馈", "办结报告", "办理情况回复", "办理情况报告")
    assert kind in named_in or kinds(bureau)[kind].uses or kind in patterns


@pytest.mark.parametrize("bureau", HOMES)
def test_what_the_acts_look_for_is_for_something_in_each_catalogue(bureau):
    """Every bureau has a paper for a case, and none has two papers for one use."""
    uses = [use for kind in kinds(bureau).values() for use in kind.uses]
    assert (len(uses), set(uses) <= set(documents.catalogue.USES)) == (len(set(uses)), True)
    assert "问责登记" in uses


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        ("问责", "第5行：“用于”不能是“问责”，可以写：问责登记、"),
        ("[问责登记, 散文]", "第5行：“用于”不能是“散文”"),
    ],
)
def test_a_use_that_nobody_asks_for_is_refused(tmp_path, monkeypatch, use, sentence):
    folder = tmp_path / "templates" / "baicheng"
    folder.mkdir(parents=True)
    head = "甲表:\n  条款: 一\n  用途: 试\n  必填: []\n"
    (folder / documents.CATALOGUE).write_text(f"{head}  用于: {use}\n", encoding="utf-8")
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path))
    with pytest.raises(Refusal, match=sentence):
        documents.kinds("baicheng")
    both = f"{head}  用于: 检查\n{head.replace('甲', '乙')}  用于: 检查\n"
    (folder / documents.CATALOGUE).write_text(both, encoding="utf-8")
    with pytest.raises(Refusal, match="第10行：“用于”“检查”的文书前面已有一种"):
        documents.kinds("baicheng")


def test_papers_of_one_kind_have_names_of_their_own(eventful):
    number, _said = eventful("baicheng")
    with act(number) as it:
        for nth in ("1", "2", "2"):
            papers.make(it, "检查记录", nth)
    names = [paper.name for paper in current(number).documents if paper.kind == "检查记录"]
    assert names == [f"{number} 检查记录.docx", f"{number} 检查记录（第2份）.docx"]


@pytest.mark.rule("BC-5.8a", "T29", "T31")
def test_the_report_bears_the_approvals_once_the_last_desk_has_signed(matter):
    matter.in_progress().replied().at(3, 9, 10)
    matter.decide("review.office", "审核合格", summary="已核查。")
    acts.write_report(matter.number)
    org = organization.load()
    matter.at(3, 10, 10).decide("approve.director", "同意上报")
    matter.at(3, 11, 10).decide("approve.chief", "批准办结")
    reports = [paper for paper in matter.state.documents if paper.kind == "办理报告"]
    assert [paper.name.partition(" ")[2] for paper in reports] == ["办理报告.docx", "办理报告（已审批）.docx"]
    draft, signed = (text_of(ledger.fetch_file(paper.sha256)) for paper in reports)
    director, chief = (org.posts[post].name for post in ("director", "chief"))
    for said in (director, "2026年3月10日", chief, "2026年3月11日"):
        assert signed.count(said) == draft.count(said) + 1, said
    assert ("2026年3月9日" in draft, "2026年3月9日" in signed) == (True, True)  # when it was laid on the desks


def test_a_kind_that_the_bureau_has_not_is_refused_in_one_sentence(matter):
    with act(matter.number) as it, pytest.raises(Refusal, match="没有“征求意见函”这种文书"):
        papers.make(it, "征求意见函")


def test_what_came_in_is_not_made_again(matter):
    matter.in_progress().replied()
    with act(matter.number) as it:
        event = next(
            one
            for one in ledger.events(it.session, it.number)
            if one.kind == "documented" and "template" not in one.data
        )
        with pytest.raises(Refusal, match="不是系统制作的"):
            papers.again(it, event)


@pytest.mark.rule("BC-5.8b", "LZ-3.4a", "LZ-3.4b", "T30")
@pytest.mark.parametrize("key", [*sorted(OFFICIAL - {("lanzhou", "上行文")})], ids=lambda key: "-".join(key))
def test_what_goes_up_has_its_number_its_addressee_and_its_signer(eventful, key):
    bureau, kind = key
    number, _said = eventful(bureau)
    with act(number) as it:
        text = text_of(documents.render(kind, papers.values_of(it), bureau))
        wanted = ("上〔2026〕7号", "市委办公室：", "一、已核查。", it.org.name)
        assert [one for one in wanted if one not in text] == []


@pytest.mark.rule("LZ-3.4c", "LZ-F3")
def test_the_units_own_paper_goes_to_the_office_under_its_own_number(eventful, monkeypatch):
    monkeypatch.setattr("test_papers.HAPPENED", HAPPENED[:-3])
    number, _said = eventful("lanzhou")
    with act(number) as it:
        values = papers.values_of(it)
        text = text_of(documents.render("上行文", values, "lanzhou"))
        assert f"{it.unit.name}报告" in text
        assert values["addressee"] == it.org.office
        assert ("兰公治报〔2026〕3号" in text, "解永昌" in text) == (True, True)


@pytest.mark.rule("BC-8.4")
def test_a_state_secret_is_on_no_paper_but_its_number_and_marks(new_matter):
    matter = new_matter(
        mark="秘密★1年", paper="保密室3柜", requirement="", instruction_text="", basis_document="", title="代称甲事项"
    ).dispatched()
    with act(matter.number) as it:
        values = papers.values_of(it)
        paper = next(one for one in it.state.documents)
        text = text_of(ledger.fetch_file(paper.sha256))
    assert (values["mark"], values["copy_number"]) == ("秘密★1年", "000001")
    assert {values[name] for name in ("instruction_text", "requirement", "basis_document")} == {papers.SEE_PAPER}
    assert ("000001" in text, "秘密★1年" in text, "（内容见纸质件）" in text) == (True, True, True)


@pytest.mark.rule("LZ-2.5", "MM-3.4", "BC-4.4")
def test_the_notice_names_cohandlers_and_partners(new_matter):
    matter = new_matter(mode="joint", partners="督察、纪委", cohandlers="法制支队").dispatched()
    text = text_of(ledger.fetch_file(matter.state.documents[0].sha256))
    assert ("白城市公安局法制支队" in text, "会同督察、纪委" in text, "（主办）" in text) == (True, True, True)


@pytest.mark.rule("BC-5.5c", "BC-5.10d")
def test_a_case_has_a_number_of_its_own_and_the_words_of_its_reason(eventful):
    number, _said = eventful("baicheng")
    with act(number) as it:
        values = papers.values_of(it)
    assert values["accountability_id"] == f"{number}-1"
    assert values["accountability_reason"] == "催办后2个工作日内没有报送结果或者进展情况"
    assert "责任人：某人" in values["evidence"]
    assert values["account_units"].count("、") == 1


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("关于核查甲问题的督办", "核查甲问题办理情况"),
        ("关于乙工作落实情况的督办", "乙工作落实情况"),
        ("丙事项", "丙事项办理情况"),
        ("督办", "督办办理情况"),
    ],
)
def test_what_a_report_is_about(title, wanted):
    assert subject(title) == wanted


@pytest.mark.rule("A23")
def test_days_are_not_padded_and_of_shanghai():
    assert day("2026-03-05") == "2026年3月5日"
    assert day(datetime(2026, 12, 31, 23, 30, tzinfo=clock.SHANGHAI)) == "2026年12月31日"
    assert day(datetime.fromisoformat("2026-12-31T17:00:00+00:00")) == "2027年1月1日"
    assert day(None) == ""


@pytest.mark.rule("BC-8.2", "BC-5.10c", "SK-1.2")
def test_a_unit_gets_a_form_with_the_sections_that_its_reply_has_to_have(new_matter):
    matter = new_matter(violation=True, revisit=True).dispatched()
    text = text_of(papers.form(matter.number, "督办反馈"))
    wanted = ("办理情况", "处理意见", "整改措施", "回访当事人情况", "主要领导签字", "单位印章", "白公督〔2026〕1号")
    assert [one for one in wanted if one not in text] == []
    plain = text_of(papers.form(new_matter().dispatched().number, "督办反馈"))
    assert ("处理意见" in plain, "回访" in plain) == (False, False)


#: Papers of the statistics (bulletins, digests), which are made elsewhere, and what the unit writes by itself.
ELSEWHERE = {"督办情况通报", "督查情况通报", "督办通报", "领导批示件汇总", "办结报告"}


@pytest.mark.parametrize("bureau", HOMES)
def test_every_paper_that_a_regulation_names_has_a_template_under_a_clause_that_is_there(bureau, monkeypatch):
    setting(monkeypatch, bureau)
    file = HOMES[bureau] / "regulations" / f"{REGULATIONS[bureau]}.md"
    named_there = set(re.findall(r"文书: ?([^,}\s]+)", file.read_text(encoding="utf-8")))
    assert named_there - set(kinds(bureau)) <= ELSEWHERE
    law = regulation.load(REGULATIONS[bureau])
    assert [kind for kind, entry in kinds(bureau).items() if not law.cite(entry.clause)] == []
    for case in law.upward:
        names = (law.upward[case].layout, law.upward[case].form, f"上报{law.upward[case].form}")
        assert any(name in kinds(bureau) for name in names), case


@pytest.mark.rule("BC-5.8b", "T30")
def test_what_goes_up_names_the_reply_as_its_attachment_unless_the_office_says_otherwise(eventful):
    number, _said = eventful("baicheng")
    with act(number) as it:
        events = beside(it, [("replied", {"name": "核查报告.docx"})])
        assert papers.values_of(it, events)["attachments"] == [{"nth": "", "name": "核查报告"}]
        text = text_of(documents.render("上报文件", papers.values_of(it, events), "baicheng"))
        assert "附件：核查报告" in text
        it.state.upward["attachments"] = "核查报告\n数据表"
        text = text_of(documents.render("上报文件", papers.values_of(it, events), "baicheng"))
        assert ("附件：1.核查报告" in text, "2.数据表" in text) == (True, True)
        it.state.upward["attachments"] = "无"
        assert papers.values_of(it, events)["attachments"] == []


@pytest.mark.rule("BC-5.2")
def test_the_goal_of_key_work_stands_on_its_notice(new_matter):
    matter = new_matter(source=6, instruction_by="", instruction_on="", instruction_text="", goal="年底前全部整改")
    matter.dispatched()
    assert "年底前全部整改" in text_of(ledger.fetch_file(matter.state.documents[0].sha256))


@pytest.mark.rule("BC-5.6b")
def test_what_has_been_done_stands_on_the_record_of_an_extension(matter):
    matter.in_progress()
    acts.extend(matter.number, matter.unit, "等待鉴定", "结案", date(2026, 3, 20), "谭志刚", done="已约谈三人")
    assert "已约谈三人" in text_of(ledger.fetch_file(matter.state.documents[-1].sha256))
