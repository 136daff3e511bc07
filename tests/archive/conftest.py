"""A small year: matters that end in different ways, in a ledger whose clock can be moved into the next year."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from matters import Matter


@pytest.fixture
def closed(new_matter: Callable[..., Matter]) -> Callable[..., Matter]:
    """Makes a matter that is closed on the day it was registered."""

    def make(**changes: Any) -> Matter:
        return new_matter(**changes).in_progress().replied().closed()

    return make


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the packages go."""
    return tmp_path / "归档 2026"
