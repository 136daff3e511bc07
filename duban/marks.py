"""密级: the marks that a matter may have, which of them are those of state secrets, and the highest of several."""

import re
from collections.abc import Iterable

#: State secrets may not be on this system: only their number, marks and a pointer to the paper (保密法).
SECRET_MARKS = ("秘密", "机密", "绝密")
#: From no mark to the highest.
MARKS = ("无", "内部", *SECRET_MARKS)
#: A mark without its term holds longest.
UNLIMITED = 999


def is_secret(mark: str) -> bool:
    """Whether the mark (with or without its term: 秘密★1年) is that of a state secret."""
    return mark.partition("★")[0] in SECRET_MARKS


def highest(marks: Iterable[str]) -> str:
    """The highest of these marks, of equal ones that with the longest term; empty where nothing is marked.

    What is made of several carries it.
    """
    return max((mark for mark in marks if mark), key=_rank, default="")


def _rank(mark: str) -> tuple[int, int]:
    level, _star, term = mark.partition("★")
    years = re.match(r"\d+", term)
    place = MARKS.index(level) if level in MARKS else len(MARKS)  # unknown words are handled as the highest
    return place, int(years[0]) if years else UNLIMITED
