"""The run whose task has ended is looked at next, and nobody ever waits for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from duban.orchestration import head_of_queue

TABLES = """
CREATE TABLE dag_run (id integer PRIMARY KEY, dag_id text, run_id text, state text,
    last_scheduling_decision timestamptz DEFAULT now(), UNIQUE (dag_id, run_id));
CREATE TABLE task_instance (id integer PRIMARY KEY, dag_id text, run_id text, state text);
INSERT INTO dag_run (id, dag_id, run_id, state) VALUES (1, 'd', 'a', 'running'), (2, 'd', 'b', 'running'),
    (3, 'd', 'c', 'success');
INSERT INTO task_instance VALUES (1, 'd', 'a', 'running'), (2, 'd', 'b', 'running'), (3, 'd', 'c', 'running');
"""


class Metadata:
    """As much of Airflow's metadata database as the triggers touch."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.url = address.replace("+psycopg", "")
        with self.session() as session:
            session.execute(TABLES)

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.url) as connection:
            yield connection

    def end(self, task: int, state: str = "success") -> float:
        """End a task as a worker's report does; seconds it took."""
        began = time.monotonic()
        with self.session() as session:
            session.execute("UPDATE task_instance SET state = %s WHERE id = %s", (state, task))
        return time.monotonic() - began

    def look(self, run: int) -> None:
        with self.session() as session:
            session.execute("UPDATE dag_run SET last_scheduling_decision = now() WHERE id = %s", (run,))

    def at_head(self) -> list[int]:
        with self.session() as session:
            rows = session.execute("SELECT id FROM dag_run WHERE last_scheduling_decision IS NULL ORDER BY id")
            return [row[0] for row in rows]

    def one(self, statement: str) -> Any:
        with self.session() as session:
            row = session.execute(statement).fetchone()
            return row and row[0]


@pytest.fixture
def metadata(new_database: Callable[..., str]) -> Metadata:
    return Metadata(new_database())


def test_a_run_goes_to_the_head_when_its_task_has_ended(metadata: Metadata) -> None:
    assert head_of_queue.install(metadata.address, "3.4.0b2")
    metadata.end(1)
    assert metadata.at_head() == [1]
    metadata.end(3)
    assert metadata.at_head() == [1], "a run that is over is not looked at again"
    metadata.look(1)
    metadata.end(2, "deferred")
    assert metadata.at_head() == [], "a task that waits has not ended"


def test_a_run_that_is_being_looked_at_is_looked_at_again(metadata: Metadata) -> None:
    head_of_queue.install(metadata.address, "3.4.0")
    with psycopg.connect(metadata.url) as scheduler:
        scheduler.execute("SELECT 1 FROM dag_run WHERE id = 1 FOR UPDATE")
        scheduler.execute("UPDATE dag_run SET last_scheduling_decision = now() WHERE id = 1")
        assert metadata.end(1) < 1, "the report of the task's end waited for the scheduler"
        assert metadata.at_head() == []
    assert metadata.at_head() == [1]
    metadata.look(1)
    assert metadata.at_head() == []
    assert metadata.one("SELECT count(*) FROM duban_queue.missed") == 0


def test_two_ends_while_it_is_looked_at_do_not_wait_for_each_other(metadata: Metadata) -> None:
    head_of_queue.install(metadata.address, "3.4.0")
    with psycopg.connect(metadata.url) as scheduler, psycopg.connect(metadata.url) as other:
        scheduler.execute("UPDATE dag_run SET last_scheduling_decision = now() WHERE id IN (1, 2)")
        other.execute("UPDATE task_instance SET state = 'failed' WHERE id = 1")
        assert metadata.end(2) < 1
        other.commit()
        scheduler.commit()
    assert metadata.at_head() == [1, 2]


def test_it_is_installed_once_and_removed_whole(metadata: Metadata, monkeypatch: pytest.MonkeyPatch) -> None:
    head_of_queue.install(metadata.address, "3.4.0")
    made = metadata.one("SELECT max(oid) FROM pg_trigger")
    assert head_of_queue.install(metadata.address, "3.4.1")
    assert metadata.one("SELECT max(oid) FROM pg_trigger") == made
    monkeypatch.setenv("DUBAN_HEAD_OF_QUEUE", "0")
    assert not head_of_queue.install(metadata.address, "3.4.0")
    assert metadata.one("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'duban%'") == 0
    metadata.end(1)
    assert metadata.at_head() == []


def test_an_airflow_that_was_not_tried_goes_without(metadata: Metadata) -> None:
    head_of_queue.install(metadata.address, "3.4.0")
    assert not head_of_queue.install(metadata.address, "3.5.0")
    assert metadata.one("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'duban%'") == 0


def test_a_fault_of_ours_never_fails_a_task(metadata: Metadata) -> None:
    head_of_queue.install(metadata.address, "3.4.0")
    with metadata.session() as session:
        session.execute("ALTER TABLE dag_run RENAME COLUMN last_scheduling_decision TO renamed")
    metadata.end(1)
    assert metadata.one("SELECT state FROM task_instance WHERE id = 1") == "success"
