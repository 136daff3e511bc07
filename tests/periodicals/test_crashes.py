"""Whoever is killed between two steps, or in the middle of one: the next run goes on, and nothing is there twice."""

import threading

import pytest
from matters import person
from scores_of import File, moment

from duban import acts, ledger, periodicals
from duban.errors import Refusal
from duban.periodicals import archive_file, drafting, naming, publishing


class Killed(BaseException):
    """A process that is gone: nothing catches it."""


def dies(*_args, **_more):
    raise Killed


def numbers(session):
    query = ledger.models.AllocatedNumber
    return sorted((row.series, row.n) for row in session.query(query).all())


@pytest.mark.rule("N17")
def test_killed_while_drafting_leaves_no_draft_and_the_next_run_makes_it(late_month, move_to, monkeypatch):
    late_month.at(4, 8)
    late_month.decide("score.director", "退回重拟", opinion="再核")
    with monkeypatch.context() as patched:
        patched.setattr(drafting, "_window", dies)  # the snapshot is on disk, its event is not
        with pytest.raises(Killed):
            late_month.draft()
    assert late_month.state.awaiting == ("draft:2",)
    state = late_month.draft()
    assert (state.attempt, late_month.kinds().count("drafted")) == (2, 2)
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


@pytest.mark.rule("N17", "BC-5.10a")
def test_killed_while_publishing_gives_the_number_back_and_counts_nobody(late_month, monkeypatch):
    late_month.at(4, 8)
    late_month.decide("score.director", "同意")
    late_month.decide("score.chief", "同意印发", criticised="经侦支队：未按规定时限反馈")
    with monkeypatch.context() as patched:
        patched.setattr(naming, "record", dies)
        with pytest.raises(Killed):
            periodicals.publish(late_month.number)
    assert late_month.state.awaiting == ("publish:1",)
    assert "criticised" not in late_month.kinds()
    for _ in range(2):
        assert periodicals.publish(late_month.number).reference == "白公通〔2026〕1号"
    assert (late_month.kinds().count("published"), late_month.kinds().count("criticised")) == (1, 1)
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


@pytest.mark.rule("N17")
def test_killed_between_publication_and_papers_makes_the_papers_later_and_once(late_month, monkeypatch):
    late_month.at(4, 8)
    late_month.decide("score.director", "同意")
    late_month.decide("score.chief", "同意印发")
    periodicals.publish(late_month.number)
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_enter_table", dies)  # the paper is rendered, its event is not
        with pytest.raises(Killed):
            periodicals.complete(late_month.number)
    assert (late_month.state.awaiting, late_month.state.documents) == (("papers:1",), ())
    for _ in range(2):
        state = periodicals.complete(late_month.number)
    assert [one.name for one in state.documents if one.kind == "月度考核通报"] == ["BC-KH-2026-03 月度考核通报.docx"]
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


@pytest.mark.rule("N18", "T35")
def test_killed_in_the_middle_of_archiving_doubles_nothing(new_matter, move_to, tmp_path, monkeypatch):
    monkeypatch.setenv("DUBAN_ARCHIVES", str(tmp_path))
    for title in ("甲", "乙"):
        new_matter(title=f"关于核查{title}件的督办").in_progress().replied().closed()
    move_to(moment(1, 4, year=2027))
    file = File(periodicals.open("year_end_archive", "2026"), move_to)
    with monkeypatch.context() as patched:
        patched.setattr(archive_file.snapshots, "keep", dies)  # the matters have their numbers, the file does not know
        with pytest.raises(Killed):
            periodicals.collect(file.number)
    assert file.state.awaiting == ("collect:1",)
    with ledger.transaction() as session:
        before = numbers(session)
    assert periodicals.collect(file.number).periodical.summary["archived"] == 2
    with monkeypatch.context() as patched:
        patched.setattr(archive_file, "_keep_catalogue", dies)  # the packages are there, their event is not
        with pytest.raises(Killed):
            periodicals.pack(file.number)
    assert len(periodicals.pack(file.number).periodical.packages) == 2
    with ledger.transaction() as session:
        assert numbers(session) == before
        assert ledger.verify(session) == []


@pytest.mark.rule("N17")
def test_two_runs_open_draft_and_publish_one_file_at_once(matter, move_to):
    matter.in_progress()
    move_to(moment(4, 1))
    opened = at_once(lambda: periodicals.open("monthly_scoring", "2026-03"))
    assert set(opened) == {"BC-KH-2026-03"}
    file = File("BC-KH-2026-03", move_to)
    at_once(file.draft)
    file.at(4, 8)
    file.decide("score.director", "同意")
    file.decide("score.chief", "同意印发")
    assert len({state.reference for state in at_once(lambda: periodicals.publish(file.number))}) == 1
    at_once(lambda: periodicals.complete(file.number))
    assert [file.kinds().count(kind) for kind in ("drafted", "published", "completed")] == [1, 1, 1]
    bulletins = at_once(lambda: periodicals.open("bulletin", "2026-03", "bulletin/one-run"))
    assert set(bulletins) == {"BC-TB-2026-0001"}


@pytest.mark.rule("N17")
def test_an_answer_given_twice_is_one_and_another_is_refused(late_month):
    late_month.at(4, 8)
    key = late_month.state.awaiting[0]
    first = late_month.decide("score.director", "同意")
    assert acts.decide(late_month.number, key, "同意", {}, person("director")) == first
    with pytest.raises(Refusal, match="已由沈怀民办理"):
        acts.decide(late_month.number, key, "退回重拟", {"opinion": "x"}, person("director"))


def at_once(act, times=4):
    """What `act` gives to several who do it at the same time."""
    gate, given, faults = threading.Barrier(times), [], []

    def one():
        gate.wait()
        try:
            given.append(act())
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return given
