"""The words of which the stories are made: what happens to a matter, and when, by the ledger's clock.

A story is a matter (its registration form), scenes, and the events that it must leave. A scene is a moment and the
doings of that moment, in order; between the scenes the clock is moved and time does what time does. The stories of a
bureau are in the module that bears its name. All of it is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from duban.clock import SHANGHAI

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
"""A Monday: the moment at which every story begins."""

TODAY = "today"
"""Stands for the day on which the scene is played."""


@dataclass(frozen=True)
class Doing:
    """One thing that somebody does: a verb of `duban.demo.play.VERBS` and what goes with it.

    `of`: which part of a divided matter it is done to, counted from one; 0: the matter itself.
    """

    verb: str
    details: Mapping[str, Any]
    of: int = 0


@dataclass(frozen=True)
class Scene:
    """What happens to a matter at one moment of the ledger's clock."""

    at: datetime
    doings: tuple[Doing, ...]


@dataclass(frozen=True)
class Story:
    """A path through the procedure: its name, its matter, its scenes, and what it must leave.

    `form`: the registration form, with the type; empty: the next row of `examples/matters.xlsx`. `leaves`: the kinds
    of its events (those aside that `duban.demo.play.ASIDE` names); `parts`: those of each of its parts. `papers`: the
    kinds of all documents that are made, each once, in the order of their names, with a blank between two.
    """

    name: str
    scenes: tuple[Scene, ...]
    leaves: tuple[str, ...]
    papers: str = ""
    ends: str = "closed"
    form: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[tuple[str, ...], ...] = ()


def do(verb: str, **details: Any) -> Doing:
    """One doing."""
    return Doing(verb, details)


def on(day: int, *doings: Doing, hour: int = 10, month: int = 3) -> Scene:
    """The doings of a day in 2026, in March unless another month is named."""
    return Scene(datetime(2026, month, day, hour, tzinfo=SHANGHAI), doings)


def of(part: int, *doings: Doing) -> tuple[Doing, ...]:
    """The same, done to a part of a divided matter."""
    return tuple(Doing(doing.verb, doing.details, part) for doing in doings)


def answer(kind: str, option: str, **fields: Any) -> Doing:
    """A decision of the office's people, in Airflow."""
    return do("answer", kind=kind, option=option, **fields)


def send(what: str, **fields: Any) -> Doing:
    """Something that the unit sends."""
    return do("send", what=what, **fields)


def enter(what: str, post: str = "office", **fields: Any) -> Doing:
    """Something that the office, or the holder of another post, enters of its own accord."""
    return do("enter", what=what, post=post, **fields)


def reply(text: str) -> Doing:
    """The unit's report, written in these words (a line is a paragraph)."""
    return do("reply", text=text)


def form(kind: str, unit: str, source: int, title: str, requirement: str, **more: Any) -> dict[str, Any]:
    """A registration form of the type `kind`."""
    return {"type": kind, "unit": unit, "source": source, "title": title, "requirement": requirement, **more}
