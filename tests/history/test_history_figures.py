"""What is taken over counts as what happened here: scores, statistics and lists, also after it has moved on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sample_year import EVENING

from duban import ledger, organization, regulation
from duban.history import leaving, taking
from duban.history.taking import Taken
from duban.scoring import months
from duban.statistics import asof

#: By hand from the text of the sample (tools/history_year.txt), 80 to begin with (BC 七).
CLOSING = {
    "taobei": "77.0",  # 2: no visit -1, visit differs -2
    "taonan": "78.0",  # 5: late -2
    "daan": "77.5",  # 10: praised by the chief +2; 18: late -2, form -0.5; 31: a week not reported -2
    "zhenlai": "82.0",  # 7: returned by the deputy -1; 23: praised above +3
    "tongyu": "78.0",  # 8: returned by the chief -2
    "xingzhen": "79.5",  # 6: returned by the office -0.5; 22: a supplement deducts nothing
    "jingzhen": "74.0",  # 4, 19, 28: late -2 each
    "zhian": "80.0",
    "jiaojing": "80.0",  # 3: praised in the bulletin +0.5; 20: not signed -0.5
    "wangan": "80.0",
    "jindu": "74.0",  # 21: wrong subject -1, criticised above -5
    "fazhi": "78.0",  # 14: the second phase late -2
    "churujing": "80.0",
}


def scores() -> dict[str, Any]:
    with ledger.transaction() as session:
        sheet = months.compute(session, regulation.current(EVENING.date()), organization.load(), "2026")
    return sheet.as_json()


def standings() -> list[Any]:
    moments = [EVENING.replace(month=month, day=20) for month in range(1, 10)]
    with ledger.transaction() as session:
        found = [one for moment in moments for one in asof.standings(session, moment)]
    # An instruction keeps the row that it came from; the row of an export is another.
    return [replace(one, instructions=tuple({**said, "source": ""} for said in one.instructions)) for one in found]


@pytest.mark.rule("BC-7.1.1", "BC-7.1.2", "BC-7.1.3", "BC-7.1.4", "BC-7.1.5", "BC-7.2.1", "BC-7.2.2", "BC-7.2.3")
def test_the_scores_of_the_sample_are_those_counted_by_hand(taken: Taken) -> None:
    closing = {line["unit"]: Decimal(line["closing"]) for line in scores()["units"]}
    assert closing == {unit: Decimal(points) for unit, points in CLOSING.items()}


@pytest.mark.parametrize("ending", [".json", ".xlsx"])
def test_the_figures_of_a_moved_ledger_are_the_same(
    ending: str, taken: Taken, new_ledger: Callable[[datetime | None], str], tmp_path: Path
) -> None:
    before, target = (_plain(scores()), standings()), tmp_path / f"台账{ending}"
    leaving.leave(target)
    new_ledger(EVENING)
    taking.take(target)
    assert (_plain(scores()), standings()) == before


def _plain(sheet: Any) -> Any:
    """A sheet without the numbers that the database itself gives to events."""
    if isinstance(sheet, dict):
        return {name: _plain(value) for name, value in sheet.items() if name not in ("event", "id")}
    return [_plain(one) for one in sheet] if isinstance(sheet, list) else sheet
