"""What is offered to somebody is what the acts would take, and nobody is offered what is another's."""

from collections.abc import Callable
from typing import Any

import pytest
from matters import Matter

from duban import acts
from duban.acts.possible import CHANCES, possible
from duban.errors import Refusal
from duban.orchestration.people import actor_of
from duban.portal.acts_table import DEEDS
from duban.portal.acts_words import FIELD_HELPS, HELPS, LABELS, OWN_LABELS, RULES, clause_of
from duban.regulation import load


def offered(matter: Matter, user: str = "jingzhen.liaison") -> tuple[str, ...]:
    from duban import organization

    return possible(matter.state, actor_of(user), organization.load().person(user).posts)


def test_the_table_of_the_portal_and_the_domain_know_the_same_acts_and_whose_they_are() -> None:
    assert {key: deed.who for key, deed in DEEDS.items()} == {key: chance.who for key, chance in CHANCES.items()}


def test_every_act_and_every_field_has_its_chinese_words() -> None:
    assert set(HELPS) == set(DEEDS)
    assert {field for deed in DEEDS.values() for field in deed.fields} <= set(LABELS)
    names = {deed.name: deed for deed in DEEDS.values()}
    assert all(field in names[name].fields for name, field in OWN_LABELS)
    assert all(field in DEEDS[key].fields for key, field in FIELD_HELPS)


@pytest.mark.parametrize("law", ["baicheng-2020", "bureau-2019", "lanzhou"])
def test_the_clause_beside_an_act_is_one_of_the_regulation(law: str) -> None:
    found = {key: clause_of(key, load(law)) for key in DEEDS}
    assert found["reply"] is not None
    assert set(RULES) <= set(DEEDS)
    if law == "baicheng-2020":
        numbers = {key: clause.number for key, clause in found.items() if clause}
        assert numbers["urge"] == "五（五）"
        assert numbers["visit"] == "四（四）"
        assert numbers["receipt"] == "五（三）"


@pytest.mark.rule("T11", "T12", "T11b")
def test_a_unit_is_offered_step_by_step_what_it_has_to_do(matter: Matter) -> None:
    assert offered(matter) == ()
    matter.dispatched()
    assert offered(matter) == ("receipt", "decline")
    acts.receive(matter.number, matter.unit)
    assert offered(matter) == ("reading", "reply", "progress", "extension", "decline")
    acts.read(matter.number, matter.unit)
    assert offered(matter) == ("reply", "progress", "extension")
    matter.replied()
    assert offered(matter) == ()
    assert offered(matter, "taobei.liaison") == offered(matter, "gu.chief")[:0] == ()


def test_the_office_and_the_leaders_are_offered_what_is_theirs(matter: Matter) -> None:
    assert set(offered(matter, "tian.clerk")) == {"instruction", "coordination", "leak", "withdrawal"}
    matter.in_progress()
    assert {"urge", "tracking", "inspection", "praise", "criticism"} <= set(offered(matter, "tian.clerk"))
    assert offered(matter, "gu.chief") == ()
    matter.replied()
    assert offered(matter, "gu.chief") == offered(matter, "qi.deputy") == ("leader-return",)
    assert "urge" not in offered(matter, "tian.clerk")
    matter.closed()
    left = set(offered(matter, "tian.clerk"))
    assert {"instruction", "further-work", "leader-return", "follow-up", "leak"} <= left
    assert not left & {"withdrawal", "urge", "tracking", "coordination"}


PLAIN: dict[str, dict[str, Any]] = {
    "receipt": {},
    "reading": {},
    "decline": {"reason": "不是我们的"},
    "progress": {"text": "在查", "carried_out": "", "obstacle": "", "remedy": "", "until": None},
}


@pytest.mark.parametrize("reached", ["dispatched", "in_progress", "replied", "closed"])
@pytest.mark.parametrize("key", PLAIN)
def test_what_is_offered_is_taken_and_what_is_not_offered_changes_nothing(
    new_matter: Callable[..., Matter], reached: str, key: str
) -> None:
    matter = new_matter()
    for step in {
        "dispatched": ["dispatched"],
        "in_progress": ["in_progress"],
        "replied": ["in_progress", "replied"],
    }.get(reached, ["in_progress", "replied", "closed"]):
        getattr(matter, step)()
    before, is_offered = matter.kinds(), key in offered(matter)
    try:
        DEEDS[key].act(matter.number, matter.unit, **PLAIN[key])
    except Refusal:
        assert not is_offered
    if is_offered:
        assert len(matter.kinds()) > len(before)


def test_a_period_file_and_a_case_of_another_unit_offer_nothing(matter: Matter) -> None:
    matter.in_progress()
    acts.criticise(matter.number, matter.clerk, "criticised_above", "反馈超时", "省厅通报7号", others=("法制支队",))
    assert offered(matter, "fazhi.liaison") == ("case-account",)
    assert "case-account" in offered(matter)
    assert "case-outcome" not in offered(matter, "tian.clerk")
