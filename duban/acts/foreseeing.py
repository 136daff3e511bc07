"""The dates that a matter would have if its notice went out now: what is told before it is registered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from duban import deadlines
from duban.acts import tables
from duban.acts.form_values import day
from duban.acts.periods import cadence_of
from duban.deadlines import Due
from duban.errors import Refusal
from duban.organization import Organization
from duban.regulation import Regulation, vocabulary


@dataclass(frozen=True)
class Point:
    """One of the dates of a matter: what it is called, and when it is due if the notice goes out now."""

    name: str
    due: Due


def points(form: Mapping[str, Any], law: Regulation, org: Organization, now: datetime) -> tuple[Point, ...]:
    """The dates of the matter, as far as they can be told: of what is wrong there is none."""
    kind, today = str(form["type"]), now.date()
    rule = law.types[kind]
    # A limit that the regulation fixes stands, whatever else is written there.
    ends_on = _day(form.get("due_on")) if rule.limit is None or rule.leader_overrides else ""
    found: list[Point | None] = []
    if kind == tables.STAGED:
        found += [_stated(stage["name"], stage["due_on"], law, today) for stage in _stages(form, today)]
    elif (cadence := cadence_of(law, kind)) is not None:
        first = _told("第1期报送", lambda: deadlines.next_report(cadence, today, law))
        last = _stated("最后一期报送", ends_on, law, today) if ends_on else _limit("最后一期报送", kind, law, now)
        found += [first if first and (last is None or first.due.on < last.due.on) else None, last]
    else:
        found.append(_stated("办结期限", ends_on, law, today) if ends_on else _limit("办结期限", kind, law, now))
        found += [
            _stated(f"分办：{_short(part['unit'], org)}", part["due_on"], law, today)
            for part in _parts(form, today)
            if part["due_on"]
        ]
    return tuple(point for point in found if point is not None)


def _told(name: str, due: Callable[[], Due]) -> Point | None:
    try:
        return Point(name, due())
    except Refusal:
        return None


def _stated(name: str, on: str, law: Regulation, today: date) -> Point | None:
    return _told(name, lambda: deadlines.stated(date.fromisoformat(on), law, today=today))


def _limit(name: str, kind: str, law: Regulation, now: datetime) -> Point | None:
    limit = law.types[kind].limit
    return None if limit is None else _told(name, lambda: deadlines.due(limit, now, law))


def _day(value: object) -> str:
    try:
        return day(value, "办理期限")
    except Refusal:
        return ""


def _stages(form: Mapping[str, Any], today: date) -> list[dict[str, str]]:
    try:
        return tables.stages_of(form.get("stages"), today)
    except Refusal:
        return []


def _parts(form: Mapping[str, Any], today: date) -> list[dict[str, Any]]:
    value = form.get("parts")
    try:
        if isinstance(value, str):
            return [tables.part_of_line(line, today) for line in value.splitlines() if line.strip()]
        return [{**row, "due_on": day(row.get("due_on"), "期限")} for row in value or ()]
    except Refusal:
        return []


def _short(unit: str, org: Organization) -> str:
    try:
        return org.unit(unit).short
    except Refusal:
        return unit


def by_the_day(due: Due) -> tuple[tuple[date, bool], ...]:
    """Return every day of a count up to its end, and whether it counts: what a calendar of the deadline shows."""
    if not due.counted:
        return ()
    first, counted = due.counted[0], set(due.counted)
    days = [first + timedelta(days=n) for n in range((due.on - first).days + 1)]
    return tuple((one, one in counted) for one in days)


def in_words(type_id: str, law: Regulation) -> str:
    """Say the time limit of a type as its clause has it: 5日内办结（自然日，末日遇休顺延）, 每周周五报一次."""
    rule = law.types[type_id]
    if type_id == tables.STAGED:
        return "按各阶段写明的日期，逐个阶段报送"
    if (cadence := cadence_of(law, type_id)) is not None:
        when = f"每周{_WEEKDAYS[cadence.weekday]}" if cadence.weekday is not None else f"每月{cadence.day}日"
        return f"{when}报一次{_ROLLS[cadence.roll]}，直到办结"
    if rule.limit is None:
        return "按督办时写明的日期办结"
    days = f"（{_DAYS[law.counting.days]}，末日{_ROLLS[law.counting.roll][1:]}）" if rule.limit.unit == "日" else ""
    return f"{rule.limit}内办结{days}" + ("；领导另定期限的按另定的日期" if rule.leader_overrides else "")


_DAYS = {"calendar": "自然日", "working": "工作日"}
_ROLLS = {"previous": "，遇休提前", "next": "，遇休顺延", "none": "，遇休不变"}
_WEEKDAYS = {number: word for word, number in vocabulary.WEEKDAYS.items()}
