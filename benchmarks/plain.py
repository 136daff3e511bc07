"""The launcher, with the scheduler as Airflow comes: some of Duban's settings are good with head of queue only.

    python -m benchmarks.plain      takes the launcher's options; benchmarks.deployment starts it

Everything else of Duban's settings stays (triggerer, parsing, executor with warm workers): it does the plain ones good.
"""

import sys

from duban.embedded import launcher
from duban.orchestration.settings import AIRFLOW

AIRFLOWS_OWN = ("MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE", "SCHEDULER_IDLE_SLEEP_TIME")

if __name__ == "__main__":
    for name in AIRFLOWS_OWN:
        AIRFLOW.pop(f"AIRFLOW__SCHEDULER__{name}", None)
    sys.exit(launcher.main())
