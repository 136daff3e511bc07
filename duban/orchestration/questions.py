"""Where Airflow asks which decision: written when a decision is put to people, read by the door when they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Place:
    """A task instance as Airflow addresses it; ``region_*`` tell the passes of a loop apart."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1
    region_id: str = str(UUID(int=0))
    region_index: int = -1

    @classmethod
    def of(cls, task_instance: Any) -> Place:
        """Return the place of a running task instance."""
        return cls(
            task_instance.dag_id,
            task_instance.run_id,
            task_instance.task_id,
            -1 if task_instance.map_index is None else task_instance.map_index,
            str(task_instance.region_id or UUID(int=0)),
            -1 if task_instance.region_index is None else task_instance.region_index,
        )


def ask(session: Session, number: str, key: str, place: Place) -> None:
    """Note that decision ``key`` of matter ``number`` is asked at ``place`` (the latest place counts)."""
    session.execute(
        text(
            "INSERT INTO question (number, key, dag_id, run_id, task_id, map_index, region_id, region_index, asked_at)"
            " VALUES (:number, :key, :dag_id, :run_id, :task_id, :map_index, :region_id, :region_index, now())"
            " ON CONFLICT (number, key) DO UPDATE SET dag_id = excluded.dag_id, run_id = excluded.run_id,"
            " task_id = excluded.task_id, map_index = excluded.map_index, region_id = excluded.region_id,"
            " region_index = excluded.region_index, asked_at = excluded.asked_at"
        ),
        {"number": number, "key": key, **vars(place)},
    )


def asked_at(
    session: Session, dag_id: str, run_id: str, task_id: str, region_id: str | None, region_index: int | None
) -> tuple[str, str] | None:
    """Return (number, key) of the decision asked at this place, or None.

    Without a region (a request that names none) the newest decision of that task counts: Airflow itself refuses
    such a request when the task is inside a loop, so nothing is mixed up.
    """
    found = session.execute(
        text(
            "SELECT number, key FROM question WHERE dag_id = :dag_id AND run_id = :run_id AND task_id = :task_id"
            " AND (CAST(:region_id AS text) IS NULL OR CAST(region_id AS text) = :region_id)"
            " AND (CAST(:region_index AS integer) IS NULL OR region_index = :region_index)"
            " ORDER BY asked_at DESC LIMIT 1"
        ),
        {
            "dag_id": dag_id,
            "run_id": run_id,
            "task_id": task_id,
            "region_id": region_id,
            "region_index": region_index,
        },
    ).first()
    return (str(found[0]), str(found[1])) if found else None


def place_of(session: Session, number: str, key: str) -> Place | None:
    """Return where the decision ``key`` of the matter was asked last, None if it was not asked yet."""
    columns = "dag_id, run_id, task_id, map_index, CAST(region_id AS text), region_index"
    found = session.execute(
        text(f"SELECT {columns} FROM question WHERE number = :number AND key = :key"), {"number": number, "key": key}
    ).first()
    return Place(*found) if found else None
