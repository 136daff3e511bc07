"""The tables that go out beside a paper (.xlsx): made with the draft, of the same figures, and kept with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from duban.periodicals.scoring import entries_in, in_points, points, told
from duban.reports.xlsx import Column, Sheet, Table, workbook

_RANKING = (("名次", 6), ("单位", 16), ("期初", 8), ("加分", 8), ("扣分", 8), ("期末", 8), ("得分", 8), ("督办件", 8))
_ENTRIES = (
    ("单位", 14),
    ("文号", 20),
    ("情形", 16),
    ("条款", 12),
    ("分值", 8),
    ("日期", 12),
    ("更正", 10),
    ("说明", 24),
)


def scores(content: Mapping[str, Any], title: str, as_of: datetime) -> bytes:
    """The score sheet as a spreadsheet: the ranking, and every entry with its clause. Points stand as text."""
    units = content["sheet"]["units"]
    names = {unit["unit"]: unit["name"] for unit in units}
    ranking = [
        (
            *(unit["rank"], unit["name"], unit["opening"], points(unit["added"]), unit["deducted"]),
            *(unit["closing"], unit["shown"], unit["matters"]),
        )
        for unit in units
    ]
    entries = [
        (
            *(names[one["unit"]], one["reference"] or one["number"], one["item_text"], one["clause"]),
            *(points(one["points"]), one["date"], one["corrects"], one["note"]),
        )
        for one in map(told, entries_in(content))
    ]
    mark = (f"密级：{content['mark']}",) if content["mark"] else ()
    said = content["sheet"]
    note = (*mark, f"依据：{said['regulation']}；期间：{said['from']}至{said['to']}。")
    ranked = Sheet("排名", f"{title}排名", note, (Table("", _columns(_RANKING), ranking),))
    listed = Sheet("明细", f"{title}明细", note, (Table("", _columns(_ENTRIES), entries),))
    return workbook([ranked, listed] if in_points(content) else [listed], as_of)


def _columns(said: tuple[tuple[str, int], ...]) -> tuple[Column, ...]:
    return tuple(Column(name, float(width)) for name, width in said)
