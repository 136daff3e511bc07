"""Whatever is counted: a rate is of its base, a partition is the whole, its percentages sum to exactly 100.0."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from duban.statistics import Figure, Partition, Rate, average, shares

COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=40)


@given(COUNTS)
@example([1, 1, 1])
@example([1] * 7)
@example([3, 0, 0])
@example([1, 1, 1, 1, 1, 1, 9_994])
def test_the_percentages_of_a_partition_sum_to_exactly_one_hundred(counts: list[int]) -> None:
    found = shares(counts)
    if not sum(counts):
        assert found == (None,) * len(counts)
        return
    assert sum(one for one in found if one is not None) == Decimal("100.0")
    for count, share in zip(counts, found, strict=True):
        assert share is not None
        assert share.as_tuple().exponent == -1
        assert abs(Fraction(share) - Fraction(100 * count, sum(counts))) < Fraction(1, 10)
        assert (share == 0) or count  # what is nothing is shown as nothing


@given(COUNTS)
def test_more_never_has_a_smaller_share(counts: list[int]) -> None:
    found = [share or Decimal(0) for share in shares(counts)]
    pairs = sorted(zip(counts, found, strict=True))
    assert [share for _count, share in pairs] == sorted(found)


@pytest.mark.parametrize(
    ("part", "base", "percent"), [(1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 16, "6.3"), (3, 16, "18.8")]
)
def test_a_rate_is_rounded_half_up_to_one_decimal(part: int, base: int, percent: str) -> None:
    numbers = [f"BC-2026-{n:04d}" for n in range(base)]
    rate = Rate("办结率", "办结", Figure.of(numbers[:part]), "应办", Figure.of(numbers))
    assert (rate.percent, rate.text) == (Decimal(percent), f"{percent}%")


def test_of_nothing_there_is_no_rate_and_no_average() -> None:
    rate = Rate("办结率", "办结", Figure(), "应办", Figure())
    assert (rate.percent, rate.text, average([])) == (None, "—", None)


def test_an_average_is_rounded_half_up() -> None:
    assert average([1, 1, 1, 2]) == Decimal("1.3")  # 1.25


def test_a_part_that_is_not_in_the_base_is_refused() -> None:
    with pytest.raises(ValueError, match="is no part of"):
        Rate("办结率", "办结", Figure(("BC-2026-0002",)), "应办", Figure(("BC-2026-0001",)))


def test_what_is_counted_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Figure(("BC-2026-0001", "BC-2026-0001"))


def test_classes_that_are_not_the_whole_are_refused() -> None:
    whole = Partition.by("件数", {"a": "甲", "b": "乙"}, {"1": "a", "2": "b", "3": "a"})
    assert [part.figure.value for part in whole.parts] == [2, 1]
    with pytest.raises(ValueError, match="not the whole"):
        Partition("件数", Figure(("1", "2")), whole.parts)
    with pytest.raises(KeyError):
        Partition.by("件数", {"a": "甲"}, {"1": "b"})
