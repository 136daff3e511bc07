"""The registration form: Airflow takes it as it starts, it offers what there is, and the ledger knows its fields."""

import pytest
from airflow.sdk import Param

from duban import organization, regulation
from duban.acts.form import FIELDS
from duban.orchestration.forms import item_form


@pytest.fixture
def form() -> dict[str, Param]:
    return item_form("general", regulation.load(), organization.load())


def test_a_run_that_carries_only_its_number_is_valid(form: dict[str, Param]) -> None:
    for name, field in form.items():
        assert field.resolve() == field.value, name


def test_the_ledger_knows_every_field(form: dict[str, Param]) -> None:
    assert set(form) <= set(FIELDS)
    # The type is the DAG's; a general matter has its limit from the regulation, and neither phases nor parts;
    # this regulation has no direct handling and names no readers.
    assert set(FIELDS) - set(form) == {"type", "due_on", "stages", "campaign", "parts", "own_reason", "readers"}


@pytest.mark.parametrize("regulation_id", ["baicheng-2020", "bureau-2019", "lanzhou"])
def test_what_a_regulation_does_not_know_is_not_asked(regulation_id: str) -> None:
    law = regulation.load(regulation_id)
    org = organization.load(law.organization)
    for type_id in law.types:
        form = item_form(type_id, law, org)
        assert set(form) <= set(FIELDS)
        assert ("mode" in form) == (len(law.modes) > 1)
        assert ("proposed_by" in form) == bool(law.registration.proposal_desks)
        assert ("partners" in form) == ("joint" in law.modes)
        assert ("consent_by" in form) == ("covert" in law.modes)
        assert ("own_reason" in form) == ("own" in law.modes)
        assert ("readers" in form) == law.secrecy.named_readers
        assert ("stages" in form, "parts" in form) == (type_id == "staged", type_id == "decomposed")
        for name, field in form.items():
            assert field.resolve() == field.value, name
    if "mode" in (form := item_form("general", law, org)):
        assert set(form["mode"].schema["enum"]) == {"", "written", *law.modes}


def test_units_sources_and_leaders_are_picked(form: dict[str, Param]) -> None:
    org = organization.load()
    assert form["unit"].schema["enum"] == ["", *org.units]
    assert form["unit"].schema["values_display"]["jingzhen"] == org.units["jingzhen"].name
    assert form["source"].schema["enum"] == ["", *map(str, regulation.load().sources)]
    assert org.posts["chief"].name in form["instruction_by"].schema["examples"]


def test_everything_is_said_in_chinese(form: dict[str, Param]) -> None:
    for field in form.values():
        for text in (field.schema["title"], field.schema["section"], *field.schema.get("values_display", {}).values()):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text), text


def test_a_type_without_a_limit_of_its_own_asks_for_the_date() -> None:
    form = item_form("dated", regulation.load(), organization.load())
    assert form["due_on"].schema["format"] == "date"
