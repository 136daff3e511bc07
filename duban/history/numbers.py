"""督办文号: those of the old list stay as they are, and the series go on after the last of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from duban import clock, numbering, organization
from duban.acts.registering import SERIES
from duban.errors import Refusal
from duban.history.cells import narrow
from duban.history.faults import Fault
from duban.history.forms import MATTERS
from duban.history.year import LARGEST, Matter, Year
from duban.ledger import locks
from duban.ledger.models import MatterRow, NumberSeries
from duban.organization import Organization

#: Series whose numbers are given out under the name of their use, not of their letters.
BY_USE = (SERIES, "催办")
REFERENCE = re.compile(r"(?P<letters>.+?)[〔\[(【{〈<](?P<year>\d{4})年?[〕\])】}〉>](?:第)?(?P<n>\d+)号?")
#: Words of 经过 whose 文号 moves a series on.
COUNTED = ("催办", "上报", "回复")
#: In the number of a matter whose 文号 is of letters that the bureau has no longer.
OTHER = "H"


def parsed(reference: str) -> tuple[str, int, int] | None:
    """Letters, year and number of a 文号, however its brackets are written; None for what is none."""
    found = REFERENCE.fullmatch(re.sub(r"\s+", "", narrow(reference)))
    return (found["letters"], int(found["year"]), int(found["n"])) if found else None


def give(session: Session, year: Year) -> list[Fault]:
    """Give every matter its number and 文号 and find, in `year.last`, where each series goes on. Writes nothing."""
    org, faults = organization.load(), list[Fault]()
    own = org.number_prefix
    faults += _untrue(year, clock.now(session).year, org.prefix)
    for matter in year.matters:
        if matter.parent is None:
            faults += _stated(matter, org, year)
    for matter in year.matters:
        for step in matter.steps:
            if (said := parsed(step.row.get("reference") or "")) and step.deed.word in COUNTED:
                _reached(year, *said)
    begun = _begun(session)
    faults += _refuse_begun(year, begun, org)
    following = {}
    for matter in sorted(year.matters, key=lambda one: (one.at, one.row.line)):
        if matter.parent is not None or matter.number:
            continue
        on = matter.at.year
        if on not in following:
            series = begun.get((SERIES, on))
            following[on] = series.last if series else year.last.get((org.prefix, on), 0)
        following[on] += 1
        matter.number, matter.reference = f"{own}-{on}-{following[on]:04d}", f"{org.prefix}〔{on}〕{following[on]}号"
        matter.row.values["allocated"] = following[on]
    return faults + _refuse_taken(session, year.matters)


def _untrue(year: Year, now: int, prefix: str) -> list[Fault]:
    """文号 that cannot be: of another year, of a year to come, beyond every count, or given twice.

    Two notices with one number of the bureau's own are told with the numbers of the matters.
    """
    faults, seen = [], dict[tuple[str, str, int, int], str]()
    said = [("督办", matter.row.where, matter.reference, matter.at) for matter in year.matters]
    steps = [step for matter in year.matters for step in matter.steps if step.deed.word in COUNTED]
    said += [(step.deed.word, step.where, step.row.get("reference") or "", step.at) for step in steps]
    for deed, where, reference, at in said:
        if (known := parsed(reference)) is None:
            continue
        where = f"{where}“文号”"
        letters, on, n = known
        once = deed == "催办" or (deed == "督办" and letters != prefix)
        if abs(on - at.year) > 1 or on > now:
            faults.append(Fault(where, f"“{reference}”是 {on} 年的号，这一行的日期是 {at.year} 年，请核对年份"))
        elif n > LARGEST:
            faults.append(Fault(where, f"“{reference}”的号超过 {LARGEST}，请核对"))
        elif once and (first := seen.setdefault((deed, *known), where)) != where:
            faults.append(Fault(where, f"“{reference}”与{first.removesuffix('“文号”')}的相同，一号一件，请改正"))
    return faults


def _stated(matter: Matter, org: Organization, year: Year) -> list[Fault]:
    """The number of a matter from its 文号, or from its 编号 when that is one of Duban's own."""
    known = parsed(matter.reference)
    mine = re.fullmatch(rf"{re.escape(org.number_prefix)}-(\d{{4}})-(\d{{4,}})", matter.id)
    if matter.reference and known is None:
        example = f"{org.prefix}〔2026〕12号"
        return [
            Fault(f"{matter.row.where}“文号”", f"“{matter.reference}”不是文号，请写成 {example} 这样，没有文号的留空")
        ]
    if known is not None and known[0] == org.prefix:
        _letters, on, n = known
        matter.number, matter.reference = f"{org.number_prefix}-{on}-{n:04d}", f"{org.prefix}〔{on}〕{n}号"
        _reached(year, *known)
    elif mine is not None:
        matter.number = matter.id
        _reached(year, org.prefix, int(mine[1]), int(mine[2]))
        matter.reference = matter.reference or f"{org.prefix}〔{mine[1]}〕{int(mine[2])}号"
    elif known is not None:
        matter.number = f"{org.number_prefix}-{matter.at.year}-{OTHER}{matter.row.line:04d}"
    return []


