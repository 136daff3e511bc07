"""What is printed: figures that are their own lists, rates of a named base, partitions whose shares make 100.0.

Rounding is half up to one decimal, everywhere. Published bulletins often give totals that their own lists do not bear
out; here the number on a page is the length of the list behind it, so it cannot differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: To this every percentage and average is rounded.
STEP = Decimal("0.1")
WHOLE = Decimal("100.0")


def rounded(value: Decimal) -> Decimal:
    """Half up, to one decimal."""
    return value.quantize(STEP, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that is its list: the numbers of the matters, or `number key` for what happened several times in one."""

    numbers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.numbers)) != len(self.numbers):
            raise ValueError("a figure that counts something twice")

    @classmethod
    def of(cls, numbers: Iterable[str]) -> "Figure":
        """The figure of these, in order; the same one twice is a fault of the caller (ValueError)."""
        return cls(tuple(sorted(numbers)))

    @property
    def value(self) -> int:
        """How many there are."""
        return len(self.numbers)

    def as_json(self) -> dict[str, Any]:
        """`value` and the `numbers` that it counts."""
        return {"value": self.value, "numbers": list(self.numbers)}


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a base, both named: 办结率 = 办结 / 应办. Raises ValueError if the part is not in the base."""

    name: str
    part_name: str
    part: Figure
    base_name: str
    base: Figure

    def __post_init__(self) -> None:
        if not set(self.part.numbers) <= set(self.base.numbers):
            raise ValueError(f"{self.name}: {self.part_name} is no part of {self.base_name}")

    @property
    def percent(self) -> Decimal | None:
        """Percent with one decimal; None for an empty base, of which there is no rate."""
        return rounded(Decimal(100 * self.part.value) / self.base.value) if self.base.value else None

    @property
    def text(self) -> str:
        """As it is printed: 66.7%, or — where there is nothing to take a rate of."""
        return "—" if self.percent is None else f"{self.percent}%"

    def as_json(self) -> dict[str, Any]:
        """Names, both figures, `percent` (text or null) and `text`."""
        return {
            "name": self.name,
            "part_name": self.part_name,
            "part": self.part.as_json(),
            "base_name": self.base_name,
            "base": self.base.as_json(),
            "percent": None if self.percent is None else str(self.percent),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """One class of a partition."""

    key: str
    name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Partition:
    """A whole in classes without overlap or rest. Raises ValueError if the classes are not just the whole."""

    base_name: str
    base: Figure
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        together = [number for part in self.parts for number in part.figure.numbers]
        if sorted(together) != sorted(self.base.numbers):
            raise ValueError(f"{self.base_name}: the classes are not the whole")

    @classmethod
    def by(cls, base_name: str, classes: Mapping[str, str], keys: Mapping[str, str]) -> "Partition":
        """The partition of `keys` (number -> key of its class) into `classes` (key -> name, all shown, in order)."""
        lists: dict[str, list[str]] = {key: [] for key in classes}
        for number, key in keys.items():
            lists[key].append(number)
        parts = tuple(Part(key, name, Figure.of(lists[key])) for key, name in classes.items())
        return cls(base_name, Figure.of(keys), parts)

    def __getitem__(self, key: str) -> Figure:
        return next(part.figure for part in self.parts if part.key == key)

    @property
    def percents(self) -> tuple[Decimal | None, ...]:
        """The share of each class, in order: together exactly 100.0; None each where there is nothing to share."""
        return shares([part.figure.value for part in self.parts])

    def as_json(self) -> dict[str, Any]:
        """Name and figure of the whole, and of each class key, name, figure and `percent` (text or null)."""
        listed = [
            {
                "key": part.key,
                "name": part.name,
                "figure": part.figure.as_json(),
                "percent": None if percent is None else str(percent),
            }
            for part, percent in zip(self.parts, self.percents, strict=True)
        ]
        return {"base_name": self.base_name, "base": self.base.as_json(), "parts": listed}


def shares(counts: Sequence[int]) -> tuple[Decimal | None, ...]:
    """Percentages of a partition, one decimal each, that sum to exactly 100.0 (largest remainder, the first at a tie).

    None for each where all counts are 0. Each is less than 0.1 from its exact value.
    """
    whole = sum(counts)
    if not whole:
        return (None,) * len(counts)
    thousandths = [divmod(1000 * count, whole) for count in counts]
    missing = 1000 - sum(down for down, _rest in thousandths)
    by_rest = sorted(range(len(counts)), key=lambda at: (-thousandths[at][1], at))
    raised = set(by_rest[:missing])
    return tuple((Decimal(down + (at in raised)) * STEP).quantize(STEP) for at, (down, _rest) in enumerate(thousandths))


def average(values: Sequence[int]) -> Decimal | None:
    """The mean with one decimal; None of nothing."""
    return rounded(Decimal(sum(values)) / len(values)) if values else None
