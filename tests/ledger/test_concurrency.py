"""Many at once, each with a connection of his own: it must look as if one came after another."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_office import UNIT, note, register
from sqlalchemy import select, text

from duban import ledger, numbering
from duban.errors import Refusal
from duban.ledger import Draft, locks
from duban.ledger.models import AllocatedNumber, NumberSeries

NUMBER = "BC-2026-0001"
THREADS = 8

T = TypeVar("T")


class StumbleError(Exception):
    """Something went wrong after the number was taken."""


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(count)))


def given_out(series: str) -> list[int]:
    with ledger.transaction() as session:
        query = select(AllocatedNumber.n).where(AllocatedNumber.series == series).order_by(AllocatedNumber.n)
        return list(session.scalars(query))


def test_events_of_one_matter_come_one_after_another(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)

    def append(n: int) -> int:
        with ledger.transaction() as session:
            return note(session, key=f"note:{n}").seq

    assert sorted(at_once(40, append)) == list(range(2, 42))
    assert ledger.verify() == []


def test_one_deed_done_by_all_at_once_is_done_once(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)

    def append(n: int) -> int:
        with ledger.transaction() as session:
            return note(session, title=f"第{n}人").seq

    assert set(at_once(16, append)) == {2}
    with ledger.transaction() as session:
        assert len(ledger.events(session, NUMBER)) == 2


def test_of_two_who_decide_on_the_same_version_one_is_refused(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)

    def decide(n: int) -> bool:
        try:
            with ledger.transaction() as session:
                draft = Draft("noted", f"decide:{n}", UNIT, "五（二）")
                ledger.append(session, NUMBER, draft, expected_version=1)
        except Refusal:
            return False
        return True

    assert sum(at_once(8, decide)) == 1


def test_numbers_have_no_gaps_and_no_doubles_though_every_third_stumbles(ledger_url: str) -> None:
    def take(n: int) -> int | None:
        try:
            with ledger.transaction() as session:
                taken = numbering.allocate(session, "白公督", 2026, f"key:{n}")
                if n % 3 == 0:
                    raise StumbleError
                return taken
        except StumbleError:
            return None

    taken = [n for n in at_once(60, take) if n is not None]
    assert sorted(taken) == list(range(1, 41)) == given_out("白公督")
    assert ledger.verify() == []


def test_the_same_key_gets_the_same_number_however_many_ask(ledger_url: str) -> None:
    def take(n: int) -> int:
        with ledger.transaction() as session:
            return numbering.allocate(session, "白公督", 2026, f"key:{n % 3}")

    assert set(Counter(at_once(24, take))) == {1, 2, 3}
    assert given_out("白公督") == [1, 2, 3]


def test_registering_the_same_run_at_once_opens_one_matter(ledger_url: str) -> None:
    def register_run(_: int) -> str:
        with ledger.transaction() as session:
            if known := ledger.number_of_run(session, "manual__1", lock=True):
                return known
            number = f"BC-2026-{numbering.allocate(session, '白公督', 2026, 'manual__1'):04d}"
            register(session, number, run_key="manual__1")
            return number

    assert set(at_once(16, register_run)) == {"BC-2026-0001"}
    with ledger.transaction() as session:
        assert len(ledger.items(session)) == 1


def test_nobody_waits_in_a_circle(ledger_url: str) -> None:
    """Acts that lock their matter, take numbers of several series in any order and open matters: never a deadlock."""
    with ledger.transaction() as session:
        for n in range(4):
            register(session, f"M-{n}")
    chance = random.Random(2020)
    plans = [(chance.randrange(4), chance.sample(["甲", "乙", "丙"], 3), chance.random() < 0.3) for _ in range(60)]

    def act(n: int) -> None:
        matter, series, opens = plans[n]
        with ledger.transaction() as session:
            if opens:
                numbering.allocate(session, series[0], 2026, f"open:{n}")
                register(session, f"N-{n}")
            else:
                numbering.allocate(session, series[0], 2026, f"first:{n}", number=f"M-{matter}")
                note(session, f"M-{matter}", key=f"note:{n}")
            for name in series:
                numbering.allocate(session, name, 2026, f"{name}:{n}")

    at_once(60, act)  # PostgreSQL would end a circle with an error after a second
    assert ledger.verify() == []


def test_a_number_taken_before_the_event_locks_the_matter_first(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session)

    def event_before_number() -> None:
        with ledger.transaction() as session:
            note(session, key="second")
            numbering.allocate(session, "甲", 2026, "second", number=NUMBER)

    with ThreadPoolExecutor(1) as pool:
        with ledger.transaction() as session:
            numbering.allocate(session, "甲", 2026, "first", number=NUMBER)
            other = pool.submit(event_before_number)
            time.sleep(0.3)  # by now the other one waits, and must not hold what we want next
            note(session, key="first")
        other.result()
    assert ledger.verify() == []


def test_who_holds_a_matter_too_long_makes_others_give_up_in_a_sentence(
    ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger.transaction() as session:
        register(session)
    with ledger.transaction() as holder:
        locks.head(holder, NUMBER, lock=True)
        with pytest.raises(Refusal, match="台账正忙"), ledger.transaction() as session:  # noqa: PT012
            session.execute(text("SET LOCAL lock_timeout = '100ms'"))
            note(session)


steps = st.lists(
    st.tuples(st.sampled_from("甲乙"), st.sampled_from([2026, 2027]), st.integers(0, 6), st.booleans()), max_size=25
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_any_history_of_taking_and_giving_back(ledger_url: str, steps: list[tuple[str, int, int, bool]]) -> None:
    """Against a model: a dictionary of what each key got."""
    _forget_numbers(ledger_url)
    model: dict[tuple[str, str], tuple[int, int]] = {}
    for series, year, n, stumbles in steps:
        key = f"key:{n}"
        before = model.get((series, key))
        last = max((got for (name, _), (of, got) in model.items() if (name, of) == (series, year)), default=0)
        try:
            with ledger.transaction() as session:
                taken = numbering.allocate(session, series, year, key)
                assert taken == (before[1] if before else last + 1)
                if stumbles:
                    raise StumbleError
                model[series, key] = (year, taken)
        except StumbleError:
            continue
        except Refusal:
            assert before is not None
            assert before[0] != year
    with ledger.transaction() as session:
        rows = session.execute(
            select(AllocatedNumber.series, AllocatedNumber.key, AllocatedNumber.year, AllocatedNumber.n)
        )
        assert {(row.series, row.key): (row.year, row.n) for row in rows} == model
    assert ledger.verify() == []


def _forget_numbers(_: str) -> None:
    with ledger.transaction() as session:  # the owner of the tables may; one database serves all the examples
        for table in (AllocatedNumber.__tablename__, NumberSeries.__tablename__):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            session.execute(text(f"DELETE FROM {table}"))
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def test_a_number_given_to_one_matter_is_not_given_to_another(ledger_url: str) -> None:
    with ledger.transaction() as session:
        register(session, "M-1")
        register(session, "M-2")
        assert numbering.allocate(session, "甲", 2026, "k", number="M-1") == 1
        with pytest.raises(Refusal, match="第 1 号已给了 M-1"):
            numbering.allocate(session, "甲", 2026, "k", number="M-2")
        with pytest.raises(Refusal, match="第 1 号已给了 M-1"):
            numbering.allocate(session, "甲", 2027, "k", number="M-1")


def test_a_series_goes_on_after_the_paper_one(ledger_url: str) -> None:
    with ledger.transaction() as session:
        numbering.begin(session, "甲", 2026, after=57)
        assert numbering.allocate(session, "甲", 2026, "k") == 58
        assert numbering.allocate(session, "甲", 2027, "k2") == 1
        with pytest.raises(Refusal, match="已经开始使用"):
            numbering.begin(session, "甲", 2026, after=80)
    assert ledger.verify() == []


@pytest.mark.parametrize("change", ["last = last + 2", "last = last - 1", "year = 2030", "began_after = 1"])
def test_the_database_itself_lets_a_series_only_count(ledger_url: str, change: str) -> None:
    with ledger.transaction() as session:
        numbering.allocate(session, "甲", 2026, "k")
    with pytest.raises(Refusal, match="一个一个往下取"), ledger.transaction() as session:
        session.execute(text(f"UPDATE number_series SET {change}"))
