"""The supervision types that have a DAG of their own."""

from __future__ import annotations

MATTER_TYPES: dict[str, str] = {
    f"{type_id}_item": type_id for type_id in ("general", "complex", "dated", "routine", "staged", "decomposed")
}
"""DAG id -> type of the matters that its runs carry. Other DAGs (reports, scores, watch) are no matter's."""
