"""What somebody asks of the register, as it stands in the address: an address that can be kept and sent.

    ?q=电信 诈骗&unit=jingzhen&type=general&state=in_progress&light=red&leader=顾长风&month=2026-03&round=2&overdue=1
    &open=1&mark=内部&figure=overdue.7&sort=due_on__asc&page=2&page_size=100

Every word may be left out; what cannot be is refused in one sentence and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from starlette.datastructures import QueryParams

from duban.errors import Refusal
from duban.ledger.chain import presentable
from duban.ledger.standing import ENDED, STATES
from duban.marks import MARKS
from duban.reports.lights import LIGHTS
from duban.statistics.counts import ROUNDS
from duban.text import clean

SIZES = (50, 100, 200)
"""Matters on one page; the first unless the address says otherwise."""
LONGEST = 100
"""Characters of one word of an address."""
STATES_OF_MATTERS = dict(list(STATES.items())[: list(STATES).index(ENDED[-1]) + 1])
"""States of a matter by key; those of the period files come after them."""
TICKS = {"1": "是", "0": "否"}
STAGES = {"1": "在办", "0": "已结束（办结、撤销、归档）"}
LATENESS = {"1": "已逾期", "0": "没有逾期"}
AGAIN = "请点“清除”后重新查询。"

SORTS = ("number", "reference", "type", "unit", "state", "light", "round", "due_on", "leader", "registered_on")
"""Columns by which the register may be put in order."""
FIRST = (("registered_on", "desc"),)
"""The order where the address names none: what came last stands first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked; an empty text where nothing is. `sorts`: column and asc or desc, the first counts most."""

    q: str = ""
    unit: str = ""
    type: str = ""
    state: str = ""
    light: str = ""
    leader: str = ""
    month: str = ""
    round: str = ""
    overdue: str = ""
    open: str = ""
    mark: str = ""
    figure: str = ""
    sorts: tuple[tuple[str, str], ...] = FIRST
    page: int = 1
    page_size: int = SIZES[0]

    def filters(self) -> dict[str, str]:
        """What narrows the list, by name, in the order of the form."""
        return {name: getattr(self, name) for name in LABELS if getattr(self, name)}


LABELS: Mapping[str, str] = {
    "q": "搜索",
    "figure": "数字",
    "unit": "承办单位",
    "state": "状态",
    "open": "是否在办",
    "overdue": "是否逾期",
    "light": "灯号",
    "type": "督办类型",
    "leader": "批示领导",
    "month": "登记月份",
    "round": "轮次",
    "mark": "密级",
}
"""Name in the address -> what people call it."""

_ONE_OF: Mapping[str, Mapping[str, str]] = {
    "state": STATES_OF_MATTERS,
    "light": LIGHTS,
    "round": ROUNDS,
    "overdue": LATENESS,
    "open": STAGES,
    "mark": {mark: mark for mark in MARKS},
}
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_OTHERS = ("sort", "page", "page_size")
# The development server's way to be somebody else.
_NOT_OURS = ("as",)


def read(address: QueryParams) -> Asked:
    """Return what an address asks; a :class:`Refusal` for the first thing in it that cannot be."""
    for name in address:
        if name not in (*LABELS, *_OTHERS, *_NOT_OURS):
            raise Refusal(f"台账没有“{_short(name)}”这个查询条件，{AGAIN}")
    said = {name: _word(name, address[name]) for name in LABELS if name in address}
    for name, known in _ONE_OF.items():
        if said.get(name) and said[name] not in known:
            raise _unknown(name, said[name])
    if said.get("month") and not _MONTH.fullmatch(said["month"]):
        raise Refusal(f"“登记月份”应当像 2026-03 这样写，收到的是“{_short(said['month'])}”，{AGAIN}")
    return Asked(
        **said,
        sorts=_sorts([one for one in address.getlist("sort") if one]),
        page=_number(address.get("page") or "1", "页码", lambda page: 1 <= page <= 1_000_000),
        page_size=_number(address.get("page_size") or str(SIZES[0]), "每页件数", lambda size: size in SIZES),
    )


def known(name: str, value: str, choices: Mapping[str, str]) -> str:
    """Return the words of a value of which only the ledger and the bureau's files know what it may be."""
    if value not in choices:
        raise _unknown(name, value)
    return choices[value]


def _word(name: str, value: str) -> str:
    usable = clean(value)
    # What cannot stand in a file cannot be searched either: the words asked stand at its head.
    spoilt = usable.count("\ufffd") > value.count("\ufffd")
    if len(usable) > LONGEST or spoilt:
        raise Refusal(f"“{LABELS[name]}”太长或含有不能用的字符（最多{LONGEST}字），请改短后再查。")
    return usable


def _sorts(said: list[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for one in said:
        column, _, way = one.rpartition("__")
        if column not in SORTS or way not in ("asc", "desc"):
            raise Refusal(f"台账不能按“{_short(one)}”排序，{AGAIN}")
        found.append((column, way))
    return tuple(dict(found).items()) or FIRST


def _number(value: str, label: str, allowed: Callable[[int], bool]) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and allowed(int(value))):
        raise Refusal(f"“{label}”不能是“{_short(value)}”，{AGAIN}")
    return int(value)


def _unknown(name: str, value: str) -> Refusal:
    return Refusal(f"“{LABELS[name]}”没有“{_short(value)}”，{AGAIN}")


def _short(text: str) -> str:
    return presentable(text[:30] + ("……" if len(text) > 30 else ""))


assert set(LABELS) < {one.name for one in fields(Asked)}
