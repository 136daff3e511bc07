"""Does a report hold: every number is its list, every rate is of its base, every partition is its whole, as printed."""

from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import openpyxl


def assert_reconciles(said: Any, where: str = "") -> int:
    """Look through the JSON of a report, reckoning anew; how many figures there were."""
    if isinstance(said, list):
        return sum(assert_reconciles(one, f"{where}[{at}]") for at, one in enumerate(said))
    if not isinstance(said, dict):
        return 0
    if said.keys() == {"value", "numbers"}:
        assert said["value"] == len(said["numbers"]) == len(set(said["numbers"])), where
        return 1
    if "parts" in said and "base_name" in said:
        numbers = [number for part in said["parts"] for number in part["figure"]["numbers"]]
        assert sorted(numbers) == sorted(said["base"]["numbers"]), where
        percents = [part["percent"] for part in said["parts"]]
        if said["base"]["value"]:
            assert sum(Decimal(one) for one in percents) == Decimal("100.0"), where
        else:
            assert set(percents) <= {None}, where
    if "part" in said and "base" in said:
        assert set(said["part"]["numbers"]) <= set(said["base"]["numbers"]), where
        base = len(said["base"]["numbers"])
        if base:
            exact = Decimal(100 * len(said["part"]["numbers"])) / base
            assert Decimal(said["percent"]) == exact.quantize(Decimal("0.1"), ROUND_HALF_UP), where
            assert said["text"] == f"{said['percent']}%", where
        else:
            assert (said["percent"], said["text"]) == (None, "—"), where
    return sum(assert_reconciles(value, f"{where}.{name}") for name, value in said.items())


def tables(data: bytes) -> dict[str, list[list[list[Any]]]]:
    """The tables of each sheet: rows of cells under their head, as a reader of the file sees them."""
    found: dict[str, list[list[list[Any]]]] = {}
    for sheet in openpyxl.load_workbook(BytesIO(data)):
        found[sheet.title] = [[]]
        for row in sheet.iter_rows():
            cells = [cell.value for cell in row if cell.border.left.style]
            if not cells:
                if found[sheet.title][-1]:
                    found[sheet.title].append([])
                continue
            found[sheet.title][-1].append(cells)
    return {name: [table for table in every if table] for name, every in found.items()}


def assert_sums(data: bytes) -> None:
    """Wherever a table has a line 合计, it is the sum of the lines above it; percentages make one."""
    for name, every in tables(data).items():
        for table in every:
            if table[-1][0] != "合计":
                continue
            for at in range(1, len(table[0])):
                column = [row[at] for row in table[1:]]
                if table[0][at].endswith("率") or not all(isinstance(one, int | float) for one in column):
                    continue
                assert abs(sum(column[:-1]) - column[-1]) < 1e-9, (name, table[0][at])


def rows(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """The lines of a sheet with one table, by the heads of its columns."""
    (table,) = tables(data)[sheet]
    return [dict(zip(table[0], line, strict=True)) for line in table[1:]]
