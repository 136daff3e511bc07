"""The DAGs whose runs have a file in the ledger: the supervision types, and the periodical work."""

from __future__ import annotations

from duban.ledger.standing import PERIODICALS

MATTER_TYPES: dict[str, str] = {
    f"{type_id}_item": type_id for type_id in ("general", "complex", "dated", "routine", "staged", "decomposed")
}
"""DAG id -> type of the matters that its runs carry. The daily watch is nobody's."""

FILE_TYPES: dict[str, str] = MATTER_TYPES | {kind: kind for kind in PERIODICALS}
"""DAG id -> type of the files that its runs carry, matters and period files (期)."""


def dag_of(type_id: str) -> str:
    """Return the DAG that carries matters, or period files, of this type."""
    return type_id if type_id in PERIODICALS else f"{type_id}_item"
