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


def waits(*pairs: tuple[str, str]) -> list[Wait]:
    return [Wait(*pair) for pair in pairs]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_POLL_SECONDS", "0.1")


def running(test: Callable[[FakeLedger, Poller], Awaitable[None]]) -> None:
    async def main() -> None:
        fake = FakeLedger()
        await asyncio.wait_for(test(fake, Poller(fake)), 10)

    asyncio.run(main())


def start(poller: Poller, *pairs: tuple[str, str]) -> list["asyncio.Task[None]"]:
    return [asyncio.create_task(poller.until_over(wait)) for wait in waits(*pairs)]


def test_many_waits_cost_one_query_an_interval() -> None:
    async def test(fake: FakeLedger, poller: Poller) -> None:
        tasks = start(poller, *((f"BC-{n}", "reply:1") for n in range(2000)))
        await asyncio.sleep(0.45)
        assert len(fake.asked) <= 6
        assert set(fake.asked) == {2000}
        fake.gone = set(waits(("BC-7", "reply:1")))
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
        fake.gone = set(waits(("A", "call:1")))
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
        fake.away, fake.gone = False, set(waits(("A", "reply:1")))
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
        fake.gone = set(waits(("C", "file:1")))
        await poller.until_over(Wait("C", "file:1"))

    running(test)


def test_time_itself_is_let_into_the_ledger_first(matter: Matter, move_to: Callable[[datetime], None]) -> None:
    matter.in_progress()
    reply, urge = waits((matter.number, "reply:1"), (matter.number, "urge:1"))
    assert look([reply, urge]) == [urge]
    move_to(datetime(2026, 3, 20, 9, 0, tzinfo=clock.SHANGHAI))
    assert look([reply, urge]) == [reply]
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
    assert look(waits((sound.number, "reply:1"))) == waits((sound.number, "reply:1"))
    look([])
    assert tried.count(faulty.number) == 1, "it is left in peace for a while"
    assert sound.state.state == "overdue"


def test_what_comes_beside_the_main_line_ends_a_watch_and_so_does_the_end_of_it(matter: Matter) -> None:
    matter.in_progress()
    beside = ("reply", "review.office")
    watch = Wait(matter.number, beside=beside, until=("extend.director",))
    assert look([watch]) == []
    assert look([Wait(matter.number, beside=beside, until=("reply",))]) != []
    assert look([Wait(matter.number, beside=("sign.director",), until=("extend.director",))]) != []
    assert look([Wait("BC-2026-9999", beside=beside, until=("extend.director",))]) != []


def test_papers_that_are_due_by_time_alone_are_made(
    matter: Matter, move_to: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    matter.in_progress()
    made: list[str] = []
    monkeypatch.setattr(acts, "write_papers", made.append)
    lapse = acts.lapse

    def pending(number: str) -> ledger.State:
        return lapse(number).model_copy(update={"pending_papers": ("问责登记表",)})

    move_to(datetime(2026, 3, 9, 9, 0, tzinfo=clock.SHANGHAI))
    look([])
    assert made == []
    monkeypatch.setattr(acts, "lapse", pending)
    move_to(datetime(2026, 3, 20, 9, 0, tzinfo=clock.SHANGHAI))
    look([])
    assert made == [matter.number]
