"""The tables that go out beside a paper (.xlsx), made from the snapshot: the same snapshot, the same bytes."""

from collections.abc import Iterator

from duban.acts.act import Act

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tables(_it: Act) -> Iterator[tuple[str, bytes]]:
    """Name and content of each table of a period file; none for a type that has none."""
    yield from ()
