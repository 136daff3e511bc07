"""One real Airflow for all end-to-end tests: embedded PostgreSQL, every component, a rehearsal ledger.

It has the Baicheng regulation, with decomposition added to it as an office would add it, and reads regulation,
organization file and DAGs from copies, so that tests may change them while matters are open.
"""

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
from duban.embedded.places import CHECKOUT

DECOMPOSITION = """
## 附（二）分解督办
几个单位一起办的，分解到各单位，由主办单位汇总。
```规则
事项类型:
  分解: {名称: 分解督办事项, 时限: 另定}
分解: {牵头称谓: 主办单位, 配合称谓: 协办单位}
```
"""


@pytest.fixture(scope="session")
def airflow() -> Iterator[Deployment]:
    """A running deployment; everything of it is gone when the tests end."""
    home = Path(tempfile.mkdtemp(prefix="duban-e2e-"))
    shutil.copytree(CHECKOUT / "include", home / "include")
    shutil.copytree(CHECKOUT / "dags", home / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    law = home / "include" / "regulations" / "baicheng-2020.md"
    law.write_text(law.read_text(encoding="utf-8") + DECOMPOSITION, encoding="utf-8")
    kept = dict(os.environ)
    os.environ |= {"DUBAN_VAR": str(home), "DUBAN_REHEARSAL": "1", "DUBAN_REHEARSAL_START": START.isoformat()}
    os.environ |= {"DUBAN_INCLUDE": str(home / "include"), "DUBAN_DAGS": str(home / "dags")}
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
