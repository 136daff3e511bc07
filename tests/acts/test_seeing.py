"""Who sees which matter: role x matter."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duban import clock
from duban.acts.seeing import may_see
from duban.ledger import Actor, State
from duban.ledger.standing import STATES

WHO = {
    "office": Actor("tian.clerk", "田雨欣", "office"),
    "director": Actor("shen.director", "沈怀民", "director"),
    "chief": Actor("gu.chief", "顾长风", "chief"),
    "deputy": Actor("qi.deputy", "戚望山", "deputy"),
    "command line": Actor("operator", "命令行", "operator"),
    "lead": Actor("jingzhen.liaison", "祝明哲", "liaison", "jingzhen"),
    "lead head": Actor("jingzhen.head", "谭志刚", "unit_head", "jingzhen"),
    "helper": Actor("zhian.liaison", "易佳宁", "liaison", "zhian"),
    "stranger": Actor("jindu.liaison", "景思远", "liaison", "jindu"),
    "inspector": Actor("kang.inspector", "康正平", "inspector"),
    "auditor": Actor("yin.auditor", "尹怀信", "auditor"),
    "nobody": Actor("guest", "来客", None, None),
}
BUREAU = {"office", "director", "chief", "deputy", "command line"}
NOON = datetime(2026, 4, 2, 12, tzinfo=clock.SHANGHAI)
PERIOD = {"period": "2026-03"}
LOOK = {"inspector", "auditor"}
#: matter -> what it is beside an ordinary one of 经侦 with 治安 helping, and who sees it besides the bureau's leaders
MATTERS: dict[str, tuple[dict[str, object], set[str]]] = {
    "ordinary": ({}, {"lead", "lead head", "helper", *LOOK}),
    "alone": ({"cohandlers": ()}, {"lead", "lead head", *LOOK}),
    "marked": ({"mark": "秘密★1年"}, {"lead", "lead head", "helper", *LOOK}),
    "for named readers": ({"form": {"readers": ["jingzhen.head"]}}, {"lead head"}),
    "for a reader elsewhere": ({"form": {"readers": ["jingzhen.head", "jindu.liaison"]}}, {"lead head", "stranger"}),
    "for the auditor, too": ({"form": {"readers": ["jingzhen.head", "yin.auditor"]}}, {"lead head", "auditor"}),
    "covert": ({"mode": "covert", "released": False}, set()),
    "covert, released": ({"mode": "covert"}, {"lead", "lead head", "helper", *LOOK}),
    "covert, for named readers": ({"released": False, "form": {"readers": ["jingzhen.head", "yin.auditor"]}}, set()),
    "a part": ({"parent": "BC-2026-0001", "unit": "jindu", "cohandlers": ()}, {"stranger", *LOOK}),
    "of the office": ({"mode": "own", "unit": "office", "cohandlers": ()}, LOOK),
    "scores, drafted": ({"type": "monthly_scoring", "periodical": PERIOD}, set()),
    "scores, published": ({"type": "monthly_scoring", "periodical": {**PERIOD, "published_at": NOON}}, LOOK),
    "a bulletin, published": ({"type": "bulletin", "periodical": {**PERIOD, "published_at": NOON}}, set()),
}


def state(**changes: object) -> State:
    said = {
        "number": "BC-2026-0001",
        "reference": "白公督〔2026〕1号",
        "type": "general",
        "title": "核查",
        "unit": "jingzhen",
        "cohandlers": ("zhian",),
        "regulation": "baicheng-2020",
        "organization": "baicheng",
        "form": {},
        "registered_at": datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI),
    }
    return State.model_validate(said | changes)


@pytest.mark.rule("MM-5.5", "SK-3.2", "BC-8.4", "BC-3.5")
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("what", MATTERS)
def test_who_sees_what(what: str, who: str) -> None:
    changes, units = MATTERS[what]
    assert may_see(state(**changes), WHO[who]) is (who in BUREAU or who in units)


@pytest.mark.rule("SK-3.2")
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    where=st.sampled_from(sorted(STATES)),
    unit=st.sampled_from(["jingzhen", "zhian", "jindu", None]),
    post=st.sampled_from(["liaison", "unit_head", "unit_leader", "unit_checker", "inspector", "auditor", None]),
    readers=st.lists(st.sampled_from(["a", "b"])),
)
def test_before_release_nobody_of_a_unit_sees_anything(
    where: str, unit: str | None, post: str | None, readers: list[str]
) -> None:
    hidden = state(state=where, released=False, mode="covert", form={"readers": readers})
    assert not may_see(hidden, Actor("a", "甲", post, unit))
