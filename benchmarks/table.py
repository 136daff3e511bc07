"""Figures in columns, and the two that are made of many: median and 95th percentile."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

Cell = str | int | float | None


@dataclass(frozen=True)
class Delays:
    """Seconds until something arrived, of so many that should have; a bound on the waiting ends it for the others."""

    seconds: tuple[float, ...]
    expected: int
    bound: float

    @property
    def median(self) -> float:
        """Infinite when half of them did not arrive."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> float:
        """The nearest-rank quantile; those that did not arrive are later than all that did."""
        if share == 0.5 and len(self.seconds) == self.expected:
            return median(self.seconds)
        ranked = sorted(self.seconds) + [math.inf] * (self.expected - len(self.seconds))
        return ranked[max(0, math.ceil(share * self.expected) - 1)]

    def cells(self, plain: "Delays | None" = None) -> tuple[Cell, ...]:
        """Median, p95, worst, how many arrived, ratio of the medians to `plain`."""
        quantiles = (self.median, self.quantile(0.95), self.quantile(1))
        arrived = f"{len(self.seconds)} of {self.expected}"
        return (*(self._said(one) for one in quantiles), arrived, ratio(self.median, plain.median if plain else None))

    def _said(self, seconds: float) -> Cell:
        return seconds if math.isfinite(seconds) else f"> {self.bound:.0f}"

    def missing(self, what: str) -> list[str]:
        """A line about those that did not arrive, if there are any."""
        absent = self.expected - len(self.seconds)
        return [f"{what}: not within {self.bound:.0f} s: {absent} of {self.expected}"] if absent else []


def ratio(ours: float, plain: float | None) -> Cell:
    """Ours as a share of the plain one's; nothing where there is no plain one."""
    if plain is None or not math.isfinite(ours) or plain == 0:
        return None
    return f"{ours / plain:.2g}" if math.isfinite(plain) else "~ 0"


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], notes: Sequence[str] = ()) -> None:
    """Print one table: the first column to the left, figures to the right."""
    lines = [list(head), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print(f"\n{title}\n{'-' * len(title)}")
    for first, *others in lines:
        figures = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        print("  ".join((first.ljust(widths[0]), *figures)).rstrip())
    for note in notes:
        print(f"  {note}")
    print(flush=True)


def _text(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell >= 100 else f"{cell:.1f}" if cell >= 1 else f"{cell:.3f}"
    return str(cell)
