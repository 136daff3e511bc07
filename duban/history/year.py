"""From rows to matters and what happened to them: whose row it is, when it was, in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby, pairwise
from typing import Any

from duban import organization
from duban.clock import SHANGHAI
from duban.errors import Refusal
from duban.history import cells
from duban.history.deed_words import DEEDS, Deed, deed_of
from duban.history.faults import Fault
from duban.history.forms import EVENTS, FORM_COLUMNS, MATTERS, NUMBERS
from duban.history.sheets import Row, Table
from duban.organization import Organization
from duban.regulation import vocabulary

#: The hour of what has only a date: within every day's limit, and after nothing that the same day asks for.
NOON = time(12, 0)
#: No series of numbers goes on after a number beyond this.
LARGEST = 999_999


@dataclass
class Step:
    """One row of 经过: what happened to a matter, and when (aware)."""

    row: Row
    deed: Deed
    at: datetime

    @property
    def where(self) -> str:
        """Sheet and row."""
        return self.row.where


@dataclass
class Matter:
    """One row of 督办件 with its form and its steps in order; `parts` are the matters split off it."""

    row: Row
    id: str
    form: dict[str, Any]
    at: datetime
    steps: list[Step] = field(default_factory=list)
    parts: list["Matter"] = field(default_factory=list)
    parent: "Matter | None" = None
    number: str = ""
    reference: str = ""


@dataclass
class Year:
    """Everything that a file hands over; `last` is the last number on paper of each series and year."""

    matters: list[Matter]
    last: dict[tuple[str, int], int]


def of_tables(tables: Mapping[str, Table], now: datetime) -> tuple[Year, list[Fault]]:
    """The matters of a file in its order, and everything that is wrong with it as far as a look at it tells."""
    faults = [fault for table in tables.values() for fault in table.faults]
    org = organization.load()
    matters, found = _matters(tables[MATTERS], org)
    faults += found
    for step_faults in (_steps(tables[EVENTS], matters, now, org), _families(matters)):
        faults += step_faults
    for matter in matters.values():
        faults += _begun(matter, now)
    last, found = _numbers(tables.get(NUMBERS, Table()), now.year)
    if not tables[MATTERS].rows and not faults:
        faults.append(Fault(f"“{MATTERS}”", "一件也没有，请在列名下逐行填写"))
    return Year(list(matters.values()), last), faults + found


def _matters(table: Table, org: Organization) -> tuple[dict[str, Matter], list[Fault]]:
    matters: dict[str, Matter] = {}
    faults = []
    for row in table.rows:
        if not (code := row.get("id")):
            continue
        if code in matters:
            first = matters[code].row.where
            faults.append(Fault(f"{row.where}“编号”", f"“{code}”在{first}已经有了，一件一个编号，请改正"))
            continue
        form = {
            about.key: row.values[about.key] for about in FORM_COLUMNS.values() if row.get(about.key) not in ("", None)
        }
        at = row.get("registered")
        moment = _moment(*at) if at else datetime.max.replace(tzinfo=SHANGHAI)
        matter = matters[code] = Matter(row, code, form, moment)
        matter.reference = row.get("reference") or ""
        faults += _heading(matter, org)
    return matters, faults


def _heading(matter: Matter, org: Organization) -> list[Fault]:
    """Type and units in the words of the regulation and of the organization file."""
    row, form, faults = matter.row, matter.form, []
    if said := row.get("type"):
        word = said.removesuffix("督办事项").removesuffix("督办").removesuffix("件")
        form["type"] = vocabulary.TYPES.get(word, word)
        if form["type"] not in vocabulary.TYPES.values():
            words = "、".join(vocabulary.TYPES)
            faults.append(Fault(f"{row.where}“类型”", f"没有“{said}”这一类，请从{words}中选择"))
    if form.get("unit"):
        try:
            form["unit"] = unit_of(org, form["unit"])
        except Refusal as refusal:
            faults.append(Fault(f"{row.where}“承办单位”", str(refusal)))
    return faults


def unit_of(org: Organization, said: str) -> str:
    """The code of a unit from its code, its full or short name, with or without blanks. Raises Refusal."""
    plain = "".join(cells.narrow(said).split())
    return organization.OFFICE if plain in (org.office, "办公室") else org.unit(plain).code


def _steps(table: Table, matters: dict[str, Matter], now: datetime, org: Organization) -> list[Fault]:
    faults = []
    rows: dict[str, list[tuple[Row, Deed]]] = {}
    for row in table.rows:
        code, word, at = row.get("id"), row.get("deed"), row.get("at")
        deed = deed_of(word) if word else None
        if word and deed is None:
            faults.append(Fault(f"{row.where}“事项”", f"不认识“{word}”，请用：{'、'.join(DEEDS)}"))
        if code and code not in matters:
            faults.append(Fault(f"{row.where}“编号”", f"督办件表里没有“{code}”，请核对编号，或在督办件表里补上这一件"))
            continue
        if at and at[0] > now.date():
            faults.append(Fault(f"{row.where}“日期”", f"{at[0]} 还没有到（今天是 {now.date()}），请核对"))
            continue
        if code and deed and at:
            faults += _wanting(row, deed, org)
            rows.setdefault(code, []).append((row, deed))
    for code, found in rows.items():
        faults += _in_order(matters[code], found, now)
    return faults


def _wanting(row: Row, deed: Deed, org: Organization) -> list[Fault]:
    """What this deed needs and the row does not say."""
    faults = [
        Fault(f"{row.where}“{name}”", f"“{deed.word}”要写{what}，请补上")
        for key, name, what in deed.wants
        if not row.get(key) and row.get(key) is not None
    ]
    said = row.get("unit")
    if not said:
        return faults
    try:
        codes = [unit_of(org, one) for one in said.replace("，", "、").replace(",", "、").split("、") if one.strip()]
    except Refusal as refusal:
        return [*faults, Fault(f"{row.where}“单位”", str(refusal))]
    row.values["units"] = codes
    return faults


def _in_order(matter: Matter, rows: Sequence[tuple[Row, Deed]], now: datetime) -> list[Fault]:
    """The steps of a matter by day; on one day as the rows stand, which the hours must not contradict."""
    faults = []
    for on, group in groupby(sorted(rows, key=_day_of), key=_day_of):
        day = list(group)
        hours = [row.get("time") or row.values["at"][1] or None for row, _deed in day]
        known = [(hour, row) for hour, (row, _deed) in zip(hours, day, strict=True) if hour]
        for (earlier, _first), (later, row) in pairwise(known):
            if later < earlier:
                said = f"{later:%H:%M} 早于同一天上一行的 {earlier:%H:%M}，请按先后排列"
                faults.append(Fault(f"{row.where}“时间”", said))
        before = time()
        for n, (row, deed) in enumerate(day):
            hour = hours[n]
            if hour is None:
                after = next((one for one in hours[n:] if one), None)
                hour = max(before, min(NOON, after) if after else NOON)
            before = max(before, hour)
            # What happened this very day before noon has happened: it cannot be later than now.
            matter.steps.append(Step(row, deed, min(_moment(on, before), now)))
    return faults


def _day_of(one: tuple[Row, Deed]) -> date:
    found: date = one[0].values["at"][0]
    return found


def _moment(on: date, hour: time | None) -> datetime:
    return datetime.combine(on, hour or NOON, SHANGHAI)


def _families(matters: dict[str, Matter]) -> list[Fault]:
    faults = []
    for matter in matters.values():
        if not (code := matter.row.get("parent")):
            continue
        where = f"{matter.row.where}“主件”"
        parent = matters.get(code)
        if parent is None:
            faults.append(Fault(where, f"督办件表里没有“{code}”，请核对"))
        elif parent.row.get("parent"):
            faults.append(Fault(where, f"“{code}”自己是分办件，不能再分，请写最上面的主件"))
        elif parent.form.get("type") != "decomposed":
            faults.append(Fault(where, f"“{code}”的类型不是“分解”，没有分办件，请核对"))
        else:
            matter.parent = parent
            parent.parts.append(matter)
    return faults


def _begun(matter: Matter, now: datetime) -> list[Fault]:
    """When a matter was registered: as stated, else with its first step."""
    row, first = matter.row, matter.steps[0] if matter.steps else None
    if not row.get("registered"):
        if first is None:
            return [] if matter.parent else [Fault(f"{row.where}“登记日期”", "没有填写，经过表里也没有这一件，请补上")]
        matter.at = first.at
        return []
    if matter.at.date() > now.date():
        return [Fault(f"{row.where}“登记日期”", f"{matter.at.date()} 还没有到，请核对")]
    if first is not None and first.at < matter.at:
        if first.at.date() < matter.at.date():
            return [
                Fault(f"{row.where}“登记日期”", f"{matter.at.date()} 晚于{first.where}的 {first.at.date()}，请核对")
            ]
        matter.at = first.at
    matter.at = min(matter.at, now)
    return []


def _numbers(table: Table, now: int) -> tuple[dict[tuple[str, int], int], list[Fault]]:
    last: dict[tuple[str, int], int] = {}
    faults = []
    for row in table.rows:
        for key, name in (("year", "年份"), ("last", "已用到")):
            if row.get(key) and not str(row.get(key)).removesuffix("年").removesuffix("号").isdecimal():
                faults.append(Fault(f"{row.where}“{name}”", f"“{row.get(key)}”不是数，请改正"))
                break
        else:
            if row.get("series") and row.get("year") and row.get("last"):
                year, n = (int(row.get(key).removesuffix("年").removesuffix("号")) for key in ("year", "last"))
                if not cells.FIRST.year <= year <= now:
                    said = f"“{row.get('year')}”应当在 {cells.FIRST.year} 年到 {now} 年之间，请写四位的年份"
                    faults.append(Fault(f"{row.where}“年份”", said))
                elif n > LARGEST:
                    faults.append(Fault(f"{row.where}“已用到”", f"“{row.get('last')}”超过 {LARGEST}，请核对"))
                last[row.get("series"), year] = max(n, last.get((row.get("series"), year), 0))
    return last, faults
