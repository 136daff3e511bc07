"""One real Airflow for all end-to-end tests: embedded PostgreSQL, every component, a rehearsal ledger."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from duban.demo.stories import START
from duban.embedded import launcher, postgres
from duban.embedded.bureau import Bureau
from duban.embedded.launcher import Deployment


@pytest.fixture(scope="session")
def airflow() -> Iterator[Deployment]:
    """A running deployment; everything of it is gone when the tests end."""
    home = Path(tempfile.mkdtemp(prefix="duban-e2e-"))
    kept = dict(os.environ)
    os.environ |= {"DUBAN_VAR": str(home), "DUBAN_REHEARSAL": "1", "DUBAN_REHEARSAL_START": START.isoformat()}
    for name in ("DUBAN_LEDGER_URL", "DUBAN_FILES"):
        os.environ.pop(name, None)
    try:
        with launcher.running(home, rehearsal=True, port=18080, log=home / "up.log") as deployment:
            yield deployment
    finally:
        os.environ.clear()
        os.environ |= kept
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def bureau(airflow: Deployment) -> Iterator[Bureau]:
    """The people of the bureau, at this deployment; the test process speaks to its ledger too."""
    os.environ |= {"DUBAN_LEDGER_URL": postgres.address(airflow.home), "DUBAN_FILES": str(airflow.home / "files")}
    people = Bureau(airflow.home)
    yield people
    people.close()
