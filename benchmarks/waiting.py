"""What it costs that N matters wait, and how soon after its unit's reply a matter goes on."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import text

from benchmarks import matters, processes
from benchmarks.deployment import DAGS, SUPERVISION, Site, delays, deployed, say, within
from benchmarks.table import Cell, Delays, ratio, show
from duban import ledger

BOUND = 180.0
"""Seconds within which something has to happen to count as having happened."""

FILL = 0.4
"""Seconds for which each matter's first look is waited for; a task's start takes two cores a third of a second.
The plain sensors of a thousand matters do not all get there, however long one waits."""

DEFERRED = "SELECT count(*) FROM task_instance WHERE dag_id = 'bench_duban' AND state = 'deferred'"
LOOKED = (
    "SELECT count(DISTINCT ti.id) FROM task_instance ti JOIN task_reschedule tr ON tr.ti_id = ti.id"
    " WHERE ti.dag_id = 'bench_plain' AND ti.task_id = 'waiting' AND ti.state <> 'success'"
)
SENSOR, DUBAN, ITSELF = "plain sensor, 60 s", "Duban's wait", "general_item itself"
IDLE_PLAIN, IDLE = "plain Airflow", "Duban's Airflow"


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    sizes: tuple[int, ...] = (100, 1000)
    replies: int = 30
    whole: int = 20  # matters that go through general_item itself, at each size
    answers: int = 20
    gap: float = 2.0  # seconds between two replies, or two answers
    watch: float = 60.0  # seconds during which processor time is counted


@dataclass
class Found:
    """What was measured: by size and by who waited."""

    cpu: dict[tuple[int, str], dict[str, float]] = field(default_factory=dict)
    memory: dict[tuple[int, str], float] = field(default_factory=dict)
    replies: dict[tuple[int, str], Delays] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def duban(plan: Plan, found: Found, between: Callable[[Site, int], None] | None = None) -> None:
    """Duban's wait at every size. `between` is called while so many wait."""
    with deployed([DAGS / "bench_duban.py", SUPERVISION / "general_item.py"]) as site:
        _watch(site, found, plan, 0, IDLE)
        for size, pool in _sizes(plan):
            through = _start_whole(site, pool, plan.whole)
            waiting = _fill(site, "bench_duban", pool, size, DEFERRED, found)
            _watch(site, found, plan, size, DUBAN)
            found.replies[size, DUBAN] = _replies(plan, _spread(waiting, plan.replies), site.reached)
            _reply_whole(found, plan, size, through)
            if between:
                between(site, size)


def plain(plan: Plan, found: Found) -> None:
    """The sensor at every size."""
    with deployed([DAGS / "bench_plain.py"], plain=True) as site:
        _watch(site, found, plan, 0, IDLE_PLAIN)
        for size, pool in _sizes(plan):
            waiting = _fill(site, "bench_plain", pool, size, LOOKED, found)
            _watch(site, found, plan, size, SENSOR)
            found.replies[size, SENSOR] = _replies(plan, _spread(waiting, plan.replies), site.reached)


def _sizes(plan: Plan) -> Iterator[tuple[int, Iterator[str]]]:
    pool = matters.registered("bench")
    for size in plan.sizes:
        yield size, pool


def _fill(site: Site, dag_id: str, pool: Iterator[str], size: int, count: str, found: Found) -> list[str]:
    """Start runs until so many wait; the matters that wait. What does not wait in time is noted, not waited for."""
    there = int(site.ask(count))
    say(f"registering {size - there} more matters and starting their runs of {dag_id}")
    began = time.monotonic()
    for number in islice(pool, size - there):
        site.start(dag_id, number, {"number": number})
    bound = FILL * (size - there) + 60
    if not within(began + bound - time.monotonic(), lambda: int(site.ask(count)) >= size, every=2):
        found.notes.append(f"{dag_id}, N = {size}: only {int(site.ask(count))} of {size} waited after {bound:.0f} s.")
    say(f"{int(site.ask(count))} wait after {time.monotonic() - began:.0f} s")
    open_runs = "SELECT array_agg(run_id ORDER BY run_id) FROM dag_run WHERE dag_id = %s AND state = 'running'"
    done = site.reached()
    return [run for run in site.ask(open_runs, dag_id) if run not in done]


