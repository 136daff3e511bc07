"""Who may sign in to an embedded start, as what, and with which password."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from duban import organization
from duban.embedded import accounts, airflow, client
from duban.errors import Refusal


@dataclass(frozen=True)
class Someone:
    user: str
    posts: tuple[str, ...]
    unit: str | None = None
    name: str = "某人"
    title: str = "某职"


PEOPLE = (Someone("clerk", ("office",)), Someone("chief", ("chief",)), Someone("liaison", ("liaison",), "a"))


def test_the_office_may_start_runs_and_answer_and_units_have_no_right_in_airflow() -> None:
    assert accounts.roles(PEOPLE) == {"admin": "admin", "clerk": "user", "chief": "user", "liaison": ""}
    assert accounts.setting(PEOPLE) == "admin:admin,clerk:user,chief:user,liaison:"


def test_everybody_of_the_organization_file_can_sign_in() -> None:
    people = organization.load("baicheng").people
    roles = accounts.roles(people)
    assert set(roles) == {"admin", *(person.user for person in people)}
    # Whoever inspects or audits works in the portal, too: Airflow knows nothing of who may see which matter.
    portal = {person.user for person in people if person.unit or {*person.posts} & {"inspector", "auditor"}}
    assert portal == {user for user, role in roles.items() if not role}


def test_passwords_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = accounts.make_passwords(tmp_path, PEOPLE)
    assert set(first) == {"admin", "clerk", "chief", "liaison"}
    assert len(set(first.values())) == len(first)
    assert all(len(password) >= 16 for password in first.values())
    assert stat.S_IMODE(accounts.file(tmp_path).stat().st_mode) == 0o600
    later = accounts.make_passwords(tmp_path, (*PEOPLE, Someone("new", ("office",))))
    assert set(later) == {"new"}
    assert accounts.passwords(tmp_path) == {**first, **later}


def test_the_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    first = airflow.environment(tmp_path, "127.0.0.1", 8080, PEOPLE, rehearsal=False)
    again = airflow.environment(tmp_path, "127.0.0.1", 8081, PEOPLE, rehearsal=True)
    assert all(first[name] == again[name] and len(first[name]) >= 43 for name in airflow.KEYS)
    assert len({first[name] for name in airflow.KEYS}) == len(airflow.KEYS)
    assert stat.S_IMODE((tmp_path / "keys.env").stat().st_mode) == 0o600
    assert first["DUBAN_REHEARSAL"] == "0"
    assert again["DUBAN_REHEARSAL"] == "1"
    assert again["AIRFLOW__API__INSTANCE_NAME"].endswith("（演练）")
    assert again["AIRFLOW__API__BASE_URL"] == "http://localhost:8081"


def test_the_client_says_in_a_sentence_why_it_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_AIRFLOW_URL", raising=False)
    assert not client.is_configured(tmp_path)
    with pytest.raises(Refusal, match="没有启动"):
        client.connect("clerk", tmp_path)
    client.address_file(tmp_path).write_text(json.dumps({"base_url": "http://127.0.0.1:1"}))
    with pytest.raises(Refusal, match="账号 clerk 没有口令"):
        client.connect("clerk", tmp_path)
    accounts.make_passwords(tmp_path, PEOPLE)
    with client.connect("clerk", tmp_path) as someone, pytest.raises(Refusal, match="连不上调度系统"):
        someone.get("/dags")


def test_the_client_takes_a_named_airflow_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_AIRFLOW_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("DUBAN_AIRFLOW_USER", "service")
    assert client.is_configured(tmp_path)
    with client.connect("clerk", tmp_path) as someone:
        assert (someone.base_url, someone.user) == ("http://127.0.0.1:1", "service")
