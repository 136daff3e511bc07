import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_office import CLERK

from duban.ledger.chain import GENESIS, canonical, digest, plain
from duban.ledger.records import Event

EVENT = Event(
    id=1,
    number="BC-2026-0001",
    seq=1,
    kind="registered",
    key="register",
    round=None,
    at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    recorded_at=datetime(2026, 3, 2, 1, 0, 0, 5, tzinfo=UTC),
    actor=CLERK,
    clause="五（一）",
    data={"事项": "督办", "n": 1, "share": 0.5},
    prev_hash=GENESIS,
    hash="",
)

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e15, 1e15)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner) | st.dictionaries(text, inner),
    max_leaves=20,
)


def test_the_form_of_the_hash_never_changes() -> None:
    # A ledger of years ago must still verify: whoever changes this value breaks every ledger there is.
    assert canonical({"乙": [1, None], "甲": "字\n"}) == '{"乙":[1,null],"甲":"字\\n"}'
    assert digest(EVENT) == "6c66ffa6388d2e2cc18a5e3f5fc9142677809dcbaa2fc495b2d6a2b392637fd7"


@pytest.mark.parametrize(
    "change",
    [
        {"number": "BC-2026-0002"},
        {"seq": 2},
        {"kind": "noted"},
        {"key": "register:2"},
        {"round": 1},
        {"at": EVENT.at + timedelta(microseconds=1)},
        {"recorded_at": EVENT.at},
        {"actor": replace(CLERK, post=None)},
        {"clause": "五（二）"},
        {"data": {**EVENT.data, "n": 2}},
        {"prev_hash": "1" * 64},
    ],
)
def test_everything_that_was_recorded_is_in_the_hash(change: dict[str, Any]) -> None:
    assert digest(replace(EVENT, **change)) != digest(EVENT)


def test_the_hash_does_not_depend_on_how_a_moment_or_a_dict_is_written() -> None:
    there = EVENT.at.astimezone(timezone(timedelta(hours=-5)))
    backwards = dict(reversed(EVENT.data.items()))
    assert digest(replace(EVENT, at=there, data=backwards, id=99, hash="x")) == digest(EVENT)


@given(values)
def test_plain_data_survives_json_unchanged(value: Any) -> None:
    once = plain(value)
    assert plain(once) == once
    assert canonical(json.loads(json.dumps(once))) == canonical(once)


def test_decimals_keep_what_was_written() -> None:
    assert plain([Decimal("1E+3"), Decimal("-0.50"), Decimal(0)]) == ["1000", "-0.50", "0"]