def _watch(site: Site, found: Found, plan: Plan, size: int, who: str) -> None:
    time.sleep(10)  # what was started last comes to rest
    say(f"watching for {plan.watch:.0f} s")
    found.cpu[size, who] = processes.cpu_a_minute(site.home, plan.watch)
    found.memory[size, who] = processes.memory(site.home, "triggerer")


def _spread(numbers: list[str], count: int) -> list[str]:
    """So many of them, from all over the queue."""
    return numbers[:: max(1, len(numbers) // count)][:count]


def _replies(plan: Plan, numbers: list[str], arrived: Callable[[], dict[str, float]]) -> Delays:
    say(f"{len(numbers)} replies")
    sent: dict[str, float] = {}
    for number in numbers:
        began = time.monotonic()
        matters.reply(number)
        sent[number] = time.time()
        time.sleep(max(0.0, plan.gap - (time.monotonic() - began)))
    return delays(sent, arrived, BOUND)


def _start_whole(site: Site, pool: Iterator[str], count: int) -> list[str]:
    """Runs of general_item, brought to where they await the reply."""
    say(f"{count} runs of general_item")
    numbers = list(islice(pool, count))
    for number in numbers:
        site.start("general_item", number, {"number": number})
    waiting = (
        "SELECT count(*) = %s FROM task_instance WHERE dag_id = 'general_item' AND state = 'deferred'"
        " AND task_id = 'handling_round.await_reply' AND run_id = ANY(%s)"
    )
    if not within(BOUND + 5 * count, lambda: bool(site.ask(waiting, count, numbers)), every=2):
        raise SystemExit("The runs of general_item did not come to await their replies")
    return numbers


def _reply_whole(found: Found, plan: Plan, size: int, numbers: list[str]) -> None:
    asked = text(
        "SELECT number, extract(epoch FROM asked_at) FROM question"
        " WHERE key = 'review.office:1' AND number = ANY(:these)"
    )

    def arrived() -> dict[str, float]:
        with ledger.transaction() as session:
            return {number: float(at) for number, at in session.execute(asked, {"these": numbers})}

    found.replies[size, ITSELF] = _replies(plan, numbers, arrived)


def print_tables(plan: Plan, found: Found) -> None:
    """Costs, then delays."""
    names = processes.COMPONENTS
    rows: list[list[Cell]] = []
    for size in (0, *plan.sizes):
        theirs, ours = (IDLE_PLAIN, IDLE) if size == 0 else (SENSOR, DUBAN)
        for who in (theirs, ours):
            spent = found.cpu[size, who]
            total = sum(spent.values())
            share = ratio(total, sum(found.cpu[size, theirs].values())) if who == ours else None
            rows.append([f"N = {size}  {who}", *(spent[name] for name in names), total, share, found.memory[size, who]])
    head = ["", *names.values(), "all", "of plain", "triggerer MB"]
    notes = [f"{plan.watch:.0f} s watched; 60 CPU seconds a minute are one core. Nothing happens to the matters then."]
    show("Cost of N waiting matters: CPU seconds a minute", head, rows, [*notes, *found.notes])

    rows, notes = [], []
    for size in plan.sizes:
        for who in (SENSOR, DUBAN, ITSELF):
            took = found.replies[size, who]
            rows.append([f"N = {size}  {who}", *took.cells(None if who == SENSOR else found.replies[size, SENSOR])])
            notes += took.missing(f"N = {size}, {who}")
    head = ["", "median", "p95", "worst", "arrived", "of plain"]
    notes.append(f"From the reply in the ledger to the following step at work. A reply every {plan.gap:.0f} s.")
    notes.append("general_item itself: until its review decision is put to the office. Plain: the scheduler as Airflow")
    notes.append("comes, without head of queue; parsing, triggerer and executor (warm workers) as in Duban.")
    show("From a unit's reply to the start of the next step: seconds", head, rows, notes)