def _reached(year: Year, letters: str, on: int, n: int) -> None:
    year.last[letters, on] = max(n, year.last.get((letters, on), 0))


def _series(letters: str, org: Organization) -> str:
    """Under which name a series of these letters gives out its numbers."""
    return next((use for use in BY_USE if org.series.get(use) == letters), letters)


def _begun(session: Session) -> dict[tuple[str, int], Any]:
    return {(row.series, row.year): row for row in session.execute(select(*NumberSeries.__table__.columns))}


def _refuse_begun(year: Year, begun: Mapping[tuple[str, int], Any], org: Organization) -> list[Fault]:
    faults = []
    for (letters, on), n in sorted(year.last.items()):
        row = begun.get((_series(letters, org), on))
        if row is not None and n > row.began_after:
            what = (
                f"“{letters}”{on} 年的号在本系统已经从第 {row.began_after + 1} 号用起，历史里却有第 {n} 号；"
                "历史要在登记新的督办件以前接管，已经登记的请改用空的台账"
            )
            faults.append(Fault("文号", what))
    return faults


def _refuse_taken(session: Session, matters: Sequence[Matter]) -> list[Fault]:
    faults, seen = [], dict[str, Matter]()
    numbers = [matter.number for matter in matters if matter.number]
    known = set(session.scalars(select(MatterRow.number).where(MatterRow.number.in_(numbers)))) if numbers else set()
    if known and known == {*numbers}:
        return [Fault(f"“{MATTERS}”", f"这 {len(known)} 件台账里都已经有了，这份历史已经接管过，不能再接管一次")]
    for matter in matters:
        if not matter.number:
            continue
        if matter.number in seen:
            first = seen[matter.number].row.where
            faults.append(Fault(f"{matter.row.where}“文号”", f"“{matter.reference}”与{first}的相同，一号一件，请改正"))
        elif matter.number in known:
            what = f"台账里已经有 {matter.number}（{matter.reference}），不能再接管一次"
            faults.append(Fault(matter.row.where, what))
        seen.setdefault(matter.number, matter)
    return faults


def write(session: Session, year: Year) -> None:
    """Begin the series after the numbers on paper and allocate those that were given now.

    Raises Refusal when somebody has registered or taken the same file over since `give` looked.
    """
    locks.number_gate(session)
    org, begun = organization.load(), _begun(session)
    if faults := _refuse_begun(year, begun, org) + _refuse_taken(session, year.matters):
        raise Refusal(f"检查以后有人往台账里记了新的督办件：{faults[0].what}。")
    for (letters, on), n in sorted(year.last.items()):
        if (_series(letters, org), on) not in begun:
            numbering.begin(session, _series(letters, org), on, n)
    for matter in sorted(year.matters, key=lambda one: (one.at, one.row.line)):
        if (n := matter.row.get("allocated")) and numbering.allocate(
            session, SERIES, matter.at.year, f"history/{matter.number}", number=""
        ) != n:
            raise Refusal("检查以后有人登记了新的督办件，编号已经变了，请重新运行一次。")
