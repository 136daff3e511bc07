"""The highest 密级 and the longest term of the parts (standards §6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.marks import highest

LEVELS = ["内部", "秘密", "机密", "绝密"]


@pytest.mark.parametrize(
    ("marks", "whole"),
    [
        ([], ""),
        (["", ""], ""),
        (["", "内部"], "内部"),
        (["内部", "秘密★6个月"], "秘密★6个月"),
        (["机密★5年", "秘密★10年"], "机密★10年"),
        (["机密★5年", "秘密"], "机密★10年"),
        (["秘密★1年", "秘密★6个月"], "秘密★1年"),
        (["机密★会议开始前", "秘密★3年"], "机密★20年"),
        (["绝密", "秘密"], "绝密★30年"),
    ],
)
def test_the_whole_carries_the_highest_of_its_parts(marks: list[str], whole: str) -> None:
    assert highest(marks) == whole


@given(st.lists(st.tuples(st.sampled_from(LEVELS[1:]), st.integers(1, 30)), min_size=1))
def test_no_part_is_higher_or_longer_than_the_whole(parts: list[tuple[str, int]]) -> None:
    level, _, term = highest(f"{level}★{years}年" for level, years in parts).partition("★")
    assert all(LEVELS.index(one) <= LEVELS.index(level) for one, _ in parts)
    assert int(term.removesuffix("年")) == max(years for _, years in parts)
