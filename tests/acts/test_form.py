"""The registration form: what its fields may hold, whatever somebody puts into them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from matters import FORM, Matter

from duban import clock, organization, regulation
from duban.acts import modes
from duban.acts.form import FIELDS, checked
from duban.errors import Refusal

NOW = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
LAW, ORG = regulation.load("baicheng-2020"), organization.load("baicheng")
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.sampled_from(
        ["书面", "电话", "实地", "联合", "暗访", "直接办理", "经侦支队", "督察", "顾长风", "2026-03-01", "备案"]
    ),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.sampled_from(["刑侦支队", "纪委"])), max_size=3),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@example({"type": [""]})
@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=6))
def test_whatever_is_filled_in_it_is_accepted_whole_or_refused(said: dict[str, Any]) -> None:
    try:
        form = checked({**FORM, **said}, LAW, ORG, NOW)
    except Refusal:
        return  # anything else that is raised is a fault
    assert form["unit"] in ORG.units
    assert form["mode"] in LAW.modes
    assert {form["unit"]}.isdisjoint(form["cohandlers"])
    assert checked(form, LAW, ORG, NOW) == form  # what stands in the ledger can be checked again


def test_the_form_asks_for_what_the_regulation_knows_and_for_nothing_else() -> None:
    fields = modes.fields_for(LAW)
    assert set(fields) == set(modes.FIELDS) - {"own_reason", "readers"}
    bureau = modes.fields_for(regulation.load("bureau-2019"))
    assert bureau == ("cohandlers", "report_up", "report_to", "readers")
    assert "own_reason" in modes.fields_for(regulation.load("lanzhou"))
    assert list(modes.offered(LAW).values()) == ["书面", "电话", "实地", "联合", "暗访"]


@pytest.mark.parametrize("word", ["电话", "phone"])
def test_a_mode_may_be_given_by_its_word(new_matter: Callable[..., Matter], word: str) -> None:
    assert new_matter(mode=word).state.mode == "phone"


@pytest.mark.rule("BC-8.4")
@pytest.mark.parametrize("field", ["order_text", "proposal_reason"])
def test_8_4_the_ground_of_a_secret_matter_stands_on_paper_too(field: str) -> None:
    form = {**FORM, "mark": "秘密★1年", "paper": "3号柜", "requirement": "", "instruction_text": ""}
    more = {"mode": "onsite", "order_by": "顾长风", "order_on": "2026-03-01", "order_number": "3号"}
    assert checked({**form, **more}, LAW, ORG, NOW)["order_number"] == "3号"
    label = modes.TEXTS[field][0]
    with pytest.raises(Refusal, match=f"不得录入本系统，请清空“{label}”"):
        checked({**form, **more, "proposed_by": "刑侦支队", field: "内容"}, LAW, ORG, NOW)
