"""The values that rules are made of: periods, points, counts, clock times; each read from text with its unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationInfo

from duban.clerk_yaml import choose
from duban.regulation import vocabulary

Unit = Literal["日", "工作日", "小时", "周", "个月", "年"]


@dataclass(frozen=True)
class Basis:
    """The clause that a value stands on: its number (五（五）), its title (催办) and the line in the file."""

    clause: str
    text: str
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.clause}{self.text}"


SILENT = Basis(clause="", text="本制度没有规定")


@dataclass(frozen=True)
class Limit:
    """A period laid down by a rule, such as 5日 or 2个工作日. What it comes to is the business of `duban.deadlines`.

    `number` 0 with unit 工作日 is "on the same working day".
    """

    number: int
    unit: Unit
    basis: Basis = field(default=SILENT, compare=False)

    def __str__(self) -> str:
        if self.number == 0:
            return "同一工作日"
        return f"{self.number}个{self.unit}" if self.unit in ("工作日", "小时") else f"{self.number}{self.unit}"


@dataclass(frozen=True)
class Offset:
    """A moment told from the due date: so long before it, on it, or so long after it."""

    side: Literal["before", "on", "after"]
    limit: Limit | None


SAME_DAY = "同一工作日"
STATED = "另定"
_UNITS: dict[str, Unit] = {
    "日": "日",
    "天": "日",
    "自然日": "日",
    "工作日": "工作日",
    "小时": "小时",
    "周": "周",
    "个月": "个月",
    "年": "年",
}
_LIMIT = re.compile(r"^(\d+)\s*(?:个(?=工作日|自然日|小时|周))?(\D*)$")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("这里应写一个值，不能是列表或下级内容")
    return value.strip()


def parse_limit(text: str, basis: Basis = SILENT) -> Limit:
    """Read a period such as 5日, 2个工作日, 48小时, 同一工作日.

    Raises ValueError (one Chinese sentence) for a number without unit, an unknown unit, zero or nonsense.
    """
    text = text.strip()
    if text == SAME_DAY:
        return Limit(0, "工作日", basis)
    found = _LIMIT.match(text)
    if not found:
        raise ValueError(f"期限“{text}”看不懂，请写成“5日”或“2个工作日”（阿拉伯数字加单位）")
    number, unit = int(found[1]), found[2].strip()
    if not unit:
        raise ValueError(f"期限“{text}”没有单位，请写明“{text}日”还是“{text}个工作日”")
    if unit not in _UNITS:
        raise ValueError(f"期限“{text}”的单位“{unit}”不认识，可用：日、个工作日、小时、周、个月、年")
    if not 0 < number <= 3660:
        raise ValueError(f"期限“{text}”应大于0且不超过3660；当日办结请写“{SAME_DAY}”")
    return Limit(number, _UNITS[unit], basis)


def _basis(info: ValidationInfo) -> Basis:
    context = info.context
    return context if isinstance(context, Basis) else SILENT


def _limit(value: object, info: ValidationInfo) -> Limit:
    return parse_limit(_text(value), _basis(info))


def _term(value: object, info: ValidationInfo) -> Limit | None:
    text = _text(value)
    return None if text == STATED else parse_limit(text, _basis(info))


def _offset(value: object, info: ValidationInfo) -> Offset:
    text = _text(value)
    if text == "到期当日":
        return Offset("on", None)
    for word, side in (("到期前", "before"), ("到期后", "after")):
        if text.startswith(word):
            return Offset(side, parse_limit(text[len(word) :], _basis(info)))  # type: ignore[arg-type]
    raise ValueError(f"时机“{text}”看不懂，请写成“到期前3个工作日”“到期当日”或“到期后2日”")


def _quantity(pattern: str, unit: str, example: str) -> Any:
    shape = re.compile(pattern)

    def read(value: object) -> Decimal:
        text = _text(value)
        if not text.endswith(unit):
            raise ValueError(f"“{text}”没有写单位“{unit}”或单位不对，例如“{example}”")
        found = shape.match(text.removesuffix(unit).strip())
        if not found:
            raise ValueError(f"“{text}”看不懂，例如“{example}”")
        return Decimal(found[0])

    return read


def _whole(unit: str, example: str) -> Any:
    read = _quantity(r"^\d{1,4}$", unit, example)
    return lambda value: int(read(value))


def _day_of_month(value: object) -> int:
    day = int(_whole("日", "25日")(value))
    if not 1 <= day <= 31:
        raise ValueError(f"“{day}日”不是一个月里的日子，请写 1日 至 31日")
    return day


def _percent(value: object) -> Decimal:
    return Decimal(_quantity(r"^\d{1,3}(\.\d+)?$", "%", "50%")(value)) / 100


def _yes(value: object) -> bool:
    text = _text(value)
    if text not in ("是", "否"):
        raise ValueError(f"“{text}”应写“是”或“否”")
    return text == "是"


@dataclass(frozen=True)
class ClockTime:
    """A time of day from 00:00 to 24:00; 24:00 is the end of that day."""

    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"

    @property
    def ends_day(self) -> bool:
        """Whether this is 24:00."""
        return self.hour == 24

    def as_time(self) -> time:
        """Return the time of day; 24:00 has none (ValueError): ask `ends_day` first."""
        return time(self.hour, self.minute)


def parse_time(value: object) -> ClockTime:
    """Read a time such as 17:00 or 24:00; ValueError for anything else."""
    found = re.match(r"^(\d{1,2}):(\d{2})$", _text(value))
    if not found:
        raise ValueError(f"时刻“{value}”看不懂，请写成“17:00”或“24:00”")
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise ValueError(f"时刻“{value}”不存在，请写 00:00 至 24:00 之间的时刻")
    return ClockTime(hour, minute)


def _name(value: object) -> str:
    text = _text(value)
    if not text:
        raise ValueError("这里不能空着")
    return text


@dataclass(frozen=True, eq=False)  # by identity: a type annotation must be hashable, a dict is not
class Word:
    """Reads one word of a closed vocabulary into its id; also tells the reference page which words there are."""

    words: Mapping[str, object]
    what: str

    def __call__(self, value: object) -> object:
        """Return the id of the word; ValueError names the words allowed."""
        return choose(value, self.words, self.what)


def word(words: Mapping[str, object], what: str) -> Any:
    """Return a validator for one word of a closed vocabulary, giving its id."""
    return BeforeValidator(Word(words, what))


# How each kind of value is written stands beside how it is read: the reference page is made of these.
Period = Annotated[Limit, BeforeValidator(_limit), "期限，如 5日、2个工作日、4个小时、1个月、同一工作日"]
Term = Annotated[Limit | None, BeforeValidator(_term), "期限，或“另定”"]
When = Annotated[Offset, BeforeValidator(_offset), "时机，如 到期前3个工作日、到期当日、到期后2日"]
Points = Annotated[
    Decimal, BeforeValidator(_quantity(r"^[+-]?\d{1,3}(\.\d{1,2})?$", "分", "-0.5分")), "分数，如 80分、-0.5分、+2分"
]
Percent = Annotated[Decimal, BeforeValidator(_percent), "百分数，如 50%"]
DayOfMonth = Annotated[int, BeforeValidator(_day_of_month), "每月几日，如 25日"]
Times = Annotated[int, BeforeValidator(_whole("次", "3次")), "次数，如 3次"]
Matters = Annotated[int, BeforeValidator(_whole("件", "3件")), "件数，如 3件"]
Persons = Annotated[int, BeforeValidator(_whole("名", "1名")), "人数，如 1名"]
YesNo = Annotated[bool, BeforeValidator(_yes), "是 或 否"]
Clock = Annotated[ClockTime, BeforeValidator(parse_time), "时刻，如 17:00、24:00"]
Name = Annotated[str, BeforeValidator(_name), "文字"]
Post = Annotated[str, word(vocabulary.POSTS, "岗位"), "岗位"]
Consequence = Annotated[str, word(vocabulary.CONSEQUENCES, "后果"), "后果"]
NoticeKind = Annotated[str, word(vocabulary.NOTICES, "通知单种类")]
