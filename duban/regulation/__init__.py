"""A bureau's rules as data: one readable file per version, every rule under its clause.

`load("baicheng-2020")` gives a `Regulation`; every rule in it carries its `basis`. The shapes in which rules can be
written are closed; `docs/rule-shapes.md` lists them.
"""

from duban.regulation.law import Clause, Regulation
from duban.regulation.loader import available, chosen, load, parse
from duban.regulation.shape import Desk
from duban.regulation.values import SILENT, Basis, ClockTime, Limit, parse_limit
from duban.regulation.versions import check, current, family

__all__ = [
    "SILENT",
    "Basis",
    "Clause",
    "ClockTime",
    "Desk",
    "Limit",
    "Regulation",
    "available",
    "check",
    "chosen",
    "current",
    "family",
    "load",
    "parse",
    "parse_limit",
]
