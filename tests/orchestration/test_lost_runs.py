"""Which open matters have lost their run: never one that has it, never one forgotten, in few questions."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matters import Matter

from duban import ledger, organization
from duban.orchestration import lost_runs
from duban.orchestration.lost_runs import Open
from duban.orchestration.notes import note_of
from duban.orchestration.runs import LIVE


class Airflow:
    """What Airflow answers when it is asked how many runs there are."""

    def __init__(self, runs: dict[str, str]) -> None:
        self.runs, self.asked = runs, 0

    def count(self, dag_id: str, run_ids: list[str], states: list[str] | None = None) -> int:
        self.asked += 1
        assert dag_id == "general_item"
        assert len("&run_ids=".join(run_ids)) < 30_000, "too long for an address"
        return sum(
            1 for run_id in run_ids if run_id in self.runs and self.runs[run_id] in (states or [*LIVE, "failed"])
        )


def matter(n: int, rounds: int = 1, key: str = "") -> Open:
    return Open(f"BC-2026-{n:04}", "general_item", rounds, key, "", young=False)


def lost(matters: list[Open], airflow: Airflow) -> list[str]:
    return [one.number for one in lost_runs.without_run(matters, airflow.count)]


#: Of a matter: which of its runs are there, and in which state.
RUNS = st.dictionaries(st.sampled_from(["", ".2", ".3", ".7", "key"]), st.sampled_from([*LIVE, "failed"]), max_size=3)


@given(st.lists(RUNS, max_size=70))
@settings(deadline=None)
def test_exactly_those_without_a_run_at_work_are_lost(each: list[dict[str, str]]) -> None:
    matters = [matter(n, key=f"manual__{n}") for n in range(len(each))]
    runs = {
        one.run_key if suffix == "key" else one.number + suffix: state
        for one, had in zip(matters, each, strict=True)
        for suffix, state in had.items()
    }
    without = [one.number for one, had in zip(matters, each, strict=True) if not set(LIVE) & set(had.values())]
    assert lost(matters, Airflow(runs)) == without


def test_ten_thousand_matters_with_their_runs_take_a_question_a_group() -> None:
    matters = [matter(n) for n in range(10_000)]
    airflow = Airflow({one.number: "running" for one in matters})
    assert lost(matters, airflow) == []
    assert airflow.asked == 10_000 / lost_runs.TOGETHER
    del airflow.runs["BC-2026-4711"]
    airflow.asked = 0
    assert lost(matters, airflow) == ["BC-2026-4711"]
    assert airflow.asked < 420


def test_the_next_run_takes_the_first_number_that_was_never_used() -> None:
    one = matter(1, rounds=3)
    for runs, run_id in (
        ({}, "BC-2026-0001"),
        ({"BC-2026-0001": "failed"}, "BC-2026-0001.2"),
        ({"BC-2026-0001": "failed", "BC-2026-0001.3": "failed"}, "BC-2026-0001.4"),
    ):
        wanted = lost_runs.next_run(one, Airflow(runs).count)
        assert (wanted["trigger_run_id"], wanted["conf"]) == (run_id, {"number": "BC-2026-0001"})


def test_a_matter_that_loses_its_run_again_and_again_always_gets_one_and_never_two() -> None:
    one, airflow = matter(1), Airflow({"BC-2026-0001": "failed"})
    for n in range(2, 3 * lost_runs.SPARE):
        assert lost([one, matter(2)], airflow) == ["BC-2026-0001", "BC-2026-0002"]
        run_id = lost_runs.next_run(one, airflow.count)["trigger_run_id"]
        assert run_id == f"BC-2026-0001.{n}"
        airflow.runs[run_id] = "running"
        assert lost([one, matter(2)], airflow) == ["BC-2026-0002"]
        airflow.runs[run_id] = "failed"


def test_only_matters_that_await_something_need_a_run(
    matter: Matter, new_matter: Callable[..., Matter], monkeypatch: Any
) -> None:
    closed = new_matter().in_progress().replied().closed()
    secret = new_matter(
        title="代号甲", mark="秘密★1年", paper="保密室", requirement="", instruction_text="", instruction_on=""
    )
    internal = new_matter(mark="内部")
    with ledger.transaction() as session:
        found = {one.number: one for one in lost_runs.open_matters(session)}
    assert set(found) == {matter.number, secret.number, internal.number}
    assert closed.number not in found
    assert found[matter.number].dag_id == "general_item"
    assert "安居小区" in found[matter.number].note
    assert found[secret.number].note == "白公督〔2026〕3号", "the note says nothing of a state secret"
    for one in (matter, secret, internal):
        assert found[one.number].note == note_of(one.state), "whoever starts a run gives it the same note"


@pytest.mark.rule("SK-3.2")
def test_a_new_run_of_a_covert_matter_says_its_number_alone_also_after_release(
    new_matter: Callable[..., Matter],
) -> None:
    consent = {"consent_by": organization.load().holders("party")[0].name, "consent_on": "2026-03-02"}
    matter = new_matter(mode="covert", consent_number="党委批〔2026〕1号", **consent)
    said = {"people": "田雨欣", "place": "值班室", "on": "2026-03-02"}
    matter.decide("visit", "转承办单位办理", findings="脱岗", causes="松懈", measures="整改", **said)
    assert matter.state.released
    with ledger.transaction() as session:
        (found,) = lost_runs.open_matters(session)
    assert found.note == matter.state.reference
