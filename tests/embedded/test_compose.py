"""Production's compose file: every part of Airflow is there, nothing has a default password, nothing runs as root."""

import os
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from duban.embedded import airflow, container
from duban.orchestration.settings import AIRFLOW

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
SECRET = re.compile(r"PASSWORD|SECRET|KEY|AUTH$")
SERVERS = {"postgres", "redis"}


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(TEXT)["services"])


def test_every_part_of_airflow_is_there(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {*airflow.COMPONENTS, "worker", "init", *SERVERS}
    for name, arguments in airflow.COMPONENTS.items():
        assert services[name]["command"].startswith(f"airflow {arguments[0]}")
    assert services["worker"]["command"].startswith("airflow celery worker")
    assert services["scheduler"]["environment"]["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert services["api-server"]["environment"]["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".FabAuthManager")


def test_both_databases_are_prepared_before_anything_starts(services: dict[str, dict[str, Any]]) -> None:
    assert "python -m duban.embedded.prepare" in services["init"]["command"][-1]
    assert {*services["init"]["depends_on"]} == SERVERS
    for name in {*airflow.COMPONENTS, "worker"}:
        assert services[name]["depends_on"]["init"] == {"condition": "service_completed_successfully"}, name


def test_no_secret_has_a_default_or_stands_in_the_file(services: dict[str, dict[str, Any]]) -> None:
    used = re.findall(r"\$\{([A-Z_]+)([^}]*)\}", TEXT)
    assert any(SECRET.search(name) for name, _ in used)
    assert [name for name, rest in used if SECRET.search(name) and not rest.startswith(":?")] == []
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            assert not SECRET.search(name) or value.startswith("${"), name
            # user:password@ in an address
            assert not re.search(r"://[^/@$]*:[^$@/][^@]*@", value), name


def test_the_example_names_every_variable_and_fills_in_none() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    lines = [line for line in example.splitlines() if line and not line.startswith("#")]
    assert {line.removesuffix("=") for line in lines} == {
        name for name, _ in re.findall(r"\$\{([A-Z_]+)([^}]*)\}", TEXT)
    }
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_everything_is_watched(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["init"]


def test_the_page_is_for_this_machine_unless_somebody_says_otherwise(services: dict[str, dict[str, Any]]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"api-server": ["${DUBAN_BIND:-127.0.0.1}:${DUBAN_PORT:-8080}:8080"]}


def test_the_image_runs_as_nobody_in_particular_and_gets_no_data() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER duban"]
    assert not [line for line in lines if line.startswith(("ARG", "ENV")) and SECRET.search(line)]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    copied = {part for line in lines if line.startswith("COPY") and "--from" not in line for part in line.split()[1:-1]}
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


def test_the_database_script_is_one_that_the_server_can_run() -> None:
    script = ROOT / "docker" / "databases.sh"
    assert stat.S_IMODE(script.stat().st_mode) & 0o111 == 0o111
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_a_container_has_our_settings_and_what_is_given_wins() -> None:
    name = "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT"
    environment = container.environment({name: "7", "OTHER": "x"})
    assert environment == {**AIRFLOW, name: "7", "OTHER": "x"}
    program = ["python", "-m", container.__name__, "sh", "-c", f"echo ${name}"]
    assert subprocess.run(program, capture_output=True, text=True, env=os.environ).stdout.strip() == AIRFLOW[name]
