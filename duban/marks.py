"""密级: the marks that a matter may have, which of them are those of state secrets, and the mark of a compilation."""

from collections.abc import Iterable, Mapping

from duban.organization.archiving import standard

#: State secrets may not be on this system: only their number, marks and a pointer to the paper (保密法).
SECRET_MARKS = ("秘密", "机密", "绝密")
#: From no mark to the highest.
MARKS = ("无", "内部", *SECRET_MARKS)
_MONTHS = {"年": 12, "个月": 1}


def is_secret(mark: str) -> bool:
    """Whether the mark (with or without its term: 秘密★1年) is that of a state secret."""
    return mark.partition("★")[0] in SECRET_MARKS


def highest(marks: Iterable[str]) -> str:
    """The mark that a compilation of these carries: the highest 密级 and the longest term; "" when none is marked.

    A mark without a term counts as the longest that its 密级 allows; 解密条件 in words cannot be compared and is taken
    for the longest too. 内部 is no state secret and has no term; unknown words are handled as the highest.
    """
    given = [mark for mark in marks if mark]
    top = max((mark.partition("★")[0] for mark in given), key=_rank, default="")
    terms = [_term(mark) for mark in given if is_secret(mark)]
    return f"{top}★{max(terms, key=_months)}" if terms else top


def _rank(level: str) -> int:
    return MARKS.index(level) if level in MARKS else len(MARKS)


def _term(mark: str) -> str:
    level, _, term = mark.partition("★")
    return term if _months(term) else _longest()[level]


def _longest() -> Mapping[str, str]:
    found: dict[str, str] = standard()["密级"]
    return found


def _months(term: str) -> int:
    for unit, months in _MONTHS.items():
        number = term.removesuffix(unit)
        if number != term and number.isdecimal():
            return int(number) * months
    return 0
