"""Where a decision is asked, and which matter a run is about."""

from types import SimpleNamespace

import pytest
from matters import Matter

from duban import ledger
from duban.errors import Refusal
from duban.orchestration import questions
from duban.orchestration.questions import Place
from duban.orchestration.runs import find_number, number_of

REGION = "01a2000b-7575-7b7d-93ae-099b61045e1c"


def test_passes_of_a_loop_are_told_apart(matter: Matter) -> None:
    first = Place("general_item", matter.number, "signing_round.sign_director", -1, REGION, 0)
    second = Place("general_item", matter.number, "signing_round.sign_director", -1, REGION, 1)
    with ledger.transaction() as session:
        questions.ask(session, matter.number, "sign.director:1", first)
        questions.ask(session, matter.number, "sign.director:2", second)

        def asked(region_index: int | None) -> tuple[str, str] | None:
            return questions.asked_at(session, "general_item", matter.number, first.task_id, REGION, region_index)

        assert asked(0) == (matter.number, "sign.director:1")
        assert asked(1) == (matter.number, "sign.director:2")
        assert asked(2) is None
        assert questions.asked_at(session, "general_item", matter.number, "other", None, None) is None


def test_a_question_put_again_elsewhere_is_asked_only_there(matter: Matter) -> None:
    old = Place("general_item", matter.number, "record_call")
    new = Place("general_item", f"{matter.number}.2", "record_call")
    with ledger.transaction() as session:
        questions.ask(session, matter.number, "call:1", old)
        questions.ask(session, matter.number, "call:1", new)
        assert questions.asked_at(session, old.dag_id, old.run_id, old.task_id, None, None) is None
        assert questions.asked_at(session, new.dag_id, new.run_id, new.task_id, None, None) == (matter.number, "call:1")


def test_a_run_finds_its_matter(matter: Matter) -> None:
    assert find_number("any", {"number": "BC-2026-0099"}) == "BC-2026-0099"
    assert find_number(matter.number, {}) == matter.number
    assert find_number(matter.state.run_key, {"title": "x"}) == matter.number
    assert find_number("unknown", None) is None


def test_a_run_without_a_matter_says_what_to_do(matter: Matter) -> None:
    context = {"run_id": "manual__2026", "dag_run": SimpleNamespace(conf=None)}
    with pytest.raises(Refusal, match="立项"):
        number_of(context)
