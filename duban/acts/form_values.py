"""A value of a form as it comes from a page, a spreadsheet or a program: a choice, a day, a list, yes or no."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime

from duban.errors import Refusal

MOST_NAMES = 200  # entries of a list


def one_of(value: object, allowed: Collection[str], label: str) -> str:
    """One of the words that are allowed. Raises Refusal naming the field and the words."""
    if value in (None, ""):
        raise Refusal(f"“{label}”没有选择，请从{'、'.join(allowed)}中选择。")
    if not isinstance(value, str) or value not in allowed:
        raise Refusal(f"“{label}”不能是“{value}”，请从{'、'.join(allowed)}中选择。")
    return value


def coded(value: object, words: Mapping[str, str], label: str) -> str:
    """The code of a choice that may be given by its word or by the code itself (`words`: word -> code)."""
    if isinstance(value, str) and value in words.values():
        return value
    return words[one_of(value, words, label)]


def day(value: object, label: str) -> str:
    """An ISO date, or empty. Raises Refusal naming the field."""
    if value in (None, ""):
        return ""
    if isinstance(value, datetime):
        value = value.date()
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    except ValueError:
        raise Refusal(f"“{label}”不是有效日期：“{value}”，请写成 2026-03-05 这样的形式。") from None


def names(value: object, label: str) -> list[str]:
    """A list, or a text in which the names stand with 、or ， between them; empty for nothing."""
    if value in (None, ""):
        return []
    given = re.split(r"[、，,；;\n]", value) if isinstance(value, str) else value
    if not isinstance(given, (list, tuple)) or not all(isinstance(one, str) for one in given):
        raise Refusal(f"“{label}”应当是名称，几个之间用顿号隔开，收到的是“{value}”，请改正。")
    found = [one.strip() for one in given if one.strip()]
    if len(found) > MOST_NAMES:
        raise Refusal(f"“{label}”有{len(found)}个，最多{MOST_NAMES}个，请核对。")
    return found


def yes_or_no(value: object, label: str, unsaid: bool = False) -> bool:
    """A box to tick; `unsaid`: what it means when nothing is given. Raises Refusal for anything but yes and no."""
    if value in (None, ""):
        return unsaid
    if isinstance(value, bool):
        return value
    return coded(value, {"是": "yes", "否": "no"}, label) == "yes"
