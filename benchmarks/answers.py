"""How soon after a person's answer the ledger has the matter's new state, and how soon the next step starts.

In Duban the answer and the new state are one transaction inside the request. With Airflow's own operator the request
only tells Airflow; whatever keeps the state learns of it from the task that follows.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import text

from benchmarks import matters
from benchmarks.deployment import DAGS, SUPERVISION, Site, delays, deployed, say, within
from benchmarks.table import Cell, Delays, show
from benchmarks.waiting import BOUND, Plan
from duban import ledger
from duban.embedded import accounts

DOOR, STANDARD = "Duban's decision", "plain HITLOperator"
OPEN = "SELECT count(*) FROM task_instance WHERE dag_id = 'bench_open' AND state = 'deferred'"
WAITING_PLAIN = "SELECT count(*) = %s FROM task_instance WHERE dag_id = 'bench_decision' AND state = 'awaiting_input'"


@dataclass
class Answered:
    """What was measured at one size: the request, until the ledger has the state, until the next step runs."""

    request: Delays
    state: Delays
    step: Delays


@dataclass
class Found:
    """By how many other runs are open and whose decision it is."""

    answered: dict[tuple[int, str], Answered] = field(default_factory=dict)

    def duban(self, plan: Plan, site: Site, open_runs: int) -> None:
        """Duban's, in a deployment in which so many matters wait."""
        self.answered[open_runs, DOOR] = _duban(plan, site, open_runs)

    def duban_alone(self, plan: Plan) -> None:
        """Duban's, with nothing else open."""
        with deployed([SUPERVISION / "general_item.py"]) as site:
            self.duban(plan, site, 0)

    def plain(self, plan: Plan, sizes: Sequence[int]) -> None:
        """Airflow's own, beside as many open runs; those wait in the triggerer, which is the cheapest there is."""
        with deployed([DAGS / "bench_decision.py", DAGS / "bench_open.py"], plain=True) as site:
            for size in sizes:
                _open(site, size)
                self.answered[size, STANDARD] = _plain(plan, site, size)


def _open(site: Site, size: int) -> None:
    there = int(site.ask(OPEN))
    say(f"opening {size - there} other runs")
    for n in range(there, size):
        site.start("bench_open", f"open-{n}", {})
    if not within(BOUND + size, lambda: int(site.ask(OPEN)) >= size, every=2):
        raise SystemExit("The other runs were not all open in time")
    time.sleep(10)  # what was started last comes to rest


def _duban(plan: Plan, site: Site, open_runs: int) -> Answered:
    say(f"{plan.answers} decisions of general_item")
    forms = [matters.form(1_000_000 + open_runs * 100 + n) for n in range(plan.answers)]
    numbers = [site.bureau.register(form) for form in forms]
    asked: dict[str, dict[str, Any]] = {}

    def all_asked() -> bool:
        for number in numbers:
            if number not in asked and (one := site.bureau.asked(number, "sign.director")):
                asked[number] = one
        return len(asked) == len(numbers)

    if not within(BOUND, all_asked, every=2):
        raise SystemExit("The decisions of general_item were not all asked")
    site.bureau.post("director").get("/version")  # signed in
    sent, took = _answers(plan, numbers, lambda number: site.bureau.answer_to(asked[number], "同意"))
    # Looked at after all were sent, so that looking does not slow them down: it is there, or it was never written.
    shown = [seconds for number, seconds in took.items() if _state_at(number) <= sent[number] + seconds]
    step = delays(sent, lambda: _asked_at(numbers), BOUND)
    return Answered(_delays([*took.values()], plan), _delays(shown, plan), step)


def _plain(plan: Plan, site: Site, open_runs: int) -> Answered:
    say(f"{plan.answers} decisions of HITLOperator")
    runs = [f"decision-{open_runs}-{n}" for n in range(plan.answers)]
    for run in runs:
        site.start("bench_decision", run, {})
    if not within(BOUND, lambda: bool(site.ask(WAITING_PLAIN, plan.answers)), every=2):
        raise SystemExit("The decisions of HITLOperator were not all asked")
    person = site.bureau.person(accounts.OPERATOR)

    def answer(run: str) -> httpx.Response:
        path = f"/dags/bench_decision/dagRuns/{run}/taskInstances/asked/-1/hitlDetails"
        return person.send("PATCH", path, json={"chosen_options": ["签发"], "params_input": {}})

    sent, took = _answers(plan, runs, answer)
    step = delays(sent, site.reached, BOUND)
    return Answered(_delays([*took.values()], plan), step, step)


def _answers(
    plan: Plan, names: list[str], answer: Callable[[str], httpx.Response]
) -> tuple[dict[str, float], dict[str, float]]:
    """Answer one after the other: when each was sent, how many seconds until the request had returned."""
    sent, took = {}, {}
    for name in names:
        sent[name], began = time.time(), time.perf_counter()
        answer(name).raise_for_status()
        took[name] = time.perf_counter() - began
        time.sleep(max(0.0, plan.gap - took[name]))
    return sent, took


def _state_at(number: str) -> float:
    """When the director's answer was written to the ledger, which changes the matter's state with it."""
    with ledger.transaction() as session:
        event = ledger.event(session, number, "sign.director:1")
    return event.recorded_at.timestamp() if event else float("inf")


def _asked_at(numbers: list[str]) -> dict[str, float]:
    """When the next decision was put to the chief."""
    asked = text(
        "SELECT number, extract(epoch FROM asked_at) FROM question WHERE key = 'sign.chief:1' AND number = ANY(:these)"
    )
    with ledger.transaction() as session:
        return {number: float(at) for number, at in session.execute(asked, {"these": numbers})}


def _delays(seconds: list[float], plan: Plan) -> Delays:
    return Delays(tuple(seconds), plan.answers, BOUND)


def print_table(plan: Plan, found: Found) -> None:
    """One row a size and kind."""
    rows: list[list[Cell]] = []
    notes: list[str] = []
    for what, name in (("request", "request"), ("state", "state in the ledger"), ("step", "next step at work")):
        for size in sorted({size for size, _ in found.answered}):
            plain = getattr(found.answered[size, STANDARD], what)
            for who in (STANDARD, DOOR):
                took: Delays = getattr(found.answered[size, who], what)
                rows.append([f"{name}  {size} open  {who}", *took.cells(plain if who == DOOR else None)])
                notes += took.missing(f"{name}, {size} open, {who}")
    head = ["", "median", "p95", "worst", "arrived", "of plain"]
    notes.append(f"Sent over REST, an answer every {plan.gap:.0f} s, beside so many other open runs that wait. Duban's")
    notes.append("answer is written before its request returns; the plain one is known when the next task runs.")
    show("From a person's answer: seconds", head, rows, notes)
