"""The mark of a whole package: the highest 密级 and the longest term of its parts (standards §6)."""

from collections.abc import Iterable, Mapping

from duban.errors import Refusal
from duban.organization.archiving import standard

_MONTHS = {"年": 12, "个月": 1}


def highest(marks: Iterable[str]) -> str:
    """The mark that a compilation of these carries; "" when none is marked.

    A mark without a term counts as the longest that its 密级 allows; 解密条件 in words cannot be compared and is taken
    for the longest too. 内部 is no state secret and has no term.
    """
    given = [mark for mark in marks if mark]
    if not given:
        return ""
    levels = list(_levels())
    top = max((mark.partition("★")[0] for mark in given), key=lambda level: _rank(levels, level))
    secret = [mark for mark in given if _levels().get(mark.partition("★")[0])]
    if not secret:
        return top
    return f"{top}★{max((_term(mark) for mark in secret), key=_months)}"


def _levels() -> Mapping[str, str]:
    found: dict[str, str] = standard()["密级"]
    return found


def _rank(levels: list[str], level: str) -> int:
    if level not in levels:
        raise Refusal(f"不认识的密级“{level}”，可用：{'、'.join(levels)}。")
    return levels.index(level)


def _term(mark: str) -> str:
    level, _, term = mark.partition("★")
    return term if _months(term) else _levels()[level]


def _months(term: str) -> int:
    for unit, months in _MONTHS.items():
        number = term.removesuffix(unit)
        if number != term and number.isdecimal():
            return int(number) * months
    return 0
