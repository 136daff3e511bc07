"""密级: the highest mark of several, which what is made of them carries."""

import re
from collections.abc import Iterable

from duban.acts.form import MARKS

#: A mark without its term holds longest.
UNLIMITED = 999


def highest(marks: Iterable[str]) -> str:
    """The highest of these marks, of equal ones that with the longest term; empty where nothing is marked."""
    return max((mark for mark in marks if mark), key=_rank, default="")


def _rank(mark: str) -> tuple[int, int]:
    level, _star, term = mark.partition("★")
    years = re.match(r"\d+", term)
    place = MARKS.index(level) if level in MARKS else len(MARKS)  # unknown words are handled as the highest
    return place, int(years[0]) if years else UNLIMITED
