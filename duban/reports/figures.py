"""The figures of the overview (概览): each has a key that stays, words, and the list of matters that it is.

`open`, `overdue.7`, `type.dated`, `load.open.jingzhen`: a key with `@unit` behind it is the same figure over the
matters that this unit handles (`open@jingzhen`). `numbers` gives the list behind a key, `name` its words.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from duban import organization
from duban.organization import Organization
from duban.regulation import vocabulary
from duban.reports import names
from duban.reports.board import DESKS, GROUPS, Board, board
from duban.reports.lights import LIGHTS
from duban.statistics.counts import AGES, ROUNDS
from duban.statistics.figures import Part, Partition, Rate

#: Key -> words of the figures that there are always.
NAMES: Mapping[str, str] = {
    "open": "在办",
    "due_today": "今天到期",
    "due_this_week": "本周到期",
    "overdue": "逾期",
    "returned_again": "在办件中退回两次以上",
    "no_receipt": "已经下达、还没有领收",
    "extended": "在办件中延过期",
    **{f"waiting.{desk}": words for desk, words in DESKS.items()},
    "year.total": "本年在办和办过",
    "year.carried": "上年结转",
    "year.registered": "本年登记",
    "year.closed": "本年办结",
    "year.cancelled": "本年撤销",
    "year.on_time": "本年按期办结",
    "year.late": "本年逾期办结",
    "year.replied": "本年办结、审核过回复",
    "year.first_pass": "本年回复一次通过",
    "year.sent_back": "本年回复退回过再办结",
}
TYPES = {key: f"{words}督办" for words, key in vocabulary.TYPES.items()}
#: First word of a key -> words and what may follow it; the classes of one whole, as `partition` has it.
CLASSES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "group": ("在办：{}", GROUPS),
    "light": ("在办：{}", LIGHTS),
    "overdue": ("逾期{}", AGES),
    "rounds": ("本年在办和办过，{}", ROUNDS),
    "type": ("本年在办和办过，{}", TYPES),
}
#: What is counted of each unit -> words.
LOADS: Mapping[str, str] = {
    "load.open": "{}在办",
    "load.overdue": "{}逾期",
    "load.helping": "{}协办",
    "load.asked": "本年要求{}报送过",
}
_ORIGIN, _OUTCOME = ("year.carried", "year.registered"), ("year.closed", "year.cancelled", "open")


def numbers(session: Session, org: Organization, now: datetime, key: str) -> tuple[str, ...] | None:
    """The matters behind a figure as of `now` (aware), by number, whoever asks; None for a key that is none.

    Not all of them are everybody's to see: what is shown of them is those that whoever asks may see.
    """
    if name(key, org) is None:
        return None
    plain, _at, unit = key.partition("@")
    return board(session, org, now).of(unit=unit)[plain].numbers


def name(key: str, org: Organization | None = None) -> str | None:
    """What a figure is called, such as 逾期4至7天; None for a key that is none."""
    org = org or organization.load()
    plain, at, unit = key.partition("@")
    words = NAMES.get(plain) or _class(plain) or _load(plain, org)
    if words is None or (at and not _known(unit, org)):
        return None
    return f"{names.unit(org, unit)}：{words}" if at else words


def _class(key: str) -> str | None:
    family, _dot, one = key.partition(".")
    words, classes = CLASSES.get(family, ("", {}))
    return words.format(classes[one]) if one in classes else None


def _load(key: str, org: Organization) -> str | None:
    kind, _dot, unit = key.rpartition(".")
    return LOADS[kind].format(names.unit(org, unit)) if kind in LOADS and _known(unit, org) else None


def _known(unit: str, org: Organization) -> bool:
    return unit in org.units or unit == organization.OFFICE


def whole(of: Board, base: str, family: str) -> Partition:
    """A figure in its classes: `whole(board, "open", "light")`. ValueError where they are not just the whole."""
    classes = CLASSES[family][1]
    return _parts(of, base, {f"{family}.{key}": words for key, words in classes.items()})


def origin(of: Board) -> Partition:
    """All matters of the year by when they were registered: carried over and new."""
    return _parts(of, "year.total", {key: NAMES[key] for key in _ORIGIN})


def outcome(of: Board) -> Partition:
    """All matters of the year by what became of them: closed, withdrawn, open."""
    return _parts(of, "year.total", {key: NAMES[key] for key in _OUTCOME})


def _parts(of: Board, base: str, classes: Mapping[str, str]) -> Partition:
    return Partition(NAMES[base], of[base], tuple(Part(key, words, of[key]) for key, words in classes.items()))


def rates(of: Board) -> tuple[Rate, ...]:
    """按期办结率 of what was closed this year, 一次通过率 of what was closed after a reply had been looked at."""
    return tuple(
        Rate(title, NAMES[part], of[part], NAMES[base], of[base])
        for title, part, base in (
            ("按期办结率", "year.on_time", "year.closed"),
            ("一次通过率", "year.first_pass", "year.replied"),
        )
    )
