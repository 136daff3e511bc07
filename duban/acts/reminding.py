"""提醒、分级催办: what is said before a deadline, and urges by hand (T13, A25)."""

from collections.abc import Callable
from datetime import datetime

from duban.acts.act import Act

#: Kind of timer -> what happens when it runs out (see lapsing.py).
LAPSES: dict[str, Callable[[Act, str, datetime], None]] = {}
