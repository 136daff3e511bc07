"""One look an interval for all waits: nothing lost when the database is away, nothing kept when a wait is dropped."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from matters import Matter

from duban import acts, clock, ledger
from duban.orchestration import poller as module
from duban.orchestration.poller import Poller, Wait, look


class FakeLedger:
    """Awaits every key until it is taken away; counts how often it is asked, and for how much."""

    def __init__(self) -> None:
        self.gone: set[Wait] = set()
        self.asked: list[int] = []
        self.away = False

    def __call__(self, waits: list[Wait]) -> list[Wait]:
        self.asked.append(len(waits))
        if self.away:
            raise ConnectionError("away")
        return [wait for wait in waits if wait in self.gone]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_POLL_SECONDS", "0.1")


def running(test: Callable[[FakeLedger, Poller], Awaitable[None]]) -> None:
    async def main() -> None:
        fake = FakeLedger()
        await asyncio.wait_for(test(fake, Poller(fake)), 10)

    asyncio.run(main())


def start(poller: Poller, *waits: Wait) -> list["asyncio.Task[None]"]:
    return [asyncio.create_task(poller.until_gone(*wait)) for wait in waits]


def test_many_waits_cost_one_query_an_interval() -> None:
    async def test(fake: FakeLedger, poller: Poller) -> None:
        tasks = start(poller, *((f"BC-{n}", "reply:1") for n in range(2000)))
        await asyncio.sleep(0.45)
        assert len(fake.asked) <= 6
        assert set(fake.asked) == {2000}
        fake.gone = {("BC-7", "reply:1")}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert [task.done() for task in tasks].count(True) == 1
        assert tasks[7].done()
        assert len(poller) == 1999
        for task in tasks:
            task.cancel()

    running(test)


def test_everyone_who_waits_for_the_same_key_is_told() -> None:
    async def test(fake: FakeLedger, poller: Poller) -> None:
        tasks = start(poller, ("A", "call:1"), ("A", "call:1"), ("A", "reply:1"))
        await asyncio.sleep(0.05)
        fake.gone = {("A", "call:1")}
        await asyncio.gather(*tasks[:2])
        assert not tasks[2].done()
        tasks[2].cancel()

    running(test)


def test_a_database_that_is_away_ends_no_wait_and_is_asked_again() -> None:
    async def test(fake: FakeLedger, poller: Poller) -> None:
        fake.away = True
        (task,) = start(poller, ("A", "reply:1"))
        await asyncio.sleep(0.35)
        assert len(fake.asked) >= 2
        assert not task.done()
        fake.away, fake.gone = False, {("A", "reply:1")}
        await task

    running(test)


def test_a_dropped_wait_leaves_nothing_behind() -> None:
    async def test(fake: FakeLedger, poller: Poller) -> None:
        tasks = start(poller, ("A", "reply:1"), ("B", "reply:1"))
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(poller) == 0
        await asyncio.sleep(0.25)
        looks = len(fake.asked)
        await asyncio.sleep(0.25)
        assert len(fake.asked) == looks, "it goes on asking for nobody"
        fake.gone = {("C", "file:1")}
        await poller.until_gone("C", "file:1")

    running(test)


def test_time_itself_is_let_into_the_ledger_first(matter: Matter, move_to: Callable[[datetime], None]) -> None:
    matter.in_progress()
    waits = [(matter.number, "reply:1"), (matter.number, "urge:1")]
    assert look(waits) == [(matter.number, "urge:1")]
    move_to(datetime(2026, 3, 20, 9, 0, tzinfo=clock.SHANGHAI))
    assert look(waits) == [(matter.number, "reply:1")]
    assert "reply_lapsed" in matter.kinds()


def test_one_faulty_matter_does_not_hold_up_the_others(
    new_matter: Callable[..., Matter], move_to: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty, sound = new_matter().in_progress(), new_matter().in_progress()
    move_to(datetime(2026, 3, 20, 9, 0, tzinfo=clock.SHANGHAI))
    tried: list[str] = []

    def lapse(number: str, lapse: Callable[[str], ledger.State] = acts.lapse) -> ledger.State:
        tried.append(number)
        if number == faulty.number:
            raise ValueError("broken")
        return lapse(number)

    monkeypatch.setattr(acts, "lapse", lapse)
    monkeypatch.setattr(module, "_failed_at", {})
    assert look([(sound.number, "reply:1")]) == [(sound.number, "reply:1")]
    look([])
    assert tried.count(faulty.number) == 1, "it is left in peace for a while"
    assert sound.state.state == "overdue"
