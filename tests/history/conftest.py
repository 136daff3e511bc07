"""A rehearsal ledger on an evening after the year of the sample, and the sample itself."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from duban import clock

EXAMPLES = Path(__file__).parents[2] / "examples"
SAMPLE = EXAMPLES / "历史样例.xlsx"
EVENING = datetime(2026, 9, 28, 18, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def evening(new_ledger: Callable[[datetime | None], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty rehearsal ledger on the evening of 2026-09-28, a Monday."""
    for name in ("DUBAN_ORGANIZATION", "DUBAN_REGULATION", "DUBAN_INCLUDE"):
        monkeypatch.delenv(name, raising=False)
    return new_ledger(EVENING)
