"""What a container starts with: Duban's settings of Airflow as defaults, then the command itself.

    python -m duban.embedded.container airflow scheduler

So the settings stand in one place (duban.orchestration.settings) for the embedded start and for production, and the
compose file says only what is different there.
"""

import os
import sys

from duban.orchestration.settings import AIRFLOW


def environment(given: dict[str, str]) -> dict[str, str]:
    """The environment of the command: what was given wins over Duban's settings."""
    return {**AIRFLOW, **given}


if __name__ == "__main__":
    os.execvpe(
        sys.argv[1], sys.argv[1:], environment(dict(os.environ))
    )  # the command becomes process 1 and gets the signals
