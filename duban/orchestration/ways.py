"""Where a run goes next: to whatever the ledger awaits, by the edges that the DAG draws and no others.

Every task says for which kinds of wait it is there. A task that is over looks which of its direct successors leads
to something that the ledger awaits now, on the shortest way; tasks on the way find nothing to do and pass on at once.
So a run that begins in the middle, or is overtaken by an instruction or a withdrawal, goes straight to where the
matter stands, and a version of the regulation with one desk more or less needs no other graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from duban.ledger.standing import State
from duban.ledger.transitions.moves import DESKS, MAIN_LINE, kind_of


def is_for(task: Any, key: str) -> bool:
    """Say whether the task does, asks or awaits this key."""
    return kind_of(key) in getattr(task, "kinds", ())


def onward(task: Any, state: State) -> list[str]:
    """Return the direct successors to go on with: for each thing awaited the nearest way, else the way to the end.

    Beside them goes what accompanies one of these things (`Watch`).
    """
    reaches = {successor: _distances(task.dag, successor) for successor in sorted(task.downstream_task_ids)}
    chosen = {_nearest(reaches, task.dag, key) for key in state.awaiting} - {None}
    if not chosen:
        return _to_the_end(reaches, task.dag)
    beside = {name for name in reaches if awaits_any(state, getattr(task.dag.get_task(name), "accompanies", ()))}
    return sorted(name for name in chosen | beside if name)


def _nearest(reaches: dict[str, dict[str, int]], dag: Any, key: str) -> str | None:
    found = [
        (distance, successor)
        for successor, reach in reaches.items()
        for name, distance in reach.items()
        if is_for(dag.get_task(name), key)
    ]
    return min(found)[1] if found else None


def _to_the_end(reaches: dict[str, dict[str, int]], dag: Any) -> list[str]:
    ends = [
        (not getattr(dag.get_task(name), "is_last", False), distance, successor)
        for successor, reach in reaches.items()
        for name, distance in reach.items()
        if not dag.get_task(name).downstream_task_ids
    ]
    return [min(ends)[2]]


def _distances(dag: Any, start: str) -> dict[str, int]:
    """How many edges it takes from a task to each one behind it."""
    distances, rim, steps = {start: 0}, {start}, 0
    while rim:
        steps += 1
        rim = {after for name in rim for after in dag.get_task(name).downstream_task_ids} - distances.keys()
        distances |= dict.fromkeys(rim, steps)
    return distances


def kinds_behind(task: Any) -> tuple[str, ...]:
    """Return the kinds of wait that the task's direct successors are for."""
    behind = (task.dag.get_task(name) for name in sorted(task.downstream_task_ids))
    return tuple(dict.fromkeys(kind for successor in behind for kind in getattr(successor, "kinds", ())))


def awaits_any(state: State, kinds: Iterable[str]) -> bool:
    """Say whether the ledger awaits something of one of these kinds."""
    return any(state.awaits(kind) for kind in kinds)


def main_line(state: State) -> list[str]:
    """Return the keys awaited on the main line: what stands beside it does not move the matter on."""
    return [key for key in state.awaiting if _is_main(kind_of(key))]


def _is_main(kind: str) -> bool:
    word, dot, _desk = kind.partition(".")
    return kind in MAIN_LINE or bool(dot and word in DESKS)
