"""What the interface says of itself, and whether it keeps to it whatever is sent.

DUBAN_EXAMPLES: how many requests an operation gets in each of the two ways, fitting and unfitting (default: a few).
"""

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import hypothesis
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import strategies as st
from matters import Matter, person, report
from mounted import application, signed_in
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import func, select

from duban import acts, ledger
from duban.ledger.models import EventRow
from duban.portal import airflow_side, doing
from duban.portal.acts_table import DEEDS
from duban.portal.acts_words import label

EXAMPLES = int(os.environ.get("DUBAN_EXAMPLES", "4"))
SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="DUBAN_EXAMPLES" not in os.environ,
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.fixture
def app(rehearsal_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The portal as it is mounted, without an Airflow to start runs."""

    async def nothing(*_args: Any) -> None:
        return None

    monkeypatch.setattr(airflow_side, "start", nothing)
    monkeypatch.setattr(doing, "follow", nothing)
    return application()


@pytest.fixture
def client(app: Any) -> TestClient:
    return TestClient(app, headers=signed_in(person("office").user))


def test_the_description_is_for_people_on_the_roll(app: Any) -> None:
    stranger = TestClient(app)
    address = "/duban/api/openapi.json"
    assert stranger.get(address).status_code == 401
    assert stranger.get(address, headers=signed_in("nobody")).status_code == 403
    said = stranger.get(address, headers=signed_in("jingzhen.liaison"))
    assert said.json()["openapi"].startswith("3.1")
    for path in ("/duban/docs", "/duban/redoc", "/duban/openapi.json"):
        assert stranger.get(path, headers=signed_in("jingzhen.liaison")).status_code == 404


def test_every_deed_is_described_with_its_words(client: TestClient) -> None:
    paths = client.get("/duban/api/openapi.json").json()["paths"]
    for what, deed in DEEDS.items():
        told = paths[f"/api/matters/{{number}}/{what}"]["post"]
        assert told["summary"] == deed.name
        assert "谁办：" in told["description"]
        (schema, *others) = [content["schema"] for content in told["requestBody"]["content"].values()]
        assert all(other == schema for other in others)
        assert {name: about["title"] for name, about in schema["properties"].items()} == {
            name: label(deed.name, name) for name in deed.fields
        }


def test_every_operation_tells_its_refusals_and_none_speaks_english(client: TestClient) -> None:
    told = client.get("/duban/api/openapi.json").json()
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            wanted = {"400", "401", "403", "503"} | ({"409", "411", "413"} if method == "post" else set())
            assert wanted <= set(operation["responses"]), (method, path)
            assert "422" not in operation["responses"]
            assert not operation["summary"].isascii(), (method, path)
            for status in wanted:
                schema = operation["responses"][status]["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Refused"}


@pytest.fixture
def numbers(new_matter: Callable[..., Matter]) -> list[str]:
    """Matters that stand at various places: with the desks, with the unit, marked, replied, closed."""
    new_matter()
    new_matter().dispatched()
    new_matter(mark="内部").in_progress()
    secret = {"mark": "秘密★1年", "requirement": "", "instruction_text": "", "paper": "机要室2号柜"}
    new_matter(**secret, cohandlers="治安支队").issued()
    replied = new_matter().in_progress()
    acts.reply(replied.number, replied.unit, "办结报告.docx", report(), "单位主要领导")
    closed = new_matter().in_progress().replied().closed()
    return [f"BC-2026-{n:04d}" for n in range(1, int(closed.number[-4:]) + 1)]


def counted() -> int:
    with ledger.transaction() as session:
        return session.scalar(select(func.count()).select_from(EventRow)) or 0


@pytest.mark.parametrize("who", ["tian.clerk", "jingzhen.liaison", "auditor"])
def test_whatever_is_sent_is_answered_as_described_and_a_refusal_writes_nothing(
    app: Any, numbers: list[str], who: str
) -> None:
    who = who if "." in who else person(who).user
    TestClient(app).get("/duban/api/openapi.json", headers=signed_in(who))
    schema = schemathesis.openapi.from_asgi("/duban/api/openapi.json", app, headers=signed_in(who))
    for found in schema.get_all_operations():
        for mode in GenerationMode:
            _try(found.ok(), mode, numbers, who)
    with ledger.transaction() as session:
        assert ledger.verify(session) == []


def _try(operation: Any, mode: GenerationMode, numbers: list[str], who: str) -> None:
    known = any(parameter.name == "number" for parameter in operation.path_parameters)
    fitting = (
        st.sampled_from(numbers).flatmap(lambda n: operation.as_strategy(mode, path_parameters={"number": n}))
        if known
        else operation.as_strategy(mode)
    )

    @SETTINGS
    @hypothesis.given(case=fitting)
    def ask(case: Any) -> None:
        # No server routes an address with a line break, so it does not come to us.
        hypothesis.assume("\n" not in unquote("".join(map(str, case.path_parameters.values()))))
        before = counted()
        answer = case.call_and_validate(headers=signed_in(who), excluded_checks=[positive_data_acceptance])
        if answer.status_code >= 400:
            assert counted() == before, "a refused request has written something"
            assert not answer.json()["detail"].isascii()
        assert "Traceback" not in answer.text

    ask()
