"""What people write into the cells of a spreadsheet, read where it can mean only one thing.

Each reader raises ValueError with the reason, in Chinese, to be put behind the name of the column.
"""

import re
from datetime import date, datetime, time, timedelta

#: The days that a spreadsheet counts from the end of 1899; outside of these years a number is no date.
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
EPOCH = date(1899, 12, 30)
DIGITS = {sign: n for n, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
HALF_DAYS = {"上午": 0, "早上": 0, "中午": 12, "下午": 12, "晚上": 12}

_DAY = re.compile(r"(\d{4})\s*[-/.年．]\s*(\d{1,2})\s*[-/.月．]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_TIME = re.compile(
    r"(?P<half>上午|早上|中午|下午|晚上)?\s*(?P<h>\d{1,2})\s*(?:[:时点]\s*(?P<m>\d{1,2})?\s*分?)(?:[:]?(?P<s>\d{2})(?:\.\d+)?秒?)?"
)
_HAN_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_WEEKDAY = re.compile(r"[（(]?(?:星期|周)[一二三四五六日天][)）]?")


def narrow(text: str) -> str:
    """Full-width digits, letters, dots and colons as plain ones, blanks at the ends and around gone."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
    return text.translate(wide).strip()


def empty(value: object) -> bool:
    """Whether there is nothing in the cell that a person could see; a lone dash means nothing too."""
    return value is None or (isinstance(value, str) and narrow(value) in ("", "-", "--", "—", "——", "/", "无", "\\"))


def text(value: object) -> str:
    """Text, also of a number that was typed into a spreadsheet (12.0 is 12)."""
    if isinstance(value, bool | list | dict):
        raise ValueError("应当是文字")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date | time):
        raise ValueError("被表格当成了日期，请把这一格设成“文本”格式再填")
    return str(value).strip()


def code(value: object) -> str:
    """A number or a mark: text without blanks, with plain digits and letters."""
    return re.sub(r"\s+", "", narrow(text(value)))


def day(value: object) -> date:
    """The day of a date cell, an Excel serial, or the ways people write dates."""
    return moment(value)[0]


def moment(value: object) -> tuple[date, time | None]:
    """Day and, where the cell says so too, time of day."""
    if isinstance(value, datetime):
        hour = value.time().replace(second=0, microsecond=0) if value.time() != time() else None
        return _in_range(value.date(), value), hour
    if isinstance(value, date):
        return _in_range(value, value), None
    if isinstance(value, int | float) and not isinstance(value, bool):
        plain = text(value)  # 20260305 typed as a number is the same as typed as text
        return moment(plain) if re.fullmatch(r"\d{8}", plain) else _serial(value)
    if not isinstance(value, str):
        raise ValueError(f"“{value}”不是日期，请写成 2026-03-05 这样的形式")
    said = _WEEKDAY.sub("", narrow(value)).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", said):
        return _serial(float(said))
    if han := _HAN_DAY.match(said):
        said = f"{_han_year(han[1])}-{_han(han[2])}-{_han(han[3])}{said[han.end() :]}"
    if (match := _DAY.match(said) or _COMPACT.match(said)) is None:
        raise ValueError(_not_a_date(value, said))
    try:
        on = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError(f"“{value}”不是日历上有的日期") from None
    rest = said[match.end() :].strip(" T")
    return _in_range(on, value), clock(rest) if rest else None


def _in_range(on: date, value: object) -> date:
    if not FIRST <= on < LAST:
        raise ValueError(f"“{value}”不在 {FIRST.year} 年到 {LAST.year - 1} 年之间，请核对年份")
    return on


def _not_a_date(value: object, said: str) -> str:
    if re.fullmatch(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?", said):
        return f"“{value}”没有写年份，请写成 2026-03-05 这样的形式"
    if re.fullmatch(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?", said):
        return f"“{value}”看不出哪个是年，请写成 2026-03-05 这样的形式"
    return f"“{value}”不是日期，请写成 2026-03-05 这样的形式"


def _serial(value: float) -> tuple[date, time | None]:
    on = EPOCH + timedelta(days=int(value)) if 0 < value < 1e6 else date.min
    if not FIRST <= on < LAST:
        raise ValueError(f"“{text(value)}”不是日期，请写成 2026-03-05 这样的形式")
    fraction = value - int(value)
    return on, _fraction(fraction) if fraction else None


def _fraction(value: float) -> time:
    minutes = round(value * 24 * 60) % (24 * 60)
    return time(minutes // 60, minutes % 60)


def clock(value: object) -> time:
    """The time of day of a time cell, a fraction of a day, or 14:30, 14时30分, 下午2点半."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1:
        return _fraction(float(value))
    said = narrow(str(value)).replace("半", "30分")
    match = _TIME.fullmatch(said)
    if match is None:
        raise ValueError(f"“{value}”不是时间，请写成 14:30 这样的形式，不知道几点的留空")
    hour = int(match["h"])
    if match["half"] and hour < 12:
        hour += HALF_DAYS[match["half"]] if not (match["half"] == "中午" and hour == 11) else 0
    try:
        return time(hour, int(match["m"] or 0))
    except ValueError:
        raise ValueError(f"“{value}”不是一天里有的时间，请写成 14:30 这样的形式") from None


def _han_year(said: str) -> int:
    return int("".join(str(DIGITS[sign]) for sign in said))


def _han(said: str) -> int:
    """十二 -> 12, 二十 -> 20, 三十一 -> 31."""
    if "十" not in said:
        return DIGITS[said] if len(said) == 1 else 99
    tens, _ten, ones = said.partition("十")
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
