"""What is one 件, in which order, under which 档号; once and for good (BC-5.9, T35, T36, DA/T 22-2015)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from archive_year import codes, collected, roles, withdrawn
from matters import Matter

from duban import acts, archive, clock, ledger, organization, regulation
from duban.archive import entering, missing
from duban.archive.pieces import of_office, of_unit
from duban.archive.story import told
from duban.errors import Refusal
from duban.ledger import Actor

Closed = Callable[..., Matter]


@pytest.mark.rule("BC-5.9", "T35", "N18")
def test_5_9_a_closed_matter_is_archived_with_a_code_for_each_piece(closed: Closed) -> None:
    matter = closed()
    assert archive.enter(2026) == archive.Entered(matters=1, pieces=2)
    assert codes(matter) == ["0107-WS·2026-D30-BGS-0001", "0107-WS·2026-D30-BGS-0002"]
    state = matter.state
    assert (state.state, state.outcome, state.ended, state.awaiting) == ("archived", "closed", True, ())
    assert state.archived["pieces"] == codes(matter)
    event = matter.event("archived")
    assert (event.clause, event.data["year"], event.data["retention"]) == ("五（九）", 2026, "30年")


def test_the_reply_stands_before_the_notice_and_the_signed_report_before_the_draft(new_matter: Closed) -> None:
    matter = new_matter().in_progress()
    matter.decide("call", "已电话通知", callee="联络员")
    matter.replied().closed()
    archive.enter(2026)
    assert roles(matter) == [
        [("复文", "办结报告"), ("处理单", "电话通知记录"), ("去文", "领导批示督办通知单")],
        [("正本", "办理报告（已审批）"), ("定稿", "办理报告")],
    ]


def test_a_piece_is_entered_as_its_first_paper_and_shows_the_other(closed: Closed) -> None:
    matter = closed()
    archive.enter(2026)
    first, second = matter.event("archived").data["pieces"]
    assert first["author"] == "白城市公安局经济犯罪侦查支队"
    assert first["title"] == "关于核查“安居小区”电信诈骗警情处置情况的办结报告"
    assert (first["reference"], first["on"], first["mark"]) == (matter.state.reference, "20260302", "")
    assert first["note"] == f"含去文：领导批示督办通知单{matter.state.reference}"
    assert (second["author"], second["reference"]) == ("白城市公安局办公室", "")
    assert second["note"] == f"督办文号：{matter.state.reference}"


def test_the_unit_files_what_it_sent_and_what_was_sent_to_it_and_nothing_else(closed: Closed) -> None:
    matter = closed()
    archive.enter(2026)
    shares = matter.event("archived").data["units"]
    assert list(shares) == ["jingzhen"]
    (piece,) = shares["jingzhen"]
    assert piece["code"] == "0107-WS·2026-D30-JINGZHEN-0001"
    assert [paper["role"] for paper in piece["papers"]] == ["复文", "来文"]


def test_a_returned_reply_is_of_its_round_and_the_next_of_the_next(new_matter: Closed) -> None:
    matter = new_matter().in_progress().replied()
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充依据。")
    matter.replied("办结报告（补办）").closed()
    archive.enter(2026)
    said = roles(matter)
    assert said[0][0] == ("复文", "办结报告")
    assert said[0][-1] == ("去文", "领导批示督办通知单")
    assert said[1] == [("复文", "办结报告"), ("去文", "退办意见")]


def test_every_file_that_was_kept_is_in_one_piece(closed: Closed, new_matter: Closed) -> None:
    late = new_matter()
    late.in_progress().at(3, 13)
    acts.urge(late.number)
    late.replied().closed()
    matters = [closed(), late]
    archive.enter(2026)
    for matter in matters:
        with ledger.transaction() as session:
            kept = sorted(file.name for file in ledger.files(session, matter.number))
        pieces = matter.event("archived").data["pieces"]
        assert sorted(paper["name"] for piece in pieces for paper in piece["papers"]) == kept


@pytest.mark.rule("T35")
def test_an_archived_matter_takes_no_new_instruction_and_no_further_work(closed: Closed) -> None:
    matter = closed()
    archive.enter(2026)
    before = matter.kinds()
    for attempt in (
        lambda: matter.instruct(due_on=date(2026, 4, 1)),
        lambda: acts.further_work(matter.number, matter.clerk, "再办一次", date(2026, 4, 1)),
        lambda: acts.leader_return(matter.number, matter.chief, "chief", "redo", "重办", date(2026, 4, 1)),
        lambda: acts.withdraw(matter.number, matter.clerk, "不办了", matter.chief.name),
    ):
        with pytest.raises(Refusal, match="已列入2026年度归档"):
            attempt()
    assert matter.kinds() == before


@pytest.mark.rule("T36", "BC-5.9")
def test_a_withdrawn_matter_is_archived_too(new_matter: Closed) -> None:
    matter = withdrawn(new_matter().in_progress())
    assert archive.enter(2026).matters == 1
    state = matter.state
    assert (state.state, state.outcome) == ("archived", "cancelled")
    assert matter.event("archived").data["missing"] == []


@pytest.mark.rule("BC-5.9", "N18")
def test_5_9_papers_that_must_be_there_and_are_not_are_named(closed: Closed, monkeypatch: pytest.MonkeyPatch) -> None:
    matter = closed()
    monkeypatch.setitem(missing.PARTS, "report", (lambda _story: True, lambda _story: False))
    assert collected().missing == {matter.number: ("办理报告",)}


def test_open_matters_are_carried_over_and_not_archived(closed: Closed, new_matter: Closed) -> None:
    closed()
    still = new_matter(title="关于甲的督办").in_progress()
    found = collected()
    assert [one.number for one in found.carried] == [still.number]
    assert still.number not in found.waiting
    archive.enter(2026)
    assert still.state.state == "in_progress"


def test_what_ends_in_the_next_year_is_archived_in_the_next(new_matter: Closed, move_to: Callable[..., None]) -> None:
    matter = new_matter().in_progress()
    move_to(clock.datetime(2027, 1, 4, 9, tzinfo=clock.SHANGHAI))
    acts.withdraw(matter.number, matter.clerk, "领导决定不再办理", matter.chief.name)
    assert (collected(2026).waiting, [one.number for one in collected(2026).carried]) == ((), [matter.number])
    assert collected(2025).carried == ()  # it had not begun
    assert (collected(2027).waiting, collected(2027).carried) == ((matter.number,), ())


def test_a_year_that_has_not_begun_is_refused(matter: Matter) -> None:
    with pytest.raises(Refusal, match="2027年还没有开始"):
        collected(2027)
    with pytest.raises(Refusal, match="2027年还没有开始"):
        archive.enter(2027)


def test_a_second_run_does_nothing_and_a_later_matter_goes_on_counting(closed: Closed) -> None:
    first = closed()
    archive.enter(2026)
    before = codes(first)
    assert archive.enter(2026) == archive.Entered(0, 0)
    second = closed(title="关于乙的督办")
    archive.enter(2026)
    assert codes(first) == before
    assert codes(second) == ["0107-WS·2026-D30-BGS-0003", "0107-WS·2026-D30-BGS-0004"]
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


def test_papers_that_come_after_the_archive_get_codes_of_their_own(closed: Closed) -> None:
    matter = closed()
    archive.enter(2026)
    before = codes(matter)
    acts.hold_to_account(matter.number, matter.clerk, next(iter(ground_of(matter))), "情况", "") if ground_of(
        matter
    ) else acts.report_leak(matter.number, matter.clerk, "向当事人透露了内容", "某某")
    assert archive.enter(2026) == archive.Entered(1, 1)
    assert codes(matter)[: len(before)] == before
    assert len(codes(matter)) == len(before) + 1
    assert matter.state.outcome == "closed"
    assert archive.enter(2026) == archive.Entered(0, 0)


def ground_of(matter: Matter) -> dict[str, object]:
    return dict(regulation.load(matter.state.regulation).grounds)


def test_killed_between_two_matters_it_goes_on_where_it_stopped(
    closed: Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters = [closed(title=f"关于{name}的督办") for name in "甲乙丙"]
    real, seen = entering.archive, []

    def dies(session, number, year, org):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(number)
        return real(session, number, year, org)

    monkeypatch.setattr(entering, "archive", dies)
    with pytest.raises(KeyboardInterrupt):
        archive.enter(2026)
    monkeypatch.setattr(entering, "archive", real)
    assert archive.enter(2026).matters == 1
    numbers = sorted(code for matter in matters for code in codes(matter))
    assert numbers == [f"0107-WS·2026-D30-BGS-{n:04d}" for n in range(1, 7)]


def test_taken_up_again_within_the_year_it_is_archived_once_and_told(closed: Closed) -> None:
    matter = closed()
    matter.instruct(due_on=date(2026, 3, 20))
    assert collected().carried[0].reopened == "2026-03-02新批示"
    matter.replied("补充报告").closed()
    archive.enter(2026)
    assert [event.kind for event in matter.events].count("archived") == 1
    assert collected().carried == ()


@pytest.mark.parametrize(
    ("form", "retention"),
    [
        ({}, "30年"),
        ({"source": 1}, "永久"),
        ({"type": "routine", "due_on": "2026-03-31"}, "10年"),
    ],
    ids=["usual", "from above", "routine"],
)
def test_the_term_is_by_source_then_type(form: dict[str, object], retention: str, new_matter: Closed) -> None:
    matter = withdrawn(new_matter(**form))
    archive.enter(2026)
    assert matter.event("archived").data["retention"] == retention


def test_the_clock_goes_on_and_the_code_stays(closed: Closed, later: Callable[[timedelta], None]) -> None:
    matter = closed()
    archive.enter(2026)
    before = codes(matter)
    later(timedelta(days=400))
    archive.enter(2026)
    assert codes(matter) == before


def test_where_the_bureau_says_so_notice_and_reply_are_each_a_piece(new_matter: Closed) -> None:
    matter = new_matter().in_progress()
    matter.decide("call", "已电话通知", callee="联络员")
    matter.replied().closed()
    org = organization.load()
    archive.enter(2026, replace(org, archiving=replace(org.archiving, merged=False)))
    assert roles(matter) == [
        [("正本", "领导批示督办通知单"), ("处理单", "电话通知记录")],
        [("正本", "办结报告")],
        [("正本", "办理报告（已审批）"), ("定稿", "办理报告")],
    ]


def test_a_unit_may_have_a_fonds_and_a_code_of_its_own(closed: Closed) -> None:
    matter, org = closed(), organization.load()
    own = replace(org.archiving, unit_codes={"jingzhen": "JZ"}, unit_fonds={"jingzhen": "0199"})
    archive.enter(2026, replace(org, archiving=own))
    (piece,) = matter.event("archived").data["units"]["jingzhen"]
    assert piece["code"] == "0199-WS·2026-D30-JZ-0001"


COVERT = {
    "mode": "covert",
    "consent_by": "顾长风",
    "consent_on": "2026-03-01",
    "consent_number": "白公党纪〔2026〕3号",
}


def test_a_covert_matter_that_was_not_released_is_nothing_for_a_unit(closed: Closed) -> None:
    story, org = told(closed().events), organization.load()
    assert len(of_unit(story, org, "jingzhen")) == 1
    covert = replace(story, state=story.state.model_copy(update={"released": False}))
    assert of_unit(covert, org, "jingzhen") == []
    assert len(of_office(covert, org)) == 2


def test_a_carried_covert_matter_is_not_on_the_page_of_the_unit(closed: Closed, new_matter: Closed, out: Path) -> None:
    closed()
    hidden = new_matter(**COVERT, title="关于暗访的督办")
    archive.enter(2026)
    pages = {one.unit: (one.path / "index.html").read_text(encoding="utf-8") for one in archive.pack(2026, out)}
    assert hidden.number in pages[""]
    assert hidden.number not in pages["jingzhen"]


@pytest.mark.rule("MM-5.5")
def test_5_5_of_what_is_for_named_readers_the_unit_has_a_pointer(
    new_matter: Closed, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_REGULATION", "bureau-2019")
    monkeypatch.delenv("DUBAN_ORGANIZATION", raising=False)
    chief = Actor("qin.chief", "秦维岳", "chief")
    form = {"unit": "综合科", "source": 3, "instruction_by": "秦维岳", "due_on": "2026-03-12", "readers": "符永清"}
    matter = new_matter(**form)
    matter.decide("sign.leader", "审批", chief)
    acts.deliver(matter.number)
    acts.withdraw(matter.number, matter.clerk, "领导决定不再办理", "秦维岳")
    archive.enter(2026)
    (piece,) = matter.event("archived").data["units"]["zonghe"]
    assert (piece["papers"], piece["note"]) == ([], "限指定人员阅看，件存办公室")
    pages = {one.unit: (one.path / "index.html").read_text(encoding="utf-8") for one in archive.pack(2026, out)}
    assert "安居小区" in pages[""]
    assert "安居小区" not in pages["zonghe"]


def test_what_only_a_unit_gets_is_no_piece_of_the_office(new_matter: Closed, monkeypatch: pytest.MonkeyPatch) -> None:
    new_matter().in_progress().replied().closed()
    monkeypatch.setattr(entering, "of_office", lambda *_: [])
    assert archive.enter(2026) == archive.Entered(matters=1, pieces=0)


def test_two_units_never_share_a_code_of_a_piece_whatever_their_codes(new_matter: Closed) -> None:
    org = organization.load()
    same = replace(org, archiving=replace(org.archiving, unit_codes={"zhian": "JINGZHEN"}))
    matter = new_matter().in_progress().replied().closed()
    above = {"level": "criticised_above", "reason": "办理不力", "unit": "zhian", "others": ("jingzhen",)}
    acts.criticise(matter.number, matter.clerk, **above)
    archive.enter(2026, same)
    given = [piece["code"] for share in matter.event("archived").data["units"].values() for piece in share]
    assert len(given) == len(set(given)) == 3
