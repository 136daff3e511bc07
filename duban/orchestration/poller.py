"""One look at the ledger an interval, for all that waits in this process.

A wait is over when its key has left the matter's ``awaiting``, whatever took it away: an answer, a deadline, a new
instruction, a withdrawal. Who waited looks at the ledger to see which. A decision is woken, too, when others hold the
posts of which it was asked.
However many matters wait, an interval costs one query; a wait itself is one future in a dictionary.

Airflow can share a stream between triggers itself (``BaseEventTrigger.shared_stream_key``), but such a stream does
not know who listens, so it cannot ask for exactly these waits, and every event is handed to every listener. Hence this.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple
from weakref import WeakKeyDictionary

from duban.errors import Refusal
from duban.orchestration.people import Asked


class Wait(NamedTuple):
    """Somebody waits for this key of this matter to go; see :class:`duban.orchestration.triggers.LedgerTrigger`."""

    number: str
    key: str = ""
    asked: Asked | None = None
    beside: tuple[str, ...] = ()
    until: tuple[str, ...] = ()


log = logging.getLogger(__name__)

REST_AFTER_FAILURE = 60.0
"""Seconds until a matter whose time-driven events could not be appended is tried again."""


def interval() -> float:
    """Seconds between two looks at the ledger: ``DUBAN_POLL_SECONDS``, 1 by default, never less than 0.1."""
    return max(0.1, float(os.environ.get("DUBAN_POLL_SECONDS", "1")))


def look(waits: list[Wait]) -> list[Wait]:
    """Append what time itself has brought about, then say which of ``waits`` are over (blocking; one query for all).

    Raises whatever the ledger raises; a matter whose own lapse fails is logged and does not hold up the others.
    """
    from duban import acts, clock, ledger

    with ledger.transaction() as session:
        due = ledger.due_to_wake(session, clock.now(session))
    for number in _worth_trying(due):
        try:
            if acts.lapse(number).pending_papers:
                acts.write_papers(number)
        except Exception:
            _failed_at[number] = time.monotonic()
            log.exception("Time-driven events of %s could not be appended", number)
    if not waits:
        return []
    with ledger.transaction() as session:
        gone = set(ledger.gone(session, [(wait.number, wait.key) for wait in waits if wait.key]))
        watched = ledger.awaited(session, {wait.number for wait in waits if wait.until})
    replaced = {asked for asked in {wait.asked for wait in waits} if asked is not None and _is_of_others(asked)}
    over = {wait for wait in waits if (wait.number, wait.key) in gone or wait.asked in replaced}
    return [wait for wait in waits if wait in over or (wait.until and _has_come(wait, watched.get(wait.number, ())))]


def _has_come(wait: Wait, awaiting: Iterable[str]) -> bool:
    kinds = {key.rpartition(":")[0] for key in awaiting}
    return bool(kinds & set(wait.until)) or not kinds & set(wait.beside)


def _is_of_others(asked: Asked) -> bool:
    try:
        return asked.others_now()
    except Refusal as fault:
        # The file is being edited: those who were asked may answer until it is sound again.
        log.warning("The organization file cannot be read: %s", fault)
        return False


_failed_at: dict[str, float] = {}


def _worth_trying(numbers: Iterable[str]) -> list[str]:
    now = time.monotonic()
    for number in [number for number, at in _failed_at.items() if now - at > REST_AFTER_FAILURE]:
        del _failed_at[number]
    return [number for number in numbers if number not in _failed_at]


class Poller:
    """Keeps the waits of one event loop and looks at the ledger while there are any.

    ``look`` is called in a thread with all waits and returns those that are over; it may fail (database away): the
    waits stay, the next interval tries again.
    """

    def __init__(self, look: Callable[[list[Wait]], Iterable[Wait]] = look) -> None:
        self._look = look
        self._waiting: dict[Wait, set[asyncio.Future[None]]] = {}
        self._task: asyncio.Task[None] | None = None
        self._failing = False

    async def until_over(self, wait: Wait) -> None:
        """Return when the wait is over. Cancelling it forgets the wait."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(wait, set()).add(over)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="duban-ledger-poller")
        try:
            await over
        finally:
            if futures := self._waiting.get(wait):
                futures.discard(over)
                if not futures:
                    del self._waiting[wait]

    def __len__(self) -> int:
        """How many different waits there are."""
        return len(self._waiting)

    async def _run(self) -> None:
        while self._waiting:
            try:
                # A thread, because the ledger's queries block; the loop serves every other trigger meanwhile.
                over = await asyncio.to_thread(self._look, list(self._waiting))
            except Exception as failure:
                if not self._failing:
                    log.warning("The ledger cannot be asked, %d waits stay: %s", len(self), failure)
                self._failing = True
            else:
                if self._failing:
                    log.warning("The ledger can be asked again, %d waits", len(self))
                self._failing = False
                for wait in over:
                    for future in self._waiting.get(wait, ()):
                        if not future.done():
                            future.set_result(None)
            await asyncio.sleep(interval())


_pollers: WeakKeyDictionary[asyncio.AbstractEventLoop, Poller] = WeakKeyDictionary()


def poller() -> Poller:
    """Return the poller of the running event loop; a triggerer process has one loop, hence one poller."""
    loop = asyncio.get_running_loop()
    if loop not in _pollers:
        _pollers[loop] = Poller()
    return _pollers[loop]
