"""The period files of the other bureaus: what their regulations have of them, and nothing else."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from matters import FORM
from scores_of import File, moment

from duban import acts, ledger, organization, periodicals, regulation
from duban.errors import Refusal
from duban.ledger import Actor
from duban.periodicals import score_told


@pytest.fixture
def bureau(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    def choose(law: str, org: str) -> None:
        monkeypatch.setenv("DUBAN_REGULATION", law)
        monkeypatch.setenv("DUBAN_ORGANIZATION", org)

    return choose


def someone(post: str) -> Actor:
    holder = organization.load().posts[post]
    return Actor(holder.user, holder.name, post)


def late(kind: str = "general", **more) -> str:
    """A matter of the first unit that is signed and handed over, and never answered."""
    org = organization.load()
    form = FORM | {"type": kind, "unit": next(iter(org.units)), "source": 1} | more
    state = acts.register(form, someone("office"), f"late-{kind}")
    while key := next((one for one in state.awaiting if one.startswith("sign.")), None):
        asked = acts.question(state, key)
        holder = org.holders(asked.posts, state.unit)[0]
        state = acts.decide(state.number, key, asked.options[0], {}, Actor(holder.user, holder.name, holder.post))
    return acts.deliver(state.number).number


@pytest.mark.rule("LZ-3.3")
def test_lz_3_3_the_digest_of_instructions_names_who_was_silent(bureau, move_to):
    bureau("lanzhou", "lanzhou")
    late(due_on="2026-03-12")
    move_to(moment(4, 7))
    file = File(periodicals.open("instruction_digest", "2026-03"), move_to)
    assert file.number == "LZ-HZ-2026-03"
    assert file.draft().awaiting == ("publish:1",)
    assert file.state.periodical.summary == {"total": 1, "listed": 1}
    periodicals.publish(file.number)
    state = periodicals.complete(file.number)
    assert [one.kind for one in state.documents] == ["领导批示件汇总", "表格"]
    for kind in ("monthly_scoring", "bulletin"):
        with pytest.raises(Refusal, match=r"没有规定(考核|通报)，不能建这一期"):
            periodicals.open(kind, "2026-03")


@pytest.mark.rule("MM-3.1")
def test_mm_3_1_the_months_progress_is_drawn_up_before_the_month_is_over_and_loses_no_day(bureau, move_to):
    bureau("bureau-2019", "bureau")
    before = late("dated", due_on="2026-03-12")
    move_to(moment(3, 27, 16))
    file = File(periodicals.open("instruction_digest", "2026-03"), move_to)
    file.draft()
    move_to(moment(3, 27, 18))
    after = late("general", due_on="2026-03-30")
    assert (file.state.form["from"], file.state.form["to"]) == ("2026-03-01", "2026-03-27")
    move_to(moment(4, 28))
    following = File(periodicals.open("instruction_digest", "2026-04"), move_to)
    assert (following.state.form["from"], following.state.form["to"]) == ("2026-03-28", "2026-04-28")
    following.draft()
    assert [new_in(one) for one in (file, following)] == [[before], [after]]  # the evening of the last day is told too


def new_in(file: File) -> list[str]:
    parts = file.content["report"]["summary"]["origin"]["parts"]
    return next(one["figure"]["numbers"] for one in parts if one["key"] == "new")


@pytest.mark.rule("MM-4.5")
def test_mm_4_5_the_bulletin_is_numbered_by_issue_and_signed_by_the_chief(bureau, move_to):
    bureau("bureau-2019", "bureau")
    late("dated", due_on="2026-03-12")
    move_to(moment(4, 1))
    for issue in (1, 2):
        file = File(periodicals.open("bulletin", "2026-03", f"run-{issue}"), move_to)
        file.draft()
        file.decide("edit.office", "送审", someone("office"), text="请抓紧。")
        file.decide("bulletin.chief", "同意印发", someone("chief"))
        assert periodicals.publish(file.number).reference == f"2026年第{issue}期"


@pytest.mark.rule("MM-6.1")
def test_mm_6_what_counts_at_the_end_of_the_year_is_listed_without_points_and_without_number(bureau, move_to):
    bureau("bureau-2019", "bureau")
    late("dated", due_on="2026-03-12")
    move_to(moment(1, 4, year=2027))
    file = File(periodicals.open("monthly_scoring", "2026"), move_to)
    assert file.draft().awaiting == ("publish:1",)
    (head,) = [chapter for chapter in periodicals.showing.chapters(file.state, file.content) if "情形" in chapter]
    assert "分值" not in head
    assert periodicals.publish(file.number).reference == ""
    assert [one.kind for one in periodicals.complete(file.number).documents] == ["年终考评情况", "表格"]


def everything_in(paper: bytes) -> str:
    """All text of a docx or xlsx."""
    with zipfile.ZipFile(io.BytesIO(paper)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


@pytest.mark.rule("MM-5.5")
def test_mm_5_5_of_a_matter_for_named_readers_the_assessment_tells_no_more_than_its_number(bureau, move_to):
    bureau("bureau-2019", "bureau")
    unit, (reader, *_) = next((code, one) for code in organization.load().units if (one := posts_of(code)))
    number = late("dated", due_on="2026-03-12", readers=[reader])
    acts.praise(number, someone("office"), "praised_above", "查办某科长线索得力", bulletin="专报〔2026〕397号")
    move_to(moment(1, 4, year=2027))
    file = File(periodicals.open("monthly_scoring", "2026"), move_to)
    file.draft()
    periodicals.publish(file.number)
    papers = [ledger.fetch_file(one.sha256) for one in periodicals.complete(file.number).documents]
    assert len(papers) == 2
    with ledger.transaction() as session:
        reference = ledger.state(session, number).reference
    own = score_told.told(file.state, file.content, Actor("nobody", "旁人", "liaison", unit))["unit"]
    for said in (*map(everything_in, papers), json.dumps(own, ensure_ascii=False)):
        assert number in said
        for withheld in ("某科长", "397号", reference):
            assert withheld not in said


def posts_of(unit: str) -> list[str]:
    return [one.user for one in organization.load().unit_posts(unit).values()]


def test_the_law_of_a_period_file_is_that_of_its_last_day(bureau, move_to):
    move_to(datetime.fromisoformat("2026-04-01T09:00:00+08:00"))
    number = periodicals.open("monthly_scoring", "2026-03")
    with ledger.transaction() as session:
        state = ledger.state(session, number)
    assert state.regulation == regulation.current(moment(3, 31).date()).id
