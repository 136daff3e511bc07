"""Statistics: one module counts. A figure is its list, a rate names its base, shares of one whole make 100.0."""

from duban.statistics.asof import Standing, standings
from duban.statistics.counts import Span, Summary, ages, grouped, of_period, rounds, rounds_on_average, summary
from duban.statistics.figures import Figure, Part, Partition, Rate, average, shares
from duban.statistics.load import Ask, Load, loads

__all__ = [
    "Ask",
    "Figure",
    "Load",
    "Part",
    "Partition",
    "Rate",
    "Span",
    "Standing",
    "Summary",
    "ages",
    "average",
    "grouped",
    "loads",
    "of_period",
    "rounds",
    "rounds_on_average",
    "shares",
    "standings",
    "summary",
]
