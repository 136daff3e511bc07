"""Airflow's environment in an embedded start: what depends on this machine, added to what Duban always needs."""

import os
import secrets
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from pathlib import Path

from duban.embedded import accounts, places, postgres

KEYS = {"AIRFLOW__CORE__FERNET_KEY": 32, "AIRFLOW__API__SECRET_KEY": 32, "AIRFLOW__API_AUTH__JWT_SECRET": 64}
"""Secrets of this deployment, made once, and their length in bytes. (A Fernet key is 32 bytes as base64.)"""

PARALLELISM = "8"
"""LocalExecutor forks this many workers at once, some 30 MB each; a person's waiting takes none of them."""

COMPONENTS: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    # Their log servers have fixed ports and no use here: the API server reads the same files.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
"""The parts of Airflow and how each is called; the production compose file starts the same ones."""


def command(*arguments: str) -> tuple[str, ...]:
    """Airflow's command line, run by the Python that runs us."""
    return (sys.executable, "-m", "airflow", *arguments)


def environment(home: Path, host: str, port: int, people: Iterable[accounts.Person], rehearsal: bool) -> dict[str, str]:
    """The whole environment of every component; secrets are made at the first call and kept in `home` (mode 600)."""
    from duban.orchestration.settings import AIRFLOW

    instance = AIRFLOW.get("AIRFLOW__API__INSTANCE_NAME", "督办") + ("（演练）" if rehearsal else "")
    return {
        **os.environ,
        **AIRFLOW,
        **_keys(home),
        "AIRFLOW_HOME": str(places.private(home / "airflow")),
        "AIRFLOW__CORE__EXECUTOR": "duban.orchestration.executor.WarmLocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": PARALLELISM,
        # Another folder of DAGs: measurements, or a bureau that keeps its own beside the checkout.
        "AIRFLOW__CORE__DAGS_FOLDER": os.environ.get("DUBAN_DAGS") or str(places.CHECKOUT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(places.CHECKOUT / "plugins"),
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": accounts.setting(people),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(accounts.file(home)),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        # No name server need be asked who we are: everything is on this machine.
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": postgres.address(home, "airflow", "psycopg2"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": postgres.address(home, "airflow", "asyncpg"),
        "AIRFLOW__API__INSTANCE_NAME": instance,
        "AIRFLOW__API__BASE_URL": base_url(host, port),
        "AIRFLOW__API__HOST": host,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(places.private(places.logs(home) / "runs")),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(home / "logs" / "dags"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "DUBAN_VAR": str(home),
        "DUBAN_FILES": os.environ.get("DUBAN_FILES") or str(places.private(home / "files")),
        "DUBAN_LEDGER_URL": os.environ.get("DUBAN_LEDGER_URL") or postgres.address(home),
        "DUBAN_REHEARSAL": "1" if rehearsal else "0",
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }


def base_url(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    return f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0', '::'} else host}:{port}"


def _keys(home: Path) -> dict[str, str]:
    """The secrets, one a line as NAME=value, readable by the owner only."""
    file = home / "keys.env"
    known = dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {}
    keys = {name: known.get(name) or _key(length) for name, length in KEYS.items()}
    if keys != known:
        places.write_private(file, "".join(f"{name}={value}\n" for name, value in keys.items()))
    return keys


def _key(length: int) -> str:
    return urlsafe_b64encode(secrets.token_bytes(length)).decode()
