"""Where the made-up year lies, and the evening after it."""

from datetime import datetime
from pathlib import Path

from duban import clock

SAMPLE = Path(__file__).parents[2] / "examples" / "历史样例.xlsx"
EVENING = datetime(2026, 9, 28, 18, 0, tzinfo=clock.SHANGHAI)
