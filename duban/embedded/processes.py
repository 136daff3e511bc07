"""Ending what was started: the Linux facts that the launcher and the keeper of PostgreSQL stand on."""

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator

import psutil

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the child is sent this signal when its parent ends, however it ends (kill -9 included)."""
    parent = os.getpid()

    def leash() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:  # it ended between fork and here
                os._exit(1)

    return leash


class Ended(BaseException):
    """SIGTERM or SIGHUP, as KeyboardInterrupt is Ctrl-C: unwinds from wherever we are."""


def unwind_when_told_to_end() -> None:
    """From now on SIGTERM and SIGHUP unwind this process as Ctrl-C does, instead of cutting it off."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, _raise_ended)


def _raise_ended(*_: object) -> None:
    raise Ended


@contextlib.contextmanager
def deaf() -> Iterator[None]:
    """No signal that can be ignored disturbs what is done in this block: for taking things down completely."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def adopt_orphans() -> None:
    """Whatever below this process loses its parent becomes this process's child, so that it can be found and ended."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans(known: set[int]) -> list[int]:
    """Kill every direct child that this process did not start itself, with all below it; their ids.

    A child that we did not start has lost its parent: a worker whose scheduler was killed would wait for ever,
    a backend whose postmaster was killed would keep the next one from starting.
    """
    ended: list[int] = []
    for orphan in psutil.Process().children():
        if orphan.pid not in known:
            ended += [process.pid for process in _tree(orphan) if _kill(process)]
            _reap(orphan.pid)
    return ended


def end_everything_below() -> None:
    """Kill every descendant of this process; returns when none is left (10 s at most)."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        left = psutil.Process().children(recursive=True)
        if not left:
            return
        for process in left:
            _kill(process)
        for child in psutil.Process().children():
            _reap(child.pid)
        time.sleep(0.02)


def _tree(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return [process]


def _kill(process: psutil.Process) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def _reap(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
